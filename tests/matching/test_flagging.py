"""The flagging benchmark, where it is at hand."""

from __future__ import annotations

import json

import pytest

from benchmarks.flagging import actor_of, score
from newswatch.matching import Watchlist, examine
from newswatch.story import Mention
from tests.conftest import SHARED

BENCH = SHARED / "bench" / "flagging"

at_hand = pytest.mark.skipif(not (BENCH / "gold.jsonl").is_file(), reason="the flagging benchmark is not here")


@at_hand
def test_the_places_of_the_benchmark_cut_out_their_surfaces() -> None:
    made = [actor_of(a) for a in json.loads((BENCH / "actors.json").read_text(encoding="utf-8"))]
    watchlist = Watchlist({a.id: a for a in made})
    number = 0
    for line in (BENCH / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        text = json.loads(line)["text"]
        mentions: list[Mention] = examine({"body": text}, watchlist, language="de").mentions
        assert all(text[m.start : m.end] == m.surface for m in mentions)
        number += len(mentions)
    assert number > 500


@at_hand
@pytest.mark.parametrize(("part", "floor"), [("de_sent_germeval", 92), ("de_news_smartdata", 89.5), ("challenge", 97)])
def test_the_benchmark_is_flagged_as_well_as_it_was(part: str, floor: float) -> None:
    assert score(BENCH, only=part)[part]["f1"] >= floor
