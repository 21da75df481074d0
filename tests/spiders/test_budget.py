"""A site's budget of requests an hour: what is more waits, is counted, and is due as it was; and crawls of what is due alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from newswatch import clock
from newswatch.spiders.budget import budget_of
from newswatch.store import open_store
from newswatch.store.due import due_of, spent
from newswatch.store.runs import EXIT_BUSY
from tests.conftest import make_site
from tests.crawling import FAST, crawl, folder_settings, scrapy, write_site
from tests.spiders.hostile import HTML, good
from tests.spiders.served import XML, ServedSite


def page_of(*numbers: int) -> bytes:
    return ("<main>" + "".join(f'<p><a href="/politik/{n}/meldung">Eine Meldung</a></p>' for n in numbers) + "</main>").encode()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[ServedSite]:
    """A section of nine articles."""
    with ServedSite() as served:
        served.pages |= {f"/politik/{n}/meldung": (200, HTML, good(n)) for n in range(1, 10)}
        served.pages["/politik/"] = (200, HTML, page_of(*range(1, 10)))
        write_site(tmp_path, served.url)
        yield served


def run(folder: Path, budget: int, *args: str) -> dict[str, Any]:
    done = crawl("beispiel", folder, "-s", f"REQUESTS_AN_HOUR={budget}", *args)
    assert "Traceback" not in done.stderr, done.stderr
    with closing(open_store(folder / "news.db")) as db:
        row = list(db["runs"].rows)[-1]
        due = due_of(db, "beispiel", {}, clock.now())
        used = spent(db, "beispiel", clock.now())
    return {**json.loads(row["counts"]), "code": done.returncode, "outcome": row["outcome"], "due": due, "spent": used, "out": done.stdout}


def forget_spending(folder: Path) -> None:
    with closing(open_store(folder / "news.db")) as db:
        db.execute("DELETE FROM requests")


def test_a_crawl_stops_asking_when_the_hour_is_spent_and_the_next_one_goes_on(tmp_path: Path, site: ServedSite) -> None:
    first = run(tmp_path, 7)
    assert len(site.asked) == 7 and first["spent"] == 7, "robots.txt, tdmrep.json, the section, four articles"
    assert (first["new"], first["postponed"], first["code"], first["outcome"]) == (4, 5, 0, "ok")
    assert len(first["due"].links) == 5 and "5 postponed, as the hour's budget of requests is spent" in first["out"]
    second = run(tmp_path, 7)
    assert (second["outcome"], second["code"]) == ("postponed", EXIT_BUSY)
    assert site.asked[7:] == []
    assert len(second["due"].links) == 5
    forget_spending(tmp_path)
    third = run(tmp_path, 100)
    assert third["new"] == 5 and "postponed" not in third and not third["due"].links


def test_new_links_come_before_stories_that_are_known(tmp_path: Path, site: ServedSite) -> None:
    site.pages["/politik/"] = (200, HTML, page_of(*range(1, 7)))
    run(tmp_path, 100)
    site.pages["/politik/"] = (200, HTML, page_of(*range(1, 10)))
    forget_spending(tmp_path)
    site.asked.clear()
    found = run(tmp_path, 4)
    assert sorted(site.paths()) == ["/politik/", *(f"/politik/{n}/meldung" for n in (7, 8, 9))]
    assert (found["new"], found["postponed"]) == (3, 6)


def test_a_link_that_was_postponed_is_read_though_its_section_has_dropped_it(tmp_path: Path, site: ServedSite) -> None:
    run(tmp_path, 3)
    site.pages["/politik/"] = (200, HTML, page_of(1))
    forget_spending(tmp_path)
    assert run(tmp_path, 100)["new"] == 9


def test_a_site_file_may_say_its_own_budget(tmp_path: Path, site: ServedSite) -> None:
    write_site(tmp_path, site.url, more="requests_an_hour = 4\n")
    assert run(tmp_path, 100)["postponed"] == 8
    assert budget_of(make_site(), 600) == 600
    assert [budget_of(make_site(requests_an_hour=n), 600) for n in (0, 50)] == [0, 50]
    settings = Settings()
    settings.setmodule("settings.base")
    assert settings.getint("REQUESTS_AN_HOUR") == 600


def test_the_watch_leaves_a_site_alone_until_there_is_room(tmp_path: Path, site: ServedSite) -> None:
    (tmp_path / "watch.toml").write_text('sites = ["beispiel"]\n')
    watch = ["watch", "--once", *folder_settings(tmp_path), *FAST, "-s", "REQUESTS_AN_HOUR=7"]
    first = scrapy(*watch)
    assert first.returncode == 0 and "4 new" in first.stdout and ", 5 postponed; next look " in first.stdout, first.stdout + first.stderr
    asked = len(site.asked)
    second = scrapy(*watch)
    assert "beispiel: 5 due, postponed: 7 requests of the hour are spent, there is room from " in second.stdout
    assert second.returncode == 0 and len(site.asked) == asked


def test_of_what_is_due_alone_nothing_else_is_asked_for(tmp_path: Path, site: ServedSite) -> None:
    run(tmp_path, 0)
    site.asked.clear()
    quiet = run(tmp_path, 0, "-a", "due=1")
    assert site.paths() == [] and (quiet["code"], quiet["outcome"]) == (0, "ok")
    with closing(open_store(tmp_path / "news.db")) as db:
        db.execute("UPDATE stories SET next_check_at = checked_at WHERE url LIKE '%/3/%'")
    assert run(tmp_path, 0, "-a", "due=1")["not_modified"] == 1
    assert site.paths() == ["/politik/3/meldung"]
    with closing(open_store(tmp_path / "news.db")) as db:
        db.execute("UPDATE sections SET next_check_at = last_checked_at")
    site.pages["/politik/"] = (200, HTML, page_of(*range(2, 10), 11))
    site.pages["/politik/11/meldung"] = (200, HTML, good(11))
    site.asked.clear()
    run(tmp_path, 0, "-a", "due=1")
    assert sorted(site.paths()) == ["/politik/", "/politik/1/meldung", "/politik/11/meldung"], "what is new, and what the section dropped"


def test_a_sitemap_index_waits_as_those_do_that_it_leads_to(tmp_path: Path, site: ServedSite) -> None:
    urls = "".join(f"<url><loc>{{home}}/politik/{n}/meldung</loc></url>" for n in range(1, 4))
    site.pages["/news.xml"] = (200, XML, f"<urlset>{urls}</urlset>".encode())
    site.pages["/index.xml"] = (200, XML, b"<sitemapindex><sitemap><loc>{home}/news.xml</loc></sitemap></sitemapindex>")
    path = tmp_path / "sites" / "beispiel.toml"
    path.write_text(path.read_text().replace(f'"{site.url}politik/"', f'{{ url = "{site.url}index.xml", kind = "sitemap" }}'))
    first = run(tmp_path, 0)
    assert (first["sections"], first["links"], first["new"]) == (1, 3, 3)
    site.asked.clear()
    run(tmp_path, 0, "-a", "due=1")
    assert site.paths() == []
    run(tmp_path, 0)
    assert ("/index.xml", 200) in site.asked, "an index is always asked for whole"
