"""Sites and pages that are reserved from text and data mining: what is kept of them, with a legal ground and without."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from sqlite_utils import Database

from tests.crawling import crawl, scrapy, write_site
from tests.dump import dump
from tests.spiders.hostile import HTML, Answer
from tests.spiders.timed import TimedSite

SECRET = "Nordhusum"
"""Stands in the text, far from anybody's name."""


def page(n: int, more: str = "", head: str = "") -> bytes:
    far = " Danach wurde lange beraten, und niemand wollte etwas sagen." * 5
    return (
        f'<html lang="de"><head><title>x</title>{head}<meta property="article:published_time" content="2026-11-20T10:00:00+01:00"></head>'
        f'<body><main><article><h1>Deich hält stand {n}</h1><p class="lead">Der Deich am Siel hält.</p>'
        f"<p>Die Deichgräfin Ada Quint hat am Morgen Entwarnung gegeben, nachdem das Wasser gefallen war.{far}</p>"
        f"<p>In {SECRET} blieb die Schule geschlossen. Der Bürgermeister sprach von einer Nacht, die man nicht vergessen werde.{more}</p>"
        "</article></main></body></html>"
    ).encode()


TEXT = {"Content-Type": "text/plain"}
SIGNS: dict[str, tuple[str, dict[str, Answer]]] = {
    "header": ("header", {"/politik/1/x": (200, {**HTML, "TDM-Reservation": "1"}, page(1))}),
    "meta": ("meta", {"/politik/1/x": (200, HTML, page(1, head='<meta name="tdm-reservation" content="1">'))}),
    "file": ("tdmrep.json", {"/.well-known/tdmrep.json": (200, TEXT, b'[{"location": "/politik/1/", "tdm-reservation": 1}]')}),
    "robots": ("robots.txt: GPTBot", {"/robots.txt": (200, TEXT, b"User-agent: *\nAllow: /\nUser-agent: GPTBot\nDisallow: /politik/1\n")}),
}


def prepare(site: TimedSite, folder: Path, sign: str, more: str = "") -> None:
    """Two stories, the first reserved; a watchlist that names somebody in the text."""
    site.lists("/politik/1/x", "/politik/2/x")
    site.pages |= {f"/politik/{n}/x": (200, HTML, page(n)) for n in (1, 2)} | SIGNS[sign][1]
    write_site(folder, site.url, more=more)
    (folder / "watchlists").mkdir(exist_ok=True)
    (folder / "watchlists" / "w.toml").write_text('[ada]\nname = "Ada Quint"\nkind = "person"\n', encoding="utf-8")


def story(folder: Path, key: int) -> list[dict]:
    """The revisions of a story, the newest last."""
    sql = "SELECT r.*, s.reserved, s.lead AS shown_lead FROM revisions r JOIN stories s ON s.id = r.story_id WHERE s.site_key = ?"
    return list(Database(folder / "news.db").query(f"{sql} ORDER BY r.id", [str(key)]))


def everything(folder: Path) -> bytes:
    """All that a crawl left behind of pages: the database with its log, the archive unpacked."""
    archive = [gzip.decompress(path.read_bytes()) for path in folder.rglob("*.warc.gz")]
    return b"".join([*(path.read_bytes() for path in folder.glob("news.db*")), *archive])


@pytest.mark.parametrize("sign", SIGNS)
def test_of_a_reserved_page_only_title_dates_and_mentions_are_kept(sign: str, tmp_path: Path) -> None:
    with TimedSite() as site:
        prepare(site, tmp_path, sign)
        done = crawl("beispiel", tmp_path)
    assert done.returncode == 0 and "1 reserved from data mining: text not kept" in done.stdout
    (reserved,), (free,) = story(tmp_path, 1), story(tmp_path, 2)
    assert (reserved["reserved"], free["reserved"]) == (SIGNS[sign][0], None)
    assert (reserved["body"], reserved["lead"], reserved["shown_lead"], reserved["passages"]) == ("", "", None, "[]")
    assert reserved["title"] == "Deich hält stand 1" and reserved["published_at"] == "2026-11-20T09:00:00Z" and reserved["words"] > 50
    assert SECRET in free["body"] and free["archive_file"] and not reserved["archive_file"]
    mentions = {row["story_id"]: row["snippet"] for row in Database(tmp_path / "news.db")["mentions"].rows}
    assert len(mentions) == 2 and all("Ada Quint" in text and len(text) <= 160 for text in mentions.values())


def test_a_reserved_text_stands_nowhere_on_the_disk(tmp_path: Path) -> None:
    with TimedSite() as site:
        prepare(site, tmp_path, "header")
        site.lists("/politik/1/x")
        crawl("beispiel", tmp_path)
    assert SECRET.encode() not in everything(tmp_path)
    assert b"Deich h" in everything(tmp_path)


def test_edits_of_a_reserved_page_are_told_apart_all_the_same(tmp_path: Path) -> None:
    header = {**HTML, "TDM-Reservation": "1"}
    with TimedSite() as site:
        prepare(site, tmp_path, "header")
        for body in (page(1), page(1), page(1, " Es kamen zwei Worte mehr."), page(1)):
            site.pages["/politik/1/x"] = (200, header, body)
            crawl("beispiel", tmp_path)
    found = story(tmp_path, 1)
    changes = [(r["number"], r["changed_fields"], r["words_added"], r["words_removed"], r["body"]) for r in found]
    assert changes == [(1, "", 0, 0, ""), (2, "body", 5, 0, ""), (3, "body", 0, 5, "")]
    assert found[0]["content_hash"] == found[2]["content_hash"] != found[1]["content_hash"]
    kinds = [
        row["kind"] for row in Database(tmp_path / "news.db").query("SELECT kind FROM events WHERE story_id = ?", [found[0]["story_id"]])
    ]
    assert kinds == ["appeared"]


@pytest.mark.parametrize("where", ["settings", "site"])
def test_with_a_legal_ground_the_text_is_kept_and_the_sign_is_too(where: str, tmp_path: Path) -> None:
    ground = "§ 60d UrhG: research on dikes"
    with TimedSite() as site:
        prepare(site, tmp_path, "robots", more=f'legal_ground = "{ground}"\n' if where == "site" else "")
        crawl("beispiel", tmp_path, *(["-s", f"TDM_GROUND={ground}"] if where == "settings" else []))
    (kept,) = story(tmp_path, 1)
    assert SECRET in kept["body"] and kept["reserved"] == "robots.txt: GPTBot" and kept["archive_file"]


def test_a_watchlist_that_changes_leaves_mentions_in_texts_that_are_not_kept(tmp_path: Path) -> None:
    options = ["-s", f"DATABASE={tmp_path / 'news.db'}", "-s", f"WATCHLISTS_DIR={tmp_path / 'watchlists'}"]
    with TimedSite() as site:
        prepare(site, tmp_path, "meta")
        crawl("beispiel", tmp_path)
    before = dump(tmp_path / "news.db")
    assert scrapy("match", "--all", *options).returncode == 0
    assert dump(tmp_path / "news.db") == before
    (tmp_path / "watchlists" / "w.toml").write_text('[deich]\nname = "Deich"\nkind = "organisation"\n', encoding="utf-8")
    done = scrapy("match", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    reserved = story(tmp_path, 1)[0]["id"]
    actors = Database(tmp_path / "news.db").query("SELECT DISTINCT actor, field FROM mentions WHERE revision_id = ?", [reserved])
    assert [(row["actor"], row["field"]) for row in actors] == [("deich", "title")]


def test_the_file_of_a_host_is_asked_for_once_a_day_and_not_where_robots_txt_forbids(tmp_path: Path) -> None:
    with TimedSite() as site:
        prepare(site, tmp_path, "file")
        for _ in range(2):
            crawl("beispiel", tmp_path)
        assert [path for path, *_ in site.asked].count("/.well-known/tdmrep.json") == 1
        site.pages["/robots.txt"] = (200, TEXT, b"User-agent: *\nDisallow: /.well-known/\n")
        db = Database(tmp_path / "news.db")
        db.execute("DELETE FROM hosts")
        db.conn.commit()
        crawl("beispiel", tmp_path)
        assert [path for path, *_ in site.asked].count("/.well-known/tdmrep.json") == 1
    assert json.loads(next(db.query("SELECT counts FROM runs ORDER BY id DESC LIMIT 1"))["counts"])["sections"] == 1
