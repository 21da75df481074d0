"""What a typed word may stand for, among the words that the stories know: other spellings, inflected forms, compounds."""

from __future__ import annotations

import json
from itertools import islice, product
from typing import Any, Protocol

from newswatch.searching import compounds
from newswatch.searching.expression import Forms
from newswatch.searching.query import Clause, Query
from newswatch.searching.stems import stems
from newswatch.searching.words import plain

MOST_FORMS = 100
"""Of a word, of each kind: the commonest. More would make a search slow."""

MOST_IN_ALL = 160
"""Of all words of a query; each has its part of them."""

MOST_CANDIDATES = 400
"""Words with the same letters inside that are looked at for compounds."""

LEAST_STEM = 3
"""Letters; a shorter one would join what does not belong together."""

_PLAIN = "SELECT word, stem, language FROM words WHERE word = :word OR plain = :plain OR word = :plain ORDER BY id LIMIT 20"
_STEM = "SELECT DISTINCT word FROM words WHERE stem = ? AND language = ? ORDER BY id LIMIT ?"
_PREFIX = "SELECT DISTINCT word FROM words WHERE word >= ? AND word < ? ORDER BY id LIMIT ?"
_INSIDE = (
    "SELECT w.word, w.language, w.stem FROM words_inside i CROSS JOIN words w ON w.id = i.rowid"
    " WHERE i.word LIKE ? ORDER BY i.rowid LIMIT ?"
)
_KNOWN = (
    "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM words WHERE word = value)"
    " OR EXISTS (SELECT 1 FROM words WHERE stem = value)"
)


class Connection(Protocol):
    """What can be asked: a sqlite3.Connection, read-only or not, or a sqlite_utils Database."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Any:
        """Rows of a statement."""


def forms_of(db: Connection, query: Query) -> dict[Clause, Forms]:
    """What each clause of a query may stand for."""
    languages = [language for (language,) in db.execute("SELECT language FROM word_languages ORDER BY language")]
    most = min(MOST_FORMS, MOST_IN_ALL // max(1, len(query.clauses)))
    return {clause: _forms(db, clause, languages, most) for clause in query.clauses}


def _forms(db: Connection, clause: Clause, languages: list[str], most: int) -> Forms:
    if len(clause.words) > 1:
        spelled = [[word, *(w for w, *_ in _spellings(db, word) if w != word)][:3] for word in clause.words]
        phrases = tuple(" ".join(words) for words in islice(product(*spelled), 16))
        joined = () if clause.is_quoted else ("".join(clause.words),)
        return Forms(phrases, joined, is_native=clause.is_prefix)
    word = clause.words[0]
    if clause.is_prefix:
        return _begun(db, word, 2 * most)
    spellings = _spellings(db, word)
    exact = tuple(dict.fromkeys([word, *(w for w, *_ in spellings)]))
    if clause.is_quoted or not word.isalpha():
        return Forms(exact)
    stem_pairs = _stem_pairs(clause.raw[0], spellings, languages)
    inflected = _inflected(db, stem_pairs)[:most]
    parts = _compounds(db, word, stem_pairs) if compounds.can_be_part(word) else []
    return Forms(exact, tuple(inflected), tuple(parts[:most]), is_cut=len(parts) > most)


def _spellings(db: Connection, word: str) -> list[tuple[str, str, str]]:
    """Known words that are this one, however its umlauts are written: (word, stem, language)."""
    return [tuple(row) for row in db.execute(_PLAIN, {"word": word, "plain": plain(word)})]


def _begun(db: Connection, word: str, most: int) -> Forms:
    """Words that begin with one, at most so many."""
    if not word.isalpha():
        return Forms((word,), is_native=True)
    found: dict[str, None] = {}
    for beginning in dict.fromkeys([word, plain(word)]):
        rows = db.execute(_PREFIX, [beginning, beginning + "\U0010ffff", most + 1])
        found.update((w, None) for (w,) in rows)
    kept = tuple(found)[:most]
    return Forms((word, *(w for w in kept if w != word)), is_cut=len(found) > len(kept))


def _stem_pairs(raw: str, spellings: list[tuple[str, str, str]], languages: list[str]) -> list[tuple[str, str]]:
    """(stem, language) of a word: in each language that knows it; where none does, in all."""
    known = [(stem, language) for _, stem, language in spellings]
    found = known or [(stem, language) for language in languages for stem in stems([raw], language)]
    return [(stem, language) for stem, language in dict.fromkeys(found) if len(stem) >= LEAST_STEM]


def _inflected(db: Connection, stem_pairs: list[tuple[str, str]]) -> list[str]:
    found: dict[str, None] = {}
    for stem, language in stem_pairs:
        found.update((word, None) for (word,) in db.execute(_STEM, [stem, language, MOST_FORMS]))
    return list(found)[:MOST_FORMS]


def _compounds(db: Connection, word: str, stem_pairs: list[tuple[str, str]]) -> list[str]:
    """Known words that a word, or its stem at their end, is a part of; the commonest first."""
    wanted = dict.fromkeys([word, plain(word), *(s for s, language in stem_pairs if language in compounds.LANGUAGES)])
    found: dict[str, None] = {}
    for part in (p for p in wanted if compounds.can_be_part(p)):
        rows = db.execute(_INSIDE, [f"%{part}%", MOST_CANDIDATES]).fetchall()
        candidates = [r[0] for r in rows if r[1] in compounds.LANGUAGES]
        asked = {rest for candidate in candidates for rest in compounds.rests(candidate, part)}
        known = {rest for (rest,) in db.execute(_KNOWN, [json.dumps(sorted(asked), ensure_ascii=False)])}
        found.update((c, None) for c in candidates if compounds.is_compound(c, part, known))
    return list(found)
