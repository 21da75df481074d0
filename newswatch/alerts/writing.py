"""Happenings and the store in, the values of a mail out. Reads only.

Letter (who, which stories) -> Item a story -> Group an actor -> Page
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from newswatch.alerts.letter import LONGEST_SNIPPET, Change, Group, Item, Line, NotWatched, Page, Sentence, Snippet
from newswatch.alerts.plan import Letter
from newswatch.alerts.subscriptions import Subscription
from newswatch.alerts.wanting import weight
from newswatch.differences import differences, in_words
from newswatch.extraction.dates import to_text
from newswatch.store import happenings as stored
from newswatch.store.unwatched import Unwatched
from newswatch.story import Happening, Mention

MOST_SENTENCES, MOST_CHANGES, MOST_STORIES, MOST_ALSO, MOST_COUNTED, MOST_OTHERS = 6, 6, 30, 20, 100, 6
"""In a mail; what is beyond is counted, and stands in Datasette. Many readers of mail cut it at 100 KB: about 30 stories."""
MOST_KEPT = 2000
"""Stories that are kept as they were written, for the next recipient."""


@dataclass
class Desk:
    """What all mails of one pass are written with."""

    db: Database
    browse: str
    now: datetime
    titles: Mapping[str, str]
    """Names of the sites, for people."""
    not_watched: Sequence[Unwatched] = ()
    _items: dict[object, Item | None] = field(default_factory=dict)

    @cached_property
    def names(self) -> dict[str, tuple[str, str, tuple[str, ...]]]:
        """Of all actors."""
        return stored.actor_names(self.db)

    def item(self, zone: ZoneInfo, found: tuple[Happening, ...], known: int | None, copies: Sequence[Happening] | None) -> Item | None:
        """A story as it stands in a mail; written once for all who are to read the same."""
        key = (zone.key, found, known, None if copies is None else tuple(copies))
        if key not in self._items:
            if len(self._items) >= MOST_KEPT:
                self._items.clear()
            self._items[key] = _item(self, zone, found, known, copies)
        return self._items[key]

    def name(self, actor: str) -> str:
        """Of an actor, for people."""
        return self.names.get(actor, (actor, "", ()))[0]

    def site(self, site: str) -> str:
        """Of a site, for people."""
        return self.titles.get(site, site)

    def story_link(self, story: int) -> str:
        """Where Datasette shows it."""
        return f"{self.browse.rstrip('/')}/story/{story}"


def write_page(desk: Desk, one: Subscription, letter: Letter, known: Mapping[int, int]) -> Page:
    """The mail that a letter is to be. `known` is the revision of each story that the recipient was told of last."""
    zone = ZoneInfo(one.zone)
    by_story: dict[int, list[Happening]] = {}
    for happening in letter.happenings:
        by_story.setdefault(happening.story, []).append(happening)
    is_one = letter.kind == "story"
    ranked = sorted(by_story.values(), key=lambda found: (-max(map(weight, found)), found[0].story))
    made = (desk.item(zone, tuple(found), known.get(found[0].story), letter.also if is_one else None) for found in ranked[:MOST_STORIES])
    items = [item for item in made if item]
    groups = _groups(desk, items, by_story)
    not_watched = _not_watched(desk, one, zone) if letter.kind == "digest" else ()
    return Page(
        letter.kind,
        one.id,
        desk.now.astimezone(zone),
        groups,
        () if is_one else _lines(desk, letter.also),
        not_watched,
        max(0, len(ranked) - MOST_STORIES),
    )


def _groups(desk: Desk, items: Sequence[Item], by_story: Mapping[int, list[Happening]]) -> tuple[Group, ...]:
    """By the actor that matters most in a story; under the others the story is one line."""
    own: dict[str, list[Item]] = {}
    mentioned: dict[str, list[Line]] = {}
    for item in items:
        actors = list(dict.fromkeys(h.actor for h in sorted(by_story[item.story], key=lambda h: (-weight(h), h.actor))))
        own.setdefault(actors[0], []).append(item)
        for actor in actors[1:]:
            mentioned.setdefault(actor, []).append(Line(item.site, item.title, item.browse))
    keys = sorted(own.keys() | mentioned.keys(), key=lambda a: (-max((i.weight for i in own.get(a, ())), default=-1), desk.name(a)))
    if len(items) == 1:
        return (Group(desk.name(next(iter(own))), tuple(items)),)
    return tuple(Group(desk.name(a), tuple(own.get(a, ())), tuple(mentioned.get(a, ()))) for a in keys)


def _item(desk: Desk, zone: ZoneInfo, found: Sequence[Happening], known: int | None, copies: Sequence[Happening] | None) -> Item | None:
    """A story and what happened in it since the recipient heard of it last; None where it was removed meanwhile.

    `copies` is None in a digest: there what else happened stands beside it anyway.
    """
    story = found[0].story
    told = stored.told_story(desk.db, story)
    newest = max(found, key=lambda h: h.revision)
    text = stored.text_of(desk.db, newest.revision)
    if told is None or text is None:
        return None
    actors = list(dict.fromkeys(h.actor for h in found))
    sentences = _sentences(desk, stored.sentences_of(desk.db, newest.revision, actors), text.fields)
    before = known if known is not None else stored.revision_before(desk.db, story, min(h.revision for h in found))
    changes = _changes(desk, before, text) if before is not None and before < newest.revision else ()
    ranked = sorted(found, key=lambda h: (-weight(h), h.revision, h.actor))
    start = desk.now.astimezone(zone).replace(hour=0, minute=0, second=0)
    return Item(
        story=story,
        site=desk.site(told.site),
        section=told.section,
        title=text.fields["title"],
        url=safe_url(told.url),
        browse=desk.story_link(story),
        archived=f"{desk.story_link(story)}/archive/{text.number}" if text.is_archived else None,
        published=datetime.fromisoformat(told.published_at).astimezone(zone) if told.published_at else None,
        seen=datetime.fromisoformat(newest.at).astimezone(zone),
        events=tuple(dict.fromkeys((desk.name(h.actor), h.kind, h.field) for h in ranked)),
        sentences=tuple(sentences[:MOST_SENTENCES]),
        more_sentences=max(0, len(sentences) - MOST_SENTENCES),
        changes=tuple(changes[:MOST_CHANGES]),
        more_changes=max(0, len(changes) - MOST_CHANGES),
        notes=(*(["gone"] if told.gone_at else []), *(["gated"] if told.gated_since else [])),
        also=_lines(desk, copies or ()),
        others=() if copies is None else _others(desk, actors, (story, *(h.story for h in copies)), start),
        weight=weight(ranked[0]),
    )


def _sentences(desk: Desk, mentions: Iterable[Mention], fields: Mapping[str, str]) -> list[Sentence]:
    """A sentence once for each actor that it names."""
    out: dict[tuple[str, str], Sentence] = {}
    for m in mentions:
        if (snippet := _snippet(m, fields[m.field])).text().strip():
            out.setdefault((m.actor, snippet.text()), Sentence(desk.name(m.actor), m.field, snippet, m.rule))
    return list(out.values())


def _snippet(mention: Mention, text: str) -> Snippet:
    """The sentence of a mention; of a text that is not kept, what stands with the mention itself."""
    if text[mention.start : mention.end] == mention.surface:
        return cut(text, mention.start, mention.end)
    start = max(0, mention.snippet.find(mention.surface))
    return cut(mention.snippet, start, start + len(mention.surface))


def cut(text: str, start: int, end: int) -> Snippet:
    """The sentence around a name, of LONGEST_SNIPPET letters at most, cut between words."""
    end = min(end, start + LONGEST_SNIPPET)
    room = max(0, LONGEST_SNIPPET - (end - start) - 4)
    left = max([text.rfind(mark, 0, start) + len(mark) for mark in (". ", "! ", "? ", "\n") if mark in text[:start]], default=0)
    right = min([i + 1 for mark in (". ", "! ", "? ", "\n") if (i := text.find(mark, end)) >= 0], default=len(text))
    if right - left > LONGEST_SNIPPET:
        left = max(left, start - max(room // 2, room - (right - end)))
        right = min(right, end + room - (start - left))
    head, tail = text[left:start], text[end:right]
    if left > 0 and text[left - 1].isalnum():
        head = "… " + head.partition(" ")[2]
    if right < len(text) and text[right].isalnum():
        tail = tail.rpartition(" ")[0] + " …"
    return Snippet(((head.lstrip(), False), (text[start:end], True), (tail.rstrip(), False)))


def _changes(desk: Desk, before: int, now: stored.Text) -> tuple[Change, ...]:
    """What is another, the headline first."""
    old = stored.text_of(desk.db, before)
    told = in_words(differences(old.fields, now.fields), MOST_COUNTED) if old else []
    return tuple(Change(t.field, t.kind, t.old, t.new) for t in told if t.kind != "moved" and t.field != "other_titles")


def _others(desk: Desk, actors: Sequence[str], told: Iterable[int], start: datetime) -> tuple[Line, ...]:
    """Other stories of the day that name them; `(-)` is one who is no longer named there."""
    rows = stored.others_today(desk.db, actors, told, to_text(start) or "", to_text(start + timedelta(days=1)) or "")
    named: dict[int, list[str]] = {}
    for actor, other, _, _, kind in rows:
        named.setdefault(other, []).append(f"{desk.name(actor)} (-)" if kind == "left" else desk.name(actor))
    titles = {other: (site, title) for _, other, site, title, _ in rows}
    lines = [Line(desk.site(titles[s][0]), titles[s][1], desk.story_link(s), ", ".join(dict.fromkeys(who))) for s, who in named.items()]
    return tuple(lines[:MOST_OTHERS])


def _lines(desk: Desk, copies: Sequence[Happening]) -> tuple[Line, ...]:
    """A line a copy."""
    out = {}
    for story in list(dict.fromkeys(h.story for h in copies))[:MOST_ALSO]:
        if told := stored.told_story(desk.db, story):
            out[story] = Line(desk.site(told.site), told.title, safe_url(told.url))
    return tuple(out.values())


def _not_watched(desk: Desk, one: Subscription, zone: ZoneInfo) -> tuple[NotWatched, ...]:
    """Of the sites that the subscription is about."""
    return tuple(
        NotWatched(
            desk.site(u.site) + (f", {u.section}" if u.section else ""),
            datetime.fromisoformat(u.since).astimezone(zone) if u.since else None,
            u.why,
        )
        for u in desk.not_watched
        if not one.sites or u.site in one.sites
    )


def safe_url(url: str) -> str | None:
    """An address that may be a link: http or https, no control characters."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc and url.isprintable() and " " not in url else None
