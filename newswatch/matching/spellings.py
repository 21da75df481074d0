"""Candidate spellings of a name in the other script, by the tables of spellings.toml.

name -> words -> readings of each word (a known given name, else its letters) -> candidates of each system -> the likeliest

A candidate is a guess by rule and no fact about a person: what the name looks like under a system. Made for the names of
persons; an organisation's name is translated, not spelled.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

SCRIPTS = ("latin", "cyrillic")
LATIN = ("German", "English", "Polish", "Czech", "scholarly")
CYRILLIC = ("Russian", "Ukrainian", "Belarusian")
"""How a candidate is spelled: of Latin ones the system, of Cyrillic ones the language; the likeliest first."""

MOST_SPELLINGS = 24
"""Candidates of one name."""

MOST_WORDS = 8
LONGEST_WORD = 40
"""Letters; what has more of either is no name."""

_MOST_READINGS = 8
"""Of one word, and of one name in one system."""

_MOST_FORMS = 4
"""Of one given name in one system."""

_FARTHEST = 3
"""Cost; what is less likely is no candidate."""

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*'?")
_SCRIPT = {"latin": re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ']+"), "cyrillic": re.compile(r"[Ѐ-ҁҊ-ԯ']+")}
_APOSTROPHES = str.maketrans(dict.fromkeys("’ʼʹ`´′ʻ", "'"))
_BARE = {"ø": "o", "æ": "e", "œ": "e", "đ": "d", "ı": "i", "ð": "d", "þ": "t", "ħ": "h"}
"""Letters that Unicode does not take apart."""

_RULE = re.compile(r"(?P<left>[^()]*)\((?P<letters>[^()]+)\)(?P<right>[^()]*)")
_SHORT_RULE = re.compile(r"(?P<left>\^?)(?P<letters>[^()^$]+)(?P<right>\$?)")

Reading = tuple[int, str]
"""How unlikely (0: nothing is likelier), and the text in small letters."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """A candidate, and the system or language that spells the name so."""

    text: str
    system: str


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one system and language, by the letter they begin with: a pattern, and what each of its groups becomes."""

    by_letter: Mapping[str, tuple[re.Pattern[str], tuple[tuple[str, ...], ...]]]

    def readings(self, word: str) -> list[Reading]:
        """The word (small letters) by these rules, at most eight, the likeliest first; none where a letter has no rule."""
        parts: list[tuple[tuple[str, int], tuple[str, ...]]] = []
        place = 0
        while place < len(word):
            pattern, options = self.by_letter.get(word[place], (None, ()))
            match = pattern.match(word, place) if pattern else None
            if match is None or match.lastindex is None:
                return []
            parts.append(((word[place], match.lastindex), options[match.lastindex - 1]))
            place = match.end()
        return _chosen(parts)


def _chosen(parts: list[tuple[tuple[str, int], tuple[str, ...]]]) -> list[Reading]:
    """The likeliest ways to spell the parts; a rule is spelled alike throughout the word."""
    choices: list[tuple[int, dict[tuple[str, int], int]]] = [(0, {})]
    for rule, options in dict(parts).items():
        if len(options) > 1:
            more = [(cost + i, {**chosen, rule: i}) for cost, chosen in choices for i in range(len(options))]
            choices = sorted(more, key=lambda choice: choice[0])[:_MOST_READINGS]
    return [(cost, "".join(options[chosen.get(rule, 0)] for rule, options in parts)) for cost, chosen in choices]


@dataclass(frozen=True, slots=True)
class Source:
    """A way to read Latin letters: a system, or how a people spells its own names."""

    name: str
    never: re.Pattern[str] | None
    needs: re.Pattern[str] | None
    letters: frozenset[str]
    """What has a rule."""
    rules: Mapping[str, Rules]
    """By Cyrillic language."""

    def fits(self, words: str) -> bool:
        """Whether the words (small letters) read sensibly so."""
        return not (self.never and self.never.search(words)) and not (self.needs and not self.needs.search(words))

    def bare(self, word: str) -> str:
        """The word without the accents that have no rule here."""
        if self.letters.issuperset(word):
            return word
        return "".join(c if c in self.letters else _BARE.get(c) or unicodedata.normalize("NFD", c)[0] for c in word)


@dataclass(slots=True)
class Given:
    """A given name as written: the languages it is at home in, the sources its surnames follow, and its forms.

    The forms are by (language, system) in Latin letters, by (language, "") in Cyrillic ones.
    """

    languages: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    forms: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def add(self, language: str, system: str, forms: Iterable[str]) -> None:
        """More forms, behind those there are."""
        known = self.forms.setdefault((language, system), [])
        known += [f for f in dict.fromkeys(forms) if f not in known]
        del known[_MOST_FORMS:]


@dataclass(frozen=True, slots=True)
class Tables:
    """spellings.toml, ready for use. Known words are in small letters."""

    alphabets: Mapping[str, frozenset[str]]
    to_latin: Mapping[tuple[str, str], Rules]
    """By language and system."""
    sources: tuple[Source, ...]
    given: Mapping[str, Given]
    particles: Mapping[str, Given]


def script_of(name: str) -> str | None:
    """`latin` or `cyrillic` where all letters are; None for a mixture, another script, or no letters."""
    words = _WORD.findall(_normal(name))
    return next((script for script, letters in _SCRIPT.items() if words and all(map(letters.fullmatch, words))), None)


def spellings(name: str, scripts: Iterable[str]) -> list[Spelling]:
    """Candidate spellings of `name` in each of `scripts` other than its own: at most 24, the likeliest first, each once.

    None for a name in neither script, or with a letter that no table has. Raises ValueError for a script not in SCRIPTS.
    """
    wanted = set(scripts)
    if unknown := sorted(wanted.difference(SCRIPTS)):
        raise ValueError(f"{', '.join(unknown)}: no script; scripts are {', '.join(SCRIPTS)}")
    name = _normal(name)
    script = script_of(name)
    if script is None or not wanted - {script}:
        return []
    words = list(_WORD.finditer(name))
    if len(words) > MOST_WORDS or any(len(w.group()) > LONGEST_WORD for w in words):
        return []
    ranked = _in_latin(name, words) if script == "cyrillic" else _in_cyrillic(name, words)
    likeliest: dict[str, str] = {}
    for cost, text, system in sorted(ranked, key=lambda candidate: candidate[0]):
        if cost <= _FARTHEST and any(c.isalpha() for c in text):
            likeliest.setdefault(text, system)
    return [Spelling(text, system) for text, system in likeliest.items()][:MOST_SPELLINGS]


def _normal(name: str) -> str:
    """Composed letters, one apostrophe, no stress marks."""
    text = unicodedata.normalize("NFC", name).translate(_APOSTROPHES)
    return text if text.isascii() else "".join(c for c in text if unicodedata.category(c) != "Mn")


def _in_latin(name: str, words: list[re.Match[str]]) -> Iterator[tuple[int, str, str]]:
    """Cost, candidate and system: each language that the name may be in, by each system."""
    known = tables()
    given = _given(name, words)
    for language, penalty in _languages(name, given):
        for system in LATIN:
            rules = known.to_latin[language, system]
            readings = [_readings(w.group().lower(), given.get(w.start()), (language, system), rules.readings) for w in words]
            yield from ((cost + penalty, text, system) for cost, text in _joined(name, words, readings))


def _languages(name: str, given: Mapping[int, Given]) -> list[tuple[str, int]]:
    """The languages a Cyrillic name may be in, by its letters and given names, and how unlikely each is.

    What may be Russian may be another language too; what may be Ukrainian or Belarusian is Ukrainian.
    """
    letters = {c for c in name.lower() if c.isalpha() or c == "'"}
    fits = [language for language, alphabet in tables().alphabets.items() if alphabet >= letters]
    home = {language for g in given.values() for language in g.languages}
    if not fits:
        return []
    if home and fits[0] not in home and (better := [f for f in fits if f in home]):
        return [(better[0], 0)]
    second = fits[1:2] if fits[0] == "Russian" else []
    return [(fits[0], 0)] + [(f, 1 if f == "Ukrainian" and f in (home or fits) else 2) for f in second]


def _in_cyrillic(name: str, words: list[re.Match[str]]) -> Iterator[tuple[int, str, str]]:
    """Cost, candidate and language: each source that the name may be read in, for each language."""
    given = _given(name, words)
    unknown = " ".join(w.group() for w in words if w.start() not in given).lower()
    home = {language for g in given.values() for language in g.languages}
    at_home = {source for g in given.values() for source in g.sources}
    sources = _sources(unknown, at_home)
    for language in CYRILLIC if home == {"Belarusian"} else CYRILLIC[:2]:
        for source in sources:
            penalty = _unlikely(language, home) + 2 * _unlikely(source.name, at_home or {*LATIN, "German names"})

            def by_letters(word: str, source: Source = source, language: str = language) -> list[Reading]:
                return source.rules[language].readings(source.bare(word))

            readings = [_readings(w.group().lower(), given.get(w.start()), (language, ""), by_letters) for w in words]
            yield from ((cost + penalty, text, language) for cost, text in _joined(name, words, readings))


def _sources(unknown: str, at_home: set[str]) -> list[Source]:
    """Those that read the unknown words sensibly; beside a known given name no spelling of strangers, unless only that fits."""
    fits = [s for s in tables().sources if s.fits(unknown)]
    western = not at_home.issubset(LATIN)
    return [s for s in fits if not at_home or s.name in at_home or s.needs or (western and s.name not in LATIN)] or fits


def _unlikely(what: str, home: set[str]) -> int:
    return int(bool(home) and what not in home)


def _given(name: str, words: list[re.Match[str]]) -> dict[int, Given]:
    """The known given names and particles by where they stand: before the last word, or as the only one."""
    known = tables()
    last = name.rstrip().rfind(" ") + 1
    found: dict[int, Given] = {}
    for word in words:
        text = word.group()
        entry = known.particles.get(text) if text.islower() else known.given.get(text.lower())
        if entry and (word.start() < last or last == 0):
            found[word.start()] = entry
    return found


def _readings(word: str, given: Given | None, key: tuple[str, str], by_letters: Callable[[str], list[Reading]]) -> list[Reading]:
    """A word's readings: the given name's forms where there are any, else by letters."""
    forms = given.forms.get(key) if given else None
    return list(enumerate(forms)) if forms else by_letters(word)


def _joined(name: str, words: list[re.Match[str]], readings: list[list[Reading]]) -> list[Reading]:
    """The name with its words exchanged, the likeliest first; what stands between them stays."""
    names: list[Reading] = [(0, "")]
    end = 0
    for word, options in zip(words, readings, strict=True):
        between, end = name[end : word.start()], word.end()
        cased = [(cost, between + _cased(text, word.group())) for cost, text in options]
        names = sorted(((a + b, start + text) for a, start in names for b, text in cased), key=lambda n: n[0])[:_MOST_READINGS]
    return [(cost, text + name[end:]) for cost, text in names]


def _cased(text: str, like: str) -> str:
    """Small letters, capitals, or a capital and small letters, as the word has them."""
    if like.islower():
        return text
    return text.upper() if len(like) > 1 and like.isupper() else text[:1].upper() + text[1:]


@cache
def tables() -> Tables:
    """The tables of spellings.toml, read once, when first needed."""
    data = tomllib.loads((Path(__file__).parent / "spellings.toml").read_text(encoding="utf-8"))
    classes = {"V": f"[{data['vowels']}]", "C": f"[{data['consonants']}]", "J": rf"(?:\A|(?<=[{data['vowels']}ьъ']))"}
    to_latin = {
        (language, system): _rules(_texts(data, data["to_latin"][system], language), classes) for language in CYRILLIC for system in LATIN
    }
    return Tables(
        alphabets={language: frozenset(letters) for language, letters in data["languages"].items()},
        to_latin=to_latin,
        sources=tuple(_source(data, name, table, classes) for name, table in data["to_cyrillic"].items()),
        given=_given_names(data["given"], to_latin),
        particles=_particles(data["particles"]["words"]),
    )


def _texts(data: Mapping[str, Any], table: Mapping[str, Any], language: str) -> list[str]:
    """The rules of a system for a language, those that are to be replaced first."""
    return [t.get(part, "") for t in [*(data["shared"][name] for name in table["uses"]), table] for part in ("all", language)]


def _source(data: Mapping[str, Any], name: str, table: Mapping[str, Any], classes: Mapping[str, str]) -> Source:
    never, needs = (re.compile(table[key]) if key in table else None for key in ("never", "needs"))
    rules = {language: _rules(_texts(data, table, language), classes) for language in CYRILLIC}
    return Source(name, never, needs, frozenset("".join(rules["Russian"].by_letter)), rules)


def _rules(texts: Iterable[str], classes: Mapping[str, str]) -> Rules:
    """Rules as written, one pattern a letter: the longest first, then those that demand more."""
    written = dict(rule.split("=") for text in texts for rule in text.split())
    by_letter: dict[str, list[tuple[tuple[int, int, int], str, tuple[str, ...]]]] = {}
    for order, (rule, spelled) in enumerate(written.items()):
        match = _RULE.fullmatch(rule) or _SHORT_RULE.fullmatch(rule)
        if match is None:
            raise ValueError(f"spellings.toml: {rule}: no rule")
        left, letters, right = match["left"], match["letters"], match["right"]
        rank = (len(letters), _demand(left) + _demand(right), order)
        pattern = f"({_before(left, classes)}{re.escape(letters)}{_behind(right, classes)})"
        by_letter.setdefault(letters[0], []).append((rank, pattern, tuple(spelled.split("/"))))
    return Rules({letter: _pattern(sorted(rules, reverse=True)) for letter, rules in by_letter.items()})


def _pattern(rules: list[tuple[tuple[int, int, int], str, tuple[str, ...]]]) -> tuple[re.Pattern[str], tuple[tuple[str, ...], ...]]:
    return re.compile("|".join(pattern for _, pattern, _ in rules)), tuple(spelled for _, _, spelled in rules)


def _demand(context: str) -> int:
    """A class of letters demands less than a letter or an end."""
    return sum(1 if c in "VCJ" else 2 for c in re.sub(r"\[[^]]*]", ".", context))


def _before(context: str, classes: Mapping[str, str]) -> str:
    if context in ("", "J"):
        return classes["J"] if context else ""
    return f"(?<={_expanded(context, classes)})"


def _behind(context: str, classes: Mapping[str, str]) -> str:
    return f"(?={_expanded(context, classes)})" if context else ""


def _expanded(context: str, classes: Mapping[str, str]) -> str:
    return "".join({"^": r"\A", "$": r"\Z"}.get(c) or classes.get(c, c) for c in context)


def _particles(text: str) -> dict[str, Given]:
    """`von=фон`, `di=ди|ді`: Latin, Russian and Ukrainian; used in both directions."""
    out: dict[str, Given] = {}
    for latin, cyrillic in (pair.split("=") for pair in text.split()):
        _link(out, (latin,), cyrillic.split("|"), frozenset())
    return out


def _link(out: dict[str, Given], latin: Iterable[str], cyrillic: list[str], sources: frozenset[str]) -> None:
    """A name that is the same in all systems, in both directions; `cyrillic`: Russian forms, and Ukrainian ones where they differ."""
    by_language = {"Russian": cyrillic[0], "Ukrainian": cyrillic[-1], "Belarusian": cyrillic[0]}
    for language, forms in by_language.items():
        for form in latin:
            entry = out.setdefault(form, Given())
            entry.add(language, "", forms.split("/"))
            entry.sources |= sources
        for form in forms.split("/"):
            for system in LATIN:
                out.setdefault(form, Given()).add(language, system, latin)


def _given_names(table: Mapping[str, Any], to_latin: Mapping[tuple[str, str], Rules]) -> dict[str, Given]:
    """All given names of both directions; where a form has several meanings, the forms of the Slavic name stand first."""
    out: dict[str, Given] = {}
    for line in table["slavic"].lower().strip().splitlines():
        _add_slavic(out, line.split(), to_latin)
    for source, lines in table["western"].items():
        names = frozenset(["German names", "English names"] if source == "other" else [source])
        for line in lines.lower().strip().splitlines():
            latin, *cyrillic = line.split()
            _link(out, latin.split("/"), cyrillic, names)
    return out


def _add_slavic(out: dict[str, Given], columns: list[str], to_latin: Mapping[tuple[str, str], Rules]) -> None:
    by_language = dict(zip(CYRILLIC, (c.split("/") for c in columns[:3]), strict=True))
    beyond = {system: forms.split("/") for system, forms in (c.split(":") for c in columns[3:])}
    for (language, system), rules in to_latin.items():
        established = beyond.get(system.lower(), beyond.get("all", []))
        letters = {form: [text for _, text in rules.readings(form)] for form in by_language[language]}
        for form in {f for forms in by_language.values() for f in forms}:
            own = letters.get(form) or [text for texts in letters.values() for text in texts[:2]]
            forms = [*established, *own] if language == "Russian" else [*own[:2], *established, *own[2:]]
            out.setdefault(form, Given()).add(language, system, forms)
        for form in by_language[language]:
            out[form].languages.add(language)
        for form in [text for texts in letters.values() for text in texts]:
            _add_latin(out, form, by_language, {language})
        for form in established:
            _add_latin(out, form, by_language, set(CYRILLIC))


def _add_latin(out: dict[str, Given], form: str, by_language: Mapping[str, list[str]], languages: set[str]) -> None:
    entry = out.setdefault(form, Given())
    entry.languages |= languages
    entry.sources |= set(LATIN)
    for language, forms in by_language.items():
        entry.add(language, "", forms)
