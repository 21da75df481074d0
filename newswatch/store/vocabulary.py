"""What a typed word may stand for, among the words that the stories know: other spellings, inflected forms, compounds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice, product
from typing import Any, Protocol

from newswatch.searching import compounds
from newswatch.searching.expression import Forms
from newswatch.searching.query import Clause, Query
from newswatch.searching.stems import irregular, stems
from newswatch.searching.words import fold, grouped, is_unspaced, plain

MOST_FORMS = 100
"""Of a word, of each kind: the commonest. More would make a search slow."""

MOST_IN_ALL = 160
"""Of all words of a query; each has its part of them."""

MOST_CANDIDATES, MOST_OF_SHORT = 400, 1200
"""Words with the same letters inside that are looked at for compounds; for a part of three letters so many, the rarer more coarsely."""

MOST_ENDINGS = 12
"""Forms of the last word of several that belong together."""

MOST_RUNS = 100_000
"""Runs of letters without spaces that are looked into."""

LEAST_PARTED = 8
"""Letters of a word that is looked for in two with a hyphen, too."""

LEAST_STEM = 3
"""Letters; a shorter one would join what does not belong together."""

_PLAIN = "SELECT word, stem, language FROM words WHERE word = :word OR plain = :plain OR word = :plain ORDER BY id LIMIT 20"
_STEM = "SELECT DISTINCT word FROM words WHERE stem = ? AND language = ? ORDER BY id LIMIT ?"
_PREFIX = "SELECT DISTINCT word FROM words WHERE word >= ? AND word < ? ORDER BY id LIMIT ?"
_INSIDE = (
    "SELECT w.word, w.word, w.language FROM words_inside i CROSS JOIN words w ON w.id = i.rowid"
    " WHERE i.word LIKE ? ORDER BY i.rowid LIMIT ?"
)
_AT_ENDS = (
    "SELECT word, word, language FROM words WHERE word >= ? AND word < ? OR word IN (SELECT value FROM json_each(?)) ORDER BY +id LIMIT ?"
)
_PLAIN_PREFIX = "SELECT DISTINCT word FROM words WHERE plain >= ? AND plain < ? ORDER BY +id LIMIT ?"
_PLAIN_INSIDE = "SELECT word, plain, language FROM words WHERE plain IS NOT NULL AND instr(plain, ?) ORDER BY +id LIMIT ?"
_IN_RUN = (  # the letters of scripts without spaces come behind all others
    "SELECT word FROM (SELECT id, word FROM words WHERE word >= '\u0e00' LIMIT ?) WHERE instr(word, ?) ORDER BY id LIMIT ?"
)
_WORDS = "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM words WHERE word = value)"
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
        return _phrases(db, clause, languages, most)
    word = clause.words[0]
    if clause.is_prefix:
        return _begun(db, word, 2 * most)
    spellings = _spellings(db, word)
    exact = tuple(dict.fromkeys([word, *(w for w, *_ in spellings)]))
    if clause.is_quoted:
        return Forms(exact)
    if not word.isalpha():
        return Forms(exact, tuple(grouped(word)))
    if is_unspaced(word):
        runs = _runs(db, word, most + 1)
        return Forms(exact, parts=tuple(runs[:most]), is_cut=len(runs) > most)
    stem_pairs = _stem_pairs(db, clause.raw[0], spellings, languages)
    inflected = [*_inflected(db, stem_pairs), *_parted(db, word, languages)][:most]
    parts = _compounds(db, word, stem_pairs) if compounds.can_be_part(word) else []
    return Forms(exact, tuple(inflected), tuple(parts[:most]), is_cut=len(parts) > most)


def _phrases(db: Connection, clause: Clause, languages: list[str], most: int) -> Forms:
    """Several words in a row; where they were not quoted their last one in other forms, and all of them as one word."""
    spelled = [[word, *grouped(word), *(w for w, *_ in _spellings(db, word) if w != word)][:3] for word in clause.words]
    phrases = tuple(" ".join(words) for words in islice(product(*spelled), 16))
    joined = "".join(clause.words)
    if clause.is_quoted or clause.is_prefix:
        return Forms(phrases, () if clause.is_quoted else (joined,), is_native=clause.is_prefix)
    endings = _all_forms(db, clause.words[-1], clause.raw[-1], languages)[:MOST_ENDINGS]
    inflected = [" ".join((*words, ending)) for words in islice(product(*spelled[:-1]), 4) for ending in endings]
    return Forms(phrases, tuple(dict.fromkeys([joined, *inflected, *_all_forms(db, joined, "".join(clause.raw), languages)]))[:most])


def _all_forms(db: Connection, word: str, raw: str, languages: list[str]) -> list[str]:
    """Known words that are a folded one, in other spellings and forms; none for what is not made of letters."""
    if not word.isalpha():
        return []
    spellings = _spellings(db, word)
    return list(dict.fromkeys([*(w for w, *_ in spellings), *_inflected(db, _stem_pairs(db, raw, spellings, languages))]))


def _parted(db: Connection, word: str, languages: list[str]) -> list[str]:
    """A long word as two with a hyphen, the second in any form: Ukrainekrieg -> ukraine kriegs."""
    if len(word) < LEAST_PARTED:
        return []
    ways = compounds.halves(word)
    asked = sorted({half for way in ways for half in way})
    known = {half for (half,) in db.execute(_WORDS, [json.dumps(asked, ensure_ascii=False)])}
    out = [f"{head} {form}" for head, tail in ways if {head, tail} <= known for form in _all_forms(db, tail, tail, languages)[:6]]
    return out[:MOST_ENDINGS]


def _runs(db: Connection, word: str, most: int) -> list[str]:
    """Runs of letters that a word of a script without spaces stands in."""
    return list(dict.fromkeys(run for (run,) in db.execute(_IN_RUN, [MOST_RUNS, word, most]) if run != word))


def _spellings(db: Connection, word: str) -> list[tuple[str, str, str]]:
    """Known words that are this one, however its umlauts are written: (word, stem, language)."""
    return [tuple(row) for row in db.execute(_PLAIN, {"word": word, "plain": plain(word)})]


def _begun(db: Connection, word: str, most: int) -> Forms:
    """Words that begin with one, however their umlauts are written, at most so many."""
    if not word.isalpha():
        return Forms((word,), is_native=True)
    found: dict[str, None] = {}
    for sql, beginning in ((_PREFIX, word), (_PREFIX, plain(word)), (_PLAIN_PREFIX, plain(word))):
        found.update((w, None) for (w,) in db.execute(sql, [beginning, beginning + "\U0010ffff", most + 1]))
    kept = tuple(found)[:most]
    return Forms((word, *(w for w in kept if w != word)), is_cut=len(found) > len(kept))


def _stem_pairs(db: Connection, raw: str, spellings: list[tuple[str, str, str]], languages: list[str]) -> list[tuple[str, str]]:
    """(stem, language) of a word: in each language that knows it; where none does, in all; and of its irregular forms."""
    known = [(stem, language) for _, stem, language in spellings]
    found = known or [(stem, language) for language in languages for stem in stems([raw], language)]
    german = [stem for stem, language in found if language in ("", "de")]
    for form in dict.fromkeys(form for word in (fold(raw), *german) for form in irregular(word)):
        found += [(stem, language) for _, stem, language in _spellings(db, form) if language in ("", "de")]
    return [(stem, language) for stem, language in dict.fromkeys(found) if len(stem) >= LEAST_STEM]


def _inflected(db: Connection, stem_pairs: list[tuple[str, str]]) -> list[str]:
    found: dict[str, None] = {}
    for stem, language in stem_pairs:
        found.update((word, None) for (word,) in db.execute(_STEM, [stem, language, MOST_FORMS]))
    return list(found)[:MOST_FORMS]


def _compounds(db: Connection, word: str, stem_pairs: list[tuple[str, str]]) -> list[str]:
    """Known words that a word, or its stem at their end, is a part of; the commonest first."""
    forms = [form for form in irregular(word) if word not in form]
    other = [plain(word), *forms, *(s for s, language in stem_pairs if language in compounds.LANGUAGES)]
    found: dict[str, None] = {}
    for part in compounds.parts_of(word, other):
        candidates = _candidates(db, part)
        found.update(dict.fromkeys(_told(db, candidates[:MOST_CANDIDATES], part)))
        found.update((word, None) for word, spelled in candidates[MOST_CANDIDATES:] if compounds.is_compound(spelled, part, ()))
    return list(found)


def _told(db: Connection, candidates: list[tuple[str, str]], part: str) -> Iterator[str]:
    """Those candidates that are compounds of a part, by pieces.toml or by what else the stories know."""
    is_sure = [compounds.is_compound(spelled, part, ()) for _, spelled in candidates]
    asked = [set() if sure else compounds.rests(spelled, part) for sure, (_, spelled) in zip(is_sure, candidates, strict=True)]
    everything = json.dumps(sorted(set().union(*asked)), ensure_ascii=False)
    known = {rest for (rest,) in db.execute(_KNOWN, [everything])}
    for sure, few, (word, spelled) in zip(is_sure, asked, candidates, strict=True):
        if sure or (not known.isdisjoint(few) and compounds.is_compound(spelled, part, known)):
            yield word


def _candidates(db: Connection, part: str) -> list[tuple[str, str]]:
    """Known words that have the letters of a part inside, or with umlauts in one letter: (word, how it has them)."""
    if len(part) < compounds.LEAST_PART - 1:
        rows = db.execute(_AT_ENDS, [part, part + "\U0010ffff", json.dumps(compounds.wholes(part)), MOST_CANDIDATES])
    else:
        rows = db.execute(_INSIDE, [f"%{part}%", MOST_CANDIDATES if len(part) >= compounds.LEAST_PART else MOST_OF_SHORT])
    found = [*map(tuple, rows), *map(tuple, db.execute(_PLAIN_INSIDE, [part, MOST_CANDIDATES]))]
    return [(word, spelled) for word, spelled, language in found if language in compounds.LANGUAGES]
