"""A real browser on loopback pages that need it, and on some that mean harm."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.settings import BaseSettings

from newswatch.spiders import render
from newswatch.store import open_store
from newswatch.store.runs import EXIT_CONFIG
from tests.conftest import make_site
from tests.crawling import crawl, write_site
from tests.spiders.hostile import HTML, good
from tests.spiders.scripted import STRANGER, WALL, ScriptedSite, links, needs_browser, story

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Result:
    """What a crawl left behind."""

    code: int
    out: str
    counts: dict[str, int]
    faults: dict[str, tuple[str, str]]
    """(kind, detail) by path."""
    titles: set[str]


def run(site: ScriptedSite, folder: Path, more: str = "render = true\n", *args: str, site_end: str = "") -> Result:
    write_site(folder, site.url, more=more)
    path = folder / "sites" / "beispiel.toml"
    path.write_text(path.read_text(encoding="utf-8") + site_end, encoding="utf-8")
    done = crawl("beispiel", folder, *args, timeout=200)
    db = open_store(folder / "news.db")
    try:
        faults = {"/" + row["url"].split("/", 3)[-1]: (row["kind"], row["detail"]) for row in db["faults"].rows}
        counts = json.loads(list(db["runs"].rows)[-1]["counts"]) if db["runs"].count else {}
        titles = {json.loads(r["fields"])["title"] if "fields" in r else r["title"] for r in db["revisions"].rows}
    finally:
        db.close()
    return Result(done.returncode, done.stdout + done.stderr, counts, faults, titles)


@needs_browser
def test_links_and_stories_that_scripts_make_are_read(tmp_path: Path) -> None:
    with ScriptedSite({"/politik/": links("/politik/1/a", "/politik/2/b"), "/politik/1/a": story(1), "/politik/2/b": story(2)}) as site:
        result = run(site, tmp_path)
    assert result.titles == {"Deich hält stand 1", "Deich hält stand 2"}, result
    assert result.code == 0 and not result.faults
    assert {h.get("user-agent") for h in site.headers} == {"newswatch/0.1 (+tests)"}
    assert site.paths()[0] == "/robots.txt"
    pages = [h["accept-encoding"] for (_, path), h in zip(site.asked, site.headers, strict=True) if path.startswith("/politik/")]
    assert pages == ["identity"] * 3


@needs_browser
def test_a_section_alone_can_be_rendered(tmp_path: Path) -> None:
    pages = {"/politik/": links("/politik/1/a"), "/politik/1/a": (200, HTML, good(1)), "/politik/plain/": links("/politik/2/b")}
    with ScriptedSite(pages) as site:
        end = f'\n[sections.neu]\nurl = "{site.url}politik/"\nrender = true\n[sections.alt]\nurl = "{site.url}politik/plain/"\n'
        result = run(site, tmp_path, more="", site_end=end)
    assert result.titles == {"Deich hält stand 1"}
    assert result.faults["/politik/plain/"][0] == "listing"


@needs_browser
def test_what_is_not_rendered_asks_for_no_script_and_is_a_fault(tmp_path: Path) -> None:
    with ScriptedSite({"/politik/": links("/politik/1/a")}) as site:
        result = run(site, tmp_path, more="")
    assert result.faults == {"/politik/": ("listing", "0 article links, at least 1 expected")}
    assert "/api" not in site.paths()


@needs_browser
def test_an_empty_section_is_tried_once_more_where_the_user_allows_it(tmp_path: Path) -> None:
    with ScriptedSite({"/politik/": links("/politik/1/a"), "/politik/1/a": (200, HTML, good(1))}) as site:
        result = run(site, tmp_path, "", "-s", "RENDER_EMPTY_SECTIONS=1")
    assert result.titles == {"Deich hält stand 1"} and not result.faults and result.counts["sections"] == 1
    assert site.paths().count("/politik/") == 2


@needs_browser
def test_a_section_that_stays_empty_is_tried_once_only(tmp_path: Path) -> None:
    with ScriptedSite({"/politik/": "<main><p>Nichts.</p></main>"}) as site:
        result = run(site, tmp_path, "", "-s", "RENDER_EMPTY_SECTIONS=1")
    assert result.faults["/politik/"][0] == "listing"
    assert site.paths().count("/politik/") == 2


@needs_browser
def test_strangers_images_and_fonts_are_not_asked_for(tmp_path: Path) -> None:
    baits = (
        "<style>@font-face{font-family:f;src:url(/font.woff2)} p{font-family:f} body{background:url(/bg.png)}</style>"
        "<img src=/own.png><video src=/own.mp4></video><img src={stranger}/x.png><script src={stranger}/x.js></script>"
        "<link rel=stylesheet href={stranger}/x.css><iframe src={stranger}/frame></iframe><script src=/own.js></script>"
        "<script>fetch('{stranger}/fetch', {mode: 'no-cors'}).catch(() => 0); navigator.sendBeacon('{stranger}/beacon', 'x');"
        "new WebSocket('{stranger}/socket'.replace('http', 'ws')); window.open('{stranger}/popup'); window.open('/own-popup')</script>"
    )
    with ScriptedSite({"/politik/": baits + links("/politik/1/a"), "/politik/1/a": story(1)}) as site:
        result = run(site, tmp_path)
    assert result.titles == {"Deich hält stand 1"}, result
    assert site.paths(STRANGER) == []
    assert "/own.js" in site.paths()
    assert not {"/own.png", "/own.mp4", "/font.woff2", "/bg.png"} & set(site.paths())


@needs_browser
def test_a_redirect_off_the_site_is_not_followed_by_the_browser_either(tmp_path: Path) -> None:
    pages = {
        "/politik/": links("/politik/1/server", "/politik/2/script", "/politik/3/own", "/politik/4/forbidden"),
        "/politik/1/server": (302, {"Location": "{stranger}/politik/1/x"}, b""),
        "/politik/2/script": "<p>Moment<script>location.href = '{stranger}/politik/2/x'</script>",
        "/politik/3/own": "<p>Moment<script>location.href = '/politik/3/neu'</script>",
        "/politik/3/neu": story(3),
        "/politik/4/forbidden": (302, {"Location": "/geheim/4"}, b""),
        "/robots.txt": (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /geheim/\n"),
        "/geheim/4": story(4),
    }
    with ScriptedSite(pages) as site:
        result = run(site, tmp_path)
    kinds = {path: kind for path, (kind, _) in result.faults.items()}
    assert kinds == {"/politik/1/server": "redirect", "/politik/2/script": "redirect", "/politik/4/forbidden": "robots"}, result
    assert result.titles == {"Deich hält stand 3"}
    assert site.paths(STRANGER) == [] and "/geheim/4" not in site.paths()


HARM = {
    "huge": "<p id=p></p><script>p.textContent = 'x'.repeat(11 * 2 ** 20)</script>",
    "liar": "<p id=p></p><script>p.textContent = 'x'.repeat(11 * 2 ** 20);"
    "Object.defineProperty(Element.prototype, 'outerHTML', {get: () => ''})</script>",
    "dialog": story(0) + "<script>alert(1); confirm(2); prompt(3); onbeforeunload = e => e.preventDefault()</script>",
    "print": story(0) + "<script>print(); Notification.requestPermission(); navigator.geolocation.getCurrentPosition(() => 0)</script>",
    "file": (200, {"Content-Type": "application/octet-stream", "Content-Disposition": "attachment; filename=x.exe"}, b"MZ" * 999),
    "pdf": (200, {"Content-Type": "application/pdf"}, b"%PDF-1.7\n"),
    "saves": story(0) + "<a id=a download=x href='data:text/plain,x'></a><script>a.click()</script>",
    "hangs": story(0) + "<script src=/hang.js></script><p>Was danach kommt, fehlt.</p>",
    "hangs-beside": story(0) + "<script async src=/hang.js></script>",
    "busy": story(0) + "<script>setTimeout(() => { while (true) {} }, 200)</script>",
    "gzip": (200, {**HTML, "Content-Encoding": "gzip"}, gzip.compress(good("gezippt"))),
    "short": (200, {**HTML, "Content-Length": "99999"}, good(0)),
    "missing": (404, HTML, b"<h1>Weg</h1>"),
    "latin": (
        200,
        {"Content-Type": "text/html; charset=iso-8859-1"},
        good("grün").decode().replace("gefallen", "gefallen \u2013 schön").encode("cp1252"),
    ),
    "surrogate": story(0) + "<script>document.title = '\\ud800'; m.append('\\udc00')</script>",
    "reloads": "<p>Moment<script>setTimeout(() => location.reload(), 50)</script>",
}
EXPECTED = {
    "huge": "too_large",
    "liar": "too_large",
    "file": "not_html",
    "pdf": "not_html",
    "missing": "http",
    "reloads": "redirect",
    "hangs": "timeout",
    "busy": "timeout",
    "short": "truncated",
}


@pytest.fixture(scope="module")
def harmed(tmp_path_factory: pytest.TempPathFactory) -> Result:
    paths = {name: f"/politik/{i}/{name}" for i, name in enumerate(HARM, 1)}
    with ScriptedSite({"/politik/": links(*paths.values()), **{paths[n]: page for n, page in HARM.items()}}) as site:
        return run(site, tmp_path_factory.mktemp("harm"), "render = true\n", "-s", "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT=9000")


@needs_browser
@pytest.mark.parametrize("name", HARM)
def test_a_page_that_means_harm_is_read_or_is_a_fault(name: str, harmed: Result) -> None:
    found = {path.rsplit("/", 1)[-1]: kind for path, (kind, _) in harmed.faults.items()}
    assert found.get(name) == EXPECTED.get(name), harmed.faults


@needs_browser
def test_every_good_page_among_them_is_kept(harmed: Result) -> None:
    assert harmed.counts["new"] == len(HARM) - len(EXPECTED)
    assert harmed.titles == {"Deich hält stand 0", "Deich hält stand grün", "Deich hält stand gezippt"}


@needs_browser
def test_a_wall_is_reported_and_nothing_is_clicked(tmp_path: Path) -> None:
    with ScriptedSite({"/politik/": WALL + "<script>yes.onclick = () => fetch('/clicked')</script>"}) as site:
        result = run(site, tmp_path)
    assert result.faults["/politik/"] == ("consent", 'it asks "Wir und unsere Partner möchten Cookies setzen."')
    assert "/clicked" not in site.paths()


@needs_browser
def test_a_wall_is_clicked_where_the_site_file_says_what(tmp_path: Path) -> None:
    page = (
        WALL
        + "<main id=m></main><script>yes.onclick = () => { wall.remove();"
        + ("fetch('/api').then(() => { m.innerHTML = '<a href=/politik/1/a>Eine Meldung</a>' }) }</script>")
    )
    with ScriptedSite({"/politik/": page, "/politik/1/a": story(1)}) as site:
        result = run(site, tmp_path, site_end='\n[consent]\nclick = "#yes"\n')
    assert result.titles == {"Deich hält stand 1"} and not result.faults


@needs_browser
def test_a_wall_in_a_named_hosts_frame_is_clicked_and_leads_back(tmp_path: Path) -> None:
    frame = "<button id=yes onclick=\"parent.postMessage('yes', '*')\">Alle akzeptieren</button>"
    page = "<main id=m></main><script>if (document.cookie) { m.innerHTML = '<a href=/politik/1/a>Eine Meldung</a>' } else {" + (
        "m.innerHTML = '<iframe id=sp_message_1 src={stranger}/frame></iframe>';"
        "onmessage = () => { document.cookie = 'ok=1'; location.reload() } }</script>"
    )
    end = f'\n[consent]\nclick = "#yes"\nframe = "iframe[id^=sp_message]"\nhosts = ["{STRANGER}"]\n'
    with ScriptedSite({"/politik/": page, "/frame": frame, "/politik/1/a": story(1)}) as site:
        result = run(site, tmp_path, site_end=end)
    assert result.titles == {"Deich hält stand 1"}, result
    assert site.paths(STRANGER) == ["/frame"]


@needs_browser
def test_no_cookie_outlives_a_run(tmp_path: Path) -> None:
    page = "<script>fetch(document.cookie ? '/had-a-cookie' : '/had-none').then(() => 0); document.cookie = 'id=1; max-age=9999'</script>"
    with ScriptedSite({"/politik/": page + links("/politik/1/a"), "/politik/1/a": story(1)}) as site:
        run(site, tmp_path)
        run(site, tmp_path)
    assert site.paths().count("/had-none") == 2 and "/had-a-cookie" not in site.paths()


@needs_browser
def test_the_browser_and_its_driver_are_gone_after_the_crawl(tmp_path: Path) -> None:
    with ScriptedSite({"/politik/": links("/politik/1/a"), "/politik/1/a": story(1)}) as site:
        mark = f"a{os.getpid()}.example"  # stands in Chromium's arguments
        result = run(site, tmp_path, site_end=f'\n[consent]\nclick = "#yes"\nhosts = ["{mark}"]\n')
    assert result.counts["new"] == 1
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            assert mark.encode() not in process.read_bytes()


def test_without_a_browser_a_site_that_needs_one_is_not_crawled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with ScriptedSite({"/politik/": links("/politik/1/a")}) as site:
        result = run(site, tmp_path)
    assert result.code == EXIT_CONFIG
    assert "beispiel needs a browser to be read: install chromium: sudo apt install chromium" in result.out
    assert site.asked == []


def test_without_a_browser_an_empty_section_says_what_was_not_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with ScriptedSite({"/politik/": links("/politik/1/a")}) as site:
        result = run(site, tmp_path, "", "-s", "RENDER_EMPTY_SECTIONS=1")
    assert result.faults["/politik/"][1].endswith("no browser to try it in: install chromium: sudo apt install chromium")


# --- without a browser


def test_a_replay_is_never_rendered() -> None:
    settings = BaseSettings({"REPLAY": "crawl.warc.gz", "RENDER_EMPTY_SECTIONS": True})
    assert render.browser_settings(make_site(render=True), settings) == {}


def test_a_site_that_renders_nothing_gets_no_browser() -> None:
    assert render.browser_settings(make_site(), BaseSettings({})) == {}


def test_a_rendered_request_asks_unconditionally_and_keeps_what_it_carries() -> None:
    plain = Request("https://x.example/", headers={"If-None-Match": "a", "If-Modified-Since": "b", "X-Kept": "c"}, meta={"section": "s"})
    request = render.rendered(plain)
    assert request.headers.to_unicode_dict() == {"X-Kept": "c"}
    assert request.meta["section"] == "s" and request.meta["playwright"] and request.dont_filter


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://www.beispiel.example/app.js", True),
        ("https://static.beispiel.example/app.js", True),
        ("https://beispiel.example.evil.example/app.js", False),
        ("https://evilbeispiel.example/app.js", False),
        ("https://cmp.example/wall.js", True),
        ("https://cdn.cmp.example/wall.js", True),
        ("https://ads.example/ad.js", False),
        ("data:text/plain,x", True),
        ("file:///etc/passwd", False),
        ("ftp://www.beispiel.example/", False),
        ("http://[::1", False),
    ],
)
def test_a_page_may_load_from_its_own_domain_and_the_walls_named_hosts(url: str, allowed: bool) -> None:
    assert render.may_load(url, make_site(consent={"click": "#yes", "hosts": ["cmp.example"]})) is allowed


def test_sites_on_a_shared_domain_are_strangers_to_each_other() -> None:
    assert render.registrable("a.github.io") == "a.github.io"
    assert render.registrable("www.a.co.uk") == "a.co.uk"
    assert render.registrable("127.0.0.1") == "127.0.0.1"


def test_chromium_keeps_its_sandbox_unless_root_runs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert render.launch_options("/usr/bin/chromium", make_site())["chromium_sandbox"] is True
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert render.launch_options("/usr/bin/chromium", make_site())["chromium_sandbox"] is False


def test_a_feed_needs_no_browser() -> None:
    feed = {"url": "https://www.beispiel.example/feed", "kind": "feed"}
    assert not render.is_rendered(make_site(render=True, sections={"feed": feed}), "feed")
