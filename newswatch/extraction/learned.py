"""What a site says on many pages belongs to none of its stories: learned by watching, not by rules.

    stories of a site -> block_key of each paragraph -> the subjects of the stories it stands in -> is_learned

A wire copy or a quotation stands in several stories too, but those are about the same: they share words in headline,
lead, keywords, and the names they are about. Boilerplate stands in stories that have nothing to do with each other.
So a block is learned once it stands in UNRELATED stories of which no two share a subject word.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

from newswatch.story import Story

UNRELATED = 3
"""So many stories that share no subject word make a block boilerplate."""

MOST_SUBJECTS = 12
"""Subjects that are kept of a block; more add nothing."""

SHORTEST = 25
"""Characters: what is shorter may be said twice by chance ("Die Polizei ermittelt.")."""

_WORD = re.compile(r"[^\W\d_]{4,}")


def block_key(text: str) -> str:
    """A short hash of a paragraph's letters and digits; case, white space and punctuation aside."""
    letters = "".join(c for c in text.casefold() if c.isalnum())
    return hashlib.blake2b(letters.encode(), digest_size=8).hexdigest()


def block_keys(story: Story) -> set[str]:
    """The keys of the story's paragraphs that are long enough to tell something."""
    return {block_key(t) for p in story.body for t in p.paragraphs if len(t) >= SHORTEST}


def subject(story: Story) -> frozenset[str]:
    """The words that say what a story is about: headline, kicker, lead, keywords, and the names its text repeats."""
    shown = " ".join([story.title, story.kicker or "", story.lead or "", *story.keywords])
    names = Counter(w for w in _WORD.findall(story.text()) if w[0].isupper())
    repeated = [w for w, n in names.most_common(15) if n > 1]
    return frozenset(w.casefold()[:8] for w in [*_WORD.findall(shown), *repeated])


def is_learned(subjects: Iterable[frozenset[str]]) -> bool:
    """Whether UNRELATED of the stories share no subject word, two by two."""
    chosen: list[frozenset[str]] = []
    for words in sorted(subjects, key=len):
        if words and all(words.isdisjoint(other) for other in chosen):
            chosen.append(words)
    return len(chosen) >= UNRELATED


def belongs(text: str, learned: frozenset[str]) -> bool:
    """Whether a paragraph is the story's own: too short to tell, or not learned as the site's."""
    return len(text) < SHORTEST or block_key(text) not in learned


def without(text: str, learned: frozenset[str]) -> str:
    """A stored body without the learned blocks."""
    return "\n\n".join(b for b in text.split("\n\n") if belongs(b, learned))
