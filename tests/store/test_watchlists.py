"""The states of the watchlist: numbered, rebuilt, compared."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from newswatch.errors import ConfigError
from newswatch.matching import Actor, Rule, Watchlist, find_mentions, load_watchlists
from newswatch.revisions import New, decide
from newswatch.store import migrations, open_store, stories, watchlists
from newswatch.store.rematching import Rematch
from newswatch.store.watchlists import fingerprint, last_good, register, watchlist_in_use
from newswatch.story import Fault
from tests.conftest import NOW, make_story

QUINT = {"id": "quint", "name": "Ada Quint", "kind": "person", "weak": ["Quint"], "not": ["Quint AG"], "tags": ["rat"]}
ISW = {
    "id": "isw",
    "name": "Institut",
    "kind": "organisation",
    "names": ["Das Institut", {"text": "ISW", "case": "exact"}],
    "weak": [{"text": "IS", "near": ["@quint", "Denk*"], "within": 9, "on": False}],
}


def made(*tables: dict, **rules: str) -> Watchlist:
    return Watchlist({t["id"]: Actor.model_validate(t) for t in tables}, {k: Rule(id=k, when=v) for k, v in rules.items()})


def rows(db: Database, sql: str) -> list[tuple]:
    return db.execute(sql).fetchall()


def test_the_same_watchlist_has_one_number_however_it_is_ordered(db: Database) -> None:
    assert register(db, made(QUINT, ISW), NOW) == 1
    assert register(db, made(ISW, QUINT), NOW + timedelta(days=1)) == 1
    assert rows(db, "SELECT number, at FROM watchlists") == [(1, "2026-11-22T12:00:00Z")]


def test_a_change_costs_rows_for_what_changed_only(db: Database) -> None:
    register(db, made(QUINT, ISW), NOW)
    assert register(db, made(QUINT | {"weak": []}, ISW), NOW) == 2
    assert register(db, made(ISW), NOW) == 3
    assert register(db, made(QUINT, ISW), NOW) == 4
    found = rows(db, "SELECT actor, since, until FROM definitions ORDER BY actor, since")
    assert found == [("*", 1, None), ("isw", 1, None), ("quint", 1, 2), ("quint", 2, 3), ("quint", 4, None)]
    states = [row[0] for row in rows(db, "SELECT fingerprint FROM watchlists ORDER BY number")]
    assert states[0] == states[3] and len(set(states)) == 3


def test_actors_and_rules_are_named_in_the_database(db: Database) -> None:
    register(db, made(QUINT, both="quint and quint"), NOW)
    assert rows(db, "SELECT * FROM actors") == [("both", "quint and quint", "rule", "[]"), ("quint", "Ada Quint", "person", '["rat"]')]
    register(db, made(QUINT | {"name": "Ada M. Quint"}), NOW)
    assert rows(db, "SELECT id, name FROM actors") == [("both", "quint and quint"), ("quint", "Ada M. Quint")]


def test_the_last_good_one_is_rebuilt_as_it_was(db: Database) -> None:
    assert last_good(db) is None
    watchlist = made(QUINT, ISW, both="quint and isw within 5")
    register(db, made(QUINT), NOW)
    register(db, watchlist, NOW)
    rebuilt = last_good(db)
    assert rebuilt and rebuilt.actors == watchlist.actors and rebuilt.rules == watchlist.rules
    assert fingerprint(rebuilt) == fingerprint(watchlist)
    db.execute("""UPDATE definitions SET definition = '{"kind": "band"}' WHERE actor = 'isw'""")
    assert last_good(db) is None


def test_where_the_folder_is_refused_the_last_good_one_goes_on(db: Database, tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    path = tmp_path / "w" / "a.toml"
    path.write_text('[quint]\nname = "Ada Quint"\nkind = "person"\n')
    watchlist, problems = watchlist_in_use(tmp_path / "w", db)
    assert (list(watchlist.actors), problems) == (["quint"], [])
    path.write_text('[quint]\nname = "Ada Quint"\nkind = "persona"\n')
    with pytest.raises(ConfigError, match="kind"):
        watchlist_in_use(tmp_path / "w", db)
    register(db, watchlist, NOW)
    again, problems = watchlist_in_use(tmp_path / "w", db)
    assert again.actors == watchlist.actors and len(problems) == 1 and "a.toml: quint: kind" in problems[0]
    assert register(db, again, NOW) == 1


def test_the_shipped_watchlist_is_rebuilt_as_it_was(db: Database) -> None:
    shipped = load_watchlists(Path(__file__).parents[2] / "settings" / "watchlists")
    register(db, shipped, NOW)
    rebuilt = last_good(db)
    assert rebuilt and rebuilt.actors == shipped.actors


def test_two_crawls_that_begin_at_once_register_one_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = open_store(tmp_path / "news.db"), open_store(tmp_path / "news.db")
    answers = iter([(0, "")])
    true = watchlists.newest
    register(first, made(QUINT), NOW)
    monkeypatch.setattr(watchlists, "newest", lambda db: next(answers, None) or true(db))  # as seen before the other's
    assert register(second, made(QUINT), NOW) == 1
    assert rows(second, "SELECT count(*) FROM definitions") == [(2,)]
    first.close()
    second.close()


def old_store(path: Path) -> None:
    """A database as it was before there were states, with a story that names somebody."""
    db = Database(sqlite3.connect(path, isolation_level=None))
    earlier = Migrations("newswatch")
    for migration in (migrations.tables_of_version_1, migrations.blocks_and_entries):
        earlier()(migration)
    earlier.apply(db)
    db.execute("PRAGMA journal_mode = WAL")
    values = {"id": 1, "site": "beispiel", "url": "u", "title": "Ada Quint geht", "section": "", "kind": "news", "access": "free"}
    values |= dict.fromkeys(["date_flags", "sort_at", "first_seen_at", "last_seen_at", "last_read_at"], "")
    db["stories"].insert(values | {"revisions": 1})
    texts = dict.fromkeys(["kicker", "other_titles", "lead", "body", "caption", "sources", "date_flags", "changed_fields"], "")
    revision = {"id": 1, "story_id": 1, "number": 1, "seen_at": "2026-01-01T00:00:00Z", "content_hash": "", "url": "u"}
    numbers = {"words": 3, "words_added": 0, "words_removed": 0}
    db["revisions"].insert(revision | texts | numbers | {"title": "Ada Quint geht", "passages": "[]", "authors": "[]", "keywords": "[]"})
    db.execute("INSERT INTO mentions VALUES (1, 1, 1, 'quint', 'title', 0, 9, 'Ada Quint', 'Ada Quint', 'strong name', 'Ada Quint geht')")
    db.execute("INSERT INTO events VALUES (7, 1, 1, 'quint', 'appeared', 'title', '2026-01-01T00:00:00Z')")
    db.close()


def test_a_database_from_before_upgrades_and_is_looked_at_as_a_whole(tmp_path: Path) -> None:
    old_store(tmp_path / "news.db")
    db = open_store(tmp_path / "news.db")
    assert rows(db, "SELECT entry, is_ambiguous FROM mentions") == [(None, 0)]
    assert rows(db, "SELECT id, past FROM events") == [(7, 0)]
    rematch = Rematch(db, made(QUINT), NOW, write=True)
    assert rematch.pending == 1
    assert list(rematch.run()) == [1]
    assert rows(db, "SELECT rule FROM mentions") == [("strong name Ada Quint",)]
    assert rows(db, "SELECT id, past FROM events") == [(7, 0)]
    assert rows(db, "SELECT * FROM matched") == [(1, 1)]
    db.close()


def test_what_could_not_be_taken_of_a_story_is_saved_with_it(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    story = make_story()
    run = db["runs"].insert({"site": "beispiel", "started_at": "", "outcome": "running", "counts": "{}"}).last_pk
    outcome = decide(None, story)
    assert isinstance(outcome, New)
    number = register(db, made(QUINT), NOW)
    fault = Fault("beispiel", "cut", story.url, "too much", NOW)
    with monkeypatch.context() as patched:
        patched.setattr(stories, "insert_fault", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            stories.save(db, outcome, find_mentions(story, made(QUINT)), run_id=run, watchlist=number, fault=fault)
    assert rows(db, "SELECT count(*) FROM stories") == [(0,)]
    stories.save(db, outcome, find_mentions(story, made(QUINT)), run_id=run, watchlist=number, fault=fault)
    assert rows(db, "SELECT kind, run_id FROM faults") == [("cut", run)]
    assert rows(db, "SELECT revision_id, watchlist FROM matched") == [(1, 1)]
