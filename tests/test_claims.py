"""Whether a page is the story that somebody says it is: the texts decide."""

from __future__ import annotations

from newswatch.claims import likeness, refusal

LINES = [" ".join(f"Wort{n}{k}" for k in "abcdefghij") for n in range(9)]
FLOOD = {"title": "Die Flut steigt", "lead": "", "body": "\n\n".join(LINES)}
BUDGET = {"title": "Der Haushalt ist beschlossen", "lead": "", "body": "Der Rat hat nach langer Nacht den Haushalt der Stadt beschlossen."}


def test_another_text_under_another_headline_is_another_story() -> None:
    for said_by in ("canonical", "redirect"):
        assert "another headline, and 0 %" in (refusal(FLOOD, BUDGET, said_by) or "")


def test_the_same_text_is_the_same_story_whatever_the_headline() -> None:
    assert refusal(FLOOD, {**FLOOD, "title": "Land unter"}, "canonical") is None


def test_a_text_that_grew_or_was_cut_is_the_same_story() -> None:
    assert refusal(FLOOD, {**FLOOD, "title": "Land unter", "body": "\n\n".join(LINES[:3])}, "canonical") is None
    assert refusal({**FLOOD, "body": LINES[0]}, {**FLOOD, "title": "Land unter"}, "canonical") is None


def test_the_same_headline_alone_joins_nothing() -> None:
    weather = {"title": "Das Wetter am Tag", "lead": "", "body": "Es regnet in Nordhusum, und der Wind kommt von See."}
    other = {**weather, "body": "Die Sonne scheint den ganzen Tag über der Heide, am Abend ziehen Wolken auf."}
    assert refusal(weather, other, "canonical")


def test_a_redirect_is_believed_sooner_than_a_tag() -> None:
    new = [" ".join(f"Neu{n}{k}" for k in "abcdefghij") for n in range(6)]
    edited = {"title": "Land unter", "lead": "", "body": "\n\n".join([*LINES[:3], *new])}
    assert refusal(FLOOD, edited, "redirect") is None and refusal(FLOOD, edited, "canonical")


def test_empty_texts_are_like_nothing() -> None:
    assert likeness("", "") == 0.0 and likeness("ein Wort", "") == 0.0 and likeness("Ein Wort", "ein wort") == 1.0
