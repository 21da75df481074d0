"""`scrapy match` and `scrapy explain`: what people see, and exit codes that are true."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from newswatch.commands.plain import plain
from newswatch.matching import examine_story, load_watchlists
from newswatch.revisions import decide
from newswatch.store import open_store, stories, watchlists
from newswatch.story import Entry, Passage, Story
from tests.conftest import NOW, make_story
from tests.crawling import scrapy
from tests.dump import dump

LIST = """
[quint]
name = "Ada Quint"
kind = "person"
weak = ["Quint"]
not = ["Quint AG"]
"""
MORE = LIST + '[bund]\nname = "Nordbund"\nkind = "group"\n[rules.beide]\nname = "Beide"\nwhen = "quint and bund"\n'
TEXTS = ("Ada Quint sprach mit dem Nordbund. Rolf Quint schwieg.", "Rolf Quint ging. Die Quint AG wuchs.")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A watchlist, and a store of three stories that were matched with it; one has two revisions."""
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "watchlists" / "w.toml").write_text(LIST, encoding="utf-8")
    passages = (Passage(None, TEXTS),)
    first = make_story(body=passages)
    second = replace(first, title="Rat lehnt ab", urls=("https://www.beispiel.example/politik/17/alt/?from=feed",))
    other = made(18, "Niemand sprach.", title="Quint geht")
    quiet = made(19, "Niemand sprach.", title="Niemand kam")
    save(tmp_path, first, second, other, quiet)
    return tmp_path


def made(key: int, text: str, **more: object) -> Story:
    url = f"https://www.beispiel.example/politik/{key}/"
    return make_story(site_key=str(key), url=url, body=(Passage(None, (text,)),), **more)


def save(folder: Path, *seen: Story) -> None:
    db = open_store(folder / "news.db")
    watchlist = load_watchlists(folder / "watchlists")
    number = watchlists.register(db, watchlist, NOW)
    for story in seen:
        mentions = examine_story(story, watchlist).mentions
        stories.save(db, decide(stories.last_revision(db, story), story), mentions, watchlist=number)
    db.close()


def run(command: str, folder: Path, *args: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    settings = ["-s", f"DATABASE={folder / 'news.db'}", "-s", f"WATCHLISTS_DIR={folder / 'watchlists'}"]
    return scrapy(command, *settings, *args, env=env)


def test_match_tells_first_and_does_then(folder: Path) -> None:
    done = run("match", folder)
    assert (done.returncode, done.stdout) == (0, "Nothing to do: all 4 revisions were matched with this watchlist.\n")
    (folder / "watchlists" / "w.toml").write_text(MORE, encoding="utf-8")
    before = dump(folder / "news.db")
    told = run("match", folder, "--dry-run")
    assert told.returncode == 0 and told.stderr == ""
    assert dump(folder / "news.db") == before
    for words in (
        "4 revisions looked at, 3 of them in full.",
        "1 story would change; mentions of 2 actors: 4 more; 2 events found afterwards (no alert is sent for them).",
        "Nordbund  stories +1, mentions +2",
        "Beide  stories +1, mentions +2",
        "+ text: Ada Quint sprach mit dem Nordbund.",
        "Nothing was written",
    ):
        assert words in told.stdout
    done = run("match", folder)
    assert done.returncode == 0
    assert "1 story changed; mentions of 2 actors: 4 more; 2 events" in done.stdout and "Nothing was written" not in done.stdout
    assert {row[3] for row in dump(folder / "news.db")["events"]} == {"quint", "bund", "beide"}
    assert "Nothing to do" in run("match", folder).stdout
    done = run("match", folder, "--all")
    assert "4 revisions looked at, 4 of them in full." in done.stdout and "Nobody is named anywhere else" in done.stdout


def test_match_says_what_is_wrong(folder: Path) -> None:
    path = folder / "watchlists" / "w.toml"
    before = dump(folder / "news.db")
    path.write_text(LIST.replace("kind", "knid"), encoding="utf-8")
    done = run("match", folder)
    assert done.returncode == 78 and "w.toml: quint: knid: unknown key" in done.stderr
    path.unlink()
    done = run("match", folder)
    assert done.returncode == 78 and "no actors there" in done.stderr and "--all" in done.stderr
    assert dump(folder / "news.db") == before
    assert run("match", folder, "quint").returncode == 2
    (folder / "news.db").chmod(0o444)
    done = run("match", folder)
    assert done.returncode == 74 and "is read-only" in done.stderr
    (folder / "news.db").unlink()
    done = run("match", folder)
    assert done.returncode == 74 and "is not there: scrapy crawl makes it" in done.stderr
    assert not (folder / "news.db").exists()


def test_a_disk_that_is_full_ends_the_match_with_74(folder: Path) -> None:
    db = open_store(folder / "news.db")
    db.execute("CREATE TRIGGER full BEFORE INSERT ON mentions BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END")
    db.close()
    (folder / "watchlists" / "w.toml").write_text(MORE, encoding="utf-8")
    done = run("match", folder)
    assert done.returncode == 74 and "disk is full: make room there. What was done stays" in done.stderr and "Traceback" not in done.stderr


def test_explain_tells_each_mention_near_miss_and_rule(folder: Path) -> None:
    done = run("explain", folder, "https://www.beispiel.example/politik/17/ein-fall")
    assert done.returncode == 0 and done.stderr == ""
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "beispiel, story 1, revision 2 of 2, seen 2026-11-22T12:00:00Z" in lines
    assert "headline Rat lehnt ab" in lines
    assert "Ada Quint Ada Quint (quint) text strong name Ada Quint" in lines
    assert "Quint Ada Quint (quint) behind the given name Rolf (2 times)" in lines
    assert 'Quint Ada Quint (quint) excluded by not "Quint AG"' in lines
    assert "run scrapy match" not in done.stdout
    (folder / "watchlists" / "w.toml").write_text(MORE, encoding="utf-8")
    done = run("explain", folder, "1", "--revision", "1")
    assert "revision 1 of 2" in done.stdout and "earlier watchlist: run scrapy match" in done.stdout
    assert "Rule Beide (beide) holds" in done.stdout and "quint + bund" in done.stdout


@pytest.mark.parametrize(
    "address",
    [
        "https://www.beispiel.example/politik/17/alt/?from=feed",
        "http://www.beispiel.example/politik/17/alt?from=feed",
        "www.beispiel.example/politik/17/ein-fall/?utm=x#oben",
        "1",
    ],
)
def test_explain_finds_a_story_by_any_of_its_addresses(address: str, folder: Path) -> None:
    assert "story 1, revision 2 of 2" in run("explain", folder, address).stdout


def test_explain_says_what_is_not_there(folder: Path) -> None:
    for args, words in {
        ("https://www.beispiel.example/politik/17/ein-fal",): "There is no story https://www.beispiel.example/politik/17/ein-fal",
        ("https://www.anders.example/x/ein-fall",): "These are near: https://www.beispiel.example/politik/17/ein-fall",
        ("99",): "There is no story 99 among 3: give an address",
        ("9" * 30,): "among 3",
        ("1", "--revision", "3"): "Story 1 has the revisions 1 to 2.",
    }.items():
        done = run("explain", folder, *args)
        assert done.returncode == 1 and words in done.stderr and done.stdout == ""
    assert run("explain", folder).returncode == 2


def test_names_are_marked_and_what_is_stored_commands_no_terminal(folder: Path) -> None:
    text = "[bold] Ada Quint [/bold] \x1b[31mrot\x07 und \u202eQuint :smile: http://x.example"
    entries = (Entry("e1", None, "Um zwölf", text),)
    save(folder, made(20, text, entries=entries))
    done = run("explain", folder, "4", env={"FORCE_COLOR": "1", "TERM": "xterm-256color"})
    assert "\x1b[31mrot" not in done.stdout and "\x07" not in done.stdout and "\u202e" not in done.stdout
    assert "[bold] \x1b[1;32mAda Quint\x1b[0m [/bold] \ufffd[31mrot\ufffd und \ufffd\x1b[1;32mQuint\x1b[0m :smile:" in done.stdout
    assert "text, entry Um zwölf" in done.stdout


def test_plain_text_keeps_its_length() -> None:
    text = "a\x00\tb\u202e\x9b\r\nÄ\u00ad\ud800"
    assert plain(text) == "a\ufffd b\ufffd\ufffd\ufffd\nÄ\u00ad\ufffd"
