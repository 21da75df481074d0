"""Which actors a story names, where, and by which rule.

fields -> candidates -> minus `not` -> others' names -> company -> longest, strong, evident -> mentions -> rules
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby

from newswatch.matching import rules
from newswatch.matching.candidates import Candidate, candidates
from newswatch.matching.company import Company
from newswatch.matching.evidence import evidence, in_a_list
from newswatch.matching.names import Names
from newswatch.matching.people import another, is_given, of_somebody, other_name, private_role, younger
from newswatch.matching.texts import BREAK, Texts
from newswatch.matching.watchlist import Watchlist
from newswatch.revisions import MENTION_FIELDS, content
from newswatch.story import Mention, Story

MOST_MENTIONS = 5000
"""Of one story; a page that names actors more often is cut, and said to be."""

MOST_CANDIDATES = 20_000
"""Places of one story that are looked at: names overlap, and not all count."""

MOST_SEARCHES = 1000
"""Entries of a liveblog that are looked for in the whole body, where they stand in another order than they are stated."""

SNIPPET = 160
"""Characters."""

NEEDS_COMPANY = ("organisation", "group")
"""Kinds whose weak names count only with a strong name in the same story, or with their `near`."""

STRONG, EVIDENT, BARE = 3, 2, 1
"""Claims on a place, the best first: a strong name; a weak one with company or a strong one elsewhere; a weak one alone."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A place that looks like a name and does not count."""

    mention: Mention
    reason: str


@dataclass(slots=True)
class Examination:
    """What a story's texts say of the actors of a watchlist."""

    mentions: list[Mention] = field(default_factory=list)
    """The most prominent field first, then by place; ambiguous ones are marked."""
    misses: list[Miss] = field(default_factory=list)
    """In the same order; only where they were asked for."""
    is_cut: bool = False
    """There was more than is looked at."""


def find_mentions(story: Story, watchlist: Watchlist) -> list[Mention]:
    """Every mention of every actor and rule: the most prominent field first, then by place; at most 5,000."""
    return examine_story(story, watchlist).mentions


def examine_story(story: Story, watchlist: Watchlist) -> Examination:
    """The mentions of a story, and whether there were more than are kept."""
    entries = [(e.id, e.headline, e.text) for e in story.entries]
    return examine(content(story), watchlist, language=story.language, entries=entries)


def examine(
    fields: Mapping[str, str],
    watchlist: Watchlist,
    *,
    language: str | None = None,
    entries: Sequence[tuple[str, str | None, str]] = (),
    misses: bool = False,
) -> Examination:
    """What the texts of a story say: the fields of MENTION_FIELDS by name, those that are empty left out or "".

    `language` is what the page states ("de", "de-AT"); the words of a paragraph decide first. `entries` are the ids,
    headlines and texts of a liveblog. With `misses` every near miss is told with its reason.
    """
    texts = Texts(fields, _hint(language))
    if not texts.fields:
        return Examination()
    found = list(candidates(texts, _names(watchlist, texts), MOST_CANDIDATES + 1, misses=misses))
    if not found:
        return Examination()
    out = Examination(is_cut=len(found) > MOST_CANDIDATES)
    company = _judge(found, texts)
    claims = _choose([c for c in found if c.reason is None and c.name.role != "not"], company)
    spans = _entry_spans(fields.get("body", ""), entries)
    claims.sort(key=lambda c: (c[0].start, c[0].name.actor.id))
    out.mentions = [_mention(candidate, texts, why, spans, is_ambiguous=is_ambiguous) for candidate, why, is_ambiguous in claims]
    if misses:
        missed = sorted((c for c in found if c.reason and c.name.role != "not"), key=lambda c: (c.start, c.name.actor.id))
        missed = list({(c.start, c.end, c.name.actor.id): c for c in missed}.values())
        out.misses = [Miss(_mention(c, texts, (), spans), c.reason or "") for c in missed]
    if watchlist.rules:
        out.mentions += _of_rules(out.mentions, watchlist, fields)
    out.is_cut |= len(out.mentions) > MOST_MENTIONS
    del out.mentions[MOST_MENTIONS:]
    return out


def is_touched(fields: Mapping[str, str], watchlist: Watchlist, language: str | None = None) -> bool:
    """Whether any name of the watchlist stands in the texts, whatever comes of it."""
    texts = Texts(fields, _hint(language))
    return bool(texts.fields) and any(True for _ in candidates(texts, _names(watchlist, texts), 1))


def _hint(language: str | None) -> str | None:
    return language[:2].lower() if language else None


def _names(watchlist: Watchlist, texts: Texts) -> Names:
    return compiled(watchlist, texts.may_inflect())


@lru_cache(maxsize=8)
def compiled(watchlist: Watchlist, slavic: bool) -> Names:
    """The names of a watchlist, built once, and once more for the first Polish or Czech text."""
    return Names(watchlist, slavic)


def _judge(found: list[Candidate], texts: Texts) -> Company:
    """Writes a reason on what does not count by itself: excluded, somebody else's, without company."""
    _exclude(found)
    for candidate in found:
        name = candidate.name
        if candidate.reason is None and name.role == "weak" and name.actor.kind == "person":
            candidate.reason = another(texts, candidate.start, candidate.end, name.actor)
            candidate.other = other_name(candidate.reason, name.text)
        elif candidate.reason is None and name.actor.kind in NEEDS_COMPANY and len(name.words) == 1 and name.role != "not":
            candidate.reason = of_somebody(texts, candidate.start, candidate.end)
        elif candidate.reason is None and name.role == "strong" and name.actor.kind == "person":
            candidate.reason = younger(texts.letters, candidate.end)
    strong = _longest([c for c in found if c.reason is None and c.name.role == "strong"])
    company = Company(texts, strong)
    _introduced(found, company, texts)
    weak = [c for c in found if c.reason is None and c.name.role == "weak"]
    for candidate in weak:
        candidate.reason = _alone(candidate, company, texts)
    _join_lists([*weak, *strong], texts)
    return company


def _introduced(found: Iterable[Candidate], company: Company, texts: Texts) -> None:
    """Surnames of a person whom the story introduces by another full name: `Heinz Quint ... Quint`.

    Who is named first in the text decides, whatever the headline says; not where the tracked one has the full name there.
    """
    people: dict[tuple[str, str], list[Candidate]] = {}
    for candidate in found:
        name = candidate.name
        if candidate.reason is None and name.role == "weak" and name.actor.kind == "person":
            longer = company.strong_around(candidate)
            candidate.other = longer.text if longer and longer.actor is not name.actor and longer.actor.kind == "person" else None
        is_persons = name.role == "weak" and name.actor.kind == "person" and not company.names(name.actor.id)
        if is_persons and (candidate.reason is None or candidate.other):
            people.setdefault((name.actor.id, name.text), []).append(candidate)
    for places in people.values():
        first = min(places, key=lambda c: (texts.is_headline(c.start), c.start))
        for candidate in places:
            if first.other and not candidate.other:
                candidate.reason = f"introduced as {first.other}"
            elif not candidate.reason and not candidate.other:
                candidate.reason = private_role(texts.letters, candidate.start, candidate.end)


def _join_lists(found: Iterable[Candidate], texts: Texts) -> None:
    """Weak names in a list with organisations that are named count: `SPD, Grünen und der Linken`; one brings the next."""
    organisations = [c for c in found if c.name.actor.kind in NEEDS_COMPANY]
    if not any(c.reason for c in organisations):
        return
    organisations.sort(key=lambda c: (c.start, c.end, c.name.actor.id))
    for direction in (organisations, organisations[::-1]):
        last = None
        for candidate in direction:
            if candidate.reason and _may_prove_itself(candidate) and last and in_a_list(texts.letters, candidate, last):
                candidate.reason, candidate.path = None, (*candidate.path, f"in a list with {last.name.text}")
            if not candidate.reason:
                last = candidate


def _may_prove_itself(candidate: Candidate) -> bool:
    """A weak name of an organisation whose company nobody prescribed."""
    name = candidate.name
    return name.actor.kind in NEEDS_COMPANY and name.weak is not None and not name.weak.near


def _exclude(found: Iterable[Candidate]) -> None:
    """The names inside a span that their actor's `not` takes out."""
    excluded: dict[str, list[Candidate]] = {}
    for candidate in found:
        if candidate.name.role == "not" and candidate.reason is None:
            excluded.setdefault(candidate.name.actor.id, []).append(candidate)
    if not excluded:
        return
    for spans in excluded.values():
        spans.sort(key=lambda c: c.end)
    for candidate in found:
        spans = excluded.get(candidate.name.actor.id, [])
        if not spans or candidate.name.role == "not" or candidate.reason:
            continue
        at = bisect_left(spans, candidate.start + 1, key=lambda c: c.end)
        if at < len(spans) and any(span.start < candidate.end for span in spans[at : at + 3]):
            phrase = spans[at].name
            candidate.reason = f'excluded by not "{phrase.text}"'
            if len(phrase.words) > 1 and is_given(phrase.words[0]) and phrase.words[-1] == candidate.name.words[-1]:
                candidate.other = phrase.text


def _alone(candidate: Candidate, company: Company, texts: Texts) -> str | None:
    """Why a weak name does not count by its company, None where it does."""
    weak, actor = candidate.name.weak, candidate.name.actor
    assert weak
    has_strong = actor.kind in NEEDS_COMPANY and company.names(actor.id)
    if weak.near:
        if has_strong or company.of(candidate):
            return None
        return f"nothing of near {f'within {weak.within} words' if weak.within else 'in the story'}: {', '.join(weak.near)}"
    if actor.kind not in NEEDS_COMPANY or has_strong:
        return None
    if proof := evidence(texts.letters, candidate.start, candidate.end, candidate.path):
        candidate.path = (*candidate.path, proof)
        return None
    return f"weak name of {_a(actor.kind)}, without a strong one in the story or other evidence"


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _longest(found: Iterable[Candidate]) -> list[Candidate]:
    """Of overlapping candidates the longest; equal spans all stay. The others get their reason."""
    kept: list[Candidate] = []
    taken: list[Candidate] = []
    for candidate in sorted(found, key=lambda c: (c.start - c.end, c.start)):
        at = bisect_left(taken, candidate.end, key=_start)
        other = taken[at - 1] if at else None
        if other is None or other.end <= candidate.start:
            taken.insert(bisect_left(taken, candidate.start, key=_start), candidate)
            kept.append(candidate)
        elif (other.start, other.end) == (candidate.start, candidate.end):
            kept.append(candidate)
        else:
            candidate.reason = f"inside the longer name {other.name.text}"
    return kept


def _start(candidate: Candidate) -> int:
    return candidate.start


def _choose(found: Iterable[Candidate], company: Company) -> list[tuple[Candidate, tuple[str, ...], bool]]:
    """Each place for the actor with the best claim: (candidate, what speaks for it, whether two claims are equal)."""
    out: list[tuple[Candidate, tuple[str, ...], bool]] = []
    for _, group in groupby(_longest(found), key=lambda c: (c.start, c.end)):
        claims: dict[str, tuple[int, Candidate, tuple[str, ...]]] = {}
        for candidate in group:
            claim, why = _claim(candidate, company)
            known = claims.get(candidate.name.actor.id)
            if known is None or (claim, -len(candidate.path)) > (known[0], -len(known[1].path)):
                claims[candidate.name.actor.id] = (claim, candidate, why)
        best = max(claim for claim, _, _ in claims.values())
        first = [(c, why) for claim, c, why in claims.values() if claim == best]
        for claim, candidate, _ in claims.values():
            if claim < best:
                candidate.reason = f"{first[0][0].name.actor.id} has the better claim on it"
        out += [(candidate, why, len(first) > 1) for candidate, why in first]
    return out


def _claim(candidate: Candidate, company: Company) -> tuple[int, tuple[str, ...]]:
    name = candidate.name
    if name.role == "strong":
        return STRONG, ()
    if name.weak and name.weak.near and (word := company.of(candidate)):
        return EVIDENT, (f"near {word}",)
    if company.names(name.actor.id):
        return EVIDENT, ("strong name in the story",) if name.actor.kind in NEEDS_COMPANY else ()
    return BARE, ()


def _of_rules(mentions: Sequence[Mention], watchlist: Watchlist, fields: Mapping[str, str]) -> list[Mention]:
    """The mentions of rules that hold: each once, at the most prominent of its places."""
    by_actor: dict[str, list[Mention]] = {}
    for mention in mentions:
        if not mention.is_ambiguous:
            by_actor.setdefault(mention.actor, []).append(mention)
    starts = {f: rules.word_starts(fields[f]) for f in {m.field for m in mentions}}
    out = []

    def places(term: rules.Term) -> list[Mention]:
        return sorted((m for a in rules.actors_of(term, watchlist) for m in by_actor.get(a, ())), key=_place)

    for _, rule in sorted(watchlist.rules.items()):
        spots = rules.holds(rule.condition, places, starts)
        if spots:
            first = min(spots, key=_place)
            why = " + ".join(dict.fromkeys(m.actor for m in spots))
            out.append(replace(first, actor=rule.id, name=rule.name or rule.when, rule=f"rule {rule.when}: {why}"))
    return out


def _place(mention: Mention) -> tuple[int, int, str]:
    return MENTION_FIELDS.index(mention.field), mention.start, mention.actor


def _entry_spans(body: str, entries: Iterable[tuple[str, str | None, str]]) -> list[tuple[int, int, str]]:
    """Where the entries of a liveblog stand in the body; one whose first words cannot be found has no span.

    Each is looked for behind the one before it, and from the beginning only where it is not there.
    """
    spans: list[tuple[int, int, str]] = []
    behind = 0
    for entry, headline, text in entries:
        first, *more = text.split("\n\n")
        start = body.find(first, behind) if first else -1
        if start == -1 and first and len(spans) < MOST_SEARCHES:
            start = body.find(first)
        if start == -1:
            continue
        last = body.find(more[-1], start) if more else -1
        behind = end = last + len(more[-1]) if last != -1 else start + len(first)
        if headline and body.endswith(headline + BREAK, 0, start):
            start -= len(headline + BREAK)
        spans.append((start, end, entry))
    return sorted(spans)


def _entry_at(at: int, spans: Sequence[tuple[int, int, str]]) -> str | None:
    number = bisect_right(spans, at, key=lambda span: span[0]) - 1
    return spans[number][2] if number >= 0 and at < spans[number][1] else None


def _mention(
    candidate: Candidate, texts: Texts, why: Sequence[str], entries: Sequence[tuple[int, int, str]], *, is_ambiguous: bool = False
) -> Mention:
    name = candidate.name
    number, start, end = texts.stored(candidate.start, candidate.end)
    field, text = texts.fields[number], texts.text(number)
    entry = _entry_at(start, entries) if entries and field == "body" else None
    kind = "phrase" if name.is_phrase else f"{name.role} name"
    rule = " + ".join((f"{kind} {name.text}", *candidate.path, *why))
    surface = text[start:end]
    return Mention(name.actor.id, field, start, end, surface, name.text, rule, snippet(text, start, end), entry, is_ambiguous)


def snippet(text: str, start: int, end: int) -> str:
    """At most 160 characters of the paragraph around a span, cut between words, an ellipsis where some of it was left out."""
    if end - start > SNIPPET - 4:
        return " ".join(text[start : start + SNIPPET - 2].split()) + " …"
    first = text.rfind("\n", 0, start) + 1
    last = stop if (stop := text.find("\n", end)) != -1 else len(text)
    room = max(0, SNIPPET - (end - start) - 4) // 2
    left, right = max(first, start - room), min(last, end + room)
    if left > first and (space := text.find(" ", left, start)) != -1:
        left = space + 1
    if right < last and (space := text.rfind(" ", end, right)) != -1:
        right = space
    return ("… " if left > first else "") + " ".join(text[left:right].split()) + (" …" if right < last else "")
