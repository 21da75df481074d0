"""The links of a section page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswatch.extraction import find_links
from newswatch.extraction.links import canonical, malformed_links
from tests.conftest import make_site, page

SECTION = "https://www.beispiel.example/politik/"


def links(html: str) -> list[tuple[str, str | None]]:
    return [(link.url.removeprefix(SECTION), link.headline) for link in find_links(page(html, SECTION), make_site())]


def test_each_article_comes_once_with_its_longest_headline() -> None:
    html = '<main><a href="/politik/1/a"><img alt=""></a><h2><a href="1/a#k">Erste Meldung</a></h2><a href="/politik/1/neu">Mehr</a></main>'
    assert links(html) == [("1/a", "Erste Meldung")]


def test_navigation_and_footer_list_no_articles() -> None:
    html = "".join(f'<{tag}><a href="/politik/1/a">A</a></{tag}>' for tag in ("nav", "footer", "header"))
    assert links(html + '<article><header><a href="/politik/2/b">B</a></header></article>') == [("2/b", "B")]


@pytest.mark.parametrize("href", ["http://[::1", "javascript:x()", "mailto:a@b.example", "https://h:99999/politik/3/", "", "  ", "http://"])
def test_a_bad_href_costs_only_itself(href: str) -> None:
    assert links(f'<main><a href="{href}">x</a><a href="/politik/4/d">D</a></main>') == [("4/d", "D")]


def test_malformed_hrefs_are_counted_and_other_schemes_are_not() -> None:
    html = '<a href="http://[::1">x</a><a href="mailto:a@b.example">x</a><a href="https://h:99999/">x</a>'
    assert malformed_links(page(html, SECTION), make_site()) == ["http://[::1", "https://h:99999/"]


def test_a_page_of_scripts_only_has_no_links() -> None:
    assert links("<main>" + '<a href="javascript:void(0)">x</a>' * 50 + "</main>") == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.beispiel.example:443/politik/1/a?utm_source=x&b=2&a=1#top", "https://www.beispiel.example/politik/1/a?a=1&b=2"),
        ("https://user:pass@www.beispiel.example/x", "https://www.beispiel.example/x"),
        ("https://www.beispiel.example/x?fbclid=1&wt_mc=2", "https://www.beispiel.example/x"),
        ("ftp://www.beispiel.example/x", None),
        ("https://www.beispiel.example/" + "a" * 10_000, None),
    ],
)
def test_one_address_has_one_spelling(url: str, expected: str | None) -> None:
    assert canonical(url, make_site()) == expected


def test_a_parameter_that_the_site_keeps_is_kept() -> None:
    assert canonical("https://b.example/x?ref=7", make_site(keep_params=["ref"])) == "https://b.example/x?ref=7"


@given(st.lists(st.text(max_size=40), max_size=8))
def test_no_href_raises(hrefs: list[str]) -> None:
    escaped = [h.replace("&", "&amp;").replace('"', "&quot;").replace("\x00", "") for h in hrefs]
    html = "<main>" + "".join(f'<a href="{h}">x</a>' for h in escaped) + '<a href="/politik/9/z">z</a></main>'
    assert ("9/z", "z") in links(html)
