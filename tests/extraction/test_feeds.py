"""The article links of feeds, and feeds that are none."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswatch.errors import ReadError
from newswatch.extraction.feeds import LARGEST, find_feed_links
from newswatch.story import Link
from tests.conftest import make_site

HOME = "https://www.beispiel.example"
URL = f"{HOME}/feed.xml"
NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)
PUBLISHED = "<pubDate>Sun, 22 Nov 2026 10:00:00 +0100</pubDate>"
AT = datetime(2026, 11, 22, 11, 30, tzinfo=UTC)


def rss(*items: str, before: str = "") -> bytes:
    body = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0" encoding="UTF-8"?>{before}<rss version="2.0" {NAMESPACES}><channel>{body}</channel></rss>'.encode()


def item(number: int, more: str = "", title: str = "Rat stimmt zu") -> str:
    return f"<title>{title}</title><link>{HOME}/politik/{number}/rat</link>{more}"


def links(body: bytes, **changes: object) -> list[Link]:
    return find_feed_links(body, URL, make_site(**({"article": {}} | changes)))


def updated(more: str) -> datetime | None:
    return links(rss(item(1, more)))[0].updated


RSS1 = f"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="{HOME}/"><title>x</title></channel>
<item rdf:about="{HOME}/a"><title>Rat stimmt zu</title><link>{HOME}/a</link><dc:date>2026-11-22T10:00:00Z</dc:date></item></rdf:RDF>"""
RSS090 = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">
<item><title>Rat stimmt zu</title><link>{HOME}/a</link></item></rdf:RDF>"""
RSS091 = f"""<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://nowhere.invalid/rss-0.91.dtd">
<rss version="0.91"><channel><item><title>Rat stimmt zu</title><link>{HOME}/a</link></item></channel></rss>"""
ATOM = f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="{HOME}/politik/"><entry><title type="html">Rat
 &lt;b&gt;stimmt&lt;/b&gt; zu</title><link rel="alternate" href="../a"/><link rel="enclosure" href="{HOME}/x.mp3"/></entry></feed>"""
ATOM03 = f"""<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>Rat stimmt zu</title>
<link rel="alternate" type="text/html" href="{HOME}/a"/></entry></feed>"""


@pytest.mark.parametrize("feed", [RSS090, RSS091, RSS1, ATOM, ATOM03], ids=["RSS 0.90", "RSS 0.91", "RSS 1.0", "Atom 1.0", "Atom 0.3"])
def test_every_kind_of_feed_is_read(feed: str) -> None:
    assert links(feed.encode()) == [Link(f"{HOME}/a", "Rat stimmt zu", 0)]


def test_links_are_canonical_and_each_comes_once() -> None:
    body = rss(item(1), f"<title>Noch einmal</title><link>{HOME}:443/politik/1/rat?utm_source=rss#k</link>", item(2))
    assert [(link.url, link.place) for link in links(body)] == [(f"{HOME}/politik/1/rat", 0), (f"{HOME}/politik/2/rat", 1)]


def test_two_addresses_of_one_key_are_one_story() -> None:
    body = rss(item(1), f"<title>Neu</title><link>{HOME}/politik/1/neuer-name</link>")
    assert len(links(body, article={"pattern": r"^/politik/(?P<key>\d+)/"})) == 1


def test_what_is_elsewhere_excluded_or_not_of_the_pattern_is_left_out() -> None:
    others = [
        f"<link>{u}</link>"
        for u in ("https://anders.example/politik/3/x", f"{HOME}/video/4/x", f"{HOME}/", "mailto:a@b.example", "http://[::1")
    ]
    body = rss(item(1), *others, "<title>ohne Adresse</title>")
    assert [link.url for link in links(body, article={"exclude": ["^/video/"]})] == [f"{HOME}/politik/1/rat"]
    assert [link.url for link in links(body, article={"pattern": "^/video/"})] == [f"{HOME}/video/4/x"]


def test_the_story_behind_an_address_that_counts_clicks_is_found() -> None:
    counted = "<link>https://clicks.example/r/77</link>"
    original = f"<feedburner:origLink>{HOME}/politik/1/rat</feedburner:origLink>"
    permalink = f'<guid isPermaLink="false">{HOME}/politik/2/rat</guid>'
    assert [link.url for link in links(rss(counted + original, counted + permalink))] == [f"{HOME}/politik/{n}/rat" for n in (1, 2)]


@pytest.mark.parametrize(
    "stamp",
    [
        "<atom:updated>2026-11-22T12:30:00+01:00</atom:updated>",
        "<dcterms:modified>2026-11-22T11:30:00Z</dcterms:modified>",
        "<atom:updated>2026-11-22T12:30:00.250</atom:updated>",
    ],
)
def test_an_update_is_told_in_utc(stamp: str) -> None:
    assert updated(PUBLISHED + stamp) == AT


@pytest.mark.parametrize(
    "stamp",
    [
        "",
        PUBLISHED,
        "<dc:date>2026-11-22T11:30:00Z</dc:date>",
        "<dcterms:issued>2026-11-22T11:30:00Z</dcterms:issued>",
        "<atom:updated>2026-11-22</atom:updated>",
        "<atom:updated>2026-11-22T00:00:00Z</atom:updated>",
        "<atom:updated>gestern</atom:updated>",
        "<atom:updated></atom:updated>",
    ],
)
def test_a_time_that_does_not_move_with_an_edit_is_no_update(stamp: str) -> None:
    assert updated(stamp) is None


def test_updates_that_all_equal_the_time_of_publication_are_none() -> None:
    both = PUBLISHED + "<atom:updated>2026-11-22T10:00:00+01:00</atom:updated>"
    assert {link.updated for link in links(rss(*(item(n, both) for n in range(5))))} == {None}
    moved = PUBLISHED + "<atom:updated>2026-11-22T12:30:00+01:00</atom:updated>"
    assert [bool(link.updated) for link in links(rss(*(item(n, both) for n in range(5)), item(9, moved)))] == [True] * 6


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Müller &amp; Söhne", "Müller & Söhne"),
        ("Müller &amp;amp; Söhne", "Müller & Söhne"),
        ("<![CDATA[Die <em>Lunne</em> steigt]]>", "Die Lunne steigt"),
        ("<![CDATA[„Wir&nbsp;warten“]]>", "„Wir warten“"),
        ("1 &lt; 2", "1 < 2"),
        ("  \n ", None),
    ],
)
def test_a_headline_is_as_a_reader_sees_it(title: str, headline: str | None) -> None:
    assert links(rss(item(1, title=title)))[0].headline == headline


def test_a_feed_that_is_not_well_formed_is_read_all_the_same() -> None:
    body = rss(
        "<title>Tee & Kuchen &nbsp; heute<br></title>" + f"<link>{HOME}/a?x=1&y=2</link>",
        "<title>\x0bZwei</title>" + f"<link>{HOME}/b</link>",
    )
    assert [link.url for link in links(body)] == [f"{HOME}/a?x=1&y=2", f"{HOME}/b"]


@pytest.mark.parametrize(
    ("charset", "header", "declared"),
    [
        ("utf-8", None, ""),
        ("latin-1", None, ""),
        ("latin-1", "iso-8859-1", ""),
        ("iso-8859-2", None, "iso-8859-2"),
        ("utf-16", None, "utf-16"),
        ("utf-16-le", None, ""),
    ],
)
def test_letters_survive_every_charset(charset: str, header: str | None, declared: str) -> None:
    text = rss(item(1, title="Süße Öfen")).decode().replace(' encoding="UTF-8"', f' encoding="{declared}"' if declared else "")
    assert find_feed_links(text.encode(charset), URL, make_site(article={}), header)[0].headline == "Süße Öfen"


LAUGHS = (
    '<!DOCTYPE rss [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)
OUTSIDE = '<!DOCTYPE rss [<!ENTITY j SYSTEM "file:///etc/hostname">]>'
BAD = {
    "empty": (b" \n", "empty"),
    "a web page": (b"<!DOCTYPE html><html><body>Wartung</body></html>", "a web page, where a feed should be"),
    "a web page without doctype": (b"<html><body>Wartung</body></html>", "a web page"),
    "json": (b'{"items": []}', "not XML"),
    "a url": (b"https://www.beispiel.example/other.xml", "not XML"),
    "a path": (b"/etc/hostname", "not XML"),
    "a sitemap": (b"<urlset></urlset>", 'kind = "sitemap"'),
    "svg": (b"<svg></svg>", "XML of another kind"),
    "truncated": (rss(item(1), item(2))[:-40], "ends early"),
    "billion laughs": (rss(item(1, title="&j;"), before=LAUGHS), "declarations of its own"),
    "an external entity": (rss(item(1, title="&j;"), before=OUTSIDE), "declarations of its own"),
    "an external entity in UTF-16": (rss(item(1, title="&j;"), before=OUTSIDE).decode().encode("utf-16"), "declarations of its own"),
    "an entity behind a quoted bracket": (rss(before='<!DOCTYPE rss SYSTEM "a>b" [<!ENTITY j SYSTEM "x">]>'), "declarations of its own"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_feed_is_refused_with_a_sentence(name: str) -> None:
    body, sentence = BAD[name]
    with pytest.raises(ReadError, match=sentence) as error:
        links(body)
    assert (error.value.kind, error.value.url) == ("listing", URL)


@pytest.mark.parametrize("body", [rss("x" * LARGEST), rss("<a>" * 200_000)], ids=["long", "deep"])
def test_a_huge_feed_is_refused_at_once(body: bytes) -> None:
    began = time.monotonic()
    with pytest.raises(ReadError) as error:
        links(body)
    assert error.value.kind == "too_large"
    assert time.monotonic() - began < 2


def test_letters_that_cannot_be_decoded_are_a_fault() -> None:
    with pytest.raises(ReadError) as error:
        links(rss(item(1, title="grün")) + b"\xff\xfe\xfd\x81\x8d" * 3)
    assert error.value.kind == "charset"


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(noise: bytes) -> None:
    for body in (noise, b"<rss><channel><item>" + noise + b"</item></channel></rss>"):
        try:
            links(body)
        except ReadError as error:
            assert error.kind in ("listing", "charset")
