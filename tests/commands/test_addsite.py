"""`scrapy addsite`: a site file in minutes, politely, or a clear word why not."""

from __future__ import annotations

import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from newswatch.commands.addsite import name_of
from newswatch.demo import blitzblatt, morgenbote_shell, talkurier_feeds
from newswatch.demo.news import stories
from newswatch.demo.server import ADDRESSES, DemoServer
from newswatch.sites import Site, load_sites
from tests.crawling import FAST, crawl, scrapy
from tests.spiders.hostile import HostileSite, good

PATHS = {"morgenbote": morgenbote_shell.path_of, "talkurier": talkurier_feeds.path_of, "blitzblatt": blitzblatt.path_of}
SECTIONS = {
    "morgenbote": {"schlagzeilen", "politik", "panorama", "sport"},
    "talkurier": {"politik", "lokales", "feed", "news-sitemap"},
    "blitzblatt": {"news"},
}
NO_ARTICLES = [
    "/",
    "/politik/",
    "/politik/ausland/",
    "/news/",
    "/service/impressum.html",
    "/service/abo.html",
    "/intern/kantine.html",
    "/autor/wiebke-lauritz/",
    *morgenbote_shell.NO_ARTICLES,
]


def addsite(folder: Path, *args: str, contact: str = "tests") -> subprocess.CompletedProcess[str]:
    return scrapy("addsite", *args, "-s", f"SITES_DIR={folder / 'sites'}", "-s", f"CONTACT={contact}", *FAST)


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[subprocess.CompletedProcess[str], Site, list[str], str]]:
    """What the command printed, the site, the paths that were asked for, and the file's text, by paper."""
    out, folder = {}, tmp_path_factory.mktemp("drafted")
    for paper in ADDRESSES:
        with DemoServer(step=1) as papers:
            done = addsite(folder, papers.base(paper), "--name", paper)
            assert done.returncode == 0, done.stdout + done.stderr
            asked = [s.path for s in papers.log]
        site = load_sites(folder / "sites", shipped=None)[paper]
        out[paper] = (done, site, asked, (folder / "sites" / f"{paper}.toml").read_text())
    return out


@pytest.mark.parametrize("paper", ADDRESSES)
def test_a_demo_papers_sections_are_found(drafted: dict, paper: str) -> None:
    _, site, _, _ = drafted[paper]
    assert {name for name, section in site.sections.items() if section.on} == SECTIONS[paper]


@pytest.mark.parametrize("paper", ADDRESSES)
def test_the_pattern_fits_all_its_articles_and_nothing_else(drafted: dict, paper: str) -> None:
    _, site, _, _ = drafted[paper]
    home = site.home.rstrip("/")
    for step in (0, 1, 2):
        for story in stories(paper, step):
            url = home + PATHS[paper](story)
            assert site.is_article(url) and site.key_of(url) == story.id, url
    assert [path for path in NO_ARTICLES if site.is_article(home + path)] == []


@pytest.mark.parametrize("paper", ADDRESSES)
def test_it_asks_little_and_obeys_robots_txt(drafted: dict, paper: str) -> None:
    _, _, asked, _ = drafted[paper]
    assert len(asked) <= 27 and not [path for path in asked if path.startswith("/intern/")]
    assert len(set(asked) - {"/robots.txt"}) == len([path for path in asked if path != "/robots.txt"])


def test_it_shows_what_was_read_and_what_to_look_at(drafted: dict) -> None:
    done, _, _, text = drafted["blitzblatt"]
    for words in ("Landesmutter rettet Dackel", "look at", "Language: the page states none; de: guessed from its words.", "Written:"):
        assert words in done.stdout
    assert "checked = false" in text and 'title = "Blitzblatt"' in text
    assert done.stderr == ""
    assert "Sina Tornow" in drafted["morgenbote"][0].stdout and "liveblog" in drafted["morgenbote"][0].stdout


def test_what_was_drafted_can_be_crawled(tmp_path: Path) -> None:
    with DemoServer(step=1) as papers:
        assert addsite(tmp_path, papers.base("blitzblatt"), "--name", "blitz").returncode == 0
        done = crawl("blitz", tmp_path)
    assert done.returncode == 0 and "6 new" in done.stdout, done.stdout + done.stderr


def test_a_name_that_exists_is_not_overwritten_without_force(tmp_path: Path) -> None:
    path = tmp_path / "sites" / "blitz.toml"
    with DemoServer() as papers:
        path.parent.mkdir()
        path.write_text("# mine")
        done = addsite(tmp_path, papers.base("blitzblatt"), "--name", "blitz")
        assert done.returncode == 78 and "exists: choose another --name, or --force" in done.stderr
        assert path.read_text() == "# mine" and papers.log == []
        assert addsite(tmp_path, papers.base("blitzblatt"), "--name", "blitz", "--force").returncode == 0
    assert "[sections]" in path.read_text()


def test_a_site_that_comes_with_newswatch_is_pointed_out(tmp_path: Path) -> None:
    done = addsite(tmp_path, "https://www.t-online.de/")
    assert done.returncode == 78 and "t-online comes with newswatch: scrapy crawl t-online" in done.stderr


@pytest.mark.parametrize(
    "url", ["kein wort", "http://", "ftp://x.example/", "http://[::1", "mailto:a@b.example", "http://x.example:99999/"]
)
def test_what_is_no_url_is_said(tmp_path: Path, url: str) -> None:
    done = addsite(tmp_path, url)
    assert done.returncode == 78 and "write the address of a home page" in done.stderr, done.stdout + done.stderr


def test_a_site_that_cannot_be_reached_is_69(tmp_path: Path) -> None:
    done = addsite(tmp_path, "http://no-such-host.invalid/")
    assert done.returncode == 69 and "could not be read" in done.stdout and "Nothing was written" in done.stdout
    assert not (tmp_path / "sites").exists()


def test_without_a_contact_nobody_is_asked(tmp_path: Path) -> None:
    with HostileSite() as site:
        done = addsite(tmp_path, site.url, contact="")
        assert done.returncode == 78 and "CONTACT" in done.stderr and site.asked == []


def test_a_site_without_articles_is_1_and_nothing_is_written(tmp_path: Path) -> None:
    with Invented({"/": "<nav><a href='/kontakt'>Kontakt</a></nav><main><h1>Bäckerei Quint</h1><p>Wir backen.</p></main>"}) as site:
        done = addsite(tmp_path, site.url)
    assert done.returncode == 1 and "No articles were found" in done.stdout and not (tmp_path / "sites").exists()


def test_a_blog_with_dates_in_its_addresses_and_pages_that_fail(tmp_path: Path) -> None:
    words = ("regen", "deich", "haushalt", "schule", "wahl", "bruecke", "klinik")
    posts = [f"/2026/11/{10 + i}/viel-{w}-im-tal/" for i, w in enumerate(words)]
    teasers = "".join(f"<article><h2><a href='{p}'>Viel Neues aus dem Tal, Teil {i}</a></h2></article>" for i, p in enumerate(posts))
    nav = "<nav><a href='/lokales/'>Lokales</a><a href='/kaputt/'>Kaputt</a><a href='/weg/'>Weg</a></nav>"
    pages = {"/": f"<html lang='de'><title>Talblog</title>{nav}<main>{teasers}</main></html>", "/lokales/": f"{nav}<main>{teasers}</main>"}
    pages |= {post: good(n).decode() for n, post in enumerate(posts)}
    with Invented(pages, broken={"/kaputt/"}) as site:
        done = addsite(tmp_path, site.url, "--name", "talblog")
        assert len(site.asked) <= 25
    assert done.returncode == 0, done.stdout + done.stderr
    made = load_sites(tmp_path / "sites", shipped=None)["talblog"]
    assert list(made.sections) == ["lokales"] and made.title == "Talblog"
    assert all(made.is_article(site.url.rstrip("/") + post) for post in posts) and not made.is_article(f"{site.url}lokales/")
    assert "no number in the addresses" in done.stdout and "http" in done.stdout


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("www.tages-anzeiger.ch", "tages-anzeiger"),
        ("news.bbc.co.uk", "news-bbc"),
        ("127.0.0.1", "127-0-0-1"),
        ("localhost", "localhost"),
        ("taz.de", "taz"),
        ("WWW.Example.ORG", "example"),
    ],
)
def test_a_site_is_named_by_its_host(host: str, name: str) -> None:
    assert name_of(host) == name


class Invented:
    """`with Invented({path: html}) as site:` serves pages on loopback, 404 for others and 500 for `broken`."""

    def __init__(self, pages: dict[str, str], broken: set[str] | None = None) -> None:
        asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                status = 500 if self.path in (broken or ()) else 200 if self.path in pages else 404
                body = pages.get(self.path, "<p>nichts</p>").encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.asked = asked
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> Invented:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
