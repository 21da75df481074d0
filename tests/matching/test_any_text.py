"""What is true of the mentions of any text at all."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from newswatch.matching import examine, is_touched
from newswatch.matching.mentions import SNIPPET, snippet
from newswatch.revisions import MENTION_FIELDS, content
from newswatch.story import Passage, Story
from tests.conftest import make_story
from tests.matching.watching import MANY

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


def test_a_snippet_stays_in_its_paragraph() -> None:
    text = "Alle kamen.\n\nQuint sagt ab\n\nNiemand blieb."
    assert snippet(text, 13, 18) == "Quint sagt ab"
