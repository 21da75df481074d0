"""The face in a real browser: every page, both themes, wide and narrow. PICTURES=folder keeps the pictures."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ARGS += ["--disable-component-update", "--disable-sync"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def address(week: Path) -> Iterator[str]:
    settings = ["-s", f"DATABASE={week / 'demo.db'}", "-s", f"WARC_DIR={week / 'demo-warc'}"]
    command = [sys.executable, "-m", "scrapy", "browse", "--port", "0", *settings]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        yield server.stdout.readline().split(" is at ")[1].split()[0].rstrip("/")
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(os.environ["PICTURES"]) if os.environ.get("PICTURES") else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def pages(week: Path) -> dict[str, str]:
    """Every kind of page by a short name, on the stories that show most."""
    db = sqlite3.connect(week / "demo.db")
    story, last = db.execute("SELECT id, revisions FROM stories ORDER BY revisions DESC, id LIMIT 1").fetchone()
    named = db.execute("SELECT story_id FROM mentions GROUP BY story_id ORDER BY count(*) DESC LIMIT 1").fetchone()[0]
    actor = db.execute("SELECT actor FROM story_actors GROUP BY actor ORDER BY count(*) DESC LIMIT 1").fetchone()[0]
    site = db.execute("SELECT site FROM stories GROUP BY site ORDER BY count(*) DESC LIMIT 1").fetchone()[0]
    faulty = db.execute("SELECT coalesce(max(run_id), 1) FROM faults").fetchone()[0]
    db.close()
    return {
        "home": "/",
        "stories": "/stories",
        "story": f"/story/{story}",
        "story-named": f"/story/{named}",
        "revision": f"/story/{story}/1",
        "pair": f"/story/{story}/1..{last}",
        "pair-inline": f"/story/{story}/1..{last}?view=inline",
        "actors": "/actors",
        "actor": f"/actor/{actor}",
        "site": f"/site/{site}",
        "changes": "/changes",
        "changes-silent": "/changes?kind=silent",
        "changes-actors": "/changes?kind=actors",
        "changes-edits": "/changes?kind=edits",
        "search": "/search?q=Grenz*",
        "search-empty": "/search",
        "runs": "/runs",
        "run": f"/run/{faulty}",
        "operator": "/operator",
        "nothing": "/story/999999",
    }


class Visit:
    """A page that notes what goes wrong."""

    def __init__(self, browser: Any, address: str, *, theme: str, width: int) -> None:
        self.address = address
        self.context = browser.new_context(color_scheme=theme, viewport={"width": width, "height": 900})
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        self.page.on("console", lambda m: self.wrong.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda e: self.wrong.append(str(e)))
        self.page.on("request", lambda r: None if r.url.startswith((address, "data:")) else self.wrong.append(f"asks {r.url}"))

    def open(self, path: str) -> Any:
        response = self.page.goto(self.address + path)
        status = response.status
        self.wrong = [w for w in self.wrong if not (status >= 400 and "status of 404" in w)]
        return self.page


@pytest.mark.parametrize("width", [1280, 500])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_fits_says_no_error_and_asks_nobody_else(
    browser: Any, address: str, week: Path, pictures: Path, theme: str, width: int
) -> None:
    visit = Visit(browser, address, theme=theme, width=width)
    for name, path in pages(week).items():
        page = visit.open(path)
        page.screenshot(path=str(pictures / f"{name}-{theme}-{width}.png"), full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} is wider than {width}"
        assert visit.wrong == [], path
        assert page.locator("main").count() == 1 and page.locator("h1").count() == 1, path
    visit.context.close()


def test_the_keyboard_reaches_a_mention_and_shows_its_rule(browser: Any, address: str, week: Path) -> None:
    visit = Visit(browser, address, theme="light", width=1280)
    page = visit.open(pages(week)["story-named"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(40):
        page.keyboard.press("Tab")
        if "mention" in page.evaluate("document.activeElement.className"):
            break
    assert page.locator(".mention:focus .rule").is_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/actor/**")
    visit.context.close()


def test_an_archived_page_runs_no_script_and_asks_nobody(browser: Any, address: str, week: Path) -> None:
    visit = Visit(browser, address, theme="light", width=1280)
    page = visit.open(pages(week)["revision"].replace("/1", "/archive/1"))
    assert page.evaluate("location.origin") and [w for w in visit.wrong if w.startswith("asks")] == []
    visit.context.close()


def test_datasettes_own_pages_work_without_errors(browser: Any, address: str) -> None:
    visit = Visit(browser, address, theme="light", width=1280)
    for path in ("/newswatch", "/newswatch/stories", "/newswatch/events"):
        visit.open(path)
        assert visit.wrong == [], path
    visit.context.close()


LABELLED = """() => [...document.querySelectorAll('a, button, input, select')].filter(e => {
  const text = (e.getAttribute('aria-label') || e.textContent || '').trim();
  return !text && !(e.labels && e.labels.length);
}).map(e => e.outerHTML)"""

CONTRAST = """() => {
  const parse = c => { const m = c.match(/[\\d.]+/g).map(Number); return m.length > 3 ? m : [...m, 1]; };
  const lum = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * r + .7152 * g + .0722 * b; };
  const back = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c[3] > 0) return c; }
    return [255, 255, 255, 1]; };
  const out = [];
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.getClientRects().length || e.closest('svg')) continue;
    const a = lum(parse(getComputedStyle(e).color).slice(0, 3)), b = lum(back(e).slice(0, 3));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) out.push(ratio.toFixed(2) + ' ' + e.className + ' ' + e.textContent.trim().slice(0, 40));
  }
  return out;
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_can_be_read_with_poor_eyes_and_without(browser: Any, address: str, week: Path, theme: str) -> None:
    visit = Visit(browser, address, theme=theme, width=1280)
    for path in pages(week).values():
        page = visit.open(path)
        assert page.evaluate(LABELLED) == [], path
        assert page.evaluate(CONTRAST) == [], path
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        assert len(ids) == len(set(ids)), path
        assert page.evaluate("[...document.querySelectorAll('svg')].every(s => s.getAttribute('aria-label'))"), path
    visit.context.close()


@pytest.mark.skipif("AXE" not in os.environ, reason="AXE is the path of axe.min.js: npm pack axe-core")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Any, address: str, week: Path, theme: str) -> None:
    axe = Path(os.environ["AXE"]).read_text(encoding="utf-8")
    visit = Visit(browser, address, theme=theme, width=1280)
    for path in pages(week).values():
        page = visit.open(path)
        page.evaluate(axe)
        found = page.evaluate("axe.run().then(r => r.violations.map(v => [v.impact, v.id, v.nodes[0].html]))")
        assert [f for f in found if f[0] in ("serious", "critical")] == [], path
    visit.context.close()
