"""The mails as they would be, without an outbox: nothing is written, nothing is marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from newswatch.alerts.likeness import echoes, families
from newswatch.alerts.plan import Letter
from newswatch.alerts.render import page_texts, subject_of
from newswatch.alerts.subscriptions import Mail, Subscription
from newswatch.alerts.wanting import wants, weight
from newswatch.alerts.writing import Desk, write_page
from newswatch.extraction.dates import to_text
from newswatch.store import happenings as stored
from newswatch.story import Happening

MOST_SHOWN = 50
"""Mails of a subscription."""


def previews(desk: Desk, subscriptions: Sequence[Subscription], mail: Mail, since: datetime) -> Iterator[tuple[str, str, str]]:
    """(header, text, HTML) of each mail on what was seen since then, as if nobody had been told of any of it.

    Quiet hours, cooldowns and limits are not applied: each story is one mail, or one line of a digest.
    """
    for one in subscriptions:
        found = [h for h in stored.happenings(desk.db, since=to_text(since) or "") if wants(one, h, desk.names)]
        for letter in _letters(desk, one, found)[:MOST_SHOWN]:
            page = write_page(desk, one, letter, {})
            if page.groups or page.also:
                text, html = page_texts(page, one.language, desk.browse)
                to = ", ".join(one.to) or "its feed or service"
                yield f"[{one.id}]\nFrom: {mail.sender}\nTo: {to}\nSubject: {subject_of(page, one.language)}", text, html


def _letters(desk: Desk, one: Subscription, found: Sequence[Happening]) -> list[Letter]:
    newest: dict[int, int] = {}
    for happening in found:
        newest[happening.story] = max(happening.revision, newest.get(happening.story, 0))
    stories = sorted(newest)
    texts = ((s, t.fields["body"]) for s in stories if (t := stored.text_of(desk.db, newest[s])))
    copies = echoes(families(texts), (), stories)
    own = [h for h in found if h.story not in copies]
    also = [h for h in found if h.story in copies]
    if one.rhythm != "instant":
        return [Letter("digest", tuple(dict.fromkeys(h.story for h in own)), tuple(own), tuple(also))] if found else []
    by_story: dict[int, list[Happening]] = {}
    for happening in own:
        by_story.setdefault(happening.story, []).append(happening)
    letters = [
        Letter("story", (story,), tuple(mine), tuple(h for h in also if copies[h.story] == story)) for story, mine in by_story.items()
    ]
    return sorted(letters, key=lambda x: -max(map(weight, x.happenings)))
