"""Pure: a site file drafted from what was seen of a site.

Front (home page) + [Seen] (listings) -> draft_site -> Draft: a Site, what a person should look at, articles to try

Rules for the text are not drafted: the general reader is used.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from urllib.parse import urlsplit

from newswatch.sites import Site
from newswatch.sites.addresses import FEW, NO_ARTICLES, Learned, learn_pattern, target
from newswatch.sites.generic import COUNTRIES
from newswatch.story import Link
from newswatch.written import to_toml

LEAST_LINKS = 3
"""A page with fewer articles is a section only where they stand under its own path."""

LISTINGS = 9
EXAMPLES = 5

_ZONES = {language: zone for language, zone in reversed(COUNTRIES.values())}
_COMMON_WORDS = {
    "de": "der die das und nicht mit von ist im ein eine auf den für",
    "en": "the and of to in is that for with on was by as at",
    "fr": "le la les et des du une est dans pour qui sur au par",
    "es": "el los las de que en un una por con para del se su",
    "it": "il lo gli che di un una per con del della nel sono alla",
    "nl": "de het een en van dat niet op met voor zijn aan ook",
    "pl": "i w na z że się do nie jest to o jak po dla",
    "pt": "o os as de que em um uma para com não do da no",
}


@dataclass(frozen=True, slots=True)
class Front:
    """What a home page says of its site."""

    url: str
    """After redirects."""
    title: str
    language: str | None
    """As `<html lang>` says: `de`, `de-AT`; None where it does not."""
    text: str
    """Some of what it shows, to guess the language from."""
    menu: tuple[Link, ...]
    """The links of its navigation, in order."""
    feeds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A listing that was looked at."""

    url: str
    kind: Literal["page", "feed", "sitemap"]
    links: tuple[Link, ...]
    """Of a page: all links of its main part. Of a feed or news sitemap: its entries."""
    likely: frozenset[str] = frozenset()
    """Addresses of a page's links that look and stand like articles."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A site file, and how sure it is."""

    site: Site
    notes: tuple[str, ...]
    """What a person should look at, a sentence each."""
    examples: tuple[str, ...]
    """Articles to try it on, from different sections."""

    def toml(self, day: date) -> str:
        """The file."""
        said = "".join(f"# {note}\n" for note in self.notes)
        return f"# Drafted by scrapy addsite on {day}; see docs/add-a-site.md.\n{said}{site_toml(self.site)}"


def site_toml(site: Site) -> str:
    """A site's file."""
    table = site.model_dump(exclude_defaults=True, exclude={"name"})
    table["sections"] = {k: _short(v) for k, v in table["sections"].items()}
    return to_toml(table)


def menu_of(front: Front, provisional: Site) -> list[Link]:
    """The links of the navigation that may be sections: on the site, no service, each once, at most LISTINGS."""
    found: dict[str, Link] = {}
    for link in front.menu:
        parts = [p for p in urlsplit(link.url).path.split("/") if p]
        is_service = any(p.lower() in NO_ARTICLES for p in parts)
        if provisional.owns(link.url) and parts and len(parts) <= 4 and not is_service and not re.search(r"\d{5,}", "".join(parts)):
            found.setdefault(link.url, link)
    found.pop(front.url, None)
    return list(found.values())[:LISTINGS]


def draft_site(provisional: Site, front: Front, seen: Sequence[Seen]) -> Draft | None:
    """The site as far as it can be told; None where no articles are linked. `provisional` gives name and host."""
    learned = _learn(provisional, front, seen)
    if learned is None:
        return None
    language, zone, notes = _where(provisional, front)
    table: dict[str, Any] = {
        "name": provisional.name,
        "title": front.title or provisional.title,
        "home": front.url,
        "language": language,
        "zone": zone,
        "sections": {"home": front.url},
        "article": {"pattern": learned.pattern, "exclude": list(learned.exclude)},
        "checked": False,
    }
    tried = Site.model_validate(table)
    sections, counts = _sections(tried, front, seen)
    if not sections:
        return None
    site = Site.model_validate({**table, "sections": sections})
    notes += [*_doubts(learned), *_odd(site, front), *_thin(counts)]
    return Draft(site, tuple(notes), tuple(_examples(site, seen)))


def language_of(text: str) -> str | None:
    """The language whose commonest words a text has most of; None where it has hardly any."""
    words = Counter(re.findall(r"[^\W\d_]+", text.lower()))
    hits = {code: sum(words[w] for w in common.split()) for code, common in _COMMON_WORDS.items()}
    best = max(hits, key=lambda code: hits[code])
    return best if hits[best] >= 5 else None


# --- the pattern


def _learn(site: Site, front: Front, seen: Sequence[Seen]) -> Learned | None:
    """From feeds and news sitemaps where they say enough, else from what looks like a headline on the pages."""
    listings = {s.url for s in seen} | {front.url, site.home}
    others = {link.url for link in front.menu} | listings
    sure = {link.url for s in seen if s.kind != "page" for link in s.links if site.owns(link.url)} - listings
    likely = {u for s in seen for u in s.likely} or {link.url for s in seen for link in s.links if _is_headline(link)}
    likely = {u for u in likely if site.owns(u)} - others
    others |= _short_links(site, seen)
    return learn_pattern(sure if len(sure) >= FEW else sure | likely, others - sure - likely)


def _is_headline(link: Link) -> bool:
    """A link to an article has a headline: some words; and an address that leads deeper than a section's."""
    words = (link.headline or "").split()
    return len(words) >= 3 and len(target(link.url)) > 12


def _short_links(site: Site, seen: Sequence[Seen]) -> set[str]:
    """Links of one or two words behind which no headline stands anywhere."""
    return {link.url for s in seen if s.kind == "page" for link in s.links if site.owns(link.url) and not _is_headline(link)}


# --- the sections


def _sections(site: Site, front: Front, seen: Sequence[Seen]) -> tuple[dict[str, Any], dict[str, int]]:
    """The listings that list articles, as tables of the site file, and how many each lists. The home page if no other does."""
    sections: dict[str, Any] = {}
    counts: dict[str, int] = {}
    pages = [s for s in seen if s.kind == "page" and s.url != front.url]
    home = [s for s in seen if s.kind == "page" and s.url == front.url]
    for listing in (*pages, *(s for s in seen if s.kind != "page")):
        _add(site, listing, sections, counts)
    if not sections:
        for listing in home:
            _add(site, listing, sections, counts)
    return sections, counts


def _add(site: Site, listing: Seen, sections: dict[str, Any], counts: dict[str, int]) -> None:
    articles = [link.url for link in listing.links if site.is_article(link.url)]
    count = len({site.key_of(url) or url for url in articles})
    has_own = any(_is_under(url, listing.url) for url in articles)
    if count < (LEAST_LINKS if listing.kind == "page" and not has_own else 1):
        return
    name = _section_name(listing, sections)
    table: dict[str, Any] = {"url": listing.url}
    if listing.kind != "page":
        table["kind"] = listing.kind
    if count >= 4 * LEAST_LINKS:
        table["min_links"] = LEAST_LINKS
    if any(_is_under(listing.url, other["url"]) for other in sections.values()):
        table["on"] = False  # its parent lists them too
    sections[name], counts[name] = table, count


def _is_under(url: str, folder: str) -> bool:
    """Whether a URL stands below another one's path, the home page's aside."""
    path = urlsplit(folder).path.rstrip("/")
    return bool(path) and urlsplit(url).path.startswith(f"{path}/") and url != folder


def _section_name(listing: Seen, taken: Collection[str]) -> str:
    """The last part of the path, with the one before it where that is taken: `politik`, `sport-politik`."""
    path = re.sub(r"\.[a-z]{2,5}$", "", urlsplit(listing.url).path)
    parts = [_slug(p) for p in path.split("/") if _slug(p)] or ["home"]
    for depth in range(1, len(parts) + 1):
        name = "-".join(parts[-depth:])
        if name not in taken:
            return name
    return next(name for n in range(2, 999) if (name := f"{parts[-1]}-{n}") not in taken)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _short(section: dict[str, Any]) -> Any:
    return section["url"] if list(section) == ["url"] else section


# --- the rest


def _where(site: Site, front: Front) -> tuple[str, str, list[str]]:
    """(language, zone, notes): what the page says, else its words, else its country."""
    notes = []
    stated = re.fullmatch(r"([a-z]{2,3})(?:[-_]([a-z]{2}))?", (front.language or "").strip().lower())
    language = stated[1] if stated else language_of(front.text)
    if not stated:
        said = f"{language}: guessed from its words" if language else f"{site.language}: guessed from its address"
        notes.append(f"Language: the page states none; {said}.")
    language = language or site.language
    country = (urlsplit(front.url).hostname or "").rsplit(".", 1)[-1]
    region = stated[2] if stated else None
    zone = COUNTRIES[country][1] if country in COUNTRIES else COUNTRIES[region][1] if region in COUNTRIES else _ZONES.get(language)
    if country not in COUNTRIES:
        notes.append(f"Zone: {zone or 'UTC'} is guessed from the language; it counts where the site writes times without a zone.")
    return language, zone or "UTC", notes


def _doubts(learned: Learned) -> Iterable[str]:
    if learned.of < FEW:
        yield f"Pattern: guessed from {learned.of} addresses only."
    elif learned.matched < 0.9 * learned.of:
        yield f"Pattern: fits {learned.matched} of {learned.of} addresses that look like articles."
    if not learned.has_key:
        yield "Key: no number in the addresses that would outlive a new headline; a story is known by its address."
    if learned.exclude:
        yield f"Excluded, though the pattern fits: {', '.join(learned.exclude)}"


def _odd(site: Site, front: Front) -> Iterable[str]:
    odd = [link.url for link in front.menu if site.is_article(link.url)]
    if odd:
        yield f"The navigation links {len(odd)} addresses that the pattern fits, such as {odd[0]}: articles, or to be excluded?"


def _thin(counts: dict[str, int]) -> Iterable[str]:
    thin = [f"{name} ({count})" for name, count in counts.items() if count < 2 * LEAST_LINKS]
    if thin:
        yield f"Few articles are listed in: {', '.join(thin)}."


def _examples(site: Site, seen: Sequence[Seen]) -> list[str]:
    """Articles from different listings in turn, each story once."""
    rows = [[link.url for link in s.links if site.is_article(link.url)] for s in seen]
    found: dict[str, str] = {}
    for place in range(max(map(len, rows), default=0)):
        for row in rows:
            if place < len(row):
                found.setdefault(site.key_of(row[place]) or row[place], row[place])
    return list(found.values())[:EXAMPLES]
