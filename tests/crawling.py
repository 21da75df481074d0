"""Crawls as a user starts them: `scrapy crawl` in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

FAST = ["-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "RETRY_ENABLED=0"]


def scrapy(*args: str, env: dict[str, str] | None = None, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """Runs a scrapy command in the project; stdout and stderr are captured."""
    environment = {**os.environ, "COLUMNS": "200", **(env or {})}
    command = [sys.executable, "-m", "scrapy", *args]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=timeout, check=False)


def crawl(site: str, folder: Path, *args: str, contact: str = "tests", timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """`scrapy crawl` with site files, watchlists and database in `folder`."""
    settings = [
        "-s",
        f"DATABASE={folder / 'news.db'}",
        "-s",
        f"SITES_DIR={folder / 'sites'}",
        "-s",
        f"WATCHLISTS_DIR={folder / 'watchlists'}",
    ]
    return scrapy("crawl", site, *settings, "-s", f"CONTACT={contact}", *FAST, *args, timeout=timeout)


def write_site(folder: Path, home: str, name: str = "beispiel", more: str = "") -> None:
    """A site file for a loopback site."""
    (folder / "sites").mkdir(parents=True, exist_ok=True)
    (folder / "sites" / f"{name}.toml").write_text(
        f'title = "Das Beispiel"\nhome = "{home}"\nlanguage = "de"\nzone = "Europe/Berlin"\n{more}'
        f"[sections]\npolitik = \"{home}politik/\"\n[article]\npattern = '^/politik/(?P<key>\\d+)/'\n",
        encoding="utf-8",
    )
