"""What shows that the short name of an organisation means the organisation: how it stands in its sentence.

Bahn-Chef, Bayer-Aktie            an office or a part of it behind a hyphen
„Spiegel“                         alone in quotation marks
Bahn AG                           a legal form behind it
@BILD                             its account
Ada Quint (Grüne)                 in brackets behind a person
die Terrormiliz IS                behind a noun of organisations
die Bahn teilte mit               the subject of a verb that only people and organisations have
bei den Grünen                    an adjective as a name, behind an article
Union und SPD                     in a list with an organisation that is named
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from newswatch.matching.candidates import Candidate, is_second_part
from newswatch.matching.people import Before, ends_with, is_given, is_title
from newswatch.matching.people import before as words_before
from newswatch.matching.words import lists

_CHAIN = re.compile(r"(?:-([^\W\d_]+)){1,8}")
_QUOTED = {"„": "“”", "“": "”", "»": "«", "«": "»", "‚": "‘'", '"': '"', "”": "”"}
_LEGAL_FORM = re.compile(
    r" (?:AG|SE|GmbH|KGaA|KG|e\. ?V\.|Inc|Corp|Ltd|Limited|PLC|plc|LLC|S\.A|SpA|NV|N\.V|B\.V|ASA|Oyj|a\. ?s\.|Sp\. z)(?!\w)"
)
_BETWEEN = re.compile(
    r" ?(?:,|/|&| (?:und|oder|sowie|and|or|и|или|і|й|та|або|oraz|lub|nebo|ani|aby|i|a|y) )(?: ?(?:der|die|das|den|dem|des|the) )? ?"
)

_NEXT_WORD = re.compile(r"[^\S\n]([^\W\d_]+)")
_ARTICLES = ("der", "die", "das", "the")

NEIGHBOURS = 20
"""Code points at most between two of a list."""


def evidence(letters: str, start: int, end: int, path: Sequence[str]) -> str | None:
    """What around a weak name shows that the organisation is meant, None where nothing does; `path` is how it is written."""
    compound = next((step.removeprefix("compound -") for step in path if step.startswith("compound -")), None)
    chain = _CHAIN.match(letters, end)
    part = compound.capitalize() if compound else chain[1] if chain else ""
    if part and part[0].isupper() and (is_title(part) or is_second_part(part.lower(), "firms")):
        return f"office or part: {part}"
    before, behind = letters[start - 1 : start], letters[end : end + 1]
    if before == "@" and not behind.isalnum():
        return "its account"
    if _is_quoted(letters, start, end):
        return "in quotation marks"
    if _LEGAL_FORM.match(letters, end):
        return "legal form"
    if before in ("(", "/") and behind == ")" and _is_behind_a_person(letters, letters.rfind("(", 0, start)):
        return "in brackets behind a person"
    noun = words_before(letters, start)
    if noun.word and not noun.joined and ends_with(noun.word, "organisations"):
        return f"behind {noun.word}"
    return _acts(letters, start, end, noun) or _is_adjective(letters, start, end, noun)


def _acts(letters: str, start: int, end: int, noun: Before) -> str | None:
    """`Die Bahn teilte mit`, `teilte die Bahn mit`, `Grüne fordern`."""
    verbs = lists("context")["verbs"]
    following = _NEXT_WORD.match(letters, end)
    if following and following[1] in verbs:
        return f"subject of {following[1]}"
    if noun.word.lower() in _ARTICLES and not noun.joined:
        noun = words_before(letters, noun.begin)
    return f"subject of {noun.word}" if noun.word in verbs and not noun.joined and not noun.is_initial else None


def _is_adjective(letters: str, start: int, end: int, noun: Before) -> str | None:
    """`den Grünen`, `die Linken`: not `die Grüne Woche`, nor `im Grünen`."""
    word, following = letters[start:end].lower(), _NEXT_WORD.match(letters, end)
    if noun.word.lower() not in ("der", "die", "den") or noun.joined or word[-2:] != "en" or word[:-2] not in lists("compounds")["parties"]:
        return None
    return None if following and following[1][0].isupper() else f"a party behind {noun.word}"


def _is_behind_a_person(letters: str, at: int) -> bool:
    """Whether a bracket follows a given name and a surname: `Renate Quint (Grüne)`."""
    surname = words_before(letters, at)
    return surname.word[:1].isupper() and is_given(words_before(letters, surname.begin).word)


def in_a_list(letters: str, candidate: Candidate, named: Candidate) -> bool:
    """Whether only a comma or a word like `und` stands between two names."""
    first, last = sorted((candidate, named), key=lambda c: c.start)
    return 0 < last.start - first.end <= NEIGHBOURS and _BETWEEN.fullmatch(letters, first.end, last.start) is not None


def _is_quoted(letters: str, start: int, end: int) -> bool:
    before = letters[max(0, start - 2) : start].rstrip()[-1:]
    behind = letters[end : end + 2].lstrip()[:1]
    return bool(before and behind and behind in _QUOTED.get(before, ""))
