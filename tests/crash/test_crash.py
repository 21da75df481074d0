"""Kill -9 at every named point of a crawl, and again while it recovers: the database ends as if nothing had happened."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

import pytest

from newswatch.faultpoints import POINTS
from tests.crash.harness import Harness, Kill, Life, kills_at
from tests.crash.paper import LAST_STEP, Paper
from tests.crash.serving import PaperServer
from tests.crawling import a_warm
from tests.warm import Warm

OF_OTHER_COMMANDS = ("backup.", "match.", "reread.", "purge.", "join.", "part.", "export.", "alert.", "send.")
CRAWLED = [point for point in POINTS if not point.startswith(OF_OTHER_COMMANDS)]


@pytest.fixture(scope="module")
def server() -> Iterator[PaperServer]:
    with PaperServer(Paper(1)) as paper:
        yield paper


@pytest.fixture(scope="module")
def harness(server: PaperServer, tmp_path_factory: pytest.TempPathFactory) -> Harness:
    out = Harness(tmp_path_factory.mktemp("crash"), server, LAST_STEP + 1)
    with a_warm() as warm:
        out.undisturbed(warm)
    return out


@pytest.fixture(scope="module")
def lives(harness: Harness) -> dict[str, Life]:
    """What became of a database that was killed at each point; two at a time."""
    with a_warm() as one, a_warm() as other:
        free: SimpleQueue[Warm] = SimpleQueue()
        free.put(one)
        free.put(other)

        def live(place: int, point: str) -> Life:
            warm = free.get()
            try:
                return harness.live(warm, point, kills_at(point, harness.hits, again=f"write.after_commit:{2 + place % 5}"))
            finally:
                free.put(warm)

        with ThreadPoolExecutor(2) as pool:
            reached = [point for point in CRAWLED if any(hits[point] for hits in harness.hits[:-1])]
            return dict(zip(reached, pool.map(live, range(len(reached)), reached), strict=True))


def test_the_undisturbed_crawl_keeps_what_the_paper_said(harness: Harness, server: PaperServer) -> None:
    """The oracle is no tale of the program about itself: the paper's own history says which revisions there are."""
    paper = server.paper
    stored: dict[str, list[tuple[int, str, str]]] = {}
    for _, key, number, _, title, body, *_ in harness.expected[-1]["revisions"]:
        stored.setdefault(key, []).append((number, title, body))
    for number in paper.numbers(LAST_STEP):
        if not any(paper.state(number, step).is_gated for step in range(paper.born(number), LAST_STEP + 1)):
            kept = [(title, body) for _, title, body in sorted(stored.get(str(number), []))]
            assert kept == paper.texts(number, range(LAST_STEP + 1)), number
    gone = {row[1] for row in harness.expected[-1]["stories"] if row[-1] == 0}
    assert gone == {str(n) for n in paper.numbers(LAST_STEP) if paper.state(n, LAST_STEP).status in (404, 410) and str(n) in stored}


def test_another_crawl_of_an_unchanged_paper_changes_nothing(harness: Harness) -> None:
    assert harness.expected[-1] == harness.expected[-2]


@pytest.mark.parametrize("point", CRAWLED)
def test_a_crawl_that_is_killed_converges(point: str, lives: dict[str, Life]) -> None:
    assert point in lives, "no crawl reaches this point"
    life = lives[point]
    assert {f"{k.point}:{k.hit}" for k in life.kills} <= set(life.killed), "it was not killed there"
    assert not life.problems, "\n".join([*map(str, life.kills), *life.problems])


def test_most_recoveries_were_killed_as_well(lives: dict[str, Life]) -> None:
    assert sum(len(life.killed) > len(life.kills) for life in lives.values()) > len(lives) * 0.8


@pytest.mark.parametrize(("variant", "step"), [("revision_before_mentions", 0), ("marked_before_saving", 1)])
def test_a_program_that_is_wrong_is_caught(variant: str, step: int, server: PaperServer, tmp_path: Path) -> None:
    """Undisturbed it does as well as the right one; killed after one of its commits it does not."""
    wrong = Harness(tmp_path, server, step + 1, variant)
    with a_warm() as warm:
        wrong.undisturbed(warm)
        for hit in range(1, wrong.hits[step]["write.after_commit"]):
            life = wrong.live(warm, f"hit-{hit}", [Kill(step, "write.after_commit", hit)], until=step)
            if life.problems:
                return
    pytest.fail("no kill shows what is wrong with it")
