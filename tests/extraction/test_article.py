"""Reading an article page: every source of every field, and what is no story."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newswatch.errors import NewswatchError, ReadError
from newswatch.extraction import read_article
from newswatch.sites import Site
from newswatch.story import Passage, Story
from tests.conftest import NOW, make_site, page

TEXT = "Die Deichgräfin Ada Quint hat am Morgen Entwarnung gegeben, nachdem das Wasser in der Nacht um einen halben Meter gefallen war."
RULES = {"body": "article > p, article > h2", "title": "h1", "lead": "p.lead", "sources": "ul.quellen > li"}


def ld(**node: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | node)}</script>'


def read(inner: str, head: str = "", **changes: object) -> Story:
    site: Site = make_site(**({"rules": RULES} | changes))
    return read_article(
        page(f"<html lang='de'><head>{head}</head><body><article><h1>Wasser fällt</h1>{inner}</article></body></html>"), site, NOW
    )


def test_the_body_is_headed_passages_without_lead() -> None:
    story = read(f"<p class=lead>Kurz gesagt.</p><p>{TEXT}</p><h2>Danach</h2><p>Zwei.</p><p>Drei.</p>")
    assert story.lead == "Kurz gesagt."
    assert story.body == (Passage(None, (TEXT,)), Passage("Danach", ("Zwei.", "Drei.")))


def test_without_rules_the_text_is_still_found() -> None:
    story = read(f"<p>{TEXT}</p><p>{TEXT.replace('Morgen', 'Abend')}</p>", rules={})
    assert story.body[0].paragraphs[0] == TEXT


def test_scripts_and_invisible_letters_are_no_text() -> None:
    story = read("<p>Dampf\u00adschiff\u200b<script>alert(1)</script><style>p{}</style> fährt\u2028ab.</p>")
    assert story.text() == "Dampfschiff fährt ab."


def test_structured_data_fills_the_fields() -> None:
    head = ld(
        headline="Pegel sinkt &amp; steigt",
        datePublished="2026-11-20T08:00:00+01:00",
        dateModified="2026-11-21T09:30:00Z",
        author=[{"@type": "Person", "name": "Bea Holm"}],
        keywords="Wasser, Deich, 4711",
        isAccessibleForFree="False",
    )
    story = read(f"<p>{TEXT}</p>", head)
    assert story.other_titles == ("Pegel sinkt & steigt",)
    assert story.authors == ("Bea Holm",) and story.keywords == ("Wasser", "Deich") and story.access == "gated"
    assert story.published and story.published.at.hour == 7 and story.published.raw == "2026-11-20T08:00:00+01:00"
    assert story.modified and story.modified.at.isoformat() == "2026-11-21T09:30:00+00:00"


def test_a_broken_block_costs_only_itself() -> None:
    broken = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": </script>'
    story = read(f"<p>{TEXT}</p>", broken + ld(datePublished="2026-11-20T08:00:00Z"))
    assert story.published is not None


def test_the_outlet_alone_is_no_author() -> None:
    assert read(f"<p>{TEXT}</p>", ld(author={"@type": "Organization", "name": "Das Beispiel"})).authors == ()


def test_the_breadcrumb_loses_home_and_the_story() -> None:
    crumbs = [("Start", "https://www.beispiel.example/"), ("Politik", "https://www.beispiel.example/politik/"), ("Wasser fällt", None)]
    items = [{"@type": "ListItem", "position": i, "name": n, "item": u} for i, (n, u) in enumerate(crumbs)]
    assert read(f"<p>{TEXT}</p>", ld() + ld(**{"@type": "BreadcrumbList", "itemListElement": items})).section == ("Politik",)


def test_a_story_without_a_date_is_kept_and_says_so() -> None:
    story = read(f"<p>{TEXT}</p>")
    assert story.published is None and story.modified is None


def test_a_date_from_the_future_is_kept_and_flagged() -> None:
    story = read(f"<p>{TEXT}</p>", ld(datePublished="2062-01-01T00:00:00Z"))
    assert story.published and "future" in story.published.flags and story.published.raw == "2062-01-01T00:00:00Z"


def test_credit_and_caption_are_told_apart() -> None:
    rules = RULES | {"caption": "figcaption"}
    story = read(f"<figure><figcaption>Der Deich (links). (Quelle: Ole Brand/np)</figcaption></figure><p>{TEXT}</p>", rules=rules)
    assert (story.caption, story.image_credit) == ("Der Deich (links).", "Ole Brand/np")


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("<html><body><h1>Es ist ein Fehler aufgetreten</h1></body></html>", "error_page"),
        ("<html><body><h1>Titel</h1>" + "<a href='/'>Lesen</a> " * 400 + "</body></html>", "layout"),
        ("<html><body>" + f"<p>{TEXT}</p>" * 20 + "</body></html>", "layout"),
        ("<html><body>" + "<div>" * 5000 + f"<h1>T</h1><p>{TEXT}</p>" + "</body></html>", "nesting"),
    ],
)
def test_what_is_no_story_is_a_fault(html: str, kind: str) -> None:
    with pytest.raises(ReadError) as error:
        read_article(page(html), make_site(rules=RULES), NOW)
    assert error.value.kind == kind and error.value.url


@given(st.text(max_size=300))
@settings(max_examples=60)
def test_no_page_raises_anything_but_our_own(inner: str) -> None:
    for rules in (RULES, {}):
        with contextlib.suppress(NewswatchError):
            read(inner, ld(headline=inner, author=inner, datePublished=inner), rules=rules)
