"""One article page, read: structured data first, then the site's rules, then trafilatura.

page -> check_depth -> Structured ---+
                    -> rules --------+-> fields -> body -> dates -> Story
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from parsel import Selector

from newswatch.errors import ReadError
from newswatch.extraction import body as bodies
from newswatch.extraction import dates
from newswatch.extraction.links import resolve
from newswatch.extraction.select import check_depth, clean, drop, element_text, elements, first_text, page_url, texts
from newswatch.extraction.structured import Structured, plain, types
from newswatch.sites import Site
from newswatch.story import Stamp, Story

_CREDIT = re.compile(r"\s*\((?:Quelle|Foto|Bild|Source|Photo|Credit|Image)s?:\s*(?P<credit>[^()]*)\)", re.I)
_LABEL = re.compile(r"^(?:Quelle|Foto|Bild|Source|Photo|Credit|Image)s?:\s*", re.I)
_BY = re.compile(r"^(?:Von|By|Par)\s+")
_MINUTES = re.compile(r"(\d{1,3})\s*(?:Min|min)")
_ERROR_WORDS = re.compile(
    r"\b(Fehler|Error|404|500|503|nicht gefunden|not found|existiert nicht|gibt es nicht mehr|Seite nicht verfügbar|"
    r"Wartung|maintenance|unavailable|Ups|Oops|schiefgelaufen|went wrong|Zugriff verweigert|access denied)\b",
    re.I,
)
SHORT_PAGE = 1500
"""Characters: a page without a story that shows less text than this and speaks of an error is an error page."""

SHORT_TEXT = 600
"""Characters: a page without a date, with less text than this under a headline that speaks of an error, is one too."""


def read_article(page: Selector, site: Site, seen_at: datetime) -> Story:
    """The story of an article page.

    `seen_at` is aware; it serves to flag dates from the future. Raises ReadError: `nesting`, `error_page`, or
    `layout` where the title or the text cannot be found.
    """
    check_depth(page)
    url = page_url(page)
    data = Structured(page)
    drop(page, site.rules.drop)
    title, other_titles = _titles(page, site, data)
    lead = first_text(page, site.rules.lead) or data.first_meta("description", "og:description") or plain(data.article.get("description"))
    blocks = bodies.read_body(page, site) if title else []
    passages = bodies.passages(blocks, without=(lead, title))
    if not title or not any(p.paragraphs for p in passages):
        raise _no_story(page, site, title)
    published, modified = _dates(page, site, data, seen_at)
    if published is None and _ERROR_WORDS.search(title) and sum(len(t) for p in passages for t in p.paragraphs) < SHORT_TEXT:
        raise ReadError("error_page", f'it says "{title[:80]}"', site=site.name, url=url)
    caption, credit = _caption(page, site)
    canonical = _canonical_url(page, site)
    return Story(
        site=site.name,
        url=url,
        title=title,
        body=passages,
        seen_at=seen_at,
        site_key=site.key_of(url) or (site.key_of(canonical) if canonical else None),
        canonical_url=canonical,
        urls=(canonical,) if canonical and _is_own(canonical, site) else (),
        kicker=first_text(page, site.rules.kicker),
        other_titles=other_titles,
        lead=lead,
        authors=tuple(_authors(page, site, data)),
        published=published,
        modified=modified,
        section=tuple(_section_path(data, site, title, url)),
        keywords=tuple(_keywords(page, site, data)),
        caption=caption,
        image_credit=credit,
        sources=tuple(texts(page, site.rules.sources)),
        reading_minutes=_minutes(page, site),
        language=_language(page, site),
        access=_access(data),
        kind=_kind(data, url),
    )


def _titles(page: Selector, site: Site, data: Structured) -> tuple[str | None, tuple[str, ...]]:
    """The headline a reader sees, and the others that the page states, each once."""
    shown = first_text(page, site.rules.title)
    own_h1 = None if site.rules.title else first_text(page, ["//article//h1", "//h1"])
    stated = [
        plain(data.article.get("headline")),
        data.first_meta("og:title", "twitter:title"),
        plain(data.article.get("alternativeHeadline")),
    ]
    title = shown or own_h1 or next(filter(None, stated), None)
    others = dict.fromkeys(t for t in stated if t and t != title)
    return title, tuple(others)


def _no_story(page: Selector, site: Site, title: str | None) -> ReadError:
    """What to say of a page that has no title or no text: an error page, or a layout that we do not know."""
    shown = element_text(page.root) or ""
    if len(shown) < SHORT_PAGE and (_ERROR_WORDS.search(shown) or len(shown) < 200):
        return ReadError("error_page", f'it says "{shown[:80]}"', site=site.name, url=page_url(page))
    return ReadError("layout", "no text found" if title else "no title found", site=site.name, url=page_url(page))


def _dates(page: Selector, site: Site, data: Structured, seen_at: datetime) -> tuple[Stamp | None, Stamp | None]:
    """Published and modified: JSON-LD, meta tags, then `<time>` in the article."""
    times = [t.get("datetime") for t in elements(page, ["//article//time[@datetime]", "//main//time[@datetime]"])]
    published = dates.first_stamp(
        [
            *texts(page, site.rules.published),
            plain(data.article.get("datePublished")),
            plain(data.article.get("dateCreated")),
            data.first_meta("article:published_time", "og:article:published_time", "datepublished", "date", "dc.date"),
            *times[:1],
        ],
        site.tzinfo,
    )
    modified = dates.first_stamp(
        [
            *texts(page, site.rules.modified),
            plain(data.article.get("dateModified")),
            data.first_meta("article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified", "last-modified"),
        ],
        site.tzinfo,
    )
    if published and modified and modified.at == published.at:
        modified = None
    return dates.checked(published, modified, seen_at)


def _caption(page: Selector, site: Site) -> tuple[str | None, str | None]:
    """Caption and credit of the opening picture; the credit is cut from the caption's end where it stands there."""
    caption = first_text(page, site.rules.caption)
    credit = first_text(page, site.rules.credit)
    if caption and credit:
        caption = clean(caption.removesuffix(credit))
    elif caption and (found := _CREDIT.search(caption)):
        caption, credit = clean(caption[: found.start()]), clean(found["credit"])
    return caption, clean(_LABEL.sub("", credit)) if credit else None


def _canonical_url(page: Selector, site: Site) -> str | None:
    hrefs = elements(page, ["//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content"])
    return resolve(page_url(page), hrefs[0], site) if hrefs else None


def _is_own(canonical: str, site: Site) -> bool:
    """A canonical address of another site is a link between stories, and that of a home page is a mistake."""
    if site.article.pattern:
        return site.is_article(canonical)
    return site.owns(canonical) and urlsplit(canonical).path not in ("", "/")


def _authors(page: Selector, site: Site, data: Structured) -> Iterable[str]:
    """Who wrote it, from the site's rule or JSON-LD. The outlet counts beside a person, alone it is no author."""
    own = {site.name.casefold(), site.title.casefold()}
    byline = [_BY.sub("", name) for name in texts(page, site.rules.authors)]
    names = byline or [n for a in _listed(data.article.get("author")) if (n := plain(a))]
    return dict.fromkeys(names) if any(n.casefold() not in own for n in names) else ()


def _keywords(page: Selector, site: Site, data: Structured) -> Iterable[str]:
    raw = texts(page, site.rules.keywords) or _listed(data.article.get("keywords")) or _listed(data.first_meta("news_keywords", "keywords"))
    words = [w for value in raw if (text := plain(value)) for w in (part.strip() for part in text.split(",")) if w]
    return dict.fromkeys(w for w in words if not w.isdigit())


def _section_path(data: Structured, site: Site, title: str, url: str) -> list[str]:
    """The breadcrumb without home (the first) and without the story itself (the last)."""
    crumbs = data.breadcrumb
    if crumbs and (crumbs[0][1] or "").rstrip("/") in (site.home.rstrip("/"), ""):
        crumbs = crumbs[1:]
    if crumbs and (crumbs[-1][1] == url or crumbs[-1][0] == title or (crumbs[-1][1] and site.is_article(crumbs[-1][1]))):
        crumbs = crumbs[:-1]
    if not crumbs and (section := plain(data.article.get("articleSection")) or data.first_meta("article:section")):
        return [section]
    return [name for name, _ in crumbs]


def _minutes(page: Selector, site: Site) -> int | None:
    found = _MINUTES.search(first_text(page, site.rules.reading_minutes) or "")
    return int(found.group(1)) if found else None


def _language(page: Selector, site: Site) -> str:
    stated = clean(page.root.xpath("string(/html/@lang)")) or ""
    code = re.split(r"[-_]", stated)[0].lower()
    return code if re.fullmatch(r"[a-z]{2,3}", code) else site.language


def _access(data: Structured) -> str:
    free = data.article.get("isAccessibleForFree")
    tier = (data.first_meta("article:content_tier") or "").lower()
    gated = free is False or str(free).rsplit("/", 1)[-1].lower() == "false" or tier in {"locked", "metered", "premium", "paid"}
    return "gated" if gated else "free"


def _kind(data: Structured, url: str) -> str:
    node_types = {t for n in data.ld for t in types(n)} if data.article else set()
    if "LiveBlogPosting" in node_types:
        return "liveblog"
    if "OpinionNewsArticle" in node_types or data.first_meta("article:opinion") == "true":
        return "opinion"
    if (data.first_meta("og:type") or "").startswith("video") or "/video/" in url:
        return "video"
    return "news"


def _listed(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]
