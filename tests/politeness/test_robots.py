"""robots.txt as RFC 9309 has it."""

from __future__ import annotations

import time

import pytest

from newswatch.politeness.robots import AI_TOKENS, LARGEST, parse, product_token

HOME = "https://www.beispiel.example"


def allows(text: str, path: str, token: str = "newswatch") -> bool:
    return parse(text.encode()).allows(token, HOME + path)


@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [
        ("Disallow: /intern", "/intern/1", False),
        ("Disallow: /intern", "/Intern/1", True),
        ("Disallow: /intern", "/", True),
        ("Disallow:", "/intern", True),
        ("Disallow: /", "/robots.txt", True),
        ("Disallow: /\nAllow: /politik/", "/politik/1", True),
        ("Allow: /politik/\nDisallow: /", "/sport/1", False),
        ("Allow: /a\nDisallow: /a", "/a", True),
        ("Disallow: /a\nAllow: /a", "/a", True),
        ("Allow: /a/\nDisallow: /a/b", "/a/b", False),
        ("Disallow: /*.pdf$", "/politik/1.pdf", False),
        ("Disallow: /*.pdf$", "/politik/1.pdf?x=1", True),
        ("Disallow: /a$", "/a", False),
        ("Disallow: /a$", "/ab", True),
        ("Disallow: /a$b", "/a$b", False),
        ("Disallow: /*/druck/*/x", "/politik/druck/1/x", False),
        ("Disallow: /*/druck/*/x", "/politik/druck/x", True),
        ("Disallow: *druck", "/politik/druck", False),
        ("Disallow: /**druck**", "/politik/druck/1", False),
        ("Disallow: /*a*$", "/ba", False),
        ("Disallow: /a*a$", "/a", True),
        ("Disallow: /foo/bar/ツ", "/foo/bar/%E3%83%84", False),
        ("Disallow: /foo/bar/%E3%83%84", "/foo/bar/ツ", False),
        ("Disallow: /foo/bar/%e3%83%84", "/foo/bar/%E3%83%84", False),
        ("Disallow: /foo/bar/%62%61%7A", "/foo/bar/baz", False),
        ("Disallow: /foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", False),
        ("Disallow: /a%2Fb", "/a/b", True),
        ("Disallow: /stern-%2A.html", "/stern-*.html", False),
        ("Disallow: /stern-%2A.html", "/stern-x.html", True),
        ("Disallow: /preis-%24", "/preis-$", False),
        ("Disallow: /suche?q=", "/suche?q=rat", False),
        ("Disallow : /intern # nicht für Maschinen", "/intern", False),
        ("dIsAlLoW:/intern", "/intern", False),
        ("Disallow /intern\nDisalow: /intern\n<html>\n:::\n\x00\x01: x", "/intern", True),
    ],
)
def test_the_longest_rule_that_fits_decides(rules: str, path: str, expected: bool) -> None:
    assert allows(f"User-agent: *\n{rules}\n", path) == expected


@pytest.mark.parametrize("name", ["newswatch", "NewsWatch", "NEWSWATCH/2.0", "newswatch bot"])
def test_a_group_of_our_own_is_found_in_any_spelling_and_stands_for_that_of_everybody(name: str) -> None:
    text = f"User-agent: *\nDisallow: /\n\nUser-agent: {name}\nDisallow: /intern\n"
    assert allows(text, "/politik") and not allows(text, "/intern")


def test_a_longer_or_shorter_name_is_somebody_else() -> None:
    assert allows("User-agent: newswatcher\nUser-agent: news\nDisallow: /\n", "/politik")


def test_groups_of_one_name_are_one_and_rules_of_nobody_are_none() -> None:
    text = "Disallow: /nobody\nUser-agent: newswatch\nDisallow: /a\nUser-agent: x\nDisallow: /x\nUser-agent: NEWSWATCH\nDisallow: /b\n"
    assert [allows(text, path) for path in ("/a", "/b", "/x", "/nobody")] == [False, False, True, True]


def test_names_above_rules_share_them_whatever_stands_between() -> None:
    text = "User-agent: a\nSitemap: https://x.example/s.xml\n\nUser-agent: newswatch\nCrawl-delay: 7\nDisallow: /a\nDisallow:\n"
    text += "User-agent: b\n"
    assert not allows(text, "/a") and not allows(text, "/a", "a") and allows(text, "/a", "b")
    assert [parse(text.encode()).crawl_delay(t) for t in ("a", "newswatch", "b")] == [7, 7, None]


def test_an_empty_group_of_our_own_allows_all() -> None:
    assert allows("User-agent: *\nDisallow: /\nUser-agent: newswatch\nDisallow:\n", "/a")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_and_a_byte_order_mark_are_read(end: str) -> None:
    content = b"\xef\xbb\xbf" + end.join(["User-agent: *", "Disallow: /a", ""]).encode()
    assert not parse(content).allows("newswatch", f"{HOME}/a")


def test_what_stands_behind_500_kib_is_not_read_and_half_a_rule_is_none() -> None:
    head = b"User-agent: *\nDisallow: /a\n"
    cut = head + b"#" * (LARGEST - len(head) - len(b"\nDisallow: /")) + b"\nDisallow: /lang\nDisallow: /b\n"
    robots = parse(cut)
    assert [robots.allows("newswatch", HOME + p) for p in ("/a", "/b", "/lang", "/c")] == [False, True, True, True]


@pytest.mark.parametrize("content", [b"", b"<!DOCTYPE html><html>: x</html>", bytes(range(256)) * 50, b"\xff\xfeU\0s\0e\0r\0"])
def test_what_is_no_robots_txt_allows_everything(content: bytes) -> None:
    assert parse(content).allows("newswatch", f"{HOME}/a")


def test_a_pattern_of_stars_takes_no_time() -> None:
    robots = parse(b"User-agent: *\nDisallow: /" + b"a*" * 2000 + b"b$\n")
    began = time.perf_counter()
    assert robots.allows("newswatch", f"{HOME}/{'a' * 20000}")
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(("text", "expected"), [("5", 5), ("0.5", 0.5), ("-1", None), ("bald", None), ("1e9", None), ("", None)])
def test_a_crawl_delay_is_a_number_of_seconds(text: str, expected: float | None) -> None:
    assert parse(f"User-agent: *\nCrawl-delay: {text}\nDisallow:\n".encode()).crawl_delay("newswatch") == expected


def test_the_product_token_is_what_stands_before_the_version() -> None:
    assert [product_token(a) for a in ("newswatch/0.1 (+x)", "news_watch-er", "", "(x)")] == ["newswatch", "news_watch-er", "", ""]


@pytest.mark.parametrize("token", AI_TOKENS)
def test_a_group_that_shuts_out_an_ai_crawler_reserves(token: str) -> None:
    robots = parse(f"User-agent: *\nDisallow: /intern\n\nUser-agent: {token.lower()}\nDisallow: /\n".encode())
    assert robots.reserved_by(f"{HOME}/politik") == token


def test_rules_for_everybody_or_for_other_pages_reserve_nothing() -> None:
    assert parse(b"User-agent: *\nDisallow: /\n").reserved_by(f"{HOME}/politik") is None
    part = parse(b"User-agent: GPTBot\nDisallow: /magazin/\n")
    assert (part.reserved_by(f"{HOME}/politik"), part.reserved_by(f"{HOME}/magazin/1")) == (None, "GPTBot")
