"""The whole path, walked over the demo papers as `make demo` walks it, held against their own list."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from sqlite_utils import Database

from tests.conftest import ROOT

README = (ROOT / "newswatch" / "demo" / "README.md").read_text(encoding="utf-8")


def table(title: str) -> list[list[str]]:
    """The rows of the first table under a headline of the README."""
    part = README.split(f"## {title}\n")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("|")]
    return rows[2:]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Database]:
    folder = tmp_path_factory.mktemp("demo")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "SCRAPY_SETTINGS_MODULE": "settings.base", "COLUMNS": "200"}
    done = subprocess.run(
        [sys.executable, "-m", "newswatch.demo"], cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False
    )
    db = Database(folder / "data" / "demo.db")
    db.execute("ATTACH ? AS mail", [str(folder / "data" / "demo-mail" / "mail.db")])
    return done, db


def steps(db: Database) -> dict[int, str]:
    """Step by run id: every paper is crawled once a step."""
    ids = [row["id"] for row in db.query("SELECT id FROM runs ORDER BY id")]
    return {run: str(place // 3) for place, run in enumerate(ids)}


def test_the_demo_ends_well_and_says_what_a_person_wants_to_know(walked: tuple) -> None:
    done, _ = walked
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    for words in ("new", "changed", "moved into the headline", "no longer named", "named again", "gone", "error_page", "Browse it"):
        assert words in done.stdout


def test_stories_come_and_change_exactly_as_the_papers_say(walked: tuple) -> None:
    _, db = walked
    step = steps(db)
    rows = db.query(
        "SELECT r.run_id, s.site, s.site_key, r.number, r.modified_at IS (SELECT modified_at FROM revisions p WHERE"
        " p.story_id = r.story_id AND p.number = r.number - 1) AS silent FROM revisions r JOIN stories s ON s.id = r.story_id"
    )
    found = {
        (step[r["run_id"]], r["site"], r["site_key"], "new" if r["number"] == 1 else "silent" if r["silent"] else "edited") for r in rows
    }
    said = {(r[0], r[1], r[2], r[3]) for r in table("What changes") if r[3] != "gone"}
    assert {f for f in found if f[0] != "0"} == said
    assert len({f for f in found if f[0] == "0"}) == 17


def test_removed_stories_are_noticed_and_kept(walked: tuple) -> None:
    _, db = walked
    rows = list(db.query("SELECT site_key, gone_at, missing_since, revisions FROM stories WHERE missing_since IS NOT NULL"))
    assert {(r["site_key"], r["gone_at"] is not None) for r in rows} == {("4702", True), ("88199", False)}
    assert all(r["revisions"] for r in rows)


def test_what_happens_to_actors_is_what_the_papers_say(walked: tuple) -> None:
    _, db = walked
    step = steps(db)
    rows = db.query(
        "SELECT r.run_id, e.actor, s.site, s.site_key, e.kind FROM events e JOIN revisions r ON r.id = e.revision_id"
        " JOIN stories s ON s.id = e.story_id"
    )
    found = {(step[r["run_id"]], r["actor"], r["site"], r["site_key"], r["kind"]) for r in rows}
    said = {(r[0], r[1], r[2], r[3], r[4]) for r in table("What happens to the actors")}
    assert found == said


def test_a_new_slug_is_one_story_under_both_addresses(walked: tuple) -> None:
    _, db = walked
    urls = [r["url"] for r in db.query("SELECT u.url FROM story_urls u JOIN stories s ON s.id = u.story_id WHERE s.site_key = '300412207'")]
    assert len(urls) == 2


def test_kinds_and_access_are_told(walked: tuple) -> None:
    _, db = walked
    told = {r["site_key"]: (r["kind"], r["access"]) for r in db.query("SELECT site_key, kind, access FROM stories")}
    assert told["300412544"] == ("liveblog", "free") and told["300411420"] == ("opinion", "free") and told["4705"] == ("news", "gated")


def test_the_error_page_is_a_fault_of_each_run_and_never_a_story(walked: tuple) -> None:
    _, db = walked
    assert [r["kind"] for r in db.query("SELECT kind FROM faults")] == ["error_page"] * 3
    assert not list(db.query("SELECT 1 FROM stories WHERE url LIKE '%300419404%'"))


def test_the_outlets_boxes_and_comments_are_no_text(walked: tuple) -> None:
    _, db = walked
    for row in db.query("SELECT body FROM revisions"):
        assert not re.search(r"Postfach|Lesen Sie auch|Kommentar|Anzeige|Loading|Mehr zum Thema", row["body"])


def test_texts_and_mentions_fit_together(walked: tuple) -> None:
    _, db = walked
    for row in db.query("SELECT m.field, m.start, m.end, m.surface, r.* FROM mentions m JOIN revisions r ON r.id = m.revision_id"):
        assert row[row["field"]][row["start"] : row["end"]] == row["surface"]


def test_exactly_the_mails_are_sent_that_the_papers_list(walked: tuple) -> None:
    done, db = walked
    step = steps(db)
    rows = db.query(
        "SELECT t.mail, t.subscription, l.kind, s.site, s.site_key, t.actor, r.run_id, coalesce(e.kind, 'changed') AS happened"
        " FROM mail.told t JOIN mail.mails l ON l.id = t.mail JOIN stories s ON s.id = t.story JOIN revisions r ON r.id = t.revision"
        " LEFT JOIN events e ON e.revision_id = r.id AND e.actor = t.actor ORDER BY s.site, s.site_key, t.actor"
    )
    mails: dict[tuple, dict[str, list[str]]] = {}
    for r in rows:
        told = mails.setdefault((r["mail"], step[r["run_id"]], r["subscription"], r["kind"]), {})
        told.setdefault(f"{r['site']} {r['site_key']}", []).append(f"{r['actor']} {r['happened']}")
    found = [[*key[1:], "; ".join(f"{story}: {', '.join(what)}" for story, what in told.items())] for key, told in mails.items()]
    assert sorted(found) == sorted(table("What mails are sent"))
    assert list(db.query("SELECT count(*) AS n FROM mail.mails WHERE state != 'sent'")) == [{"n": 0}]
    for words in ("The mails it would have sent", "Digest", "All sites were watched", "desk@morgenbote.example"):
        assert words in done.stdout
