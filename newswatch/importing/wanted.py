"""What somebody wants of a list: languages, kinds, tags."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from newswatch.errors import ConfigError
from newswatch.written import did_you_mean

KINDS = ("person", "organisation", "group", "place")
"""Topics are written by hand."""

_TAG = re.compile(r"[^\s():]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is taken from a list."""

    languages: tuple[str, ...]
    """Of labels and aliases, in the order of preference."""
    scripts: frozenset[str]
    """Of those languages, as Unicode names its letters: `latin`, `cyrillic`."""
    kinds: frozenset[str]
    tags: tuple[str, ...] = ()
    """For each actor."""


def wanted(languages: str, kinds: str, tags: Iterable[str]) -> Wanted:
    """From the options of the command. Raises ConfigError with a sentence a mistake."""
    tags = tuple(dict.fromkeys(tags))
    codes, names = _split(languages), _split(kinds)
    known = _scripts()
    problems = [f"--languages {c}: no language that is known here{did_you_mean(c, sorted(known))}" for c in codes if _base(c) not in known]
    problems += [f"--kinds {n}: no kind{did_you_mean(n, list(KINDS))}" for n in names if n not in KINDS]
    problems += [f"--tag {t}: a tag has no spaces, brackets and colons: rules could not name it" for t in tags if not _TAG.fullmatch(t)]
    if not codes:
        problems.append("--languages: name one, as in --languages de,en")
    if problems:
        raise ConfigError(problems)
    scripts = frozenset(s for c in codes for s in known[_base(c)])
    return Wanted(codes, scripts, frozenset(names or KINDS), tags)


def _split(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))


def _base(code: str) -> str:
    return code.partition("-")[0]


@cache
def _scripts() -> dict[str, list[str]]:
    """The scripts of each language."""
    table: dict[str, list[str]] = tomllib.loads((Path(__file__).parent / "scripts.toml").read_text(encoding="utf-8"))
    out: dict[str, list[str]] = {}
    for script, languages in table.items():
        for language in languages:
            out.setdefault(language, []).append(script)
    return out
