"""What will flag too much, or never: sentences for `scrapy watchlist check`. Nothing here is a mistake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby

from newswatch.matching.names import Name, generated, names_of
from newswatch.matching.normal import normal_name
from newswatch.matching.watchlist import Actor, Watchlist
from newswatch.matching.words import common_words

SHORT = 3
"""Letters of a name from which down it should stand in its very letters."""

MOST = 20
"""Sentences of a sort; the rest is counted."""


def warnings(watchlist: Watchlist) -> list[str]:
    """A sentence for each thing to look at, with file and actor, at most 20 of a sort."""
    out: list[str] = []
    for sort in _SORTS:
        found = sort(watchlist)
        out += [sentence for _, sentence in zip(range(MOST), found, strict=False)]
        if more := sum(1 for _ in found):
            out.append(f"and {more:,} more of this sort")
    return out


def _same_names(watchlist: Watchlist) -> Iterator[str]:
    names = sorted((normal_name(n.text), n.role, n.actor.id) for n in names_of(watchlist) if n.role != "not")
    for text, group in groupby(names, key=lambda n: n[0]):
        claims: dict[str, set[str]] = {}
        for _, role, actor in group:
            claims.setdefault(role, set()).add(actor)
        for role, actors in claims.items():
            if len(actors) > 1 and not (role == "weak" and "strong" in claims):
                first, *others = sorted(actors)
                shown = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")
                yield (
                    f'{watchlist.where(first)}: {role} name "{text}" is a {role} name of {shown}, too: it flags none of them, '
                    "but where another name of just one stands in the story"
                )


def _twice(watchlist: Watchlist) -> Iterator[str]:
    for actor in watchlist.actors.values():
        given = [normal_name(t) for t in (*actor.strong, *(w.text for w in actor.weak), *actor.phrases)]
        for text, count in Counter(given).items():
            if count > 1:
                yield f'{watchlist.where(actor.id)}: "{text}" stands there {count} times: once is enough, the strong one counts'


def _common(watchlist: Watchlist) -> Iterator[str]:
    for name in _own(watchlist):
        if len(name.words) == 1 and name.words[0] in common_words() and not (name.weak and name.weak.near) and not name.any_ending:
            remedy = "make it weak" if name.role == "strong" else "say with `near` what must stand beside it"
            yield f'{watchlist.where(name.actor.id)}: {name.role} name "{name.text}" is an ordinary word or a frequent surname: {remedy}'


def _short(watchlist: Watchlist) -> Iterator[str]:
    for name in _own(watchlist):
        if len(name.text) <= SHORT and not name.exact:
            yield f'{watchlist.where(name.actor.id)}: {name.role} name "{name.text}" has {len(name.text)} letters: say case = "exact"'


def _without_context(watchlist: Watchlist) -> Iterator[str]:
    for name in _own(watchlist):
        if name.weak and not name.weak.near and name.actor.kind in ("organisation", "group"):
            yield (
                f'{watchlist.where(name.actor.id)}: weak name "{name.text}" has no near: it counts only where a strong name stands in the '
                "story, or an office (-Chef), quotation marks or a list show what is meant"
            )


def _never(watchlist: Watchlist) -> Iterator[str]:
    for actor in watchlist.actors.values():
        where = watchlist.where(actor.id)
        for text in (*actor.strong, *(w.text for w in actor.weak)):
            if _is_excluded(text, actor):
                yield f'{where}: name "{text}" can never flag: `not` takes it out'
        for weak in actor.weak:
            for word in weak.near or ():
                other = actor if word == "@name" else watchlist.actors.get(word[1:])
                if word[0] == "@" and other and not other.phrases and all(_is_excluded(t, other) for t in other.strong):
                    yield f'{where}: weak name "{weak.text}": near {word} can never match: its own `not` takes all its names out'
                elif word[0] != "@" and normal_name(word).count(" ") >= (weak.within or 1000):
                    yield f'{where}: weak name "{weak.text}": near "{word}" can never match: it is longer than within = {weak.within}'


def _is_excluded(text: str, actor: Actor) -> bool:
    folded = f" {normal_name(text).replace('-', ' ')} "
    return any(f" {normal_name(phrase).replace('-', ' ')} " in folded for phrase in actor.not_ if phrase[-1] != "*")


def _cycles(watchlist: Watchlist) -> Iterator[str]:
    """Weak names that wait for each other. Only strong names are company, so nothing hangs; but people may not expect it."""
    waits = {
        actor.id: sorted({w[1:] for weak in actor.weak for w in weak.near or () if w[0] == "@" and w[1:] not in ("name", actor.id)})
        for actor in watchlist.actors.values()
        if actor.weak
    }
    waits = {a: others for a, others in waits.items() if others}
    seen: set[str] = set()
    for actor in waits:
        path = _cycle(actor, waits, seen)
        if path:
            circle = " -> ".join([*path, path[0]])
            yield f"{watchlist.where(path[0])}: near goes round in a circle ({circle}): only strong names count as company"


def _cycle(start: str, waits: dict[str, list[str]], seen: set[str]) -> list[str]:
    """The first circle that is reached from an actor and that was not told yet."""
    path: list[str] = []
    on_path: set[str] = set()
    stack = [(start, iter(waits.get(start, ())))] if start not in seen else []
    while stack:
        actor, others = stack[-1]
        if actor not in on_path:
            path.append(actor)
            on_path.add(actor)
            seen.add(actor)
        other = next(others, None)
        if other is None:
            stack.pop()
            on_path.discard(path.pop())
        elif other in on_path:
            return path[path.index(other) :]
        elif other not in seen:
            stack.append((other, iter(waits.get(other, ()))))
    return []


def _idle_spellings(watchlist: Watchlist) -> Iterator[str]:
    for actor in watchlist.actors.values():
        if not (actor.scripts or actor.without):
            continue
        made = {text for text, _, _ in generated(actor.model_copy(update={"without": []}))}
        for text in actor.without:
            if text not in made:
                yield f'{watchlist.where(actor.id)}: without "{text}" switches nothing off: see `scrapy watchlist show {actor.id}`'
        if actor.scripts and not made:
            yield f"{watchlist.where(actor.id)}: scripts adds nothing: no name is in another script that can be spelled in these"


def _own(watchlist: Watchlist) -> Iterator[Name]:
    """The names that somebody wrote, those that flag."""
    return (n for n in names_of(watchlist) if n.role != "not" and n.spelling is None)


_SORTS: tuple[Callable[[Watchlist], Iterator[str]], ...] = (
    _same_names,
    _never,
    _common,
    _short,
    _without_context,
    _twice,
    _cycles,
    _idle_spellings,
)
