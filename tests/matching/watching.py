"""What the tests of the matcher share: a watchlist in a line, and what is found with it."""

from __future__ import annotations

from newswatch.matching import Actor, Rule, Watchlist, examine


def watch(**tables: dict) -> Watchlist:
    rules = {key: Rule.model_validate({"id": key} | table) for key, table in tables.pop("rules", {}).items()}
    actors = {key: Actor.model_validate({"id": key, "kind": "person"} | table) for key, table in tables.items()}
    return Watchlist(actors, rules)


QUINT = watch(quint={"name": "Ada Quint", "weak": ["Quint"], "not": ["Quint-Platz"]})

MANY = watch(
    quint={"name": "Ada Quint", "weak": ["Quint"], "not": ["Quint-Platz", "Quint am*"]},
    max={"name": "Max Quint", "weak": [{"text": "Max", "near": ["@bund", "Rat*"], "within": 4}]},
    bund={"name": "Neuer Bund", "kind": "organisation", "weak": ["Bund", {"text": "NB", "case": "exact", "near": ["@name"]}]},
    torlov={"name": "Иван Торлов", "weak": ["Торлов"], "scripts": ["latin"]},
    roemer={"name": "Jo Römer", "names": ["J. Römer"], "weak": ["Römer"]},
    see={"name": "Haus am See", "kind": "place"},
    quer={"name": "Bund am See", "kind": "group", "names": ["Quint Bund"]},
    flotte={"name": "graue Flotte", "kind": "topic", "phrases": ["graue Flotte", "Bund*"]},
    rules={"r": {"when": "quint and bund within 9"}},
)
"""Of every kind, with names that overlap."""


def found(text: str, watchlist: Watchlist = QUINT, language: str | None = "de") -> list[tuple[str, str]]:
    return [(m.actor, m.surface) for m in examine({"body": text}, watchlist, language=language).mentions]


def rules_of(text: str, watchlist: Watchlist = QUINT, language: str | None = "de") -> list[str]:
    return [m.rule for m in examine({"body": text}, watchlist, language=language).mentions]


def misses(text: str, watchlist: Watchlist = QUINT, language: str | None = "de") -> list[tuple[str, str]]:
    return [(m.mention.surface, m.reason) for m in examine({"body": text}, watchlist, language=language, misses=True).misses]
