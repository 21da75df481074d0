"""Pure: which stories are copies of one wire text, printed by several papers with edits of their own.

two texts -> compare -> Likeness -> is_copy;    stories -> CopyIndex.add, a text -> CopyIndex.copies_of -> its copies' ids

Newsrooms change the headline, drop the last paragraphs, put in a local one, spell numbers out, hang a box on the end. So what counts is how
much of the SHORTER text stands in the longer one, in runs of words. Other texts share runs too and are no copies: a story of the next day
that repeats half of the first (its beginning is another), an agency's standing background, and forms that are filled in anew each day, such
as weather, results, shares and police reports (the same words around other figures).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rensa import RMinHash, RMinHashLSH

from .wording import SHINGLE, read_words, shingles

SHORT = 40
"""Words: two texts of which one is shorter are copies only if they are nearly equal; such a text is mostly its headline and a formula."""

NEARLY_EQUAL = 0.9
"""Of the words of two short texts are the same, in the same order."""

LEAST_RUN = 5
"""Words in the same order that count as shared: fewer are phrases of the language."""

LEAD = 50
"""Words at the beginning, the headline among them: they hold the news, and what follows may be background."""

LEAD_SHARED = 0.4
"""A beginning is the same if this share of it is in the other text: the headline, and some words, are each paper's own."""

SHARE, SHARE_OF_OTHER_LEAD = 0.58, 0.75
"""Of the shorter text that a copy has from the longer one, where the beginnings are the same and where they are not."""

KEPT = 0.72
"""Shared words of those and the words that stand in their place: editors cut and add, but seldom write a passage anew."""

END_COUNTS = 0.5
"""What words count that stand in the place of others at the end: there each paper cuts where its column is full."""

CLASHES, WORDS_A_CLASH = 3, 40
"""Figures that another figure stands for: a corrected copy has one or two, a form filled in anew one in each sentence."""

LONGEST_SLOT = 20
"""Words between two shared runs that are one replaced phrase; more are a passage."""

WORDS_A_SLOT = 10
"""Shared words for each replaced phrase: fewer, and the text is a form that was filled in anew."""

MUCH_LONGER = 8
"""A text so many times as long is a collection or a live blog that holds the other one among others, not its copy."""

_PERMUTATIONS, _BANDS, _SEED = 128, 64, 1
"""Two rows a band: texts that share a fourth of their shingles are candidates nearly surely (98 %), the exact decision does the rest."""

_HEAD = 150
"""Words that are also looked up by themselves: a brief of two paragraphs has little of the whole, but much of its beginning."""

_MOST_CANDIDATES = 100
"""Stories looked at exactly for one text, the likeliest: bounds the work where all stories have a form in common."""

_LEAST_OTHERS, _MOST_OTHERS = 2, 8
"""Different stories that share a passage: from the first number on it counts less, after the second it cannot count less still."""

_PLACES = 4
"""Of a shingle that a text repeats: more are a refrain, and each would be followed."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two texts have in common."""

    share: float
    """0 to 1: of the shorter text's words that stand in runs of the longer one; passages known from other stories count less."""

    kept: float
    """0 to 1: shared words of those and the words of both texts that stand in the same place."""

    lead: float
    """0 to 1: of the first LEAD words of either text, whichever has more in the other."""

    shared: int
    """Words in shared runs."""

    clashes: int
    """Figures in the place of other figures, but for the end, where one paper has a box and the other one the last paragraphs."""

    slots: int
    """Phrases in the place of other phrases."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Words that stand in both texts: from `start` in the shorter one, from `there` in the longer one, `size` words."""

    start: int
    there: int
    size: int


def is_copy(a: str, b: str) -> bool:
    """Whether two texts (headline and body, or body alone) are versions of one wire text. Symmetric; an empty text is no copy of any."""
    return _are_copies(read_words(a), read_words(b)) > 0


def compare(a: Sequence[str], b: Sequence[str], others: Mapping[str, int] | None = None) -> Likeness:
    """What the words of two texts have in common. `others`: how many different stories are known to have a shingle too."""
    shorter, longer = sorted((tuple(a), tuple(b)), key=lambda words: (len(words), words))
    runs = _runs(shorter, longer)
    weights = _weights(shorter, others or {})
    shared = sum(sum(weights[run.start : run.start + run.size]) for run in runs)
    replaced, clashes, slots = _replaced(shorter, longer, runs)
    return Likeness(
        share=shared / sum(weights) if weights else 0.0,
        kept=shared / (shared + replaced) if shared else 0.0,
        lead=max(_lead([(run.start, run.size) for run in runs], len(shorter)), _lead([(run.there, run.size) for run in runs], len(longer))),
        shared=sum(run.size for run in runs),
        clashes=clashes,
        slots=slots,
    )


def judge(likeness: Likeness) -> bool:
    """Whether texts of more than SHORT words that are so much alike are copies."""
    if likeness.clashes >= CLASHES and likeness.clashes * WORDS_A_CLASH >= likeness.shared:
        return False
    if likeness.slots * WORDS_A_SLOT > likeness.shared:
        return False
    enough = SHARE if likeness.lead >= LEAD_SHARED else SHARE_OF_OTHER_LEAD
    return likeness.share >= enough and likeness.kept >= KEPT


def find_copies(texts: Mapping[int, str]) -> list[frozenset[int]]:
    """The groups of two or more stories (by their ids) that are copies of one another, or of a copy; the lowest id's group first."""
    index = CopyIndex()
    for story_id, text in texts.items():
        index.add(story_id, text)
    group = {story_id: story_id for story_id in texts}

    def first_of(story_id: int) -> int:
        while group[story_id] != story_id:
            story_id = group[story_id]
        return story_id

    for story_id, text in texts.items():
        for copy in index.copies_of(text):
            low, high = sorted((first_of(story_id), first_of(copy)))
            group[high] = low
    members: dict[int, set[int]] = {}
    for story_id in texts:
        members.setdefault(first_of(story_id), set()).add(story_id)
    return [frozenset(members[low]) for low in sorted(members) if len(members[low]) > 1]


class CopyIndex:
    """Stories in which the copies of a text are found without comparing it with each of them. What it answers is the same in any order."""

    def __init__(self) -> None:
        self._words: dict[int, str] = {}
        self._signed: dict[int, tuple[RMinHash, RMinHash]] = {}
        self._tables = tuple(RMinHashLSH(threshold=0.2, num_perm=_PERMUTATIONS, num_bands=_BANDS) for _ in range(2))

    def __len__(self) -> int:
        return len(self._words)

    def add(self, story_id: int, text: str) -> None:
        """Remember a story by its id (0 or more). One that is known gets the new text; one without words is not kept."""
        self.remove(story_id)
        words = read_words(text)
        if not words:
            return
        self._words[story_id] = " ".join(words)
        self._signed[story_id] = _signatures(words)
        for table, signature in zip(self._tables, self._signed[story_id], strict=True):
            table.insert(story_id, signature)

    def remove(self, story_id: int) -> None:
        """Forget a story, if it is known."""
        if self._words.pop(story_id, None) is not None:
            del self._signed[story_id]
            for table in self._tables:
                table.remove(story_id)

    def copies_of(self, text: str) -> list[int]:
        """The ids of the stories that are copies of a text, the most alike first. A story that was added itself is among them.

        Stricter than `is_copy`: a passage that two or more different stories of the index have too counts less.
        """
        words = read_words(text)
        candidates = self._candidates(words)
        alike = {story_id: _are_copies(words, other) for story_id, other in candidates.items()}
        others = _count_others(words, [candidates[story_id] for story_id in sorted(alike) if not alike[story_id]])
        if others:
            alike = {story_id: _are_copies(words, candidates[story_id], others) for story_id in alike if alike[story_id]}
        return sorted((story_id for story_id in alike if alike[story_id]), key=lambda story_id: (-alike[story_id], story_id))

    def _candidates(self, words: tuple[str, ...]) -> dict[int, tuple[str, ...]]:
        """The words of the stories that may be copies, by id, the likeliest _MOST_CANDIDATES."""
        if not words:
            return {}
        signatures = _signatures(words)
        found = {key for table, signature in zip(self._tables, signatures, strict=True) for key in table.query(signature)}

        def unlike(story_id: int) -> tuple[float, int]:
            return -max(a.jaccard(b) for a, b in zip(self._signed[story_id], signatures, strict=True)), story_id

        return {story_id: tuple(self._words[story_id].split(" ")) for story_id in sorted(found, key=unlike)[:_MOST_CANDIDATES]}


def _are_copies(a: tuple[str, ...], b: tuple[str, ...], others: Mapping[str, int] | None = None) -> float:
    """How much of the shorter text is in the longer one if they are copies, 0 if they are not."""
    shorter, longer = sorted((a, b), key=lambda words: (len(words), words))
    if not shorter or len(shorter) * MUCH_LONGER < len(longer):
        return 0.0
    if len(shorter) < SHORT:
        return _nearly_equal(shorter, longer)
    likeness = compare(shorter, longer, others)
    return likeness.share if judge(likeness) else 0.0


def _nearly_equal(shorter: tuple[str, ...], longer: tuple[str, ...]) -> float:
    """Of a short text that is the same in the other one, or 0 if too little is or the figures are others."""
    if len(shorter) < NEARLY_EQUAL**2 * len(longer) or _figures(shorter) != _figures(longer):
        return 0.0
    ratio = SequenceMatcher(None, shorter, longer, autojunk=False).ratio()
    return ratio if ratio >= NEARLY_EQUAL else 0.0


def _figures(words: Iterable[str]) -> Counter[str]:
    """How often each number stands there."""
    return Counter(word for word in words if word[0].isdigit())


def _runs(shorter: tuple[str, ...], longer: tuple[str, ...]) -> list[_Run]:
    """The shared runs of LEAST_RUN words or more, as they follow in the shorter text; they do not overlap in it."""
    places: dict[str, list[int]] = {}
    for place, shingle in enumerate(shingles(longer)):
        places.setdefault(shingle, []).append(place)
    runs, start, here = [], 0, shingles(shorter)
    while start < len(here):
        found = [_Run(start, there, _common(shorter, longer, start, there)) for there in places.get(here[start], ())[:_PLACES]]
        run = max(found, key=lambda run: run.size, default=None)
        if run and run.size >= LEAST_RUN:
            runs.append(run)
        start += run.size if run and run.size >= LEAST_RUN else 1
    return runs


def _common(shorter: tuple[str, ...], longer: tuple[str, ...], start: int, there: int) -> int:
    """How many words are the same from a place in each text on."""
    size = 0
    while start + size < len(shorter) and there + size < len(longer) and shorter[start + size] == longer[there + size]:
        size += 1
    return size


def _replaced(shorter: tuple[str, ...], longer: tuple[str, ...], runs: list[_Run]) -> tuple[float, int, int]:
    """Words that stand in the place of other words, figures in the place of figures (but at the end), phrases in the place of phrases."""
    starts = sorted(run.there for run in runs)
    words, clashes, slots = 0.0, 0, 0
    for before, after in zip([_Run(0, 0, 0), *runs], [*runs, None], strict=True):
        here = shorter[before.start + before.size : after.start if after else None]
        end = before.there + before.size
        following = bisect_left(starts, end if before.size else 0)
        there = longer[end : starts[following] if following < len(starts) else None]
        words += min(len(here), len(there)) * (1 if after else END_COUNTS)
        if after:
            ours, theirs = _figures(here), _figures(there)
            clashes += min((ours - theirs).total(), (theirs - ours).total())
        slots += bool(here and there and max(len(here), len(there)) <= LONGEST_SLOT)
    return words, clashes, slots


def _lead(runs: Iterable[tuple[int, int]], length: int) -> float:
    """How much of a text's first LEAD words is in the runs (start and size) that it shares."""
    first = min(LEAD, length)
    return sum(max(0, min(start + size, first) - start) for start, size in runs) / first if first else 0.0


def _weights(words: tuple[str, ...], others: Mapping[str, int]) -> list[float]:
    """What each word counts: less, the more different stories are known to have a shingle it stands in."""
    weights = [1.0] * len(words)
    for start, shingle in enumerate(shingles(words)):
        known = others.get(shingle, 0)
        if known >= _LEAST_OTHERS:
            for place in range(start, min(start + SHINGLE, len(words))):
                weights[place] = min(weights[place], 1 / known)
    return weights


def _count_others(words: tuple[str, ...], unlike: Iterable[tuple[str, ...]]) -> dict[str, int]:
    """In how many different stories, none of them a copy of these words, each of their shared shingles stands.

    Copies of one story count once: a follow-up that ten papers print does not make the passage it repeats a standing one.
    """
    counts: Counter[str] = Counter()
    different: list[tuple[str, ...]] = []
    for other in unlike:
        runs = _runs(*sorted((words, other), key=lambda words: (len(words), words)))
        if not runs or any(_are_copies(other, known) for known in different):
            continue
        different.append(other)
        shorter = min(words, other, key=lambda words: (len(words), words))
        counts.update({shingle for run in runs for shingle in shingles(shorter[run.start : run.start + run.size])})
        if len(different) == _MOST_OTHERS:
            break
    return {shingle: count for shingle, count in counts.items() if count >= _LEAST_OTHERS}


def _signatures(words: tuple[str, ...]) -> tuple[RMinHash, RMinHash]:
    """The MinHash of all shingles and that of the first _HEAD words."""
    signed = []
    for part in (words, words[:_HEAD]):
        signature = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
        signature.update(shingles(part))
        signed.append(signature)
    return signed[0], signed[1]
