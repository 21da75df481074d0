"""An article of the Talkurier: head, text, and the boxes that are not text."""

from __future__ import annotations

import json

from newswatch.demo.news import Story, story_at
from newswatch.demo.page import esc, lines, spoken
from newswatch.demo.talkurier_feeds import NAME, local_iso, path_of

# Readers name people too. None of it belongs to the article.
_COMMENTS = (
    ("Deichgraf58", "Frau Sommerfeld soll sich das hier bitte einmal selbst ansehen."),
    ("lunnefischer", "Ruth Wellmann hat davor schon vor Jahren gewarnt, aber wer hört schon zu."),
)


def article_head(story: Story, base: str) -> str:
    """Title, description, canonical link and one block of JSON-LD."""
    url = base + path_of(story)
    return lines(
        [
            f"<title>{esc(story.headline)} | {NAME}</title>",
            f'<meta name="description" content="{esc(story.lead)}">',
            f'<link rel="canonical" href="{esc(url)}">',
            f'<meta property="og:type" content="article">\n<meta property="og:title" content="{esc(story.headline)}">',
            f'<script type="application/ld+json">\n{_json_ld(story, url)}\n</script>',
        ]
    )


def _json_ld(story: Story, url: str) -> str:
    people = [{"@type": "Person", "name": name} for name in story.authors]
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": url,
        "headline": story.headline,
        "description": story.lead,
        "articleSection": story.section.capitalize(),
        "datePublished": local_iso(story),
        "dateModified": local_iso(story, modified=True),
        "author": people or [{"@type": "Organization", "name": story.agency}],
        "publisher": {"@type": "NewsMediaOrganization", "name": NAME},
        "keywords": list(story.keywords),
        "isAccessibleForFree": story.free,
    }
    if story.free:
        # Partial on purpose: the first sentences only.
        data["articleBody"] = story.paragraphs[0]
    else:
        data["hasPart"] = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".bezahlt"}
    return json.dumps(data, ensure_ascii=False, indent=1).replace("</", "<\\/")


def article_main(story: Story, step: int) -> str:
    """The article, and the comments below it."""
    return lines(
        [
            "<main>",
            f'<article class="artikel" data-nr="{story.id}">',
            _header(story),
            '<div class="artikel-text">',
            *_text(story, step),
            "</div>",
            *(_author_box(name) for name in story.authors),
            '<div class="spenden"><p>Lokaler Journalismus kostet Geld. Schon mit drei Euro im Monat helfen Sie uns, '
            'aus dem Tal zu berichten.</p><a href="/service/spenden.html">Jetzt unterstützen</a></div>',
            "</article>",
            _comments(),
            "</main>",
        ]
    )


def _header(story: Story) -> str:
    names = ", ".join(f'<a rel="author" href="/autor/{_slug(name)}/">{esc(name)}</a>' for name in story.authors)
    byline = f"Von {names}" if names else f"{esc(story.agency)} (np)"
    modified = (
        f' · Aktualisiert: <time class="geaendert" datetime="{local_iso(story, modified=True)}">{spoken(story.modified)}</time>'
        if story.modified
        else ""
    )
    return lines(
        [
            f'<header>\n<p class="dachzeile">{esc(story.kicker)}</p>\n<h1>{esc(story.headline)}</h1>',
            f'<p class="vorspann">{esc(story.lead)}</p>',
            f'<address class="autor">{byline}</address>',
            f'<p class="zeit">Veröffentlicht: <time class="erschienen" datetime="{local_iso(story)}">'
            f"{spoken(story.published)}</time>{modified}</p>",
            f'<figure><img src="/bilder/{story.id}.svg" alt="" width="800" height="450"><figcaption>{esc(story.caption)} '
            f'<span class="credit">Foto: {esc(story.credit)}</span></figcaption></figure>\n</header>',
        ]
    )


def _text(story: Story, step: int) -> list[str]:
    parts = [
        part
        for section in story.body
        for part in (
            f"<h2>{esc(section.headline)}</h2>" if section.headline else "",
            *(f"<p>{esc(text)}</p>" for text in section.paragraphs),
        )
        if part
    ]
    if not story.free:
        return [*parts, _paywall()]
    return [*parts[:2], _newsletter(), *parts[2:4], *_read_also(story, step), *parts[4:]]


def _paywall() -> str:
    return (
        '<div class="bezahlt"><h3>Weiterlesen mit TK+</h3><p>Diesen Beitrag lesen Sie mit einem Abo. '
        'Der erste Monat kostet einen Euro.</p><a href="/service/abo.html">Zum Abo</a></div>'
    )


def _newsletter() -> str:
    return (
        '<aside class="newsletter"><h3>Talkurier am Morgen</h3><p>Das Wichtigste aus dem Tal, jeden Werktag um sechs '
        'in Ihrem Postfach.</p><form action="/service/newsletter.html"><input type="email" name="mail">'
        "<button>Anmelden</button></form></aside>"
    )


def _read_also(story: Story, step: int) -> list[str]:
    found = (story_at("talkurier", story_id, step) for story_id in story.related)
    return [
        f'<p class="lesen-sie-auch"><strong>Lesen Sie auch:</strong> <a href="{path_of(other)}">{esc(other.headline)}</a></p>'
        for other in found
        if other
    ]


def _author_box(name: str) -> str:
    return (
        f'<aside class="autor-box"><strong>{esc(name)}</strong> arbeitet seit 2019 für den Talkurier und hat zuvor '
        "den Landtag in Harmünde beobachtet.</aside>"
    )


def _comments() -> str:
    items = "".join(f'<li class="kommentar"><strong>{esc(name)}</strong><p>{esc(text)}</p></li>' for name, text in _COMMENTS)
    return f'<section id="kommentare"><h2>Kommentare</h2><ol>{items}</ol></section>'


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-").replace("ö", "oe")
