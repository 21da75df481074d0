"""What differs between two revisions: to the word, to the letter, and never for long."""

from __future__ import annotations

import itertools
import random
import time
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newswatch.differences import Differences, FieldDifference, differences, in_words
from newswatch.differences.alignment import Budget, align, longest_common
from newswatch.differences.tokens import word_counts, words_of

TEXT = (
    "Der Rat von Nordhusum hat am Abend für den neuen Anleger gestimmt.",
    "Die Bürgermeisterin Ada Quint sprach von einem guten Tag für die Stadt.",
    "Der Anleger soll 1.234,5 Meter lang werden und bis zum 22.11.2026 fertig sein.",
    "Gegner hatten bis zuletzt vor den Kosten des Baus gewarnt.",
)


def body(old: str, new: str, **more: int) -> FieldDifference:
    return differences({"body": old}, {"body": new}, **more).fields[0]


def kinds(field: FieldDifference) -> list[str]:
    return [block.kind for block in field.blocks]


def joined(*parts: str) -> str:
    return "\n\n".join(parts)


def changes(field: FieldDifference) -> list[tuple[str, str]]:
    """What was removed and added, without the white space behind it."""
    pieces = [p for b in field.blocks for p in b.pieces if p.kind in ("added", "removed")]
    return [(p.kind, (field.old[slice(*p.old)] or field.new[slice(*p.new)]).strip()) for p in pieces]


def test_one_word_of_one_paragraph_is_told_as_that() -> None:
    found = body(joined(*TEXT), joined(TEXT[0], TEXT[1].replace("guten", "schlechten"), *TEXT[2:]))
    assert kinds(found) == ["same", "changed", "same", "same"]
    assert changes(found) == [("removed", "guten"), ("added", "schlechten")]
    assert (found.words_added, found.words_removed, found.is_coarse) == (1, 1, False)


def test_texts_that_read_alike_do_not_differ() -> None:
    assert differences({"title": "Der  Zug", "lead": "u\u0308ber"}, {"title": "Der Zug", "lead": "über"}).fields == ()
    assert differences({"body": "a\n\nb"}, {"body": "a b"}) == Differences(())
    assert differences({}, {}).words_added == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ukraine-Krieg, Nord‑Süd", ["Ukraine-Krieg", ",", "Nord‑Süd"]),
        ("1.234,5 am 22.11.2026 um 10:15 Uhr.", ["1.234,5", "am", "22.11.2026", "um", "10:15", "Uhr", "."]),
        ("Straßen\u00adbahn u\u0308ber Öl", ["Straßen\u00adbahn", "über", "Öl"]),
        ("Vor- und Nachteile, Ada’s Café", ["Vor-", "und", "Nachteile", ",", "Ada’s", "Café"]),
        ("Bürger*innen und Leser:innen sagen: ja", ["Bürger*innen", "und", "Leser:innen", "sagen", ":", "ja"]),
        ("„Nein“ – sagt H&M ... 5%", ["„", "Nein", "“", "–", "sagt", "H&M", "...", "5", "%"]),
        ("minus -5 Grad", ["minus", "-5", "Grad"]),
    ],
)
def test_words_are_never_torn(text: str, words: list[str]) -> None:
    assert words_of(text, 0).keys == words


def test_a_paragraph_that_moved_is_neither_added_nor_removed() -> None:
    found = body(joined(*TEXT), joined(TEXT[3], *TEXT[:3]))
    assert kinds(found) == ["moved", "same", "same", "same"]
    assert (found.words_added, found.words_removed) == (0, 0)
    changed = body(joined(*TEXT), joined(TEXT[3].replace("Kosten", "Folgen"), *TEXT[:3]))
    assert (kinds(changed), changed.blocks[0].is_moved) == (["changed", "same", "same", "same"], True)
    assert changes(changed) == [("removed", "Kosten"), ("added", "Folgen")]


def test_paragraphs_come_and_go() -> None:
    more = "Der Hafenmeister schwieg dazu."
    found = body(joined(*TEXT), joined(TEXT[0], more, TEXT[1], TEXT[3]))
    assert kinds(found) == ["same", "added", "same", "removed", "same"]
    assert (found.words_added, found.words_removed) == (3, 12)  # one "Der" came and one went: order aside it stayed
    assert kinds(body("", more)) == ["added"] and kinds(body(more, "")) == ["removed"]


def test_a_paragraph_that_was_split_or_merged_loses_no_words() -> None:
    one, two = joined(f"{TEXT[0]} {TEXT[1]}", TEXT[3], "Ende"), joined(TEXT[0], TEXT[1], TEXT[3], "Schluss")
    for old, new in ((one, two), (two, one)):
        found = body(old, new)
        assert kinds(found)[:2] == ["changed", "same"] and [p.kind for p in found.blocks[0].pieces] == ["same"]
        assert (found.words_added, found.words_removed) == (1, 1)


def test_words_shared_by_chance_do_not_tear_a_sentence() -> None:
    old, new = "Die Lotsin bestritt am Morgen, die Mole sei undicht", "Vor Reportern rechnete man, die Zahl ist gut"
    found = differences({"lead": old}, {"lead": new})
    assert [p.kind for p in found.fields[0].blocks[0].pieces] == ["removed", "added"]


def test_the_headline_is_told_first() -> None:
    old = {"kicker": "Hafen", "title": "Rat stimmt zu", "body": joined(*TEXT)}
    new = {"kicker": "Stadt", "title": "Rat lehnt ab", "body": joined(TEXT[3], *TEXT[:2], TEXT[2].replace("22.11.2026", "1.12.2026"))}
    found = differences(old, new)
    assert [f.field for f in found.fields] == ["title", "kicker", "body"]
    assert in_words(found) == [
        ("changed", "Rat stimmt zu", "Rat lehnt ab", "title"),
        ("changed", "Hafen", "Stadt", "kicker"),
        ("moved", TEXT[3], TEXT[3], "body"),
        ("changed", "22.11.2026", "1.12.2026", "body"),
    ]
    assert len(in_words(found, 2)) == 2
    assert in_words(found, 3, 20)[2].old == "Gegner hatten bis…"
    assert in_words(differences({}, {"title": "Neu"})) == [("added", "", "Neu", "title")]
    assert in_words(differences({"lead": "eins zwei drei"}, {"lead": "eins drei"})) == [("removed", "zwei", "", "lead")]


def test_lists_have_a_line_an_item() -> None:
    found = differences({"sources": "dpa\nAFP"}, {"sources": "AFP\nReuters"}).fields[0]
    assert kinds(found) == ["removed", "same", "added"]


def test_spans_point_into_both_texts() -> None:
    found = body(joined(*TEXT), joined("Neu.", TEXT[0], TEXT[1].replace("Ada", "Eva")))
    same = [p for p in found.new_pieces() if p.kind == "same"]
    assert all(found.old[slice(*p.old)].split() == found.new[slice(*p.new)].split() for p in same)
    assert any("Quint" in found.new[slice(*p.new)] for p in same)


WORDS = st.sampled_from(
    ["der", "die", "Rat", "Ukraine-Krieg", "1.234,5", "u\u0308ber", "über", ",", ".", "Ada", "Quint", "„", "-", "\u00ad"]
)
SPACE = st.sampled_from([" ", "  ", "\n", "\n\n", "\n \n\n", "\t", "\u00a0", ""])
TEXTS = st.one_of(st.lists(st.tuples(WORDS, SPACE), max_size=60).map(lambda parts: "".join(w + s for w, s in parts)), st.text(max_size=60))


@settings(max_examples=400)
@example(old="\r", new="0", steps=0, field="body")
@example(old="0", new="\r", steps=0, field="body")
@given(old=TEXTS, new=TEXTS, steps=st.sampled_from([0, 1000, 20_000, 1 << 28]), field=st.sampled_from(["body", "sources"]))
def test_pieces_joined_give_the_texts_to_the_letter(old: str, new: str, steps: int, field: str) -> None:
    for found in differences({field: old}, {field: new}, steps=steps).fields:
        assert "".join(old[slice(*p.old)] for p in found.old_pieces()) == old
        assert "".join(new[slice(*p.new)] for p in found.new_pieces()) == new
        for pieces, side in ((found.old_pieces(), "old"), (found.new_pieces(), "new")):
            edges = [getattr(p, side) for p in pieces]
            assert all(a[1] == b[0] for a, b in itertools.pairwise(edges))
        assert (found.words_added, found.words_removed) == word_counts(old, new)
        for block in found.blocks:
            assert block.kind in ("same", "added", "removed", "moved", "changed")
            for p in block.pieces:
                if p.kind in ("same", "moved"):
                    assert words_of(old[slice(*p.old)], 0).keys == words_of(new[slice(*p.new)], 0).keys


@given(old=st.lists(st.sampled_from("abcd"), max_size=14), new=st.lists(st.sampled_from("abcd"), max_size=14))
def test_no_common_subsequence_is_longer(old: list[str], new: list[str]) -> None:
    @cache
    def length(i: int, j: int) -> int:
        if i == len(old) or j == len(new):
            return 0
        return 1 + length(i + 1, j + 1) if old[i] == new[j] else max(length(i + 1, j), length(i, j + 1))

    for pairs in (longest_common(old, new)[::-1], align(old, new, Budget())):
        assert len(pairs) == length(0, 0) and all(old[i] == new[j] for i, j in pairs)
        assert all(a[0] < b[0] and a[1] < b[1] for a, b in itertools.pairwise(pairs))


def _shuffled(words: list[str]) -> str:
    words = words[:]
    random.Random(7).shuffle(words)
    return " ".join(words)


MANY = [f"Absatz {n} sagt etwas über Nummer {n * 7919 % 100_003} und schließt." for n in range(100_000)]
HOSTILE = {
    "one repeated word": ("wort " * 1_000_000, "wort " * 999_990 + "anders"),
    "two words in disorder": (_shuffled(["a", "b"] * 600_000), _shuffled(["a", "b", "b"] * 400_000)),
    "all other words": (" ".join(f"a{n}" for n in range(700_000)), " ".join(f"b{n}" for n in range(700_000))),
    "the same words shuffled": (" ".join(f"a{n}" for n in range(400_000)), _shuffled([f"a{n}" for n in range(400_000)])),
    "paragraphs turned round": ("\n\n".join(MANY), "\n\n".join(MANY[::-1])),
    "every paragraph edited": ("\n\n".join(MANY), "\n\n".join(p.replace("etwas", "nichts") for p in MANY)),
    "one short paragraph, repeated": ("a\n\n" * 100_000, "a\n\nb\n\n" * 100_000),
    "blank lines": ("\n" * 5_000_000 + "a", " \n" * 2_500_000 + "b"),
    "punctuation": ("!?" * 1_000_000, "?!" * 1_000_000 + "."),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_takes_long(name: str) -> None:
    old, new = HOSTILE[name]
    begin = time.process_time()
    found = body(old, new)
    assert time.process_time() - begin < 25  # some seconds on a slow machine; hours where it were quadratic
    assert "".join(new[slice(*p.new)] for p in found.new_pieces()) == new


def test_what_is_too_long_is_told_coarsely() -> None:
    old, new = _shuffled(["a", "b"] * 3000), _shuffled(["a", "b", "b"] * 2000)
    assert not body(old, new).is_coarse
    found = body(old, new, steps=1000)
    assert found.is_coarse and differences({"body": old}, {"body": new}, steps=1000).is_coarse
    assert found == body(old, new, steps=1000)
