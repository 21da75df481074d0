"""Stories that have what people look for, in their newest revision; for a connection that only reads as well.

typed -> parse -> forms_of -> expression -> hits (the newest first, or by how well they fit) -> rows with marked text, facets
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from newswatch.searching.expression import EXACT, INFLECTED, PART, Forms, expression
from newswatch.searching.marking import Wanted, mark, snippet
from newswatch.searching.query import Clause, Query, parse
from newswatch.searching.slots import A_DAY, month_of, month_slots, section_paths
from newswatch.searching.slots import mark as slot_mark
from newswatch.store.vocabulary import Connection, forms_of

MOST_COUNTED = 3_000
"""Hits that are counted; of more it is said that there are more."""

FACETS_OF = 3_000
"""The newest hits, over which facets are counted."""

MOST_VALUES = 20
"""Of a facet, the most frequent."""

MOST_OFFSET = 10_000
"""Hits that can be paged through."""

_ALL_SLOTS = (-(2**62), 2**62)

_TIERS = ((EXACT, True), (INFLECTED, True), (EXACT, False), (INFLECTED, False), (PART, False))
"""`best`: all of it in the headline as typed, in other forms, anywhere as typed, in other forms, as parts; in each the newest first."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What hits must be."""

    site: str | None = None
    section: str | None = None
    """A breadcrumb, or the beginning of one: `Politik` has `Politik > Ausland`, too."""
    actor: str | None = None
    """Any revision names it."""
    kind: str | None = None
    month: str | None = None
    """`2026-11`, UTC, of `sort_at`."""

    def marks(self) -> list[str]:
        """All but the month, which the slots tell."""
        values = {"site": self.site, "section": self.section, "kind": self.kind, "actor": self.actor}
        return [slot_mark(name, value) for name, value in values.items() if value]


@dataclass(frozen=True, slots=True)
class Hit:
    """A story that was found."""

    story_id: int
    site: str
    url: str
    title: str
    """With marking.BEGIN and END around what was found; and so `snippet`."""
    snippet: str
    section: str
    kind: str
    language: str | None
    sort_at: str
    revisions: int
    gone_at: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to."""

    rows: list[Hit] = field(default_factory=list)
    total: int = 0
    """Stories; at most MOST_COUNTED."""
    is_more: bool = False
    """There are more than `total`."""
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    """`site`, `section`, `actor`, `kind`, `month`: values and how many of the newest `facets_of` hits have them."""
    facets_of: int = 0
    message: str | None = None
    """For people: why there is nothing, what was left out."""
    also: tuple[str, ...] = ()
    """Other words that were looked for, for people to see."""


def search(
    db: Connection,
    typed: str,
    *,
    site: str | None = None,
    section: str | None = None,
    actor: str | None = None,
    kind: str | None = None,
    month: str | None = None,
    order: str = "newest",
    limit: int = 20,
    offset: int = 0,
) -> Found:
    """Stories that have all that was typed, or, where nothing was, all of the filters; `order` is `newest` or `best`.

    Never an error for what was typed.

    Raises sqlite3.Error where the database cannot be read or has no index.
    """
    query, filters = parse(typed), Filters(site, section, actor, kind, month)
    if not query.wanted and (typed.strip() or not (filters.marks() or month)):
        return Found(message=query.message)
    if month and month_slots(month) is None:
        return Found(message=f"{month} is no month: write it as 2026-11.")
    if not query.wanted:
        query, order = replace(query, message=None), "newest"
    forms = forms_of(db, query)
    match = expression(query, forms, filters.marks())
    newest = db.execute(*hits_sql(match, filters, MOST_COUNTED + 1, 0)).fetchall()
    page = (max(0, min(limit, 500)), max(0, min(offset, MOST_OFFSET)))
    if order == "best":
        ids = _best(db, query, forms, filters, *page)
    elif sum(page) <= MOST_COUNTED:
        ids = [r[1] for r in newest[page[1] : sum(page)]]
    else:
        ids = [r[1] for r in db.execute(*hits_sql(match, filters, *page))]
    found = Found(
        rows=_rows(db, ids, wanted_of(query, forms)),
        total=min(len(newest), MOST_COUNTED),
        is_more=len(newest) > MOST_COUNTED,
        facets=_facets(newest[:FACETS_OF]),
        facets_of=min(len(newest), FACETS_OF),
        also=tuple(w for c in query.wanted for w in forms[c].upto(PART) if w != " ".join(c.words) and not c.is_prefix),
    )
    return replace(found, message=_message(query, forms, found))


def hits_sql(match: str, filters: Filters, limit: int, offset: int) -> tuple[str, list[Any]]:
    """(SQL, parameters): slot, story, site, section, kind, actors of what matches an expression, or of all; the newest first."""
    first, last = (month_slots(filters.month) if filters.month else None) or _ALL_SLOTS
    columns = "SELECT t.slot, t.story_id, t.site, t.section, t.kind, t.actors"
    if not match:
        sql = f"{columns} FROM story_slots t WHERE t.slot BETWEEN ? AND ? AND t.story_id IS NOT NULL ORDER BY t.slot DESC LIMIT ? OFFSET ?"
        return sql, [first, last, limit, offset]
    sql = (
        f"{columns} FROM stories_fts f CROSS JOIN story_slots t ON t.slot = f.rowid"
        " WHERE f.stories_fts MATCH ? AND f.rowid BETWEEN ? AND ? AND t.story_id IS NOT NULL"
        " ORDER BY f.rowid DESC LIMIT ? OFFSET ?"
    )
    return sql, [match, first, last, limit, offset]


def stories_sql(ids: Sequence[int]) -> tuple[str, list[Any]]:
    """(SQL, parameters): what is shown of stories."""
    return (
        "SELECT s.id, s.site, s.url, r.title, s.section, s.kind, s.language, s.sort_at, s.revisions, s.gone_at,"
        " r.lead, r.body, r.caption, r.sources, r.kicker, r.other_titles"
        " FROM json_each(?) j CROSS JOIN stories s ON s.id = j.value CROSS JOIN story_slots t ON t.story_id = s.id"
        " CROSS JOIN revisions r ON r.id = t.revision_id ORDER BY j.key",
        [json.dumps(list(ids))],
    )


def wanted_of(query: Query, forms: Mapping[Clause, Forms]) -> Wanted:
    """What is marked in the texts."""
    phrases = {tuple(text.split()) for c in query.wanted for text in forms[c].upto(PART)}
    return Wanted(frozenset(phrases), tuple(c.words[-1] for c in query.wanted if c.is_prefix and len(c.words) == 1))


def _best(db: Connection, query: Query, forms: Mapping[Clause, Forms], filters: Filters, limit: int, offset: int) -> list[int]:
    """The stories of a page, tier by tier; a story belongs to the first that has it."""
    ids: list[int] = []
    before: list[str] = []
    for level, headline in _TIERS:
        match = expression(query, forms, filters.marks(), level=level, headline=headline)
        if match in before:
            continue
        only = f"({match}) NOT ({' OR '.join(f'({b})' for b in before)})" if before else match
        before.append(match)
        ids += [r[1] for r in db.execute(*hits_sql(only, filters, offset + limit - len(ids), 0))]
        if len(ids) >= offset + limit:
            break
    return ids[offset:]


def _rows(db: Connection, ids: Sequence[int], wanted: Wanted) -> list[Hit]:
    rows = []
    for row in db.execute(*stories_sql(ids)):
        story_id, site, url, title, section, kind, language, sort_at, revisions, gone_at, *texts = tuple(row)
        shown = snippet(texts, wanted)
        rows.append(Hit(story_id, site, url, mark(title, wanted), shown, section, kind, language, sort_at, revisions, gone_at))
    return rows


def _facets(hits: Sequence[Any]) -> dict[str, list[tuple[str, int]]]:
    """Values of what a slot tells of its story, and how many hits have them; no other table is asked."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("site", "section", "actor", "kind", "month")}
    slots, _, sites, sections, kinds, actors = zip(*map(tuple, hits), strict=True) if hits else ((),) * 6
    counts["site"].update(sites)
    counts["kind"].update(kinds)
    counts["actor"].update(chain.from_iterable(map(str.split, actors)))
    for section, count in Counter(sections).items():
        counts["section"].update(dict.fromkeys(section_paths(section), count))
    for day, count in Counter(slot // A_DAY for slot in slots).items():
        counts["month"][month_of(day * A_DAY)] += count
    out = {name: sorted(c.items(), key=lambda i: (-i[1], i[0]))[:MOST_VALUES] for name, c in counts.items()}
    return out | {"month": sorted(counts["month"].items(), reverse=True)[:MOST_VALUES]}


def _message(query: Query, forms: Mapping[Clause, Forms], found: Found) -> str | None:
    """What people should know of a search."""
    said = [query.message] if query.message else []
    for clause in query.clauses:
        if forms[clause].is_cut:
            shown = " ".join(clause.words)
            said.append(
                f"Very many words begin with {shown}: only the commonest were looked for. Type more letters."
                if clause.is_prefix
                else f"{shown} is a part of very many words: only the commonest were looked for."
            )
    if not found.total:
        said.append("No story has all of this in its newest revision.")
    return " ".join(said) or None
