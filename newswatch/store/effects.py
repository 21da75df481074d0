"""What a changed watchlist comes to: whom the stored stories name more often than before, and whom less."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from newswatch.store.mentions import EventChanges
from newswatch.story import Mention

MOST_EXAMPLES = 3
"""Of an actor, of each kind."""


@dataclass(slots=True)
class Effect:
    """What becomes of one actor or rule."""

    mentions_gained: int = 0
    mentions_lost: int = 0
    stories_gained: int = 0
    stories_lost: int = 0
    gained: list[Mention] = field(default_factory=list)
    """The first ones."""
    lost: list[Mention] = field(default_factory=list)

    @property
    def size(self) -> tuple[int, int]:
        """By which the largest is found."""
        return self.stories_gained + self.stories_lost, self.mentions_gained + self.mentions_lost


@dataclass(slots=True)
class Effects:
    """What a pass over the stored stories came to. Ambiguous mentions name nobody and are not counted."""

    revisions: int = 0
    """Looked at."""
    examined: int = 0
    """Of these, in full."""
    cut: int = 0
    """Of these, with more mentions than are kept."""
    changed: int = 0
    """Revisions with other mentions than before."""
    stories: int = 0
    """Stories that have such."""
    events_gained: int = 0
    events_lost: int = 0
    actors: dict[str, Effect] = field(default_factory=dict)

    def count_mentions(
        self, stored: Mapping[int, list[Mention]], found: Mapping[int, list[Mention]], named: Mapping[int, set[str]]
    ) -> None:
        """A story, by revision: what was stored, what takes its place, and whom all revisions named before."""
        self.stories += bool(found)
        self.changed += len(found)
        for revision in found:
            before, after = _places(stored[revision]), _places(found[revision])
            self._count(before, after)
        earlier = {actor for actors in named.values() for actor in actors}
        now = {m.actor for mentions in found.values() for m in mentions if not m.is_ambiguous}
        now |= {actor for revision, actors in named.items() if revision not in found for actor in actors}
        for actor in now - earlier:
            self._of(actor).stories_gained += 1
        for actor in earlier - now:
            self._of(actor).stories_lost += 1

    def count_events(self, changes: EventChanges) -> None:
        """A story's."""
        self.events_gained += len(changes.new)
        self.events_lost += len(changes.vanished)

    def largest(self, most: int) -> list[tuple[str, Effect]]:
        """The actors for whom most changes."""
        counted = [(key, effect) for key, effect in self.actors.items() if effect.size != (0, 0)]
        return sorted(counted, key=lambda item: (-item[1].size[0], -item[1].size[1], item[0]))[:most]

    def totals(self) -> Counter[str]:
        """Mentions and stories gained and lost, by name; `actors` for whom anything changes."""
        out: Counter[str] = Counter()
        for effect in self.actors.values():
            out["mentions_gained"] += effect.mentions_gained
            out["mentions_lost"] += effect.mentions_lost
            out["actors"] += effect.size != (0, 0)
        return out

    def _of(self, actor: str) -> Effect:
        return self.actors.setdefault(actor, Effect())

    def _count(self, before: Mapping[tuple[str, str, int, int], Mention], after: Mapping[tuple[str, str, int, int], Mention]) -> None:
        for key, mention in after.items():
            if key not in before:
                effect = self._of(key[0])
                effect.mentions_gained += 1
                _show(effect.gained, mention)
        for key, mention in before.items():
            if key not in after:
                effect = self._of(key[0])
                effect.mentions_lost += 1
                _show(effect.lost, mention)


def _show(examples: list[Mention], mention: Mention) -> None:
    """Takes a mention as an example; not the same words of another revision."""
    if len(examples) < MOST_EXAMPLES and all(e.snippet != mention.snippet for e in examples):
        examples.append(mention)


def _places(mentions: Iterable[Mention]) -> dict[tuple[str, str, int, int], Mention]:
    """Who is named where."""
    return {(m.actor, m.field, m.start, m.end): m for m in mentions if not m.is_ambiguous}
