"""What a home page tells of its site."""

from __future__ import annotations

from newswatch.extraction.front import listing_links, read_front
from newswatch.sites import Site
from tests.conftest import page

PAGE = """<html lang="de-AT"><head><title>Nachrichten von heute | Das Beispiel</title>
<link rel="alternate" type="application/rss+xml" href="/feed.rss"><link rel="alternate" hreflang="en" href="/en/">
<link rel="alternate stylesheet" type="text/css" href="/x.css"></head><body>
<header><a href="/">Logo</a><nav><a href="/politik/">Politik</a><a href="/sport/">Sport</a><a href="https://shop.example/">Shop</a></nav></header>
<main><a href="/politik/17/ein-fall"><img></a><h2><a href="/politik/17/ein-fall?utm_source=x">Ein Fall für den Rat</a></h2>
<a href="/kultur/">Kultur</a><a href="http://[::1">kaputt</a><a href="javascript:void(0)">nichts</a></main>
<aside><a href="/politik/18/meistgelesen">Meistgelesen ist dieses hier</a></aside>
<footer><a href="/impressum">Impressum</a></footer></body></html>"""
HOME = "https://www.beispiel.example/"


def test_title_language_feeds_and_navigation_are_read(site: Site) -> None:
    front = read_front(page(PAGE, HOME), site)
    assert (front.title, front.language, front.feeds) == ("Das Beispiel", "de-AT", (f"{HOME}feed.rss",))
    paths = [link.url.removeprefix(HOME) for link in front.menu]
    assert paths == ["", "politik/", "sport/", "kultur/", "impressum"]


def test_the_site_name_that_the_page_states_wins(site: Site) -> None:
    stated = PAGE.replace("<title>", '<meta property="og:site_name" content="Beispiel heute"><title>')
    assert read_front(page(stated, HOME), site).title == "Beispiel heute"


def test_a_listing_gives_the_links_of_its_main_part_each_once_with_its_longest_text(site: Site) -> None:
    found = [(link.url.removeprefix(HOME), link.headline) for link in listing_links(page(PAGE, HOME), site)]
    assert found == [("politik/17/ein-fall", "Ein Fall für den Rat"), ("kultur/", "Kultur")]


def test_a_page_without_anything_gives_nothing(site: Site) -> None:
    front = read_front(page("<p>leer</p>", HOME), site)
    assert (front.title, front.language, front.menu, front.feeds) == ("Das Beispiel", None, (), ())
