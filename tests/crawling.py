"""Commands as a user starts them: `scrapy crawl` and others, each in a process of its own."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT
from tests.warm import Command, Warm

FAST = ["-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "RETRY_ENABLED=0", "-s", "REQUESTS_AN_HOUR=0"]
FAST += ["-s", "ALLOW_PRIVATE_ADDRESSES=1"]


_idle: list[Warm] = []


def scrapy(*args: str, env: dict[str, str] | None = None, timeout: float = 120, is_fresh: bool = False) -> subprocess.CompletedProcess[str]:
    """Runs a scrapy command in the project; stdout and stderr are captured. It is a child of a warm Python, or, `is_fresh`, a new one."""
    command = [sys.executable, "-m", "scrapy", *args]
    if is_fresh:
        environment = {**os.environ, "COLUMNS": "200", **(env or {})}
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=timeout, check=False)
    with tempfile.TemporaryDirectory() as folder, a_warm() as warm:
        said, warned = Path(folder) / "said", Path(folder) / "warned"
        code = warm.run(Command(list(args), env=env or {}), said, warned, timeout)
        return subprocess.CompletedProcess(command, code, said.read_text(encoding="utf-8"), warned.read_text(encoding="utf-8"))


@contextlib.contextmanager
def a_warm() -> Iterator[Warm]:
    """One that is idle. It is begun where there is none, and ends with the tests."""
    warm = _idle.pop() if _idle else Warm().__enter__()
    yield warm
    _idle.append(warm)


def end_warm() -> None:
    """Ends all that are idle."""
    while _idle:
        _idle.pop().__exit__()


def crawl(
    site: str, folder: Path, *args: str, contact: str = "tests", timeout: float = 120, is_fresh: bool = False
) -> subprocess.CompletedProcess[str]:
    """`scrapy crawl` with site files, watchlists and database in `folder`."""
    return scrapy("crawl", site, *folder_settings(folder, contact), *FAST, *args, timeout=timeout, is_fresh=is_fresh)


def crawl_command(site: str, folder: Path) -> list[str]:
    """What `crawl` runs, for tests that start it themselves."""
    return [sys.executable, "-m", "scrapy", "crawl", site, *folder_settings(folder), *FAST]


def folder_settings(folder: Path, contact: str = "tests") -> list[str]:
    """The options that make a command use site files, watchlists, what is switched on and the database of a folder."""
    names = {"DATABASE": "news.db", "SITES_DIR": "sites", "WATCHLISTS_DIR": "watchlists", "WATCH_FILE": "watch.toml"}
    names |= {"ALERTS_FILE": "alerts.toml"}
    settings = [f"{name}={folder / path}" for name, path in names.items()] + [f"CONTACT={contact}"]
    return [arg for setting in settings for arg in ("-s", setting)]


class MemoryWatch:
    """`with MemoryWatch() as watch:` notes the largest memory of child processes, as the kernel keeps it (VmHWM)."""

    def __init__(self) -> None:
        self.largest = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> MemoryWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        tasks = Path(f"/proc/{os.getpid()}/task")
        while not self._done.wait(0.02):
            for task in tasks.iterdir():
                with contextlib.suppress(OSError, ValueError):
                    for child in (task / "children").read_text().split():
                        self.largest = max(self.largest, _peak(Path(f"/proc/{child}")))


def _peak(process: Path) -> int:
    """Bytes; 0 before the child has become a program of its own: until then it shows its parent's memory."""
    if b"scrapy" not in (process / "cmdline").read_bytes():
        return 0
    status = (process / "status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def write_site(folder: Path, home: str, name: str = "beispiel", more: str = "") -> None:
    """A site file for a loopback site."""
    (folder / "sites").mkdir(parents=True, exist_ok=True)
    (folder / "sites" / f"{name}.toml").write_text(
        f'title = "Das Beispiel"\nhome = "{home}"\nlanguage = "de"\nzone = "Europe/Berlin"\n{more}'
        f"[sections]\npolitik = \"{home}politik/\"\n[article]\npattern = '^/politik/(?P<key>\\d+)/'\n",
        encoding="utf-8",
    )
