"""The names of a watchlist, compiled: one automaton over the stems of one word of each name.

Watchlist -> Name (every literal) -> its anchor, the word that is looked for -> variants of its stem -> automaton
"""

from __future__ import annotations

import gc
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

import ahocorasick_rs

from newswatch.matching.inflection import Inflection, Readings, inflection
from newswatch.matching.normal import normal_name, unaccented
from newswatch.matching.spellings import spellings
from newswatch.matching.watchlist import Actor, Watchlist, WeakName
from newswatch.matching.words import lists as lists_of

CAPITALS = "capitals"
"""A name of five letters or more may stand in capitals."""

SHORTEST_IN_CAPITALS = 5

SHORTEST_ACRONYM = 4
"""Letters of a name in capitals that may stand as a word, too: NATO, Nato."""

KEY = 2
"""Letters of the neighbouring word by which the names of one anchor are told apart."""

LINKS = ("", "s", "es")
"""Letters between the parts of a German compound."""

_LARGE = 12
"""Names of one anchor from which on they are looked up by key."""

_WORD = re.compile(r"[^\W_]+")
_SEPARATOR = re.compile(r"(\. |[ -])")

_GERMAN = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ẞ": "SS"}
_SWISS = {"ß": "ss", "ẞ": "SS"}


class Name:
    """A literal of an actor, and what it stands for."""

    __slots__ = (
        "actor",
        "anchor",
        "any_ending",
        "cut",
        "endings",
        "ends_here",
        "exact",
        "is_phrase",
        "keys",
        "role",
        "separators",
        "slavic",
        "spelling",
        "text",
        "weak",
        "words",
    )

    def __init__(
        self,
        text: str,
        actor: Actor,
        role: str,
        weak: WeakName | None = None,
        *,
        exact: bool = False,
        is_phrase: bool = False,
        spelling: str | None = None,
        slavic: bool = True,
    ) -> None:
        self.slavic = slavic
        """Inflected as in Slavic languages, too."""
        self.text = text
        """As the watchlist has it."""
        self.actor = actor
        self.role = role
        """strong | weak | not"""
        self.weak = weak
        self.exact = exact
        self.is_phrase = is_phrase
        """In any case."""
        self.any_ending = text[-1] == "*"
        self.spelling = spelling
        """`German spelling of Лукашенко`, where it was generated."""
        self.words, self.separators = _split(normal_name(text[:-1] if self.any_ending else text))
        """In normal form; what stands between two."""
        self.anchor = self._anchor()
        """Which of the words is looked for."""
        self.keys = first_letters(self.stem(self.anchor - 1 if self.anchor else 1)) if len(self.words) > 1 else None
        """How the word before the anchor begins, or the one behind it where it is the first."""
        self.ends_here = self.anchor == len(self.words) - 1
        """The anchor is its last word."""
        last = self.inflection(-1)
        self.cut = 0 if self.any_ending else last.cut
        """Letters that the stem of the last word lacks."""
        self.endings = last.endings
        """What may follow that stem."""

    @property
    def inflected_as(self) -> str:
        """How its words are inflected: the kind of `inflection`."""
        if self.actor.kind == "person":
            return "person"
        return "phrase" if self.actor.kind == "topic" else "word" if len(self.words) > 1 else "name"

    def inflection(self, number: int) -> Inflection:
        """How one of its words is inflected."""
        return inflection(self.words[number], self.inflected_as, self.slavic)

    def stem(self, number: int) -> str:
        """What a word of it begins with in all its forms."""
        return self.words[number] if self.any_ending else self.inflection(number).stem(self.words[number])

    def _anchor(self) -> int:
        """Of a person it is the last word, which the short names share; of others the longest."""
        last = len(self.words) - 1
        if self.actor.kind == "person" and len(self.words[last]) >= 3:
            return last
        return max(range(last + 1), key=lambda i: (len(self.words[i]), i))


class Names:
    """All names of a watchlist, ready to be looked for.

    `slavic`: also with the endings of Polish and Czech, for which most stems lose a letter or two, so that far more words
    begin like a name: only texts that may be Polish or Czech are searched with these.
    """

    def __init__(self, watchlist: Watchlist, slavic: bool = True) -> None:
        was_collecting = gc.isenabled()
        gc.disable()  # it would go through the growing heap again and again: half of the time, and there is no garbage
        try:
            self._build(watchlist, slavic)
        finally:
            if was_collecting:
                gc.enable()

    def _build(self, watchlist: Watchlist, slavic: bool) -> None:
        found: dict[str, dict[str | None, list[Name]]] = {}
        endings: dict[int, Mapping[str, Readings]] = {}
        has_any_ending = False
        for name in names_of(watchlist, slavic):
            endings[id(name.endings)] = name.endings
            if not name.ends_here:
                of_anchor = name.inflection(name.anchor).endings
                endings[id(of_anchor)] = of_anchor
            has_any_ending |= name.any_ending
            for stem, label in variants(name):
                by_label = found.get(stem)
                if by_label is None:
                    found[stem] = {label: [name]}
                elif label in by_label:
                    by_label[label].append(name)
                else:
                    by_label[label] = [name]
        self._automaton = ahocorasick_rs.AhoCorasick(found.keys(), store_patterns=False) if found else None
        self.groups = [tuple((label, Group(names) if len(names) > _LARGE else names) for label, names in g.items()) for g in found.values()]
        """By the number of a hit: the names that have the stem, by the way in which it is written."""
        self.keys = [_keys(names for _, names in group) for group in self.groups]
        """By the number of a hit: how the word before it must begin; None where it need not. Asked first: most hits end there."""
        self.pieces = frozenset() if has_any_ending else _beginnings(endings.values())
        """How what follows a stem may begin: two letters, or one that the stem lacks; empty: in any way."""

    def hits(self, text: str) -> list[tuple[int, int, int]]:
        """(number, start, end) of every stem in a normalised text, inside words too."""
        return self._automaton.find_matches_as_indexes(text, overlapping=True) if self._automaton else []


def _keys(groups: Iterable[Sequence[Name] | Group]) -> frozenset[str] | None:
    """What `Name.keys` of all names say, if all of them have a word before the anchor."""
    found: frozenset[str] | None = None
    for group in groups:
        if isinstance(group, Group):
            return None
        for name in group:
            if name.keys is None or not name.anchor:
                return None
            found = name.keys if found is None or found == name.keys else found | name.keys
    return found


def _beginnings(endings: Iterable[Mapping[str, Readings]]) -> frozenset[str]:
    """The first two letters of all endings and of all second parts of compounds; the first one of what stems lack."""
    lists = lists_of("compounds")
    out = {(link + part)[:2] for key in ("belongs", "named_after") for part in lists[key] for link in LINKS}
    for known in endings:
        out |= {ending[:2] if readings or not ending else ending[:1] for ending, readings in known.items()}
    return frozenset(out)


class Group:
    """Many names with one anchor: alone, or by how the word beside it begins."""

    __slots__ = ("after", "alone", "before")

    def __init__(self, names: Sequence[Name]) -> None:
        self.alone = [n for n in names if n.keys is None]
        self.before: dict[str, list[Name]] = {}
        self.after: dict[str, list[Name]] = {}
        for name in names:
            for key in name.keys or ():
                (self.before if name.anchor else self.after).setdefault(key, []).append(name)

    def beside(self, before: str, after: str) -> Iterator[Name]:
        """The names that stand alone, and those whose neighbouring words begin so (a stem may be one letter long)."""
        yield from self.alone
        for side, key in ((self.before, before), (self.after, after)):
            for begin in {key, key[:1]}:
                yield from side.get(begin, ())


def names_of(watchlist: Watchlist, slavic: bool = True) -> Iterator[Name]:
    """Every literal of every actor."""
    for actor in watchlist.actors.values():
        strong, exact = actor.strong, actor.exact
        for text in strong:
            yield Name(text, actor, "strong", exact=text in exact, slavic=slavic)
        for phrase in actor.phrases:
            yield Name(phrase, actor, "strong", is_phrase=True, slavic=slavic)
        for weak in actor.weak:
            if weak.on and weak.text not in strong:
                yield Name(weak.text, actor, "weak", weak, exact=weak.case is not None, slavic=slavic)
        for phrase in actor.not_:
            yield Name(phrase, actor, "not", slavic=slavic)
        for text, source, label in generated(actor) if actor.scripts else ():
            yield Name(text, actor, "weak" if source else "strong", source, spelling=label, slavic=slavic)


def generated(actor: Actor) -> Iterator[tuple[str, WeakName | None, str]]:
    """The spellings that `scripts` asks for, but those that are switched off and those that the watchlist has itself.

    Each with the weak name that it is a spelling of (None: a strong one), and what it is.
    """
    known = {*actor.strong, *(w.text for w in actor.weak), *actor.without}
    sources: list[tuple[str, WeakName | None]] = [(text, None) for text in actor.strong]
    sources += [(w.text, w) for w in actor.weak if w.on]
    for text, weak in sources:
        for spelling in spellings(text, actor.scripts):
            if spelling.text not in known and unaccented(spelling.text) not in actor.without:
                known.add(spelling.text)
                yield spelling.text, weak, f"{spelling.system} spelling of {text}"


def variants(name: Name) -> Iterator[tuple[str, str | None]]:
    """The stems under which a name is looked for, and in which way each is written (None: as the watchlist has it)."""
    stem = name.stem(name.anchor)
    if len(name.words) == 1 and 2 <= len(stem) <= SHORTEST_ACRONYM and stem.isupper() and stem.isalpha():
        yield "".join(f"{letter}." for letter in stem), "with full stops"
    if name.exact:
        yield stem, None
        return
    forms = written(stem)
    if name.is_phrase:
        cases = {f(text): label for text, label in forms for f in (str, str.lower, str.capitalize, str.upper)}
        yield from cases.items()
        return
    yield from forms
    if len(name.words) > 2 or sum(map(len, name.words)) >= SHORTEST_IN_CAPITALS:
        for text, _ in forms:
            if (upper := text.upper()) != text:
                yield upper, CAPITALS
    if len(name.words) == 1 and len(name.words[0]) >= SHORTEST_ACRONYM and name.words[0].isupper():
        yield stem.capitalize(), "acronym as a word"


@lru_cache(maxsize=16384)
def written(stem: str) -> tuple[tuple[str, str | None], ...]:
    """A stem as it is, with ae for ä, ss for ß, without foreign accents, with a capital at the start of a sentence."""
    found: dict[str, str | None] = {stem: None}
    if not stem.isascii():
        found.setdefault(_spelt(stem, _GERMAN), "ae for ä")
        found.setdefault(_spelt(stem, _SWISS), "ss for ß")
        found.setdefault(unaccented(stem), "without accents")
    if stem[0].islower():
        for text, label in list(found.items()):
            found.setdefault(text[0].upper() + text[1:], label)
    return tuple(found.items())


def _spelt(text: str, letters: Mapping[str, str]) -> str:
    return "".join(letters.get(c, c) for c in text)


@lru_cache(maxsize=16384)
def first_letters(word: str) -> frozenset[str]:
    """How a word may begin in a text: the first two letters, small, with and without accents."""
    return _first_letters(word[:KEY])


@lru_cache(maxsize=8192)
def _first_letters(start: str) -> frozenset[str]:
    return frozenset(text[:KEY].lower() for text, _ in written(start))


def _split(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a name and what stands between them; `ver.di` is one word, `W. Bush` are two."""
    parts = _SEPARATOR.split(text)
    if all(any(c.isalnum() for c in word) for word in parts[::2]):
        return tuple(parts[::2]), tuple(parts[1::2])
    found = list(_WORD.finditer(text))
    return tuple(m[0] for m in found), tuple(text[a.end() : b.start()] for a, b in itertools.pairwise(found))
