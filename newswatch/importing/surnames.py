"""Which word of a person's name is the surname, where that is certain."""

from __future__ import annotations

from collections.abc import Iterable, Set

from newswatch.importing.spelling import ordinary, tidy, turned

_SURNAME_FIRST = frozenset("cn hk mo tw sg kp kr jp vn kh hu mn mm la id et er so is".split())  # noqa: SIM905
"""Countries where the last word of a name is often no surname: it stands first, or there is none."""

_FATHERS = frozenset("bin ibn bint ben abu abou ould oglu ogly oğlu qizi kyzy al el haji abdul".split())  # noqa: SIM905
_OF_FATHER = ("vich", "vitch", "vič", "witsch", "vna", "ович", "евич", "ич", "вна", "чна")


def surnames(name: str, aliases: Iterable[str], countries: Iterable[str]) -> tuple[str, ...]:
    """`Quint, Ada`, `Ada QUINT` and, where names are written in that order, `Ada Quint` say what the surname is."""
    found = [s for n in (name, *aliases) if (s := _marked(n))]
    if last := _last(name, set(countries)):
        found.append(last)
    return tuple(dict.fromkeys(found))


def _marked(name: str) -> str | None:
    """The surname that a comma or capitals mark."""
    if "," in name:
        last = name.partition(",")[0].strip()
        return _word(last) if turned(name) != name else None
    words = name.split()
    capitals = [w for w in words if w.isupper() and len(w) > 2]
    return _word(capitals[0]) if len(capitals) == 1 and 2 <= len(words) <= 4 else None


def _last(name: str, countries: Set[str]) -> str | None:
    words = name.split()
    if len(words) not in (2, 3) or "," in name or countries & _SURNAME_FIRST:
        return None
    low = [w.lower().rstrip(".") for w in words]
    if _FATHERS & set(low) or low[-1].endswith(_OF_FATHER) or any(w.isupper() and len(w) > 2 for w in words[:-1]):
        return None
    return _word(words[-1])


def _word(text: str) -> str | None:
    """A surname of one word, with ordinary capitals."""
    word = ordinary(tidy(text)[0])
    if len(word) < 3 or " " in word or word[0].islower() or not any(c.islower() for c in word) or word.endswith("."):
        return None
    return word if word.replace("-", "").replace("'", "").replace("’", "").isalpha() else None
