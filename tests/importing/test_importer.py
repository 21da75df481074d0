"""A file in, a watchlist out: whole, loadable, or not at all."""

from __future__ import annotations

import bz2
import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from newswatch.errors import ConfigError
from newswatch.importing import Report, Wanted, import_file, importer, wanted
from newswatch.importing.importer import actor_id
from newswatch.matching import Watchlist, load_watchlists
from tests.conftest import ROOT
from tests.importing.lists import CITY, FAMILY_NAME, PARTY, dump, entity, target, targets

DE_EN = wanted("de,en", "", ())


def run(
    folder: Path, text: str | bytes, want: Wanted = DE_EN, *, file: str = "list.csv", name: str = "list", replace: bool = False
) -> tuple[Report, Watchlist]:
    """Imports and loads what was written."""
    path = folder / file
    path.write_bytes(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
    report = import_file(path, folder / "watchlists", name, want, replace=replace)
    return report, load_watchlists(folder / "watchlists")


def files(folder: Path) -> list[str]:
    return sorted(p.name for p in (folder / "watchlists").iterdir())


def test_sanctioned_people_become_actors(tmp_path: Path) -> None:
    row = target("Q900000001", "QUINT, Ada", "Ada Maria Quint", "Ада Квинт", countries="ru", sanctions="EU")
    report, watchlist = run(tmp_path, targets([row]), wanted("de,en", "", ["liste"]))
    actor = watchlist.actors["q900000001"]
    assert (actor.name, actor.kind, actor.names, actor.wikidata) == ("Ada Quint", "person", ["Ada Maria Quint"], "Q900000001")
    assert [(w.text, w.on) for w in actor.weak] == [("Quint", False)]
    assert actor.tags == ["country-ru", "sanctioned", "liste"]
    assert (report.strong, report.weak, report.bad) == (2, 1, 0) and report.dropped == {"in letters of other languages": 1}


def test_entities_become_actors_with_family_names_from_the_same_file(tmp_path: Path) -> None:
    people = [
        entity("Q900000001", families=["Q900000007", "Q900000008"]),
        entity("Q900000007", [FAMILY_NAME], {"de": "Quint", "ru": "Квинт"}),
        entity("Q900000002", [PARTY], {"de": "Deichpartei"}, {"de": ["DP", "Partei der Deiche"]}),
        entity("Q900000003", [CITY], {"de": "Nordhusum", "en": "North Husum"}),
    ]
    report, watchlist = run(tmp_path, dump(people), file="list.json")
    quint, party, city = watchlist.actors.values()
    assert (quint.name, [(w.text, w.on) for w in quint.weak]) == ("Ada Quint", [("Quint", False)])
    assert (party.name, party.names) == ("Deichpartei", ["Partei der Deiche"])
    assert [(w.text, w.case, w.on) for w in party.weak] == [("DP", "exact", False)]
    assert (city.kind, city.names) == ("place", ["North Husum"])
    assert report.kinds == {"person": 1, "organisation": 1, "place": 1} and report.one_word == 2


def test_letters_of_other_languages_are_taken_where_they_are_asked_for(tmp_path: Path) -> None:
    _, watchlist = run(tmp_path, targets([target("A1", "Ada Quint", "Ада Квинт")]), wanted("ru", "", ()))
    assert watchlist.actors["a1"].name == "Ада Квинт"


def test_only_the_kinds_asked_for_are_taken(tmp_path: Path) -> None:
    rows = [target("A1"), target("A2", "Dike Watch", schema="Company")]
    report, watchlist = run(tmp_path, targets(rows), wanted("de", "organisation", ()))
    assert list(watchlist.actors) == ["a2"] and report.skipped == {"a kind that was not asked for: person": 1}


def test_an_id_stands_once(tmp_path: Path) -> None:
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "watchlists" / "mine.toml").write_text('[a1]\nname = "Ada Quint"\nkind = "person"\n[rules.a3]\nwhen = "a1"\n')
    own = {"id": "a4", "name": "Dora Quint", "kind": "person"}
    (tmp_path / "watchlists" / "mine.jsonl").write_text(json.dumps(own) + "\n")
    report, watchlist = run(tmp_path, targets([target(f"A{i}") for i in (1, 2, 3, 4)] + [target("a2")]))
    assert set(watchlist.actors) == {"a1", "a2", "a4"}
    assert report.skipped == {"an id that stands in another of your watchlists": 3, "an id that stood in the file before": 1}


@pytest.mark.parametrize(
    ("source_id", "key"),
    [
        ("NK-aBc", "nk-abc"),
        ("Q7", "q7"),
        ("us.ofac 17/Ä", "us.ofac-17-"),
        ("../../etc", "etc"),
        ("rules", None),
        ("name", None),
        ("--", None),
        ("", None),
    ],
)
def test_ids_have_the_letters_that_watchlists_allow(source_id: str, key: str | None) -> None:
    assert actor_id(source_id) == key


def test_a_long_list_is_written_a_line_an_actor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "MOST_IN_TOML", 2)
    text = targets([target(f"A{i}") for i in range(3)])
    report, watchlist = run(tmp_path, text)
    assert files(tmp_path) == ["list.jsonl"] and report.path and len(watchlist.actors) == 3
    monkeypatch.setattr(importer, "MOST_IN_TOML", 3)
    run(tmp_path, text, replace=True)
    assert files(tmp_path) == ["list.toml"], "the longer one of that name is gone"
    monkeypatch.setattr(importer, "LONGEST_TOML", 10)
    run(tmp_path, text, replace=True)
    assert files(tmp_path) == ["list.jsonl"]


def test_the_same_file_gives_the_same_watchlist(tmp_path: Path) -> None:
    text = targets([target(f"A{i}", f"Ada Quint{'u' * i}", "Quint, Ada") for i in range(9)])
    run(tmp_path, text)
    first = (tmp_path / "watchlists" / "list.toml").read_bytes()
    run(tmp_path, text, replace=True)
    assert (tmp_path / "watchlists" / "list.toml").read_bytes() == first


def test_a_watchlist_is_never_written_over_unasked(tmp_path: Path) -> None:
    run(tmp_path, targets([target()]))
    with pytest.raises(ConfigError, match="--replace"):
        run(tmp_path, targets([target("A2")]))
    _, watchlist = run(tmp_path, targets([target("A2")]), replace=True)
    assert list(watchlist.actors) == ["a2"]


def test_where_nothing_is_imported_nothing_is_written(tmp_path: Path) -> None:
    run(tmp_path, targets([target()]))
    report, watchlist = run(tmp_path, targets([target("A2", schema="Vessel")]), replace=True)
    assert report.path is None and list(watchlist.actors) == ["nk-quint"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"<html>", "is neither"),
        (b"id,name\nA1,Ada\n", "is neither"),
        (b"{\n", "is no JSON"),
        (gzip.compress(targets([target()] * 500).encode())[:-30], "breaks off"),
        (b"\x1f\x8b\x08\x00rubbish", "breaks off"),
        (bz2.compress(targets([target()]).encode())[:-9], "breaks off"),
    ],
)
def test_a_file_that_cannot_be_read_leaves_the_watchlists_as_they_are(tmp_path: Path, data: bytes, words: str) -> None:
    run(tmp_path, targets([target()]))
    with pytest.raises(ConfigError, match=words):
        run(tmp_path, data, replace=True)
    assert files(tmp_path) == ["list.toml"] and list(load_watchlists(tmp_path / "watchlists").actors) == ["nk-quint"]


def test_a_watchlist_that_cannot_be_read_is_told_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "watchlists" / "mine.toml").write_text("[a1\n")
    with pytest.raises(ConfigError, match="not valid TOML"):
        run(tmp_path, targets([target()]))
    assert files(tmp_path) == ["mine.toml"]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_packed_files_are_unpacked_by_what_they_are_not_by_their_name(tmp_path: Path, pack: object) -> None:
    _, watchlist = run(tmp_path, pack(targets([target()]).encode()), file="list")  # type: ignore[operator]
    assert list(watchlist.actors) == ["nk-quint"]


HOSTILE = [
    'Ada "Q" Quint',
    "Ada 'Q' \\Quint\\",
    "Ada #Quint = [x]",
    "Ada\x7f Quint",
    "Ada \u202eQuint",
    "Ada Quint\ud800",
    "Ada ''' \"\"\" Quint",
    "@name Quint*",
]


@pytest.mark.parametrize("most", [0, 5000], ids=["jsonl", "toml"])
def test_whatever_stands_in_names_the_watchlist_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(importer, "MOST_IN_TOML", most)
    rows = [entity(f"Q90000000{i}", labels={"de": name}, aliases={"de": HOSTILE}) for i, name in enumerate(HOSTILE)]
    _, watchlist = run(tmp_path, "\n".join(json.dumps(r) for r in rows), file="list.json")
    assert len(watchlist.actors) == len(HOSTILE)
    assert all(str(n).isprintable() for a in watchlist.actors.values() for n in (a.name, *a.names))


def test_reasons_and_classes_are_counted_in_bounded_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "MOST_REASONS", 3)
    report, _ = run(tmp_path, "\n".join(json.dumps(entity(f"Q{9 * 10**8 + i}", [f"Q{8 * 10**8 + i}"])) for i in range(9)), file="list.json")
    assert report.unknown.total() == 9 and len(report.unknown) == 4 and len(report.examples) == 3
    report, _ = run(tmp_path, targets([]) + "x\n" * 20, name="other")
    assert report.bad == 20 and [r.where for r in report.bad_rows] == [f"line {i}" for i in range(2, 7)]


KILLED = """
import os, sys
from pathlib import Path
os.fsync = lambda _: os.kill(os.getpid(), 9)
from newswatch.importing import import_file, wanted
import_file(Path(sys.argv[1]), Path(sys.argv[2]), "list", wanted("de", "", ()), replace=True)
"""


def test_a_kill_while_the_file_is_written_leaves_the_old_one_whole(tmp_path: Path) -> None:
    run(tmp_path, targets([target()]))
    (tmp_path / "new.csv").write_text(targets([target("A2"), target("A3")]))
    command = [sys.executable, "-c", KILLED, str(tmp_path / "new.csv"), str(tmp_path / "watchlists")]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -9
    assert len(files(tmp_path)) == 2, "what was begun lies beside"
    assert list(load_watchlists(tmp_path / "watchlists").actors) == ["nk-quint"]
    _, watchlist = run(tmp_path, targets([target("A2")]), replace=True)
    assert list(watchlist.actors) == ["a2"]


def test_a_disk_that_is_full_leaves_the_old_one_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path, targets([target()]))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        run(tmp_path, targets([target("A2")]), replace=True)
    assert files(tmp_path) == ["list.toml"]


@pytest.mark.parametrize(
    ("languages", "kinds", "tags", "words"),
    [
        ("xx", "", [], "--languages xx: no language"),
        (",", "", [], "--languages: name one"),
        ("de", "persona", [], 'did you mean "person"'),
        ("de", "", ["a b"], "--tag a b"),
        ("de", "", ["a:b"], "--tag a:b"),
        ("de", "", [""], "--tag"),
    ],
)
def test_wrong_wishes_are_told(languages: str, kinds: str, tags: list[str], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        wanted(languages, kinds, tags)
