"""The benchmarks run; what they measure depends on the machine."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import ROOT


def test_the_benchmark_of_match_runs() -> None:
    command = [sys.executable, "-m", "benchmarks.rematching", "--stories", "300", "--names", "100"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [line.split("  ")[0] for line in lines] == ["stories", "stories a second", "peak memory", "the split", "examined in full"]
    assert lines[-1].split("    ")[1] == "6, of which 6 name somebody new"
