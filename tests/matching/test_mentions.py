"""Which actors a story names, where, and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswatch.matching import Actor, Watchlist, find_mentions
from newswatch.matching.mentions import SNIPPET, snippet
from newswatch.revisions import content
from newswatch.story import Mention, Passage
from tests.conftest import make_story


def watch(**tables: dict) -> Watchlist:
    return Watchlist({key: Actor.model_validate({"id": key, "kind": "person"} | table) for key, table in tables.items()})


QUINT = watch(quint={"name": "Ada Quint", "weak": ["Quint"], "not": ["Quint-Platz"]})


def found(text: str, watchlist: Watchlist = QUINT) -> list[tuple[str, str]]:
    story = make_story(title="Ohne Namen", lead=None, body=(Passage(None, (text,)),))
    return [(m.actor, m.surface) for m in find_mentions(story, watchlist)]


@pytest.mark.parametrize(
    "text", ["Ada Quint kam.", "Da kam Quint.", "Quint-Vertraute", "Anti-Quint-Protest", "„Quint“", "(Quint)", "Quint"]
)
def test_a_whole_name_counts_and_a_hyphen_ends_it(text: str) -> None:
    assert found(text) and found(text)[0][0] == "quint"


@pytest.mark.parametrize("text", ["Quintessenz", "Requint", "quint", "Quint_x", "Quint7", "Quintа"])
def test_part_of_a_word_or_other_letters_do_not(text: str) -> None:
    assert found(text) == []


def test_the_longest_name_counts_once() -> None:
    assert found("Ada Quint und Quint") == [("quint", "Ada Quint"), ("quint", "Quint")]


def test_a_longer_name_of_another_actor_wins() -> None:
    two = watch(quint={"name": "Ada Quint", "weak": ["Quint"]}, quintus={"name": "Jo Quint"})
    assert found("Jo Quint sprach.", two) == [("quintus", "Jo Quint")]


def test_two_actors_with_one_name_both_count() -> None:
    two = watch(a={"name": "Ada Quint"}, b={"name": "Ada Quint"})
    assert sorted(found("Ada Quint", two)) == [("a", "Ada Quint"), ("b", "Ada Quint")]


def test_what_not_covers_does_not_count_but_the_rest_of_the_story_does() -> None:
    assert found("Am Quint-Platz stand Quint.") == [("quint", "Quint")]


WACHT = watch(
    wacht={"name": "Nordwacht", "kind": "group", "weak": [{"text": "Wacht", "near": ["Miliz*", "@quint"], "within": 3}]},
    quint={"name": "Ada Quint"},
)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Die Wacht der Milizionäre", True),
        ("Die Wacht und ihre Chefin Ada Quint", True),
        ("Die Wacht hielt den ganzen langen Tag lang still, sagte eine Miliz", False),
        ("Die Wacht am Deich", False),
    ],
)
def test_a_weak_name_with_near_needs_its_company_within_the_words(text: str, counts: bool) -> None:
    assert (("wacht", "Wacht") in found(text, WACHT)) is counts


def test_every_field_is_searched_and_the_most_prominent_comes_first() -> None:
    story = make_story(title="Quint geht", kicker="Quint", lead="Quint", caption="Quint", sources=("quint.example", "Quint"))
    assert [m.field for m in find_mentions(story, QUINT)] == ["title", "kicker", "lead", "body", "caption", "sources"]


def test_a_mention_says_where_and_why() -> None:
    mention = find_mentions(make_story(), QUINT)[0]
    assert (mention.field, mention.name, mention.rule) == ("body", "Ada Quint", "strong name")
    assert "Ada Quint" in mention.snippet


LETTERS = st.text(alphabet="Ada Quint-\u00ad\u0301🙂\u202b\nЁéß", max_size=120)


@given(LETTERS)
def test_the_offsets_cut_the_surface_out_of_the_stored_text(text: str) -> None:
    story = make_story(body=(Passage(None, (text,)),), lead=text, title=text or "x")
    for mention in find_mentions(story, QUINT):
        assert content(story)[mention.field][mention.start : mention.end] == mention.surface == mention.name


@given(st.text(alphabet="ab \n", max_size=500), st.integers(0, 400), st.integers(0, 20))
def test_a_snippet_is_short_and_one_line(text: str, start: int, length: int) -> None:
    start = min(start, len(text))
    cut = snippet(text, start, min(len(text), start + length))
    assert len(cut) <= SNIPPET and "\n" not in cut


def test_a_hundred_thousand_mentions_are_cut(benchmark_text: str = "Quint " * 100_000) -> None:
    mentions: list[Mention] = find_mentions(make_story(body=(Passage(None, (benchmark_text,)),)), QUINT)
    assert len(mentions) == 5000
