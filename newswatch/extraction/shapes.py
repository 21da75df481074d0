"""Is it an article? For sites that nobody described: by the shape of a URL, where it stands, and what became of its like.

URL -> address -> shape (`/*/{date}/{slug}-{number}.html`)
page -> links -> Standing, shapes that repeat, shapes known from before -> article_score -> at least ENOUGH
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from newswatch.extraction.shape_words import ARTICLE, FILES, MONTHS, NEVER, NEVER_BEGINS, OFFSETS, PAGE_ENDINGS, PAGES, PASTIMES, SIDE

ENOUGH = 4.0
"""The score from which on a link is taken for an article."""
ENOUGH_ALONE = 2.0
"""The same for a URL of which nothing else is known, as in a sitemap."""

ENOUGH_READ = 10
"""Stories of a site before its failures say anything of addresses."""

HEADLINE_WORDS = 4
"""So many words in a link are likely a headline; `Mehr Sport` is not."""

_YEAR = r"(?:19[89]|20[0-4])\d"
_MONTH = r"(?:0?[1-9]|1[0-2]|" + "|".join(MONTHS) + ")"
_MM, _DD = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
_DATE_DIRS = re.compile(rf"/{_YEAR}/(?:{_MONTH}(?:/(?:{_DD}|[1-9]))?|{_MM}{_DD})(?=/)")
_DATE = re.compile(rf"(?<!\d){_YEAR}(?:-{_MM}-{_DD}|{_MM}{_DD})(?:T?\d{{4,6}})?(?!\d)")
_YEAR_DIR = re.compile(rf"/{_YEAR}(?=/)")
_ENDING = re.compile(r"\.([a-z][a-z0-9]{1,5})$")
_TOKEN = re.compile(r"\{date\}|[^-_,.;:+~!=\s]+")
_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


@dataclass(frozen=True, slots=True)
class KnownShapes:
    """How many URLs of each shape turned out to be articles of a site, and how many did not."""

    articles: Mapping[str, int] = field(default_factory=dict)
    others: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a URL stands on a page: the best of all its links there."""

    url: str
    words: int
    """Of its longest text."""
    shared: int = 0
    """Words of that text that stand in the URL too."""
    in_heading: bool = False
    """It is, or holds, an h1 to h4."""
    in_article: bool = False
    in_main: bool | None = None
    """None: the page has no main part."""
    in_aside: bool = False
    in_chrome: bool = False
    """In what is called a menu, a footer, a bar of buttons."""


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of a URL's path that tell articles from other pages."""

    shape: str
    names: tuple[str, ...]
    """The parts of the path, lower case, without marks and ending."""
    words: int = 0
    """Of the longer of the last two parts."""
    digits: int = 0
    """Of the longest number; letters and digits mixed count as 8."""
    date: str = ""
    """`day`, `year` or nothing."""
    ending: str = ""
    pages: bool = False
    """It is the second or a later page of a listing."""


def shape_of(url: str) -> str:
    """The template of a URL: dates, numbers, slugs and section names replaced, as in `/*/{date}/{slug}-{number}.html`.

    URLs that one program made have one shape. Never raises: what is no URL has the shape `?`.
    """
    return address(url).shape


@lru_cache(maxsize=8192)
def address(url: str) -> Address:
    """The parts of a URL; empty, of shape `?`, where it is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return Address("?", ())
    path = plain(unquote(parts.path)).rstrip("/") or "/"
    ending = _ENDING.search(path)
    known = ending.group(1) if ending and ending.group(1) in PAGE_ENDINGS | FILES else ""
    stem = path[: -len(known) - 1] if known else path
    dated, day = _with_dates(stem)
    names = tuple(n for n in stem.split("/") if n)
    pieces = [_piece(n) for n in dated.split("/") if n]
    if names and names[0] in SIDE:
        pieces[0] = (names[0], *pieces[0][1:])  # keeps games apart from the news of the same shape
    return Address(
        shape="/" + "/".join(_collapsed([p[0] for p in pieces])) + (f".{known}" if known else "") + _query_shape(parts.query),
        names=names,
        words=max((p[1] for p in pieces[-2:]), default=0),
        digits=max([p[2] for p in pieces] + [_query_digits(parts.query)], default=0),
        date=day,
        ending=known,
        pages=_is_further_page(names, parts.query),
    )


def is_never_article(url: str) -> bool:
    """Whether the URL itself says that it is no article: home, files, tags, authors, shops, legal pages, pages 2, 3, ..."""
    parts = address(url)
    if not parts.names and "=" not in parts.shape:
        return True
    if parts.ending in FILES or parts.pages or (parts.shape.endswith("/{date}") and not parts.words):
        return True  # `/2026/11/22/` lists a day
    if any(_mark(name) in NEVER for name in parts.names) or (parts.names and parts.names[0] in PASTIMES):
        return True
    short = [name for name in parts.names if name.count("-") < HEADLINE_WORDS - 1]
    return any(name.startswith(NEVER_BEGINS) for name in short)


def _mark(name: str) -> str:
    """What a part of a path says of itself: `video` of `video-65819534`, `gallery` of `gallery.ein-bild`, else the part."""
    first = name.partition(".")[0]
    words = [token for token in _TOKEN.findall(first) if _kind(token) == "word"]
    return words[0] if len(words) == 1 else first


def url_score(url: str) -> float:
    """What the URL alone says: about 4 for a dated slug with a number, below 0 for the name of a section."""
    parts = address(url)
    score = {0: 0.0, 1: 0.0, 2: 0.5, 3: 1.25, 4: 2.0}.get(parts.words, 2.5)
    score += {"day": 2.0, "year": 0.5}.get(parts.date, 0.0)
    score += 2.0 if parts.digits >= 6 else 1.5 if parts.digits == 5 else 0.5 if parts.digits >= 3 else 0.0
    score += 0.5 if parts.ending in PAGE_ENDINGS else 0.0
    score += 1.0 if any(name in ARTICLE for name in parts.names[:-1]) else 0.0
    if any(name in SIDE for name in parts.names):
        is_slug = parts.words >= 4 and (parts.digits >= 3 or parts.date)
        score -= 0.5 if is_slug and parts.names[0] not in SIDE else 2.0
    if parts.words < 2 and parts.digits < 3 and parts.date != "day":
        score -= 1.5
    return score


def article_score(standing: Standing, repeated: float = 0.0, known: KnownShapes | None = None) -> float:
    """How likely a link of a section page leads to an article; from ENOUGH on it is taken for one.

    `repeated` is what `repeated_shapes` says of its shape; `known` is what became of such URLs before.
    """
    learned = _learned(shape_of(standing.url), known) if known else 0.0
    is_label = 0 < standing.words <= 2
    score = url_score(standing.url) + learned
    score += min(repeated, 0.0) if is_label else max(repeated, 0.0) if learned > 0 else repeated
    score += 2.0 if standing.in_heading else 0.0
    score += 1.0 if standing.in_article else 0.0
    score += {0: 0.0, 1: 0.0, 2: 0.0, 3: 0.5}.get(standing.shared, 1.0)
    score += {True: 0.5, False: -1.5, None: 0.0}[standing.in_main]
    score -= 1.0 if standing.in_aside and standing.in_main is not False else 0.0
    score -= 2.0 if standing.in_chrome else 0.0
    if standing.words >= HEADLINE_WORDS:
        score += 1.5 if standing.words >= 6 else 1.0
    elif is_label:
        score -= 1.0
    return score


def repeated_shapes(standings: list[Standing]) -> dict[str, float]:
    """By shape, what its repetition on one page adds to a score: most links of one template that read like headlines are articles."""
    groups: dict[str, list[Standing]] = {}
    for standing in standings:
        groups.setdefault(shape_of(standing.url), []).append(standing)
    out = {}
    for shape, group in groups.items():
        told = [s for s in group if s.words]
        share = sum(s.words >= HEADLINE_WORDS for s in told) / len(told) if told else 0.5
        if len(group) >= 3 and is_specific(shape):
            out[shape] = 1.5 if share >= 0.6 else -1.0 if share <= 0.2 else 0.0
    return out


def folders_of(urls: Iterable[str]) -> Counter[str]:
    """How many of the URLs lie below each path: `/politik` has those of `/politik/...`."""
    out: Counter[str] = Counter()
    for url in urls:
        names = address(url).names
        out.update("/".join(names[:depth]) for depth in range(1, len(names)))
    return out


def is_folder(url: str, folders: Mapping[str, int]) -> bool:
    """Whether other pages lie below a URL, as below a section; a dated or numbered one may have a few (comments, pictures)."""
    parts = address(url)
    below = folders.get("/".join(parts.names), 0)
    return below >= (5 if parts.date == "day" or parts.digits >= 3 else 2)


def is_specific(shape: str) -> bool:
    """Whether a shape tells anything: `/*` and `/*/*` are those of sections, and of everything else."""
    return "{" in shape


def _learned(shape: str, known: KnownShapes) -> float:
    """Shapes that stories were read from count for it; those that only ever failed, while others were read, against.

    Where nothing was read the reading may be at fault, and nothing is learned.
    """
    if not is_specific(shape):
        return 0.0
    good, bad = known.articles.get(shape, 0), known.others.get(shape, 0)
    if good >= 2 and good >= bad:
        return 2.0
    return -5.0 if bad >= 3 and bad > 3 * good and sum(known.articles.values()) >= ENOUGH_READ else 0.0


def plain(text: str) -> str:
    """Lower case, without marks: `Über` is `uber`; control characters are gone."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c) and c >= " ")


def _with_dates(path: str) -> tuple[str, str]:
    """The path with `{date}` for its dates, and how exact the date is."""
    padded = path + "/"
    for pattern, replacement, exact in ((_DATE_DIRS, "/{date}", "day"), (_DATE, "{date}", "day"), (_YEAR_DIR, "/{date}", "year")):
        replaced, count = pattern.subn(replacement, padded, count=1)
        if count:
            return replaced.rstrip("/"), exact
    return path, ""


def _piece(name: str) -> tuple[str, int, int]:
    """A part of a path as (template, words, digits of its longest number)."""
    if name in ARTICLE or name in NEVER or name == "{date}":
        return name, 0, 0
    name = _UUID.sub("00000000", name)
    out, words, digits, run = "", 0, 0, []
    at = 0
    for token in [*_TOKEN.finditer(name), None]:
        kind = _kind(token.group()) if token else ""
        if kind == "word" and token:
            run.append(token)
            continue
        if run:
            out += name[at : run[0].start()] + _named(run, alone=len(run) == len(_TOKEN.findall(name)))
            words, at, run = words + len(run), run[-1].end(), []
        if token:
            out += name[at : token.start()] + kind
            digits = max(digits, _digits(token.group()))
            at = token.end()
    return out or "*", words, digits


def _named(run: list[re.Match[str]], *, alone: bool) -> str:
    """Words in a row: a slug, a section's name, or a mark before a number (`id_`, `a-`)."""
    if len(run) >= 3 or (len(run) == 2 and not alone):
        return "{slug}"
    return "*" if alone or len(run[0].group()) > 8 else run[0].group()


def _kind(token: str) -> str:
    """`word`, or the template of a number, a date, an id of letters and digits."""
    if token == "{date}":
        return token
    if token.isdigit():
        return "{number}" if len(token) >= 3 and not re.fullmatch(_YEAR, token) else "word"
    if any(c.isdigit() for c in token) and len(token) >= 6:
        return "{id}"
    return "word"


def _digits(token: str) -> int:
    if token.isdigit():
        return len(token)
    return 8 if token != "{date}" else 0


def _collapsed(names: list[str]) -> list[str]:
    """Sections below sections are one `*`."""
    return [name for place, name in enumerate(names) if name != "*" or place == 0 or names[place - 1] != "*"]


def _query(query: str) -> list[tuple[str, str]]:
    return sorted((name, value) for name, _, value in (part.partition("=") for part in query.split("&")[:20]) if name)


def _query_shape(query: str) -> str:
    pairs = _query(query)
    return "?" + "&".join(f"{name}={'{number}' if value.isdigit() else '{value}'}" for name, value in pairs) if pairs else ""


def _query_digits(query: str) -> int:
    return max((len(value) for name, value in _query(query) if value.isdigit() and name not in PAGES), default=0)


def _is_further_page(names: tuple[str, ...], query: str) -> bool:
    for name, value in _query(query):
        if value.isdigit() and (name in OFFSETS or (name in PAGES and len(value) <= 2)):
            return True
    last = names[-1] if names else ""
    if re.fullmatch(rf"(?:{'|'.join(PAGES)})[-_,.]?\d{{1,3}}", last):
        return True
    return len(names) > 1 and names[-2] in PAGES and bool(re.fullmatch(r"\d{1,3}", last))
