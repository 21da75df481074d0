"""Kill -9 at every point between an event and `sent`: nothing is lost, and nothing is sent twice but a mail whose taking was not noted."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from newswatch.faultpoints import KILL, LOG, POINTS
from newswatch.store import outbox
from tests.alerts.newsroom import MORNING, Newsroom
from tests.alerts.one_pass import SUBSCRIPTIONS
from tests.alerts.postoffice import PostOffice
from tests.warm import Command, Warm

OURS = [point for point in POINTS if point.startswith(("alert.", "send."))]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two stories that nobody was told of."""
    folder = tmp_path_factory.mktemp("prepared")
    room = Newsroom(folder, *SUBSCRIPTIONS)
    room.publish(1, "Eins")
    room.publish(2, "Zwei", "Bo Ahrens und Ada Quint sprachen.", "Dann gingen beide nach Hause, wie man hört.")
    room.db.close()
    room.out.close()
    return folder


class Life:
    """What becomes of it: passes that are killed, then two that are not."""

    def __init__(self, warm: Warm, prepared: Path, folder: Path, kills: list[str], variant: str = "") -> None:
        shutil.copytree(prepared, folder)
        self.warm, self.folder = warm, folder
        with PostOffice() as office:
            self.codes = [self._run(office.port, kill, variant) for kill in kills]
            self.ends = [self._run(office.port, "", variant, hour) for hour in (0, 1)]
            self.accepted = Counter(office.accepted)
        out = outbox.open_outbox(folder / "mail.db")
        self.states = outbox.states(out)
        out.close()

    def _run(self, port: int, kill: str, variant: str, hour: int = 0) -> int:
        env = {LOG: str(self.folder / "points"), **({KILL: kill} if kill else {})}
        at = (MORNING + timedelta(hours=hour)).isoformat()
        args = [str(self.folder), str(port), at, *([variant] if variant else [])]
        return self.warm.run(Command(args, env=env, program="tests.alerts.one_pass"), self.folder / "output.txt")

    def problems(self) -> list[str]:
        """What is lost or doubled."""
        told = Counter(to for to, _ in self.accepted)
        out = [
            f"{to}: {told[to]} of {n} mails"
            for to, n in {"a@desk.example": 2, "b@desk.example": 2, "ops@desk.example": 1}.items()
            if told[to] != n
        ]
        out += [] if self.ends == [0, 0] else [f"ended with {self.ends}"]
        out += [f"{n} times {who}" for who, n in self.accepted.items() if n > 1]
        out += [] if self.states == {"sent": 8} else [f"{self.states}"]
        files = [p for p in (self.folder / "mail").glob("*.eml")]
        out += [] if len(files) == 1 else [f"{len(files)} files"]
        return out + ([] if (self.folder / "feeds" / "desk.xml").read_text(encoding="utf-8").count("<entry>") == 2 else ["the feed"])


@pytest.fixture(scope="module")
def reached(warm: Warm, prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Counter[str]:
    life = Life(warm, prepared, tmp_path_factory.mktemp("lives") / "undisturbed", [])
    assert life.problems() == []
    return Counter((life.folder / "points").read_text(encoding="ascii").split())


@pytest.mark.parametrize("point", OURS)
def test_a_killed_alert_loses_nothing_and_doubles_nothing(
    point: str, warm: Warm, prepared: Path, reached: Counter[str], tmp_path: Path
) -> None:
    assert reached[point], "no pass reaches this point"
    for hit in {1, reached[point]}:
        life = Life(warm, prepared, tmp_path / str(hit), [f"{point}:{hit}", "send.marked:1"])
        assert life.codes[0] == -9
        problems = life.problems()
        if point == "send.accepted":  # the server has it, and nobody could note that: it comes again, under the same Message-ID
            assert sum(life.accepted.values()) == 6 and len(life.accepted) == 5
            problems = [p for p in problems if not p.startswith("2 times") and "3 of 2" not in p and "2 of 1" not in p]
        assert problems == [], problems


@pytest.mark.parametrize(("variant", "kill"), [("marked_before_sent", "send.before_data:1"), ("kept_before_told", "alert.kept:1")])
def test_a_program_that_is_wrong_is_caught(variant: str, kill: str, warm: Warm, prepared: Path, tmp_path: Path) -> None:
    assert Life(warm, prepared, tmp_path / variant, [kill], variant).problems()
