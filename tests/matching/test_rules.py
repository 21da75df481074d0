"""Rules: who must be named together, written in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswatch.errors import ConfigError
from newswatch.matching import load_watchlists
from newswatch.matching.rules import And, Condition, Not, Or, Term, holds, parse, terms, word_starts
from newswatch.story import Mention

A, B, C = Term("ada"), Term("bo"), Term("cleo")


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("ada", A),
        ("  ada  ", A),
        ("(ada)", A),
        ("ada and bo", And((A, B))),
        ("ada AND bo", And((A, B))),
        ("ada or bo or cleo", Or((A, B, C))),
        ("ada and bo or cleo", Or((And((A, B)), C))),
        ("cleo or ada and bo", Or((C, And((A, B))))),
        ("ada and (bo or cleo)", And((A, Or((B, C))))),
        ("ada and not bo", And((A, Not(B)))),
        ("ada and not bo or cleo", Or((And((A, Not(B))), C))),
        ("ada and not (bo or cleo)", And((A, Not(Or((B, C)))))),
        ("ada and not not bo", And((A, Not(Not(B))))),
        ("ada and bo within 30", And((A, B), 30)),
        ("ada and bo and cleo within 5", And((A, B, C), 5)),
        ("ada and bo within 30 or cleo", Or((And((A, B), 30), C))),
        ("cleo or ada and bo within 30", Or((C, And((A, B), 30)))),
        ("(ada and bo within 3) and cleo", And((And((A, B), 3), C))),
        ("ada and bo and not cleo within 9", And((A, B, Not(C)), 9)),
        ("person:ada and tag:rat", And((Term("ada", "person"), Term("rat", "tag")))),
        ("ada\nand\nbo", And((A, B))),
        ("nord-bund.1_x", Term("nord-bund.1_x")),
    ],
)
def test_a_rule_is_understood(text: str, condition: Condition) -> None:
    assert parse(text) == condition


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "ends where a name should stand"),
        ("ada and", "ends where a name should stand"),
        ("ada or not", "ends where a name should stand"),
        ("and ada", '"and" stands where a name should stand'),
        ("ada and or bo", '"or" stands where a name should stand'),
        ("()", '")" stands where a name should stand'),
        ("ada bo", '"bo" is out of place; a rule reads like `putin and wagner-gruppe within 30`'),
        ("ada)", '")" is out of place'),
        ("(ada and bo", "a bracket is not closed"),
        ("ada within 3", "`within` needs two names joined by `and` before it"),
        ("ada and not bo within 3", "`within` needs two names joined by `and` before it"),
        ("ada and bo within", "`within` is followed by a number of words from 1 to 1000"),
        ("ada and bo within 0", "`within` is followed by a number"),
        ("ada and bo within 1001", "`within` is followed by a number"),
        ("ada and bo within drei", "`within` is followed by a number"),
        ("ada and bo within -3", "`within` is followed by a number"),
        ("ada and bo within ³", "`within` is followed by a number"),
        ("ada and bo within 3 within 4", '"within" is out of place'),
        ("firm:ada", '"firm:ada": before the colon stands person, organisation, group, place, topic or tag'),
        ("not ada", "somebody must be named for a rule to flag"),
        ("ada or not bo", "somebody must be named for a rule to flag"),
        ("not ada and not bo", "somebody must be named for a rule to flag"),
        ("(" * 25 + "ada" + ")" * 25, "nested more than 20 deep"),
        ("not " * 25 + "ada", "nested more than 20 deep"),
        (" or ".join(["ada"] * 200), "too long: at most 50 names"),
    ],
)
def test_a_mistake_is_said_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError) as error:
        parse(text)
    assert sentence in str(error.value)


@given(st.lists(st.sampled_from(["ada", "tag:x", "and", "or", "not", "within", "3", "(", ")", "a:b:c", ":", "🙂"]), max_size=12))
def test_any_words_are_a_rule_or_a_sentence(words: list[str]) -> None:
    try:
        condition = parse(" ".join(words))
    except ValueError as error:
        assert str(error)
    else:
        assert terms(condition)


def test_all_terms_are_told_those_below_not_too() -> None:
    assert terms(parse("ada and not (bo or tag:rat) or cleo")) == [A, B, Term("rat", "tag"), C]


Spots = Mapping[str, Sequence[Mention]]


def spot(actor: str, place: int, field: str = "body") -> Mention:
    """A mention of a text `w0 w1 w2 ...` whose words have five letters."""
    return Mention(actor, field, place * 6, place * 6 + 5, actor, actor, "", "")


WORDS = {field: word_starts("wwwww " * 400) for field in ("title", "body")}


def together(text: str, *spots: Mention) -> list[tuple[str, str, int]] | None:
    by_id: dict[str, list[Mention]] = {}
    for s in spots:
        by_id.setdefault(s.actor, []).append(s)
    found = holds(parse(text), lambda term: by_id.get(term.id, []), WORDS)
    return None if found is None else [(s.actor, s.field, s.start // 6) for s in found]


@pytest.mark.parametrize(
    ("text", "named", "is_true"),
    [
        ("ada", "ada", True),
        ("ada", "bo", False),
        ("ada and bo", "ada bo", True),
        ("ada and bo", "ada", False),
        ("ada or bo", "bo", True),
        ("ada or bo", "cleo", False),
        ("ada and not bo", "ada", True),
        ("ada and not bo", "ada bo", False),
        ("ada and bo or cleo", "cleo", True),
        ("ada and (bo or cleo)", "cleo", False),
        ("ada and not (bo and cleo)", "ada bo", True),
        ("ada and not (bo and cleo)", "ada bo cleo", False),
        ("ada and not (bo or cleo)", "ada bo", False),
        ("ada and not not bo", "ada bo", True),
        ("ada and not not bo", "ada", False),
        ("(ada or bo) and (cleo or dan)", "bo dan", True),
    ],
)
def test_a_rule_holds_where_its_names_stand(text: str, named: str, is_true: bool) -> None:
    assert (together(text, *(spot(a, n) for n, a in enumerate(named.split()))) is not None) is is_true


@pytest.mark.parametrize(
    ("text", "places", "is_true"),
    [
        ("ada and bo within 3", {"ada": [0], "bo": [4]}, True),
        ("ada and bo within 3", {"ada": [0], "bo": [5]}, False),
        ("ada and bo within 3", {"ada": [5], "bo": [1]}, True),
        ("ada and bo within 3", {"ada": [0, 90], "bo": [40, 88]}, True),
        ("ada and bo within 3", {"ada": [0, 20, 40], "bo": [10, 30, 50]}, False),
        ("ada and bo and cleo within 5", {"ada": [0], "bo": [6], "cleo": [3]}, True),
        ("ada and bo and cleo within 5", {"ada": [0], "bo": [4], "cleo": [8]}, False),
        ("ada and bo and cleo within 5", {"ada": [0, 100], "bo": [4, 104], "cleo": [50, 102]}, True),
        ("ada and bo and cleo within 5", {"ada": [0], "bo": [4]}, False),
        ("ada and bo and cleo within 5", {"cleo": [30, 60], "bo": [28, 90], "ada": [33, 61]}, True),
        ("ada and (bo or cleo) within 2", {"ada": [10], "bo": [0], "cleo": [12]}, True),
        ("ada and (bo or cleo) within 2", {"ada": [10], "bo": [0], "cleo": [20]}, False),
        ("ada and bo and not cleo within 2", {"ada": [10], "bo": [12]}, True),
        ("ada and bo and not cleo within 2", {"ada": [10], "bo": [12], "cleo": [300]}, False),
        ("(ada and bo within 2) and cleo", {"ada": [10], "bo": [12], "cleo": [300]}, True),
        ("ada and bo within 1000", {"ada": [0], "bo": [399]}, True),
    ],
)
def test_within_counts_the_words_between_all_its_names(text: str, places: dict[str, list[int]], is_true: bool) -> None:
    assert (together(text, *(spot(a, n) for a, ns in places.items() for n in ns)) is not None) is is_true


def test_within_means_one_field() -> None:
    near = [spot("ada", 0, "title"), spot("bo", 1, "body")]
    assert together("ada and bo within 1000", *near) is None
    assert together("ada and bo within 3", *near, spot("ada", 3)) == [("ada", "body", 3), ("bo", "body", 1)]
    assert together("ada and bo", *near) is not None


def test_a_rule_says_which_places_make_it_true() -> None:
    places = [spot("ada", 0), spot("ada", 50), spot("bo", 51), spot("cleo", 7)]
    assert together("ada and bo within 2", *places) == [("ada", "body", 50), ("bo", "body", 51)]
    assert together("ada and cleo", *places) == [("ada", "body", 0), ("cleo", "body", 7)]
    assert together("ada and not dan", *places) == [("ada", "body", 0)]


def test_words_begin_behind_anything_that_is_no_letter() -> None:
    assert word_starts("Ada, „Quint“\n\nund-so 7x") == [0, 6, 14, 18, 21]


ACTORS = """
[ada]
name = "Ada Quint"
kind = "person"
tags = ["rat"]

[bund]
name = "Neuer Bund"
kind = "organisation"
"""


def problems(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "a.toml"
    path.write_text(ACTORS + text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load_watchlists(tmp_path)
    assert all(p.startswith(str(path)) for p in error.value.problems), error.value.problems
    return error.value.problems


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ('when = "ada and niemand"', "duo: when: niemand is no actor of these watchlists"),
        ('when = "adda and bund"', 'duo: when: adda is no actor of these watchlists, did you mean "ada"?'),
        ('when = "group:bund"', "organisation, not group"),
        ('when = "ada and tag:sport"', 'duo: when: no actor has the tag "sport"'),
        ('when = "ada and duo"', "duo: when: duo is a rule: a rule combines actors"),
        ('when = "ada and not trio"', "duo: when: trio is a rule: a rule combines actors"),
        ('when = "ada and not niemand"', "duo: when: niemand is no actor"),
        ('when = "ada and"', "duo: when: ends where a name should stand"),
        ('when = ""', "duo: when: ends where a name should stand"),
        ('wenn = "ada"', 'duo: wenn: unknown key, did you mean "when"?'),
        ('name = "Zwei"', "duo: when: missing"),
        ("when = 3", "duo: when:"),
        ('when = "ada"\nkind = "person"', "duo: kind:"),
        ('when = "ada"\nid = "duo"', "duo.id: unknown key; the id is the table's name"),
    ],
)
def test_a_rule_that_cannot_work_is_refused(tmp_path: Path, rule: str, sentence: str) -> None:
    text = f'[rules.duo]\n{rule}\n\n[rules.trio]\nwhen = "ada and bund"\n'
    assert any(sentence in p for p in problems(tmp_path, text)), problems(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[rules]\nduo = "ada and bund"\n', "duo: stands outside of a table; one begins with [rules.id]"),
        ('[rules.Duo]\nwhen = "ada"\n', '[Duo]: an id has small letters, digits, ".", "-" and "_"'),
        ('[rules.ada]\nwhen = "bund"\n', "ada: stands in"),
        ('[[rules]]\nwhen = "ada"\n', "rules: a rule is a table: [rules.name] and below it when = ..."),
    ],
)
def test_the_table_of_rules_has_its_form(tmp_path: Path, text: str, sentence: str) -> None:
    assert any(sentence in p for p in problems(tmp_path, text)), problems(tmp_path, text)


def test_an_actor_that_is_wrong_has_one_sentence_only(tmp_path: Path) -> None:
    text = '[bo]\nname = "Bo Tamm"\nkind = "persno"\n\n[rules.duo]\nwhen = "ada and bo"\n'
    assert len(problems(tmp_path, text)) == 1


def test_a_rule_may_name_actors_of_another_file(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[rules.duo]\nname = "Rat und Bund"\nwhen = "tag:rat and organisation:bund within 9"\n')
    (tmp_path / "b.toml").write_text(ACTORS)
    rule = load_watchlists(tmp_path).rules["duo"]
    assert (rule.name, rule.kind, rule.condition) == ("Rat und Bund", "rule", parse(rule.when))
