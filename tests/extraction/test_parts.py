"""The pages of a long article become one text, or none."""

from __future__ import annotations

import dataclasses

import pytest

from newswatch.errors import ReadError
from newswatch.extraction.parts import MOST_PAGES, Next, Parts, advance, begin, find_parts, finished, next_part, without_whole
from newswatch.sites.variants import ALL
from newswatch.story import Passage, Story
from tests.conftest import make_site, make_story, page

URL = "https://www.beispiel.example/politik/17/ein-fall"


def text(*numbers: int) -> Story:
    return make_story(body=(Passage(None, tuple(f"Der {n}. Absatz erzählt, was Lotsin {n} am Abend sah." for n in numbers)),), etag="x")


def found(links: str, url: str = URL) -> Parts:
    return find_parts(page(f"<html><head></head><body><main>{links}</main></body></html>", url), make_site())


def test_a_pager_tells_the_pages() -> None:
    parts = found('<a href="?page=2">2</a><a href="?page=3">3</a><a href="?page=2">weiter</a><a href="/politik/18/x?page=9">x</a>')
    assert parts == Parts(1, {2: f"{URL}?page=2", 3: f"{URL}?page=3"})


def test_a_page_knows_which_it_is() -> None:
    assert found('<a href="/politik/17/ein-fall">1</a><a href="?page=3">3</a>', f"{URL}?page=2") == Parts(2, {3: f"{URL}?page=3"})


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="next" href="/politik/18/der-naechste-fall">',
        '<a rel="next" href="/politik/18/der-naechste-fall">Nächster Artikel</a>',
        '<a href="/politik/?page=2">Ältere Meldungen</a>',
        '<a href="/politik/17/ein-fall/3">Drei Kommentare</a>',
        '<a href="/politik/17/ein-fall#seite-2">2</a>',
        '<section class="article-comments"><a href="?page=2">2</a></section>',
        '<a href="https://anderswo.example/politik/17/ein-fall?page=2">2</a>',
    ],
)
def test_the_next_story_and_the_pager_of_a_section_are_no_pages(link: str) -> None:
    assert found(link) == Parts()


def test_a_bare_number_behind_the_address_needs_a_pager() -> None:
    assert found('<link rel="next" href="/politik/17/ein-fall/2">').pages == {2: f"{URL}/2"}
    assert found('<a href="/politik/17/ein-fall/2">2</a>').pages == {2: f"{URL}/2"}


@pytest.mark.parametrize(
    "link", ['<a href="?seite=all">x</a>', '<a href="?a=1">Alles auf einer Seite</a>', '<a href="?singlepage=1">x</a>']
)
def test_the_page_with_the_whole_text_is_found(link: str) -> None:
    assert (found(link).whole or "").startswith(f"{URL}?")


def test_pages_are_read_one_after_the_other_and_become_one_story() -> None:
    progress = begin(text(1, 2), Parts(1, {2: "two"}))
    assert next_part(progress) == Next(2, "two")
    progress = advance(progress, 2, text(1, 3), Parts(2, {3: "three"}))  # the first paragraph is repeated
    assert next_part(progress) == Next(3, "three")
    progress = advance(progress, 3, text(4), Parts(3, {}))
    assert next_part(progress) is None
    story = finished(progress)
    assert story.text() == text(1, 2, 3, 4).text() and story.parts == 3 and story.etag is None


def test_a_pager_of_comments_ends_after_one_look() -> None:
    progress = advance(begin(text(1, 2), Parts(1, {2: "two", 3: "three"})), 2, text(1, 2), Parts(2, {}))
    assert next_part(progress) is None and finished(progress) == text(1, 2)


def test_a_page_that_leads_elsewhere_or_is_linked_nowhere_is_a_fault() -> None:
    with pytest.raises(ReadError, match="page 2 leads to page 1"):
        advance(begin(text(1), Parts(1, {2: "two"})), 2, text(1), Parts(1, {}))
    with pytest.raises(ReadError, match="page 2 of 9 is linked nowhere"):
        next_part(begin(text(1), Parts(1, {9: "nine"})))


def test_the_whole_text_on_one_page_is_taken_where_it_is_whole() -> None:
    progress = begin(text(1, 2), Parts(1, {2: "two"}, "all"))
    assert next_part(progress) == Next(ALL, "all")
    done = advance(progress, ALL, text(1, 2, 3, 4), Parts(ALL))
    assert next_part(done) is None and finished(done).text() == text(1, 2, 3, 4).text()
    for other in (text(1, 2), text(7, 8, 9)):  # says it is whole, and is not
        assert next_part(advance(progress, ALL, other, Parts(ALL))) == Next(2, "two")
    with pytest.raises(ReadError, match="whole text"):
        without_whole(dataclasses.replace(progress, pages={}))


def test_more_pages_than_are_read_are_cut_and_said_so() -> None:
    progress = begin(text(1), Parts(1, {n: str(n) for n in range(2, 40)}))
    while following := next_part(progress):
        progress = advance(progress, following.number, text(following.number), Parts(following.number))
    assert finished(progress).parts == MOST_PAGES and progress.is_cut
