"""What happened to an actor in a story, from what its revisions name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from newswatch.revisions import MENTION_FIELDS
from newswatch.story import Event, Mention


@dataclass(frozen=True, slots=True)
class ActorHistory:
    """What the revisions so far named."""

    ever: frozenset[str] = frozenset()
    """Actors of any revision."""
    last: frozenset[str] = frozenset()
    """Actors of the last revision."""
    last_in_title: frozenset[str] = frozenset()
    """Actors in its title or kicker."""

    def after(self, mentions: Iterable[Mention]) -> ActorHistory:
        """With one more revision, that names these."""
        clear = [m for m in mentions if not m.is_ambiguous]
        last = frozenset(m.actor for m in clear)
        return ActorHistory(self.ever | last, last, frozenset(m.actor for m in clear if m.field in HEADLINE))


HEADLINE = frozenset(["title", "kicker"])

PLACES = {"title": "headline", "kicker": "headline", "lead": "lead", "body": "text", "caption": "caption", "sources": "source"}
"""What people call the fields."""


def derive_events(before: ActorHistory, mentions: Iterable[Mention]) -> list[Event]:
    """The events of a revision, by actor: appeared, returned, headline (was named, now in the headline), left.

    Ambiguous mentions count for nothing. An actor that appears in the headline at once has `appeared` with the field `title`,
    not two events.
    """
    fields: dict[str, set[str]] = {}
    for mention in mentions:
        if not mention.is_ambiguous:
            fields.setdefault(mention.actor, set()).add(mention.field)
    events: list[Event] = []
    for actor, where in sorted(fields.items()):
        best = min(where, key=MENTION_FIELDS.index)
        if actor not in before.ever:
            events.append(Event(actor, "appeared", best))
        elif actor not in before.last:
            events.append(Event(actor, "returned", best))
        elif where & HEADLINE and actor not in before.last_in_title:
            events.append(Event(actor, "headline", best))
    events += [Event(actor, "left", None) for actor in sorted(before.last - fields.keys())]
    return events


def derive_all(revisions: Iterable[Iterable[Mention]]) -> Iterator[list[Event]]:
    """The events of each revision of a story, from the mentions of all, the first revision first."""
    history = ActorHistory()
    for revision in revisions:
        mentions = list(revision)
        yield derive_events(history, mentions)
        history = history.after(mentions)
