"""What the Talkurier tells machines: an RSS feed, a news sitemap, a sitemap of its articles, their index."""

from __future__ import annotations

from email.utils import format_datetime

from newswatch.demo.news import Story, stories
from newswatch.demo.page import LOCAL, Page, esc, html_page, lines

NAME = "Talkurier"

_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def path_of(story: Story) -> str:
    """The path of a story: /<section>/<year>/<month>/<day>/<slug>-<number>.html."""
    day = story.published.astimezone(LOCAL).strftime("%Y/%m/%d")
    return f"/{story.section}/{day}/{story.slug}-{story.id}.html"


def feed_or_sitemap(path: str, step: int, base: str) -> Page | None:
    """The feed or sitemap at `path`, or None if there is none."""
    shown = stories("talkurier", step)
    if path == "/feed.rss":
        return html_page(_rss(shown, base), content_type="application/rss+xml; charset=utf-8")
    if path == "/news-sitemap.xml":
        return html_page(_news_sitemap(shown, base), content_type="application/xml; charset=utf-8")
    if path == "/sitemap-artikel.xml":
        return html_page(_sitemap(shown, base), content_type="application/xml; charset=utf-8")
    if path == "/sitemap-index.xml":
        return html_page(_index(base), content_type="application/xml; charset=utf-8")
    return None


def local_iso(story: Story, modified: bool = False) -> str:
    """The time of publication, or of the last admitted change, as 2026-11-17T16:30:00+01:00."""
    at = (story.modified if modified else None) or story.published
    return at.astimezone(LOCAL).isoformat(timespec="seconds")


def _rss(shown: tuple[Story, ...], base: str) -> str:
    return lines(
        [
            _XML,
            '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">',
            f"<channel><title>{NAME}</title><link>{base}/</link><language>de</language>",
            "<description>Nachrichten aus dem Lunnetal</description>",
            f'<atom:link href="{base}/feed.rss" rel="self" type="application/rss+xml"/>',
            *(_item(story, base) for story in shown),
            "</channel></rss>\n",
        ]
    )


def _item(story: Story, base: str) -> str:
    creators = "".join(f"<dc:creator>{esc(name)}</dc:creator>" for name in story.authors or (story.agency,))
    published = format_datetime(story.published.astimezone(LOCAL))
    return (
        f"<item><title>{esc(story.headline)}</title><link>{base}{path_of(story)}</link>"
        f'<guid isPermaLink="false">talkurier-{story.id}</guid><description>{esc(story.lead)}</description>'
        f"<category>{esc(story.section)}</category>{creators}<pubDate>{published}</pubDate>"
        f"<atom:updated>{local_iso(story, modified=True)}</atom:updated></item>"
    )


def _news_sitemap(shown: tuple[Story, ...], base: str) -> str:
    entries = (
        f"<url><loc>{base}{path_of(story)}</loc><lastmod>{local_iso(story, modified=True)}</lastmod><news:news>"
        f"<news:publication><news:name>{NAME}</news:name><news:language>de</news:language></news:publication>"
        f"<news:publication_date>{local_iso(story)}</news:publication_date>"
        f"<news:title>{esc(story.headline)}</news:title></news:news></url>"
        for story in shown
    )
    namespace = "http://www.google.com/schemas/sitemap-news/0.9"
    return lines([_XML, f'<urlset xmlns="{_SITEMAP}" xmlns:news="{namespace}">', *entries, "</urlset>\n"])


def _sitemap(shown: tuple[Story, ...], base: str) -> str:
    entries = (f"<url><loc>{base}{path_of(story)}</loc><lastmod>{local_iso(story, modified=True)}</lastmod></url>" for story in shown)
    return lines([_XML, f'<urlset xmlns="{_SITEMAP}">', *entries, "</urlset>\n"])


def _index(base: str) -> str:
    entries = (f"<sitemap><loc>{base}/{name}.xml</loc></sitemap>" for name in ("news-sitemap", "sitemap-artikel"))
    return lines([_XML, f'<sitemapindex xmlns="{_SITEMAP}">', *entries, "</sitemapindex>\n"])
