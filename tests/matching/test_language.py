"""Sentences in six languages and who they name, as a reader would say; two thirds of them are traps.

The sentences stand in language/*.toml and were written before the rules.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from newswatch.matching import Actor, Watchlist, examine

SUITES = sorted((Path(__file__).parent / "language").glob("*.toml"))


def cases() -> list[object]:
    out = []
    for path in SUITES:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        watchlist = Watchlist({key: Actor.model_validate({"id": key} | table) for key, table in tables["watchlist"].items()})
        out += [pytest.param(watchlist, s, id=f"{path.stem}-{n}") for n, s in enumerate(tables["sentence"], 1)]
    return out


@pytest.mark.parametrize(("watchlist", "sentence"), cases())
def test_a_sentence_names_whom_it_names(watchlist: Watchlist, sentence: dict) -> None:
    found = examine({"body": sentence["text"]}, watchlist).mentions
    assert [[m.actor, m.surface] for m in found if not m.is_ambiguous] == sentence["mentions"]


def test_the_suite_is_large_and_mostly_traps() -> None:
    sentences = [s for path in SUITES for s in tomllib.loads(path.read_text(encoding="utf-8"))["sentence"]]
    assert len(sentences) >= 400 and sum("trap" in s for s in sentences) >= 2 / 3 * len(sentences)
