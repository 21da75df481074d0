"""Pure: what is kept of a story and what is new in it.

(last revision, story) -> decide -> New | Changed | Same | Suspect
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from newswatch.differences import tokens
from newswatch.extraction.learned import without
from newswatch.story import Revision, Stamp, Story, Withheld
from newswatch.suspicion import Pending, is_confirmed, reads_worse

HASH_VERSION = "1"
"""Grows when the hash is taken over other things; then old hashes compare by their fields."""

FIELDS = ("kicker", "title", "other_titles", "lead", "body", "caption", "sources")
"""What a reader reads: a change of any of these is a revision; times, keywords and authors are not."""

MENTION_FIELDS = ("title", "kicker", "lead", "body", "caption", "sources")
"""Where actors are looked for, the most prominent first."""

WITHHELD = ("lead", "body", "caption")
"""FIELDS of which nothing is kept where a story is reserved from text and data mining: only what tells two states apart."""

WHOLE = 0.8
"""The part of a text from which on a gated page is taken to show all of it."""


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
    notice: str = "undated"
    """`stated`: the page's update time is another one. `silent`: it states the old one. `undated`: it states none, or only a day."""
    unseen: tuple[str, ...] = ()
    """Names of FIELDS that a paywall hides: they are those of the last revision."""


@dataclass(frozen=True, slots=True)
class Same:
    """A story whose content is that of its last revision."""

    story: Story
    last: Revision
    is_empty_update: bool = False
    """The page states another update time, and nothing else is new."""
    unseen: tuple[str, ...] = ()
    """As in Changed."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A page that reads worse than its story: no revision before a second look finds the same."""

    story: Story
    content_hash: str
    last: Revision
    why: str
    """For people."""


Outcome = New | Changed | Same | Suspect


def decide(
    last: Revision | None,
    story: Story,
    learned: frozenset[str] = frozenset(),
    *,
    pending: Pending | None = None,
    names: frozenset[str] = frozenset(),
) -> Outcome:
    """What a story brings, compared with the last revision of it that is kept.

    `learned` are paragraphs that were found out to be the site's, not the story's, perhaps after the last revision was
    kept with them: that they are left out now is no edit. `pending` is a page of the story that read worse and waits for a
    second look; `names` are the site's own, which are no headline.
    """
    if last is None:
        return New(story, content_hash(content(story)))
    story, unseen = with_hidden(last, story)
    fields = content(story)
    digest = content_hash(fields)
    if learned and not unseen and last.content_hash != digest:
        last = replace(last, fields={**last.fields, "body": without(last.fields.get("body", ""), learned)})
    changed = () if last.content_hash == digest else tuple(f for f in FIELDS if _is_other(last, f, fields[f]))
    if not changed:
        return Same(story, last, not unseen and _is_other_time(last.modified, story.modified), unseen)
    why = reads_worse(last.fields, fields, names)
    if why and not is_confirmed(pending, digest, fields, story.seen_at):
        return Suspect(story, digest, last, why)
    added, removed = _words(last, fields, changed)
    return Changed(story, digest, last, changed, added, removed, notice_of(last.modified, story.modified), unseen)


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
    text = json.dumps([tokens.folded(fields[f]) for f in FIELDS], ensure_ascii=False)
    return f"{HASH_VERSION}:{hashlib.sha256(text.encode()).hexdigest()}"


def changed_fields(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """Names of FIELDS that read otherwise; white space and the way letters are composed aside."""
    return tuple(f for f in FIELDS if tokens.folded(before.get(f, "")) != tokens.folded(after.get(f, "")))


def kept(story: Story) -> dict[str, str]:
    """Of `content` what is kept: all, or of a story that is withheld all but WITHHELD."""
    fields = content(story)
    return {f: "" if story.withheld and f in WITHHELD else text for f, text in fields.items()}


def withheld(story: Story) -> Withheld | None:
    """What stands in place of the texts that are not kept; None where all are."""
    if not story.withheld:
        return None
    fields = content(story)
    return Withheld({f: _field_hash(fields[f]) for f in WITHHELD}, sum(len(fields[f].split()) for f in WITHHELD))


def _is_other(last: Revision, field: str, text: str) -> bool:
    if last.withheld and field in last.withheld.hashes:
        return last.withheld.hashes[field] != _field_hash(text)
    return tokens.folded(last.fields.get(field, "")) != tokens.folded(text)


def _field_hash(text: str) -> str:
    return hashlib.sha256(tokens.folded(text).encode()).hexdigest()[:16]


def _words(last: Revision, fields: dict[str, str], changed: Sequence[str]) -> tuple[int, int]:
    """How many words came and went; of texts that are not kept only how many more or fewer they are."""
    hidden = last.withheld.hashes if last.withheld else {}
    known = [f for f in changed if f not in hidden]
    added, removed = word_counts(last.fields, fields, known)
    if last.withheld and len(known) < len(changed):
        more = sum(len(fields[f].split()) for f in hidden) - last.withheld.words
        added, removed = added + max(0, more), removed + max(0, -more)
    return added, removed


def word_counts(before: Mapping[str, str], after: Mapping[str, str], fields: Iterable[str]) -> tuple[int, int]:
    """How many words of some fields came and went, order aside: as `differences` counts them."""
    counts = [tokens.word_counts(before.get(f, ""), after.get(f, "")) for f in fields]
    return sum(came for came, _ in counts), sum(went for _, went in counts)


def notice_of(before: Stamp | None, now: Stamp | None) -> str:
    """What a page says of its edit, see Changed.notice. A day cannot tell: an edit of the same day leaves it as it is."""
    if now is None:
        return "undated"
    if before is None or before.at != now.at:
        return "stated"
    return "undated" if "day-only" in now.flags else "silent"


def _is_other_time(before: Stamp | None, now: Stamp | None) -> bool:
    """Whether a page states another update time than before; a day beside an hour says nothing."""
    if before is None or now is None or ("day-only" in before.flags) != ("day-only" in now.flags):
        return False
    return before.at != now.at


def with_hidden(last: Revision, story: Story) -> tuple[Story, tuple[str, ...]]:
    """The story with what a paywall hides taken over from the last revision, and the names of those FIELDS.

    Only what was kept of a free page is held against a paywall: where the story was gated before, its few sentences
    change like any text.
    """
    new = content(story)
    if story.access != "gated" or last.access != "free" or not _is_cut(last.fields.get("body", ""), new["body"]):
        return story, ()
    hidden = tuple(f for f in FIELDS if f == "body" or (last.fields.get(f) and not new[f]))
    kept: dict[str, Any] = {f: last.fields[f] for f in hidden if f in ("kicker", "lead", "caption")}
    kept |= {f: tuple(last.fields[f].split("\n")) for f in hidden if f in ("other_titles", "sources")}
    return replace(story, body=last.body, entries=last.entries, **kept), hidden


def _is_cut(before: str, now: str) -> bool:
    """Whether a text is the beginning of another, or much shorter: the rest stands behind a paywall."""
    old, new = tokens.folded(before), tokens.folded(now).rstrip(" .…")
    return len(new) < len(old) and (len(new) < WHOLE * len(old) or old.startswith(new))
