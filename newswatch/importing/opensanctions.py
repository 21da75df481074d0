"""OpenSanctions' targets.simple.csv, row by row.

lines -> rows (csv, whole or bad) -> Found | Skipped | BadRow
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from newswatch.importing.found import BadRow, Found, Row, Skipped
from newswatch.importing.lines import Line
from newswatch.importing.surnames import surnames

COLUMNS = ("id", "schema", "name", "aliases")
"""That a file must have; `countries` and `sanctions` are read where they are, all others are not looked at."""

LONGEST_CELL = 1024 * 1024
"""Letters."""

MOST_COUNTRIES = 20

_KINDS = {
    "Person": "person",
    "Organization": "organisation",
    "Company": "organisation",
    "LegalEntity": "organisation",
    "PublicBody": "organisation",
}
_WIKIDATA = re.compile(r"Q[1-9]\d*")
_COUNTRY = re.compile(r"[a-z]{2,6}(-[a-z0-9]{1,6})*")


def is_header(line: bytes) -> bool:
    """Whether a file that begins with this line is one of these."""
    return set(COLUMNS) <= set(_header(line.decode("utf-8-sig", "replace")))


def read(lines: Iterator[Line]) -> Iterator[Row]:
    """What each row says. The first line is the header."""
    header = _header((next(lines).text or b"").decode("utf-8-sig", "replace"))
    with _long_cells():
        for row in _Rows(lines):
            yield row if isinstance(row, BadRow) else _row(header, *row)


def _row(header: Sequence[str], number: int, cells: list[str]) -> Row:
    where = f"line {number}"
    if len(cells) != len(header):
        return BadRow(where, f"has {len(cells)} columns, the header has {len(header)}")
    row = dict(zip(header, cells, strict=True))
    kind = _KINDS.get(row["schema"])
    if kind is None:
        return Skipped(f"no person and no organisation: {row['schema'][:40].strip() or 'no schema'}")
    name, aliases = row["name"], tuple(_values(row["aliases"]))
    countries = [c.lower() for c in _values(row.get("countries", ""))]
    tags = [f"country-{c}" for c in countries if _COUNTRY.fullmatch(c)][:MOST_COUNTRIES]
    if row.get("sanctions", "").strip():
        tags.append("sanctioned")
    return Found(
        source_id=row["id"],
        kind=kind,
        titles=(name,),
        others=aliases,
        surnames=surnames(name, aliases, countries) if kind == "person" else (),
        tags=tuple(tags),
        wikidata=row["id"] if _WIKIDATA.fullmatch(row["id"]) else None,
        where=where,
    )


def _header(line: str) -> list[str]:
    try:
        return [c.strip() for c in next(csv.reader([line]), [])]
    except csv.Error:
        return []


def _values(cell: str) -> list[str]:
    """The values of a cell: a row of its own, with ";" between them and quotes where a value has one."""
    if '"' in cell:
        try:
            values = next(csv.reader([cell], delimiter=";", strict=True), [])
        except csv.Error:
            values = cell.split(";")
    else:
        values = cell.split(";")
    return [v for v in values if v.strip()]


@contextmanager
def _long_cells() -> Iterator[None]:
    """csv's limit is one for the whole process: it is given back."""
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)


class _Rows:
    """The rows of a csv file, (line number, cells). A row that is broken is a BadRow, and only that: a quote that nobody
    closes swallows the lines that follow, so they are handed back and read again.
    """

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._again: deque[tuple[int, str]] = deque()
        self._row: list[tuple[int, str]] = []
        self._bad: list[BadRow] = []

    def __iter__(self) -> Iterator[tuple[int, list[str]] | BadRow]:
        reader = csv.reader(_Feed(self), strict=True)
        while True:
            self._row.clear()
            try:
                cells = next(reader, None)
            except csv.Error as error:
                number = self._row[0][0]
                self._again.extendleft(reversed(self._row[1:]))
                yield BadRow(f"line {number}", f"is no row: {error}")
                continue
            yield from self._bad
            self._bad.clear()
            if cells is None:
                return
            if cells:
                yield self._row[0][0], cells

    def feed(self) -> str:
        """The next line. Raises StopIteration after the last."""
        while not self._again:
            line = next(self._lines)
            if line.text is None:
                self._bad.append(BadRow(line.where, "is too long"))
                continue
            try:
                self._again.append((line.number, line.text.decode("utf-8")))
            except UnicodeDecodeError as error:
                self._bad.append(BadRow(line.where, f"is not UTF-8 at byte {error.start}"))
        self._row.append(self._again.popleft())
        return self._row[-1][1]


class _Feed:
    """csv asks again after an end that was none: an iterator, not a generator."""

    def __init__(self, rows: _Rows) -> None:
        self._rows = rows

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        return self._rows.feed()
