"""Where the names of a watchlist stand in a text: whole words, with the endings of the text's language.

texts -> hits of the automaton -> left boundary -> ending, hyphen or compound -> the name's other words -> Candidate

What only looks like a name is a Candidate with a reason; `scrapy explain` shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from newswatch.matching import words
from newswatch.matching.gaps import gap_before, gap_behind, word_before
from newswatch.matching.languages import CYRILLIC
from newswatch.matching.names import CAPITALS, KEY, LINKS, Group, Name, Names, written
from newswatch.matching.texts import Texts

_REST = re.compile(r"([^\W_]*)('[^\W\d_]{1,6}|')?")
"""What follows a stem: the rest of the word, an apostrophe with an ending."""

_NEXT_WORD = re.compile(rf"[^\W_]*[\W_]{{1,4}}([^\W_]{{1,{KEY}}})")

_LAST_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")

_ADDRESS = re.compile(r"://|www\.|@")

_APART = re.compile(r"[^\S\n]([A-Z][a-z]+)")

_CHAIN = re.compile(r"(?:-[^\W_]+){1,8}")

_COMPOUND_ENDINGS = ("", "s", "es", "e", "en", "n", "er", "ern", "in", "innen", "r", "m")

_LONGEST_ADDRESS = 120

_QUOTES = ("'", "‚", "‹")
"""What opens a quotation that an apostrophe may close."""

LONGEST_ENDING = 60
"""Letters that * stands for."""

_LOOK_BACK = 48
"""Code points in which the word before a name is looked for."""

_PLAIN_BEFORE = frozenset([" ", "\n", "(", '"', "„", "“", "»", "«"])
_PLAIN_BEHIND = frozenset(["", " ", "\n", ",", ";", ":", ")", "!", "?", '"', "“", "”", "«", "»"])
"""Between these a name stands as it is; a full stop may belong to an address."""


class Candidate:
    """A place that a name may have; `reason` says why it does not count."""

    __slots__ = ("end", "name", "other", "path", "reason", "start")

    def __init__(self, start: int, end: int, name: Name, path: tuple[str, ...], reason: str | None = None) -> None:
        self.start = start
        self.end = end
        """In the normalised text."""
        self.name = name
        self.path = path
        """`genitive -s`, `hyphen`: how the letters differ from the name's."""
        self.reason = reason
        self.other: str | None = None
        """The full name of the person whose surname it is, where that is another."""

    @property
    def length(self) -> int:
        """In code points."""
        return self.end - self.start


def candidates(texts: Texts, names: Names, most: int, *, misses: bool = False) -> Iterator[Candidate]:
    """Every place where a name stands whole; with `misses` those too where it is inside another word.

    Ends after `most` places: the caller asks for one more than it can take.
    """
    letters, groups, keys = texts.letters, names.groups, names.keys
    pieces, last_letters = names.pieces, _last_letters()
    for number, start, end in names.hits(letters):
        if start and ((before := letters[start - 1]).isalnum() or before == "_"):
            continue
        goes_on = not misses and letters[end : end + 1].isalnum()
        if goes_on:
            two = letters[end : end + 2].lower()
            if pieces and two not in pieces and two[0] not in pieces and two[-1].isalnum() and len(two) > 1:
                continue  # most words that begin like a name go on as no ending and no second part does
        wanted = keys[number]
        if wanted is not None and (key := _key_before(letters, start)) not in wanted and key[:1] not in wanted:
            continue
        rest = _REST.match(letters, end)[1].lower() if goes_on else ""  # type: ignore[index]
        for label, group in groups[number]:
            if type(group) is list and len(group) == 1:
                name = group[0]
                if rest and name.ends_here and rest not in name.endings and rest[-4:] not in last_letters and not name.any_ending:
                    continue
            for name, begin in _beginning(texts, label, group, start, end):
                found = _whole(texts, name, label, begin, start, end)
                if found and (found.reason is None or misses):
                    yield found
                    most -= 1
            if most <= 0:
                return


def _beginning(texts: Texts, label: str | None, group: Group | Sequence[Name], start: int, end: int) -> Iterator[tuple[Name, int]]:
    """The names of a stem whose words before it stand there, too, and where they begin."""
    letters = texts.letters
    before = after = ""
    if isinstance(group, Group):
        before, after = _key_before(letters, start), _key_after(letters, end)
        group = list(group.beside(before, after))
    for name in group:
        if name.keys is None:
            yield name, start
        elif name.anchor:
            before = before or _key_before(letters, start)
            if (before in name.keys or before[:1] in name.keys) and (begin := _words_before(texts, name, label, start)) is not None:
                yield name, begin
        else:
            after = after or _key_after(letters, end)
            if after in name.keys or after[:1] in name.keys:
                yield name, start


def _key_before(letters: str, at: int) -> str:
    """The first letters of the word before a place."""
    if letters[at - 1 : at] == " ":
        word = letters[letters.rfind(" ", max(0, at - _LOOK_BACK), at - 1) + 1 : at - 1]
        if word.isalpha():
            return word[:KEY].lower()
    found = _LAST_WORD.search(letters[max(0, at - _LOOK_BACK) : at][::-1])
    return found[0][::-1][:KEY].lower() if found else ""


def _key_after(letters: str, at: int) -> str:
    """The first letters of the word after the one that a place stands in."""
    found = _NEXT_WORD.match(letters, at)
    return found[1].lower() if found else ""


def _whole(texts: Texts, name: Name, label: str | None, begin: int, start: int, end: int) -> Candidate | None:
    """A name whose words before the anchor stand: does what follows the anchor's stem belong to it?"""
    last = len(name.words) - 1
    if name.anchor == last:
        return _ended(texts, name, begin, start, end, _path(label, name))
    letters = texts.letters
    at, path = start, _path(label, name)
    for number in range(name.anchor, last):
        word = name.words[number]
        token = word if not word.isalnum() and letters.startswith(word, at) else _token(letters, at)
        step = _reads(texts, token, number, name, label, at)
        if step is None:
            return None
        path += step
        at += len(token)
        gap = gap_behind(letters, at, name.separators[number])
        if gap is None:
            return None
        at += gap
    stem = _stem_at(letters[at : at + 100], last, name, label)
    if stem is None and letters.startswith(name.words[last], at):
        stem = len(name.words[last])
    return None if stem is None else _ended(texts, name, begin, at, at + stem, path)


def _token(letters: str, at: int) -> str:
    """The word that begins at a place, with an ending behind an apostrophe."""
    found = _REST.match(letters, at)
    assert found
    return found[0] if found[2] and len(found[2]) > 1 else found[1]


def _ended(texts: Texts, name: Name, begin: int, start: int, end: int, path: tuple[str, ...]) -> Candidate | None:
    """A name whose last word begins at `start`, its stem ending at `end`: does what follows belong to it?"""
    letters = texts.letters
    if letters[end : end + 1] in _PLAIN_BEHIND and (not begin or letters[begin - 1] in _PLAIN_BEFORE) and not name.cut:
        apart = _APART.match(letters, end)
        return Candidate(begin, end, name, path, _named_apart(texts, name, begin, apart) if apart else None)
    found = _REST.match(letters, end)
    assert found
    rest, apostrophe = found.groups()
    after = end + len(rest)
    if apostrophe and (begin == 0 or letters[begin - 1] not in _QUOTES):
        steps = _ending(texts, len(name.words) - 1, name, start, end, rest + apostrophe)
        if steps is not None and not letters[after + len(apostrophe) : after + len(apostrophe) + 1].isalnum():
            return Candidate(begin, after + len(apostrophe), name, path + steps, _outside(letters, begin, after, name))
    steps = (
        (("any ending",) if rest else ())
        if name.any_ending and len(rest) <= LONGEST_ENDING
        else _ending(texts, len(name.words) - 1, name, start, end, rest)
    )
    if steps is None:
        compound = _compound(texts, name, start, end, rest)
        if isinstance(compound, str):
            return Candidate(begin, after, name, path, compound)
        steps = compound
    reason = _outside(letters, begin, after, name)
    if letters[begin - 1 : begin] == "-" or letters[after : after + 1] == "-":
        steps += ("hyphen",)
        reason = reason or _named_after(letters, begin, after, name)
    elif apart := _APART.match(letters, after):
        reason = reason or _named_apart(texts, name, begin, apart)
    if letters[after : after + 1] == "_" and (name.actor.kind == "person" or letters[begin - 1 : begin] != "@"):
        reason = f"inside another word: {letters[begin : after + 1]}"
    return Candidate(begin, after, name, path + steps, reason)


def _path(label: str | None, name: Name) -> tuple[str, ...]:
    if name.spelling:
        return (name.spelling, label) if label else (name.spelling,)
    return (label,) if label else ()


def _ending(texts: Texts, number: int, name: Name, start: int, end: int, rest: str) -> tuple[str, ...] | None:
    """How the rest of a word after its stem is read as an ending; None where it is none."""
    readings = (name.endings if number == len(name.words) - 1 else name.inflection(number).endings).get(rest.lower())
    if readings is None:
        return None
    if not readings:
        return () if _same_case(rest, texts.letters[start:end]) else None
    if rest and not (rest.islower() or rest == "'" or (rest.isupper() and texts.letters[start:end].isupper())):
        return None
    allowed = _languages(texts, start, name, rest)
    for language, label in readings:
        if language in allowed:
            ending = rest.lower().removeprefix(name.words[number][len(name.words[number]) - name.inflection(number).cut :].lower())
            return (f"{label} -{ending}" if ending else label,)
    return None


def _same_case(rest: str, stem: str) -> bool:
    """Whether the last letters of a word are in capitals where its stem is, and only there."""
    return not rest or not rest.isupper() or stem.isupper() or not stem.islower()


def _languages(texts: Texts, at: int, name: Name, rest: str) -> frozenset[str]:
    """Whose endings are allowed at a place; in Latin letters, where nothing tells, any for long endings and long names."""
    found = texts.languages(at)
    if "\u0400" <= texts.letters[at] <= "\u052f":
        return found & CYRILLIC or CYRILLIC
    if found:
        return found
    return _UNKNOWN if rest == "e" or (len(name.words) == 1 and len(rest) < CLEAR_ENDING) else _ANY  # Schulze is not Schulz


CLEAR_ENDING = 3
"""Letters of an ending (-owi, -iem, -ému) that tell Polish and Czech by themselves."""


_UNKNOWN = frozenset(["de", "en"])
_ANY = frozenset(["de", "en", "pl", "cs"])


@cache
def _last_letters() -> frozenset[str]:
    """The last four letters of all second parts of compounds: most words that begin like a name end in others."""
    lists = words.lists("compounds")
    return frozenset((part + ending)[-4:] for key in ("belongs", "named_after") for part in lists[key] for ending in _COMPOUND_ENDINGS)


def _compound(texts: Texts, name: Name, start: int, end: int, rest: str) -> tuple[str, ...] | str:
    """How the rest is read as the second part of a closed compound, or why it is none."""
    whole = texts.letters[start : end + len(rest)]
    tail = rest.lower()
    word = name.words[-1]
    own = word[len(word) - name.inflection(-1).cut :].lower() if not name.any_ending else ""
    if tail.startswith(own) and not name.exact and word.lower() not in words.lists("compounds")["adjectives"]:
        for link in LINKS:
            part = tail[len(own) + len(link) :]
            if not part or tail[len(own) : len(own) + len(link)] != link:
                continue
            is_named_after = name.actor.kind == "person" and is_second_part(part, "named_after")
            if (is_named_after or is_second_part(part, "belongs")) and "de" in (texts.languages(start) or _UNKNOWN):
                return f"named after: {whole}" if is_named_after else (f"compound -{part}",)
    return f"inside another word: {whole}"


@lru_cache(maxsize=16384)
def is_second_part(part: str, table: str) -> bool:
    """Whether a second part, in any form, is one of a list of compounds.toml."""
    known = words.lists("compounds")[table]
    return any(part.endswith(ending) and part[: len(part) - len(ending)] in known for ending in _COMPOUND_ENDINGS)


def _named_after(letters: str, begin: int, after: int, name: Name) -> str | None:
    """Goethe-Institut, Helmut-Kohl-Allee: a thing with a person's name. dpa-AFX: another firm."""
    chain = _CHAIN.match(letters, after)
    if chain is None or name.role == "not":
        return None
    last = chain[0].rpartition("-")[2]
    if name.actor.kind != "person":
        is_firm = len(last) > 2 and last.isalpha() and last.isupper() and letters[begin:after].islower()
        return f"part of another name: {letters[begin : chain.end()]}" if is_firm else None
    last = last.lower()
    if any(is_second_part(last[i:], "named_after") for i in range(0, max(1, len(last) - 2))):
        return f"named after: {letters[begin : chain.end()]}"
    return None


def _named_apart(texts: Texts, name: Name, begin: int, apart: re.Match[str]) -> str | None:
    """Quill Street, Nora Quill Primary School: a thing with a person's name, in English."""
    if name.actor.kind == "person" and name.role != "not" and apart[1].lower() in words.lists("compounds")["apart"]:
        return f"named after: {texts.letters[begin : apart.end()]}"
    return None


def _outside(letters: str, begin: int, after: int, name: Name) -> str | None:
    """Why a place is no text: part of an address or a handle. An organisation's account is the organisation."""
    before, behind = letters[begin - 1 : begin], letters[after : after + 1]
    if before == "@" and letters[begin - 2 : begin - 1] in ("", " ", "\n", "(") and name.actor.kind != "person":
        return None
    if (before and before in "@/.:=&?%") or (behind and behind in "@/." and letters[after + 1 : after + 2].isalnum()):
        around = (letters[max(0, begin - _LONGEST_ADDRESS) : begin].split() or [""])[-1] if not letters[begin - 1].isspace() else ""
        around += letters[begin:after] + (letters[after : after + _LONGEST_ADDRESS].split() or [""])[0]
        if _ADDRESS.search(around):
            return f"inside an address: {around[:80]}"
    return None


def _words_before(texts: Texts, name: Name, label: str | None, start: int) -> int | None:
    """Where the words of a name before its anchor begin; None where others stand there."""
    letters, at = texts.letters, start
    for number in range(name.anchor - 1, -1, -1):
        gap = gap_before(letters, at, name.separators[number])
        if gap is None:
            return None
        at -= gap
        word = name.words[number]
        if not word.isalnum() and letters.endswith(word, 0, at):
            at -= len(word)
            continue
        begin = word_before(letters, at)
        if letters[begin - 1 : begin] == "'":
            begin = word_before(letters, begin - 1)
        if _reads(texts, letters[begin:at], number, name, label, begin) is None:
            return None
        at = begin
    return None if letters[at - 1 : at].isalnum() or letters[at - 1 : at] == "_" else at


def _reads(texts: Texts, token: str, number: int, name: Name, label: str | None, at: int) -> tuple[str, ...] | None:
    """How a word of the text is read as a word of the name."""
    stem = _stem_at(token, number, name, label)
    return None if stem is None else _ending(texts, number, name, at, at + stem, token[stem:])


def _stem_at(token: str, number: int, name: Name, label: str | None) -> int | None:
    """How many letters of a word of the text are the stem of the name's word."""
    for stem in _stems(name.stem(number), name.is_phrase, label == CAPITALS):
        if (token.lower() if name.is_phrase else token).startswith(stem):
            return len(stem)
    return None


@lru_cache(maxsize=16384)
def _stems(stem: str, folded: bool, capitals: bool) -> tuple[str, ...]:
    """The ways to write a stem."""
    found = [text for text, _ in written(stem)]
    if capitals:
        return tuple(dict.fromkeys([*(s.upper() for s in found), *found]))
    return tuple(s.lower() for s in found) if folded else tuple(found)
