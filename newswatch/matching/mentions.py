"""Which actors a story names, where, and by which rule.

text -> automaton -> hits on whole words -> minus `not` -> longest -> weak names with company -> mentions
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from newswatch.matching.watchlist import Pattern, Watchlist
from newswatch.revisions import MENTION_FIELDS, content
from newswatch.story import Mention, Story

MOST_MENTIONS = 5000
"""Of one story; a page that names actors more often is cut."""

SNIPPET = 160
"""Characters."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Hit:
    """A literal that stands in a field as a whole word."""

    field: str
    start: int
    end: int
    pattern: Pattern

    @property
    def length(self) -> int:
        """In code points."""
        return self.end - self.start


def find_mentions(story: Story, watchlist: Watchlist) -> list[Mention]:
    """Every mention of every actor: the most prominent field first, then by place.

    Letters must be exact, words whole; a hyphen ends a word. Where names of one or several actors overlap, the longest
    counts, and the strong one of equals. At most 5,000 mentions.
    """
    fields = content(story)
    texts = {f: fields[f] for f in MENTION_FIELDS if fields[f]}
    hits = [h for field, text in texts.items() for h in _hits(field, text, watchlist)]
    hits = _longest(_allowed(hits))
    named = {h.pattern.actor.id for h in hits if h.pattern.role == "strong"}
    kept = [h for h in hits if h.pattern.role == "strong" or _has_company(h, hits, texts, named)]
    return [_mention(h, texts[h.field]) for h in kept[:MOST_MENTIONS]]


def _hits(field: str, text: str, watchlist: Watchlist) -> list[Hit]:
    if watchlist.automaton is None:
        return []
    found = watchlist.automaton.find_matches_as_indexes(text, overlapping=True)
    return [Hit(field, start, end, watchlist.patterns[i]) for i, start, end in found if _is_whole(text, start, end)]


def _is_whole(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (_joins(before) or _joins(after))


def _joins(char: str) -> bool:
    return char.isalnum() or char == "_"


def _allowed(hits: list[Hit]) -> list[Hit]:
    """Without the names inside a span that their actor's `not` takes out."""
    spans = [h for h in hits if h.pattern.role == "not"]

    def taken_out(hit: Hit) -> bool:
        return any(s.pattern.actor is hit.pattern.actor and _overlap(s, hit) for s in spans)

    return [h for h in hits if h.pattern.role != "not" and not taken_out(h)]


def _longest(hits: list[Hit]) -> list[Hit]:
    """Of overlapping hits the longest, then the strong one; two actors with equal claims both stay."""
    order = {f: i for i, f in enumerate(MENTION_FIELDS)}
    hits = sorted(hits, key=lambda h: (order[h.field], h.start, -h.length, h.pattern.role))
    kept: list[Hit] = []
    for hit in hits:
        last = kept[-1] if kept else None
        if last is None or not _overlap(last, hit):
            kept.append(hit)
        elif (last.start, last.end, last.pattern.role) == (hit.start, hit.end, hit.pattern.role):
            if last.pattern.actor is not hit.pattern.actor:
                kept.append(hit)
        elif hit.length > last.length:
            kept[-1] = hit
    return kept


def _overlap(a: Hit, b: Hit) -> bool:
    return a.field == b.field and a.start < b.end and b.start < a.end


def _has_company(hit: Hit, hits: list[Hit], texts: dict[str, str], named: set[str]) -> bool:
    """Whether a weak name stands where it may count: no `near`, or something of it near enough."""
    weak = hit.pattern.weak
    if weak is None or not weak.near:
        return True
    for word in weak.near:
        if word.startswith("@"):
            actor = hit.pattern.actor.id if word == "@name" else word[1:]
            near = [h for h in hits if h.pattern.actor.id == actor and h.pattern.role == "strong"]
            if any(_close(hit, h.field, h.start, h.end, texts, weak.within) for h in near):
                return True
        elif any(_close(hit, f, m.start(), m.end(), texts, weak.within) for f, t in texts.items() for m in _word(word).finditer(t)):
            return True
    return False


def _word(word: str) -> re.Pattern[str]:
    stem = word.removesuffix("*")
    return re.compile(rf"(?<!\w){re.escape(stem)}" + ("" if word.endswith("*") else r"(?!\w)"))


def _close(hit: Hit, field: str, start: int, end: int, texts: dict[str, str], within: int | None) -> bool:
    if within is None:
        return True
    if field != hit.field:
        return False
    between = texts[field][end : hit.start] if start < hit.start else texts[field][hit.end : start]
    return len(_WORD.findall(between)) <= within


def _mention(hit: Hit, text: str) -> Mention:
    pattern = hit.pattern
    rule = "strong name" if pattern.role == "strong" else "weak name"
    if pattern.weak and pattern.weak.near:
        rule += " + near"
    return Mention(
        actor=pattern.actor.id,
        field=hit.field,
        start=hit.start,
        end=hit.end,
        surface=text[hit.start : hit.end],
        name=pattern.text,
        rule=rule,
        snippet=snippet(text, hit.start, hit.end),
    )


def snippet(text: str, start: int, end: int) -> str:
    """At most 160 characters around a span, cut between words, an ellipsis where something was left out."""
    room = max(0, SNIPPET - (end - start) - 4) // 2
    left, right = max(0, start - room), min(len(text), end + room)
    if left > 0 and (space := text.find(" ", left, start)) != -1:
        left = space + 1
    if right < len(text) and (space := text.rfind(" ", end, right)) != -1:
        right = space
    cut = text[left:right].replace("\n", " ")
    return ("… " if left > 0 else "") + " ".join(cut.split()) + (" …" if right < len(text) else "")
