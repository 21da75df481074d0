"""Copies of one wire text are found, and what only shares words with them is not."""

import random
import time

import pytest
from wire_pairs import DATA, PAIRS, Pair

from newswatch.alerts.copies import CopyIndex, find_copies, is_copy
from newswatch.alerts.wording import MOST_CHARACTERS, read_words

PARTS = {"all": PAIRS, "tuned": [p for p in PAIRS if not p.held_out], "held out": [p for p in PAIRS if p.held_out]}
STORIES = {name: "\n\n".join(paragraphs) for name, paragraphs in DATA["texts"].items() if len(paragraphs) > 5}
SYLLABLES = [a + b for a in "bdfgklmnrst" for b in ("a", "e", "i", "o", "u", "an", "en", "er", "is")]


def measured(pairs: list[Pair]) -> tuple[float, float, list[str]]:
    """Precision, recall, and what was wrong."""
    said = {pair.name: is_copy(pair.first, pair.second) for pair in pairs}
    right = sum(said[pair.name] for pair in pairs if pair.copy)
    wrong = [pair.name for pair in pairs if said[pair.name] != pair.copy]
    return right / sum(said.values()), right / sum(pair.copy for pair in pairs), wrong


def invented(seed: int, words: int) -> str:
    """Text of words that look like a language: some frequent, most rare."""
    parts = iter(random.Random(seed).choices(SYLLABLES, k=3 * words))
    return " ".join(a if a < "f" else a + b + c for a, b, c in zip(parts, parts, parts, strict=True))


def test_the_labelled_set_is_a_hundred_invented_pairs_half_of_them_traps_a_third_held_out() -> None:
    assert len(PAIRS) == len({pair.name for pair in PAIRS}) == 100
    assert sum(pair.copy for pair in PAIRS) == 50
    assert len(PARTS["held out"]) == 34
    assert sum(entry.get("language") == "en" for entry in DATA["pairs"]) == 20
    assert all(80 <= len(text.split()) <= 400 for pair in PAIRS for text in (pair.first, pair.second))


@pytest.mark.parametrize("part", PARTS)
def test_copies_are_told_from_traps(part: str, capsys: pytest.CaptureFixture[str]) -> None:
    precision, recall, wrong = measured(PARTS[part])
    with capsys.disabled():
        print(f"\ncopies, {part}: {len(PARTS[part])} pairs, precision {precision:.3f}, recall {recall:.3f}, wrong: {wrong or 'none'}")
    if part == "all":
        assert precision >= 0.98 and recall >= 0.95, wrong


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_it_is_the_same_from_either_side(pair: Pair) -> None:
    assert is_copy(pair.first, pair.second) == is_copy(pair.second, pair.first)


def test_the_index_finds_what_the_exact_decision_says_among_all_texts_together() -> None:
    index = CopyIndex()
    for number, pair in enumerate(PAIRS):
        index.add(number, pair.second)
    found = {number: number in index.copies_of(pair.first) for number, pair in enumerate(PAIRS)}
    hits = [pair.copy for number, pair in enumerate(PAIRS) if found[number]]
    assert sum(hits) / len(hits) >= 0.98
    assert sum(hits) / 50 >= 0.95, [pair.name for number, pair in enumerate(PAIRS) if pair.copy and not found[number]]


def test_the_order_in_which_stories_come_changes_nothing() -> None:
    texts = {number: text for number, text in enumerate(text for pair in PAIRS for text in (pair.first, pair.second))}
    keys = list(texts)
    groups = find_copies(texts)
    random.Random(1).shuffle(keys)
    assert find_copies({key: texts[key] for key in keys}) == groups


def printed(name: str, chance: random.Random) -> str:
    """A story as some newsroom prints it: another headline, the end cut, a paragraph of its own, some words replaced."""
    paragraphs = DATA["texts"][name][1:]
    kept = paragraphs[: chance.randint(2, len(paragraphs))]
    kept = [" ".join(word if chance.random() > 0.02 else "anderes" for word in paragraph.split()) for paragraph in kept]
    if len(kept) > 2 and chance.random() < 0.5:
        kept.insert(chance.randint(1, len(kept)), invented(chance.randint(1, 10**6), chance.randint(15, 40)))
    return "\n".join([invented(chance.randint(1, 10**6), 7), *kept])


def followed_up(name: str, chance: random.Random) -> str:
    """A later story: news of its own, then two or three paragraphs of the first one, but not its beginning."""
    paragraphs = DATA["texts"][name]
    quoted = sorted(chance.sample(range(2, len(paragraphs)), k=chance.randint(2, 3)))
    news = [invented(chance.randint(1, 10**6), chance.randint(45, 60)) for _ in range(len(quoted))]
    return "\n".join([invented(chance.randint(1, 10**6), 7), *news, *(paragraphs[place] for place in quoted)])


def test_of_stories_that_are_edited_by_chance_the_same_is_true(capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(1)
    names = [name for name in STORIES if name != "horoskop"]
    hits = sum(is_copy(printed(name, chance), printed(name, chance)) for name in names for _ in range(50))
    alarms = sum(is_copy(printed(name, chance), followed_up(name, chance)) for name in names for _ in range(50))
    others = sum(is_copy(printed(a, chance), printed(b, chance)) for a in names for b in names if a != b)
    with capsys.disabled():
        print(f"\ncopies, edited by chance: {hits} of {50 * len(names)} copies, {alarms} of as many follow-ups, {others} of other stories")
    assert hits >= 0.95 * 50 * len(names)
    assert alarms <= 0.02 * hits
    assert others == 0


def test_the_copies_of_one_story_are_one_group() -> None:
    brand = [pair for pair in PAIRS if pair.name.startswith("brand") and pair.copy]
    other = [pair for pair in PAIRS if pair.name.startswith("haushalt") and not pair.copy]
    texts = dict(enumerate([brand[0].first, *(pair.second for pair in brand), other[0].second]))
    assert find_copies(texts) == [frozenset(range(len(brand) + 1))]


def test_the_most_alike_comes_first_and_equals_come_by_their_ids() -> None:
    story = STORIES["klinik"]
    paragraphs = DATA["texts"]["klinik"]
    index = CopyIndex()
    index.add(3, "\n".join([*paragraphs[:4], invented(1, 40)]))
    index.add(9, story)
    index.add(7, story)
    assert index.copies_of(story) == [7, 9, 3]


def test_a_story_that_is_added_again_has_its_new_text_and_a_removed_one_is_gone() -> None:
    index = CopyIndex()
    index.add(1, STORIES["klinik"])
    index.add(1, STORIES["zug"])
    assert (index.copies_of(STORIES["klinik"]), index.copies_of(STORIES["zug"]), len(index)) == ([], [1], 1)
    index.remove(1)
    index.remove(1)
    assert (index.copies_of(STORIES["zug"]), len(index)) == ([], 0)


def test_a_passage_that_different_stories_share_counts_less_in_the_index() -> None:
    ticker, box = DATA["texts"]["ticker"], DATA["texts"]["box"]
    welcome, end = ticker[1], f"{ticker[2]}\n{box[0]}"
    days = [f"Newsticker\n{welcome}\n{invented(day, 40)}\n{end}" for day in range(5)]
    assert is_copy(days[0], days[1]), "with two texts alone it is not seen that this is a form"
    known = CopyIndex()
    for day, text in enumerate(days):
        known.add(day, text)
    assert set(known.copies_of(days[0])) == set(range(5))
    for n in range(3):
        known.add(10 + n, f"{invented(50 + n, 160)}\n{welcome}")
        known.add(20 + n, f"{invented(60 + n, 160)}\n{end}")
    assert known.copies_of(days[0]) == [0]


def test_a_follow_up_that_many_papers_print_does_not_hide_the_copies_of_the_first_story() -> None:
    pair = next(pair for pair in PAIRS if pair.name == "klinik: nach der Demonstration")
    index = CopyIndex()
    index.add(0, next(pair for pair in PAIRS if pair.name == "klinik: örtlicher Absatz oben und in der Mitte").second)
    for number in range(1, 13):
        index.add(number, f"Zeitung {number}: {pair.second}")
    assert index.copies_of(pair.first) == [0]


@pytest.mark.parametrize("empty", ["", "   \n\n ", "„“ – …", "(dpa)"])
def test_a_text_without_words_is_a_copy_of_none(empty: str) -> None:
    assert not is_copy(empty, empty)
    assert not is_copy(empty, STORIES["klinik"])
    index = CopyIndex()
    index.add(1, empty)
    assert len(index) == 0
    assert index.copies_of(empty) == []
    assert find_copies({1: empty, 2: empty}) == []


SHORT = "Mittelburg (dpa) - Auf der Autobahn bei Lindenau sind am Montag zwei Lastwagen zusammengestoßen. Ein Fahrer wurde leicht verletzt."


def test_of_a_very_short_text_only_one_that_is_nearly_equal_is_a_copy() -> None:
    assert is_copy(SHORT, SHORT)
    assert is_copy(SHORT, SHORT.replace("Mittelburg (dpa) - ", "").replace("zwei", "2"))
    assert not is_copy(SHORT, SHORT.replace("zwei", "drei"))
    assert not is_copy(SHORT, SHORT.replace("Montag", "Dienstag").replace("Lindenau", "Feldmark").replace("leicht", "schwer"))
    assert not is_copy(SHORT, SHORT + " " + invented(1, 60))
    index = CopyIndex()
    index.add(1, SHORT)
    assert index.copies_of(SHORT.replace("Ein Fahrer", "Ein Mann")) == [1]


@pytest.mark.parametrize("word", ["a", "ab", "eins zwei drei"])
def test_texts_of_one_to_three_words_are_compared_too(word: str) -> None:
    assert is_copy(word, word.upper())
    assert not is_copy(word, "etwas anderes")


def test_a_collection_that_holds_a_story_among_many_is_no_copy_of_it() -> None:
    assert not is_copy(STORIES["klinik"], "\n\n".join(text for name, text in STORIES.items()))


def test_what_desks_change_by_habit_is_the_same_word() -> None:
    assert read_words("„Zwölf Prozent“, sagt er: 1.900 Strassen") == read_words("»12 %«, sagt er: 1900 Stra\u00adßen")
    assert read_words("Bonn (dpa/lnw) - Text\n© dpa-infocom, dpa:261124-930-118822/3") == ("bonn", "text")
    assert read_words("Text\n(mit Material der dpa)\nQuelle: dpa, eigene Recherche\n(dpa)\ndpa/AFP") == ("text",)
    assert read_words("Die dpa meldet, dass in der Stadt niemand verletzt wurde.")[0] == "die"


HUGE = [word * (5_000_000 // len(word)) for word in ("wort ", "x", "1.", "dpa-", "(dpa) ", "dpa mit ", "a\n", "„", "a b c d e f ", "1 ")]


@pytest.mark.parametrize("text", HUGE, ids=lambda text: repr(text[:12]))
def test_five_megabytes_cost_no_more_than_a_long_story(text: str) -> None:
    began = time.process_time()
    assert not is_copy(text, STORIES["klinik"])
    is_copy(text, text + "y")
    index = CopyIndex()
    index.add(1, text)
    index.copies_of(text)
    assert time.process_time() - began < 5
    assert sum(map(len, read_words(text))) <= MOST_CHARACTERS


def test_five_megabytes_of_different_words_are_a_copy_of_themselves() -> None:
    text = invented(3, 30_000)
    assert is_copy(text, "Eine andere Überschrift\n" + text * 25)


def test_ten_thousand_texts_are_indexed_in_a_few_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    texts = [invented(seed, 250) for seed in range(9_000)] + [f"{invented(-seed, 120)} {STORIES['zug'][:500]}" for seed in range(1, 1001)]
    index = CopyIndex()
    began = time.process_time()
    for number, text in enumerate(texts):
        index.add(number, text)
    added, began = time.process_time() - began, time.process_time()
    for number in range(0, 10_000, 100):
        assert index.copies_of(texts[number])[:1] == [number]
    asked, began = time.process_time() - began, time.process_time()
    for number in range(0, 1000):
        index.add(number, texts[number])
    again = time.process_time() - began
    with capsys.disabled():
        print(f"\ncopies: 10,000 texts indexed in {added:.1f} s, a look-up in {asked * 10:.1f} ms, a text put again in {again:.1f} ms")
    assert added < 15
    assert asked < 10
