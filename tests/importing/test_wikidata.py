"""Entities of Wikidata in every shape that they come in."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from newswatch.importing import entities, wikidata
from newswatch.importing.found import BadRow, FamilyName, Found, Row, Skipped, Unreadable
from newswatch.importing.lines import Line
from newswatch.importing.wanted import KINDS
from newswatch.importing.wikidata import kinds, read
from tests.importing.lists import CITY, FAMILY_NAME, HUMAN, PARTY, claim, dump, entity


def rows(text: str | bytes, *languages: str) -> list[Row]:
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    lines = (Line(number, line) for number, line in enumerate(data.splitlines(keepends=True), 1))
    return list(read(lines, languages or ("de", "en")))


def one(value: Any, *languages: str) -> Row:
    [row] = rows(json.dumps(value), *languages)
    return row


TWO = [entity("Q900000001"), entity("Q900000002")]


@pytest.mark.parametrize(
    "text",
    [
        dump(TWO),
        "[\n" + json.dumps(TWO[0]) + "\n," + json.dumps(TWO[1]) + "\n]",
        "\n".join(json.dumps(e) for e in TWO),
        json.dumps(TWO),
        json.dumps(TWO, indent=2),
        json.dumps({"entities": {e["id"]: e for e in TWO}}),
        json.dumps({"entities": {e["id"]: e for e in TWO}, "success": 1}, indent="\t"),
        "\n".join(json.dumps(e, indent=1) for e in TWO),
        "\ufeff" + dump(TWO),
        "\n\n" + dump(TWO).replace("\n", "\r\n"),
    ],
    ids=["dump", "commas first", "lines", "array", "indented array", "EntityData", "indented API", "several indented", "BOM", "CRLF"],
)
def test_every_shape_gives_the_same_entities(text: str) -> None:
    assert [r.source_id for r in rows(text) if isinstance(r, Found)] == ["Q900000001", "Q900000002"]


def test_labels_come_in_the_order_of_the_languages_with_variants_and_mul() -> None:
    found = one(
        entity(
            labels={"fr": "Ada Cinq", "mul": "A. Quint", "en": "Ada Kwint", "de-ch": "Ada Quint-CH", "de": "Ada Quint"},
            aliases={"en": ["AQ"]},
        )
    )
    assert isinstance(found, Found)
    assert found.titles == ("Ada Quint", "Ada Quint-CH", "Ada Kwint", "A. Quint") and found.others == ("AQ",)
    assert one(entity(labels={"ru": "Ада Квинт"}), "ru").titles == ("Ада Квинт",)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("classes", "kind"),
    [([HUMAN], "person"), ([PARTY], "organisation"), ([CITY], "place"), (["Q17127659", PARTY], "group"), (["Q900000009", CITY], "place")],
)
def test_classes_decide_the_kind(classes: list[str], kind: str) -> None:
    found = one(entity(classes=classes))
    assert isinstance(found, Found) and found.kind == kind


def test_an_unknown_class_is_skipped_and_named() -> None:
    assert one(entity(classes=["Q900000009"])) == Skipped("kind unknown", ("Q900000009",), "Ada Quint")
    assert one(entity(classes=[])) == Skipped("says of itself no class (P31)", (), "Ada Quint")


def test_deprecated_claims_do_not_count_and_old_dumps_have_numbers() -> None:
    old = entity()
    old["claims"]["P31"] = [claim(CITY, "deprecated"), claim(HUMAN)]
    del old["claims"]["P31"][1]["mainsnak"]["datavalue"]["value"]["id"]
    found = one(old)
    assert isinstance(found, Found) and found.kind == "person"


def test_family_names_are_rows_of_their_own() -> None:
    assert one(entity("Q900000007", [FAMILY_NAME], {"de": "Quint"})) == FamilyName("Q900000007", ("Quint",))
    assert one(entity(families=["Q900000007"])).families == ("Q900000007",)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "value",
    [
        {},
        7,
        None,
        "Q5",
        {"id": 5},
        {"id": "X5"},
        {"id": "Q5x"},
        {"id": "NK-1", "schema": "Person", "properties": {"name": ["Ada Quint"]}},
    ],
)
def test_what_is_no_entity_is_a_bad_row(value: Any) -> None:
    assert isinstance(one(value), BadRow)


@pytest.mark.parametrize(
    "hostile", [[], 5, None, "x", {"de": 5}, {"de": {"value": 7}}, {"de": [[]]}, {"P31": 5}, {"P31": [{"mainsnak": []}, 5]}]
)
@pytest.mark.parametrize("key", ["labels", "aliases", "claims"])
def test_parts_of_a_wrong_type_are_not_there(key: str, hostile: object) -> None:
    assert isinstance(one(entity() | {key: hostile}), Found | Skipped)


def test_missing_entities_and_properties_are_skipped() -> None:
    assert isinstance(one({"id": "Q900000001", "missing": ""}), Skipped)
    assert isinstance(one({"id": "P31", "labels": {}}), Skipped)


def test_a_line_that_is_no_json_is_told_and_the_next_ones_are_read() -> None:
    text = dump(TWO).splitlines()
    broken = "\n".join([text[0], text[1], '{"id": "Q9", "labels": {,},', "{" * 9, "[" * 100_000, '{"n": ' + "9" * 5000 + "}", text[2], "]"])
    found = rows(broken)
    assert [f.source_id for f in found if isinstance(f, Found)] == ["Q900000001", "Q900000002"]
    assert [f.where for f in found if isinstance(f, BadRow)] == ["line 3", "line 4", "line 5", "line 6"]


def test_a_dump_that_breaks_off_loses_its_last_entity_only() -> None:
    found = rows(dump(TWO)[:-40])
    assert [type(f) for f in found] == [Found, BadRow]


def test_a_line_that_is_too_long_is_told_and_the_next_ones_are_read() -> None:
    lines = [Line(1, b"[\n"), Line(2, None), Line(3, json.dumps(TWO[0]).encode() + b"\n")]
    found = list(read(iter(lines), ("de",)))
    assert [type(f) for f in found] == [BadRow, Found] and found[0].where == "line 2"


def test_a_text_over_several_lines_is_bounded_and_must_be_json(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unreadable, match="is no JSON"):
        rows('{\n"id": \n')
    monkeypatch.setattr(entities, "LARGEST_TEXT", 100)
    with pytest.raises(Unreadable, match="write an entity a line"):
        rows(json.dumps(TWO, indent=2))


def test_the_classes_are_ids_once_each_and_of_known_kinds() -> None:
    text = (Path(wikidata.__file__).parent / "classes.toml").read_text(encoding="utf-8")
    assert set(tomllib.loads(text)) == set(kinds()) == set(KINDS)
    known = [c for classes in kinds().values() for c in classes]
    assert len(known) == len(set(known)) > 120 and all(re.fullmatch(r"Q[1-9]\d*", c) for c in known)
