"""How well and how fast articles are read: ours, with and without site files, with learning, and the peers that are installed.

    python -m benchmarks.reading ../shared/pages/fundus            # all pages
    python -m benchmarks.reading ../shared/pages/fundus --only de  # those whose id begins with "de."

The folder has gold.json and html/*.html.gz. `read` and `read_without_rules` have the reading benchmark's form
`(html, url) -> dict`. CPU is a ratio to trafilatura's in the same run.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import trafilatura
from parsel import Selector
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.scoring import mean, score
from newswatch.errors import NewswatchError
from newswatch.extraction import read_article
from newswatch.extraction.charset import decode
from newswatch.extraction.learned import block_keys, is_learned, subject
from newswatch.sites import Site, load_sites
from newswatch.sites.generic import generic_site
from newswatch.story import Stamp, Story

LATE = datetime(2100, 1, 1, tzinfo=UTC)

Reader = Callable[[bytes, str], dict[str, Any]]


@cache
def _sites() -> list[Site]:
    return list(load_sites().values())


def read(html: bytes, url: str) -> dict[str, Any]:
    """What is read of a page with its site file, if there is one."""
    return _plain(*_story(html, url, next((s for s in _sites() if s.owns(url)), None) or generic_site(url)))


def read_without_rules(html: bytes, url: str) -> dict[str, Any]:
    """What the general reader gets out of a page of which nothing is known."""
    return _plain(*_story(html, url, generic_site(url)))


def with_learning(pages: list[tuple[bytes, str]]) -> Reader:
    """`read_without_rules` that left out what the given pages of one outlet have in common."""
    subjects: dict[tuple[str, str], list[frozenset[str]]] = defaultdict(list)
    for html, url in pages:
        try:
            story, _ = _story(html, url, generic_site(url))
        except NewswatchError:
            continue
        for key in block_keys(story):
            subjects[(_outlet(url), key)].append(subject(story))
    learned: dict[str, set[str]] = defaultdict(set)
    for (outlet, key), found in subjects.items():
        if is_learned(found):
            learned[outlet].add(key)

    def reader(html: bytes, url: str) -> dict[str, Any]:
        return _plain(*_story(html, url, generic_site(url), frozenset(learned[_outlet(url)])))

    return reader


def _outlet(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _story(html: bytes, url: str, site: Site, learned: frozenset[str] = frozenset()) -> tuple[Story, Site]:
    return read_article(Selector(text=decode(html, None), base_url=url, type="html"), site, LATE, learned), site


def _plain(story: Story, site: Site) -> dict[str, Any]:
    return {
        "title": story.title,
        "text": "\n\n".join(filter(None, [story.lead, story.text()])),
        "authors": list(story.authors),
        "published": _as_said(story.published, site),
        "modified": _as_said(story.modified, site),
        "canonical_url": story.canonical_url,
        "topics": list(story.keywords),
    }


def _as_said(stamp: Stamp | None, site: Site) -> str | None:
    """A date as precise as the page: a day, a local time, or a time with its offset."""
    if stamp is None:
        return None
    local = stamp.at.astimezone(site.tzinfo)
    if "day-only" in stamp.flags:
        return local.date().isoformat()
    return local.replace(tzinfo=None).isoformat() if "zone-assumed" in stamp.flags else local.isoformat()


def _trafilatura(html: bytes, url: str, *, precise: bool = False) -> dict[str, Any]:
    document = trafilatura.bare_extraction(html, url=url, favor_precision=precise, with_metadata=True)
    if document is None or isinstance(document, dict):
        return {}
    authors = [a.strip() for a in (document.author or "").split(";") if a.strip()]
    return {"title": document.title, "text": document.text, "authors": authors, "published": document.date}


def _newspaper(html: bytes, url: str) -> dict[str, Any]:
    import newspaper

    article = newspaper.Article(url)
    article.download(input_html=html.decode("utf-8", "replace"))
    article.parse()
    at = article.publish_date
    return {"title": article.title, "text": article.text, "authors": article.authors, "published": at.isoformat() if at else None}


def readers(pages: list[tuple[bytes, str]]) -> dict[str, Reader]:
    """Ours, and the peers that can be imported; the first is what CPU is compared with."""
    out: dict[str, Reader] = {"trafilatura": _trafilatura, "trafilatura, precise": lambda h, u: _trafilatura(h, u, precise=True)}
    try:
        import newspaper  # noqa: F401

        out["newspaper4k"] = _newspaper
    except ImportError:
        pass
    return out | {"newswatch, no rules": read_without_rules, "newswatch, learning": with_learning(pages), "newswatch, site files": read}


def run(folder: Path, only: str) -> dict[str, dict[str, float]]:
    """The mean scores and the CPU ratio of every reader on the pages of a folder."""
    gold = {k: v for k, v in json.loads((folder / "gold.json").read_text(encoding="utf-8")).items() if k.startswith(only)}
    pages = {k: (gzip.decompress((folder / "html" / f"{k}.html.gz").read_bytes()), v["url"]) for k, v in gold.items()}
    table = readers(list(pages.values()))
    scores: dict[str, list[dict[str, float]]] = {name: [] for name in table}
    cpu = dict.fromkeys(table, 0.0)
    for key, (html, url) in track(pages.items(), description="reading", console=Console(stderr=True), transient=True):
        for name, reader in table.items():
            start = time.process_time()
            try:
                found = reader(html, url)
            except Exception as error:
                found = {}
                logging.debug("%s on %s: %s", name, key, error)
            cpu[name] += time.process_time() - start
            scores[name].append(score(gold[key]["gold"], found))
    base = next(iter(cpu.values()))
    return {name: mean(s) | {"CPU": cpu[name] / base} for name, s in scores.items()}


def main() -> None:
    """Prints the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--only", default="", metavar="PREFIX", help='pages whose id begins so, as in "de."')
    given = arguments.parse_args()
    results = run(given.folder, given.only)
    columns = list(dict.fromkeys(c for r in results.values() for c in r))
    table = Table("reader", *columns, box=None, padding=(0, 2, 0, 0))
    for name, row in results.items():
        table.add_row(name, *(f"{row[c]:.3f}" if c in row else "–" for c in columns))
    Console(width=160).print(table)


if __name__ == "__main__":
    main()
