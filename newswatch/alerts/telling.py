"""From what is pending to mails in the outbox. Each mail and what it tells of commit together.

store -> happenings -> wanted, not told -> plan -> write -> render -> outbox
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from newswatch.alerts.likeness import MOST_COMPARED, echoes, families
from newswatch.alerts.plan import Letter, Past, plan
from newswatch.alerts.render import message, message_id, page_texts, subject_of
from newswatch.alerts.subscriptions import Mail, Subscription
from newswatch.alerts.wanting import wants, weight
from newswatch.alerts.writing import Desk, write_page
from newswatch.extraction.dates import to_text
from newswatch.faultpoints import fault
from newswatch.store import happenings as stored
from newswatch.store import outbox
from newswatch.story import Happening

COPIES_KNOWN_FOR = timedelta(hours=72)
"""A story that was told longer ago has no copies any more."""


@dataclass
class Teller:
    """One pass over all subscriptions."""

    desk: Desk
    out: sqlite3.Connection
    mail: Mail
    subscriptions: Sequence[Subscription]

    def tell(self) -> Counter[str]:
        """Queues all mails that are due; returns how many of each kind, and how many happenings wait (`waiting`)."""
        counts: Counter[str] = Counter()
        self.begin()
        newest = stored.newest_mark(self.desk.db)
        for one in self.subscriptions:
            oldest_waiting: int | None = None
            wanted = self._wanted[one.id]
            for recipient in one.recipients:
                pending = self._pending(one, recipient, wanted)
                told = set[str]()
                for letter in self._plan(one, recipient, pending):
                    counts[self._keep(one, recipient, letter)] += 1
                    told |= {h.key for h in (*letter.happenings, *letter.also)}
                waiting = [h.revision for h in pending if h.key not in told]
                counts["waiting"] += len(waiting)
                oldest_waiting = min([*waiting, *([oldest_waiting] if oldest_waiting else [])], default=None)
            self._move_on(one, newest, oldest_waiting)
        return counts

    def back_digest(self, one: Subscription, since: datetime) -> Counter[str]:
        """One digest of all that the subscription wants since then, whatever it was told before."""
        self.begin()
        found = [h for h in stored.happenings(self.desk.db, since=to_text(since) or "") if wants(one, h, self.desk.names)]
        counts: Counter[str] = Counter()
        if found:
            letter = Letter("digest", tuple(dict.fromkeys(h.story for h in found)), tuple(found))
            counts.update(self._keep(one, recipient, letter) for recipient in one.recipients)
        return counts

    def mark_told_before(self, until: datetime) -> int:
        """Takes all that was seen before then for told, by every subscription; returns how much that was."""
        self.begin()
        count = 0
        for one in self.subscriptions:
            found = [h for h in stored.happenings(self.desk.db, until=to_text(until)) if wants(one, h, self.desk.names)]
            for recipient in one.recipients:
                new = self._pending(one, recipient, found)
                with outbox.outbox_writing(self.out):
                    outbox.mark_told(self.out, one.id, recipient, map(_entry, new), self.desk.now, None)
                count += len(new)
        return count

    def begin(self) -> None:
        """A new subscription begins now: what is in the store already is past for it."""
        mark = stored.newest_mark(self.desk.db)
        new = [one for one in self.subscriptions if outbox.begun(self.out, one.id) is None]
        if new:
            with outbox.outbox_writing(self.out):
                for one in new:
                    outbox.begin(self.out, one.id, self.desk.now, mark)

    @cached_property
    def _wanted(self) -> dict[str, list[Happening]]:
        """By subscription: what it wants of all that is new to it, told or not. The store is looked through once."""
        starts = {one.id: self._start(one) for one in self.subscriptions}
        groups: dict[tuple[int, str], list[Subscription]] = {}
        for one in self.subscriptions:
            groups.setdefault(starts[one.id], []).append(one)
        out: dict[str, list[Happening]] = {one.id: [] for one in self.subscriptions}
        for (after, since), members in groups.items():
            for happening in stored.happenings(self.desk.db, after=after, since=since):
                for one in members:
                    if wants(one, happening, self.desk.names):
                        out[one.id].append(happening)
        return out

    def _start(self, one: Subscription) -> tuple[int, str]:
        """(revision, time) behind which a subscription looks. In a store that was restored, the time alone tells."""
        begun = outbox.begun(self.out, one.id)
        assert begun is not None
        at, mark = begun
        if mark is None:
            return 0, ""
        return (mark.revision, "") if stored.still_there(self.desk.db, mark) else (0, to_text(at) or "")

    def _pending(self, one: Subscription, recipient: str, wanted: Sequence[Happening]) -> list[Happening]:
        told = outbox.is_told(self.out, one.id, recipient, [h.key for h in wanted])
        return [h for h in wanted if h.key not in told]

    def _plan(self, one: Subscription, recipient: str, pending: Sequence[Happening]) -> list[Letter]:
        if not pending:
            return []
        now = self.desk.now
        begun = outbox.begun(self.out, one.id)
        assert begun is not None
        past = Past(
            since=begun[0],
            digest_at=outbox.last_digest(self.out, one.id, recipient),
            recent=outbox.recent_mails(self.out, one.id, recipient, now - timedelta(hours=1)),
            told=outbox.last_told(self.out, one.id, recipient, (h.story for h in pending)) if one.rhythm == "instant" else {},
        )
        told = outbox.stories_told(self.out, one.id, recipient, now - COPIES_KNOWN_FOR)
        return plan(one, pending, past, now, echoes(self._heads, told, [h.story for h in pending]))

    @cached_property
    def _heads(self) -> dict[int, int]:
        """Stories by the text that they share, of all that is pending or was told of late."""
        since = self.desk.now - COPIES_KNOWN_FOR
        weights: dict[int, int] = {}
        for happening in (h for found in self._wanted.values() for h in found):
            weights[happening.story] = max(weight(happening), weights.get(happening.story, 0))
        pending = sorted(weights, key=lambda s: (-weights[s], -s))[:MOST_COMPARED]
        recipients = ((one.id, r) for one in self.subscriptions for r in one.recipients)
        told = sorted({s for one, r in recipients for s in outbox.stories_told(self.out, one, r, since)})[-MOST_COMPARED:]
        return families(self._bodies(sorted({*pending, *told})))

    def _bodies(self, stories: Iterable[int]) -> Iterable[tuple[int, str]]:
        """The newest text of each; a story that was removed has none."""
        sql = "SELECT body FROM revisions WHERE story_id = ? ORDER BY number DESC LIMIT 1"
        for story in stories:
            if row := self.desk.db.execute(sql, [story]).fetchone():
                yield story, row[0]

    def _keep(self, one: Subscription, recipient: str, letter: Letter) -> str:
        """Writes, renders and queues a mail, and notes what it tells of; returns its kind, `removed` where no story is left."""
        fault("alert.planned")
        known = outbox.told_revisions(self.out, one.id, recipient, letter.stories)
        page = write_page(self.desk, one, letter, known)
        entries = [_entry(h) for h in (*letter.happenings, *letter.also)]
        if not page.groups and not page.also:
            with outbox.outbox_writing(self.out):
                outbox.mark_told(self.out, one.id, recipient, entries, self.desk.now, None)
            return "removed"
        text, html = page_texts(page, one.language, self.desk.browse)
        story = letter.stories[0] if letter.kind == "story" else None
        subject = subject_of(page, one.language)
        identity = message_id(self.mail.sender, one.id, recipient, letter.kind, to_text(self.desk.now) or "", *(e[0] for e in entries))
        content = message(
            sender=self.mail.sender,
            recipient=recipient if "@" in recipient else self.mail.sender,
            subject=subject,
            text=text,
            html=html,
            identity=identity,
            date=self.desk.now,
            subscription=one.id,
            thread=outbox.thread(self.out, one.id, recipient, story) if story is not None else (),
        )
        draft = outbox.Draft(one.id, recipient, letter.kind, subject, identity, content, story)
        with outbox.outbox_writing(self.out):
            number = outbox.keep_mail(self.out, draft, self.desk.now)
            fault("alert.kept")
            outbox.mark_told(self.out, one.id, recipient, entries, self.desk.now, number)
        fault("alert.noted")
        return letter.kind

    def _move_on(self, one: Subscription, newest: stored.Mark | None, oldest_waiting: int | None) -> None:
        """What nobody waits for need not be looked through again."""
        mark = newest if oldest_waiting is None else stored.mark_before(self.desk.db, oldest_waiting)
        if mark is not None:
            with outbox.outbox_writing(self.out):
                outbox.move_mark(self.out, one.id, mark)


def _entry(happening: Happening) -> outbox.Entry:
    return happening.key, happening.story, happening.actor, happening.revision
