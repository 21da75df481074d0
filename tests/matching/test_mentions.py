"""Which actors a story names, where, and why."""

from __future__ import annotations

import pytest

from newswatch.matching import derive_events, examine, examine_story, find_mentions, is_touched
from newswatch.matching.events import ActorHistory
from newswatch.revisions import content
from newswatch.story import Entry, Passage
from tests.conftest import make_story
from tests.matching.watching import QUINT, found, misses, watch

# ---------------------------------------------------------------- whole words


@pytest.mark.parametrize(
    "text",
    ["Ada Quint kam.", "Da kam Quint.", "Quint-Vertraute", "Anti-Quint-Protest", "„Quint“", "(Quint)", "Quint", "Quint/Tamm", "…Quint…"],
)
def test_a_whole_name_counts_and_a_hyphen_ends_it(text: str) -> None:
    assert found(text) and found(text)[0][0] == "quint"


@pytest.mark.parametrize("text", ["Quintessenz", "Requint", "quint", "Quint_x", "x_Quint", "Quint7", "Quintа", "QuInt", "7Quint"])
def test_part_of_a_word_or_other_letters_do_not(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("Der Rat um Ada\u00a0Quint tagte.", "Ada\u00a0Quint"),
        ("Der Rat um Ada\nQuint tagte.", "Ada\nQuint"),
        ("Der Rat um Ada-Quint tagte.", "Ada-Quint"),
        ("Der Rat um Ada Qu\u00adint tagte.", "Ada Qu\u00adint"),
        ("Der Rat um \u202bQuint\u202c tagte.", "Quint"),
        ("Der Rat und ADA QUINT tagten.", "ADA QUINT"),
        ("Der Rat und QUINT tagten.", "QUINT"),
        ("Quint’s Rat", "Quint’s"),
    ],
)
def test_spaces_hidden_letters_and_capitals_are_no_matter(text: str, surface: str) -> None:
    assert found(text) == [("quint", surface)]


def test_a_name_does_not_cross_paragraphs_or_fields() -> None:
    watchlist = watch(quint={"name": "Ada Quint"})
    assert found("Da kam Ada\n\nQuint blieb.", watchlist) == []
    assert examine({"title": "Ada", "lead": "Quint"}, watchlist).mentions == []


# ---------------------------------------------------------------- the rule path

SORTS = watch(
    quint={"name": "Ada Quint", "weak": ["Quint"]},
    roemer={"name": "Jo Römer", "weak": ["Römer", {"text": "Groß", "near": ["Rat"]}]},
    torlow={"name": "Торлов"},
    nato={"name": "NORD", "kind": "organisation", "names": [{"text": "BUND", "case": "exact"}]},
    see={"name": "Haus am See", "kind": "place"},
    flotte={"name": "Flotte", "kind": "topic", "phrases": ["graue Flotte", "Schattenbank*"]},
    lavrow={"name": "Иван Торлов", "scripts": ["latin"]},
)


@pytest.mark.parametrize(
    ("text", "surface", "rule"),
    [
        ("Da kam Ada Quint.", "Ada Quint", "strong name Ada Quint"),
        ("Da kam Quint.", "Quint", "weak name Quint"),
        ("Das ist Quints Rat.", "Quints", "weak name Quint + genitive -s"),
        ("Das ist Ada Quints Rat.", "Ada Quints", "strong name Ada Quint + genitive -s"),
        ("Die Quint-Vertraute kam.", "Quint", "weak name Quint + hyphen"),
        ("Der Anti-Quint-Protest kam.", "Quint", "weak name Quint + hyphen"),
        ("Das ist Quints-Rat der Stadt.", "Quints", "weak name Quint + genitive -s + hyphen"),
        ("Die QUINT kam.", "QUINT", "weak name Quint + capitals"),
        ("Der Rat der QUINTS und der Stadt.", "QUINTS", "weak name Quint + capitals + genitive -s"),
        ("Die Quintanhänger und der Rat der Stadt.", "Quintanhänger", "weak name Quint + compound -anhänger"),
        ("Der Rat und Roemer sind in der Stadt.", "Roemer", "weak name Römer + ae for ä"),
        ("Der Rat und Gross sind da.", "Gross", "weak name Groß + ae for ä + near Rat"),
        ("Об этом сообщил мэр, который был с Торловым после ночи.", "Торловым", "strong name Торлов + instrumental -ым"),
        ("Der Rat und Nord sind in der Stadt.", "Nord", "strong name NORD + acronym as a word"),
        ("Der Rat und die Schattenbanken der Stadt.", "Schattenbanken", "phrase Schattenbank* + any ending"),
        ("Das ist die GRAUE FLOTTE der Stadt.", "GRAUE FLOTTE", "phrase graue Flotte"),
        ("Das ist der Rat der Grauen Flotte der Stadt.", "Grauen Flotte", "phrase graue Flotte"),
        ("Das ist der Rat des Hauses am See.", "Hauses am See", "strong name Haus am See + genitive -es"),
        ("Der Rat und Iwan Torlow sind da.", "Iwan Torlow", "strong name Iwan Torlow + German spelling of Иван Торлов"),
    ],
)
def test_a_mention_says_how_its_letters_became_the_name(text: str, surface: str, rule: str) -> None:
    assert {m.surface: m.rule for m in examine({"body": text}, SORTS).mentions}.get(surface) == rule


def test_a_mention_says_where_and_why() -> None:
    mention = find_mentions(make_story(), QUINT)[0]
    assert (mention.field, mention.name, mention.rule) == ("body", "Ada Quint", "strong name Ada Quint")
    assert "Ada Quint" in mention.snippet and not mention.is_ambiguous and mention.entry is None


def test_letters_of_the_watchlist_are_told_not_those_of_the_text() -> None:
    (mention,) = examine({"body": "Der Rat und ADA QUINTS"}, watch(quint={"name": "Ada Quint"})).mentions
    assert (mention.name, mention.surface) == ("Ada Quint", "ADA QUINTS")


# ---------------------------------------------------------------- who wins


def test_the_longest_name_counts_once() -> None:
    assert found("Ada Quint und Quint") == [("quint", "Ada Quint"), ("quint", "Quint")]


def test_a_longer_name_of_another_actor_wins() -> None:
    two = watch(quint={"name": "Ada Quint", "weak": ["Quint"]}, quintus={"name": "Jo Quint"})
    assert found("Jo Quint sprach.", two) == [("quintus", "Jo Quint")]
    assert misses("Jo Quint sprach.", two) == [("Quint", "behind the given name Jo")]


def test_a_name_that_overlaps_a_longer_one_gives_way() -> None:
    two = watch(rat={"name": "Rat Nord", "kind": "group"}, bund={"name": "Nord Bund Mitte", "kind": "group"})
    assert found("Der Rat Nord Bund Mitte tagte.", two) == [("bund", "Nord Bund Mitte")]
    assert misses("Der Rat Nord Bund Mitte tagte.", two) == [("Rat Nord", "inside the longer name Nord Bund Mitte")]


def test_a_strong_name_has_the_better_claim() -> None:
    two = watch(a={"name": "Ada Quint", "weak": ["Tamm"]}, b={"name": "Tamm", "kind": "place"})
    assert found("Da liegt Tamm.", two) == [("b", "Tamm")]
    assert misses("Da liegt Tamm.", two) == [("Tamm", "b has the better claim on it")]


def test_two_actors_with_one_strong_name_are_ambiguous_and_flag_neither() -> None:
    two = watch(a={"name": "Ada Quint"}, b={"name": "Ada Quint"})
    mentions = examine({"body": "Da kam Ada Quint."}, two).mentions
    assert [(m.actor, m.surface, m.is_ambiguous) for m in mentions] == [("a", "Ada Quint", True), ("b", "Ada Quint", True)]
    assert derive_events(ActorHistory(), mentions) == []


def test_two_weak_names_alike_are_ambiguous_too() -> None:
    two = watch(a={"name": "Ada Quint", "weak": ["Quint"]}, b={"name": "Bo Quint", "weak": ["Quint"]})
    assert [(m.actor, m.is_ambiguous) for m in examine({"body": "Da kam Quint."}, two).mentions] == [("a", True), ("b", True)]


def test_the_strong_name_of_one_in_the_story_settles_whose_the_weak_one_is() -> None:
    two = watch(
        a={"name": "Bund Nord", "kind": "group", "weak": ["Bund"]},
        b={"name": "Bund Süd", "kind": "group", "weak": ["Bund"]},
    )
    mentions = examine({"title": "Der Bund tagt", "body": "Das ist der Bund Nord."}, two).mentions
    assert [(m.actor, m.surface, m.is_ambiguous) for m in mentions] == [("a", "Bund", False), ("a", "Bund Nord", False)]
    assert mentions[0].rule == "weak name Bund + strong name in the story"


# ---------------------------------------------------------------- not


def test_what_not_covers_does_not_count_but_the_rest_of_the_story_does() -> None:
    assert found("Am Quint-Platz stand Quint.") == [("quint", "Quint")]
    one = watch(quint={"name": "Ada Quint", "weak": ["Quint"], "not": ["Haus Quint"]})
    assert misses("Am Haus Quint stand Quint.", one) == [("Quint", 'excluded by not "Haus Quint"')]


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("Richard Wacht und die Söldner", []),
        ("Wacht, nicht Richard Wacht, und die Söldner", ["Wacht"]),
        ("Das Werk Richard Wachts und die Söldner", []),
        ("RICHARD WACHT und die Söldner", []),
        ("Richard\u00a0Wa\u00adcht und die Söldner", []),
        ("Die Wachtspiele und die Söldner", []),
        ("Die Wacht und die Söldner", ["Wacht"]),
    ],
)
def test_a_span_of_not_takes_out_what_it_touches_in_any_form(text: str, surfaces: list[str]) -> None:
    one = watch(
        wacht={
            "name": "Nordwacht",
            "kind": "group",
            "weak": [{"text": "Wacht", "near": ["Söldner"]}],
            "not": ["Richard Wacht", "Wachtspiel*"],
        }
    )
    assert [s for _, s in found(text, one)] == surfaces


def test_not_of_one_actor_is_no_matter_for_another() -> None:
    two = watch(a={"name": "Ada Quint", "weak": ["Quint"], "not": ["Quint"]}, b={"name": "Bo Quint", "weak": ["Quint"]})
    assert found("Da kam Quint.", two) == [("b", "Quint")]


# ---------------------------------------------------------------- fields, entries, rules


def test_every_field_is_searched_and_the_most_prominent_comes_first() -> None:
    story = make_story(title="Quint geht", kicker="Quint", lead="Quint", caption="Quint", sources=("quint.example", "Quint"))
    assert [m.field for m in find_mentions(story, QUINT)] == ["title", "kicker", "lead", "body", "caption", "sources"]


def test_a_place_is_one_of_its_own_field() -> None:
    story = make_story(title="🙂 Quint", kicker="e\u0301 Quint", lead="\u00adQuint", sources=("x", "Quint"))
    fields = content(story)
    assert [fields[m.field][m.start : m.end] for m in find_mentions(story, QUINT)] == ["Quint"] * 3 + ["Ada Quint", "Quint"]


def test_what_is_not_among_the_fields_is_not_searched() -> None:
    assert examine({"other_titles": "Ada Quint", "authors": "Ada Quint", "title": "Rat"}, QUINT).mentions == []


LIVEBLOG = make_story(
    title="Liveblog",
    lead=None,
    body=(
        Passage("10:05", ("Der Rat tagt.",)),
        Passage("10:02", ("Ada Quint kam.", "Sie blieb.")),
        Passage("10:01", ("Quint geht aus dem Haus.",)),
        Passage(None, ("Redaktion: Quint",)),
    ),
    entries=(
        Entry("e3", None, "10:05", "Der Rat tagt."),
        Entry("e2", None, "10:02", "Ada Quint kam.\n\nSie blieb."),
        Entry("e1", None, "10:01", "Quint geht aus dem Haus."),
        Entry("e0", None, None, "Das steht nicht mehr da."),
    ),
)


def test_a_mention_in_a_liveblog_says_its_entry() -> None:
    assert [(m.surface, m.entry) for m in find_mentions(LIVEBLOG, QUINT)] == [("Ada Quint", "e2"), ("Quint", "e1"), ("Quint", None)]


def test_the_headline_of_an_entry_belongs_to_it() -> None:
    body = "10:02 Quint kommt\n\nSie blieb.\n\n10:01 Quint geht\n\nSie ging."
    entries = [("e2", "10:02 Quint kommt", "Sie blieb."), ("e1", "10:01 Quint geht", "Sie ging.")]
    assert [(m.start, m.entry) for m in examine({"body": body}, QUINT, entries=entries).mentions] == [(6, "e2"), (37, "e1")]


def test_entries_are_those_of_the_body_only() -> None:
    out = examine({"title": "Ada Quint", "body": "Ada Quint"}, QUINT, entries=[("e1", None, "Ada Quint")])
    assert [m.entry for m in out.mentions] == [None, "e1"]


DUO = watch(
    ada={"name": "Ada Quint", "tags": ["rat"]},
    bo={"name": "Bo Tamm", "tags": ["rat"]},
    twin={"name": "Bo Tamm II", "names": ["Bo Zwilling"]},
    bund={"name": "Neuer Bund", "kind": "group"},
    rules={
        "duo": {"when": "ada and bo", "name": "Die zwei"},
        "nah": {"when": "ada and bund within 3"},
        "ohne": {"when": "tag:rat and not bund"},
    },
)


def hits(**fields: str) -> list[tuple[str, str, int]]:
    return [(m.actor, m.field, m.start) for m in examine(fields, DUO).mentions if m.rule.startswith("rule ")]


def test_a_rule_has_one_mention_at_the_most_prominent_of_its_places() -> None:
    assert hits(title="Rat um Bo Tamm", body="Ada Quint und Bo Tamm. Neuer Bund.") == [("duo", "title", 7), ("nah", "body", 0)]
    (mention,) = (m for m in examine({"body": "Neuer Bund, Ada Quint, Bo Tamm"}, DUO).mentions if m.actor == "duo")
    assert (mention.name, mention.rule, mention.surface) == ("Die zwei", "rule ada and bo: ada + bo", "Ada Quint")


def test_rules_stand_behind_the_actors() -> None:
    mentions = examine({"body": "Ada Quint und Bo Tamm"}, DUO).mentions
    assert [m.actor for m in mentions] == ["ada", "bo", "duo", "ohne"]


@pytest.mark.parametrize(
    ("fields", "rules"),
    [
        ({"body": "Ada Quint"}, {"ohne"}),
        ({"body": "Ada Quint. Neuer Bund"}, {"nah"}),
        ({"body": "Ada Quint und der ganz Neue Bund"}, {"nah"}),
        ({"body": "Ada Quint sah dort am Tag den Neuen Bund"}, set()),
        ({"title": "Ada Quint", "body": "Neuer Bund"}, set()),
        ({"body": "Neuer Bund"}, set()),
        ({"body": "Nichts"}, set()),
    ],
)
def test_rules_hold_where_their_words_say(fields: dict[str, str], rules: set[str]) -> None:
    assert {actor for actor, _, _ in hits(**fields)} == rules


def test_an_ambiguous_mention_is_nobodys_for_a_rule() -> None:
    twins = watch(a={"name": "Ada Quint"}, b={"name": "Ada Quint"}, c={"name": "Bo Tamm"}, rules={"r": {"when": "a and c"}})
    assert [m.actor for m in examine({"body": "Ada Quint und Bo Tamm"}, twins).mentions] == ["a", "b", "c"]


def test_any_name_touches_a_story_even_one_that_does_not_count() -> None:
    assert is_touched({"body": "Da kam Max Quint."}, QUINT) and is_touched({"title": "Ada Quint"}, QUINT)
    assert not is_touched({"body": "Da kam niemand."}, QUINT)


def test_an_empty_watchlist_finds_nothing() -> None:
    assert find_mentions(make_story(), watch()) == [] and not is_touched({"body": "Ada Quint"}, watch())


def test_what_the_page_states_decides_where_the_words_do_not() -> None:
    one = watch(quint={"name": "Kwint", "weak": []})
    assert found("Kwintem", one, "pl") == [("quint", "Kwintem")]
    assert found("Kwintem", one, "de") == []
    story = make_story(title="Kwintem", lead=None, body=(Passage(None, ("x",)),), language="pl-PL")
    assert [m.surface for m in examine_story(story, one).mentions] == ["Kwintem"]
