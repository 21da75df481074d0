"""`scrapy backup`: what is copied is whole, and nothing else ever stands under its name."""

from __future__ import annotations

import fcntl
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from newswatch.errors import StoreError
from newswatch.revisions import decide
from newswatch.store import backup, open_store
from newswatch.store.backup import back_up, remove_older, remove_stale
from newswatch.store.stories import save
from tests.conftest import ROOT, make_story
from tests.crawling import scrapy
from tests.dump import dump


def fill(path: Path, first: int = 0, count: int = 3) -> Path:
    db = open_store(path)
    for n in range(first, first + count):
        story = make_story(site_key=str(n), url=f"https://www.beispiel.example/politik/{n}/ein-fall", title=f"Der Rat tagt zum {n}. Mal")
        save(db, decide(None, story), [])
    db.close()
    return path


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return fill(tmp_path / "data" / "newswatch.db")


def run(database: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return scrapy("backup", *args, "-s", f"DATABASE={database}")


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_a_backup_that_is_gone_back_to_as_it_says_is_the_database(database: Path) -> None:
    expected = dump(database)
    done = run(database)
    assert done.returncode == 0, done.stderr
    (copy,) = (database.parent / "backups").iterdir()
    assert re.fullmatch(r"newswatch-\d{8}T\d{6}Z\.db", copy.name) and "3 stories, 3 revisions" in done.stdout
    fill(database, first=5)
    assert dump(database) != expected
    how = done.stdout.split("stop all crawls, then")[1].strip()
    subprocess.run(["sh", "-c", how], check=True)
    assert dump(database) == expected and database.with_name("newswatch.db.old").exists()


def test_a_file_that_is_there_is_replaced_only_when_that_is_said(database: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("mine")
    refused = run(database, str(target))
    assert refused.returncode == 1 and "is there already" in refused.stderr and target.read_text() == "mine"
    done = run(database, str(target), "--force")
    assert done.returncode == 0 and "(replaced)" in done.stdout
    assert dump(target) == dump(database)


def test_the_database_itself_is_never_the_target(database: Path) -> None:
    before = database.read_bytes()
    with pytest.raises(FileExistsError):
        back_up(database, database, replace=True)
    assert database.read_bytes() == before


def test_recipients_are_copied_beside_it_and_stay_private(database: Path, tmp_path: Path) -> None:
    mail = database.with_name("mail.db")
    with sqlite3.connect(mail) as db:
        db.execute("CREATE TABLE recipients (address TEXT)")
        db.execute("INSERT INTO recipients VALUES ('desk@example.org')")
    db.close()
    mail.chmod(0o600)
    done = run(database, f"{tmp_path / 'copies'}/")
    assert done.returncode == 0, done.stderr
    (copy,) = (tmp_path / "copies").glob("mail-*.db")
    assert copy.stat().st_mode & 0o777 == 0o600
    db = sqlite3.connect(copy)
    assert db.execute("SELECT address FROM recipients").fetchall() == [("desk@example.org",)]
    db.close()


def test_only_the_newest_of_ours_are_kept(database: Path) -> None:
    folder = database.parent / "backups"
    for day in (1, 2, 3):
        back_up(database, folder / f"newswatch-2026110{day}T000000Z.db")
    (folder / "newswatch-20261004T000000Z.db").write_text("not a database, only called like one")
    (folder / "newswatch-before-the-move.db").write_bytes(database.read_bytes())
    assert [p.name for p in remove_older(folder, database, 2)] == ["newswatch-20261101T000000Z.db"]
    assert len(names(folder)) == 4


def test_a_backup_works_while_a_crawl_writes(database: Path, tmp_path: Path) -> None:
    started, stop = threading.Event(), threading.Event()

    def write() -> None:
        db = open_store(database)
        for n in range(100, 1000):
            story = make_story(site_key=str(n), url=f"https://www.beispiel.example/politik/{n}/ein-fall")
            save(db, decide(None, story), [])
            started.set()
            if stop.is_set():
                break
        db.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        started.wait(20)
        done = back_up(database, tmp_path / "copy.db")
    finally:
        stop.set()
        writer.join()
    stories = len(dump(tmp_path / "copy.db")["stories"])
    assert stories == done.rows["stories"] >= 4 and len(dump(tmp_path / "copy.db")["revisions"]) == stories


@pytest.mark.parametrize("step", ["_check_copy", "_to_disk", "_name"])
def test_a_backup_that_is_killed_leaves_nothing_under_its_name(step: str, database: Path, tmp_path: Path) -> None:
    target = tmp_path / "copies" / "copy.db"
    program = (
        "import os, signal, sys; from pathlib import Path; from newswatch.store import backup\n"
        f"backup.{step} = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)\n"
        "backup.back_up(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    done = subprocess.run([sys.executable, "-c", program, str(database), str(target)], cwd=ROOT, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    assert not target.exists() and len(names(target.parent)) == 1
    back_up(database, target)
    assert names(target.parent) == ["copy.db"] and dump(target) == dump(database)


def test_a_part_that_is_being_written_is_left_alone(tmp_path: Path) -> None:
    part = tmp_path / ".newswatch-copy.db-1.part"
    with part.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert remove_stale(tmp_path) == [] and part.exists()
    assert remove_stale(tmp_path) == [part] and not part.exists()


def test_a_full_disk_is_said_before_anything_is_copied(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(100, 100, 1000))
    with pytest.raises(StoreError, match="make room"):
        back_up(database, tmp_path / "copies" / "copy.db")
    assert names(tmp_path / "copies") == []


def test_a_disk_that_fills_up_leaves_no_half_file(database: Path, tmp_path: Path) -> None:
    program = (
        "import resource, signal, sys; from newswatch.store import backup; from pathlib import Path\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))\n"
        "try:\n    backup.back_up(Path(sys.argv[1]), Path(sys.argv[2]))\nexcept backup.StoreError as error:\n    sys.exit(str(error))"
    )
    command = [sys.executable, "-c", program, str(database), str(tmp_path / "copies" / "copy.db")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1 and "could not be backed up" in done.stderr, done.stderr
    assert names(tmp_path / "copies") == []


def test_a_damaged_database_makes_no_backup(database: Path, tmp_path: Path) -> None:
    db = open_store(database)
    with db.atomic():
        for n in range(2000):
            db.execute("INSERT INTO actors VALUES (?, 'x', 'person', '[]')", [f"actor {n} " + "y" * 200])
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    data = bytearray(database.read_bytes())
    data[60 * 4096 : 80 * 4096] = b"\xaa" * (20 * 4096)
    database.write_bytes(data)
    with pytest.raises(StoreError, match="earlier backup"):
        back_up(database, tmp_path / "copies" / "copy.db")
    assert names(tmp_path / "copies") == []


def test_rows_that_point_to_nothing_make_no_backup(database: Path, tmp_path: Path) -> None:
    db = sqlite3.connect(database)
    db.execute("UPDATE story_urls SET story_id = 99 WHERE story_id = 1")
    db.commit()
    db.close()
    with pytest.raises(StoreError, match="a row of story_urls points to a row of stories that is not there"):
        back_up(database, tmp_path / "copy.db")


def test_what_is_not_there_is_not_made(tmp_path: Path) -> None:
    done = run(tmp_path / "none.db", str(tmp_path / "copy.db"))
    assert done.returncode == 74 and "is not there: nothing to back up" in done.stderr
    assert names(tmp_path) == []
