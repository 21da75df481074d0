"""The benchmarks run; what they measure depends on the machine."""

from __future__ import annotations

import itertools
import subprocess
import sys

from benchmarks.newsrooms import delays, least_delay
from tests.conftest import ROOT


def test_the_benchmark_of_match_runs() -> None:
    command = [sys.executable, "-m", "benchmarks.rematching", "--stories", "300", "--names", "100"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [line.split("  ")[0] for line in lines] == ["stories", "stories a second", "peak memory", "the split", "examined in full"]
    assert lines[-1].split("    ")[1] == "6, of which 6 name somebody new"


def test_the_benchmark_of_the_schedule_runs_and_ours_is_never_worse_for_the_median() -> None:
    command = [sys.executable, "-m", "benchmarks.schedule", "--weeks", "5", "--seeds", "7", "--kinds", "weekly"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert sum(line.startswith("  ours  ") for line in lines) == 2
    for line, what in zip(lines[-2:], ("new stories", "edits"), strict=True):
        gains = [float(part.split(" times")[0]) for part in line.split("median ")[1].replace(", ", "median ").split("median ")]
        assert line.startswith(what) and min(gains) > 1


def test_the_best_looks_in_hindsight_are_no_worse_than_any_others() -> None:
    times = [0.0, 1.0, 1.5, 4.0, 4.2, 9.0]
    for looks in range(1, 7):
        best = min(
            sum(delays([t - 1e-9 for t in times], [*chosen, times[-1]], 10.0)) for chosen in itertools.combinations(times[:-1], looks - 1)
        )
        assert sum(least_delay([times], looks)) >= best - 1e-6
        if looks in (1, 2, 3, 6):
            assert abs(sum(least_delay([times], looks)) - best) < 1e-6
    assert least_delay([[1.0], [2.0, 3.0]], 3) == [0.0, 0.0, 0.0]
