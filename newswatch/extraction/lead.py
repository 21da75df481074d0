"""The lead: what stands between headline and text, where a reader sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from parsel import Selector

from newswatch.extraction.select import clean, first_text
from newswatch.extraction.structured import Structured, plain
from newswatch.sites import Site


def read_lead(page: Selector, site: Site, data: Structured, paragraphs: Sequence[str]) -> str | None:
    """The lead by the site's rule, else the description that the page states, if it is shown and not the text's own beginning.

    Many outlets write a description for search engines only: that is no lead.
    """
    if lead := first_text(page, site.rules.lead):
        return lead
    stated = [data.first_meta("description", "og:description"), data.first_meta("og:description"), plain(data.article.get("description"))]
    if not any(stated):
        return None
    shown = {text for e in page.root.iter("p", "h2", "div", "span", "strong") if _is_simple(e) and (text := clean(e.text_content()))}
    lead = next((s for s in stated if s and s in shown), None)
    if lead is None or lead in paragraphs:
        return lead
    start = lead.rstrip("…. ")[:80]
    return None if any(text.startswith(start) for text in paragraphs) else lead


def _is_simple(element: Any) -> bool:
    """Holds text and links, no structure."""
    return len(element) < 8 and all(len(child) == 0 for child in element)
