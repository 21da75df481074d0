"""Pages that are no story: an error page served as a success, a consent wall, a section page, a layout we do not know."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsel import Selector

from newswatch.errors import ReadError
from newswatch.extraction.kinds import is_listing
from newswatch.extraction.select import element_text, page_url
from newswatch.extraction.structured import Structured
from newswatch.extraction.walls import consent_wall
from newswatch.sites import Site
from newswatch.story import Passage, Stamp

_ERROR_WORDS = re.compile(
    r"\b(Fehler|Error|404|500|503|nicht gefunden|not found|existiert nicht|gibt es nicht mehr|Seite nicht verfügbar|"
    r"Wartung|maintenance|unavailable|Ups|Oops|schiefgelaufen|went wrong|Zugriff verweigert|access denied|page introuvable|"
    r"página no encontrada|pagina non trovata|nie znaleziono|nenalezena|niet gevonden)\b",
    re.I,
)
SHORT_PAGE = 1500
"""Characters: a page without a story that shows less text than this and speaks of an error is an error page."""

SHORT_TEXT = 600
"""Characters: a page without a date, with less text than this under a headline that speaks of an error, is one too."""


def refuse(page: Selector, site: Site, data: Structured, title: str | None, body: Sequence[Passage], published: Stamp | None) -> None:
    """Raises ReadError where the page is no story: `consent`, `error_page`, `section_page`, or `layout` without title or text."""
    length = sum(len(t) for p in body for t in p.paragraphs)
    where = {"site": site.name, "url": page_url(page)}
    if (not title or length < SHORT_TEXT) and (wall := consent_wall(page)):
        raise ReadError("consent", f'a consent wall: "{wall[:80]}"', **where)
    if not title or not length:
        shown = element_text(page.root) or ""
        if len(shown) < SHORT_PAGE and (_ERROR_WORDS.search(shown) or len(shown) < 200):
            raise ReadError("error_page", f'it says "{shown[:80]}"', **where)
        if is_listing(page, data, length):
            raise ReadError("section_page", "a list of stories", **where)
        raise ReadError("layout", "no text found" if title else "no title found", **where)
    if published is None and length < SHORT_TEXT and _ERROR_WORDS.search(title):
        raise ReadError("error_page", f'it says "{title[:80]}"', **where)
    if published is None and not site.is_article(page_url(page)) and is_listing(page, data, length):
        raise ReadError("section_page", "a list of stories", **where)
