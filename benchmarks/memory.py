"""What a long crawl takes of memory: a generated newspaper on loopback, all of it in one `scrapy crawl`.

    python -m benchmarks.memory --pages 50000

A section answers when the stories of those before it were served, so that what waits to be asked for stays the same, and
memory grows only by what the crawl keeps of pages that are done with. It prints the resident memory of the crawl after
2,000 pages and at the end; exits with 1 where the second is more than 1.3 times the first.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.conftest import ROOT
from tests.crash.paper import Paper, Served, State
from tests.crash.serving import PaperServer
from tests.crawling import FAST

FIRST, MOST = 2_000, 1.3
A_SECTION = 500
ACTIVE = 8
"""Requests at a time, besides those of sections that wait."""


class LongPaper(PaperServer):
    """Holds each section back until few stories of those before it are left; measures the crawl as it goes."""

    def __init__(self, pages: int, marks: list[int]) -> None:
        super().__init__(Paper(7, first=pages, more=0, sections=tuple(f"ressort{n}" for n in range(-(-pages // A_SECTION)))))
        self.served, self.process, self.measured = 0, 0, dict[int, int]()
        self._marks, self._changed = marks, threading.Condition()

    def note(self, served: Served) -> None:
        """Counts stories; lets a section wait."""
        with self._changed:
            if isinstance(served.state, State) or served.status >= 400:
                self.served += 1
                if self.served in self._marks and self.process:
                    self.measured[self.served] = resident(self.process)
                    print(f"{self.served:>7,} pages  {self.measured[self.served] / 2**20:6.1f} MiB", flush=True)
                self._changed.notify_all()
            else:
                name = served.path.strip("/").removeprefix("ressort")
                if name.isdigit():
                    self._changed.wait_for(lambda: self.served >= int(name) * A_SECTION - 2 * ACTIVE, timeout=3000)


def resident(process: int) -> int:
    """Bytes of a process that are in memory now."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) * 1024


def crawl(folder: Path, paper: LongPaper) -> int:
    """Crawls all of it; the exit code."""
    paper.write_files(folder)
    settings = {
        "DATABASE": folder / "news.db",
        "SITES_DIR": folder / "sites",
        "WATCHLISTS_DIR": folder / "watchlists",
        "CONTACT": "benchmark",
        "CONCURRENT_REQUESTS": len(paper.paper.sections) + ACTIVE,
        "CONCURRENT_REQUESTS_PER_DOMAIN": len(paper.paper.sections) + ACTIVE,
        "DOWNLOAD_TIMEOUT": 3600,
    }
    args = [arg for key, value in settings.items() for arg in ("-s", f"{key}={value}")]
    command = [sys.executable, "-m", "scrapy", "crawl", "sielblatt", *FAST, *args]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        paper.process = process.pid
        return process.wait()


def main() -> None:
    """Crawls, and says how memory grew."""
    parser = argparse.ArgumentParser(description="Resident memory of one long crawl.")
    parser.add_argument("--pages", type=int, default=50_000)
    pages = max(parser.parse_args().pages, FIRST + A_SECTION)
    marks = [FIRST, *range(10_000, pages, 10_000), pages - ACTIVE]
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, LongPaper(pages, marks) as paper:
        code = crawl(Path(folder), paper)
        size = sum(path.stat().st_size for path in Path(folder).glob("news.db*"))
    seconds = time.monotonic() - begun
    rate = paper.served / seconds
    print(f"{paper.served:,} pages in {seconds:,.0f} s ({rate:.0f} a second), exit code {code}, database {size / 2**20:.0f} MiB")
    ratio = paper.measured[marks[-1]] / paper.measured[FIRST]
    print(f"at the end {ratio:.2f} times the memory after {FIRST:,} pages; at most {MOST} is wanted")
    sys.exit(ratio > MOST)


if __name__ == "__main__":
    main()
