"""From a file that others wrote into a watchlist file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from newswatch.errors import ConfigError
from newswatch.importing import opensanctions, wikidata
from newswatch.importing.found import BadRow, FamilyName, Found, Row, Skipped, Unreadable
from newswatch.importing.lines import Line, opened
from newswatch.importing.names import MOST_NAMES, names_of, weak_names
from newswatch.importing.spelling import is_in, tidy
from newswatch.importing.stage import Stage
from newswatch.importing.wanted import Wanted
from newswatch.importing.writing import LONGEST_TOML, MOST_IN_TOML, as_lines, as_toml, ids_of, written
from newswatch.matching.watchlist import Actor

BAD_ROWS_SHOWN = 5
MOST_REASONS = 1_000
"""Of a kind that are counted one by one."""

LONGEST_ID = 100
TICK = 1_000
"""Rows."""

_RESERVED = frozenset(["rules", "name"])
"""Ids that mean something else in a watchlist."""


@dataclass(slots=True)
class Report:
    """What came of an import."""

    path: Path | None = None
    """The file that was written; None where there was nothing to write."""
    kinds: Counter[str] = field(default_factory=Counter)
    """Actors."""
    strong: int = 0
    weak: int = 0
    """Names; the weak ones are off."""
    one_word: int = 0
    """Actors whose name is a single word, and flags by itself."""
    skipped: Counter[str] = field(default_factory=Counter)
    """Rows, by reason."""
    dropped: Counter[str] = field(default_factory=Counter)
    """Names, by reason."""
    unknown: Counter[str] = field(default_factory=Counter)
    """Rows of no known kind, by class."""
    examples: dict[str, str] = field(default_factory=dict)
    """An entity of each such class."""
    bad: int = 0
    bad_rows: list[BadRow] = field(default_factory=list)
    """The first ones."""

    @property
    def actors(self) -> int:
        """All that were taken."""
        return self.kinds.total()


def import_file(
    path: Path, folder: Path, name: str, wanted: Wanted, *, replace: bool = False, tick: Callable[[int], object] = lambda _: None
) -> Report:
    """Reads a file row by row and writes folder/name.toml, or .jsonl where it would be too long for people.

    `tick` is told the bytes that are read. Raises ConfigError where nothing can be imported, OSError where nothing can be
    written; the watchlists are as they were then.
    """
    old = [p for p in (folder / f"{name}.toml", folder / f"{name}.jsonl") if p.exists()]
    if old and not replace:
        raise ConfigError([f"{old[0]}: is there already: --replace writes over it, --name gives the new one another name"])
    report = Report()
    with opened(path) as source, Stage() as stage:
        for other in _others(folder, old):
            stage.reserve(ids_of(other))
        try:
            for number, row in enumerate(_rows(source.lines(), wanted)):
                _take(row, wanted, stage, report)
                if number % TICK == 0:
                    tick(source.position())
        except Unreadable as error:
            raise ConfigError([f"{path}: {error}. Nothing was imported"]) from error
        if report.actors:
            report.path = _write(stage, folder / name, f"From {path.name} by scrapy watchlist import.", report)
            for outdated in old:
                if outdated != report.path:
                    outdated.unlink()
    return report


def actor_id(source_id: str) -> str | None:
    """An id as watchlists have them; None where nothing is left of it."""
    cut = re.sub(r"[^a-z0-9_.-]+", "-", source_id.strip().lower()).lstrip("-_.")[:LONGEST_ID]
    return cut if cut and cut not in _RESERVED else None


def _others(folder: Path, old: list[Path]) -> list[Path]:
    """The watchlists that stay."""
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return [p for p in files if p.suffix in (".toml", ".jsonl") and p not in old]


def _rows(lines: Iterator[Line], wanted: Wanted) -> Iterator[Row]:
    """The rows of a file whose first line says what it is. Raises Unreadable where it is nothing that is known here."""
    first = next((line for line in lines if line.text is None or line.text.strip()), None)
    if first is None:
        raise Unreadable("is empty")
    begins = (first.text or b"{").removeprefix(b"\xef\xbb\xbf").lstrip()
    lines = chain([first], lines)
    if begins[:1] in (b"{", b"["):
        return wikidata.read(lines, wanted.languages)
    if first.text and opensanctions.is_header(first.text):
        return opensanctions.read(lines)
    columns = ", ".join(opensanctions.COLUMNS)
    raise Unreadable(f"is neither JSON of Wikidata's entities nor OpenSanctions' targets.simple.csv (a first line with {columns})")


def _take(row: Row, wanted: Wanted, stage: Stage, report: Report) -> None:
    match row:
        case Found():
            _add(row, wanted, stage, report)
        case FamilyName():
            names = [n for text in row.names if (n := tidy(text)[0]) and is_in(n, wanted.scripts)]
            stage.add_family(row.source_id, names)
            _count(report.skipped, "a family name, which is a weak name of those who bear it")
        case Skipped():
            _count(report.skipped, row.reason)
            for of in row.classes:
                _count(report.unknown, of)
                if of in report.unknown:
                    report.examples.setdefault(of, row.example)
        case BadRow():
            _spoil(report, row)


def _add(found: Found, wanted: Wanted, stage: Stage, report: Report) -> None:
    """An actor for the watchlist, or the reason why not."""
    if found.kind not in wanted.kinds:
        _count(report.skipped, f"a kind that was not asked for: {found.kind}")
        return
    key = actor_id(found.source_id)
    if key is None:
        _spoil(report, BadRow(found.where, "has no id that a watchlist could use"))
        return
    if stage.is_reserved(key):
        _count(report.skipped, "an id that stands in another of your watchlists")
        return
    names = names_of(found, wanted.scripts)
    report.dropped.update(names.dropped)
    if names.name is None:
        _count(report.skipped, names.why)
        return
    actor: dict[str, Any] = {"id": key, "name": names.name, "kind": found.kind, "names": names.strong, "weak": names.weak}
    actor |= {"tags": list(dict.fromkeys([*found.tags, *wanted.tags])), "wikidata": found.wikidata}
    try:
        Actor.model_validate(actor)
    except ValidationError as error:
        _spoil(report, BadRow(found.where, str(error.errors(include_url=False)[0]["msg"])))
        return
    if stage.add(actor, found.families):
        report.kinds[found.kind] += 1
    else:
        _count(report.skipped, "an id that stood in the file before")


def _write(stage: Stage, stem: Path, heading: str, report: Report) -> Path:
    """The file that was written."""
    if report.actors <= MOST_IN_TOML and stage.letters() <= LONGEST_TOML:
        path = stem.with_name(f"{stem.name}.toml")
        with written(path) as file:
            file.write(as_toml(_whole(stage, report), heading).encode())
    else:
        path = stem.with_name(f"{stem.name}.jsonl")
        with written(path) as file:
            file.writelines(as_lines(_whole(stage, report)))
    return path


def _whole(stage: Stage, report: Report) -> Iterator[dict[str, Any]]:
    """The staged actors with their family names, counted, without what is empty."""
    for actor, families in stage.actors():
        known = {actor["name"], *actor["names"], *(w["text"] for w in actor["weak"])}
        actor["weak"] = [*actor["weak"], *weak_names(families, known)][:MOST_NAMES]
        report.strong += 1 + len(actor["names"])
        report.weak += len(actor["weak"])
        report.one_word += " " not in actor["name"]
        yield {k: v for k, v in actor.items() if v}


def _spoil(report: Report, row: BadRow) -> None:
    report.bad += 1
    if len(report.bad_rows) < BAD_ROWS_SHOWN:
        report.bad_rows.append(row)


def _count(counter: Counter[str], reason: str) -> None:
    """Counts, and keeps the list of reasons short: who fills files with nonsense finds it under "other"."""
    counter[reason if reason in counter or len(counter) < MOST_REASONS else "other"] += 1
