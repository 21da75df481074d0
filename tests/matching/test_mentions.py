"""Which actors a story names, where, and why."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.flagging import actor_of, score
from newswatch.matching import Actor, Rule, Watchlist, derive_events, examine, examine_story, find_mentions, is_touched
from newswatch.matching.events import ActorHistory
from newswatch.matching.mentions import MOST_MENTIONS, SNIPPET, snippet
from newswatch.revisions import MENTION_FIELDS, content
from newswatch.story import Entry, Mention, Passage, Story
from tests.conftest import SHARED, make_story


def watch(**tables: dict) -> Watchlist:
    rules = {key: Rule.model_validate({"id": key} | table) for key, table in tables.pop("rules", {}).items()}
    actors = {key: Actor.model_validate({"id": key, "kind": "person"} | table) for key, table in tables.items()}
    return Watchlist(actors, rules)


QUINT = watch(quint={"name": "Ada Quint", "weak": ["Quint"], "not": ["Quint-Platz"]})


def found(text: str, watchlist: Watchlist = QUINT, language: str | None = "de") -> list[tuple[str, str]]:
    return [(m.actor, m.surface) for m in examine({"body": text}, watchlist, language=language).mentions]


def rules_of(text: str, watchlist: Watchlist = QUINT, language: str | None = "de") -> list[str]:
    return [m.rule for m in examine({"body": text}, watchlist, language=language).mentions]


def misses(text: str, watchlist: Watchlist = QUINT, language: str | None = "de") -> list[tuple[str, str]]:
    return [(m.mention.surface, m.reason) for m in examine({"body": text}, watchlist, language=language, misses=True).misses]


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
        ("Der Rat und die Schattenbanken der Stadt.", "Schattenbanken", "strong name Schattenbank* + any ending"),
        ("Das ist die GRAUE FLOTTE der Stadt.", "GRAUE FLOTTE", "strong name graue Flotte"),
        ("Das ist der Rat der Grauen Flotte der Stadt.", "Grauen Flotte", "strong name graue Flotte"),
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


# ---------------------------------------------------------------- near and within

WACHT = watch(
    wacht={"name": "Nordwacht", "kind": "group", "weak": [{"text": "Wacht", "near": ["Miliz*", "@quint"], "within": 3}]},
    quint={"name": "Ada Quint"},
)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Die Wacht der Milizionäre", True),
        ("Milizionäre: die Wacht", True),
        ("Die MILIZEN der Wacht", True),
        ("Die Wacht und ihre Chefin Ada Quint", True),
        ("Die Wacht und ihre Chefin Ada Quints", True),
        ("Ada Quint und ihre Wacht", True),
        ("Die Wacht hielt den ganzen langen Tag lang still, sagte eine Miliz", False),
        ("Die Wacht am Deich", False),
        ("Die Wacht und die Bürgermiliz", False),
        ("Eins zwei Miliz eins zwei drei vier Wacht eins zwei drei vier Miliz", False),
        ("Eins zwei Miliz eins zwei drei Wacht eins zwei drei vier Miliz", True),
    ],
)
def test_a_weak_name_with_near_needs_its_company_within_the_words(text: str, counts: bool) -> None:
    assert (("wacht", "Wacht") in found(text, WACHT)) is counts


@pytest.mark.parametrize(("words", "counts"), [(2, True), (3, True), (4, False)])
def test_within_counts_the_words_between(words: int, counts: bool) -> None:
    between = " ".join(["wort"] * words)
    assert (("wacht", "Wacht") in found(f"Wacht {between} Milizen", WACHT)) is counts
    assert (("wacht", "Wacht") in found(f"Milizen {between} Wacht", WACHT)) is counts


@pytest.mark.parametrize("place", ["title", "lead", "caption"])
def test_within_means_the_same_field(place: str) -> None:
    fields = {place: "Die Miliz", "body": "Wacht am Deich"}
    assert examine(fields, WACHT).mentions == []
    free = watch(wacht={"name": "Nordwacht", "kind": "group", "weak": [{"text": "Wacht", "near": ["Miliz"]}]})
    assert [m.actor for m in examine(fields, free).mentions] == ["wacht"]


def test_near_says_which_company_it_found_and_which_was_missing() -> None:
    assert rules_of("Die Wacht der Milizionäre", WACHT) == ["weak name Wacht + near Miliz*"]
    assert misses("Die Wacht am Deich", WACHT) == [("Wacht", "nothing of near within 3 words: Miliz*, @quint")]
    free = watch(wacht={"name": "Nordwacht", "kind": "group", "weak": [{"text": "Wacht", "near": ["Miliz"]}]})
    assert misses("Die Wacht am Deich", free) == [("Wacht", "nothing of near in the story: Miliz")]


def test_a_weak_name_is_no_company_for_another() -> None:
    two = watch(
        a={"name": "Nordwacht", "kind": "group", "weak": [{"text": "Wacht", "near": ["@b"]}]},
        b={"name": "Südbund", "kind": "group", "weak": [{"text": "Bund", "near": ["@a"]}]},
    )
    assert found("Die Wacht und der Bund", two) == []


def test_a_name_that_not_takes_out_is_no_company() -> None:
    one = watch(
        a={"name": "Nordwacht", "kind": "group", "weak": [{"text": "Wacht", "near": ["@b"]}]},
        b={"name": "Ada Quint", "not": ["Ada Quint Platz"]},
    )
    assert found("Die Wacht am Ada Quint Platz", one) == []


def test_the_own_strong_name_is_company_too() -> None:
    one = watch(a={"name": "Nordwacht", "kind": "group", "weak": [{"text": "NW", "case": "exact", "near": ["@name"], "within": 2}]})
    assert found("Nordwacht (NW)", one) == [("a", "Nordwacht"), ("a", "NW")]
    assert found("NW", one) == []


def test_a_weak_name_that_is_switched_off_is_not_looked_for() -> None:
    off = watch(a={"name": "Ada Quint", "weak": [{"text": "Quint", "on": False}]})
    assert found("Da kam Quint.", off) == misses("Da kam Quint.", off) == []


# ---------------------------------------------------------------- organisations need evidence

BUND = watch(
    bund={"name": "Neuer Bund", "kind": "organisation", "weak": ["Bund"]},
    wacht={"name": "Nordwacht", "kind": "group", "weak": ["Wacht"]},
    tamm={"name": "Tamm", "kind": "place", "weak": ["Deich"]},
)


@pytest.mark.parametrize(
    ("text", "surface", "why"),
    [
        ("Der Bund-Chef sprach.", "Bund", "Chef"),
        ("Die Bund-Sprecherin sprach.", "Bund", "Sprecherin"),
        ("Das sagte der „Bund“ dazu.", "Bund", "in quotation marks"),
        ("Das sagte der »Bund« dazu.", "Bund", "in quotation marks"),
        ('Das sagte der "Bund" dazu.', "Bund", "in quotation marks"),
        ("Die Bund AG sprach.", "Bund", "legal form"),
        ("Die Bund GmbH sprach.", "Bund", "legal form"),
        ("Das schrieb @Bund am Tag.", "Bund", "its account"),
        ("Der Bund sprach vom Neuen Bund.", "Bund", "strong name in the story"),
        ("Das sagten der Bund und die Nordwacht.", "Bund", "in a list with Nordwacht"),
        ("Das sagten die Nordwacht, der Bund und andere.", "Bund", "in a list with Nordwacht"),
    ],
)
def test_evidence_shows_that_the_organisation_is_meant(text: str, surface: str, why: str) -> None:
    assert [m.surface for m in examine({"body": text}, BUND).mentions if " + " in m.rule and m.rule.endswith(why)] == [surface], rules_of(
        text, BUND
    )


@pytest.mark.parametrize(
    "text", ["Der Bund sprach.", "Ein Bund-Vertrag", "Der „alte Bund“ lag da.", "Bund und Wacht", "Der Bund. Die Nordwacht."]
)
def test_a_weak_name_of_an_organisation_alone_does_not_count(text: str) -> None:
    assert ("bund", "Bund") not in found(text, BUND)


def test_one_of_a_list_brings_the_next() -> None:
    assert found("Das sagten Wacht, Bund und Nordwacht.", BUND) == [("wacht", "Wacht"), ("bund", "Bund"), ("wacht", "Nordwacht")]


def test_evidence_does_not_replace_the_company_that_somebody_wrote() -> None:
    one = watch(bund={"name": "Neuer Bund", "kind": "organisation", "weak": [{"text": "Bund", "near": ["Partei"]}]})
    assert found("Der „Bund“, der Bund-Chef und die Bund AG", one) == []
    assert found("Der Bund und die Partei", one) == [("bund", "Bund")]


@pytest.mark.parametrize("kind", ["person", "place", "topic"])
def test_the_weak_names_of_others_need_no_company(kind: str) -> None:
    assert found("Da war Quint.", watch(a={"name": "Tamm", "kind": kind, "weak": ["Quint"]})) == [("a", "Quint")]


def test_a_miss_of_an_organisation_says_what_it_lacked() -> None:
    assert misses("Der Bund sprach.", BUND) == [
        ("Bund", "weak name of an organisation, without a strong one in the story or other evidence")
    ]
    assert misses("Die Wacht sprach.", BUND) == [("Wacht", "weak name of a group, without a strong one in the story or other evidence")]


# ---------------------------------------------------------------- letters


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("Der Rat und die BUND der Stadt", ["BUND"]),
        ("Der Rat und die BUNDs der Stadt", ["BUNDs"]),
        ("Die BUND-Frau", ["BUND"]),
        ("Der Rat und der Bund der Stadt", []),
        ("Der Rat und der bund der Stadt", []),
        ("Der Rat und die BUNDTRUPPE der Stadt", []),
    ],
)
def test_an_exact_name_stands_in_its_very_letters(text: str, surfaces: list[str]) -> None:
    one = watch(bund={"name": "Neuer Bund", "kind": "group", "names": [{"text": "BUND", "case": "exact"}]})
    assert [s for _, s in found(text, one)] == surfaces


@pytest.mark.parametrize(
    ("name", "text", "counts"),
    [
        ("Quint", "QUINT", True),
        ("Tamm", "TAMM", False),
        ("Jo Li", "JO LI", False),
        ("Ada Quint", "ADA QUINT", True),
        ("Ada Quint", "Ada QUINT", True),
        ("Ada Quint", "ADA Quint", False),
        ("Römer", "ROEMER", True),
        ("Römer", "ROMER", False),
        ("Groß", "GROSS", False),
        ("Strauß", "STRAUSS", True),
        ("Торлов", "ТОРЛОВ", True),
        ("Торлов", "ТОРЛОВЫМ", True),
    ],
)
def test_capitals_are_read_from_five_letters_on(name: str, text: str, counts: bool) -> None:
    assert bool(found(text, watch(a={"name": name}), None)) is counts


@pytest.mark.parametrize(
    ("name", "text", "counts"),
    [
        ("NORD", "Nord", True),
        ("NORD", "nord", False),
        ("NRD", "Nrd", False),
        ("NORD", "NORD", True),
        ("Nord", "NORD", False),
        ("NORDBUND", "Nordbund", True),
    ],
)
def test_an_acronym_of_four_letters_may_stand_as_a_word(name: str, text: str, counts: bool) -> None:
    assert bool(found(text, watch(a={"name": name, "kind": "organisation"}), None)) is counts


@pytest.mark.parametrize(
    ("name", "text", "counts"),
    [
        ("Jo Römer", "Jo Roemer", True),
        ("Jo Römer", "Jo Romer", False),
        ("Jo Römer", "Jo Ro\u0308mer", True),
        ("Jo Groß", "Jo Gross", True),
        ("Jo Roemer", "Jo Römer", False),
        ("Jo Žitek", "Jo Zitek", True),
        ("Jo Łuka", "Jo Luka", True),
        ("Jo Zitek", "Jo Žitek", False),
        ("Иван Орёл", "Иван Орел", True),
        ("Иван Орел", "Иван Орёл", True),
    ],
)
def test_umlauts_and_accents_may_be_spelt_out_and_left_out(name: str, text: str, counts: bool) -> None:
    assert bool(found(text, watch(a={"name": name}), "de")) is counts


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("Der Rat und die Quintanhänger der Stadt", ["Quintanhänger"]),
        ("Der Rat und die Quintanhängerinnen der Stadt", ["Quintanhängerinnen"]),
        ("Der Rat und das Quintlager der Stadt", ["Quintlager"]),
        ("Der Rat und die Quintallee der Stadt", []),
        ("Der Rat und die Quintessenz der Stadt", []),
        ("Der Rat und die Quintblubb der Stadt", []),
        ("The Quintlager was what they had in the city", []),
    ],
)
def test_a_closed_compound_counts_where_its_rest_is_known_in_german(text: str, surfaces: list[str]) -> None:
    assert [s for _, s in found(text)] == surfaces


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Die Quint-Allee", "named after: Quint-Allee"),
        ("Die Ada-Quint-Schule", "named after: Ada-Quint-Schule"),
        ("Die Quintallee der Stadt ist in der Nacht", "named after: Quintallee"),
        ("He was in Quint Street at that time", "named after: Quint Street"),
        ("The Ada Quint School was there for all of them", "named after: Ada Quint School"),
        ("Siehe https://quint.example/Quint/rat", "inside an address: https://quint.example/Quint/rat"),
        ("Siehe www.Quint.example", "inside an address: www.Quint.example"),
        ("An Quint@rat.example", "inside an address: Quint@rat.example"),
        ("Die Quintessenz der Sitzung", "inside another word: Quintessenz"),
        ("Die Quint_x", "inside another word: Quint_"),
        ("Da kam Max Quint.", "behind the given name Max"),
        ("Da kam Hans-Rudolf Quint.", "behind the given name Hans-Rudolf"),
        ("Da kam Max von Quint.", "behind the given name Max"),
        ("Da kam M. Quint.", "behind the initial M."),
        ("Da kam Max-Quint.", "behind the given name Max"),
    ],
)
def test_a_miss_says_its_reason(text: str, reason: str) -> None:
    assert found(text) == []
    assert reason in [r for _, r in misses(text)], misses(text)


@pytest.mark.parametrize("text", ["Da kam A. Quint.", "Da kam Ada von Quint.", "Da kam Kanzlerin Quint.", "Da kam Bürgermeister Quint."])
def test_own_names_and_offices_before_a_surname_say_nothing_against_it(text: str) -> None:
    assert found(text)


def test_a_weak_name_that_is_a_given_name_is_not_its_owner_before_a_surname() -> None:
    one = watch(gabriel={"name": "Heimo Gabriel", "weak": ["Gabriel"]})
    assert found("Da kam Gabriel.", one) and not found("Da kam Gabriel Torberg.", one)
    assert misses("Da kam Gabriel Torberg.", one) == [("Gabriel", "a given name before Torberg")]
    assert misses("Da kam Gabriel-Max Torberg.", one) == [("Gabriel", "half of the given name Gabriel-Max")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Das war der Fischer.", "an ordinary word behind der"),
        ("Da kam Fischer Jr. dazu.", "followed by Jr"),
        ("Da kam Fischer & Tamm dazu.", "part of a firm's name"),
    ],
)
def test_a_surname_that_is_a_word_or_anothers_does_not_count(text: str, reason: str) -> None:
    one = watch(fischer={"name": "Ada Fischer", "weak": ["Fischer"]})
    assert found("Da kam Fischer dazu.", one) == [("fischer", "Fischer")]
    assert found(text, one) == [] and any(r.startswith(reason) for _, r in misses(text, one)), misses(text, one)


def test_misses_are_told_only_where_they_are_asked_for() -> None:
    assert examine({"body": "Da kam Max Quint."}, QUINT).misses == []


def test_misses_of_a_story_stand_in_order() -> None:
    out = examine({"title": "Max Quint", "body": "Quintessenz von M. Quint."}, QUINT, misses=True).misses
    assert [(m.mention.field, m.mention.surface) for m in out] == [("title", "Quint"), ("body", "Quintessenz"), ("body", "Quint")]


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


# ---------------------------------------------------------------- any text at all

MANY = watch(
    quint={"name": "Ada Quint", "weak": ["Quint"], "not": ["Quint-Platz", "Quint am*"]},
    max={"name": "Max Quint", "weak": [{"text": "Max", "near": ["@bund", "Rat*"], "within": 4}]},
    bund={"name": "Neuer Bund", "kind": "organisation", "weak": ["Bund", {"text": "NB", "case": "exact", "near": ["@name"]}]},
    torlov={"name": "Иван Торлов", "weak": ["Торлов"], "scripts": ["latin"]},
    roemer={"name": "Jo Römer", "names": ["J. Römer"], "weak": ["Römer"]},
    see={"name": "Haus am See", "kind": "place"},
    quer={"name": "Bund am See", "kind": "group", "names": ["Quint Bund"]},
    flotte={"name": "graue Flotte", "kind": "topic", "phrases": ["graue Flotte", "Bund*"]},
    rules={"r": {"when": "quint and bund within 9"}},
)

PIECES = [
    *(
        "Ada",
        "Quint",
        "Max",
        "Neuer",
        "Neuen",
        "Bund",
        "NB",
        "Иван",
        "Торлов",
        "Iwan",
        "Torlow",
        "Jo",
        "J.",
        "Römer",
        "Ro\u0308mer",
        "Roemer",
    ),
    *(
        "Haus",
        "am",
        "See",
        "graue",
        "Flotte",
        "Rat",
        "Platz",
        "QUINT",
        "ADA",
        "ТОРЛОВ",
        "quint",
        "Chef",
        "GmbH",
        "von",
        "M.",
        "и",
        "der",
        "the",
    ),
    *("s", "es", "'s", "’s", "ым", "а", "em", "anhänger", "allee", "sche", "n", "'", "’"),
    *("\u00ad", "\u0301", "\u0308", "\u0323", "🙂", "\u202b", "\u202c", "\u200b", "\ufe0f", "𝒜", "\x00"),
    *(
        " ",
        " ",
        " ",
        " ",
        "\u00a0",
        "-",
        "-",
        "‑",
        "–",
        "\n",
        "\n\n",
        "\t",
        "\u2028",
        ".",
        ", ",
        "„",
        "“",
        '"',
        "@",
        "://",
        "/",
        "_",
        "ł",
        "ß",
    ),
]

TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


def check(story: Story) -> None:
    """What is true of the mentions of any story."""
    fields = content(story)
    out = examine(fields, MANY, language=story.language, misses=True)
    for mention in [*out.mentions, *(m.mention for m in out.misses)]:
        text = fields[mention.field]
        assert 0 <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.surface
        assert len(mention.snippet) <= SNIPPET and len(mention.snippet.splitlines()) <= 1
        assert mention.actor in MANY.actors or mention.actor in MANY.rules
    assert all(m.reason for m in out.misses)
    own = [m for m in out.mentions if m.actor in MANY.actors]
    places = [(MENTION_FIELDS.index(m.field), m.start, m.end, m.actor) for m in own]
    assert places == sorted(places)
    clear = [m for m in own if not m.is_ambiguous]
    for one, other in pairwise(clear):
        assert one.field != other.field or one.end <= other.start
    for mention in own:
        rivals = {m.actor for m in own if (m.field, m.start, m.end) == (mention.field, mention.start, mention.end)}
        assert mention.is_ambiguous is (len(rivals) > 1)
    assert examine(fields, MANY, language=story.language).mentions == out.mentions
    assert is_touched(fields, MANY, story.language) or not out.mentions


def story_of(title: str, kicker: str, lead: str, body: list[str], caption: str, language: str | None) -> Story:
    passages = (Passage(None, tuple(body)),)
    return make_story(title=title, kicker=kicker, lead=lead, body=passages, caption=caption, sources=(lead, title), language=language)


LANGUAGES = st.sampled_from([None, "de", "pl", "ru", "en"])


@given(TEXTS, TEXTS, TEXTS, st.lists(TEXTS, max_size=3), TEXTS, LANGUAGES)
def test_of_names_endings_and_odd_letters_in_any_order(
    title: str, kicker: str, lead: str, body: list[str], caption: str, language: str | None
) -> None:
    check(story_of(title, kicker, lead, body, caption, language))


@given(st.text(), st.text(), st.text(), st.lists(st.text(), max_size=2), st.text(), LANGUAGES)
def test_of_any_letters_at_all(title: str, kicker: str, lead: str, body: list[str], caption: str, language: str | None) -> None:
    check(story_of(title, kicker, "Ada Quint " + lead, body, caption + "Quint", language))


@given(st.text(alphabet="ab \n", max_size=500), st.integers(0, 400), st.integers(0, 20))
def test_a_snippet_is_short_and_one_line(text: str, start: int, length: int) -> None:
    start = min(start, len(text))
    cut = snippet(text, start, min(len(text), start + length))
    assert len(cut) <= SNIPPET and "\n" not in cut


def test_a_snippet_is_cut_between_words() -> None:
    text = "wort " * 40 + "Ada Quint" + " wort" * 40
    cut = snippet(text, 200, 209)
    assert cut.startswith("… wort ") and cut.endswith(" wort …") and "Ada Quint" in cut


# ---------------------------------------------------------------- the benchmark, where it is at hand

BENCH = SHARED / "bench" / "flagging"

at_hand = pytest.mark.skipif(not (BENCH / "gold.jsonl").is_file(), reason="the flagging benchmark is not here")


@at_hand
def test_the_places_of_the_benchmark_cut_out_their_surfaces() -> None:
    made = [actor_of(a) for a in json.loads((BENCH / "actors.json").read_text(encoding="utf-8"))]
    watchlist = Watchlist({a.id: a for a in made})
    number = 0
    for line in (BENCH / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        text = json.loads(line)["text"]
        mentions: list[Mention] = examine({"body": text}, watchlist, language="de").mentions
        assert all(text[m.start : m.end] == m.surface for m in mentions)
        number += len(mentions)
    assert number > 500


@at_hand
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize(("part", "floor"), [("de_sent_germeval", 90), ("de_news_smartdata", 86.5), ("challenge", 95)])
def test_the_benchmark_is_flagged_as_well_as_it_was(part: str, floor: float) -> None:
    assert score(BENCH, only=part)[part]["f1"] >= floor


# ---------------------------------------------------------------- bounds

MB = 1_000_000


def filled(piece: str, length: int = 5 * MB) -> str:
    return (piece * (length // len(piece) + 1))[:length]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(filled("Da kam Ada Quint aus dem Rat. ")[: 5 * MB], id="5 MB in one line"),
        pytest.param("Quint " * 200_000, id="200,000 weak names"),
        pytest.param("Ada Quint " * 200_000, id="200,000 strong names"),
        pytest.param("Quint\n" * 200_000, id="200,000 lines"),
        pytest.param("Quint\n\n" * 200_000, id="200,000 paragraphs"),
        pytest.param("Bund, " * 200_000 + "Neuer Bund", id="a list of 200,000"),
    ],
)
def test_of_very_many_mentions_five_thousand_are_kept(text: str) -> None:
    out = examine({"title": "Der Neue Bund", "body": text}, MANY, language="de")
    assert len(out.mentions) == MOST_MENTIONS and out.is_cut


def test_five_thousand_are_not_cut() -> None:
    one = watch(quint={"name": "Ada Quint"})
    assert not examine({"body": "Ada Quint " * MOST_MENTIONS}, one).is_cut
    assert examine({"body": "Ada Quint " * (MOST_MENTIONS + 1)}, one).is_cut


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(filled("Quintessenz"), id="no space"),
        pytest.param(filled("Quint"), id="names without a space"),
        pytest.param(filled("q"), id="one letter"),
        pytest.param(filled("Я"), id="one Cyrillic letter"),
        pytest.param(filled("-"), id="hyphens"),
        pytest.param(filled("'"), id="apostrophes"),
        pytest.param(filled("’"), id="typographic apostrophes"),
        pytest.param(filled("\u00ad"), id="soft hyphens"),
        pytest.param(filled("\u0301"), id="combining marks"),
        pytest.param(filled("e\u0301", MB), id="decomposed letters"),
        pytest.param(filled("\u202b"), id="RTL marks"),
        pytest.param(filled("🙂"), id="emoji"),
        pytest.param("\n" * MB, id="newlines"),
        pytest.param(filled(" "), id="spaces"),
        pytest.param("Ada" + filled(" ") + "und nichts", id="half a name and spaces"),
        pytest.param("Quint" + filled("versteher"), id="an endless compound"),
        pytest.param(filled("wort-") + "x", id="an endless chain"),
    ],
)
def test_a_text_without_a_name_comes_to_an_end(text: str) -> None:
    out = examine({"title": "Nichts", "body": text}, MANY, language="de")
    assert out.mentions == [] and not out.is_cut


@pytest.mark.parametrize("text", ["Max Quint ", "Bo Bund und ", "NB ", "Ein Wort und Max "])
def test_two_hundred_thousand_places_that_do_not_count_come_to_an_end(text: str) -> None:
    watchlist = watch(
        quint={"name": "Ada Quint", "weak": ["Quint"]},
        bund={"name": "Neuer Bund", "kind": "group", "weak": [{"text": "Bund", "near": ["@quint", "Miliz*", "Rat"], "within": 30}]},
        nb={"name": "Alter Bund", "kind": "group", "weak": [{"text": "NB", "near": ["@name"]}, {"text": "Max", "near": ["@nb", "@bund"]}]},
    )
    for misses in (False, True):
        out = examine({"body": text * 200_000}, watchlist, language="de", misses=misses)
        assert out.mentions == [] and out.is_cut


@pytest.mark.parametrize(
    "before", ["von der ", "von ", "M. ", "M. N. ", "Petrowitsch Iwanowitsch ", "von M. ", "Quint-", "Ada-", "Rat, ", "(", "@", "„"]
)
@pytest.mark.parametrize("start", ["", "x", "Da kam "])
def test_whatever_stands_before_a_name_is_looked_at_so_far_only(start: str, before: str) -> None:
    out = examine({"body": start + before * 3000 + "Quint"}, QUINT, language="de", misses=True)
    assert len(out.mentions) + len(out.misses) >= 1


def test_a_chain_of_names_comes_to_an_end() -> None:
    out = examine({"body": filled("Quint-")}, QUINT, language="de")
    assert len(out.mentions) == MOST_MENTIONS and out.is_cut
