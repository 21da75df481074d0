"""A process that has imported everything and forks a child for each command: a crawl costs a fraction of a new Python.

python -m tests.warm      a JSON line in for each command, a line with how it ended out
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import subprocess
import sys
import time
import traceback
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

_HEAVY = [
    "scrapy.cmdline",
    "scrapy.crawler",
    "scrapy.commands.crawl",
    "scrapy.extensions.corestats",
    "scrapy.extensions.logstats",
    "scrapy.extensions.memusage",
    "scrapy.extensions.throttle",
    "scrapy.extensions.feedexport",
    "scrapy.extensions.closespider",
    "scrapy.dupefilters",
    "scrapy.core.engine",
    "scrapy.core.scheduler",
    "scrapy.pqueues",
    "scrapy.squeues",
    "scrapy.core.downloader",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.core.downloader.contextfactory",
    "scrapy.core.scraper",
    "scrapy.core.spidermw",
    "scrapy.downloadermiddlewares.robotstxt",
    "scrapy.downloadermiddlewares.httpcompression",
    "scrapy.downloadermiddlewares.redirect",
    "scrapy.downloadermiddlewares.retry",
    "scrapy.downloadermiddlewares.httpproxy",
    "scrapy.downloadermiddlewares.defaultheaders",
    "scrapy.downloadermiddlewares.downloadtimeout",
    "scrapy.downloadermiddlewares.useragent",
    "scrapy.downloadermiddlewares.stats",
    "scrapy.spidermiddlewares.depth",
    "scrapy.spidermiddlewares.httperror",
    "scrapy.spidermiddlewares.referer",
    "scrapy.spidermiddlewares.urllength",
    "scrapy.spidermiddlewares.start",
    "scrapy.robotstxt",
    "scrapy.statscollectors",
    "scrapy.logformatter",
    "scrapy.resolver",
    "twisted.internet.endpoints",
    "asyncio",
    "rich.table",
]


@dataclass(frozen=True, slots=True)
class Command:
    """A program in a child, as `python -m` starts it."""

    args: list[str]
    at: datetime | None = None
    """What its clock says when it begins; None: what the machine's says."""
    env: dict[str, str] = field(default_factory=dict)
    """Beside that of whoever asks."""
    variant: str | None = None
    """One of tests/crash/variants.py."""
    program: str = "scrapy"


class Warm:
    """`with Warm() as warm: warm.run(command, output)` returns the exit code; -9 for a child that was killed."""

    def __enter__(self) -> Warm:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.warm"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin and self._process.stdout
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def run(self, command: Command, output: Path, errors: Path | None = None, timeout: float = 120) -> int:
        """Appends what it says to `output`, and what it says to stderr to `errors`. Raises subprocess.TimeoutExpired after so many s."""
        assert self._process.stdin and self._process.stdout
        asked = {
            **asdict(command),
            "at": command.at and command.at.isoformat(),
            "env": {**os.environ, "COLUMNS": "200", **command.env},
            "files": [str(output), str(errors or output)],
        }
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        if not select.select([self._process.stdout], [], [], timeout)[0]:
            os.killpg(self._process.pid, signal.SIGKILL)
            raise subprocess.TimeoutExpired([command.program, *command.args], timeout)
        return int(self._process.stdout.readline())


def _child(asked: dict[str, Any]) -> int:
    from newswatch import clock, faultpoints

    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, path in enumerate(asked["files"], 1):
        os.dup2(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o644), number)
    os.environ.clear()
    os.environ.update(asked["env"])
    if asked["at"]:
        begun, at = time.monotonic(), datetime.fromisoformat(asked["at"])
        clock.now = lambda: at + timedelta(seconds=int(time.monotonic() - begun))
    faultpoints.forget()
    if asked["variant"]:
        importlib.import_module("tests.crash.variants").VARIANTS[asked["variant"]]()
    sys.argv[1:] = asked["args"]
    try:
        runpy.run_module(asked["program"], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def main() -> None:
    """Serves until its input ends."""
    for name in _HEAVY:
        importlib.import_module(name)
    import newswatch

    for module in pkgutil.walk_packages(newswatch.__path__, "newswatch."):
        if not module.name.startswith("newswatch.demo") and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    assert "twisted.internet.reactor" not in sys.modules
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            code = 70
            try:
                code = _child(json.loads(line))
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
