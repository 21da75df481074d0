"""The article links of sitemaps, and sitemaps that are none."""

from __future__ import annotations

import gzip
import time
import tracemalloc
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswatch.errors import ReadError
from newswatch.extraction.sitemaps import LARGEST, MOST_ENTRIES, MOST_LINKS, Sitemap, read_sitemap
from tests.conftest import make_site

HOME = "https://www.beispiel.example"
URL = f"{HOME}/sitemap.xml"
NAMESPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
SLUG = "rat-stimmt-fuer-den-neuen-deich"


def urlset(*urls: str, before: str = "") -> bytes:
    body = "".join(f"<url>{url}</url>" for url in urls)
    return f'<?xml version="1.0" encoding="UTF-8"?>{before}<urlset {NAMESPACES}>{body}</urlset>'.encode()


def index(*maps: tuple[str, str]) -> bytes:
    body = "".join(f"<sitemap><loc>{loc}</loc>{lastmod and f'<lastmod>{lastmod}</lastmod>'}</sitemap>" for loc, lastmod in maps)
    return f"<sitemapindex {NAMESPACES}>{body}</sitemapindex>".encode()


def url(path: str, lastmod: str = "", news: str = "") -> str:
    return f"<loc>{HOME}{path}</loc>{lastmod and f'<lastmod>{lastmod}</lastmod>'}{news and f'<news:news>{news}</news:news>'}"


def read(body: bytes, **changes: object) -> Sitemap:
    return read_sitemap(body, URL, make_site(**({"article": {}} | changes)))


def paths(body: bytes, **changes: object) -> list[str]:
    return [link.url.removeprefix(HOME) for link in read(body, **changes).links]


def test_a_news_sitemap_gives_headlines_and_updates() -> None:
    news = (
        "<news:publication><news:name>B</news:name><news:language>de</news:language></news:publication>"
        "<news:publication_date>2026-11-22T10:00:00+01:00</news:publication_date><news:title>Müller &amp; Söhne</news:title>"
    )
    links = read(urlset(url("/a", "2026-11-22T12:30:00+01:00", news), url("/b", "", news))).links
    assert [(link.url, link.headline, link.updated) for link in links] == [
        (f"{HOME}/a", "Müller & Söhne", datetime(2026, 11, 22, 11, 30, tzinfo=UTC)),
        (f"{HOME}/b", "Müller & Söhne", None),
    ]


def test_the_newest_come_first_and_a_thousand_at_most() -> None:
    body = urlset(*(url(f"/{SLUG}-{n}", f"2026-{n % 12 + 1:02}-{n % 28 + 1:02}T10:{n % 60:02}:00Z") for n in range(MOST_LINKS + 200)))
    links = read(body).links
    stamps = [link.updated for link in links]
    assert len(links) == MOST_LINKS
    assert stamps == sorted(stamps, reverse=True)
    assert [link.place for link in links] == list(range(MOST_LINKS))


@pytest.mark.parametrize("lastmod", ["2026-11-22", "2026-11-22T00:00:00+01:00", "2026-11", "heute", ""])
def test_a_day_is_no_update(lastmod: str) -> None:
    assert read(urlset(url(f"/{SLUG}", lastmod))).links[0].updated is None


def test_without_a_pattern_only_addresses_of_articles_count_unless_they_are_called_news() -> None:
    body = urlset(
        url("/"),
        url("/politik/"),
        url("/tag/deich-und-damm-am-meer"),
        url(f"/politik/{SLUG}"),
        url("/x", news="<news:title>X</news:title>"),
    )
    assert paths(body) == [f"/politik/{SLUG}", "/x"]


def test_pattern_and_exclusion_hold() -> None:
    body = urlset(url("/politik/1/x"), url("/video/2/x"), url("/politik/3/anzeige"), "<loc>https://anders.example/politik/4/x</loc>")
    assert paths(body, article={"pattern": "^/politik/", "exclude": ["anzeige"]}) == ["/politik/1/x"]


def test_pictures_and_translations_of_an_entry_are_not_its_address() -> None:
    more = '<image:image xmlns:image="i"><image:loc>https://b.example/x.jpg</image:loc></image:image><xhtml:link xmlns:xhtml="x" href="y"/>'
    assert paths(urlset(more + url(f"/{SLUG}"))) == [f"/{SLUG}"]


def test_a_gzip_is_unpacked_and_one_of_two_parts_too() -> None:
    body = urlset(url(f"/{SLUG}"))
    assert paths(gzip.compress(body)) == paths(gzip.compress(body[:99]) + gzip.compress(body[99:])) == [f"/{SLUG}"]


def test_bare_ampersands_and_elements_that_nobody_closed_cost_nothing_else() -> None:
    body = urlset(url(f"/{SLUG}?a=1&b=2"), f"<loc>{HOME}/kaputt", url(f"/{SLUG}-zwei"), url(f"/{SLUG}-drei"))
    assert {f"/{SLUG}?a=1&b=2", f"/{SLUG}-zwei", f"/{SLUG}-drei"} <= set(paths(body))


def test_an_index_leads_to_news_first_then_to_the_newest_and_not_to_tags_or_strangers() -> None:
    names = {
        "/alt.xml": "2025-01-01",
        "/neu.xml": "2026-11-22",
        "/post-sitemap.xml": "",
        "/category-sitemap.xml": "2026-11-22",
        "/wp-sitemap-users-1.xml": "2026-11-22",
        "/news.xml": "2020-01-01",
    }
    body = index(*((HOME + path, lastmod) for path, lastmod in names.items()), ("https://fremd.example/news.xml", ""))
    assert [c.removeprefix(HOME) for c in read(body).children] == ["/news.xml", "/post-sitemap.xml", "/neu.xml", "/alt.xml"]


def test_without_dates_the_names_tell_the_newest() -> None:
    names = ["/a-2025-12.xml", "/a-2026-9.xml", "/a-2026-11.xml", "/a-2026-10.xml"]
    assert read(index(*((HOME + n, "") for n in names))).children[:2] == (f"{HOME}/a-2026-11.xml", f"{HOME}/a-2026-10.xml")


LAUGHS = (
    '<!DOCTYPE urlset [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)
OUTSIDE = '<!DOCTYPE urlset [<!ENTITY j SYSTEM "file:///etc/hostname">]>'
BAD = {
    "empty": (b"", "listing", "empty"),
    "an empty gzip": (gzip.compress(b""), "listing", "empty"),
    "a web page": (b"<!doctype html><html></html>", "listing", "a web page, where a sitemap should be"),
    "a feed": (b"<rss></rss>", "listing", 'kind = "feed"'),
    "a list of addresses": (b"https://www.beispiel.example/a\n", "listing", "not XML"),
    "binary": (bytes(range(256)), "listing", "not XML"),
    "cut": (urlset(url("/a"), url("/b"))[:-20], "listing", "ends early"),
    "a gzip that is cut": (gzip.compress(urlset(url("/a")))[:-10], "truncated", "ends early"),
    "billion laughs": (urlset("<loc>&j;</loc>", before=LAUGHS), "listing", "declarations of its own"),
    "an external entity": (urlset("<loc>&j;</loc>", before=OUTSIDE), "listing", "declarations of its own"),
    "an external entity in UTF-16": (
        urlset("<loc>&j;</loc>", before=OUTSIDE).decode().encode("utf-16"),
        "listing",
        "declarations of its own",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_sitemap_is_refused_with_a_sentence(name: str) -> None:
    body, kind, sentence = BAD[name]
    with pytest.raises(ReadError, match=sentence) as error:
        read(body)
    assert (error.value.kind, error.value.url) == (kind, URL)


ENTRY = b"<url><loc>https://www.beispiel.example/a</loc></url>"
HUGE = {
    "100 MB": lambda: b"<urlset><!--" + b"x" * (100 * 2**20) + b"--></urlset>",
    "100 MB packed": lambda: gzip.compress(b"<urlset>" + b" " * (100 * 2**20) + b"</urlset>", 1),
    "entries without end, packed": lambda: gzip.compress(b"<urlset>" + ENTRY * (LARGEST // len(ENTRY)), 1),
    "too many entries": lambda: b"<urlset>" + ENTRY * (MOST_ENTRIES + 1) + b"</urlset>",
    "too many elements": lambda: b"<urlset>" + b"<a/>" * (LARGEST // 8) + b"</urlset>",
}


@pytest.mark.parametrize("name", HUGE)
def test_a_huge_sitemap_is_refused_in_bounded_time(name: str) -> None:
    body = HUGE[name]()
    began = time.monotonic()
    with pytest.raises(ReadError) as error:
        read(body)
    assert error.value.kind == "too_large"
    assert time.monotonic() - began < 20


def test_a_packed_sitemap_is_read_a_piece_at_a_time() -> None:
    body = HUGE["100 MB packed"]()
    tracemalloc.start()
    with pytest.raises(ReadError):
        read(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * 2**20


@pytest.mark.parametrize("inside", ["<a>" * 100_000 + "</a>" * 100_000, "<loc>" + "a" * 12_000_000 + "</loc>"], ids=["deep", "long"])
def test_nesting_and_length_cost_only_their_own_entry(inside: str) -> None:
    body = urlset(url(f"/{SLUG}"), inside)
    try:
        assert f"/{SLUG}" in paths(body)
    except ReadError as error:
        assert error.kind == "listing"


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(noise: bytes) -> None:
    for body in (noise, b"\x1f\x8b" + noise, b"<urlset><url>" + noise + b"</url></urlset>"):
        try:
            read(body)
        except ReadError as error:
            assert error.kind in ("listing", "truncated")
