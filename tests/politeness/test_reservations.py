"""Signs by which texts are reserved from text and data mining."""

from __future__ import annotations

import gzip
import json
import zlib

import brotli
import pytest

from newswatch.politeness.reservations import FILE, HEADER, META, of_host, of_page
from newswatch.politeness.robots import Robots, parse

PAGE = b'<html><head><title>x</title><meta name="tdm-reservation" content="1"></head><body>' + b"<p>Text</p>" * 1000
URL = "https://www.beispiel.example/politik/17/ein-fall"


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ('<meta name="tdm-reservation" content="1">', META),
        ("<META content=1 NAME='TDM-Reservation' />", META),
        ('<meta\n name="tdm-reservation"\n content=" 1 ">', META),
        ('<meta http-equiv="tdm-reservation" content="1">', META),
        ('<meta name="tdm-reservation" content="0">', None),
        ('<meta name="tdm-policy" content="1"><p>tdm-reservation</p>', None),
        ("<meta>", None),
    ],
)
def test_a_meta_tag_is_found_in_any_spelling(tag: str, expected: str | None) -> None:
    assert of_page(None, f"<html><head>{tag}</head></html>".encode(), "") == expected


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("", PAGE),
        ("gzip", gzip.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)),
        ("br", brotli.compress(PAGE)),
    ],
)
def test_a_meta_tag_is_found_in_a_packed_page(encoding: str, body: bytes) -> None:
    assert of_page(None, body, encoding) == META


def test_what_cannot_be_unpacked_says_nothing() -> None:
    assert [of_page(None, b"rubbish", e) for e in ("gzip", "br", "zstd", "deflate", "unknown")] == [None] * 5


@pytest.mark.parametrize(("header", "expected"), [("1", HEADER), (" 1 ", HEADER), ("0", None), ("yes", None), (None, None)])
def test_a_header_counts(header: str | None, expected: str | None) -> None:
    assert of_page(header, b"", "") == expected


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([{"location": "/", "tdm-reservation": 1}], FILE),
        ([{"location": "/politik/*", "tdm-reservation": 1, "tdm-policy": "https://x.example/p.json"}], FILE),
        ([{"location": "/sport/", "tdm-reservation": 1}], None),
        ([{"location": "/politik/", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}], None),
        ([{"location": "*fall$", "tdm-reservation": "1"}], FILE),
        ({"location": "/", "tdm-reservation": 1}, FILE),
        ([17, None, {"location": 3}, {"tdm-reservation": 1}], None),
        ("text", None),
    ],
)
def test_the_first_rule_of_a_tdmrep_json_that_fits_decides(rules: object, expected: str | None) -> None:
    assert of_host(URL, Robots(), json.dumps(rules)) == expected


@pytest.mark.parametrize("text", ["", "{", "<html>", "[" * 100_000])
def test_a_file_that_is_none_says_nothing(text: str) -> None:
    assert of_host(URL, Robots(), text) is None


def test_a_robots_txt_that_shuts_out_an_ai_crawler_counts_and_names_it() -> None:
    assert of_host(URL, parse(b"User-agent: ClaudeBot\nUser-agent: CCBot\nDisallow: /\n"), None) == "robots.txt: CCBot"
