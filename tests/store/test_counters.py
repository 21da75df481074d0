"""What is counted on save is what a count from scratch comes to, whatever happened in between."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from newswatch.revisions import MENTION_FIELDS, New, decide
from newswatch.store import counters, open_store, stories, writing
from newswatch.store.runs import begin_run, save_fault
from newswatch.story import Fault, Mention, Passage, Stamp
from tests.conftest import NOW, ROOT, make_story

TABLES = ("story_actors", "actor_days", "named_by_day", "actor_pairs", "site_days")


def kept(db: Database) -> dict[str, list[tuple]]:
    zero = {"site_days": " WHERE new_stories + edits + silent_edits + faults > 0"}
    return {t: sorted(tuple(r) for r in db.execute(f"SELECT * FROM {t}{zero.get(t, '')}")) for t in TABLES}


def from_scratch(db: Database) -> dict[str, list[tuple]]:
    """The same in plain words, slowly."""
    rows: dict[tuple[int, str], tuple[int, Counter[str]]] = {}
    newest, story = {}, {}
    for story_id, site, sort_at, revisions in db.execute("SELECT id, site, sort_at, revisions FROM stories"):
        newest[story_id], story[story_id] = revisions, (site, sort_at)
    for story_id, number, actor, field in db.execute(
        "SELECT m.story_id, r.number, m.actor, m.field FROM mentions m JOIN revisions r ON r.id = m.revision_id WHERE NOT m.is_ambiguous"
    ):
        last, fields = rows.get((story_id, actor), (0, Counter()))
        if number > last:
            last, fields = number, Counter()
        if number == last:
            fields[field] += 1
        rows[story_id, actor] = (last, fields)
    named = [
        (s, a, *story[s], min(fields, key=MENTION_FIELDS.index), fields.total(), int(number == newest[s]))
        for (s, a), (number, fields) in rows.items()
    ]
    days: dict[tuple, list[int]] = {}
    beside: Counter[tuple[str, str]] = Counter()
    by_day = Counter((sort_at[:10], actor) for _, actor, _, sort_at, *_ in named)
    for _, actor, site, sort_at, _, mentions, _ in named:
        day = days.setdefault((actor, sort_at[:10], site), [0, 0])
        day[0] += 1
        day[1] += mentions
    for s in story:
        of = sorted((r for r in named if r[0] == s), key=lambda r: (MENTION_FIELDS.index(r[4]), -r[5], r[1]))[: counters.MOST_PAIRED]
        beside.update((a[1], b[1]) for a in of for b in of if a != b)
    sites: dict[tuple, list[int]] = {}
    for site, at, number, notice in db.execute(
        "SELECT s.site, r.seen_at, r.number, r.notice FROM revisions r JOIN stories s ON s.id = r.story_id"
    ):
        count = sites.setdefault((site, at[:10]), [0, 0, 0, 0])
        count[0 if number == 1 else 1] += 1
        count[2] += notice == "silent"
    for site, at in db.execute("SELECT site, at FROM faults"):
        sites.setdefault((site, at[:10]), [0, 0, 0, 0])[3] += 1
    return {
        "story_actors": sorted(named),
        "actor_days": sorted((*k, *v) for k, v in days.items()),
        "named_by_day": sorted((*k, v) for k, v in by_day.items()),
        "actor_pairs": sorted((*k, v) for k, v in beside.items()),
        "site_days": sorted((*k, *v) for k, v in sites.items()),
    }


def mention(actor: str, field: str = "body", *, ambiguous: bool = False) -> Mention:
    return Mention(actor, field, 0, 3, "Ada", "Ada", "exact", "Ada", None, ambiguous)


def some_saves(db: Database, chance: random.Random, count: int) -> None:
    for n in range(count):
        key = str(chance.randint(1, 6))
        published = NOW - timedelta(days=chance.randint(0, 2)) if chance.random() < 0.7 else None
        story = make_story(
            url=f"https://www.beispiel.example/politik/{key}/",
            site_key=key,
            body=(Passage(None, (f"Text {chance.randint(1, 3)}, so lang wie jeder andere hier.",)),),
            published=Stamp(published, "") if published else None,
            seen_at=NOW + timedelta(hours=n),
        )
        outcome = decide(stories.last_revision(db, story), story)
        names = chance.choices("abcde", k=chance.randint(0, 6))
        found = [mention(a, chance.choice(MENTION_FIELDS), ambiguous=chance.random() < 0.2) for a in names]
        stories.save(db, outcome, found)


@pytest.mark.parametrize("seed", range(12))
def test_saves_of_any_kind_leave_the_counters_as_a_count_from_scratch(seed: int, db: Database) -> None:
    some_saves(db, random.Random(seed), 40)
    assert kept(db) == from_scratch(db)
    assert kept(db)["actor_days"]


@pytest.mark.parametrize("seed", range(4))
def test_a_recount_changes_nothing_where_all_is_right_and_mends_what_is_not(seed: int, db: Database) -> None:
    chance = random.Random(seed)
    some_saves(db, chance, 30)
    ids = [i for (i,) in db.execute("SELECT id FROM stories")]
    right = kept(db)
    with writing(db):
        counters.recount(db, ids)
    assert kept(db) == right
    with writing(db):
        db.execute("UPDATE mentions SET actor = 'z' WHERE actor = 'b'")
        db.execute("DELETE FROM mentions WHERE actor = 'c'")
        counters.recount(db, ids)
    assert kept(db) == from_scratch(db) != right


def test_a_story_that_is_removed_is_counted_no_more(db: Database) -> None:
    some_saves(db, random.Random(1), 30)
    with writing(db):
        for table in ("mentions", "events", "revisions", "story_urls", "suspects"):
            db.execute(f"DELETE FROM {table} WHERE story_id = 2")
        db.execute("DELETE FROM stories WHERE id = 2")
        counters.recount(db, [2])
    assert kept(db) == from_scratch(db)


def test_of_a_story_with_very_many_actors_only_the_most_prominent_are_paired(db: Database) -> None:
    story = make_story()
    names = [mention(f"a{n:02}") for n in range(40)] + [mention("z", "title")]
    stories.save(db, New(story, "1"), names)
    rows = kept(db)
    assert len(rows["actor_pairs"]) == counters.MOST_PAIRED * (counters.MOST_PAIRED - 1)
    assert ("z", "a00", 1) in rows["actor_pairs"] and rows == from_scratch(db)


def test_faults_are_counted_for_the_day_of_their_site(db: Database) -> None:
    run = begin_run(db, "beispiel", NOW, None)
    save_fault(db, run, Fault("beispiel", "http", "https://www.beispiel.example/x", "status 500", NOW))
    assert kept(db)["site_days"] == [("beispiel", NOW.date().isoformat(), 0, 0, 0, 1)]


def test_a_database_of_an_older_version_is_counted_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    db = open_store(path)
    some_saves(db, random.Random(3), 30)
    right = kept(db)
    for table in ("story_actors", "actor_days", "actor_pairs"):
        db.execute(f"DELETE FROM {table}")
    db.execute("INSERT INTO fillings VALUES ('counters', 0)")
    db.close()
    db = open_store(path)
    assert kept(db) == right
    assert not db.execute("SELECT * FROM fillings").fetchall()
    db.close()


def test_crawls_of_the_demo_leave_the_counters_as_a_count_from_scratch(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "SCRAPY_SETTINGS_MODULE": "settings.base"}
    subprocess.run([sys.executable, "-m", "newswatch.demo"], cwd=tmp_path, env=env, capture_output=True, timeout=120, check=True)
    db = Database(tmp_path / "data" / "demo.db")
    assert kept(db) == from_scratch(db)
    assert all(kept(db).values())
    db.close()
