"""Which of the stories that are told, or to be told, are one wire text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from newswatch.alerts.copies import CopyIndex

MOST_COMPARED = 400
"""Stories that are pending, and as many that were told of late: of more the weightiest, the newest.

Beyond that a copy is told as a story of its own."""


def families(texts: Iterable[tuple[int, str]]) -> dict[int, int]:
    """Story -> the first story, in the order that is given, whose text it is; itself where it is a copy of none."""
    index = CopyIndex()
    heads: dict[int, int] = {}
    for story, text in texts:
        near = index.copies_of(text)
        heads[story] = heads[near[0]] if near else story
        index.add(story, text)
    return heads


def echoes(heads: Mapping[int, int], told: Sequence[int], pending: Sequence[int]) -> dict[int, int]:
    """Of the pending stories, those whose text the recipient knows or gets anyway, with the story that has it.

    A story that was told itself is none: what is new in it is told.
    """
    out: dict[int, int] = {}
    first = {heads.get(story, story): story for story in reversed(told)}
    known = set(told)
    for story in sorted(set(pending)):
        if story in known:
            continue
        head = heads.get(story, story)
        if head in first:
            out[story] = first[head]
        else:
            first[head] = story
    return out
