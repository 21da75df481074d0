"""The names of an actor: which one is shown, which are strong, which are weak and wait until somebody switches them on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from typing import Any

from newswatch.importing.found import Found
from newswatch.importing.spelling import is_in, ordinary, tidy, turned

MOST_NAMES = 200
"""Of an actor, strong and weak each. A line of a watchlist has at most 1 MiB."""

ACRONYM = 4
"""Letters: so short a name in capitals is an acronym, looked for in these very letters only."""


@dataclass(slots=True)
class Names:
    """Of one actor. `name` is None where it has none that can be taken."""

    name: str | None = None
    strong: list[str] = field(default_factory=list)
    """Without `name`."""
    weak: list[dict[str, Any]] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    """Names that were left out, by reason."""
    why: str = ""
    """Why it has none."""


def names_of(found: Found, scripts: Set[str]) -> Names:
    """Full names are strong. A single word is strong only where it is what the source calls an organisation or a place."""
    out = Names()
    person = found.kind == "person"
    titles = _spelled(found.titles, person, scripts, out.dropped)
    others = _spelled(found.others, person, scripts, out.dropped)
    full = [n for n in titles if " " in n or not (person or _is_acronym(n))] + [n for n in others if " " in n]
    # The preferred title is the name even of one word; a person's is not: it would flag every namesake.
    first = titles[0] if titles and (not person or " " in titles[0]) else next(iter(full), None)
    if first is None:
        out.why = "names of one word only" if titles or others else "no name in the letters of these languages"
        return out
    out.name = first
    out.strong = _not_twice(full, first)
    out.weak = weak_names([*titles, *others, *_spelled(found.surnames, person, scripts, Counter())], {first, *full})
    for kept in (out.strong, out.weak):
        if len(kept) > MOST_NAMES:
            out.dropped[f"beyond the first {MOST_NAMES} of an actor"] += len(kept) - MOST_NAMES
            del kept[MOST_NAMES:]
    return out


def weak_names(names: Iterable[str], strong: Set[str] = frozenset()) -> list[dict[str, Any]]:
    """Those of a single word that are not strong, each once, all off."""
    out: list[dict[str, Any]] = []
    for name in dict.fromkeys(n for n in names if " " not in n and n not in strong):
        out.append({"text": name, "case": "exact", "on": False} if _is_acronym(name) else {"text": name, "on": False})
    return out


def _spelled(names: Iterable[str], person: bool, scripts: Set[str], dropped: Counter[str]) -> list[str]:
    """Those that can be taken, as papers print them, each once."""
    out: dict[str, None] = {}
    for text in names:
        name, why = tidy(text)
        if not name:
            if text.strip():
                dropped[why] += 1
            continue
        if not is_in(name, scripts):
            dropped["in letters of other languages"] += 1
            continue
        if person:
            name = ordinary(turned(name))
        out[name] = None
    return list(out)


def _not_twice(full: list[str], name: str) -> list[str]:
    """Without the name itself, and without those in capitals that stand there in ordinary letters, too: it matches both."""
    full = list(dict.fromkeys(full))
    ordinary_ones = {n.casefold() for n in (name, *full) if not n.isupper()}
    return [n for n in full if n != name and not (n.isupper() and n.casefold() in ordinary_ones)]


def _is_acronym(name: str) -> bool:
    return len(name) <= ACRONYM and name.isupper()
