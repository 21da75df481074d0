"""Stories are published, edited and removed, crawls die, the clock jumps, actors are added, in any order: what always holds, holds."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from sqlite_utils import Database

from newswatch import faultpoints
from newswatch.matching import Actor, Watchlist, examine_story
from newswatch.matching.events import derive_all
from newswatch.pipelines.check import check
from newswatch.revisions import New, Same, decide
from newswatch.store import stories, watchlists
from newswatch.store.blocks import learned_blocks
from newswatch.store.mentions import mentions_of
from newswatch.store.migrations import migrations
from newswatch.store.rematching import Rematch
from newswatch.story import Gone, Passage, Story, Unchanged
from tests.conftest import NOW, make_story

ACTORS = [
    Actor.model_validate({"id": "quint", "name": "Ada Quint", "kind": "person"}),
    Actor.model_validate({"id": "harmsen", "name": "Ole Harmsen", "kind": "person", "weak": ["Harmsen"]}),
    Actor.model_validate({"id": "nordwacht", "name": "Nordwacht", "kind": "organisation"}),
    Actor.model_validate({"id": "deich", "name": "Deich", "kind": "topic", "phrases": ["Deich*"]}),
]
SENTENCES = (
    "Ada Quint sprach vor dem Rat über die Kosten der Schleuse.",
    "Ole Harmsen widersprach am Abend; Harmsen blieb allein.",
    "Die Nordwacht wollte sich dazu nicht äußern.",
    "Der Deichgraf ließ das Siel in der Nacht schließen.",
    "Niemand kam, es regnete bis zum Morgen.",
    "Der Fährmann fuhr zweimal leer über den Fluss.",
)
BEFORE_THE_COMMIT = ("write.begun", "save.story", "save.addresses", "save.revision", "save.mentions", "save.events", "write.before_commit")
BEHIND_IT = ("write.after_commit",)
texts = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3, unique=True).map(tuple)
numbers = st.integers(0, 5)


class KilledError(BaseException):
    """In place of kill -9: what was not committed is rolled back, and whoever asked is gone."""


def end() -> None:
    raise KilledError


@dataclass
class Told:
    """A story as the paper has it, and what the program was shown of it."""

    text: tuple[str, ...]
    before: tuple[str, ...]
    title: str = "Rat stimmt zu"
    status: int = 200
    kept: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """The states that a crawl saved, one after the other."""
    missed: int = 0
    """Looks in a row that found it missing, at different times."""
    is_gone: bool = False


class Newsroom(RuleBasedStateMachine):
    """The pipeline in one process, upon a database in memory, with a clock that is given."""

    known = Bundle("known")

    @initialize()
    def begin(self) -> None:
        self.db = Database(memory=True)
        self.db.conn.isolation_level = None
        migrations.apply(self.db)
        self.now = NOW
        self.watchlist = Watchlist({ACTORS[0].id: ACTORS[0]})
        self.number = watchlists.register(self.db, self.watchlist, self.now)
        self.told: dict[int, Told] = {}

    def teardown(self) -> None:
        if hasattr(self, "db"):
            self.db.close()

    # --- what happens

    @rule(target=known, number=numbers, text=texts)
    def publish(self, number: int, text: tuple[str, ...]) -> int:
        self.told.setdefault(number, Told(text, text))
        return number

    @rule(number=known, text=texts)
    def edit(self, number: int, text: tuple[str, ...]) -> None:
        told = self.told[number]
        told.before, told.text = told.text, text

    @rule(number=known, title=st.sampled_from(["Rat stimmt zu", "Rat lehnt ab", "Ada Quint lehnt ab"]))
    def edit_the_headline(self, number: int, title: str) -> None:
        self.told[number].title = title

    @rule(number=known)
    def revert(self, number: int) -> None:
        told = self.told[number]
        told.before, told.text = told.text, told.before

    @rule(number=known, status=st.sampled_from([200, 404, 410]))
    def remove(self, number: int, status: int) -> None:
        self.told[number].status = status

    @rule(hours=st.integers(-30, 30).filter(bool))
    def clock_jump(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(which=st.integers(1, len(ACTORS) - 1), matched=st.booleans())
    def add_actor(self, which: int, matched: bool) -> None:
        """With or without `scrapy match` behind it."""
        self.watchlist = Watchlist({**self.watchlist.actors, ACTORS[which].id: ACTORS[which]})
        self.number = watchlists.register(self.db, self.watchlist, self.now)
        if matched:
            for _ in Rematch(self.db, self.watchlist, self.now, write=True).run():
                pass

    @rule(number=known)
    def look(self, number: int) -> None:
        """A crawl asks for a page and does with the answer what it always does."""
        self.now += timedelta(seconds=1)
        told, story = self.told[number], self._page(number)
        was = stories.known(self.db, story.site, story.url, story.site_key)
        if told.status != 200:
            state = stories.save_gone(self.db, Gone(story.site, story.url, self.now, told.status))
            if was:
                told.missed += 1
                told.is_gone |= told.status == 410 or told.missed > 1
                assert state == ("gone" if told.is_gone else "missing")
            return
        if was and was.etag == story.etag:  # 304
            assert stories.save_unchanged(self.db, Unchanged(story.site, story.url, self.now, "not-modified"))
        else:
            self._save(story)
            self._keep(told)
        told.missed, told.is_gone = 0, False

    @rule(number=known, point=st.sampled_from(BEFORE_THE_COMMIT + BEHIND_IT))
    def crash(self, number: int, point: str) -> None:
        """A crawl that dies while it saves a page."""
        self.now += timedelta(seconds=1)
        told, story = self.told[number], self._page(number)
        was = stories.known(self.db, story.site, story.url, story.site_key)
        if told.status != 200 or (was and was.etag == story.etag):
            return
        if self._dies(story, point) and point in BEFORE_THE_COMMIT:
            return
        self._keep(told)
        told.missed, told.is_gone = 0, False

    def _dies(self, story: Story, point: str) -> bool:
        """Whether saving it came to the point; True leaves behind what a kill there leaves."""
        faultpoints.forget()
        kill, faultpoints.kill = faultpoints.kill, end
        os.environ[faultpoints.KILL] = f"{point}:1"
        try:
            self._save(story)
        except KilledError:
            return True
        finally:
            faultpoints.kill = kill
            del os.environ[faultpoints.KILL]
        return False

    def _page(self, number: int) -> Story:
        told = self.told[number]
        return make_story(
            url=f"https://www.beispiel.example/politik/{number}/fall",
            site_key=str(number),
            title=told.title,
            body=(Passage(None, told.text),),
            seen_at=self.now,
            etag=str(hash((told.title, told.text))),
        )

    def _save(self, read: Story) -> None:
        story = check(read)
        assert isinstance(story, Story)
        outcome = decide(stories.last_revision(self.db, story), story, learned_blocks(self.db, story.site))
        mentions = [] if isinstance(outcome, Same) else examine_story(story, self.watchlist).mentions
        assert isinstance(outcome, New) == (stories.known(self.db, story.site, story.url, story.site_key) is None)
        stories.save(self.db, outcome, mentions, watchlist=self.number)

    @staticmethod
    def _keep(told: Told) -> None:
        if told.kept[-1:] != [(told.title, told.text)]:
            told.kept.append((told.title, told.text))

    # --- what always holds

    @invariant()
    def every_state_is_kept_exactly_once(self) -> None:
        for number, told in self.told.items():
            rows = self.db.execute(
                "SELECT r.number, r.title, r.body FROM revisions r JOIN stories s ON s.id = r.story_id WHERE s.site_key = ? ORDER BY r.id",
                [str(number)],
            ).fetchall()
            assert rows == [(n, title, "\n\n".join(text)) for n, (title, text) in enumerate(told.kept, 1)]

    @invariant()
    def what_is_counted_and_pointed_to_is_there(self) -> None:
        counted = "SELECT count(*) FROM stories s WHERE revisions <> (SELECT count(*) FROM revisions r WHERE r.story_id = s.id)"
        homeless = "SELECT count(*) FROM stories s WHERE NOT EXISTS (SELECT 1 FROM story_urls u WHERE u.story_id = s.id AND u.url = s.url)"
        unmarked = "SELECT count(*) FROM revisions r LEFT JOIN matched m ON m.revision_id = r.id WHERE m.watchlist IS NULL"
        assert [self.db.execute(sql).fetchone()[0] for sql in (counted, homeless, unmarked)] == [0, 0, 0]
        assert self.db.execute("PRAGMA foreign_key_check").fetchall() == []
        for name in ("stories_fts", "words_inside"):
            self.db.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', 1)")

    @invariant()
    def validators_are_those_of_the_last_revision(self) -> None:
        """Or else a 304 would hide a state that was lost."""
        for number, told in self.told.items():
            row = self.db.execute("SELECT etag FROM stories WHERE site_key = ?", [str(number)]).fetchone()
            assert row == ((str(hash(told.kept[-1])),) if told.kept else None)

    @invariant()
    def missing_and_gone_are_as_they_were_seen(self) -> None:
        for number, told in self.told.items():
            row = self.db.execute("SELECT missing_since IS NOT NULL, gone_at IS NOT NULL FROM stories WHERE site_key = ?", [str(number)])
            assert row.fetchone() in (None, (told.missed > 0, told.is_gone))

    @invariant()
    def mentions_and_events_are_those_of_the_text(self) -> None:
        """Of each revision that was matched with the watchlist in use."""
        for number, told in self.told.items():
            rows = self.db.execute(
                "SELECT r.id, m.watchlist FROM revisions r JOIN stories s ON s.id = r.story_id JOIN matched m ON m.revision_id = r.id"
                " WHERE s.site_key = ? ORDER BY r.number",
                [str(number)],
            ).fetchall()
            stored = [mentions_of(self.db, revision) for revision, _ in rows]
            for (_, state), mentions, (title, text) in zip(rows, stored, told.kept, strict=True):
                if state == self.number:
                    assert mentions == examine_story(make_story(title=title, body=(Passage(None, text),)), self.watchlist).mentions
            for (revision, _), events in zip(rows, derive_all(stored), strict=True):
                kept = self.db.execute("SELECT actor, kind, field FROM events WHERE revision_id = ?", [revision]).fetchall()
                assert sorted(kept, key=repr) == sorted(((e.actor, e.kind, e.field) for e in events), key=repr)

    @invariant()
    def nothing_is_open(self) -> None:
        assert not self.db.conn.in_transaction


TestNewsroom = Newsroom.TestCase
TestNewsroom.settings = settings(max_examples=40, stateful_step_count=30, suppress_health_check=[HealthCheck.too_slow])
