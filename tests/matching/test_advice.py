"""What will flag too much, or never: said, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from newswatch.matching import Actor, Watchlist, load_watchlists
from newswatch.matching.advice import MOST, warnings
from tests.conftest import ROOT


def advice(**tables: dict) -> list[str]:
    made = {key: Actor.model_validate({"id": key, "kind": "person"} | table) for key, table in tables.items()}
    return warnings(Watchlist(made))


def test_nothing_is_said_of_the_shipped_watchlist() -> None:
    assert warnings(load_watchlists(ROOT / "settings" / "watchlists")) == []


@pytest.mark.parametrize(
    "tables",
    [
        {},
        {"quint": {"name": "Ada Quint", "weak": ["Quint"], "not": ["Quint-Platz", "Quint*"]}},
        {"quint": {"name": "Ada Quint", "weak": ["Quint"]}, "tamm": {"name": "Quint", "kind": "place"}},
        {
            "bund": {
                "name": "Neuer Bund",
                "kind": "group",
                "weak": [{"text": "NB", "case": "exact", "near": ["@name", "graue Flotte"], "within": 9}],
            }
        },
        {"bauer": {"name": "Ada Bauer", "weak": [{"text": "Bauer", "near": ["Rat"]}]}},
        {"wacht": {"name": "Nordwacht", "kind": "group", "weak": [{"text": "Quill", "near": ["@quint"]}]}, "quint": {"name": "Ada Quint"}},
        {"torlow": {"name": "Иван Торлов", "scripts": ["latin"], "without": ["Ivan Torlov"]}},
        {"flotte": {"name": "Die Flotte", "kind": "topic", "phrases": ["graue Flotte", "Bau*"]}},
        {"x": {"name": "Nordbund", "kind": "group", "names": [{"text": "NB", "case": "exact"}]}},
    ],
)
def test_nothing_is_said_of_a_good_watchlist(tables: dict) -> None:
    assert advice(**tables) == []


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        (
            {"a": {"name": "Ada Quint"}, "b": {"name": "Ada\u00a0Quint"}},
            'a: strong name "Ada Quint" is a strong name of b, too: it flags none of them, but where',
        ),
        (
            {k: {"name": f"{k.upper()}da Quint", "weak": ["Quint"]} for k in "abcdef"},
            'a: weak name "Quint" is a weak name of b, c, d and 2 more, too: it flags none of them',
        ),
        (
            {"a": {"name": "Иван Торлов", "scripts": ["latin"]}, "b": {"name": "Iwan Torlow"}},
            'a: strong name "Iwan Torlow" is a strong name of b',
        ),
        ({"a": {"name": "Ada Quint", "weak": ["Ada Quint"]}}, 'a: "Ada Quint" stands there 2 times: once is enough, the strong one counts'),
        ({"a": {"name": "Ada Quint", "weak": ["Quint", "Quint"]}}, 'a: "Quint" stands there 2 times'),
        ({"a": {"name": "Ada Quint", "names": ["Ada\u00a0Quint"]}}, 'a: "Ada Quint" stands there 2 times'),
        ({"a": {"name": "Bauer"}}, 'a: strong name "Bauer" is an ordinary word or a frequent surname: make it weak'),
        (
            {"a": {"name": "Ada Bauer", "weak": ["Bauer"]}},
            'a: weak name "Bauer" is an ordinary word or a frequent surname: say with `near` what must stand beside it',
        ),
        ({"a": {"name": "AQ"}}, 'a: strong name "AQ" has 2 letters: say case = "exact"'),
        ({"a": {"name": "Ada Quint", "weak": ["AQu"]}}, 'a: weak name "AQu" has 3 letters: say case = "exact"'),
        (
            {"a": {"name": "Nordbund", "kind": "group", "weak": ["Quill"]}},
            'a: weak name "Quill" has no near: it counts only where a strong name stands',
        ),
        ({"a": {"name": "Ada Quint", "not": ["Quint"]}}, 'a: name "Ada Quint" can never flag: `not` takes it out'),
        ({"a": {"name": "Ada-Quint", "not": ["ada quint".title()]}}, 'a: name "Ada-Quint" can never flag'),
        (
            {
                "a": {"name": "Nordbund", "kind": "group", "weak": [{"text": "Quill", "near": ["@b"]}]},
                "b": {"name": "Bo Tamm", "not": ["Bo Tamm"]},
            },
            'a: weak name "Quill": near @b can never match: its own `not` takes all its names out',
        ),
        (
            {"a": {"name": "Ada Quint", "weak": [{"text": "Quint", "near": ["der graue Rat der Stadt"], "within": 3}]}},
            'a: weak name "Quint": near "der graue Rat der Stadt" can never match: it is longer than within = 3',
        ),
        (
            {
                "a": {"name": "Nordbund", "kind": "group", "weak": [{"text": "Quill", "near": ["@b"]}]},
                "b": {"name": "Südbund", "kind": "group", "weak": [{"text": "Quell", "near": ["@c"]}]},
                "c": {"name": "Ostbund", "kind": "group", "weak": [{"text": "Quall", "near": ["@a"]}]},
            },
            "a: near goes round in a circle (a -> b -> c -> a): only strong names count as company",
        ),
        (
            {"a": {"name": "Иван Торлов", "scripts": ["latin"], "without": ["Jo Quint"]}},
            'a: without "Jo Quint" switches nothing off: see `scrapy watchlist show a`',
        ),
        ({"a": {"name": "Ada Quint", "without": ["Jo Quint"]}}, 'a: without "Jo Quint" switches nothing off'),
        ({"a": {"name": "Ada Quint", "scripts": ["latin"]}}, "a: scripts adds nothing: no name is in another script"),
    ],
)
def test_what_to_look_at_is_said_in_a_sentence(tables: dict, sentence: str) -> None:
    assert any(s.startswith(sentence) for s in advice(**tables)), advice(**tables)


def test_a_circle_is_told_once() -> None:
    def group(other: str) -> dict:
        return {"name": f"Nordbund {other}", "kind": "group", "weak": [{"text": f"Quill{other}", "near": [f"@{other}"]}]}

    said = advice(a=group("b"), b=group("a"), c=group("a"), d=group("e"), e=group("e"))
    assert [s.partition(": ")[0] for s in said if "circle" in s] == ["a"], said


def test_a_long_way_is_no_circle() -> None:
    groups = {
        f"n{i}": {"name": f"Nordbund {i}x", "kind": "group", "weak": [{"text": f"Quill {i}x", "near": [f"@n{i + 1}"]}]} for i in range(3000)
    }
    assert advice(**groups, n3000={"name": "Ada Quint"}) == []


def test_of_a_sort_twenty_are_shown_and_the_rest_is_counted() -> None:
    said = advice(**{f"q{i}": {"name": f"Q{i % 10}"} for i in range(0, 1234)})
    short = [s for s in said if "letters: say case" in s]
    assert len(short) == MOST == 20
    assert f"and {1234 - 20:,} more of this sort" in said and "and 1,214 more of this sort" in said


def test_twenty_of_a_sort_are_all() -> None:
    said = advice(**{f"q{i}": {"name": f"{chr(65 + i)}x"} for i in range(20)})
    assert len(said) == 20 and not any("more of this sort" in s for s in said)


def test_a_sentence_begins_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text('[aq]\nname = "AQ"\nkind = "person"\n')
    assert warnings(load_watchlists(tmp_path)) == [f'{path}: aq: strong name "AQ" has 2 letters: say case = "exact"']
