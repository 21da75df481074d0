"""Kill -9 at named points of a crawl, run it again, go on: held against a crawl that nobody disturbed, and against what was served."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from newswatch.faultpoints import KILL, LOG
from tests.crash.paper import START, STEP
from tests.crash.serving import PaperServer
from tests.crawling import FAST
from tests.dump import dump
from tests.warm import Command, Warm

Rows = dict[str, list[tuple]]
KILLED = -9


@dataclass(frozen=True, slots=True)
class Kill:
    """At a step, where the crawl is killed; `again` is where the run after it is, or is meant to be."""

    step: int
    point: str
    hit: int
    again: str = ""

    def __str__(self) -> str:
        return f"step {self.step}: {self.point}:{self.hit}" + (f", then {self.again}" if self.again else "")


@dataclass
class Life:
    """What a database went through, and what is wrong with it then."""

    kills: Sequence[Kill]
    killed: list[str] = field(default_factory=list)
    """The points at which a run really ended."""
    problems: list[str] = field(default_factory=list)


class Harness:
    """Crawls of one paper; `folder` holds the databases of the undisturbed crawl, one a step."""

    def __init__(self, folder: Path, server: PaperServer, last_step: int, variant: str | None = None) -> None:
        self.folder, self.server, self.last_step, self.variant = folder, server, last_step, variant
        self.hits: list[Counter[str]] = []
        """How often each point is reached at each step."""
        self.expected: list[Rows] = []
        """What the database holds after each step."""
        server.write_files(folder)

    def crawl(self, warm: Warm, home: Path, step: int, *, fault: str = "", log: Path | None = None, attempt: int = 0) -> int:
        """One run of `scrapy crawl` upon the database in `home`, `attempt` minutes after the step's time."""
        settings = {
            "DATABASE": home / "news.db",
            "SITES_DIR": self.folder / "sites",
            "WATCHLISTS_DIR": self.folder / "watchlists",
            "CONTACT": f"{home.name} step {step}",
        }
        args = ["crawl", "sielblatt", *(arg for k, v in settings.items() for arg in ("-s", f"{k}={v}")), *FAST]
        env = {**({KILL: fault} if fault else {}), **({LOG: str(log)} if log else {})}
        return warm.run(Command(args, START + STEP * step + timedelta(minutes=attempt), env, self.variant), home / "output.txt")

    def undisturbed(self, warm: Warm) -> None:
        """Crawls every step once, and keeps what the database was after each."""
        home = self.folder / "undisturbed"
        home.mkdir()
        for step in range(self.last_step + 1):
            code = self.crawl(warm, home, step, log=home / f"points-{step}")
            assert code in (0, 1), (home / "output.txt").read_text(encoding="utf-8")
            self.hits.append(Counter((home / f"points-{step}").read_text(encoding="ascii").split()))
            self.expected.append(dump(home / "news.db"))
            shutil.copy(home / "news.db", self.folder / f"after-{step}.db")

    def live(self, warm: Warm, name: str, kills: Sequence[Kill], until: int | None = None) -> Life:
        """From the step of the first kill to one step after the last, or `until` another."""
        life, home = Life(kills), self.folder / name
        home.mkdir()
        first, last = kills[0].step, min(until or kills[-1].step + 1, self.last_step)
        if first:
            shutil.copy(self.folder / f"after-{first - 1}.db", home / "news.db")
        for step in range(first, last + 1):
            attempt = 0
            for kill in (k for k in kills if k.step == step):
                for fault in filter(None, (f"{kill.point}:{kill.hit}", kill.again)):
                    if self.crawl(warm, home, step, fault=fault, attempt=attempt) == KILLED:
                        life.killed.append(fault)
                    attempt += 1
            code = self.crawl(warm, home, step, attempt=attempt)
            if code not in (0, 1):
                life.problems.append(f"step {step}: exit code {code}: {(home / 'output.txt').read_text(encoding='utf-8')[-500:]}")
            life.problems += self._differences(home, step, is_last=step == last)
        life.problems += self._not_served(home)
        return life

    def _differences(self, home: Path, step: int, *, is_last: bool) -> list[str]:
        found, wanted = dump(home / "news.db"), self.expected[step]
        if not is_last:  # a story that is missing is looked at once more by each run: gone may come early
            found, wanted = ({**rows, "stories": [row[:-1] for row in rows["stories"]]} for rows in (found, wanted))
        out = []
        for table in wanted:
            lost, more = Counter(wanted[table]) - Counter(found[table]), Counter(found[table]) - Counter(wanted[table])
            if lost or more:
                out.append(f"step {step}: {table}: lost {list(lost)[:2]}, and instead {list(more)[:2]}")
        return out

    def _not_served(self, home: Path) -> list[str]:
        """Revisions that hold what the paper never said. What was served before a copied database was made counts too."""
        names = (home.name, "undisturbed")
        served = {(str(s.state.number), s.state.title, s.state.text) for s in self.server.log if s.who in names and s.state}
        stored = {(row[1], row[4], row[5]) for row in dump(home / "news.db")["revisions"]}
        return [f"never served: {row}" for row in sorted(stored - served)]


def kills_at(point: str, hits: Sequence[Counter[str]], *, again: str) -> list[Kill]:
    """The first time that a point is reached, and a later hit at a later step; each time the run after it is killed as well.

    Raises LookupError where no crawl reaches it.
    """
    steps = [step for step, reached in enumerate(hits[:-1]) if reached[point]]
    if not steps:
        raise LookupError(f"no crawl reaches {point}")
    out = [Kill(steps[0], point, 1, again)]
    if len(steps) > 1:
        count = hits[steps[1]][point]
        out.append(Kill(steps[1], point, -(-count * 2 // 3), f"{point}:1"))
    elif hits[steps[0]][point] > 1:
        out = [Kill(steps[0], point, 1), Kill(steps[0], point, 2, again)]
    return out
