"""What every page of the Morgenbote shares: addresses, head, navigation, footer, breadcrumb."""

from __future__ import annotations

from newswatch.demo.news import Story, stories, story_at
from newswatch.demo.page import esc, lines

NAME = "Morgenbote"

SECTIONS = {
    "schlagzeilen": "Schlagzeilen",
    "politik": "Politik",
    "politik/inland": "Inland",
    "politik/ausland": "Ausland",
    "politik/ausland/internationale-politik": "Internationale Politik",
    "politik/meinung": "Meinung",
    "panorama": "Panorama",
    "sport": "Sport",
    "sport/fussball": "Fußball",
}

# Pages with an id_ in their address that are no articles.
NO_ARTICLES = {
    "/video/politik/id_300430011/so-hoch-steht-das-wasser-am-fischmarkt.html": "Video: So hoch steht das Wasser",
    "/spiele/id_300430022/kreuzwort-des-tages.html": "Spiele: Kreuzwort des Tages",
    "/author/id_300430033/nora-feddersen/": "Nora Feddersen, Autorin",
    "/author/id_300430044/ole-brackwede/": "Ole Brackwede, Autor",
    "/author/id_300430055/sina-tornow/": "Sina Tornow, Autorin",
    "/author/id_300430066/tilda-roessing/": "Tilda Rössing, Kolumnistin",
    "/themen/hochwasser/": "Thema: Hochwasser",
    "/themen/sorva/": "Thema: Sorva",
    "/ueber-uns/id_300430077/impressum.html": "Impressum",
}

_MOST_READ = ("300412207", "300412544", "300411420")
_FOOTER = (
    "/ueber-uns/id_300430077/impressum.html",
    "/themen/hochwasser/",
    "/themen/sorva/",
    "/spiele/id_300430022/kreuzwort-des-tages.html",
)


def path_of(story: Story) -> str:
    """The path of a story: /<section>/id_<number>/<slug>.html."""
    return f"/{story.section}/id_{story.id}/{story.slug}.html"


def author_path(name: str) -> str:
    """The path of an author's page, or an empty string."""
    return next((path for path, title in NO_ARTICLES.items() if title.startswith(name)), "")


def breadcrumb_of(story: Story) -> list[tuple[str, str]]:
    """(label, path) from Home down to the story itself."""
    parts = story.section.split("/")
    levels = ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
    return [("Home", "/"), *((SECTIONS[level], f"/{level}/") for level in levels), (story.headline, path_of(story))]


def breadcrumb(items: list[tuple[str, str]]) -> str:
    """The breadcrumb bar; its last item is the only h1 of the page."""
    links = "".join(f'<a class="crumb" href="{path}">{esc(label)}</a>' for label, path in items[:-1])
    return (
        '<div class="container" data-external-sdi-mark="breadcrumb" data-testid="BreadcrumbArea">'
        f'<div class="flex">{links}<h1 class="crumb">{esc(items[-1][0])}</h1></div></div>'
    )


def shell(head: str, main: str, crumbs: list[tuple[str, str]], next_data: str = "") -> str:
    """A whole page."""
    script = f'<script id="__NEXT_DATA__" type="application/json">{next_data}</script>' if next_data else ""
    return lines(
        [
            '<!DOCTYPE html><html lang="de"><head><meta charset="utf-8" data-next-head="">',
            '<meta name="viewport" content="width=device-width, initial-scale=1" data-next-head="">',
            head,
            '<link rel="stylesheet" href="/stil.css"></head><body><div id="__next">',
            _navigation(),
            breadcrumb(crumbs),
            f'<main class="flex-col bg-alpine" data-testid="PageMain" data-external-sdi-mark="page-main">{main}</main>',
            _footer(),
            f"</div>{script}</body></html>",
        ]
    )


def commercial(booking: str) -> str:
    """An advertisement box that no text belongs to."""
    return (
        f'<div class="text-center" data-commercial-format="{booking}" data-component="CommercialSDI" '
        'data-testid="Commercial.SDI"><span>Anzeige</span></div>'
    )


def nativendo(booking: str) -> str:
    """A native advertisement that is still loading."""
    return (
        f'<div data-testid="nativendo-container" id="nativendo-{booking}" '
        'data-component="NativendoCommercial.Container">'
        f'<svg aria-labelledby="skeleton-{booking}" role="img" width="100%" height="24">'
        f'<title id="skeleton-{booking}">Loading...</title><rect width="90%" height="14"></rect></svg></div>'
    )


def companion(step: int) -> str:
    """The column beside the stream: the most read stories, with tracked links."""
    found = (story_at("morgenbote", story_id, step) for story_id in _MOST_READ)
    teasers = "".join(
        '<article data-sctrack="Teaser.Companion" class="relative grid"><span class="text-14 font-bold">'
        f'<a href="{path_of(story)}?utm_source=morgenbote&amp;utm_campaign=meistgelesen">{esc(story.headline)}</a>'
        "</span></article>"
        for story in found
        if story
    )
    return (
        '<aside class="companion" data-testid="StreamLayout.Companion" aria-label="Weitere Inhalte">'
        '<div data-testid="StageLayout.CompanionItem" data-sticky="true"><aside aria-label="Meistgelesen">'
        f'<div class="font-bold">Meistgelesen</div>{teasers}</aside>{nativendo("artikel-muschel-1")}</div></aside>'
    )


def stories_under(section: str, step: int) -> list[Story]:
    """The stories of a section and of the sections below it, newest first."""
    every = stories("morgenbote", step)
    if section in ("", "schlagzeilen"):
        return list(every)
    return [story for story in every if f"{story.section}/".startswith(f"{section}/")]


def _navigation() -> str:
    links = "".join(f'<a href="/{section}/">{esc(label)}</a>' for section, label in SECTIONS.items())
    return (
        f'<header data-testid="PageHeader"><a class="logo" href="/">{NAME}</a>'
        f'<nav aria-label="Hauptnavigation">{links}<a href="/video/politik/id_300430011/'
        'so-hoch-steht-das-wasser-am-fischmarkt.html">Video</a></nav></header>'
    )


def _footer() -> str:
    links = "".join(f'<a href="{path}">{esc(NO_ARTICLES[path])}</a>' for path in _FOOTER)
    return (
        f'<footer data-testid="PageFooter"><nav>{links}<a href="/intern/dienstplan.html">Intern</a>'
        '<a href="mailto:redaktion@morgenbote.example">Kontakt</a>'
        '<a href="javascript:void(0)">Datenschutz-Einstellungen</a></nav>'
        "<p>Alle Nachrichten, Orte und Menschen dieser Zeitung sind erfunden.</p></footer>"
    )
