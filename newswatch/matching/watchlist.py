"""Watchlists: TOML files of actors, checked, and compiled for matching.

settings/watchlists/*.toml are read together; a table is an actor, its key the actor's id. See docs/write-a-watchlist.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import ahocorasick_rs
from pydantic import AfterValidator, BeforeValidator, Field

from newswatch.errors import ConfigError
from newswatch.written import Written, read_toml, validate

_ID = re.compile(r"^[a-z0-9][a-z0-9_.-]*$")


def _is_name(value: str) -> str:
    if value != value.strip() or "\n" in value or "\r" in value:
        raise ValueError(f'"{value}" has a line break, or spaces at an end')
    if sum(c.isalnum() for c in value) < 2:
        raise ValueError(f'"{value}" is too short: a name has at least two letters')
    return value


def _as_table(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


Name = Annotated[str, AfterValidator(_is_name)]


class WeakName(Written):
    """A short or ambiguous name, and what must stand near it to count."""

    text: Name
    near: list[Name] = []
    """Words or names; `Miliz*` is any word that begins so; `@id` is another actor, `@name` this one's strong names."""
    case: Literal["exact"] | None = None
    """Only in these very letters."""
    within: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Words between the two, in the same field; the whole story where it is not said."""


class Actor(Written):
    """A tracked person, organisation or group. `id` is the key of its table."""

    id: str
    name: Name
    """Shown to people; itself a strong name."""
    kind: Literal["person", "organisation", "group", "place", "topic"]
    names: list[Name] = []
    """Strong: flags wherever it stands."""
    weak: list[Annotated[WeakName, BeforeValidator(_as_table)]] = []
    not_: Annotated[list[Name], Field(alias="not")] = []
    """Spans in which no name of the actor counts."""
    tags: list[str] = []
    wikidata: Annotated[str, Field(pattern=r"^Q\d+$")] | None = None

    @cached_property
    def strong(self) -> tuple[str, ...]:
        """All strong names, each once."""
        return tuple(dict.fromkeys([self.name, *self.names]))


@dataclass(frozen=True)
class Pattern:
    """One literal to look for, and what it stands for."""

    text: str
    role: str
    """strong | weak | not"""
    actor: Actor
    weak: WeakName | None = None


@dataclass(frozen=True)
class Watchlist:
    """Actors by id, with the automaton that finds their names."""

    actors: Mapping[str, Actor]

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        """Every literal of every actor."""
        out: list[Pattern] = []
        for actor in self.actors.values():
            out += [Pattern(n, "strong", actor) for n in actor.strong]
            out += [Pattern(w.text, "weak", actor, w) for w in actor.weak if w.text not in actor.strong]
            out += [Pattern(n, "not", actor) for n in actor.not_]
        return tuple(out)

    @cached_property
    def automaton(self) -> ahocorasick_rs.AhoCorasick | None:
        """None where there is nothing to look for."""
        if not self.patterns:
            return None
        return ahocorasick_rs.AhoCorasick([p.text for p in self.patterns], store_patterns=False)


def load_watchlists(folder: Path) -> Watchlist:
    """All actors of all `*.toml` in the folder; no file is an empty watchlist. Raises ConfigError with every mistake."""
    actors: dict[str, Actor] = {}
    origin: dict[str, Path] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else []:
        tables, wrong = read_toml(path)
        problems += wrong
        for key, table in tables.items():
            actor, wrong = _actor(path, key, table)
            problems += wrong
            if key in origin:
                problems.append(f"{path}: {key}: stands in {origin[key]} too; an actor has one table")
            elif actor:
                actors[key] = actor
            origin.setdefault(key, path)
    problems += _unknown_references(actors, origin)
    if problems:
        raise ConfigError(problems)
    return Watchlist(actors)


def _actor(path: Path, key: str, table: Any) -> tuple[Actor | None, list[str]]:
    if not isinstance(table, dict):
        return None, [f"{path}: {key}: stands outside of a table; an actor begins with [id]"]
    if not _ID.match(key):
        return None, [f'{path}: [{key}]: an id has small letters, digits, ".", "-" and "_"']
    if "id" in table:
        return None, [f"{path}: {key}.id: unknown key; the id is the table's name"]
    return validate(Actor, {"id": key, **table}, f"{path}: {key}")


def _unknown_references(actors: Mapping[str, Actor], origin: Mapping[str, Path]) -> list[str]:
    return [
        f"{origin[actor.id]}: {actor.id}: weak.near: {word} is no actor of these watchlists"
        for actor in actors.values()
        for weak in actor.weak
        for word in weak.near
        if word.startswith("@") and word != "@name" and word[1:] not in origin
    ]
