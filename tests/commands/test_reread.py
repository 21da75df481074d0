"""`scrapy reread`: what it tells, what it writes, and that it writes nothing twice and nothing else."""

from __future__ import annotations

import sqlite3
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from newswatch.matching import load_watchlists
from newswatch.rereading.chain import read_again
from newswatch.rereading.rereader import Rereader, Scope
from newswatch.revisions import decide
from newswatch.store import open_store, stories
from newswatch.store.locks import site_lock
from newswatch.store.rereading import revision_rows
from newswatch.story import Passage
from tests.conftest import NOW, make_site, make_story
from tests.crawling import folder_settings, scrapy
from tests.dump import dump
from tests.rereading import FIRST, LAST, Kept, write_files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Story 1: the older reader lost a paragraph of its first revision; story 2 is as today's reads it; 3 was never kept."""
    write_files(tmp_path)
    with Kept(tmp_path) as kept:
        kept.save(17, "Rat stimmt dem Anleger zu", (*FIRST, LAST), spoilt=True)
        kept.save(17, "Rat stimmt dem Anleger zu", (*FIRST, LAST), day=1)
        kept.save(18, "Siel bleibt vorerst zu", FIRST)
        kept.save(19, "Mole wird saniert im Herbst", FIRST, kept=False)
    return tmp_path


@pytest.fixture
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """What a crawl with today's reader would have stored."""
    folder = tmp_path_factory.mktemp("expected")
    write_files(folder)
    with Kept(folder) as kept:
        kept.save(17, "Rat stimmt dem Anleger zu", (*FIRST, LAST))
        kept.save(18, "Siel bleibt vorerst zu", FIRST)
        kept.save(19, "Mole wird saniert im Herbst", FIRST, kept=False)
    return dump(folder / "news.db")


def reread(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return scrapy("reread", *folder_settings(folder), *args)


def rows(folder: Path, sql: str) -> list[tuple]:
    db = sqlite3.connect(folder / "news.db")
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def test_it_tells_first_and_writes_with_yes_only(folder: Path) -> None:
    before = dump(folder / "news.db")
    told = reread(folder)
    assert (told.returncode, told.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in told.stdout.splitlines()]
    assert lines[0] == "beispiel: 3 stories, 3 pages read"
    assert "1 revisions of 1 stories would be read otherwise:" in lines
    assert "headline 1" in lines and "text 1" in lines and "mentions: 1 more (no alert is sent for them)" in lines
    assert "headline: [-Rat-] {+Rat stimmt dem Anleger zu+}" in lines and f"text: {{+{LAST}+}}" in lines
    assert "1 revisions have no kept page, or several: they stay as they are" in lines
    assert lines[-1] == "Nothing was written: scrapy reread --yes does it."
    assert dump(folder / "news.db") == before
    assert reread(folder, "--yes").returncode == 0
    assert "Today's reader reads them all as they stand." in reread(folder).stdout


def test_the_other_reading_takes_the_place_of_what_stood_there(folder: Path, expected: dict) -> None:
    assert reread(folder, "--yes").returncode == 0
    found = dump(folder / "news.db")
    first = [row for row in found["revisions"] if row[1] == "17"]
    assert [row[2] for row in first] == [1, 2]  # no revision came or went
    assert first[0][:8] == next(row for row in expected["revisions"] if row[1] == "17")[:8]
    assert first[1][7:10] == ("", 0, 0)  # nothing differs between the two any more
    for table in ("stories", "mentions", "events"):
        assert [r for r in found[table] if r[1] != "17"] == [r for r in expected[table] if r[1] != "17"]
    assert [r for r in found["mentions"] if r[1:3] == ("17", 1)] == [r for r in expected["mentions"] if r[1] == "17"]
    assert rows(folder, "SELECT number FROM revisions WHERE reread_at IS NOT NULL") == [(1,)]
    again = dump(folder / "news.db")
    assert reread(folder, "--yes").returncode == 0 and dump(folder / "news.db") == again


def test_what_is_found_is_no_news_and_can_be_searched(folder: Path) -> None:
    before = rows(folder, "SELECT revision_id, actor, kind, past FROM events ORDER BY id")
    assert ((1, "harmsen", "appeared", 0) not in before) and ((2, "harmsen", "appeared", 0) in before)
    assert reread(folder, "--yes").returncode == 0
    after = rows(folder, "SELECT revision_id, actor, kind, past FROM events WHERE actor = 'harmsen'")
    assert after == [(1, "harmsen", "appeared", 1)]
    assert rows(folder, "SELECT count(*) FROM stories_fts WHERE stories_fts MATCH 'bestritt'") == [(1,)]
    assert rows(folder, "SELECT count(*) FROM matched") == [(4,)]
    assert "Nothing to do" in scrapy("match", *folder_settings(folder)).stdout


def test_the_next_crawl_finds_nothing_new_in_what_was_read_again(folder: Path) -> None:
    assert reread(folder, "--yes").returncode == 0
    before = dump(folder / "news.db")["revisions"]
    with Kept(folder) as kept:
        kept.save(17, "Rat stimmt dem Anleger zu", (*FIRST, LAST), day=2)
    assert dump(folder / "news.db")["revisions"] == before


def test_one_story_is_read_again_where_one_is_named(folder: Path) -> None:
    db = open_store(folder / "news.db")
    db.execute("UPDATE revisions SET body = 'kurz', passages = '[[null, 1]]' WHERE story_id = 2")
    db.close()
    assert reread(folder, "--yes", "--story", "2").returncode == 0
    assert rows(folder, "SELECT body FROM revisions WHERE story_id = 2") == [("\n\n".join(FIRST),)]
    assert rows(folder, "SELECT reread_at IS NULL FROM revisions WHERE story_id = 1") == [(1,), (1,)]


def test_what_a_paywall_hid_is_taken_over_from_the_other_reading_of_the_revision_before(tmp_path: Path) -> None:
    whole = make_story(body=(Passage(None, (*FIRST, LAST)),), lead="Vorspann")
    spoilt = replace(whole, body=(Passage(None, FIRST),))
    gated = replace(
        whole, title="Rat lehnt ab", access="gated", body=(Passage(None, (FIRST[0],)),), lead=None, seen_at=NOW + timedelta(days=1)
    )
    db = open_store(tmp_path / "news.db")
    for seen in (spoilt, gated):
        stories.save(db, decide(stories.last_revision(db, seen), seen), [])
    rows_before = revision_rows(db, 1)
    assert rows_before[1]["unseen"] == "lead body" and rows_before[1]["body"] == spoilt.text()
    again = read_again(rows_before, {1: whole, 2: gated})
    db.close()
    assert [a.number for a in again] == [1, 2]
    assert again[0].after["body"] == again[1].after["body"] == whole.text()
    assert not {"unseen", "access", "changed_fields", "lead"} & again[1].after.keys()
    assert read_again([{**row, **a.after} for row, a in zip(rows_before, again, strict=True)], {1: whole, 2: gated}) == []


def test_a_pass_that_ended_early_goes_on_where_it_stood(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newswatch.rereading.rereader.NOTED_EACH", 1)
    db = open_store(folder / "news.db")
    scope = Scope(make_site(), folder / "warc", load_watchlists(folder / "watchlists"), 1, NOW)
    steps = Rereader(db, scope, write=True).run()
    next(steps)
    steps.close()
    again = Rereader(db, scope, write=True)
    assert again.begun_after == 1 and list(again.run()) == [1, 2] and again.counts.changed == 0
    assert Rereader(db, scope, write=True).begun_after == 0
    next(Rereader(db, scope, write=True).run())
    other = replace(scope, site=make_site(title="Anders"))
    assert Rereader(db, other, write=True).begun_after == 0 and Rereader(db, scope, write=False).begun_after == 0
    db.close()


def test_pages_that_are_missing_or_broken_or_no_story_are_counted(folder: Path) -> None:
    with Kept(folder) as kept:
        kept.save(20, "Lotsin geht in Rente im Mai", FIRST, day=2)
        place = kept.keep("https://www.beispiel.example/politik/18/ein-fall", b"<html><body><p>Wartung</p></body></html>", day=3)
        kept.db.execute("UPDATE revisions SET archive_file = ?, archive_offset = ? WHERE story_id = 2", [place.file, place.offset])
        kept.db.execute("UPDATE revisions SET archive_offset = archive_offset + 3 WHERE story_id = 4")
    before = dump(folder / "news.db")
    (folder / "warc" / "beispiel" / "beispiel-20261123.warc.gz").unlink()
    for args in ((), ("--yes",)):
        done = reread(folder, *args, "--since", "2026-11-22")
        assert done.returncode == 1 or args
        assert "pages are not in the archive, or broken there" in done.stdout
        assert "pages are no story to today's reader (" in done.stdout
        assert "story 2, revision 1:" in done.stdout
    after = dump(folder / "news.db")
    assert [r for r in after["revisions"] if r[1] in ("18", "20")] == [r for r in before["revisions"] if r[1] in ("18", "20")]


def test_since_reads_only_what_was_seen_then(folder: Path) -> None:
    assert "0 stories" in reread(folder, "--since", "2027-01-01").stdout
    done = reread(folder, "--since", "2026-11-23")
    assert "1 stories, 1 pages read" in done.stdout and "as they stand" in done.stdout
    assert reread(folder, "--since", "gestern").returncode == 2


def test_a_site_that_is_being_crawled_is_left_alone(folder: Path) -> None:
    before = dump(folder / "news.db")
    with site_lock(folder / "news.db", "beispiel"):
        done = reread(folder, "--yes")
        assert done.returncode == 75 and "another crawl of it is under way" in done.stderr
        assert reread(folder).returncode == 0
    assert dump(folder / "news.db") == before


def test_what_is_wrong_is_said(folder: Path) -> None:
    assert reread(folder, "beispeil").returncode == 78 and 'did you mean "beispiel"' in reread(folder, "beispeil").stderr
    assert reread(folder, "--story", "99").returncode == 1
    (folder / "watchlists" / "w.toml").unlink()
    done = reread(folder, "--yes")
    assert done.returncode == 78 and "no actors there" in done.stderr
    (folder / "sites" / "beispiel.toml").unlink()
    done = reread(folder)
    assert done.returncode == 1 and "no site file reads it any more" in done.stderr
