"""A process that has imported everything and forks a child for each command: a crawl costs a fraction of a new Python.

python -m tests.crash.warm      a JSON line in for each command, a line with how it ended out
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
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
    """A scrapy command in a child."""

    args: list[str]
    at: datetime
    """What its clock says when it begins."""
    env: dict[str, str] = field(default_factory=dict)
    variant: str | None = None
    """One of tests/crash/variants.py."""


class Warm:
    """`with Warm() as warm: warm.run(command)` returns the exit code; -9 for a child that was killed."""

    def __enter__(self) -> Warm:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.warm"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def run(self, command: Command, output: Path) -> int:
        assert self._process.stdin and self._process.stdout
        asked = {"args": command.args, "at": command.at.isoformat(), "env": command.env, "variant": command.variant, "output": str(output)}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def _child(asked: dict[str, Any]) -> int:
    from scrapy.cmdline import execute

    from newswatch import clock, faultpoints
    from newswatch.spiders import loader

    for number in (1, 2):
        os.dup2(os.open(asked["output"], os.O_CREAT | os.O_WRONLY | os.O_APPEND), number)
    os.environ.update(asked["env"])
    begun, at = time.monotonic(), datetime.fromisoformat(asked["at"])
    clock.now = lambda: at + timedelta(seconds=int(time.monotonic() - begun))
    loader.check_sites = partial(loader.check_sites, shipped=None)  # a hundred files that no test here needs
    faultpoints.forget()
    if asked["variant"]:
        importlib.import_module("tests.crash.variants").VARIANTS[asked["variant"]]()
    try:
        execute(["scrapy", *asked["args"]])
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def main() -> None:
    """Serves until its input ends."""
    os.environ["COLUMNS"] = "200"
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
