"""Our reader in the form of the reading benchmark: `(html: bytes, url: str) -> dict`.

From the folder of the benchmark: PYTHONPATH=<project> python -m harness --tool benchmarks.reading:read --set fundus-de
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from parsel import Selector

from newswatch.extraction import read_article
from newswatch.extraction.charset import decode
from newswatch.extraction.dates import to_text
from newswatch.sites import Site, load_sites
from newswatch.sites.generic import generic_site

LATE = datetime(2100, 1, 1, tzinfo=UTC)


@cache
def _sites() -> list[Site]:
    return list(load_sites().values())


def read(html: bytes, url: str) -> dict[str, Any]:
    """What is read of a page with its site file, if there is one."""
    return _read(html, url, next((s for s in _sites() if s.owns(url)), None) or generic_site(url))


def read_without_rules(html: bytes, url: str) -> dict[str, Any]:
    """What the general reader gets out of a page of which nothing is known."""
    return _read(html, url, generic_site(url))


def _read(html: bytes, url: str, site: Site) -> dict[str, Any]:
    story = read_article(Selector(text=decode(html, None), base_url=url, type="html"), site, LATE)
    return {
        "title": story.title,
        "text": "\n\n".join(filter(None, [story.lead, story.text()])),
        "authors": list(story.authors),
        "published": to_text(story.published.at) if story.published else None,
        "modified": to_text(story.modified.at) if story.modified else None,
        "canonical_url": story.canonical_url,
        "topics": list(story.keywords),
    }
