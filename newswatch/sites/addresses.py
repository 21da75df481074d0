"""Pure: what the addresses of a site's articles have in common, as a pattern.

[URL of an article] + [URL of another page] -> learn_pattern -> Learned(pattern, excludes, how well it fits)

A story's number is looked for first, as it outlives a new headline; then a date in the path; then the many words of a
slug. Patterns are RE2's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

import re2

NO_ARTICLES = frozenset(
    """abo about agb anmelden anzeige anzeigen archiv archive advertorial author authors autor autoren autorin bilder bildergalerie contact
    datenschutz epaper fotos fotostrecke fotostrecken gallery games galerie gewinnspiel hilfe horoskop impressum imprint intern jobs kontakt
    login mediathek newsletter person podcast podcasts privacy profile quiz raetsel ratgeber-shop search service services shop
    sitemap spiel spiele suche tag tags terms thema themen topic topics tv-programm ueber-uns user veranstaltungen video
    videos werbung""".split()  # noqa: SIM905
)
"""First parts of a path behind which a site keeps what is no article."""

FEW = 5
"""A pattern of fewer addresses than this is a guess."""

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_KINDS = {"digits": r"\d{4,}", "uuid": _UUID, "hex": r"[0-9a-f]{12,40}", "mixed": r"[A-Za-z0-9]{6,12}"}
_ID = re.compile(rf"(?<![A-Za-z0-9])(?P<word>[a-z]{{0,10}})(?P<id>{_UUID}|\d{{4,}}|[0-9a-f]{{12,40}})(?![A-Za-z0-9])")
_MIXED = re.compile(r"(?<=,)(?P<word>)(?P<id>(?=[A-Za-z]*\d)(?=[a-z0-9]*[A-Z])[A-Za-z0-9]{6,12})(?![A-Za-z0-9])")
_ENDING = re.compile(r"\.[a-z]{3,5}$")
_YEAR = re.compile(r"^(?:19|20)\d\d$|^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])$")
_DATED = r"^/(?:[^/]+/)*(?:19|20)\d\d[/-]\d{1,2}(?:[/-]\d{1,2})?/[^/]+/?$"
_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Learned:
    """A pattern and what speaks for it."""

    pattern: str
    exclude: tuple[str, ...]
    has_key: bool
    matched: int
    """Of the addresses it was learned from."""
    of: int


@dataclass(frozen=True, slots=True)
class Shape:
    """Where an address keeps its number."""

    before: str
    """The letters before it: `id_`, `-`, `,`; empty where it begins its part of the path, or is a parameter."""
    begins: bool
    """Whether `before` is the beginning of its part of the path."""
    kind: str
    after: str
    """A pattern for what follows in its part of the path, and behind."""
    param: str = ""
    """The name of the query parameter that it is."""


def learn_pattern(articles: Collection[str], others: Collection[str]) -> Learned | None:
    """The pattern that fits most of `articles` and fewest of `others`, which are no articles; None where none does.

    Folders that only `others` have are excluded: a site's imprint may look like its articles.
    """
    targets = sorted({target(u) for u in articles if not _is_service(u)})
    against = sorted({target(u) for u in (*articles, *others)} - set(targets))
    if not targets:
        return None
    patterns = [(pattern, True) for pattern in _keyed(targets)]
    patterns += [(_DATED, False), *((_worded(count), False) for count in (5, 4, 3, 2))]
    best, best_score = None, 0.0
    for pattern, has_key in patterns:
        score = _score(pattern, targets, against, has_key=has_key)
        if score > best_score:
            best, best_score = (pattern, has_key), score
    if best is None:
        return None
    pattern, has_key = best
    compiled = re2.compile(pattern)
    matched = sum(bool(compiled.search(t)) for t in targets)
    return Learned(pattern, _excludes(compiled, targets, against), has_key, matched, len(targets))


def target(url: str) -> str:
    """What patterns are searched in: path and query."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _is_service(url: str) -> bool:
    return _first_part(target(url)) in NO_ARTICLES


def _first_part(path: str) -> str:
    return path.lstrip("/").partition("/")[0].lower()


def _score(pattern: str, targets: list[str], against: list[str], *, has_key: bool) -> float:
    """0 for a pattern that cannot be used. A number that outlives a headline is worth a few addresses that it misses."""
    compiled = re2.compile(pattern)
    found = [m for t in targets if (m := compiled.search(t))]
    if len(found) < max(2, _ENOUGH * len(targets)):
        return 0
    if has_key and len({m.group("key") for m in found}) < 0.9 * len(found):
        return 0  # all have it: it is no story's number
    wrong = sum(bool(compiled.search(t)) for t in against if _first_part(t) not in NO_ARTICLES and not _is_apart(t, targets))
    if wrong > len(found) / 4:
        return 0
    return (len(found) - 2 * wrong) / len(targets) + (0.3 if has_key else 0) + _narrowness(pattern)


def _narrowness(pattern: str) -> float:
    """Of two patterns that fit alike the narrower is better: more letters, fewer that may be anything."""
    return min(len(pattern), 200) / 1e4 - 0.002 * pattern.count("[^/]*") - 0.0005 * pattern.count(")*")


def _escape(text: str) -> str:
    """As RE2 and people read it: a hyphen outside of brackets is only a hyphen."""
    return re.escape(text).replace("\\-", "-")


def _excludes(compiled: object, targets: list[str], against: list[str]) -> tuple[str, ...]:
    """Folders of addresses that the pattern fits, though no articles stand there."""
    fits = [t for t in against if compiled.search(t)]  # type: ignore[attr-defined]
    folders = {_folder(t) for t in fits if _is_apart(t, targets)}
    whole = {f"/{_first_part(t)}/" for t in (*fits, *targets) if _first_part(t) in NO_ARTICLES}
    names = "|".join(_escape(name.strip("/")) for name in sorted(whole | {f for f in folders if f"/{_first_part(f)}/" not in whole}))
    return (f"^/(?:{names})/",) if names else ()


def _is_apart(path: str, targets: list[str]) -> bool:
    """Whether no article stands in the folder of a path; the site's root is nobody's."""
    folder = _folder(path)
    return folder != "/" and not any(t.startswith(folder) for t in targets)


def _folder(path: str) -> str:
    """The path as far as its words lead: `/digital/tools/` of `/digital/tools/id_100055596/browser.html`."""
    parts = path.partition("?")[0].rstrip("/").split("/")[:-1]
    return "/".join([p for p in parts if not re.search(r"\d{4,}", p)]) + "/"


# --- with a key


def _keyed(targets: list[str]) -> list[str]:
    """A pattern a shape that several addresses have."""
    found: dict[Shape, list[str]] = {}
    for path in targets:
        for shape, number in {s: n for s, n in _shapes(path)}.items():
            found.setdefault(shape, []).append(number)
    good = [(shape, numbers) for shape, numbers in found.items() if len(numbers) >= max(2, 0.3 * len(targets))]
    return [_render(shape, numbers, folders) for shape, numbers in good for folders in ("(?:[^/]+/)*", "(?:[^/]+/)+")]


def _shapes(path: str) -> Iterable[tuple[Shape, str]]:
    """Every number of an address that may be its story's, with its shape."""
    bare, _, query = path.partition("?")
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if re.fullmatch(r"\d{3,}", value):
            yield Shape("", True, "digits", "", name), value
    parts = bare.strip("/").split("/")
    end = "/" if bare.endswith("/") else ""
    for place in (-1, -2):
        if len(parts) < -place:
            continue
        tail = end if place == -1 else "/" + _general(parts[-1]) + end
        for found in (*_ID.finditer(parts[place]), *_MIXED.finditer(parts[place])):
            if not _YEAR.match(found["id"]):
                yield from ((shape, found["id"]) for shape in _shapes_at(parts[place], found, tail))


def _shapes_at(part: str, found: re.Match[str], tail: str) -> Iterable[Shape]:
    """The ways to tell a number from the letters around it, the narrow and the wide."""
    before, after = part[: found.start("id")], part[found.end("id") :]
    kind = _kind(found["id"])
    behind = _general(after) + tail if after else tail
    if len(before) <= 12 and not re.search(r"\d", before) and before.count("-") <= 1:
        yield Shape(before, True, kind, behind)
    if before:
        yield Shape(before[-1:] if not found["word"] else found["word"], False, kind, behind)
        if longer := re.search(r"[-_,.][a-z]{1,8}[-_.,]?$", before):
            yield Shape(longer.group(), False, kind, behind)


def _kind(number: str) -> str:
    return next(kind for kind, pattern in _KINDS.items() if re.fullmatch(pattern, number))


def _general(part: str) -> str:
    """A pattern for a part of a path whose words change: its ending stays."""
    ending = _ENDING.search(part)
    words, kept = (part[: ending.start()], ending.group()) if ending else (part, "")
    lead = words[0] if words[:1] in ("-", "_", ",", ".") and words else ""
    return (_escape(lead) + "[^/]+" if words else "") + _escape(kept)


def _render(shape: Shape, numbers: list[str], folders: str) -> str:
    key = f"(?P<key>{_class(shape.kind, numbers)})"
    if shape.param:
        return rf"[?&]{_escape(shape.param)}={key}(?:&|$)"
    lead = _escape(shape.before) if shape.begins else "[^/]*" + _escape(shape.before)
    return f"^/{folders}{lead}{key}{shape.after}$"


def _class(kind: str, numbers: list[str]) -> str:
    """Numbers grow: so many digits as the shortest that was seen, or more."""
    if kind != "digits":
        return _KINDS[kind]
    shortest = min(len(n) for n in numbers)
    return rf"\d{{{max(4, shortest - 1) if shortest > 4 else shortest},}}"


# --- without


def _worded(count: int) -> str:
    """A last part of a path with at least `count` hyphens between its words."""
    return rf"^/(?:[^/]+/)*[^/-]+(?:-[^/-]+){{{count},}}/?$"
