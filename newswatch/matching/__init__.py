"""Pure: a story and a watchlist in, mentions out; what they say of each actor, events."""

from newswatch.matching.events import ActorHistory, derive_events
from newswatch.matching.mentions import find_mentions
from newswatch.matching.watchlist import Actor, Watchlist, load_watchlists

__all__ = ["Actor", "ActorHistory", "Watchlist", "derive_events", "find_mentions", "load_watchlists"]
