"""Pure: a story and a watchlist in, mentions out; what they say of each actor, events."""

from newswatch.matching.events import ActorHistory, derive_events
from newswatch.matching.mentions import Examination, examine, examine_story, find_mentions, is_touched
from newswatch.matching.watchlist import Actor, Rule, Watchlist, load_watchlists

MATCHER_VERSION = 2
"""Grows when the rules or word lists change what is flagged: `scrapy match` then looks at everything again."""

__all__ = [
    "MATCHER_VERSION",
    "Actor",
    "ActorHistory",
    "Examination",
    "Rule",
    "Watchlist",
    "derive_events",
    "examine",
    "examine_story",
    "find_mentions",
    "is_touched",
    "load_watchlists",
]
