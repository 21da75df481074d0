"""What a page says of its own address, and what of it is no address of its own."""

from __future__ import annotations

import pytest

from newswatch.extraction.identity import Said, instead_of, read_identity
from newswatch.extraction.parts import Parts, find_parts
from newswatch.sites import Site
from tests.conftest import make_site, page

WWW = "https://www.beispiel.example"
URL = f"{WWW}/politik/17/ein-fall"


def said(head: str, url: str = URL, site: Site | None = None) -> Said:
    return read_identity(page(f"<html><head>{head}</head><body></body></html>", url), site or make_site())


def test_a_canonical_address_of_the_site_is_claimed_without_what_makes_it_a_variant() -> None:
    found = said(f'<link rel="canonical" href="{WWW}/politik/17/neu?outputType=amp&utm_source=x&seite=all">')
    assert found == Said(URL, "17", canonical=f"{WWW}/politik/17/neu", claimed=(f"{WWW}/politik/17/neu",))


def test_a_canonical_address_of_another_site_or_with_another_key_makes_a_copy() -> None:
    for other in ("https://anderes.example/a?print=1", f"{WWW}/politik/18/x"):
        assert said(f'<link rel="canonical" href="{other}">') == Said(URL, "17", canonical=other, copy_of=other)


def test_a_page_without_a_key_takes_that_of_its_canonical_address_as_a_claim() -> None:
    found = said(f'<link rel="canonical" href="{URL}">', f"{WWW}/x")
    assert (found.key, found.key_is_claimed, found.claimed) == ("17", True, (URL,))


@pytest.mark.parametrize("listing", [f"{WWW}/", f"{WWW}/politik/", "https://beispiel.example"])
def test_a_home_page_or_listing_is_no_canonical_address(listing: str) -> None:
    found = said(f'<link rel="canonical" href="{listing}">')
    assert found.is_listing and not found.claimed and found.key == "17"


def test_the_amp_address_is_claimed_where_it_is_the_sites() -> None:
    assert said('<link rel="amphtml" href="/x/17.amp">').claimed == (f"{WWW}/x/17.amp",)
    assert said('<link rel="amphtml" href="https://cdn.example/x/17.amp">').claimed == ()


@pytest.mark.parametrize("mark", [" amp", " \u26a1", " AMP"])
def test_an_amp_page_stands_for_its_canonical_address(mark: str) -> None:
    html = f'<html{mark} lang="de"><head><link rel="canonical" href="{URL}"></head><body></body></html>'
    assert instead_of(page(html, f"{WWW}/x"), make_site()) == URL
    assert instead_of(page(html, URL), make_site()) is None
    assert instead_of(page(html.replace(mark, ""), f"{WWW}/x"), make_site()) is None
    assert instead_of(page(html.replace(URL, "https://anderes.example/"), f"{WWW}/x"), make_site()) is None


def test_nothing_said_is_nothing() -> None:
    assert said("") == Said(URL, "17")
    assert said('<link rel="canonical" href="http://[::1">') == Said(URL, "17")
    assert find_parts(page("<html></html>"), make_site()) == Parts()
