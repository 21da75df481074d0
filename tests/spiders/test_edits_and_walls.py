"""Four crawls of a small site whose stories are edited, cut, walled off and taken away: what is kept, and what is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from tests.conftest import NOW
from tests.crawling import FAST, crawl, folder_settings, write_site
from tests.spiders.hostile import HTML, Answer
from tests.spiders.served import ServedSite
from tests.warm import Command, Warm

LINES = [f"Am {n}. Tag der Flut stand das Wasser in Nordhusum bis an die Kante des alten Deichs, sagte Ada Quint." for n in range(1, 9)]
WALLED = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x", "isAccessibleForFree": false}</script>'


def story(title: str, lines: list[str] = LINES, modified: str = "", head: str = "") -> Answer:
    stamp = f'<meta property="article:modified_time" content="{modified}">' if modified else ""
    text = "".join(f"<p>{line}</p>" for line in lines)
    page = f'<html lang="de"><head>{stamp}{head}</head><body><main><article><h1>{title}</h1>{text}</article></main></body></html>'
    return 200, HTML, page.encode()


def to(path: str) -> Answer:
    return 302, {"Location": path}, b""


LOGIN = story("Bitte melden Sie sich an", ["Mit Ihrem Konto lesen Sie alle Artikel, wann immer Sie wollen, auf jedem Ihrer Geräte."] * 4)
SOFT_404: Answer = (200, HTML, b"<html><body><h1>Seite nicht gefunden</h1><p>Fehler 404</p></body></html>")
CONSENT: Answer = (
    200,
    HTML,
    "<html><body><h1>Ihre Privatsphäre</h1><p>Wir und unsere Partner verarbeiten Daten, bitte stimmen Sie der Nutzung von Cookies zu.</p>"
    "<button>Alle akzeptieren</button></body></html>".encode(),
)
EARLY, LATE = "2026-11-20T10:00:00+01:00", "2026-11-20T12:00:00+01:00"
NAMES = "half login teaser soft consent lost back silent empty goes".split()  # noqa: SIM905
FIRST = {name: story(f"Die Flut, Teil {name}", modified=EARLY) for name in NAMES}
SECOND = {
    "half": story("Die Flut, Teil half", LINES[:2], modified=LATE),
    "login": to("/login?next=x"),
    "teaser": story("Die Flut, ein anderer Titel", [LINES[0], LINES[1][:40] + " …"], modified=LATE, head=WALLED),
    "soft": SOFT_404,
    "consent": CONSENT,
    "lost": (404, HTML, b"gone"),
    "back": story("Die Ebbe, Teil back", modified=LATE),
    "silent": story("Die Flut, Teil silent", [*LINES[:7], LINES[7].replace("8.", "9.")], modified=EARLY),
    "empty": story("Die Flut, Teil empty", modified=LATE),
    "goes": story("Die Flut, Teil goes, korrigiert", modified="2026-11-20T09:00:00+01:00"),
}
FOURTH = {"login": FIRST["login"], "back": FIRST["back"]}


@pytest.fixture(scope="module")
def visits(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[list[str], ServedSite, Database]]:
    """What four crawls printed, a minute between two; before the last, more time has passed."""
    folder = tmp_path_factory.mktemp("edits")
    with ServedSite() as site:
        write_site(folder, site.url)
        site.pages["/robots.txt"] = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /intern/\n")
        printed = [visit(warm, folder, site, 0, FIRST), visit(warm, folder, site, 1, SECOND)]
        site.asked.clear()
        printed.append(visit(warm, folder, site, 2, {}))
        db = Database(folder / "news.db")
        db.execute("UPDATE suspects SET seen_at = '2026-11-20T12:00:00Z'")
        db.conn.commit()
        printed.append(visit(warm, folder, site, 3, FOURTH))
        yield printed, site, db
        db.close()


def visit(warm: Warm, folder: Path, site: ServedSite, number: int, pages: dict[str, Answer]) -> str:
    numbers = {name: n for n, name in enumerate(NAMES, 1)}
    site.pages |= {f"/politik/{numbers[name]}/x": page for name, page in pages.items()}
    links = "".join(f'<p><a href="/politik/{n}/x">Eine Meldung</a></p>' for n in (*numbers.values(), 99))
    site.pages |= {"/politik/": (200, HTML, f"<main>{links}</main>".encode()), "/login?next=x": LOGIN, "/politik/99/x": to("/login?next=x")}
    said, warned = folder / f"said-{number}", folder / f"warned-{number}"
    args = ["crawl", "beispiel", "-a", "due=0", *folder_settings(folder), *FAST]
    warm.run(Command(args, NOW + timedelta(minutes=number)), said, warned)
    assert warned.read_text() == "" and "Nobody is flagged: there is no watchlist in" in said.read_text()
    return said.read_text()


def revisions(db: Database, name: str) -> list[dict]:
    key = str(NAMES.index(name) + 1)
    return list(db.query("SELECT r.* FROM revisions r JOIN stories s ON s.id = r.story_id WHERE s.site_key = ? ORDER BY number", [key]))


def of_story(db: Database, name: str) -> dict:
    return next(iter(db.query("SELECT * FROM stories WHERE site_key = ?", [str(NAMES.index(name) + 1)])))


def faults(db: Database, run: int) -> list[tuple[str, str]]:
    rows = db.query("SELECT url, kind FROM faults WHERE run_id = ? ORDER BY id", [run])
    return sorted((NAMES[int(r["url"].split("/")[-2]) - 1] if "/99/" not in r["url"] else "new", r["kind"]) for r in rows)


def counts(db: Database, run: int) -> dict[str, int]:
    return json.loads(next(iter(db.query("SELECT counts FROM runs WHERE id = ?", [run])))["counts"])


def test_a_page_that_lost_half_its_text_is_a_revision_once_it_was_seen_twice(visits: tuple) -> None:
    printed, site, db = visits
    assert [("half", "suspect") in faults(db, run) for run in (1, 2, 3, 4)] == [False, True, True, False]
    assert "words are gone" in printed[1] and "1 held as suspect" in printed[1]
    assert ("/politik/1/x", 200) in site.asked and ("/politik/1/x", 304) not in site.asked
    assert [r["run_id"] for r in revisions(db, "half")] == [1, 4]
    assert not list(db["suspects"].rows)


def test_a_redirect_to_a_login_marks_the_story_and_leaves_its_text(visits: tuple) -> None:
    printed, _, db = visits
    assert [r["title"] for r in revisions(db, "login")] == ["Die Flut, Teil login"]
    assert of_story(db, "login")["access"] == "free" and of_story(db, "login")["gated_since"] is None  # it came back
    assert counts(db, 2)["gated"] == 2
    assert "gated    Die Flut, Teil login  (its text is kept)" in printed[1]


def test_a_link_to_a_login_is_a_fault_where_no_story_is_known(visits: tuple) -> None:
    _, _, db = visits
    assert all(("new", "gated") in faults(db, run) for run in (1, 2, 3, 4))
    assert db.execute("SELECT count(*) FROM stories").fetchone()[0] == len(NAMES)


def test_a_story_cut_by_a_paywall_has_a_new_headline_and_its_old_text(visits: tuple) -> None:
    _, _, db = visits
    first, second = revisions(db, "teaser")
    assert (first["title"], second["title"]) == ("Die Flut, Teil teaser", "Die Flut, ein anderer Titel")
    assert second["body"] == first["body"] and second["unseen"] == "body" and second["access"] == "free"
    assert of_story(db, "teaser")["access"] == "gated" and of_story(db, "teaser")["gated_since"]


@pytest.mark.parametrize(("name", "kind"), [("soft", "error_page"), ("consent", "consent")])
def test_an_error_page_or_a_consent_wall_leaves_the_old_text(name: str, kind: str, visits: tuple) -> None:
    _, _, db = visits
    assert (name, kind) in faults(db, 2) and len(revisions(db, name)) == 1


def test_a_story_is_gone_after_two_looks_and_never_deleted(visits: tuple) -> None:
    printed, _, db = visits
    assert (counts(db, 2).get("missing"), counts(db, 3).get("gone")) == (1, 1)
    assert "gone     Die Flut, Teil lost" in printed[2] and len(revisions(db, "lost")) == 1
    assert of_story(db, "lost")["missing_since"] and of_story(db, "lost")["gone_at"]


def test_there_and_back_again_is_three_revisions(visits: tuple) -> None:
    _, _, db = visits
    there = [r["title"] for r in revisions(db, "back")]
    assert there == ["Die Flut, Teil back", "Die Ebbe, Teil back", "Die Flut, Teil back"]


def test_a_silent_edit_and_an_empty_update_are_told_apart(visits: tuple) -> None:
    printed, _, db = visits
    assert [r["notice"] for r in revisions(db, "silent")] == ["", "silent"] and of_story(db, "silent")["silent_edits"] == 1
    assert len(revisions(db, "empty")) == 1 and of_story(db, "empty")["empty_updates"] == 1
    assert (counts(db, 2)["silent_edits"], counts(db, 2)["empty_updates"]) == (1, 1)
    assert "1 changed silently" in printed[1] and "1 updated without a change" in printed[1]
    assert printed[1].count("the page does not say so") == 1


def test_an_update_time_that_goes_back_is_a_revision_all_the_same(visits: tuple) -> None:
    _, _, db = visits
    assert [r["notice"] for r in revisions(db, "goes")] == ["", "stated"]
    assert revisions(db, "goes")[1]["modified_at"] < revisions(db, "goes")[0]["modified_at"]


def test_a_server_that_says_unchanged_for_ever_hides_an_edit_for_two_days_at_most(warm: Warm, tmp_path: Path) -> None:
    found = []
    with ServedSite() as site:
        site.lies = '"1"'
        write_site(tmp_path, site.url)
        for hours in (0, 1, 47, 49):
            title = "Die Flut" if not hours else "Die Ebbe"
            extra = '<p><a href="/politik/2/x">Eine andere Meldung</a></p>' if hours else ""
            links = f'<main><p><a href="/politik/1/x">Eine Meldung</a></p>{extra}</main>'
            site.pages |= {"/politik/": (200, HTML, links.encode()), "/politik/1/x": story(title), "/politik/2/x": story("Das Watt")}
            args = ["crawl", "beispiel", "-a", "due=0", *folder_settings(tmp_path), *FAST]
            assert warm.run(Command(args, NOW + timedelta(hours=hours)), tmp_path / "said") == 0, (tmp_path / "said").read_text()
            db = Database(tmp_path / "news.db")
            found.append([t for (t,) in db.execute("SELECT title FROM stories ORDER BY id")])
            db.close()
    assert found == [["Die Flut"], ["Die Flut"], ["Die Flut"], ["Die Ebbe", "Das Watt"]]


def test_a_304_that_nobody_asked_for_is_no_answer(tmp_path: Path) -> None:
    with ServedSite() as site:
        write_site(tmp_path, site.url)
        links = b'<main><p><a href="/politik/1/x">Eine Meldung</a></p><p><a href="/politik/2/x">Eine Meldung</a></p></main>'
        site.pages |= {"/politik/": (200, HTML, links), "/politik/1/x": (304, {}, b""), "/politik/2/x": story("Die Flut")}
        crawl("beispiel", tmp_path, "-a", "due=0")
        assert site.paths().count("/politik/1/x") == 2
    db = Database(tmp_path / "news.db")
    assert [(r["kind"], r["detail"]) for r in db["faults"].rows] == [("http", "status 304, though the whole page was asked for")]
    assert db.execute("SELECT count(*) FROM stories").fetchone()[0] == 1
    db.close()
