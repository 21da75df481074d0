"""Sections of every kind, and sections with several listings, crawled over loopback."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newswatch.demo.server import DemoServer
from newswatch.sites import Section
from newswatch.spiders.listings import Gathering, Source, sources_of
from newswatch.store import open_store
from newswatch.store.shapes import known_shapes
from newswatch.story import Link
from tests.conftest import make_site
from tests.crawling import crawl
from tests.spiders.hostile import HTML, good
from tests.spiders.served import XML, ServedSite

EARLY, LATE = (datetime(2026, 11, 22, hour, tzinfo=UTC) for hour in (10, 11))


@pytest.fixture
def site() -> Iterator[ServedSite]:
    with ServedSite() as served:
        served.pages |= {f"/politik/{n}/meldung": (200, HTML, good(n)) for n in range(1, 10)}
        yield served


def page_of(*numbers: int) -> bytes:
    return ("<main>" + "".join(f'<p><a href="/politik/{n}/meldung">Eine Meldung</a></p>' for n in numbers) + "</main>").encode()


def feed_of(*numbers: int, hour: int = 10) -> bytes:
    items = "".join(
        f"<item><title>Meldung</title><link>{{home}}/politik/{n}/meldung</link>"
        f"<atom:updated>2026-11-22T{hour}:0{n}:00Z</atom:updated></item>"
        for n in numbers
    )
    return f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>{items}</channel></rss>'.encode()


def sitemap_of(*numbers: int) -> bytes:
    return ("<urlset>" + "".join(f"<url><loc>{{home}}/politik/{n}/meldung</loc></url>" for n in numbers) + "</urlset>").encode()


def index_of(*paths: str) -> bytes:
    return ("<sitemapindex>" + "".join(f"<sitemap><loc>{p}</loc></sitemap>" for p in paths) + "</sitemapindex>").encode()


def run(folder: Path, home: str, sections: str, *args: str, pattern: bool = True) -> dict[str, Any]:
    """A crawl's counts, exit code, faults as (section, kind), and the sections that the store knows."""
    (folder / "sites").mkdir(exist_ok=True)
    article = "[article]\npattern = '^/politik/(?P<key>\\d+)/'\n" if pattern else ""
    text = f'title = "B"\nhome = "{home}"\nlanguage = "de"\nzone = "Europe/Berlin"\n[sections]\n{sections}\n{article}'
    (folder / "sites" / "beispiel.toml").write_text(text.replace("{home}", home.rstrip("/")), encoding="utf-8")
    done = crawl("beispiel", folder, *args)
    db = open_store(folder / "news.db")
    row = list(db["runs"].rows)[-1]
    faults = {(f["section"], f["kind"]) for f in db["faults"].rows_where("run_id = ?", [row["id"]])}
    known = {s["name"]: len(json.loads(s["links"])) for s in db["sections"].rows_where("read_at IS NOT NULL")}
    db.close()
    counts = {"new": 0, "changed": 0, **json.loads(row["counts"])}
    return {**counts, "code": done.returncode, "faults": faults, "known": known, "out": done.stdout + done.stderr}


SEVERAL = """
politik = { url = "{home}/politik/", feeds = ["{home}/feed.xml", "{home}/kaputt.xml"], sitemaps = ["{home}/index.xml"], min_links = 5 }
"""


def test_several_listings_of_a_section_are_one_and_a_failing_one_costs_only_itself(site: ServedSite, tmp_path: Path) -> None:
    site.pages |= {
        "/politik/": (200, HTML, page_of(1, 2)),
        "/feed.xml": (200, XML, feed_of(2, 3)),
        "/kaputt.xml": (200, HTML, b"<html><body>Wartung</body></html>"),
        "/index.xml": (
            200,
            XML,
            index_of("{home}/a.xml", "{home}/b.xml", "{home}/news.xml", "{home}/c.xml", "http://fremd.invalid/news.xml"),
        ),
        "/news.xml": (200, XML, sitemap_of(4)),
        "/a.xml": (200, XML, gzip.compress(sitemap_of(5).replace(b"{home}", site.url.rstrip("/").encode()))),
        "/b.xml": (200, XML, sitemap_of()),
    }
    first = run(tmp_path, site.url, SEVERAL)
    assert first["faults"] == {("politik feed 2", "listing")}
    assert (first["new"], first["code"]) == (5, 1)
    parts = {"politik sitemap 1 part 1": 1, "politik sitemap 1 part 2": 1, "politik sitemap 1 part 3": 0}
    assert first["known"] == {"politik": 2, "politik feed 1": 2, **parts}
    assert len([p for p in site.paths() if p in ("/a.xml", "/b.xml", "/c.xml", "/news.xml")]) == 3
    assert "/news.xml" in site.paths()

    site.asked.clear()
    site.pages["/kaputt.xml"] = (200, XML, feed_of(1, 3))  # what the page lists too has an update now
    second = run(tmp_path, site.url, SEVERAL)
    assert (second["new"], second["code"], second["faults"]) == (0, 0, set())
    assert {p for p in site.paths() if p.startswith("/politik/")} == {"/politik/", *(f"/politik/{n}/meldung" for n in (1, 4, 5))}
    assert set(site.paths(200)) == {"/index.xml", "/kaputt.xml"}, "an index is always looked into, all else has not changed"
    assert second["listed_unchanged"] == 2


def test_too_few_links_in_all_listings_together_are_a_fault(site: ServedSite, tmp_path: Path) -> None:
    site.pages |= {
        "/politik/": (200, HTML, page_of(1)),
        "/feed.xml": (200, XML, feed_of(1, 2)),
        "/kaputt.xml": (404, HTML, b"gone"),
        "/index.xml": (200, XML, sitemap_of()),
    }
    found = run(tmp_path, site.url, SEVERAL)
    assert found["faults"] == {("politik feed 2", "http"), ("politik sitemap 1", "listing"), ("politik", "listing")}
    assert found["new"] == 2


KINDS = """
feed = { url = "{home}/feed.xml", kind = "feed" }
karte = { url = "{home}/news.xml.gz", kind = "sitemap" }
leer = { url = "{home}/leer.xml", kind = "feed", min_links = 0 }
wenig = { url = "{home}/wenig.xml", kind = "feed", min_links = 3 }
seite = { url = "{home}/seite.xml", kind = "sitemap" }
nichts = { url = "{home}/nichts.xml", kind = "sitemap" }
weg = { url = "{home}/weg.xml", kind = "feed" }
"""


def test_every_kind_of_section_is_read_and_every_failure_is_a_fault_of_its_own(site: ServedSite, tmp_path: Path) -> None:
    packed = gzip.compress(sitemap_of(3).replace(b"{home}", site.url.rstrip("/").encode()))
    site.pages |= {
        "/feed.xml": (200, XML, feed_of(1, 2)),
        "/news.xml.gz": (200, {"Content-Type": "application/x-gzip"}, packed),
        "/leer.xml": (200, {"Content-Type": "text/plain"}, feed_of()),
        "/wenig.xml": (200, XML, feed_of(4)),
        "/seite.xml": (200, HTML, page_of(5)),
        "/nichts.xml": (200, XML, b""),
    }
    found = run(tmp_path, site.url, KINDS)
    assert found["faults"] == {("wenig", "listing"), ("seite", "listing"), ("nichts", "error_page"), ("weg", "http")}
    assert found["known"] == {"feed": 2, "karte": 1, "leer": 0, "wenig": 1}
    assert (found["new"], found["sections"], found["code"]) == (4, 4, 1)


def test_a_moved_update_brings_a_look_at_the_page(site: ServedSite, tmp_path: Path) -> None:
    section = 'feed = { url = "{home}/feed.xml", kind = "feed" }'
    site.pages["/feed.xml"] = (200, XML, feed_of(1, 2))
    assert run(tmp_path, site.url, section)["new"] == 2
    site.pages |= {"/feed.xml": (200, XML, feed_of(1, 2, hour=11)), "/politik/1/meldung": (200, HTML, good("eins"))}
    site.asked.clear()
    second = run(tmp_path, site.url, section)
    assert (second["changed"], second["not_modified"]) == (1, 1)
    assert set(site.paths()) == {"/feed.xml", "/politik/1/meldung", "/politik/2/meldung"}


def test_a_site_without_a_pattern_is_crawled_by_shape_and_learns(site: ServedSite, tmp_path: Path) -> None:
    slugs = [f"/meldung/rat-der-stadt-stimmt-zum-{n}-mal-ab-{n}{n}{n}{n}" for n in range(1, 5)]
    others = ["/", "/sport/", "/autor/ada-quint-123456", "/impressum", "/p/?page=2"]
    links = [f'<h2><a href="{href}">Rat der Stadt stimmt wieder ab</a></h2>' for href in slugs]
    body = "<main>" + "".join(links + [f'<a href="{href}">Mehr</a>' for href in others]) + "</main>"
    site.pages |= {"/p/": (200, HTML, body.encode()), **{slug: (200, HTML, good(n)) for n, slug in enumerate(slugs)}}
    found = run(tmp_path, site.url, 'p = "{home}/p/"', pattern=False)
    assert (found["new"], found["links"], found["faults"], found["code"]) == (4, 4, set(), 0), found["out"]
    assert set(site.paths()) == {"/p/", *slugs}
    db = open_store(tmp_path / "news.db")
    fault = {"run_id": 1, "site": "beispiel", "kind": "section_page", "url": f"{site.url}x/a-b-c", "detail": "", "at": ""}
    db["faults"].insert(fault)
    shapes = known_shapes(db, "beispiel")
    db.close()
    assert shapes.articles == {"/meldung/{slug}-{number}": 4}
    assert shapes.others == {"/*/{slug}": 1}


@pytest.mark.parametrize(
    "section",
    ['n = { url = "{home}/feed.rss", kind = "feed" }', 'n = { url = "{home}/news-sitemap.xml", kind = "sitemap" }'],
    ids=["feed", "news sitemap"],
)
def test_the_talkurier_tells_by_feed_and_sitemap_what_it_edited(section: str, tmp_path: Path) -> None:
    with DemoServer() as demo:
        home = demo.base("talkurier") + "/"
        first = run(tmp_path, home, section, pattern=False)
        again = run(tmp_path, home, section, pattern=False)
        demo.step = 1
        edited = run(tmp_path, home, section, pattern=False)
    assert (first["new"], first["links"], first["code"]) == (6, 6, 0)
    assert (again["listed_unchanged"], again["new"], again["code"]) == (6, 0, 0)
    assert (edited["changed"], edited["listed_unchanged"]) == (2, 4)


def test_links_of_several_listings_are_merged_by_story_and_keep_the_newest_update() -> None:
    site = make_site()
    section = Section(url="https://www.beispiel.example/politik/", feeds=["https://www.beispiel.example/f"])
    page, feed = sources_of("politik", section)
    gathering = Gathering(section, {page, feed}, alone=False)
    url = "https://www.beispiel.example/politik/{}/x"
    gathering.read[feed] = (Link(url.format(1) + "-neu", "Aus dem Feed", 0, LATE), Link(url.format(2), "Zwei", 1, EARLY))
    gathering.read[page] = (Link(url.format(1), None, 0),)
    assert gathering.links(site) == [Link(url.format(1), "Aus dem Feed", 0, LATE), Link(url.format(2), "Zwei", 1, EARLY)]


def test_a_section_waits_for_its_last_listing_and_for_those_that_it_leads_to() -> None:
    section = Section(url="https://b.example/index.xml", kind="sitemap", min_links=4)
    (source,) = sources_of("p", section)
    child = Source("p", "p part 1", "https://b.example/a.xml", "sitemap", is_child=True)
    gathering = Gathering(section, {source}, alone=True)
    assert gathering.least(source) == 4
    assert not gathering.answered(source, [child])
    assert gathering.least(child) == 0
    assert gathering.answered(child)
