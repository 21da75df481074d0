"""Das Blitzblatt: a tabloid in Latin-1 without any structured data; dates stand in the text only."""

from __future__ import annotations

import re

from newswatch.demo.news import Story, stories, story_at
from newswatch.demo.page import LOCAL, Page, esc, lines, spoken

NAME = "Blitzblatt"

_KEY = re.compile(r"^/news/[a-z0-9-]+,(\d+)\.html$")
_SERVICE = {"/service/impressum.html": "Impressum", "/service/gewinnspiel.html": "Gewinnspiel"}


def path_of(story: Story) -> str:
    """The path of a story: /news/<slug>,<number>.html."""
    return f"/news/{story.slug},{story.id}.html"


def answer(path: str, step: int, base: str) -> Page:
    """What the paper answers to GET `path`; `base` is unused, for this paper never writes a whole address."""
    if path in ("/", "/news/"):
        return _page("Nachrichten", _section_page(step))
    if path in _SERVICE:
        return _page(_SERVICE[path], f"<h1>{_SERVICE[path]}</h1><div>Diese Seite der Demo ist leer.</div>")
    match = _KEY.match(path)
    story = story_at("blitzblatt", match[1], step) if match else None
    if story is None or path != path_of(story):
        return _page("Nicht gefunden", "<h1>Hoppla!</h1><div>Diese Seite ist weg.</div>", 404)
    return _page(story.headline, _article(story, step))


def _page(title: str, main: str, status: int = 200) -> Page:
    text = lines(
        [
            f"<!DOCTYPE html>\n<html>\n<head>\n<title>{esc(title)} - {NAME}</title>",
            '<link rel="stylesheet" href="/stil.css">\n</head>\n<body>',
            f'<div class="kopf"><a class="logo" href="/">{NAME}</a> <a href="/news/">Nachrichten</a> '
            '<a href="/service/gewinnspiel.html">Gewinnspiel</a></div>',
            f'<div class="seite">\n{main}\n</div>',
            '<div class="fuss"><a href="/service/impressum.html">Impressum</a> <a href="/intern/kantine.html">Intern</a>'
            "<br>Alle Nachrichten, Orte und Menschen dieser Zeitung sind erfunden.</div>\n</body>\n</html>\n",
        ]
    )
    # The charset is said here and nowhere else: there is no meta tag.
    headers = (("Content-Type", "text/html; charset=ISO-8859-1"),)
    return Page(status, headers, text.encode("latin-1", "xmlcharrefreplace"))


def _section_page(step: int) -> str:
    teasers = (
        f'<div class="teaser"><div class="dach">{esc(story.kicker)}</div><div class="titel">'
        f'<a href="{path_of(story)}">{esc(story.headline)}</a></div>'
        f'<div class="zeit">{story.published.astimezone(LOCAL):%d.%m.%Y}</div></div>'
        for story in stories("blitzblatt", step)
    )
    return lines([*teasers, '<div class="werbung">Anzeige: Gummistiefel zum halben Preis!</div>'])


def _article(story: Story, step: int) -> str:
    byline = f"Von {esc(', '.join(story.authors))}" if story.authors else f"({esc(story.agency)})"
    updated = f'<div class="stand">Aktualisiert: {spoken(story.modified)}</div>' if story.modified else ""
    return lines(
        [
            f'<div class="dach">{esc(story.kicker)}</div>\n<h1>{esc(story.headline)}</h1>',
            f'<div class="zeit">{spoken(story.published)}</div>',
            updated,
            f'<div class="autor">{byline}</div>',
            f'<div class="bild"><img src="/bilder/{story.id}.svg" alt="" width="640" height="360">'
            f'<div class="bu">{esc(story.caption)} <span class="foto">Foto: {esc(story.credit)}</span></div></div>',
            f'<div class="vorspann"><b>{esc(story.lead)}</b></div>',
            '<div class="text">',
            *_text(story),
            "</div>",
            _more(story, step),
            '<div class="umfrage">Ihre Meinung: Hätten Sie das gedacht? <a href="javascript:abstimmen(1)">Ja</a> '
            '<a href="javascript:abstimmen(2)">Nein</a></div>',
        ]
    )


def _text(story: Story) -> list[str]:
    parts = []
    for place, section in enumerate(story.body):
        parts += [f"<h2>{esc(section.headline)}</h2>"] if section.headline else []
        parts += [f"<p>{esc(text)}</p>" for text in section.paragraphs]
        parts += ['<div class="werbung">Anzeige</div>'] if place == 0 else []
    return parts


def _more(story: Story, step: int) -> str:
    found = (story_at("blitzblatt", story_id, step) for story_id in story.related)
    links = "".join(f'<a href="{path_of(other)}">{esc(other.headline)}</a><br>' for other in found if other)
    return f'<div class="mehr">Mehr zum Thema:<br>{links}</div>'
