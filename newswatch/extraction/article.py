"""One article page, read: structured data first, then the site's rules, then what a reader of any site would take.

page -> headline, body, lead, entries, dates -> refuse (no story?) -> the other fields -> Story
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any

from parsel import Selector

from newswatch.extraction import body as bodies
from newswatch.extraction import dates
from newswatch.extraction.entries import read_entries
from newswatch.extraction.headline import read_titles
from newswatch.extraction.identity import Said, read_identity
from newswatch.extraction.kinds import read_access, read_kind
from newswatch.extraction.lead import read_lead
from newswatch.extraction.nostory import refuse
from newswatch.extraction.people import read_authors
from newswatch.extraction.select import check_shape, clean, drop, first_text, page_url, texts
from newswatch.extraction.stated_dates import Field, stated_dates
from newswatch.extraction.structured import Structured, plain
from newswatch.extraction.visible_dates import page_language, published_and_modified
from newswatch.sites import Site
from newswatch.story import Fault, Stamp, Story

_CREDIT = re.compile(r"\s*\((?:Quelle|Foto|Bild|Source|Photo|Credit|Image)s?:\s*(?P<credit>[^()]*)\)", re.I)
_LABEL = re.compile(r"^(?:Quelle|Foto|Bild|Source|Photo|Credit|Image)s?:\s*", re.I)
_MINUTES = re.compile(r"(\d{1,3})\s*(?:Min|min)")


def read_article(page: Selector, site: Site, seen_at: datetime, learned: frozenset[str] = frozenset()) -> Story:
    """The story of an article page.

    `seen_at` is aware; it serves to flag dates from the future. `learned` are the keys of paragraphs that the site
    repeats on unrelated pages (see learned.py); a site with body rules needs none. Raises ReadError where the page is
    no story: `nesting`, `consent`, `error_page`, `section_page`, `layout`.
    """
    check_shape(page)
    url = page_url(page)
    data = Structured(page)
    drop(page, site.rules.drop)
    title, other_titles = read_titles(page, site, data)
    kind = read_kind(data, url)
    entries = read_entries(page, data, site.tzinfo) if kind == "liveblog" else ()
    blocks = bodies.read_body(page, site, learned) if title else []
    lead = read_lead(page, site, data, [text for _, text in blocks])
    body = bodies.passages([b for b in blocks if not _repeats(title, b)], without=(lead, title))
    body = bodies.with_entries(body, entries)
    published, modified = _dates(page, site, data, seen_at)
    refuse(page, site, data, title, body, published)
    caption, credit = _caption(page, site)
    identity = read_identity(page, site)
    return Story(
        site=site.name,
        url=url,
        title=title or "",
        body=body,
        seen_at=seen_at,
        site_key=identity.key,
        key_is_claimed=identity.key_is_claimed,
        canonical_url=identity.canonical,
        claimed=identity.claimed,
        copy_of=identity.copy_of,
        doubts=_doubts(identity, site, seen_at),
        kicker=first_text(page, site.rules.kicker),
        other_titles=other_titles,
        lead=lead,
        authors=read_authors(page, site, data),
        published=published,
        modified=modified,
        section=tuple(_section_path(data, site, title or "", url)),
        keywords=tuple(_keywords(page, site, data)),
        caption=caption,
        image_credit=credit,
        sources=tuple(texts(page, site.rules.sources)),
        reading_minutes=_minutes(page, site),
        language=_language(page, site),
        entries=entries,
        access=read_access(page, data),
        kind=kind,
    )


def _repeats(title: str | None, block: bodies.Block) -> bool:
    """A sub-headline that is the headline again, with a kicker at most."""
    is_headline, text = block
    return bool(title) and is_headline and text.casefold().endswith((title or "").casefold()) and len(text) < len(title or "") + 60


def _dates(page: Selector, site: Site, data: Structured, seen_at: datetime) -> tuple[Stamp | None, Stamp | None]:
    """Published and modified, the most trusted statement first: site rule, JSON-LD, meta tags, microdata, <time>, visible text.

    A less trusted statement of the same date wins only where it is sharper (`dates.best_stamp`). A modified that equals
    published is kept: the page states it.
    """
    zone = site.tzinfo
    language = page_language(page, site.language, site.zone)
    shown = cache(lambda: published_and_modified(page, zone, language))

    def statements(field: Field, rules: list[str], place: int) -> Iterable[Stamp | None]:
        for raw in chain(texts(page, rules), stated_dates(data, field)):
            yield dates.parse_stamp(raw, zone, language)
        yield shown()[place]

    published = dates.best_stamp(statements("published", site.rules.published, 0), zone)
    modified = dates.best_stamp(statements("modified", site.rules.modified, 1), zone)
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


def _doubts(identity: Said, site: Site, seen_at: datetime) -> tuple[Fault, ...]:
    """A page that says it is the home page, or a listing."""
    if not identity.is_listing:
        return ()
    return (Fault(site.name, "canonical", identity.url, f"says that it is {identity.canonical}, which is no story", seen_at),)


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


def _listed(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]
