"""Pure: what is kept of a story and what is new in it.

(last revision, story) -> decide -> New | Changed | Same
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace

from newswatch.extraction.learned import without
from newswatch.story import Revision, Story

HASH_VERSION = "1"
"""Grows when the hash is taken over other things; then old hashes compare by their fields."""

FIELDS = ("kicker", "title", "other_titles", "lead", "body", "caption", "sources")
"""What a reader reads: a change of any of these is a revision; times, keywords and authors are not."""

MENTION_FIELDS = ("title", "kicker", "lead", "body", "caption", "sources")
"""Where actors are looked for, the most prominent first."""

_WORD = re.compile(r"\w+(?:[-'’]\w+)*")


@dataclass(frozen=True, slots=True)
class New:
    """A story that was never seen."""

    story: Story
    content_hash: str


@dataclass(frozen=True, slots=True)
class Changed:
    """Another state of a story that is known."""

    story: Story
    content_hash: str
    last: Revision
    fields: tuple[str, ...]
    """Names of FIELDS that differ."""
    words_added: int
    words_removed: int


@dataclass(frozen=True, slots=True)
class Same:
    """A story whose content is that of its last revision."""

    story: Story
    last: Revision


def decide(last: Revision | None, story: Story, learned: frozenset[str] = frozenset()) -> New | Changed | Same:
    """What a story brings, compared with the last revision of it that is kept.

    `learned` are paragraphs that were found out to be the site's, not the story's, perhaps after the last revision was
    kept with them: that they are left out now is no edit.
    """
    fields = content(story)
    digest = content_hash(fields)
    if last is None:
        return New(story, digest)
    if last.content_hash == digest:
        return Same(story, last)
    if learned:
        last = replace(last, fields={**last.fields, "body": without(last.fields.get("body", ""), learned)})
    changed = tuple(f for f in FIELDS if _folded(last.fields.get(f, "")) != _folded(fields[f]))
    if not changed:
        return Same(story, last)
    added, removed = word_counts([last.fields.get(f, "") for f in changed], [fields[f] for f in changed])
    return Changed(story, digest, last, changed, added, removed)


def content(story: Story) -> dict[str, str]:
    """The texts of FIELDS as they are stored and searched; lists have a line an item."""
    return {
        "kicker": story.kicker or "",
        "title": story.title,
        "other_titles": "\n".join(story.other_titles),
        "lead": story.lead or "",
        "body": story.text(),
        "caption": story.caption or "",
        "sources": "\n".join(story.sources),
    }


def content_hash(fields: dict[str, str]) -> str:
    """A version, a colon and the SHA-256 of the fields; composed and decomposed letters and white space are one."""
    text = json.dumps([_folded(fields[f]) for f in FIELDS], ensure_ascii=False)
    return f"{HASH_VERSION}:{hashlib.sha256(text.encode()).hexdigest()}"


def word_counts(before: list[str], after: list[str]) -> tuple[int, int]:
    """How many words came and went, order aside."""
    old = Counter(w for text in before for w in _WORD.findall(text))
    new = Counter(w for text in after for w in _WORD.findall(text))
    return (new - old).total(), (old - new).total()


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
