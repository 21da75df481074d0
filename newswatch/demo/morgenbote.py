"""Der Morgenbote: a Next.js paper with every kind of structured data, and with traps in its section pages."""

from __future__ import annotations

import re

from newswatch.demo.morgenbote_article import article_page
from newswatch.demo.morgenbote_shell import (
    NAME,
    NO_ARTICLES,
    SECTIONS,
    companion,
    nativendo,
    path_of,
    shell,
    stories_under,
)
from newswatch.demo.news import story_at
from newswatch.demo.page import Page, esc, html_page, lines, redirect

# Looks like an article from outside; is an error page with status 200.
ERROR_PATH = "/politik/inland/id_300419404/wetterdienst-warnt-vor-sturm.html"

_ARTICLE = re.compile(r"/id_(\d{8,9})/[^/]+\.html$")


def answer(path: str, step: int, base: str) -> Page:
    """What the paper answers to GET `path`."""
    if path == ERROR_PATH:
        return html_page(_notice("Fehler", "Ups, da ist etwas schiefgelaufen. Bitte laden Sie die Seite neu."))
    if path in NO_ARTICLES:
        return html_page(_notice(NO_ARTICLES[path], "Diese Seite der Demo hat keinen weiteren Inhalt."))
    section = path.strip("/")
    if path == "/" or (section in SECTIONS and path == f"/{section}/"):
        return html_page(_section_page(section, step, base))
    match = _ARTICLE.search(path)
    story = story_at("morgenbote", match[1], step) if match else None
    if story is None:
        return html_page(_notice("Nicht gefunden", "Diese Seite gibt es nicht oder nicht mehr."), 404)
    if path != path_of(story):
        return redirect(base + path_of(story))
    return html_page(article_page(story, step, base))


def _section_page(section: str, step: int, base: str) -> str:
    label = SECTIONS.get(section, "Startseite")
    url = base + (f"/{section}/" if section else "/")
    items = [_teaser(path_of(story), story.kicker, story.headline) for story in stories_under(section, step)]
    items[1:1] = [nativendo("stage-teaser"), *_traps(section)]
    stream = lines(f'<div class="px-24" data-testid="StageLayout.StreamItem">{item}</div>' for item in items)
    main = (
        f'<section data-testid="Stage"><h2 class="stage">{esc(label)}</h2><div class="flex">'
        f'<div class="stream" data-testid="StreamLayout.Stream">\n{stream}\n</div>{companion(step)}</div></section>'
    )
    head = (
        f'<title data-next-head="">{esc(label)} – {NAME}</title>'
        f'<link rel="canonical" href="{esc(url)}" data-next-head="">'
        f'<meta property="og:type" content="website" data-next-head="">'
    )
    return shell(head, main, [("Home", "/"), (label, url)])


def _traps(section: str) -> list[str]:
    broken = [
        _teaser("http://[::1", "Ratgeber", "So wird der Keller wieder trocken"),
        _teaser("javascript:void(0)", "Umfrage", "Stimmen Sie ab: Wie hoch steigt die Lunne?"),
        _teaser("mailto:tipps@morgenbote.example", "Mitmachen", "Schicken Sie uns Ihren Hinweis"),
    ]
    others = [_teaser(path, "Mehr", title) for path, title in list(NO_ARTICLES.items())[:3]]
    failing = [_teaser(ERROR_PATH, "Wetter", "Wetterdienst warnt vor Sturm")]
    wanted = section in ("", "schlagzeilen", "politik", "politik/inland")
    return [*broken, *others, _teaser("/themen/sorva/", "Thema", "Alles zur Sorva"), *(failing if wanted else [])]


def _teaser(href: str, kicker: str, title: str) -> str:
    return (
        '<article data-sctrack="Teaser.Stream.Small" class="relative grid"><div>'
        f'<span class="text-14" data-tb-kicker="">{esc(kicker)}</span> '
        f'<span class="text-18 font-bold" data-tb-title="true"><a href="{esc(href)}" data-tb-link="true">'
        f"{esc(title)}</a></span></div></article>"
    )


def _notice(title: str, text: str) -> str:
    main = f'<section data-testid="Stage"><div class="notice"><h2>{esc(title)}</h2><p>{esc(text)}</p></div></section>'
    return shell(f"<title>{esc(title)} – {NAME}</title>", main, [("Home", "/"), (title, "/")])
