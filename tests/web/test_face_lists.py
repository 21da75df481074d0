"""The lists of the face as files: all rows can be had, feeds are whole, no cell is a formula, no option is an error of the server."""

from __future__ import annotations

import csv
import io
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from newswatch.revisions import decide
from newswatch.store import open_store
from newswatch.store.stories import last_revision, save
from newswatch.web.listing import cell
from newswatch.web.serving import LISTS
from tests.conftest import make_story
from tests.web.building import build_weeks

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def weeks(asking: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """All stories, edits and events of a site at one instant: the hardest case for going on behind a row."""
    path = build_weeks(tmp_path_factory.mktemp("lists") / "news.db", stories=520)
    conn = sqlite3.connect(path)
    with conn:
        conn.execute("UPDATE revisions SET seen_at = '2026-11-20T08:00:00Z'")
        conn.execute("UPDATE events SET at = '2026-11-20T08:00:00Z'")
        conn.execute("UPDATE stories SET sort_at = '2026-11-20T08:00:00Z'")
    conn.close()
    return asking(path)


@pytest.mark.parametrize(
    ("name", "sql"),
    [
        ("new_stories", "SELECT count(*) FROM stories"),
        ("edits", "SELECT count(*) FROM revisions WHERE number > 1"),
        ("what_happened", "SELECT count(*) FROM events"),
        ("recent_runs", "SELECT count(*) FROM runs"),
    ],
)
def test_whoever_goes_on_behind_the_last_row_gets_all_rows_once(weeks: Any, name: str, sql: str) -> None:
    found, before = [], ""
    while rows := weeks.get(f"/newswatch/{name}.json?_shape=array&before={before}").json():
        found += [row["cursor"] for row in rows]
        before = rows[-1]["cursor"]
    conn = sqlite3.connect(weeks.face.get_database("newswatch").path)
    assert len(found) == len(set(found)) == conn.execute(sql).fetchone()[0]
    conn.close()


def test_a_time_alone_is_a_place_in_a_list_and_anything_else_is_none(weeks: Any) -> None:
    assert weeks.get("/newswatch/new_stories.json?_shape=array&before=2026-11-20T08:00:00Z").json() == []
    assert len(weeks.get("/newswatch/new_stories.json?_shape=array&before=2026-11-20T08:00:01Z").json()) == 200
    for kind in (".json", ".csv", ".atom", ""):
        answer = weeks.get(f"/newswatch/new_stories{kind}?before=yesterday")
        assert answer.status_code == 400 and answer.text == "before: That is no place in this list.\n"


@pytest.mark.parametrize("name", LISTS)
def test_a_feed_is_whole_with_entries_and_without(weeks: Any, name: str) -> None:
    for query in ("?actor=brandmueller&site=tagespost&story=1&run=1", "?actor=nobody&site=nowhere&story=0&run=0&before=1999"):
        for more in ("", "&_shape=objects", "&_nl=on"):
            answer = weeks.get(f"/newswatch/{name}.atom{query}{more}")
            if answer.status_code == 404 or "atom_id" in answer.text:
                continue  # a list of counts, or without times
            assert answer.status_code == 200 and answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
            feed = etree.fromstring(answer.content)
            assert feed.findtext(f"{ATOM}title") == LISTS[name]
            assert name in (feed.findtext(f"{ATOM}id") or "")
            for entry in feed.findall(f"{ATOM}entry"):
                assert entry.findtext(f"{ATOM}author/{ATOM}name") and entry.findtext(f"{ATOM}updated", "").endswith(("Z", "+00:00"))


def test_an_edit_of_other_headlines_is_no_headline_that_changed(asking: Any, tmp_path: Path) -> None:
    db = open_store(tmp_path / "news.db")
    for story in (make_story(other_titles=("Eins",)), make_story(other_titles=("Zwei",))):
        save(db, decide(last_revision(db, story), story), [])
    db.close()
    face = asking(tmp_path / "news.db")
    assert face.get("/newswatch/headlines.json?_shape=array").json() == []
    assert "Rat stimmt zu" not in face.get("/changes").text and "Rat stimmt zu" in face.get("/changes?kind=edits").text


def test_no_cell_of_a_table_is_a_formula(asking: Any, tmp_path: Path) -> None:
    db = open_store(tmp_path / "news.db")
    story = make_story(title='=HYPERLINK("https://evil.example","x")')
    save(db, decide(None, story), [])
    db.close()
    face = asking(tmp_path / "news.db")
    for path in ("/newswatch/new_stories.csv", "/search.csv?q=Quint"):
        answer = face.get(path)
        [row] = csv.DictReader(io.StringIO(answer.text))
        assert row["title"] == "'" + story.title and answer.headers["content-type"].startswith("text/csv")
    assert face.get("/newswatch/new_stories.json?_shape=array").json()[0]["title"] == story.title
    assert [cell(v) for v in ("@x", "-1", -1, "a-b", "", None)] == ["'@x", "'-1", -1, "a-b", "", None]


@pytest.mark.parametrize(
    "path",
    [
        "/newswatch/edits.json?_timelimit=x",
        "/newswatch/stories?_sort=x",
        "/newswatch/stories?id__in=[",
        "/newswatch/stories?_sort=id&_sort_desc=id",
        "/newswatch/stories?_size=-1",
        "/newswatch/new_stories%3F_shape=x.atom",
    ],
)
def test_an_option_that_cannot_be_is_no_error_of_the_server(weeks: Any, path: str) -> None:
    assert weeks.get(path).status_code in (200, 302, 400, 404)


def test_nothing_can_be_written(weeks: Any) -> None:
    for path in ("/", "/newswatch/edits.json", "/newswatch/stories", "/-/logout"):
        assert weeks.ask("POST", path).status_code == 405
