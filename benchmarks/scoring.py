"""Scores of what was read against a gold: body, dates, authors, title. The definitions are those of the reading benchmark.

Body: F1 over the bag of words, folded (NFKC, case, quotes, dashes), the lead counted or not, whichever is better.
Dates: within 60 s where the gold has a time of day. Authors: F1 over the set of names. Title: near is word F1 of .8.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from statistics import fmean
from typing import Any

from dateutil import parser

_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(f"[{_UNSPACED}]|[^\\W{_UNSPACED}]+")
_FOLD = str.maketrans(
    {**dict.fromkeys("„“”‟«»″", '"'), **dict.fromkeys("‘’‚‛‹›′`´", "'"), **dict.fromkeys("‐‑‒–—―−", "-"), "\u00ad": "", "\u200b": ""}
)


_ZONES = {"CET": 3600, "MEZ": 3600, "CEST": 7200, "MESZ": 7200, "BST": 3600, "EST": -18000, "EDT": -14400, "PST": -28800, "PDT": -25200}


def folded(text: str | None) -> str:
    """One spelling of a text."""
    return " ".join(unicodedata.normalize("NFKC", text or "").translate(_FOLD).split()).casefold()


def words(text: str | None) -> list[str]:
    """Its words; characters where a script has no spaces."""
    return _TOKEN.findall(folded(text))


def f1(gold: Iterable[str], found: Iterable[str]) -> float:
    """F1 of two bags."""
    g, f = Counter(gold), Counter(found)
    hit = (g & f).total()
    return 2 * hit / (g.total() + f.total()) if hit else 0.0


def body_f1(gold: dict[str, Any], text: str) -> float:
    """The better of with and without the lead."""
    body = [part for headline, paragraphs in gold["sections"] for part in (*headline, *paragraphs)]
    found = words(text)
    return max(f1(words("\n".join(body)), found), f1(words("\n".join([*gold["summary"], *body])), found))


def within_a_minute(gold: str, found: str | None) -> float | None:
    """None where the gold has no time of day; a time without a zone may be UTC or the gold's."""
    at = parser.parse(gold, tzinfos=_ZONES)
    if not re.search(r"\d[T ]\d\d?:?\d\d", gold) or (at.hour, at.minute, at.second) == (0, 0, 0):
        return None
    if not found or "T" not in found:
        return 0.0
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    seen = datetime.fromisoformat(found)
    candidates = [seen] if seen.tzinfo else [seen.replace(tzinfo=zone) for zone in (at.tzinfo, UTC)]
    return float(any(abs((c - at).total_seconds()) <= 60 for c in candidates))


def score(gold: dict[str, Any], found: dict[str, Any]) -> dict[str, float]:
    """The scores of one page; a field that the gold lacks has none."""
    body = body_f1(gold, found.get("text") or "")
    out = {"body F1": body, "share >= .95": float(body >= 0.95)}
    for name in ("published", "modified"):
        if gold.get(name) and (close := within_a_minute(gold[name], found.get(name))) is not None:
            out[f"{name} 60 s"] = close
    if gold.get("authors"):
        out["authors"] = f1({folded(a) for a in gold["authors"]}, {folded(a) for a in found.get("authors") or []})
    if gold.get("title"):
        out["title near"] = float(f1(words(gold["title"]), words(found.get("title"))) >= 0.8)
    return out


def mean(scores: list[dict[str, float]]) -> dict[str, float]:
    """The mean of each score over the pages that have it."""
    names = dict.fromkeys(name for s in scores for name in s)
    return {name: fmean(s[name] for s in scores if name in s) for name in names}
