"""Pure: which happenings a subscription wants, and how much they matter."""

from __future__ import annotations

from collections.abc import Mapping

from newswatch.alerts.subscriptions import Subscription
from newswatch.story import Happening

_RANK = {"title": 3, "kicker": 3, "lead": 2, "body": 1, "caption": 1, "sources": 1}
_LEAST = {"headline": 3, "lead": 2, "body": 1}
_KINDS = {"headline": 4, "appeared": 3, "returned": 2, "left": 1, "changed": 0}

Names = Mapping[str, tuple[str, str, tuple[str, ...]]]
"""Name, kind and tags of an actor, by id."""


def wants(one: Subscription, happening: Happening, names: Names) -> bool:
    """Whether the subscription asks for it. That an actor left counts whatever its place was: it has none now."""
    if happening.kind not in one.events:
        return False
    if happening.kind != "left" and _RANK.get(happening.field or "", 1) < _LEAST[one.least]:
        return False
    if one.sites and happening.site not in one.sites:
        return False
    if one.sections and not {s.casefold() for s in one.sections} & {s.casefold() for s in happening.section}:
        return False
    chosen = {*one.actors, *one.rules, *one.topics}
    if not chosen and not one.tags:
        return True
    return happening.actor in chosen or bool(set(one.tags) & set(names.get(happening.actor, ("", "", ()))[2]))


def is_urgent(one: Subscription, happening: Happening) -> bool:
    """Whether it is told in quiet hours, too."""
    in_headline = happening.field in ("title", "kicker") and happening.kind != "changed"
    return one.urgent == "headline" and (happening.kind == "headline" or in_headline)


def weight(happening: Happening) -> int:
    """By which the most important stands first: the place counts more than the kind of event."""
    return 10 * _RANK.get(happening.field or "", 0) + _KINDS[happening.kind]
