"""Every question of the face is answered by an index, and no page reads a text that it does not show."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import yaml

from newswatch import clock
from newswatch.web import FOLDER
from newswatch.web import views as pages
from newswatch.web.answering import Asked
from newswatch.web.listing import add_functions
from newswatch.web.searching import search
from tests.web.building import build_weeks

LARGE = {
    "stories",
    "revisions",
    "mentions",
    "events",
    "story_actors",
    "actor_days",
    "named_by_day",
    "actor_pairs",
    "faults",
    "runs",
    "actors",
    "story_urls",
    "story_slots",
}
SMALL = {"site_days", "sections"}
"""A row a site and day, a row a section."""


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    path = build_weeks(tmp_path_factory.mktemp("queries") / "news.db", stories=60)
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    add_functions(connection)
    yield connection
    connection.close()


def asked(path: dict[str, Any] | None = None, *, share: bool = False, **args: str) -> Asked:
    return Asked({k: str(v) for k, v in (path or {}).items()}, args, share, Path("warc"), Path("none/news.db"), clock.now())


READERS = {
    "home": (pages.home, asked()),
    "stories": (pages.stories, asked()),
    "stories-older": (pages.stories, asked(before="2026-11-10T00:00:00Z_5")),
    "story": (pages.one_story, asked({"story": 1})),
    "revision": (pages.one_story, asked({"story": 1, "number": 1})),
    "shared-story": (pages.one_story, asked({"story": 1}, share=True)),
    "pair": (pages.pair, asked({"story": 1, "old": 1, "new": 1})),
    "actor": (pages.actor, asked({"actor": "brandmueller"})),
    "actor-of-site": (pages.actor, asked({"actor": "brandmueller"}, site="tagespost", days="365", before="2026-11-20T00:00:00Z_9")),
    "actors": (pages.all_actors, asked()),
    "site": (pages.site, asked({"site": "tagespost"})),
    "headlines": (pages.changes, asked(kind="headlines", before="2026-11-20T00:00:00Z_9")),
    "silent": (pages.changes, asked(kind="silent")),
    "actors-changed": (pages.changes, asked(kind="actors")),
    "edits": (pages.changes, asked(kind="edits")),
    "runs": (pages.runs, asked()),
    "runs-of-site": (pages.runs, asked(site="tagespost")),
    "run": (pages.one_run, asked({"run": 1})),
    "operator": (pages.watch, asked()),
    "search": (search, asked(q="Falkenau")),
    "search-filters": (search, asked(site="tagespost", kind="news")),
    "search-month": (search, asked(month="2026-11")),
    "search-by": (search, asked(q="Falkenau", site="tagespost", actor="brandmueller", order="best")),
}
SHOW_TEXTS = {"story", "revision", "pair", "search", "search-by", "search-filters", "search-month"}


def complaints(conn: sqlite3.Connection, sql: str) -> list[str]:
    """Steps of a plan that read or sort a whole table, or an actor's mentions; lists that walk an index up to a LIMIT are fine."""
    names = dict(re.findall(r"\b(?:FROM|JOIN)\s+(\w+)\s+(?:AS\s+)?(\w+)", sql, re.I))
    tables = {alias: table for table, alias in names.items()} | {t: t for t in LARGE | SMALL}
    plan = [row[3] for row in conn.execute(f"EXPLAIN QUERY PLAN {sql}", [""] * sql.count("?") if ":" not in sql else _values(sql))]
    sorts = any("TEMP B-TREE FOR ORDER BY" in step for step in plan)
    out = []
    for step in plan:
        if step.endswith("mentions_by_actor (actor=?)"):
            out.append(f"reads all mentions of an actor: {sql}")
        found = re.match(r"SCAN (\w+)(.*)", step)
        if not found or tables.get(found[1], "") not in LARGE:
            continue
        walks = "USING" in found[2] and "INDEX" in found[2] and "LIMIT" in sql.upper() and not sorts
        walks = walks or (tables[found[1]] in ("runs", "actors") and "LIMIT" in sql.upper() and not sorts)  # by their key
        if not walks:
            out.append(f"{step}: {sql}")
    return out


def _values(sql: str) -> dict[str, str]:
    return {name: "" for name in re.findall(r"(?<!\d):(\w+)", sql)}


def statements(conn: sqlite3.Connection, reader: Any, question: Asked) -> list[str]:
    found: list[str] = []
    conn.set_trace_callback(found.append)
    try:
        reader(conn, question)
    finally:
        conn.set_trace_callback(None)
    return [s for s in found if s.lstrip().upper().startswith("SELECT") and "_fts" not in s and "pragma_" not in s.lower()]


@pytest.mark.parametrize("name", READERS)
def test_no_page_reads_a_whole_table(conn: sqlite3.Connection, name: str) -> None:
    asked_for = statements(conn, *READERS[name])
    assert asked_for
    bad = [c for sql in asked_for for c in complaints(conn, sql.replace("?", "''") if "json_each" in sql else sql)]
    assert bad == []


@pytest.mark.parametrize("name", [n for n in READERS if n not in SHOW_TEXTS])
def test_no_page_reads_a_text_that_it_does_not_show(conn: sqlite3.Connection, name: str) -> None:
    touched: set[tuple[str, str]] = set()

    def note(action: int, table: str | None, column: str | None, *_: Any) -> int:
        if action == sqlite3.SQLITE_READ:
            touched.add((table or "", column or ""))
        return sqlite3.SQLITE_OK

    fresh = sqlite3.connect(conn.execute("PRAGMA database_list").fetchone()[2])  # no statement is prepared there yet
    fresh.row_factory = sqlite3.Row
    fresh.set_authorizer(note)
    reader, question = READERS[name]
    reader(fresh, question)
    fresh.close()
    assert touched and ("revisions", "body") not in touched


QUERIES = yaml.safe_load((FOLDER / "datasette.yaml").read_text(encoding="utf-8"))["databases"]["newswatch"]["queries"]


@pytest.mark.parametrize("name", QUERIES)
def test_no_canned_query_reads_a_whole_table_or_a_text(conn: sqlite3.Connection, name: str) -> None:
    sql = QUERIES[name]["sql"]
    assert not conn.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [name]).fetchone(), "it would hide the table, or the table it"
    assert complaints(conn, sql) == []
    assert not re.search(r"\b(body|lead|passages)\b", sql)
    conn.execute(sql, _values(sql)).fetchall()
