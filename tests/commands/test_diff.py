"""`scrapy diff`: what people and programs see of a story's revisions."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from newswatch.revisions import decide
from newswatch.store import open_store, stories
from newswatch.story import Passage
from tests.conftest import make_story
from tests.crawling import scrapy

FIRST = ("Die Bürgermeisterin Ada Quint sprach am Abend.", "Danach sprach niemand.", "Der Rat ging.", "Das Siel bleibt zu.")
SECOND = (FIRST[3], FIRST[0].replace("Abend", "Morgen"), *FIRST[1:3])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A story of three revisions."""
    db = open_store(tmp_path / "news.db")
    story = make_story(body=(Passage(None, FIRST),))
    edited = replace(story, title="Rat lehnt ab", body=(Passage(None, SECOND),))
    for seen in (story, edited, replace(edited, lead="[bold]Nach\x1b[31m langer Nacht.")):
        stories.save(db, decide(stories.last_revision(db, seen), seen), [])
    db.close()
    return tmp_path


def diff(folder: Path, *args: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return scrapy("diff", "-s", f"DATABASE={folder / 'news.db'}", *args, env=env)


def test_two_revisions_are_shown_to_the_word(folder: Path) -> None:
    done = diff(folder, "https://www.beispiel.example/politik/17/ein-fall", "2")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "beispiel, story 1: Rat lehnt ab"
    assert lines[2:5] == [
        "*   1  2026-11-22 12:00  first seen",
        "*   2  2026-11-22 12:00  headline, text  +3 −3 words",
        "    3  2026-11-22 12:00  lead  +2 −0 words",
    ]
    assert lines[6:8] == ["headline  +2 −2", "  Rat [-stimmt zu-] {+lehnt ab+}"]
    assert lines[9:13] == [
        "text  +1 −1",
        "  moved: {>Das Siel bleibt zu.<}",
        "  Die Bürgermeisterin Ada Quint sprach am [-Abend-] {+Morgen+}.",
        "  … 2 paragraphs unchanged",
    ]


def test_the_last_two_are_compared_where_none_is_named_and_no_text_commands_the_terminal(folder: Path) -> None:
    done = diff(folder, "1", env={"FORCE_COLOR": "1", "TERM": "xterm-256color"})
    assert done.returncode == 0 and "\x1b[31m langer" not in done.stdout and "\x1b[1mheadline" not in done.stdout
    assert "\x1b[32m[bold]Nach\ufffd[31m\x1b[0m langer Nacht." in done.stdout
    assert "*   2" in done.stdout and "*   3" in done.stdout


def test_programs_get_all_of_it(folder: Path) -> None:
    done = diff(folder, "1", "1", "3", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 0 and done.stdout.isascii()
    assert [f["field"] for f in found["fields"]] == ["title", "lead", "body"]
    assert (found["old"], found["new"], found["words_added"], len(found["revisions"])) == (1, 3, 5, 3)
    body = found["fields"][2]
    changed = [p for b in body["blocks"] for p in b["pieces"] if p["kind"] == "added"]
    assert [body["new"][slice(*p["new"])] for p in changed] == ["Morgen"]
    back = json.loads(diff(folder, "1", "3", "1", "--json").stdout)
    assert (back["old"], back["new"], back["words_added"]) == (3, 1, 3)


def test_what_is_not_there_is_said(folder: Path) -> None:
    for args, words in {("9",): "There is no story 9", ("1", "4"): "Story 1 has the revisions 1 to 3.", ("1", "0"): "1 to 3"}.items():
        done = diff(folder, *args)
        assert done.returncode == 1 and words in done.stderr and done.stdout == ""
    assert diff(folder).returncode == 2 and diff(folder, "1", "x").returncode == 2
    assert "The two read alike" not in diff(folder, "1", "1").stdout
    (folder / "news.db").unlink()
    done = diff(folder, "1")
    assert done.returncode == 74 and "is not there" in done.stderr
