"""What changed in the watchlist since stories were matched with it.

states that revisions were matched with, the watchlist now -> Changes: whose mentions may be others, and their names
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlite_utils import Database

from newswatch.matching import Actor, Rule, Watchlist
from newswatch.matching.rules import actors_of, terms
from newswatch.store.watchlists import MATCHER, changed_in_use, definitions, fingerprint, newest, parse


@dataclass(frozen=True)
class Changes:
    """What is another now than in one of `states`."""

    states: frozenset[int]
    keys: frozenset[str] = frozenset()
    """Ids of actors and rules that came, went or changed."""
    names: Watchlist = field(default_factory=lambda: Watchlist({}))
    """What they were and are: a story without any of these names has no other mentions than before."""
    outdated: frozenset[int] = frozenset()
    """States of which nothing can be told: the matcher was another, or a definition is not understood any more."""


def changes_since(db: Database, states: Collection[int], watchlist: Watchlist) -> Changes:
    """How the watchlist, registered or not, differs from states before it."""
    if not states:
        return Changes(frozenset())
    current = dict(definitions(watchlist))
    suspects = {key for (key,) in db.execute("SELECT actor FROM definitions WHERE since > :n OR until > :n", {"n": min(states)})}
    if newest(db)[1] != fingerprint(watchlist):
        suspects |= changed_in_use(db, current)
    ordered = sorted(states)
    then = {key: _in_states(db, key, ordered) for key in suspects}
    matcher = then.pop(MATCHER, {})
    changed = {key: found for key, found in then.items() if found.keys() != {current.get(key)}}
    before = [parse(definition) for key in sorted(changed) for definition in changed[key] if definition is not None]
    outdated = {state for definition, found in matcher.items() if definition != current[MATCHER] for state in found}
    if None in before:
        outdated = set(states)
    return Changes(frozenset(states), frozenset(changed), _names(changed, before, watchlist), frozenset(outdated))


def _in_states(db: Database, key: str, states: Sequence[int]) -> dict[str | None, list[int]]:
    """What an actor or rule was in the states; None where it was not there."""
    found: dict[str | None, list[int]] = {}
    for since, until, definition in db.execute("SELECT since, until, definition FROM definitions WHERE actor = ?", [key]):
        some = states[bisect_left(states, since) : len(states) if until is None else bisect_left(states, until)]
        if some:
            found.setdefault(definition, []).extend(some)
    if sum(map(len, found.values())) < len(states):
        found[None] = []
    return found


def _names(keys: Iterable[str], before: Iterable[Actor | Rule | None], watchlist: Watchlist) -> Watchlist:
    """All that is looked for: what changed, as it was and is, and the actors of rules that changed."""
    now: Mapping[str, Actor | Rule] = {**watchlist.actors, **watchlist.rules}
    actors: dict[str, Actor] = {}
    for number, value in enumerate([*before, *(now.get(key) for key in sorted(keys))]):
        if isinstance(value, Actor):
            actors[f"{value.id} {number}"] = value
        elif isinstance(value, Rule):  # an actor of its condition that is there no more changed itself
            ids = {a for term in terms(value.condition) for a in actors_of(term, watchlist)}
            actors |= {a: watchlist.actors[a] for a in sorted(ids) if a in watchlist.actors}
    return Watchlist(actors)
