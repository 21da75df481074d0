"""Any bytes in: our own errors only, in bounded time. Five megabytes of everything that hurts a parser."""

from __future__ import annotations

import contextlib
import multiprocessing
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parsel import Selector

from newswatch.errors import NewswatchError
from newswatch.extraction import find_links, read_article
from newswatch.extraction.charset import decode
from tests.conftest import NOW, make_site

SIZE = 5 * 2**20
P = "<p>Die Deichgräfin Ada Quint hat am Morgen Entwarnung gegeben, nachdem das Wasser gefallen war.</p>"
URL = "https://www.beispiel.example/politik/17/x"


def much(part: str) -> str:
    return part * (SIZE // len(part.encode()))


def script(content: str, kind: str = "type='application/ld+json'") -> str:
    return f"<script {kind}>{content}</script>{P * 5}"


HARD = {
    "paragraphs": lambda: much(P),
    "one-paragraph": lambda: f"<p>{much('Wort ')}</p>",
    "divs": lambda: much("<div>a</div>"),
    "links": lambda: much('<a href="/x/y-z-1.html">Link eins zwei</a> '),
    "boxes-in-boxes": lambda: '<div class="teaser">' * 450 + much(P) + "</div>" * 450,
    "lists-in-lists": lambda: "<ul>" * 400 + much("<li><a href=x>aa</a> b</li>"),
    "line-breaks": lambda: f"<p>{much('zeile eins zwei<br>')}</p>",
    "attributes": lambda: much("<p " + "a=b " * 50 + ">x y z</p>"),
    "unclosed": lambda: much("<b><i><p>text "),
    "levels": lambda: "<div>" * 10_000 + P,
    "brackets": lambda: script("[" * 100_000),
    "objects": lambda: script('{"a":' * 100_000),
    "slashes": lambda: script(much("//")),
    "quotes": lambda: script(much('"\\')),
    "commas": lambda: script("{" + much(", ")),
    "next-data": lambda: script('{"a":[' * 100_000, "id='__NEXT_DATA__'"),
    "bylines": lambda: f"<div class='byline'>{much('A und ')}</div>{P * 5}",
    "dashes": lambda: f"<h1>{much('a - ')}</h1>{P * 5}",
    "bars": lambda: f"<meta property='og:title' content='{much('x | ')}'>{P * 5}",
    "times": lambda: much("<time datetime='2026-01-01T10:00'>x</time>"),
    "garbled": lambda: much("Ã¼") + P,
    "soft-hyphens": lambda: f"<p>{much('a&shy; ')}</p>",
    "entities": lambda: much("&amp;&lt;&#x41;"),
    "spaces": lambda: " " * SIZE + P,
}


def _memory(which: str) -> int:
    """Megabytes of this process: VmRSS now, VmHWM at most."""
    return int(Path("/proc/self/status").read_text().split(f"{which}:")[1].split()[0]) // 1024


def _read(html: bytes, result: multiprocessing.Queue) -> None:
    start, before = time.process_time(), _memory("VmRSS")
    try:
        page = Selector(text=decode(html, None), base_url=URL, type="html")
        find_links(page, make_site())
        read_article(page, make_site(article={}), NOW)
        outcome = "read"
    except NewswatchError as error:
        outcome = type(error).__name__
    result.put((outcome, time.process_time() - start, _memory("VmHWM") - before))


@pytest.mark.parametrize("name", HARD)
def test_five_megabytes_of_it_end_in_bounded_time_and_memory(name: str) -> None:
    html = f"<html><head><title>x</title></head><body><main><article><h1>Titel</h1>{HARD[name]()}</article></main></body></html>".encode()
    context = multiprocessing.get_context("fork")
    result: multiprocessing.Queue = context.Queue()
    process = context.Process(target=_read, args=(html, result))
    process.start()
    outcome, seconds, megabytes = result.get(timeout=60)
    process.join(10)
    assert outcome in ("read", "ReadError")
    assert seconds < 10, "the bound is 2 s; a busy machine gets five times that"
    assert megabytes < 500, "more than pytest itself has"


@given(st.binary(max_size=2000))
@settings(max_examples=80)
def test_any_bytes_raise_our_own_errors_only(body: bytes) -> None:
    with contextlib.suppress(NewswatchError):
        page = Selector(text=decode(body, None), base_url=URL, type="html")
        find_links(page, make_site())
        read_article(page, make_site(), NOW)


TAGS = st.sampled_from(
    ["p", "div", "h1", "h2", "a", "time", "article", "aside", "ul", "li", "script", "table", "td", "br", "main", "figure"]
)
ATTRIBUTES = st.sampled_from(
    [
        "",
        " class='author'",
        " class='teaser ad'",
        " itemprop='author'",
        " datetime='x'",
        " hidden",
        " href='http://[::1'",
        " data-entry-id='1'",
    ]
)
SOUP = st.lists(st.tuples(TAGS, ATTRIBUTES, st.text(max_size=60)), max_size=40)


@given(SOUP)
@settings(max_examples=80)
def test_any_soup_of_tags_raises_our_own_errors_only(parts: list[tuple[str, str, str]]) -> None:
    html = "<html><body><h1>Titel der Geschichte</h1>" + "".join(f"<{tag}{attributes}>{text}" for tag, attributes, text in parts)
    with contextlib.suppress(NewswatchError):
        page = Selector(text=decode(html.encode("utf-8", "replace"), None), base_url=URL, type="html")
        find_links(page, make_site())
        read_article(page, make_site(article={}), NOW)
