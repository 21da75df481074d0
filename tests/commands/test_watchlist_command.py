"""`scrapy watchlist`: lists of others become watchlists; watchlists are checked and shown."""

from __future__ import annotations

import csv
import gzip
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from newswatch.commands.watchlist import name_of
from newswatch.matching import load_watchlists
from tests.crawling import MemoryWatch, scrapy
from tests.importing.lists import HEADER, dump, entity, target, targets, words


def watchlist(folder: Path, *args: str, **more: Any) -> subprocess.CompletedProcess[str]:
    return scrapy("watchlist", *args, "-s", f"WATCHLISTS_DIR={folder / 'watchlists'}", **more)


def test_a_sanctions_list_becomes_a_watchlist(tmp_path: Path) -> None:
    rows = [target("Q900000001", "Ada Quint", "Ада Квинт", countries="ru", sanctions="EU"), target("V1", "Seestern", schema="Vessel")]
    file = tmp_path / "targets.simple.csv.gz"
    file.write_bytes(gzip.compress(targets(rows).encode()))
    done = watchlist(tmp_path, "import", str(file), "--languages", "de,ru", "--tag", "eu", "--kinds", "person")
    assert done.returncode == 0 and not done.stderr, done.stdout + done.stderr
    for said in ("1 actors: 1 person", "2 strong names, 1 weak names that are off", "Vessel", "targets-simple.toml", "on = true"):
        assert said in done.stdout, done.stdout
    actor = load_watchlists(tmp_path / "watchlists").actors["q900000001"]
    assert actor.tags == ["country-ru", "sanctioned", "eu"] and actor.names == ["Ада Квинт"]


def test_entities_of_no_known_kind_are_listed_by_class(tmp_path: Path) -> None:
    (tmp_path / "some.json").write_text(
        dump([entity(), entity("Q900000002", ["Q900000099"], {"en": "\x1b[31mSea Star"})]), encoding="utf-8"
    )
    done = watchlist(tmp_path, "import", str(tmp_path / "some.json"))
    assert done.returncode == 0 and "instances of Q900000099, as" in done.stdout and "\x1b" not in done.stdout
    assert list(load_watchlists(tmp_path / "watchlists").actors) == ["q900000001"]


def test_rows_that_cannot_be_read_are_1_and_shown_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(entity()) + "\n{}\n" + 8 * "{x}\n")
    done = watchlist(tmp_path, "import", str(tmp_path / "a.jsonl"))
    assert done.returncode == 1 and "9 rows that could not be read" in done.stdout and "line 2 is no entity" in done.stdout
    assert "and 4 more" in done.stdout and (tmp_path / "watchlists" / "a.toml").exists()


def test_nothing_imported_is_1(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(targets([]))
    done = watchlist(tmp_path, "import", str(tmp_path / "a.csv"))
    assert done.returncode == 1 and "Nothing was written." in done.stdout and not (tmp_path / "watchlists").exists()


def test_wrong_arguments_and_files_are_78_and_change_nothing(tmp_path: Path) -> None:
    good = tmp_path / "a.csv"
    good.write_text(targets([target()]))
    assert watchlist(tmp_path, "import", str(good)).returncode == 0
    before = (tmp_path / "watchlists" / "a.toml").read_bytes()
    for args, said in (
        (["import", str(good)], "--replace writes over it"),
        (["import", str(good), "--name", "../b"], "--name ../b"),
        (["import", str(tmp_path / "none.csv")], "cannot be read"),
        (["import"], "Say what to do"),
        (["dance"], "Say what to do"),
        (["check", "--replace"], "go with one file to import"),
    ):
        done = watchlist(tmp_path, *args)
        assert done.returncode == 78 and said in done.stderr, (args, done.stderr)
    assert (tmp_path / "watchlists" / "a.toml").read_bytes() == before
    assert watchlist(tmp_path, "import", str(good), "--replace").returncode == 0


def test_a_folder_that_cannot_be_written_is_74(tmp_path: Path) -> None:
    (tmp_path / "watchlists").write_text("no folder")
    (tmp_path / "a.csv").write_text(targets([target()]))
    done = watchlist(tmp_path, "import", str(tmp_path / "a.csv"))
    assert done.returncode == 74 and "could not be written" in done.stderr


def test_a_long_list_needs_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    peaks = []
    for count in (500, 50_000):
        file = tmp_path / f"list-{count}.csv"
        with file.open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, HEADER, restval="", dialect=csv.unix_dialect)
            writer.writeheader()
            writer.writerows(
                target(f"NK-{i}", f"Ada {word}", f"{word.upper()}, Ada") for i, word in zip(range(count), words(), strict=False)
            )
        with MemoryWatch() as watch:
            done = watchlist(tmp_path / str(count), "import", str(file), is_fresh=True)
        peaks.append(watch.largest)
        assert done.returncode == 0 and f"{count:,} person" in done.stdout, done.stdout + done.stderr
    assert "It is JSON, a line an actor" in done.stdout and (tmp_path / "50000" / "watchlists" / "list-50000.jsonl").exists()
    assert peaks[1] - peaks[0] < 32 * 2**20, peaks


def test_a_check_tells_what_is_there_and_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "watchlists").mkdir()
    file = tmp_path / "watchlists" / "mine.toml"
    file.write_text('[quint]\nname = "Ada Quint"\nkind = "person"\n')
    done = watchlist(tmp_path, "check")
    assert done.returncode == 0 and "1 actors (1 person), 0 rules" in done.stdout, done.stderr
    file.write_text('[quint]\nname = "Ada Quint"\nkind = "persona"\n')
    done = watchlist(tmp_path, "check")
    assert done.returncode == 78 and "quint: kind" in done.stderr


def test_an_actor_is_shown(tmp_path: Path) -> None:
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "watchlists" / "mine.toml").write_text('[quint]\nname = "Ada Quint"\nkind = "person"\n[rules.r]\nwhen = "quint"\n')
    done = watchlist(tmp_path, "show", "quint")
    assert done.returncode == 0 and "Ada Quint" in done.stdout, done.stderr
    done = watchlist(tmp_path, "show", "quimt")
    assert done.returncode == 78 and 'did you mean "quint"' in done.stderr
    assert "is a rule" in watchlist(tmp_path, "show", "r").stderr


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("targets.simple.csv", "targets-simple"),
        ("targets.simple.csv.gz", "targets-simple"),
        ("latest-all.json.bz2", "latest-all"),
        ("Q7747.json", "Q7747"),
        ("Ämter & mehr.json", "mter-mehr"),
        (".json", "imported"),
    ],
)
def test_a_watchlist_is_named_by_its_file(file: str, name: str) -> None:
    assert name_of(Path(file)) == name


def test_a_check_of_no_list_says_that_nobody_is_followed(tmp_path: Path) -> None:
    done = watchlist(tmp_path, "check")
    assert done.returncode == 78 and "nobody is followed" in done.stderr
