"""Watchlists: read whole, or refused with every mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from newswatch.errors import ConfigError
from newswatch.matching import Actor, Watchlist, examine, load_watchlists
from newswatch.matching.watchlist import LONGEST_LINE, LONGEST_NAME
from tests.conftest import ROOT

GOOD = '[quint]\nname = "Ada Quint"\nkind = "person"\n'
LINE = '{"id": "quint", "name": "Ada Quint", "kind": "person"}'


def problems(folder: Path) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as error:
        load_watchlists(folder)
    return error.value.problems


def test_the_shipped_watchlist_is_right() -> None:
    actors = load_watchlists(ROOT / "settings" / "watchlists").actors
    assert {"putin", "lukaschenko", "lawrow", "isw", "kreml"} <= set(actors)


def test_no_file_is_an_empty_watchlist(tmp_path: Path) -> None:
    assert not load_watchlists(tmp_path).actors
    assert not load_watchlists(tmp_path / "nowhere").actors


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("[quint")
    (tmp_path / "a.toml.bak").write_text("[quint")
    (tmp_path / "a.toml").write_text("# nothing yet\n")
    assert not load_watchlists(tmp_path).actors


def test_the_language_of_the_watchlist_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(
        GOOD + 'weak = ["Quint", { text = "AQ", case = "exact", near = ["@quint", "Rat*"], within = 3 }]\nnot = ["Quint-Platz"]\n'
    )
    actor = load_watchlists(tmp_path).actors["quint"]
    assert [w.text for w in actor.weak] == ["Quint", "AQ"] and actor.weak[1].within == 3 and actor.not_ == ["Quint-Platz"]


def test_the_name_is_a_strong_name_and_each_counts_once(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GOOD + 'names = ["Ada Quint", "A. Quint", { text = "AQUI", case = "exact" }, "A. Quint"]\n')
    actor = load_watchlists(tmp_path).actors["quint"]
    assert actor.strong == ["Ada Quint", "A. Quint", "AQUI"] and actor.exact == {"AQUI"}


def test_where_phrases_say_what_to_look_for_the_name_is_only_shown(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[flotte]\nname = "Die Flotte"\nkind = "topic"\nphrases = ["graue Flotte", "Flottenbank*"]\n')
    actor = load_watchlists(tmp_path).actors["flotte"]
    assert actor.strong == [] and actor.phrases == ["graue Flotte", "Flottenbank*"]


def test_several_files_are_one_watchlist(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("\ufeff" + GOOD, encoding="utf-8")
    (tmp_path / "b.jsonl").write_text('\n{"id": "bo", "name": "Bo Tamm", "kind": "person", "not": ["Bo Tamm II"], "tags": ["x"]}\n\n')
    both = load_watchlists(tmp_path)
    assert set(both.actors) == {"quint", "bo"} and both.tagged("x") == ["bo"]
    assert both.where("quint") == f"{tmp_path / 'a.toml'}: quint" and both.where("nobody") == "nobody"


NAMES = [
    ('"Q"', '"Q" is too short: a name has at least two letters'),
    ('""', "too short"),
    ('"  "', "spaces at an end"),
    ('"🙂🙂"', "too short"),
    ('"-. !"', "too short"),
    ('" Quint"', "has spaces at an end: leave them out"),
    ('"Ada\\nQuint"', "has a line break or a control character in it"),
    ('"Ada\\u0000Quint"', "has a line break or a control character in it"),
    ('"Ada\\u2028Quint"', "has a line break or a control character in it"),
    (f'"{"Quint " * 40}Q"', f"too long: a name has at most {LONGEST_NAME} letters"),
    ("7", "valid string"),
]


@pytest.mark.parametrize(
    "key", ["name = {}", "names = [{}]", "weak = [{}]", "weak = [{{ text = {} }}]", "names = [{{ text = {} }}]", "not = [{}]"]
)
@pytest.mark.parametrize(("value", "sentence"), NAMES)
def test_what_cannot_be_a_name_is_refused_wherever_it_stands(tmp_path: Path, key: str, value: str, sentence: str) -> None:
    path = tmp_path / "a.toml"
    name = "" if key.startswith("name =") else 'name = "Ada Quint"\n'
    path.write_text(f'[quint]\n{name}kind = "person"\n{key.format(value)}\n', encoding="utf-8")
    start = f"{path}: quint: {key.partition(' ')[0]}"
    assert any(p.startswith(start) for p in problems(tmp_path)), problems(tmp_path)
    if value != "7":
        assert any(sentence in p for p in problems(tmp_path)), problems(tmp_path)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (GOOD + 'naems = ["x y"]\n', 'quint: naems: unknown key, did you mean "names"?'),
        (GOOD + 'weak = [{ text = "Quint", nera = ["x y"] }]\n', 'nera: unknown key, did you mean "near"?'),
        (GOOD + 'names = "Quint"\n', "quint: names:"),
        (GOOD + 'weak = "Quint"\n', "quint: weak:"),
        (GOOD + 'not = "Quint"\n', "quint: not:"),
        (GOOD + 'tags = "kreml"\n', "quint: tags:"),
        (GOOD + 'weak = [{ text = "Quint", near = "Rat" }]\n', "quint: weak"),
        (GOOD + 'weak = [{ text = "Quint", near = [] }]\n', "quint: weak"),
        (GOOD + 'weak = [{ near = ["Rat"] }]\n', "text: missing"),
        (GOOD + 'weak = [{ text = "Quint", near = ["@niemand"] }]\n', "@niemand is no actor of these watchlists"),
        (
            GOOD + 'weak = [{ text = "Quint", near = ["@qint"] }]\n',
            'quint: weak.near: @qint is no actor of these watchlists, did you mean "quint"?',
        ),
        (GOOD + 'weak = [{ text = "Quint", near = ["@r"] }]\n[rules.r]\nwhen = "quint"\n', "quint: weak.near: @r is a rule: name an actor"),
        (
            GOOD + 'weak = [{ text = "Quint", within = 3 }]\n',
            "quint: weak Quint: within says how near `near` must be, and there is no near",
        ),
        (GOOD + 'weak = [{ text = "Quint", near = ["Rat"], within = 0 }]\n', "within"),
        (GOOD + 'weak = [{ text = "Quint", near = ["Rat"], within = 1001 }]\n', "within"),
        (GOOD + 'weak = [{ text = "Quint", near = ["Rat"], within = "3" }]\n', "within"),
        (GOOD + 'weak = [{ text = "Quint", near = ["Ra*t"] }]\n', "* stands at the end only, for any ending"),
        (GOOD + 'weak = [{ text = "Quint", case = "lower" }]\n', "case"),
        (GOOD + 'weak = [{ text = "Quint", on = "no" }]\n', "on"),
        (GOOD + 'not = ["Qu*nt"]\n', "* stands at the end only, for any ending"),
        (GOOD + 'phrases = ["graue Flotte"]\n', "quint: phrases: only a topic has phrases; write names"),
        (GOOD + 'scripts = ["greek"]\n', "quint: scripts"),
        (GOOD + 'scripts = "latin"\n', "quint: scripts"),
        (GOOD + 'without = "Quint"\n', "quint: without"),
        (GOOD + 'wikidata = "7747"\n', "quint: wikidata"),
        (GOOD + 'id = "quint"\n', "quint.id: unknown key; the id is the table's name"),
        (GOOD.replace("person", "persno"), "quint: kind:"),
        (GOOD.replace('"person"', "1"), "quint: kind:"),
        (GOOD.replace('kind = "person"\n', ""), "quint: kind: missing"),
        (GOOD.replace('name = "Ada Quint"\n', ""), "quint: name: missing"),
        (GOOD.replace("[quint]", "[Quint]"), '[Quint]: an id has small letters, digits, ".", "-" and "_"'),
        (GOOD.replace("[quint]", '["ada quint"]'), '[ada quint]: an id has small letters, digits, ".", "-" and "_"'),
        (GOOD.replace("[quint]", '["-quint"]'), "[-quint]: an id has small letters"),
        (GOOD.replace("[quint]", '[""]'), "an id has small letters"),
        (GOOD.replace("[quint]", "[[quint]]"), "quint: stands outside of a table; one begins with [id]"),
        (GOOD + GOOD, "not valid TOML"),
        (GOOD + 'names = ["Quint"\n', "not valid TOML"),
        ('name = "x"\n', "stands outside of a table"),
        ("[Großer Name]\n", "not valid TOML"),
        ("[rules]\nx = 1\n", "x: stands outside of a table; one begins with [rules.id]"),
        ("rules = 3\n", "rules: a rule is a table"),
    ],
)
def test_a_mistake_is_said_with_file_actor_and_key(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(text, encoding="utf-8")
    assert any(p.startswith(str(path)) and sentence in p for p in problems(tmp_path)), problems(tmp_path)


@pytest.mark.parametrize("end", [".toml", ".jsonl"])
def test_one_actor_in_two_files_is_said(tmp_path: Path, end: str) -> None:
    (tmp_path / "a.toml").write_text(GOOD)
    (tmp_path / f"b{end}").write_text(GOOD if end == ".toml" else LINE)
    (problem,) = problems(tmp_path)
    assert problem.startswith(f"{tmp_path / f'b{end}'}: quint: stands in {tmp_path / 'a.toml'} too: an id has one table")


def test_one_actor_twice_in_a_file_of_lines_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(f"{LINE}\n{LINE}\n")
    (problem,) = problems(tmp_path)
    assert "quint: stands in" in problem and "an id has one table" in problem


def test_every_mistake_of_every_file_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GOOD + 'names = ["Q"]\nkin = 3\n[bo]\nname = "Bo"\nkind = "x"\n')
    (tmp_path / "b.toml").write_text("[x")
    (tmp_path / "c.jsonl").write_text("{}\n[]\n" + LINE.replace("quint", "zwei"))
    said = problems(tmp_path)
    for part in ("quint: names", "quint: kin: unknown key", "bo: kind", "b.toml: not valid TOML", "c.jsonl: line 1", "c.jsonl: line 2"):
        assert any(part in p for p in said), (part, said)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", "line 2: "),
        ("quint", "line 2: "),
        ("[1, 2]", "line 2: "),
        ('"quint"', "line 2: "),
        ('{"id": "bo", "name": "Bo Tamm"}', "line 2: kind: missing"),
        ('{"id": "bo", "name": "Bo Tamm", "kind": "person", "naems": []}', 'line 2: naems: unknown key, did you mean "names"?'),
        ('{"id": "Bo", "name": "Bo Tamm", "kind": "person"}', "line 2: id"),
        ('{"name": "Bo Tamm", "kind": "person"}', "line 2: id: missing"),
        ('{"id": "bo", "name": "B", "kind": "person"}', 'line 2: name: "B" is too short'),
        ('{"id": "bo", "name": "Bo Tamm", "kind": "person", "weak": "Bo"}', "line 2: weak"),
        ('{"id": "bo", "name": "Bo Tamm", "kind": "person", "phrases": ["am Bo"]}', "bo: phrases: only a topic has phrases"),
        (
            '{"id": "bo", "name": "Bo Tamm", "kind": "person", "weak": [{"text": "Bo", "near": ["@ada"]}]}',
            "bo: weak.near: @ada is no actor",
        ),
    ],
)
def test_a_mistake_of_a_line_is_said_with_its_number(tmp_path: Path, line: str, sentence: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"{LINE}\n{line}\n", encoding="utf-8")
    assert any(p.startswith(str(path)) and sentence in p for p in problems(tmp_path)), problems(tmp_path)


def test_a_line_that_is_too_long_is_said_and_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(LINE + "\n" + " " * (LONGEST_LINE + 1) + "\n")
    assert list(problems(tmp_path)) == [f"{path}: line 2: longer than 1024 KiB"]


@pytest.mark.parametrize("name", ["a.toml", "a.jsonl"])
def test_a_file_in_another_encoding_is_said(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes((GOOD if name == "a.toml" else LINE).replace("Ada", "Römer").encode("latin-1"))
    assert any(p.startswith(str(path)) for p in problems(tmp_path))
    if name == "a.toml":
        assert any("not UTF-8 at byte" in p and "save the file as UTF-8" in p for p in problems(tmp_path))


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.toml").mkdir()
    (tmp_path / "b.jsonl").mkdir()
    said = problems(tmp_path)
    assert any("a.toml: cannot be read" in p for p in said) and any("b.jsonl: cannot be read" in p for p in said)


@given(st.dictionaries(st.sampled_from(["name", "kind", "names", "weak", "not", "scripts", "tags", "x"]), st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["text", "near", "within", "case"]), inner, max_size=3),
    max_leaves=6,
)))  # fmt: skip
def test_any_table_is_an_actor_or_refused(table: dict) -> None:
    try:
        actor = Actor.model_validate({"id": "quint", "name": "Ada Quint", "kind": "person"} | table)
    except ValidationError as error:
        assert error.errors()
    else:
        assert examine({"body": "Da kam Ada Quint."}, Watchlist({"quint": actor})).mentions or actor.name != "Ada Quint" or actor.not_


def test_a_hundred_thousand_names_of_which_half_are_equal_load_and_compile(tmp_path: Path) -> None:
    with (tmp_path / "a.jsonl").open("w", encoding="utf-8") as out:
        for number in range(50_000):
            name = f"Ada{number // 2:05} Quint{number // 2:05}"
            out.write(json.dumps({"id": f"q{number}", "name": name, "kind": "person", "names": [f"A. {name[4:]}"]}) + "\n")
    watchlist = load_watchlists(tmp_path)
    assert len(watchlist.actors) == 50_000
    mentions = examine({"body": "Da kam Ada00012 Quint00012 und ging."}, watchlist).mentions
    assert [(m.actor, m.is_ambiguous) for m in mentions] == [("q24", True), ("q25", True)]
