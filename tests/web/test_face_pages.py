"""What the pages of the face tell, on the demo papers' week."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from newswatch import clock
from newswatch.extraction.dates import to_text


@pytest.fixture(scope="module")
def db(week: Path) -> sqlite3.Connection:
    conn = sqlite3.connect(week / "demo.db")
    yield conn
    conn.close()


def one(db: sqlite3.Connection, sql: str, *values: Any) -> Any:
    return db.execute(sql, values).fetchone()[0]


def test_home_shows_new_stories_edits_actors_and_the_state_of_the_watch(demo: Any, db: sqlite3.Connection) -> None:
    page = demo.get("/").text
    assert one(db, "SELECT title FROM stories ORDER BY sort_at DESC LIMIT 1") in page
    assert "Henrike Sommerfeld" in page and 'class="spark"' in page
    assert "3 sites" in page and "faults at 1 site" in page


def test_a_mention_is_marked_where_it_stands_and_leads_to_its_actor(demo: Any, db: sqlite3.Connection) -> None:
    revision, story, actor, surface, rule = db.execute(
        "SELECT m.revision_id, m.story_id, m.actor, m.surface, m.rule FROM mentions m JOIN revisions r ON r.id = m.revision_id"
        " JOIN stories s ON s.id = m.story_id AND s.revisions = r.number WHERE m.field = 'body' AND NOT m.is_ambiguous LIMIT 1"
    ).fetchone()
    page = demo.get(f"/story/{story}").text
    assert re.search(rf'<a class="mention [^>]*href="/actor/{actor}"[^>]*>{re.escape(surface)}<span class="rule" role="tooltip"', page)
    marks = page.count('class="mention')
    assert marks == one(db, "SELECT count(*) FROM mentions WHERE revision_id = ?", revision)
    assert rule.split('"')[0].strip() in page


def test_every_mention_of_every_revision_is_marked(demo: Any, db: sqlite3.Connection) -> None:
    for story, number, count in db.execute(
        "SELECT r.story_id, r.number, count(*) FROM revisions r JOIN mentions m ON m.revision_id = r.id GROUP BY r.id"
    ).fetchall():
        page = demo.get(f"/story/{story}/{number}").text
        assert len(re.findall(r"<span><b>", page)) == count, (story, number)


def test_a_story_names_its_other_titles_sources_and_revisions(demo: Any, db: sqlite3.Connection) -> None:
    story = one(db, "SELECT story_id FROM revisions WHERE other_titles <> '' AND sources <> '' AND number > 1 LIMIT 1")
    page = demo.get(f"/story/{story}").text
    assert "Its other headlines" in page and "Sources it names" in page and f"/story/{story}/1..2" in page


def test_an_old_revision_has_an_address_of_its_own(demo: Any, db: sqlite3.Connection) -> None:
    story, title = db.execute(
        "SELECT story_id, title FROM revisions r WHERE number = 1 AND title <> (SELECT title FROM stories WHERE id = r.story_id) LIMIT 1"
    ).fetchone()
    page = demo.get(f"/story/{story}/1").text
    assert re.sub("<[^>]+>", "", page).count(title.split()[0]) and "Revision 1 of" in page


@pytest.mark.parametrize("how", ["beside", "inline"])
def test_two_revisions_stand_beside_each_other(demo: Any, db: sqlite3.Connection, how: str) -> None:
    story = one(db, "SELECT story_id FROM revisions WHERE instr(changed_fields, 'title') LIMIT 1")
    page = demo.get(f"/story/{story}/1..2?view={how}").text
    assert "<ins>" in page and "<del>" in page and "unchanged" in page
    assert page.index("headline") < page.index(">text ")


def test_revisions_can_be_compared_either_way_round(demo: Any, db: sqlite3.Connection) -> None:
    story = one(db, "SELECT story_id FROM revisions WHERE number = 2 LIMIT 1")
    assert demo.get(f"/story/{story}/2..1").status_code == 200
    assert "read alike" in demo.get(f"/story/{story}/1..1").text


def test_an_actor_has_a_chart_stories_with_sentences_events_and_companions(demo: Any, db: sqlite3.Connection) -> None:
    actor, name = db.execute(
        "SELECT id, name FROM actors WHERE id = (SELECT actor FROM actor_pairs ORDER BY stories DESC LIMIT 1)"
    ).fetchone()
    page = demo.get(f"/actor/{actor}").text
    assert f"<h1><bdi>{name}</bdi></h1>" in page
    assert 'class="chart"' in page and "<mark>" in page and "Named beside" in page and "appeared" in page
    assert f"actor_stories.atom?actor={actor}" in page
    site = one(db, "SELECT site FROM story_actors WHERE actor = ? LIMIT 1", actor)
    count = one(db, "SELECT count(*) FROM story_actors WHERE actor = ? AND site = ?", actor, site)
    assert demo.get(f"/actor/{actor}?site={site}").text.split('aria-label="About')[0].count("<h3>") == count


@pytest.mark.parametrize("kind", ["headlines", "silent", "actors", "edits"])
def test_changes_are_listed_by_kind(demo: Any, kind: str) -> None:
    page = demo.get(f"/changes?kind={kind}")
    assert (page.status_code == 200 and "<h3>" in page.text) or kind == "actors"


def test_a_site_shows_its_sections_faults_and_what_its_stories_have(demo: Any) -> None:
    page = demo.get("/site/morgenbote").text
    assert "politik" in page and "error_page" in page and "What its stories have" in page


def test_runs_and_their_faults_are_shown(demo: Any, db: sqlite3.Connection) -> None:
    run = one(db, "SELECT run_id FROM faults LIMIT 1")
    assert f'/run/{run}"' in demo.get("/runs").text
    assert "error_page" in demo.get(f"/run/{run}").text
    assert "error_page" in demo.get("/operator").text


def test_a_search_finds_marks_and_counts(demo: Any) -> None:
    page = demo.get("/search?q=Grenz*").text
    assert "<mark>Grenz" in page and "Narrow down" in page
    narrowed = demo.get("/search?q=Grenz*&site=morgenbote").text
    assert "Remove" in narrowed
    found = json.loads(demo.get("/search.json?q=Grenz*").text)
    assert found["total"] == len(found["rows"]) >= 2
    assert demo.get("/search.csv?q=Grenz*").text.count("\n") == found["total"] + 1
    assert demo.get("/search.atom?q=Grenz*").text.count("<entry>") == found["total"]


LISTS = [
    "new_stories",
    "site_stories?site=morgenbote",
    "edits",
    "headlines",
    "silent_edits",
    "what_happened",
    "actor_events?actor=kranich",
    "actor_stories?actor=kranich",
    "story_revisions?story=1",
    "recent_runs",
    "recent_faults",
    "actor_events?actor=nobody",
]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("kind", ["json", "csv", "atom"])
def test_every_list_is_json_csv_and_atom_too(demo: Any, name: str, kind: str) -> None:
    name, _, query = name.partition("?")
    answer = demo.get(f"/newswatch/{name}.{kind}?{query}")
    assert answer.status_code == 200
    if kind == "json":
        assert json.loads(answer.text)["rows"] or query == "actor=nobody"
    if kind == "atom":
        assert "<entry>" in answer.text or query == "actor=nobody"


def test_what_the_edits_of_a_story_changed_stands_below_it(demo: Any, db: sqlite3.Connection) -> None:
    story = one(db, "SELECT id FROM stories WHERE revisions = 3 LIMIT 1")
    page = demo.get(f"/story/{story}").text
    assert [page.find(f"Revision {n} → {n + 1}") > 0 for n in (2, 1)] == [True, True]
    assert page.find("Revision 2 → 3") < page.find("Revision 1 → 2") and page.count('<section class="diff inline">') >= 2
    assert "Revision 2 → 3" not in demo.get(f"/story/{story}/2").text


def test_every_link_of_every_page_leads_somewhere(demo: Any) -> None:
    seen, waiting = set(), ["/"]
    while waiting:
        path = waiting.pop()
        answer = demo.get(path)
        assert answer.status_code == 200, path
        if not answer.headers["content-type"].startswith("text/html") or path.startswith("/newswatch") or "/archive/" in path:
            continue
        for link in re.findall(r'href="(/[^"#]*|\?[^"]*)"', answer.text):
            link = link.replace("&amp;", "&")
            link = path.partition("?")[0] + link if link.startswith("?") else link
            if link not in seen:
                seen.add(link)
                waiting.append(link)
    assert len(seen) > 100


def test_a_site_that_is_on_and_was_never_looked_at_is_told(asking: Any, week: Path) -> None:
    face = asking(week / "demo.db", watched=("fernblatt", "morgenbote"))
    assert "fernblatt not watched yet" in face.get("/").text
    assert "(never looked at)" in face.get("/operator").text
    assert "Not looked at yet" in face.get("/site/fernblatt").text and face.get("/site/nirgends").status_code == 404


def test_a_section_that_fails_is_told_though_its_site_is_looked_at(asking: Any, week: Path, tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    shutil.copy(week / "demo.db", path)
    conn = sqlite3.connect(path)
    site = "morgenbote"
    section, looked = conn.execute("SELECT name, last_checked_at FROM sections WHERE site = ? ORDER BY name", [site]).fetchone()
    count = conn.execute("SELECT count(*) FROM sections WHERE site = ?", [site]).fetchone()[0]
    with conn:
        conn.execute("UPDATE sections SET last_checked_at = ? WHERE site = ?", [to_text(clock.now()), site])
        conn.execute("UPDATE sections SET failures = 3, last_checked_at = ? WHERE (site, name) = (?, ?)", [looked, site, section])
        fault = "INSERT INTO faults (run_id, site, kind, url, section, detail, at) VALUES (1, ?, 'timeout', '', ?, 'after 31 s', ?)"
        conn.execute(fault, [site, section, looked])
    conn.close()
    said = f"1 of {count} sections not watched since"
    face = asking(path)
    assert said in face.get("/").text and said in face.get(f"/site/{site}").text
    assert said in face.get("/operator").text and "after 31 s" in face.get("/operator").text


def test_lists_are_paged_without_gaps_or_repeats(asking: Any, tmp_path: Path) -> None:
    from tests.web.building import build_weeks

    path = build_weeks(tmp_path / "weeks.db", stories=70)
    face = asking(path)
    found, at = [], "/stories"
    while at:
        page = face.get(at).text
        found += re.findall(r'<h3><a href="/story/(\d+)"', page)
        link = re.search(r'rel="next" href="([^"]+)"', page)
        at = link[1].replace("&amp;", "&") if link else ""
    conn = sqlite3.connect(path)
    assert [int(f) for f in found] == [i for (i,) in conn.execute("SELECT id FROM stories ORDER BY sort_at DESC, id DESC")]
    conn.close()
    assert "not watched since" in face.get("/").text and "Not watched:" in face.get("/operator").text
