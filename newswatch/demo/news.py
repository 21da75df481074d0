"""The invented stories, and what each of them looks like at a step."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

PAPERS = ("morgenbote", "talkurier", "blitzblatt")
LAST_STEP = 2

# When the readers of step 0, 1 and 2 look: everything a page says has happened before.
STEP_AT = (
    datetime(2026, 11, 18, 6, tzinfo=UTC),
    datetime(2026, 11, 18, 12, tzinfo=UTC),
    datetime(2026, 11, 18, 18, tzinfo=UTC),
)

_FOLDER = Path(__file__).parent / "news"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a story's body: a heading (empty in the first part) and its paragraphs."""

    headline: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One dated entry of a liveblog."""

    id: str
    at: datetime
    headline: str
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """One story as it stands at one step. Instants are UTC; `modified` is what the paper admits to."""

    id: str
    paper: str
    section: str
    slug: str
    kicker: str
    headline: str
    seo: str
    lead: str
    body: tuple[Section, ...]
    authors: tuple[str, ...]
    agency: str
    published: datetime
    modified: datetime | None
    keywords: tuple[str, ...]
    caption: str
    credit: str
    sources: tuple[str, ...]
    minutes: int
    kind: str
    free: bool
    related: tuple[str, ...]
    entries: tuple[Entry, ...]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """All paragraphs of the body, without headings."""
        return tuple(text for section in self.body for text in section.paragraphs)


@cache
def stories(paper: str, step: int) -> tuple[Story, ...]:
    """The stories that `paper` shows at `step`, newest first."""
    found = (story_at(paper, story_id, step) for story_id in _raw(paper))
    shown = [story for story in found if story is not None]
    return tuple(sorted(shown, key=lambda story: story.published, reverse=True))


@cache
def story_at(paper: str, story_id: str, step: int) -> Story | None:
    """The story at `step`, or None if it is unknown, not yet published or gone."""
    raw = _raw(paper).get(story_id)
    if raw is None or step < raw.get("appears", 0) or is_gone(paper, story_id, step):
        return None
    return _build(paper, raw, step)


def is_gone(paper: str, story_id: str, step: int) -> bool:
    """Whether the paper had this story once and has removed it."""
    gone = _raw(paper).get(story_id, {}).get("gone")
    return gone is not None and step >= gone


def story_ids(paper: str) -> tuple[str, ...]:
    """The ids of all stories that the paper ever has."""
    return tuple(_raw(paper))


def changed_fields(before: Story, after: Story) -> tuple[str, ...]:
    """The names of the fields in which two states of a story differ, in the order of `Story`."""
    names = (field.name for field in fields(Story))
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


@cache
def _raw(paper: str) -> dict[str, dict[str, Any]]:
    data = tomllib.loads((_FOLDER / f"{paper}.toml").read_text("utf-8"))
    return {story["id"]: story for story in data["story"]}


def _build(paper: str, raw: dict[str, Any], step: int) -> Story:
    values, lead, body = dict(raw), raw["lead"], raw["body"]
    for change in raw.get("change", []):
        if change["step"] > step:
            continue
        for edit in change.get("replace", []):
            lead, body = _edit(raw["id"], lead, body, edit["old"], edit["new"].strip("\n"))
        values |= {key: value for key, value in change.items() if key not in ("step", "replace")}
    story = Story(
        id=raw["id"],
        paper=paper,
        section=values.get("section", "news"),
        slug=values["slug"],
        kicker=values["kicker"],
        headline=values["headline"],
        seo=values.get("seo", ""),
        lead=lead,
        body=_sections(body),
        authors=tuple(values.get("authors", ())),
        agency=values.get("agency", ""),
        published=values["published"],
        modified=values.get("modified"),
        keywords=tuple(values.get("keywords", ())),
        caption=values["caption"],
        credit=values["credit"],
        sources=tuple(values.get("sources", ())),
        minutes=values.get("minutes", 1),
        kind=values.get("kind", "news"),
        free=values.get("free", True),
        related=tuple(values.get("related", ())),
        entries=(),
    )
    return replace(story, entries=_entries(raw, step))


def _edit(story_id: str, lead: str, body: str, old: str, new: str) -> tuple[str, str]:
    if lead.count(old) + body.count(old) != 1:
        raise ValueError(f"story {story_id}: {old!r} must stand there exactly once")
    return lead.replace(old, new), body.replace(old, new)


def _sections(body: str) -> tuple[Section, ...]:
    found: list[Section] = [Section("", ())]
    for block in body.strip().split("\n\n"):
        if block.startswith("## "):
            found.append(Section(block.removeprefix("## "), ()))
        else:
            found[-1] = replace(found[-1], paragraphs=(*found[-1].paragraphs, block.strip()))
    return tuple(found)


def _entries(raw: dict[str, Any], step: int) -> tuple[Entry, ...]:
    shown = [entry for entry in raw.get("entry", []) if entry.get("step", 0) <= step]
    newest_first = sorted(shown, key=lambda entry: entry["at"], reverse=True)
    return tuple(Entry(entry["id"], entry["at"], entry["headline"], entry["text"]) for entry in newest_first)
