"""What a paper answers: a pure function of (host, path, step).

    (host, path, step, base)  ->  morgenbote | talkurier | blitzblatt  ->  Page

From step 2 on nothing changes any more.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

from newswatch.demo import blitzblatt, morgenbote, talkurier
from newswatch.demo.news import LAST_STEP, PAPERS
from newswatch.demo.page import Page, esc, html_page

__all__ = ["Page", "page"]

_STYLES = Path(__file__).parent / "static"
_WRITERS = {"morgenbote": morgenbote.answer, "talkurier": talkurier.answer, "blitzblatt": blitzblatt.answer}
_ROBOTS = "User-agent: *\nDisallow: /intern/\n"


def page(host: str, path: str, step: int, base: str = "http://127.0.0.1:8765") -> Page:
    """What the paper `host` answers to GET `path` at `step`; `base` is its own scheme, address and port."""
    if host not in PAPERS:
        raise ValueError(f"no such paper: {host!r}")
    if step < 0:
        raise ValueError(f"step {step} is below 0")
    bare = path.partition("?")[0].partition("#")[0]
    return _shared(host, bare, base) or _WRITERS[host](bare, min(step, LAST_STEP), base)


def _shared(host: str, path: str, base: str) -> Page | None:
    if path == "/robots.txt":
        sitemap = f"\nSitemap: {base}/sitemap-index.xml\n" if host == "talkurier" else ""
        return html_page(_ROBOTS + sitemap, content_type="text/plain; charset=utf-8")
    if path == "/stil.css":
        return html_page((_STYLES / f"{host}.css").read_text("utf-8"), content_type="text/css; charset=utf-8")
    if path.startswith("/bilder/"):
        return html_page(_picture(unquote(path)), content_type="image/svg+xml")
    if path.startswith("/intern/"):
        return html_page("<!DOCTYPE html><html lang='de'><title>Intern</title><p>Nur für die Redaktion.</p></html>")
    return None


def _picture(path: str) -> str:
    name = path.rsplit("/", 1)[-1].partition(".")[0]
    hue = sum(name.encode()) * 7 % 360
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9" role="img">'
        f'<title>{esc(name)}</title><rect width="16" height="9" fill="hsl({hue} 30% 78%)"/>'
        f'<circle cx="12" cy="3" r="1.2" fill="hsl({hue} 45% 92%)"/>'
        f'<path d="M0 7l4-3 3 2 4-4 5 4v3H0z" fill="hsl({hue} 28% 52%)"/></svg>\n'
    )
