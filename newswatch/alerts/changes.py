"""What changed between two revisions, in words for a mail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from newswatch.alerts.letter import Change

_ORDER = ("title", "kicker", "lead", "body", "caption", "sources")
_LONGEST = 160


def changes_between(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    """The headline first; in the text, a change a paragraph."""
    for field in _ORDER:
        before, after = old.get(field, ""), new.get(field, "")
        if before != after:
            yield from _of_field(field, before.split("\n\n"), after.split("\n\n"))


def _of_field(field: str, before: list[str], after: list[str]) -> Iterator[Change]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for op, a, b, c, d in matcher.get_opcodes():
        if op == "equal":
            continue
        for i in range(max(b - a, d - c)):
            old = before[a + i] if a + i < b else ""
            new = after[c + i] if c + i < d else ""
            if old or new:
                yield Change(field, "added" if not old else "removed" if not new else "changed", *_middle(old, new))


def _middle(old: str, new: str) -> tuple[str, str]:
    """Both cut to what is not the same at their ends, by words, with a few words around."""
    a, b = old.split(), new.split()
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    return _cut(a, start, end), _cut(b, start, end)


def _cut(words: list[str], start: int, end: int) -> str:
    first, last = max(0, start - 3), min(len(words), len(words) - end + 3)
    text = ("… " if first else "") + " ".join(words[first:last]) + (" …" if last < len(words) else "")
    return text if len(text) <= _LONGEST else text[: _LONGEST - 2].rpartition(" ")[0] + " …"
