"""targets.simple.csv, with what is broken in it."""

from __future__ import annotations

import csv
from collections.abc import Iterable

from newswatch.importing.found import BadRow, Found, Row, Skipped
from newswatch.importing.lines import Line
from newswatch.importing.opensanctions import LONGEST_CELL, is_header, read
from tests.importing.lists import HEADER, target, targets


def rows(text: str | bytes) -> list[Row]:
    data = text.encode() if isinstance(text, str) else text
    return list(read(lines(data.splitlines(keepends=True))))


def lines(texts: Iterable[bytes | None]) -> Iterable[Line]:
    return (Line(number, text) for number, text in enumerate(texts, 1))


def ids(found: list[Row]) -> list[str]:
    return [row.source_id if isinstance(row, Found) else type(row).__name__ for row in found]


def test_a_row_is_an_actor_with_its_names_and_tags() -> None:
    alias = 'AG "Deich; Wacht"'
    [found] = rows(targets([target("Q900000001", "Ada Quint", "QUINT, Ada", alias, countries="ru;de-by;?!", sanctions="EU - 2022")]))
    assert isinstance(found, Found)
    assert (found.kind, found.titles, found.others) == ("person", ("Ada Quint",), ("QUINT, Ada", alias))
    assert found.surnames == ("Quint",) and found.wikidata == "Q900000001" and found.where == "line 2"
    assert found.tags == ("country-ru", "country-de-by", "sanctioned")


def test_schemas_decide_the_kind_and_ships_are_skipped() -> None:
    schemas = ["Person", "Organization", "Company", "LegalEntity", "PublicBody", "Vessel", ""]
    found = rows(targets([target(f"NK-{s}", "Dike Watch", schema=s) for s in schemas]))
    assert [f.kind for f in found if isinstance(f, Found)] == ["person"] + 4 * ["organisation"]
    assert [f.reason for f in found if isinstance(f, Skipped)] == [
        "no person and no organisation: Vessel",
        "no person and no organisation: no schema",
    ]


def test_columns_are_found_by_name_so_newer_files_are_read_too() -> None:
    header = [*HEADER[:9], "program_ids", *HEADER[9:]]
    assert ids(rows("\ufeff" + targets([target(program_ids="EU-RUS")], header))) == ["NK-Quint"]
    assert is_header(b"name,id,aliases,schema\r\n") and not is_header(b"name,id\n") and not is_header(b'"\n')


def test_a_row_that_is_broken_is_told_with_its_line_and_the_next_ones_are_read() -> None:
    good = targets([target("A1"), target("A2")]).splitlines(keepends=True)
    assert ids(rows("".join([good[0], "1,2,3\n", *good[1:]]))) == ["BadRow", "A1", "A2"]
    found = rows("".join([good[0], good[1], '"B1","Person","Ada\n', good[2]]))
    assert ids(found) == ["A1", "BadRow", "A2"]
    assert isinstance(found[1], BadRow) and found[1].where == "line 3"


def test_a_quote_that_nobody_closes_takes_no_other_row_with_it() -> None:
    head = ",".join(HEADER) + "\n"
    plain = "".join(f"A{i},Person,Ada Quint" + 12 * "," + "\n" for i in range(3))
    bad = 'B1,Person,"Ada' + 12 * "," + "\n"
    assert ids(rows(head + plain + bad + plain)) == ["A0", "A1", "A2", "BadRow", "A0", "A1", "A2"]


def test_a_cell_over_several_lines_is_one_cell() -> None:
    assert ids(rows(targets([target(addresses="Deich 1\nNordhusum"), target("A2")]))) == ["NK-Quint", "A2"]


def test_bytes_that_are_no_utf8_spoil_one_row() -> None:
    data = targets([target("A1"), target("A2", "Ada Quünt"), target("A3")]).encode().replace("ü".encode(), b"\xfc")
    found = rows(data)
    assert sorted(ids(found)) == ["A1", "A3", "BadRow"]
    assert [f.where for f in found if isinstance(f, BadRow)] == ["line 3"]


def test_huge_cells_and_lines_spoil_one_row_and_csv_has_its_limit_back() -> None:
    before = csv.field_size_limit()
    data = targets([target("A1"), target("A2", "Q" * (LONGEST_CELL + 1)), target("A3")])
    found = rows(data)
    assert ids(found) == ["A1", "BadRow", "A3"] and "field larger" in found[1].why  # type: ignore[union-attr]
    texts: list[bytes | None] = list(targets([target("A1"), target("A2")]).encode().splitlines(keepends=True))
    texts.insert(2, None)
    assert sorted(ids(list(read(iter(lines(texts)))))) == ["A1", "A2", "BadRow"]  # type: ignore[arg-type]
    assert csv.field_size_limit() == before
