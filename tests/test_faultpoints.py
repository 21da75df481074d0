"""Every point between two effects is registered, stands at one place, and does nothing in normal use."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from newswatch import faultpoints

PACKAGE = Path(faultpoints.__file__).parent


def test_every_registered_point_stands_at_exactly_one_place() -> None:
    used: Counter[str] = Counter()
    for path in PACKAGE.rglob("*.py"):
        used.update(re.findall(r'\bfault\("([a-z_.]+)"\)', path.read_text(encoding="utf-8")))
    assert used == Counter(dict.fromkeys(faultpoints.POINTS, 1))


def test_each_point_names_the_two_effects_that_it_separates() -> None:
    assert all(len(what.split(" | ")) == 2 for what in faultpoints.POINTS.values())


def test_a_point_ends_the_process_at_the_hit_that_is_asked_for_and_is_logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    monkeypatch.setattr(faultpoints, "kill", lambda: ended.append(1))
    faultpoints.forget()
    faultpoints.fault("save.done")
    monkeypatch.setenv(faultpoints.KILL, "save.done:2")
    monkeypatch.setenv(faultpoints.LOG, str(tmp_path / "log"))
    faultpoints.fault("save.done")
    faultpoints.fault("save.story")
    assert ended == []
    faultpoints.fault("save.done")
    assert ended == [1]
    assert (tmp_path / "log").read_text() == "save.done\nsave.story\nsave.done\n"
    with pytest.raises(ValueError, match="no point of POINTS"):
        faultpoints.fault("no.such_point")
    faultpoints.forget()
