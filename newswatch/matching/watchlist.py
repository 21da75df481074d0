"""Watchlists: what people write of the actors they follow, read whole or refused with every mistake.

settings/watchlists/*.toml and *.jsonl (long lists: a line an actor) are read together. See docs/write-a-watchlist.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, Discriminator, Field, Tag, ValidationError

from newswatch.errors import ConfigError
from newswatch.matching import rules
from newswatch.written import Written, did_you_mean, read_toml, sentences, validate

_ID = re.compile(r"^[a-z0-9][a-z0-9_.-]*\Z")

_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Letters that turn the direction of writing."""

LONGEST_NAME = 120
"""Code points."""

LONGEST_LINE = 1024 * 1024
"""Bytes of one line of a .jsonl file."""


def _is_name(value: str) -> str:
    if any(unicodedata.category(c) in ("Cc", "Zl", "Zp") or c in _TURNS for c in value):
        raise ValueError(f"{value!r} has a line break or a control character in it: write each name on its own")
    if value != value.strip():
        raise ValueError(f'"{value}" has spaces at an end: leave them out')
    if sum(c.isalnum() for c in value) < 2:
        raise ValueError(f'"{value}" is too short: a name has at least two letters')
    if len(value) > LONGEST_NAME:
        raise ValueError(f'"{value[:40]}..." is too long: a name has at most {LONGEST_NAME} letters')
    return value


def _is_phrase(value: str) -> str:
    if "*" in value[:-1]:
        raise ValueError(f'"{value}": * stands at the end only, for any ending')
    _is_name(value.removesuffix("*"))
    return value


def _is_company(value: str) -> str:
    if not value.startswith("@"):
        return _is_phrase(value)
    if not _ID.match(value[1:]):
        raise ValueError(f'"{value}": behind @ stands an actor\'s id, or name for this one')
    return value


def _as_table(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


def _as_name(value: Any) -> Any:
    if isinstance(value, str):
        _is_name(value)
    return value


Name = Annotated[str, BeforeValidator(_as_name)]
Company = Annotated[str, BeforeValidator(lambda v: _is_company(v) if isinstance(v, str) else v)]
Phrase = Annotated[str, BeforeValidator(lambda v: _is_phrase(v) if isinstance(v, str) else v)]


class StrongName(Written):
    """A name that flags wherever it stands, where more is to be said than its letters."""

    text: Name
    case: Literal["exact"] | None = None
    """Only in these very letters: no capitals but its own. Endings and hyphens are allowed."""


class WeakName(Written):
    """A short or ambiguous name, and what must stand near it to count."""

    text: Name
    near: Annotated[list[Company], Field(min_length=1)] | None = None
    """Words or names; `Miliz*` is any word that begins so; `@id` is another actor, `@name` this one's strong names."""
    within: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Words between the two, in the same field; the whole story where it is not said."""
    case: Literal["exact"] | None = None
    """Only in these very letters."""
    on: bool = True
    """Imported weak names are off until somebody switches them on."""


def _which(value: Any) -> str:
    return "str" if isinstance(value, str) else "[table]"


Strong = Annotated[Annotated[Name, Tag("str")] | Annotated[StrongName, Tag("[table]")], Discriminator(_which)]


class Actor(Written):
    """A tracked person, organisation, group, place or topic. `id` is the key of its table."""

    id: Annotated[str, Field(pattern=_ID)]
    name: Name
    """Shown to people; itself a strong name, but where `phrases` say what to look for."""
    kind: Literal["person", "organisation", "group", "place", "topic"]
    names: list[Strong] = []
    """Strong: flags wherever it stands."""
    weak: list[Annotated[WeakName, BeforeValidator(_as_table)]] = []
    phrases: list[Phrase] = []
    """Of a topic: words in any case and with any ending of their language; `Schattenflotte*` is any word that begins so."""
    not_: Annotated[list[Phrase], Field(alias="not")] = []
    """Spans in which no name of the actor counts."""
    scripts: list[Literal["latin", "cyrillic"]] = []
    """Scripts in which the names are looked for in generated spellings, too."""
    without: list[Name] = []
    """Generated spellings that are switched off."""
    tags: list[str] = []
    wikidata: Annotated[str, Field(pattern=r"^Q\d+$")] | None = None

    @property
    def strong(self) -> list[str]:
        """All strong names, each once."""
        given = [n if isinstance(n, str) else n.text for n in self.names]
        return list(dict.fromkeys(given if self.phrases else [self.name, *given]))

    @property
    def exact(self) -> set[str]:
        """The strong names that count only in these very letters."""
        return {n.text for n in self.names if not isinstance(n, str) and n.case}


class Rule(Written):
    """Actors that must stand in a story together. `id` is the key of its table below [rules]."""

    id: Annotated[str, Field(pattern=_ID)]
    when: str
    """`putin and wagner-gruppe within 30`, `lukaschenko and not topic:sport`; see matching/rules.py."""
    name: str | None = None
    """Shown to people."""
    tags: list[str] = []
    kind: Literal["rule"] = "rule"

    @cached_property
    def condition(self) -> rules.Condition:
        """`when`, understood. Raises ValueError with a sentence."""
        return rules.parse(self.when)


ActorOrRule = TypeVar("ActorOrRule", Actor, Rule)


@dataclass(frozen=True, eq=False)
class Watchlist:
    """Actors and rules by id. A value that is compiled once: compared by identity."""

    actors: Mapping[str, Actor]
    rules: Mapping[str, Rule] = field(default_factory=dict)
    origins: Mapping[str, Path] = field(default_factory=dict)
    """The file of each actor and rule, where they were read from one."""

    def where(self, key: str) -> str:
        """`file: id`, the beginning of a sentence about an actor or rule."""
        named = f"rules.{key}" if key in self.rules else key
        return f"{self.origins[key]}: {named}" if key in self.origins else named

    def tagged(self, tag: str) -> list[str]:
        """Ids of the actors with a tag."""
        return self._by_tag.get(tag, [])

    @cached_property
    def _by_tag(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for actor in self.actors.values():
            for tag in dict.fromkeys(actor.tags):
                found.setdefault(tag, []).append(actor.id)
        return found


def load_watchlists(folder: Path) -> Watchlist:
    """All actors and rules of all files of the folder; no file is an empty watchlist.

    Raises ConfigError with every mistake, a sentence each: file, actor, key, and what to do.
    """
    found: dict[str, Actor | Rule] = {}
    origins: dict[str, Path] = {}
    problems: list[str] = []
    files = sorted(p for p in folder.iterdir() if p.suffix in (".toml", ".jsonl")) if folder.is_dir() else []
    for path in files:
        for key, value, wrong in _read(path):
            problems += wrong
            if not key:
                continue
            if key in origins:
                problems.append(f"{path}: {key}: stands in {origins[key]} too: an id has one table, merge the two or rename one")
            elif value and not wrong:
                found[key] = value
            origins.setdefault(key, path)
    watchlist = Watchlist(
        {k: v for k, v in found.items() if isinstance(v, Actor)}, {k: v for k, v in found.items() if isinstance(v, Rule)}, origins
    )
    problems += check_references(watchlist)
    if problems:
        raise ConfigError(problems)
    return watchlist


def check_references(watchlist: Watchlist) -> list[str]:
    """What actors and rules refer to and does not exist, rules that wait for themselves: a sentence each."""
    known = {**watchlist.actors, **watchlist.rules, **watchlist.origins}
    out: list[str] = []
    for actor in watchlist.actors.values():
        for weak in actor.weak:
            for word in weak.near or ():
                other = word[1:]
                if word[0] == "@" and other != "name" and other not in known:
                    near = did_you_mean(other, list(watchlist.actors)) if len(known) < 10_000 else ""
                    out.append(f"{watchlist.where(actor.id)}: weak.near: {word} is no actor of these watchlists{near}")
                elif word[0] == "@" and other in watchlist.rules:
                    out.append(f"{watchlist.where(actor.id)}: weak.near: {word} is a rule: name an actor")
    return out + rules.check(watchlist)


def _read(path: Path) -> Iterator[tuple[str, Actor | Rule | None, list[str]]]:
    """The key, the value and the mistakes of each table or line of a file."""
    if path.suffix == ".jsonl":
        yield from _read_lines(path)
        return
    tables, wrong = read_toml(path)
    if wrong:
        yield "", None, wrong
    below = tables.pop("rules", {})
    if not isinstance(below, dict):
        yield "", None, [f"{path}: rules: a rule is a table: [rules.name] and below it when = ..."]
        below = {}
    for key, table in tables.items():
        yield key, *_checked(path, key, table, Actor, "[id]")
    for key, table in below.items():
        yield key, *_checked(path, key, table, Rule, "[rules.id]")


def _read_lines(path: Path) -> Iterator[tuple[str, Actor | None, list[str]]]:
    try:
        with path.open("rb") as lines:
            for number in count(1):
                line = lines.readline(LONGEST_LINE + 1)
                if not line:
                    return
                if len(line) > LONGEST_LINE:
                    yield "", None, [f"{path}: line {number}: longer than {LONGEST_LINE // 1024} KiB"]
                    return
                if not line.strip():
                    continue
                try:
                    actor = Actor.model_validate_json(line)
                except ValidationError as error:
                    yield "", None, sentences(Actor, error, f"{path}: line {number}")
                else:
                    yield actor.id, actor, _own_mistakes(actor, f"{path}: {actor.id}")
    except OSError as error:
        yield "", None, [f"{path}: cannot be read: {error.strerror}"]


def _checked(path: Path, key: str, table: Any, model: type[ActorOrRule], begins: str) -> tuple[ActorOrRule | None, list[str]]:
    where = f"{path}: {'rules.' if model is Rule else ''}{key}"
    if not isinstance(table, dict):
        return None, [f"{where}: stands outside of a table; one begins with {begins}"]
    if not _ID.match(key):
        return None, [f'{path}: [{key}]: an id has small letters, digits, ".", "-" and "_"']
    if "id" in table:
        return None, [f"{where}.id: unknown key; the id is the table's name"]
    value, wrong = validate(model, {"id": key, **table}, where)
    return value, wrong + (_own_mistakes(value, where) if value else [])


def _own_mistakes(value: Actor | Rule, where: str) -> list[str]:
    """What the types do not say."""
    if isinstance(value, Rule):
        try:
            _ = value.condition
        except ValueError as error:
            return [f"{where}: when: {error}"]
        return []
    out = [f"{where}: phrases: only a topic has phrases; write names"] if value.phrases and value.kind != "topic" else []
    out += [
        f"{where}: weak {w.text}: within says how near `near` must be, and there is no near" for w in value.weak if w.within and not w.near
    ]
    return out
