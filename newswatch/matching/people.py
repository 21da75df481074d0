"""Whether a surname is somebody else's: who stands before it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from newswatch.matching import words
from newswatch.matching.gaps import LONGEST_GAP
from newswatch.matching.inflection import inflection
from newswatch.matching.languages import CYRILLIC
from newswatch.matching.normal import normal_name
from newswatch.matching.texts import Texts
from newswatch.matching.watchlist import Actor

_NEXT = re.compile(r"(-|[^\S\n]+)(?:([a-z]{2,3})[^\S\n]+)?([^\W\d_]+)")
"""What follows a name: a hyphen or a space, a particle, a word."""

_PATRONYMIC = re.compile(r"(?:[оеэ]вич|[оеі]вн|авіч|[аоеэ]ўн|[oe]wi(?:ts)?ch|[oe]vich|[oe][wv]n)\w{0,3}$")
"""Between given name and surname: Петрович, Петровна, Petrowitsch."""

_NOUN = re.compile(r"(?:ung|heit|keit|schaft|ion|tät|nis|ment|ismus|tum)(?:e|en|er|ern|s|es|se|sen)?$|^Ge[a-zäöüß]{3,}e$")
"""German nouns that are no surnames: `will Gabriel Gespräche führen`."""

_JUNIOR = re.compile(r",?[ -](?:Jr\b\.?|[Jj]unior\b|jun\.|младш\w+|мл\.|молодш\w+)")
_AGE = re.compile(r",? ?\(\d{1,2}\)|, \d{1,2},")
_AND = ("und", "and", "&", "и", "і", "й", "та", "i", "a")
_ARTICLES = frozenset(
    [
        *"der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner the a an".split(),  # noqa: SIM905
        *"im am vom zum zur beim ins ans dieser diese diesen diesem jeder jeden jedem mancher".split(),  # noqa: SIM905
    ]
)

LONGEST_NAME = 6
"""Words, initials and particles before a surname that are looked at."""

BEHIND = "behind the given name "
GIVEN = "a given name before "
"""How reasons begin that name another person."""

_LOOK_BACK = 60
"""Code points."""

_SOUNDS = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфхцыэіїєґў", "abvgdezijklmnoprstufhcieiiegv", strict=True)),
        **{"ж": "s", "ч": "s", "ш": "s", "щ": "s", "ю": "iu", "я": "ia", "ъ": "", "ь": ""},
        **{"w": "v", "y": "i", "j": "i", "x": "ks", "q": "k"},
    }
)

_SPELT = (("sch", "s"), ("tsch", "s"), ("tch", "s"), ("ch", "h"), ("kh", "h"), ("sh", "s"), ("zh", "s"), ("sz", "s"), ("cz", "s"))


@dataclass(frozen=True, slots=True)
class Before:
    """What stands before a place: `Hans-Rudolf` in `Hans-Rudolf Merz`, `Anti` and `von` in `von Anti-Merz`."""

    word: str
    """The word behind whose space the place begins, without an ending with an apostrophe; "" where there is none."""
    begin: int
    is_initial: bool
    joined: str
    """What is joined to the place by a hyphen."""


def before(letters: str, at: int) -> Before:
    """The word before a place of a normalised text."""
    first = at
    while first > 0 and at - first < _LOOK_BACK and (letters[first - 1].isalnum() or letters[first - 1] == "-"):
        first -= 1
    joined = letters[first:at] if letters[at - 1 : at] == "-" else ""
    end = at - len(joined)
    space = end
    while space > 0 and letters[space - 1].isspace() and end - space < LONGEST_GAP:
        space -= 1
    if space == end or letters.count("\n", space, end) > 1:
        return Before("", end, is_initial=False, joined=joined)
    end = space
    is_initial = letters[end - 1 : end] == "."
    end -= is_initial
    first = end
    while first > 0 and end - first < _LOOK_BACK and (letters[first - 1].isalpha() or letters[first - 1] in "-'"):
        first -= 1
    return Before(letters[first:end].partition("'")[0], first, is_initial, joined)


def another(texts: Texts, start: int, end: int, actor: Actor) -> str | None:
    """Why a weak name at a place of a normalised text is another person's, None where nothing says so.

    A given name before it that is none of the actor's own; another's initial; a weak name that is itself a given name
    before an unknown surname. A word that is no known given name says nothing: German writes every noun in capitals.
    """
    letters = texts.letters
    found = before(letters, start)
    for part in found.joined.split("-"):
        if part and is_given(part) and not is_own(part, actor):
            return f"{BEHIND}{part}"
    return (
        _behind(texts, found, actor)
        or younger(letters, end)
        or _followed(letters, start, end, actor)
        or _ordinary(letters, start, end, found)
        or _of_a_firm(letters, start, end)
    )


def _behind(texts: Texts, found: Before, actor: Actor, steps: int = LONGEST_NAME) -> str | None:
    word, letters = found.word, texts.letters
    if not word or not steps:
        return None
    if found.is_initial:
        if len(word) > 1 or not word.isupper() or _ends_sentence(letters, found.begin):
            return None
        earlier = before(letters, found.begin)
        if (earlier.is_initial and len(earlier.word) == 1) or (is_given(earlier.word) and not earlier.is_initial):
            return _behind(texts, earlier, actor, steps - 1)
        return None if word in _initials(actor) else f"behind the initial {word}."
    if word.lower() in words.particles() or _PATRONYMIC.search(word):
        earlier = before(letters, found.begin)
        return _behind(texts, earlier, actor, steps - 1) if not earlier.joined and word != earlier.word else None
    parts = word.split("-")
    if any(is_given(part) or _is_inflected_given(part, texts, found.begin) for part in parts) and not all(
        is_own(part, actor) for part in parts
    ):
        return None if _shares(letters, found.begin, actor) else f"{BEHIND}{word}"
    if ends_with(word, "households"):
        return f"the name of a household or firm: {word}"
    return None


def _shares(letters: str, at: int, actor: Actor) -> bool:
    """Whether the actor's own given name shares the surname: `Donald und Melania Trump`."""
    joint = before(letters, at)
    return joint.word in _AND and bool(own := before(letters, joint.begin).word) and is_given(own) and is_own(own, actor)


def younger(letters: str, end: int) -> str | None:
    """`Donald Trump Jr.`, `Навальный-младший`: the son."""
    found = _JUNIOR.match(letters, end)
    return f"followed by {found[0].strip(' -,')}: another of the name" if found else None


def _ordinary(letters: str, start: int, end: int, found: Before) -> str | None:
    """Why a surname that is an ordinary word is one here: `der Fischer`, `Kurz vor Mitternacht`, `Neuer Anlauf`."""
    surname = letters[start:end]
    behind = _NEXT.match(letters, end)
    if behind and behind[1] == "-" and behind[3] in words.frequent_surnames():
        return f"half of the double name {surname}-{behind[3]}"
    lists = words.lists("compounds")
    if behind and behind[1] != "-" and surname.lower() in lists["adjectives"]:
        word = behind[2] or behind[3]
        if word in lists["adverbial"]:
            return f"an adverb: {surname} {word}"
        if surname.lower().endswith(("er", "e")) and word[0].isupper() and not word.isupper() and not is_given(word):
            return f"an adjective before {word}"
    is_word = surname in words.common_words() or (found.word.lower() != "the" and surname.removesuffix("s") in words.common_words())
    stands_alone = letters[end : end + 1] not in ("-", "/") and not surname.isupper() and not found.joined
    if is_word and stands_alone and found.word.lower() in _ARTICLES and not is_title(surname):
        return f"an ordinary word behind {found.word}"
    return None


def _of_a_firm(letters: str, start: int, end: int) -> str | None:
    """`Johnson & Johnson`."""
    is_first = letters[end : end + 3] == " & " and letters[end + 3 : end + 4].isupper()
    if is_first or (letters[start - 3 : start] == " & " and letters[start - 4 : start - 3].isalpha()):
        return "part of a firm's name, joined by &"
    return None


def of_somebody(texts: Texts, start: int, end: int) -> str | None:
    """Why the one word of an organisation's name is a person's here: `Gottlieb Daimler`, `Werner von Siemens`."""
    name = texts.letters[start:end]
    if not name[0].isupper() or sum(map(str.isupper, name)) > 1 or texts.letters[end : end + 1] == "-":
        return None
    found = before(texts.letters, start)
    if found.word in ("von", "van", "de", "di") and not found.joined:
        found = before(texts.letters, found.begin)
    return f"{BEHIND}{found.word}" if not found.joined and not found.is_initial and is_given(found.word) else None


def private_role(letters: str, start: int, end: int) -> str | None:
    """Why a frequent surname is a private person's: `Richterin Becker`, `Rechtsanwalt Dr. Schröder`."""
    found = role = before(letters, start)
    while role.word in ("Dr", "Prof", "med") and role.begin:
        role = before(letters, role.begin)
    if letters[start:end] in words.frequent_surnames() and not found.joined and ends_with(role.word, "private"):
        return f"a private person: {role.word} {letters[start:end]}"
    return None


def other_name(reason: str | None, surname: str) -> str | None:
    """The full name of the other person whom a reason of `another` names."""
    if reason and reason.startswith(BEHIND):
        return f"{reason.removeprefix(BEHIND)} {surname}"
    return f"{surname} {reason.removeprefix(GIVEN)}" if reason and reason.startswith(GIVEN) else None


def ends_with(word: str, key: str) -> bool:
    """Whether a word ends in one of a list of context.toml."""
    return word[:1].isupper() and any(word.lower().endswith(end) for end in words.lists("context")[key])


def _ends_sentence(letters: str, at: int) -> bool:
    """Whether a letter with a full stop ends a sentence: `Zone B.`; behind a name or title it is an initial."""
    found = before(letters, at)
    word = found.word
    return not found.is_initial and len(word) > 1 and word[0].isupper() and not is_given(word) and not is_title(word)


def _followed(letters: str, start: int, end: int, actor: Actor) -> str | None:
    """`Gabriel Torberg`, `Björn-Erik Tamm`, `Papst Johannes`, `Kim (23)`: no surname, but a given name or a title."""
    surname = letters[start:end]
    found = _NEXT.match(letters, end)
    if is_title(surname) and found and found[1] != "-" and is_given(found[3]) and not is_own(found[3], actor):
        return f"the title of {found[3]}"
    if not is_given(surname):
        return None
    if age := _AGE.match(letters, end):
        return f"a given name with an age:{age[0]}"
    if not found:
        return None
    joint, particle, word = found.groups()
    if joint == "-":
        return f"half of the given name {letters[start : found.end()]}" if is_given(word) else None
    if (particle and particle not in words.particles()) or not word[0].isupper() or is_own(word, actor):
        return None
    if word.isupper() and len(word) > 1 and not surname.isupper():
        return None
    if is_function(word) or _NOUN.search(word):
        return None
    if len(word) == 1 and letters[found.end() : found.end() + 1] != ".":
        return None
    return f"{GIVEN}{particle + ' ' if particle else ''}{word}"


def is_given(word: str) -> bool:
    """Whether a word of a text is a known given name."""
    return word[:1].isupper() and word.lower() in words.given_names()


def _is_inflected_given(word: str, texts: Texts, at: int) -> bool:
    """Whether it is the form of a given name in a language that inflects them."""
    if not word[:1].isupper():
        return False
    languages = texts.languages(at)
    inflecting = (languages & CYRILLIC or CYRILLIC) if "\u0400" <= word[0] <= "\u052f" else languages & _LATIN_INFLECTING
    return any(_is_form(word.lower(), language) for language in inflecting)


_LATIN_INFLECTING = frozenset(["pl", "cs"])


@lru_cache(maxsize=16384)
def _is_form(folded: str, language: str) -> bool:
    return any(folded.startswith(stem) and folded[len(stem) :] in endings for stem, endings in _given_stems(folded[:2], language))


@lru_cache(maxsize=4096)
def _given_stems(start: str, language: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Stems and endings in a language of the given names that begin so."""
    out = []
    for name in words.given_names():
        if name.startswith(start) and len(name) > 2:
            found = inflection(name, "person")
            endings = frozenset(e for e, readings in found.endings.items() if any(of == language for of, _ in readings))
            out.append((found.stem(name), endings))
    return tuple(out)


@lru_cache(maxsize=16384)
def is_title(word: str) -> bool:
    """Whether a word is an office or a title: Kanzlerin, Torwart, President."""
    lists, folded = words.lists("functions"), word.lower()
    return folded in _folded("titles") or any(folded[i:] in lists["suffixes"] for i in range(len(folded) - 1))


def is_function(word: str) -> bool:
    """Whether a word is a title or one that often begins a sentence or headline."""
    return is_title(word) or word.lower() in _folded("words")


@cache
def _folded(which: str) -> frozenset[str]:
    lists = words.lists("functions")
    chosen = [lists["words"]] if which == "words" else [v for k, v in lists.items() if k not in ("suffixes", "words")]
    return frozenset(w.lower() for values in chosen for w in values)


def is_own(word: str, actor: Actor) -> bool:
    """Whether a word of a text is one of the actor's own names, in any ending or spelling."""
    own = _own_words(actor.id, tuple(actor.strong))
    folded = word.lower()
    if folded in own or sound(folded) in {sound(w) for w in own}:
        return True
    for name in own:
        found = inflection(name, "person")
        stem = found.stem(name)
        if folded.startswith(stem) and folded[len(stem) :] in found.endings:
            return True
    return False


@lru_cache(maxsize=4096)
def _own_words(_: str, names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(w.lower() for n in names for w in re.findall(r"[^\W_]+", normal_name(n)))


def _initials(actor: Actor) -> set[str]:
    return {w[0].upper() for w in _own_words(actor.id, tuple(actor.strong))}


@lru_cache(maxsize=16384)
def sound(word: str) -> str:
    """A word without the ways in which languages write the same sounds: Wladimir, Vladimir and Владимир are one."""
    plain = "".join(
        c for c in unicodedata.normalize("NFD", word.lower().translate(str.maketrans("łøđı", "lodi"))) if not unicodedata.combining(c)
    )
    plain = unicodedata.normalize("NFC", plain)
    for spelt, read in _SPELT:
        plain = plain.replace(spelt, read)
    plain = plain.translate(_SOUNDS).replace("z", "s").replace("ie", "e").replace("ia", "a").replace("iu", "u").replace("ck", "k")
    return re.sub(r"(.)\1+", r"\1", plain).removesuffix("i")
