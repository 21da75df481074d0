"""An actor as people read it."""

from __future__ import annotations

from newswatch.matching import Actor, Watchlist, examine
from newswatch.matching.shown import shown


def make(**table: object) -> Actor:
    return Actor.model_validate({"id": "quint", "name": "Ada Quint", "kind": "person"} | table)


def test_a_plain_actor_is_two_lines() -> None:
    assert shown(make()) == ["quint: Ada Quint (person)", "  strong    Ada Quint"]


def test_every_name_is_shown_with_its_condition() -> None:
    actor = make(
        names=["A. Quint", {"text": "AQUI", "case": "exact"}],
        weak=[
            "Quint",
            {"text": "AQ", "case": "exact", "near": ["Rat", "@name"], "within": 4},
            {"text": "Ada", "near": ["Rat*"]},
            {"text": "Quinta", "on": False},
        ],
        tags=["rat", "stadt"],
        wikidata="Q999999001",
        **{"not": ["Quint-Platz"]},
    )
    assert shown(actor) == [
        "quint: Ada Quint (person)",
        "  tag:rat, tag:stadt, Q999999001",
        "  strong    Ada Quint",
        "  strong    A. Quint",
        "  strong    AQUI (only in these letters)",
        "  weak      Quint",
        "  weak      AQ (only in these letters; near Rat, @name within 4 words)",
        "  weak      Ada (near Rat* in the story)",
        "  weak      Quinta (off: on = true switches it on)",
        "  not       Quint-Platz",
    ]


def test_the_phrases_of_a_topic_are_shown_and_its_name_is_no_name() -> None:
    assert shown(make(kind="topic", phrases=["graue Flotte"])) == ["quint: Ada Quint (topic)", "  phrase    graue Flotte"]


TORLOW = {"id": "torlow", "name": "Иван Торлов", "kind": "person", "weak": ["Торлов"], "scripts": ["latin"]}


def spellings(lines: list[str], role: str) -> dict[str, str]:
    """Generated spellings of a role and what they are spellings of."""
    out = {}
    for line in lines:
        word, _, rest = line.strip().partition(" ")
        text, _, label = rest.strip().partition("    ")
        if word == role and " spelling of " in label:
            out[text] = label
    return out


def test_generated_spellings_are_shown_with_what_they_spell() -> None:
    lines = shown(Actor.model_validate(TORLOW))
    assert spellings(lines, "strong")["Iwan Torlow"] == "German spelling of Иван Торлов"
    assert spellings(lines, "weak")["Torlow"] == "German spelling of Торлов"
    assert spellings(lines, "off") == {}
    assert lines[-1] == '  To switch a generated spelling off: without = ["..."] in the table of torlow'


def test_a_spelling_that_is_switched_off_is_shown_as_that_and_not_looked_for() -> None:
    actor = Actor.model_validate(TORLOW | {"without": ["Torlov"]})
    lines = shown(actor)
    assert list(spellings(lines, "off")) == ["Torlov"]
    assert "Torlov" not in spellings(lines, "weak") and "Iwan Torlow" in spellings(lines, "strong")
    on, off = Watchlist({"torlow": Actor.model_validate(TORLOW)}), Watchlist({"torlow": actor})
    assert [m.surface for m in examine({"body": "Da kam Torlov."}, on).mentions] == ["Torlov"]
    assert examine({"body": "Da kam Torlov."}, off).mentions == []


def test_what_is_shown_is_what_is_found() -> None:
    actor = Actor.model_validate(TORLOW)
    watchlist = Watchlist({"torlow": actor})
    for text in (*actor.strong, "Торлов", *spellings(shown(actor), "strong"), *spellings(shown(actor), "weak")):
        assert [m.surface for m in examine({"body": f"– {text} –"}, watchlist).mentions] == [text]
