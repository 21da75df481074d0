"""Invented news in bulk: a language of German-like words by Zipf's law, actors, and stories that name them, as plain texts.

chance -> Language -> Press -> invented(...) -> Draft (the texts of a story, its edit, whom it names where)
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from newswatch.searching.words import fold

SIMPLE, COMPOUND, SHORT = 12_000, 28_000, 150
"""Words of one part, of two, and the short ones that are everywhere."""

MOST_SENTENCES = 100_000
"""After so many different ones sentences come again: to invent a million stories to the word would take hours."""

SECTIONS = ("Politik", "Politik > Ausland", "Politik > Inland", "Wirtschaft", "Wirtschaft > Börse", "Sport", "Kultur", "Wissen", "Panorama")
KINDS = ("news",) * 17 + ("liveblog", "video", "opinion")

_BEGIN = ("b", "br", "d", "f", "fl", "g", "gr", "h", "k", "kl", "l", "m", "n", "pf", "r", "s", "sch", "schl", "st", "t", "tr", "w", "z", "")
_MIDDLE = ("a", "e", "i", "o", "u", "ä", "ö", "ü", "ei", "au", "ie")
_END = ("", "n", "r", "l", "ng", "cht", "ft", "rk", "lm", "nd", "ß", "tz")


@dataclass(slots=True)
class Said:
    """A sentence, or a part of one."""

    words: list[str]
    text: str
    """With spaces between the words."""
    folded: str
    """As the index holds it."""
    is_known: bool = False
    """Whether its words are in the vocabulary; for whoever fills that."""

    @classmethod
    def of(cls, words: list[str]) -> Said:
        """Made of its words."""
        return cls(words, " ".join(words), " ".join(map(fold, words)))


class Language:
    """Words and how often each is said: the n-th commonest in proportion to 1/n."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.simple = self._made(SIMPLE, (2, 2, 2, 3))
        short = self._made(SHORT, (1,))
        joined = dict.fromkeys(self.coined() for _ in range(COMPOUND))
        common = list(dict.fromkeys([*self.simple, *joined]))
        chance.shuffle(common)
        self.words = list(dict.fromkeys([*short, *common]))
        self._sums = list(itertools.accumulate(1 / (n + 2.7) for n in range(len(self.words))))
        self._stream = self._spoken()
        self._sentences: list[Said] = []

    def sentence(self) -> Said:
        """7 to 19 words, in lower case."""
        if len(self._sentences) >= MOST_SENTENCES:
            return self._sentences[int(self._chance.random() * MOST_SENTENCES)]
        self._sentences.append(said := self.phrase(self._chance.randint(7, 19)))
        return said

    def phrase(self, count: int) -> Said:
        """So many words."""
        return Said.of(list(itertools.islice(self._stream, count)))

    def coined(self) -> str:
        """A compound, as like as not a new one: vocabularies never stop growing."""
        return self._chance.choice(self.simple) + self._chance.choice(("", "s")) + self._chance.choice(self.simple)

    def _spoken(self) -> Iterator[str]:
        while True:
            yield from self._chance.choices(self.words, cum_weights=self._sums, k=20_000)

    def _made(self, count: int, syllables: Sequence[int]) -> list[str]:
        found: dict[str, None] = {}
        pick = self._chance.choice
        while len(found) < count:
            found["".join(pick(_BEGIN) + pick(_MIDDLE) + pick(_END) for _ in range(pick(syllables)))] = None
        return [word for word in found if len(word) > 1]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an actor is named: in `field`, from `start` to `end`, in a sentence."""

    actor: int
    field: str
    start: int
    end: int
    sentence: str


@dataclass(slots=True)
class Draft:
    """The texts of a revision by field, the sentences that they are made of, and whom it names."""

    texts: dict[str, str] = field(default_factory=dict)
    said: dict[str, list[Said]] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    passages: list[tuple[str | None, int]] = field(default_factory=list)
    added: int = 0
    """Words that an edit added."""


class Press:
    """Writes stories. `names` are those of the actors, the one named most first."""

    def __init__(self, chance: random.Random, actors: int) -> None:
        self.language = Language(chance)
        self._chance = chance
        pick = self.language.simple
        self._names = [Said.of([chance.choice(pick).title(), chance.choice(pick).title()]) for _ in range(actors)]
        self.names = [said.text for said in self._names]
        self._sums = list(itertools.accumulate(1 / (n + 20) for n in range(actors)))

    def story(self) -> Draft:
        """A story of about 330 words that names two actors, more or less."""
        draft = Draft()
        draft.texts |= {"sources": "", "other_titles": ""}
        draft.said |= {"sources": [], "other_titles": []}
        named = self._actors(self._chance.choice((0, 1, 1, 2, 2, 3, 5)))
        self._line(draft, "kicker", self.language.phrase(1), None)
        self._line(draft, "title", self.language.phrase(7), named[0] if named and self._chance.random() < 0.3 else None)
        self._line(draft, "lead", self.language.phrase(22), named[0] if named and self._chance.random() < 0.3 else None)
        self._line(draft, "caption", self.language.phrase(9), None)
        draft.texts["body"], draft.said["body"] = "", []
        count = self._chance.randint(17, 27)
        where = dict(zip(self._chance.sample(range(count), len(named)), named, strict=True))
        middle = count // 6 * 3
        for n in range(count):
            if n == middle:
                self._add(draft, self.language.phrase(4), None, "\n\n", stop="")
            self._add(draft, self.language.sentence(), where.get(n), "\n\n" if n % 3 == 0 else " ")
        headline = draft.texts["body"].split("\n\n")[middle // 3]
        draft.passages = [(None, middle // 3), (headline, -(-count // 3) - middle // 3)]
        if self._chance.random() < 0.3:
            self._add(draft, Said.of([self.language.coined(), *self.language.phrase(5).words]), None, " ")
        return draft

    def edit(self, before: Draft) -> Draft:
        """The same with a paragraph more, sometimes with another headline."""
        draft = Draft(dict(before.texts), dict(before.said), list(before.places), list(before.passages))
        draft.said["body"] = list(before.said["body"])
        count = len(draft.said["body"])
        self._add(draft, self.language.sentence(), self._actors(1)[0] if self._chance.random() < 0.3 else None, "\n\n")
        draft.passages[-1] = (draft.passages[-1][0], draft.passages[-1][1] + 1)
        draft.added = sum(len(said.words) for said in draft.said["body"][count:])
        if self._chance.random() < 0.3:
            word = self.language.phrase(1)
            draft.texts["title"] += " " + word.text
            draft.said["title"] = [*draft.said["title"], word]
        return draft

    def _actors(self, count: int) -> list[int]:
        return list(dict.fromkeys(self._chance.choices(range(len(self.names)), cum_weights=self._sums, k=count)))

    def _line(self, draft: Draft, name: str, said: Said, actor: int | None) -> None:
        """A field of one sentence."""
        draft.texts[name], draft.said[name] = "", []
        self._add(draft, said, actor, "", stop="." if name in ("lead", "caption") else "", name=name)

    def _add(self, draft: Draft, said: Said, actor: int | None, gap: str, *, stop: str = ".", name: str = "body") -> None:
        """Another sentence of a field; an actor stands at its beginning."""
        before = draft.texts[name]
        begin = before + gap if before else ""
        if actor is None:
            sentence = said.text[0].upper() + said.text[1:] + stop
        else:
            surface = self.names[actor]
            sentence = f"{surface} {said.text}{stop}"
            draft.places.append(Place(actor, name, len(begin), len(begin) + len(surface), sentence))
            draft.said[name].append(self._names[actor])
        draft.texts[name] = begin + sentence
        draft.said[name].append(said)
