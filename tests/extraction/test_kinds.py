"""Kinds of page, access, and the entries of liveblogs."""

from __future__ import annotations

import json

import pytest

from newswatch.extraction import read_article
from newswatch.story import Story
from tests.conftest import NOW, make_site, page
from tests.extraction.test_general_reader import PARAGRAPHS

URL = "https://www.beispiel.example/politik/17/ein-fall"


def read(head: str = "", inner: str = "", url: str = URL) -> Story:
    html = f"<html><head>{head}</head><body><main><article><h1>Flut</h1>{''.join(PARAGRAPHS)}{inner}</article></main></body></html>"
    return read_article(page(html, url), make_site(article={}), NOW)


def ld(**node: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": "Flut"} | node)}</script>'


@pytest.mark.parametrize(
    ("head", "url", "kind"),
    [
        ("", URL, "news"),
        (ld(**{"@type": "OpinionNewsArticle"}), URL, "opinion"),
        ("<meta property='article:opinion' content='true'>", URL, "opinion"),
        ("", "https://www.beispiel.example/meinung/17/ein-fall", "opinion"),
        (ld(**{"@type": "LiveBlogPosting"}), URL, "liveblog"),
        ("<meta property='og:type' content='video.other'>", URL, "video"),
        ("", "https://www.beispiel.example/video/17/ein-fall", "video"),
        ("", "https://www.beispiel.example/bilder/17/ein-fall", "gallery"),
        (ld(**{"@type": "ImageGallery"}), "https://www.beispiel.example/fotostrecke/17/ein-fall", "gallery"),
        ("", "https://www.beispiel.example/politik/17/live-im-fernsehen", "news"),
    ],
)
def test_the_kind_is_told(head: str, url: str, kind: str) -> None:
    assert read(head, url=url).kind == kind


@pytest.mark.parametrize(
    ("head", "inner", "access"),
    [
        ("", "", "free"),
        (ld(isAccessibleForFree=False), "", "gated"),
        (ld(isAccessibleForFree="http://schema.org/False"), "", "gated"),
        (ld(isAccessibleForFree=True), "<div class='paywall'>Jetzt weiterlesen</div>", "free"),
        ("<meta property='article:content_tier' content='metered'>", "", "gated"),
        ("", "<div class='c-paywall'><p>Diesen Artikel jetzt freischalten</p></div>", "gated"),
        ("", "<div class='paywall-wrapper'><p>Noch ein Absatz.</p></div>", "free"),
    ],
)
def test_access_is_told(head: str, inner: str, access: str) -> None:
    assert read(head, inner).access == access


UPDATES = [
    {
        "@type": "BlogPosting",
        "@id": f"{URL}#e{n}",
        "headline": f"Eintrag {n}",
        "datePublished": f"2026-11-20T1{n}:00:00Z",
        "articleBody": f"Text {n}.",
    }
    for n in range(3)
]


def test_the_entries_of_json_ld_have_id_time_headline_and_text() -> None:
    story = read(ld(**{"@type": "LiveBlogPosting", "liveBlogUpdate": UPDATES}))
    assert [(e.id, e.headline, e.text, e.at.at.hour if e.at else None) for e in story.entries] == [
        (f"e{n}", f"Eintrag {n}", f"Text {n}.", 10 + n) for n in range(3)
    ]
    assert "Text 2." in story.text()


def test_the_entries_of_the_page_are_found_where_json_ld_has_none() -> None:
    inner = "".join(
        f"<div class='liveblog-entry' data-entry-id='x{n}'><time datetime='2026-11-20T1{n}:00:00Z'>1{n} Uhr</time>"
        f"<h3>Eintrag {n}</h3><p>Der Pegel steht bei {n} Metern.</p></div>"
        for n in range(4)
    )
    story = read(ld(**{"@type": "LiveBlogPosting"}), inner)
    assert [(e.id, e.headline) for e in story.entries] == [(f"x{n}", f"Eintrag {n}") for n in range(4)]


def test_an_entry_without_an_id_keeps_one_made_of_time_and_headline() -> None:
    def ids(text: str) -> list[str]:
        updates = [{"headline": "Eins", "datePublished": "2026-11-20T10:00:00Z", "articleBody": text}]
        return [e.id for e in read(ld(**{"@type": "LiveBlogPosting", "liveBlogUpdate": updates})).entries]

    assert ids("alt") == ids("neu") != []


def test_other_kinds_have_no_entries() -> None:
    assert read(ld(liveBlogUpdate=None)).entries == ()
