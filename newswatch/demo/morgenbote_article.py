"""The visible part of a Morgenbote article."""

from __future__ import annotations

from newswatch.demo.morgenbote_data import head, next_data
from newswatch.demo.morgenbote_shell import (
    author_path,
    breadcrumb_of,
    commercial,
    companion,
    nativendo,
    path_of,
    shell,
)
from newswatch.demo.news import Entry, Section, Story, story_at
from newswatch.demo.page import LOCAL, esc, lines, spoken

_PARAGRAPH = "text-18 leading-17 user-text-lg:text-22"


def article_page(story: Story, step: int, base: str) -> str:
    """The whole page of one article."""
    streams = [_opening(story, step), _continuation(story, step), _sources(story)]
    layouts = [_layout(number, items, companion(step)) for number, items in enumerate(filter(None, streams), start=1)]
    main = lines(
        [
            commercial("banner"),
            '<article class="container border-y" data-external-sdi-mark="article-container">'
            '<div data-external-tb-readmore="Article"><div class="relative">',
            *layouts[:-1],
            '</div><span data-testid="ArticleEndTracking"></span>',
            layouts[-1],
            "</div></article>",
            f'<div data-testid="TaboolaFeeds.Feed">{nativendo("below-article-feed")}</div>',
        ]
    )
    return shell(head(story, base), main, breadcrumb_of(story), next_data(story, base))


def _layout(number: int, items: list[str], beside: str) -> str:
    stream = lines(f'<div class="px-24 pt-16" data-testid="StageLayout.StreamItem">{item}</div>' for item in items)
    return (
        f'<div class="flex" data-testid="ArticleBody.StreamLayout" data-index="{number:02}">'
        f'<div class="stream" data-testid="StreamLayout.Stream">\n{stream}\n</div>{beside}</div>'
    )


def _opening(story: Story, step: int) -> list[str]:
    first, *rest = story.body
    return [
        _headline(story),
        _article_info(story),
        _opener(story),
        _action_bar(),
        f'<p class="font-bold {_PARAGRAPH}">{esc(story.lead)}</p>',
        commercial("topmobile2"),
        *_section(first),
        *(_section(rest[0]) if rest else []),
        _teasers(story, step),
        nativendo(f"artikel-survey-{story.id}"),
    ]


def _continuation(story: Story, step: int) -> list[str]:
    items = [item for section in story.body[2:] for item in _section(section)]
    items += [_entry(entry) for entry in story.entries]
    embed = '<div data-testid="ElementEmbed.Placeholder" class="rounded-8"><span>Loading...</span></div>'
    return [*items[:1], embed, *items[1:], _related(story, step)]


def _headline(story: Story) -> str:
    kicker, headline = esc(story.kicker), esc(story.headline)
    return (
        f'<h2 class="grid gap-8"><span class="text-14" data-external-article-kicker="{kicker}">{kicker}</span>'
        f'<div class="text-22 font-bold" data-external-article-headline="{headline}">{headline}</div></h2>'
    )


def _article_info(story: Story) -> str:
    date = f"Aktualisiert am {spoken(story.modified, ' - ')}" if story.modified else spoken(story.published, " - ")
    links = ", ".join(f'<a href="{author_path(name)}">{esc(name)}</a>' for name in story.authors)
    byline = f'<div aria-label="Autoren"><span>Von </span>{links}</div>' if links else ""
    return (
        f'<div class="grid">{byline}<div class="flex"><span class="text-12">{date}</span>'
        f'<span class="text-12">Lesedauer: {story.minutes} Min.</span></div></div>'
    )


def _opener(story: Story) -> str:
    caption = esc(story.caption)
    return (
        '<figure><a href="#focus-0" data-sctrack="FocusGalleryImage.Reference">'
        f'<img data-testid="Opener.Image" src="/bilder/{story.id}.svg" loading="eager" alt="{caption}" '
        f'width="803" height="451"></a><div class="px-24"><figcaption class="text-12">{caption}<!-- --> '
        f"(Quelle: {esc(story.credit)})</figcaption></div></figure>"
    )


def _action_bar() -> str:
    return (
        '<div class="flex h-48"><button><span>Vorlesen</span></button>'
        '<span><div role="tooltip" aria-hidden="true"><p class="text-center">Neu beim Morgenboten:</p>'
        '<p class="text-center">Schriftgröße anpassen!</p></div></span>'
        '<button aria-label="Artikel teilen"><span>Artikel teilen</span></button></div>'
    )


def _section(section: Section) -> list[str]:
    heading = [f'<h3 class="text-22 font-bold">{esc(section.headline)}</h3>'] if section.headline else []
    return [*heading, *(f'<p class="{_PARAGRAPH}">{esc(text)}</p>' for text in section.paragraphs)]


def _entry(entry: Entry) -> str:
    at = entry.at.astimezone(LOCAL)
    return (
        f'<a id="{entry.id}" data-testid="Liveblog.Entry" data-entry-id="{entry.id}"></a>'
        f'<time datetime="{at.isoformat()}">{spoken(entry.at, " - ")}</time>'
        f'<h3 class="text-22 font-bold">{esc(entry.headline)}</h3><p class="{_PARAGRAPH}">{esc(entry.text)}</p>'
    )


def _others(story: Story, step: int) -> list[Story]:
    found = (story_at("morgenbote", story_id, step) for story_id in story.related)
    return [other for other in found if other]


def _teasers(story: Story, step: int) -> str:
    items = "".join(
        f'<li><strong class="font-bold">{esc(other.kicker)}:</strong> '
        f'<a href="{path_of(other)}" data-sctrack="BodyAnchor">{esc(other.headline)}</a></li>'
        for other in _others(story, step)
    )
    return f'<ul class="text-18 leading-17 block">{items}</ul>'


def _related(story: Story, step: int) -> str:
    items = "".join(
        f'<li><a href="{path_of(other)}"><span class="font-bold">{esc(other.kicker)}</span> '
        f'<span class="underline">{esc(other.headline)}</span></a></li>'
        for other in _others(story, step)
    )
    return (
        f'<aside aria-label="Verwandte Artikel"><ul class="grid" data-testid="RelatedArticles.List">{items}'
        f"<li>{nativendo('alge-artikel-nachrichten')}</li></ul></aside>"
    )


def _sources(story: Story) -> list[str]:
    items = "".join(f'<li class="relative">{esc(source)}</li>' for source in story.sources)
    return [
        '<div class="rounded-8 bg-whitelilac"><div class="grid gap-12">'
        f'<div class="mb-4 text-14 font-bold leading-12">Verwendete Quellen</div><ul>{items}</ul></div></div>'
    ]
