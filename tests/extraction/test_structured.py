"""JSON-LD as the web has it."""

from __future__ import annotations

import pytest

from newswatch.extraction.structured import nodes, parse_blocks, plain, types

NEWS = '{"@type": "NewsArticle", "headline": "A"}'


@pytest.mark.parametrize(
    "raw",
    [
        NEWS,
        f"[{NEWS}]",
        f'{{"@graph": [{NEWS}]}}',
        NEWS.replace("}", ",}"),
        f"<!-- {NEWS} -->",
        f"//<![CDATA[\n{NEWS}\n//]]>",
        f"/* <![CDATA[ */ {NEWS} /* ]]> */",
        f"\ufeff{NEWS}",
        f"{NEWS}\n{NEWS}",
        '{"@type": ["Thing", "https://schema.org/NewsArticle"], "headline": "A"}',
        '{"@type": "NewsArticle", "headline": "A", // a comment\n "x": "http://b.example"}',
        '{"@type": "NewsArticle", "headline": "A", "articleBody": "two\nlines\ttab"}',
        f"{NEWS};",
    ],
)
def test_every_way_to_write_a_block_is_read(raw: str) -> None:
    found = [n for v in parse_blocks(raw) for n in nodes(v) if "NewsArticle" in types(n)]
    assert found and found[0]["headline"] == "A"


@pytest.mark.parametrize("raw", ["", "   ", "{", "[" * 100_000, '{"a":' * 100_000, "null,", "not json", "{'single': 1}"])
def test_what_is_no_json_is_nothing(raw: str) -> None:
    assert [n for v in parse_blocks(raw) for n in nodes(v)] == []


def test_a_comma_or_comment_inside_a_string_stays() -> None:
    raw = '{"headline": "eins, } zwei // drei",}'
    assert parse_blocks(raw)[0]["headline"] == "eins, } zwei // drei"


def test_entities_are_resolved_once() -> None:
    assert plain("M&uuml;ller &amp;amp; Co") == "Müller &amp; Co"
