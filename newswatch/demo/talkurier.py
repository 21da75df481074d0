"""Der Talkurier: a classic local paper, rendered on the server, with a feed, sitemaps, ETag and Last-Modified."""

from __future__ import annotations

import re
from dataclasses import replace
from email.utils import format_datetime
from hashlib import sha256

from newswatch.demo.news import STEP_AT, Story, is_gone, stories, story_at
from newswatch.demo.page import Page, esc, html_page, lines
from newswatch.demo.talkurier_article import article_head, article_main
from newswatch.demo.talkurier_feeds import NAME, feed_or_sitemap, local_iso, path_of

SECTIONS = {"politik": "Politik", "lokales": "Lokales"}

_KEY = re.compile(r"-(\d+)\.html$")


def answer(path: str, step: int, base: str) -> Page:
    """What the paper answers to GET `path`; a page that was found carries validators."""
    page = _plain(path, step, base)
    if page.status != 200:
        return page
    since = step
    while since > 0 and _plain(path, since - 1, base) == page:
        since -= 1
    validators = (
        ("ETag", f'"{sha256(page.body).hexdigest()[:16]}"'),
        ("Last-Modified", format_datetime(STEP_AT[since], usegmt=True)),
    )
    return replace(page, headers=(*page.headers, *validators))


def _plain(path: str, step: int, base: str) -> Page:
    found = feed_or_sitemap(path, step, base)
    if found:
        return found
    section = path.strip("/")
    if path == "/" or (section in SECTIONS and path == f"/{section}/"):
        return html_page(_section_page(section, step, base))
    if path.startswith(("/autor/", "/service/")):
        return html_page(_shell(f"<title>{NAME}</title>", "<main><p>Diese Seite der Demo ist leer.</p></main>"))
    match = _KEY.search(path)
    if match and is_gone("talkurier", match[1], step):
        text = "<main><p>Dieser Beitrag wurde entfernt.</p></main>"
        return html_page(_shell(f"<title>Entfernt – {NAME}</title>", text), 410)
    story = story_at("talkurier", match[1], step) if match else None
    if story is None or path != path_of(story):
        text = "<main><p>Diese Seite gibt es nicht.</p></main>"
        return html_page(_shell(f"<title>Nicht gefunden – {NAME}</title>", text), 404)
    return html_page(_shell(article_head(story, base), article_main(story, step)))


def _section_page(section: str, step: int, base: str) -> str:
    label = SECTIONS.get(section, "Startseite")
    shown = [story for story in stories("talkurier", step) if section in ("", story.section)]
    head = lines(
        [
            f"<title>{label} – {NAME}</title>",
            f'<link rel="canonical" href="{base}/{section + "/" if section else ""}">',
        ]
    )
    return _shell(
        head,
        lines(
            [
                f'<main class="liste"><h1>{label}</h1>',
                *(_teaser(story) for story in shown),
                '<aside class="anzeige">Anzeige: <a href="https://moebel.example/">Möbel Krähwinden: Alles muss raus</a></aside>',
                "</main>",
            ]
        ),
    )


def _teaser(story: Story) -> str:
    path = path_of(story)
    plus = "" if story.free else '<span class="plus">TK+</span> '
    return (
        f'<article class="teaser"><p class="dachzeile">{esc(story.kicker)}</p>'
        f'<h2>{plus}<a href="{path}">{esc(story.headline)}</a></h2><p class="anriss">{esc(story.lead)}</p>'
        f'<p class="meta"><time datetime="{local_iso(story)}">{local_iso(story)[8:10]}. November</time> '
        f'<a href="{path}#kommentare">2 Kommentare</a></p></article>'
    )


def _shell(head: str, main: str) -> str:
    sections = "".join(f'<a href="/{section}/">{label}</a>' for section, label in SECTIONS.items())
    return lines(
        [
            '<!DOCTYPE html>\n<html lang="de">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            head,
            f'<link rel="alternate" type="application/rss+xml" title="{NAME}" href="/feed.rss">',
            '<link rel="stylesheet" href="/stil.css">\n</head>\n<body>',
            f'<header class="kopf"><a class="logo" href="/">{NAME}</a><nav>{sections}<a href="/service/abo.html">Abo</a></nav></header>',
            main,
            '<footer><a href="/service/impressum.html">Impressum</a> <a href="/service/datenschutz.html">Datenschutz</a>'
            ' <a href="/intern/redaktion.html">Intern</a>'
            "<p>Alle Nachrichten, Orte und Menschen dieser Zeitung sind erfunden.</p></footer>\n</body>\n</html>\n",
        ]
    )
