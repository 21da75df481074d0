"""The article that started it, measured where ../shared is at hand."""

from __future__ import annotations

import gzip
import json

import pytest
from parsel import Selector

from newswatch.extraction import find_links, read_article
from newswatch.matching import find_mentions, load_watchlists
from newswatch.revisions import MENTION_FIELDS
from newswatch.sites import load_sites
from newswatch.story import Story
from tests.conftest import NOW, ROOT, SHARED

pytestmark = pytest.mark.skipif(not (SHARED / "seed").is_dir(), reason="../shared is not at hand")


def unpacked(name: str) -> str:
    return gzip.decompress((SHARED / "seed" / name).read_bytes()).decode()


@pytest.fixture(scope="module")
def expected() -> dict:
    return json.loads((SHARED / "seed" / "expected.json").read_text())


@pytest.fixture(scope="module")
def story(expected: dict) -> Story:
    return read_article(Selector(text=unpacked("article.html.gz"), base_url=expected["url"]), load_sites()["t-online"], NOW)


def test_every_field_is_read(story: Story, expected: dict) -> None:
    plain = ["url", "site_key", "kicker", "title", "caption", "image_credit", "lead", "reading_minutes"]
    assert {k: getattr(story, k) for k in plain} == {k: expected[k] for k in plain}
    listed = ["section", "authors", "sources", "keywords"]
    assert {k: list(getattr(story, k)) for k in listed} == {k: expected[k] for k in listed}
    assert [{"headline": p.headline, "paragraphs": list(p.paragraphs)} for p in story.body] == expected["sections"]
    assert story.published and story.modified
    assert story.published.at.isoformat() == expected["published"].replace(".000Z", "+00:00")
    assert story.modified.at.isoformat() == expected["modified"].replace(".000Z", "+00:00")


def test_nothing_of_the_page_around_it_gets_into_the_text(story: Story, expected: dict) -> None:
    text = "\n".join([story.title, story.lead or "", story.text()])
    assert [word for word in expected["never_in_the_text"] if word in text] == []


def test_the_section_page_gives_exactly_its_articles() -> None:
    section = json.loads((SHARED / "seed" / "section.expected.json").read_text())
    links = find_links(Selector(text=unpacked("section.html.gz"), base_url=section["url"]), load_sites()["t-online"])
    assert [link.url for link in links] == section["article_links"]
    assert all(link.headline for link in links)


def test_the_actors_are_found_where_they_stand(story: Story, expected: dict) -> None:
    best: dict[str, str] = {}
    for mention in find_mentions(story, load_watchlists(ROOT / "settings" / "watchlists")):
        best.setdefault(mention.actor, mention.field)
        best[mention.actor] = min(best[mention.actor], mention.field, key=MENTION_FIELDS.index)
    assert best == expected["actors"]
