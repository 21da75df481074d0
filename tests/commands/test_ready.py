"""What has to stand before anything is fetched: settings that can be, and a file of them that can be read."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from newswatch.commands.ready import NUMBERS, code_of, mistakes, not_ready
from newswatch.errors import ConfigError, StoreError
from tests.conftest import ROOT
from tests.crawling import crawl, scrapy, write_site

GOOD: dict[str, Any] = {"CONTACT": "x", "REQUESTS_AN_HOUR": 600, "DOWNLOAD_TIMEOUT": 30, "ARCHIVE_DAYS": None}


@pytest.mark.parametrize("value", ["soon", "-1", "nan", "inf", "", None, [], "1e400"])
@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_that_cannot_be_is_said(name: str, value: Any) -> None:
    if (name, value) != ("ARCHIVE_DAYS", None):
        [said] = not_ready(Settings(GOOD | {name: value}))
        assert said.startswith(f"{name}: ") and "number of" in said


def test_what_can_be_is_not_said() -> None:
    assert not_ready(Settings(GOOD)) == []
    assert not_ready(Settings(GOOD | {"ARCHIVE_DAYS": "30", "DOWNLOAD_DELAY": "0.5", "ARCHIVE": "False", "RETRY_TIMES": 0})) == []
    assert not_ready(Settings(GOOD | {"ARCHIVE_DAYS": 0.5})) == ["ARCHIVE_DAYS: 0.5 is no whole number of 1 or more"]
    assert not_ready(Settings(GOOD | {"ARCHIVE": "perhaps"})) == ["ARCHIVE: 'perhaps' is neither True nor False"]


def test_the_database_alone_is_74_and_a_wrong_file_78() -> None:
    def locked() -> None:
        raise StoreError("it is locked")

    def wrong() -> None:
        raise ConfigError(["watch.toml: wrong"])

    assert [code_of(mistakes(*checks)) for checks in ([locked], [wrong], [locked, wrong])] == [74, 78, 78]


def test_pages_are_not_removed_for_a_wrong_number_of_days(tmp_path: Path) -> None:
    write_site(tmp_path, "http://127.0.0.1:9/")
    kept = tmp_path / "warc" / "beispiel" / "beispiel-20260101.warc.gz"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"")
    for days in ("-3", "0", "soon"):
        done = crawl("beispiel", tmp_path, "-s", f"ARCHIVE_DAYS={days}")
        assert done.returncode == 78 and "ARCHIVE_DAYS" in done.stderr and "Traceback" not in done.stderr
    assert kept.exists()


@pytest.mark.parametrize(("argument", "said"), [("sectoins=politik", 'did you mean "sections"'), ("due=maybe", "1 for what is due only")])
def test_an_argument_that_no_crawl_knows_is_said(argument: str, said: str, tmp_path: Path) -> None:
    write_site(tmp_path, "http://127.0.0.1:9/")
    done = crawl("beispiel", tmp_path, "-a", argument)
    assert done.returncode == 78 and said in done.stderr


@pytest.mark.parametrize(("text", "line"), [("\nCONTACT = desk@example.org\n", 2), ("CONTACT =\n", 1), ("import nothing_like_this\n", 1)])
def test_settings_that_cannot_be_read_are_a_sentence(text: str, line: int, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "settings", tmp_path / "settings", ignore=shutil.ignore_patterns("local.py", "__pycache__"))
    shutil.copy(ROOT / "scrapy.cfg", tmp_path)
    (tmp_path / "settings" / "local.py").write_text(text, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "scrapy", "list"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 78 and done.stderr.startswith(f"settings/local.py: line {line}: "), done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_list_takes_no_arguments() -> None:
    assert scrapy("list", "extra").returncode == 2
