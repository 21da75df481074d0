"""What kind of page it is, and whether all of it may be read."""

from __future__ import annotations

import re

from parsel import Selector

from newswatch.extraction.structured import ARTICLE_TYPES, Structured, types

_LIVE = re.compile(r"(?:^|[/_-])(?:live-?blog|live-?ticker|newsblog|newsticker|live)(?:[/_.-]|$)", re.I)
_OPINION = re.compile(
    r"/(?:meinung|kommentar|kommentare|kolumne|kolumnen|opinion|opinions|commentisfree|debatte|gastbeitrag|tribune|opinie|editorial)s?/",
    re.I,
)
_VIDEO = re.compile(r"/(?:video|videos|mediathek|watch)/", re.I)
_GALLERY = re.compile(r"/(?:bilder|bildergalerie|fotostrecke|fotostrecken|galerie|gallery|galleries|photos|diaporama)[/-]", re.I)
_LOCKED_TIERS = frozenset(["locked", "metered", "premium", "paid", "plus", "subscriber", "registered"])
_WALL_NAMES = re.compile(
    r"(?:^|[\s_-])(?:pay-?wall|paygate|paywalled|piano-offer|regwall|bezahlschranke|premium-?wall|subscription-wall)", re.I
)
_WALL_WORDS = re.compile(
    r"(weiterlesen mit|jetzt weiterlesen|artikel weiterlesen|mit .{2,30}(?:abo|plus|\+) weiterlesen|exklusiv für abonnenten|"
    r"nur für abonnenten|"
    r"diesen artikel (?:jetzt )?freischalten|lesen sie den ganzen artikel|bitte melden sie sich an|subscribe to (?:continue|read)|"
    r"sign in to (?:continue|read)|this article is for subscribers|already a subscriber|réservé aux abonnés|solo para suscriptores|"
    r"riservato agli abbonati|tylko dla prenumeratorów)",
    re.I,
)


def read_kind(data: Structured, url: str) -> str:
    """news | liveblog | opinion | gallery | video, from structured data, then from the address."""
    found = {t for n in data.ld for t in types(n)} if data.article else set()
    own = types(data.article)
    if "LiveBlogPosting" in found or data.article.get("liveBlogUpdate"):
        return "liveblog"
    if "OpinionNewsArticle" in own or data.first_meta("article:opinion") == "true":
        return "opinion"
    if (data.first_meta("og:type") or "").startswith("video") or _VIDEO.search(url):
        return "video"
    if own & {"ImageGallery", "MediaGallery"} or (not data.article and found & {"ImageGallery", "MediaGallery"}) or _GALLERY.search(url):
        return "gallery"
    if _OPINION.search(url):
        return "opinion"
    return "liveblog" if _LIVE.search(url) and len(data.page.root.findall(".//time")) >= 4 else "news"


def read_access(page: Selector, data: Structured) -> str:
    """free | gated: what the page states, then a paywall's box with its words."""
    free = data.article.get("isAccessibleForFree")
    if isinstance(free, list) and free:
        free = free[0]
    stated = str(free).rsplit("/", 1)[-1].lower() if free is not None else ""
    tier = (data.first_meta("article:content_tier", "cxenseparse:articletype", "article:tier") or "").lower()
    if stated == "false" or tier in _LOCKED_TIERS:
        return "gated"
    if stated == "true" or tier == "free":
        return "free"
    return "gated" if _has_wall(page) else "free"


def _has_wall(page: Selector) -> bool:
    """A box that is called a paywall and says so."""
    for element in page.root.iter("div", "section", "aside", "form"):
        names = f"{element.get('class', '')} {element.get('id', '')}"
        if _WALL_NAMES.search(names) and _WALL_WORDS.search("".join(element.itertext())[:3000]):
            return True
    return False


def is_listing(page: Selector, data: Structured, text_length: int) -> bool:
    """A section page: no article in its structured data, many headlines that are links, little text beside them."""
    if any(types(n) & ARTICLE_TYPES and (n.get("datePublished") or n.get("author")) for n in data.ld):
        return False
    if (data.first_meta("og:type") or "").startswith("article") or data.first_meta("article:published_time"):
        return False
    linked = [h for h in page.root.iter("h2", "h3", "h4") if h.find(".//a") is not None or next(h.iterancestors("a"), None) is not None]
    return len(linked) >= 8 and len(linked) * 150 > text_length
