"""A store and an archive of invented pages, some of which an older reader read otherwise."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from newswatch.archive.records import Exchange
from newswatch.archive.writer import SiteArchive
from newswatch.extraction import read_article
from newswatch.matching import examine_story, load_watchlists
from newswatch.revisions import decide
from newswatch.store import open_store, stories, watchlists
from newswatch.story import Archived, Passage, Story
from tests.conftest import NOW, make_site, page
from tests.crawling import write_site

HOME = "https://www.beispiel.example/"
WATCHLIST = '[quint]\nname = "Ada Quint"\nkind = "person"\n[harmsen]\nname = "Ole Harmsen"\nkind = "person"\n'
FIRST = ("Die Bürgermeisterin Ada Quint sprach am Abend vor dem Rat der Stadt.", "Danach sprach lange niemand mehr ein Wort dazu.")
LAST = "Ole Harmsen bestritt das am Morgen vor den Reportern der Zeitung."


def html(title: str, paragraphs: tuple[str, ...], lead: str = "Nach langer Nacht stimmte der Rat zu.") -> bytes:
    text = "".join(f"<p>{p}</p>" for p in paragraphs)
    return (
        f"<html lang=de><head><title>{title}</title><meta property='og:title' content='{title}'>"
        f"<meta name=description content='{lead}'><meta property='og:type' content='article'></head>"
        f"<body><article><h1>{title}</h1><p class=lead>{lead}</p>{text}</article></body></html>"
    ).encode()


def write_files(folder: Path) -> None:
    """Site file and watchlist."""
    write_site(folder, HOME)
    (folder / "watchlists").mkdir()
    (folder / "watchlists" / "w.toml").write_text(WATCHLIST, encoding="utf-8")


class Kept:
    """Keeps pages, and saves what an older reader made of them."""

    def __init__(self, folder: Path, database: str = "news.db") -> None:
        self.folder = folder
        self._archive = SiteArchive(folder / "warc", "beispiel", {"software": "newswatch"})
        self.db = open_store(folder / database)
        self._watchlist = load_watchlists(folder / "watchlists")
        self._number = watchlists.register(self.db, self._watchlist, NOW)

    def __enter__(self) -> Kept:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()
        self.db.close()

    def keep(self, url: str, body: bytes, day: int = 0) -> Archived:
        headers = ((b"Content-Type", b"text/html; charset=utf-8"), (b"Content-Encoding", b"gzip"))
        return self._archive.keep(Exchange(url, NOW + timedelta(days=day), 200, headers, gzip.compress(body, mtime=0)))

    def save(self, key: int, title: str, paragraphs: tuple[str, ...], day: int = 0, *, spoilt: bool = False, kept: bool = True) -> Story:
        """A look at a page; `spoilt`: the older reader lost its last paragraph and took half a headline."""
        url = f"{HOME}politik/{key}/ein-fall"
        body = html(title, paragraphs)
        story = read_article(page(body.decode(), url), make_site(), NOW + timedelta(days=day))
        story = replace(story, url=url, urls=(url,), archived=self.keep(url, body, day) if kept else None)
        if spoilt:
            cut = story.body[0].paragraphs[:-1]
            story = replace(story, title=title.partition(" ")[0], body=(Passage(None, cut),))
        mentions = examine_story(story, self._watchlist).mentions
        outcome = decide(stories.last_revision(self.db, story), story)
        stories.save(self.db, outcome, mentions, watchlist=self._number)
        return story
