"""`scrapy export`: a bundle has all of the chosen stories and nothing else, and a change of a single byte shows."""

from __future__ import annotations

import errno
import gzip
import json
import shutil
import subprocess
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlite_utils import Database

from newswatch.archive.stored import read_stored
from newswatch.demo.__main__ import write_demo_files
from newswatch.demo.server import DemoServer
from newswatch.errors import NewswatchError
from newswatch.exporting.packing import parts_of
from newswatch.exporting.verifying import verify
from newswatch.story import Archived
from tests.crawling import FAST, scrapy


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two crawls of a paper that was edited between them."""
    folder = tmp_path_factory.mktemp("exported")
    with DemoServer() as papers:
        for papers.step in (0, 1):
            settings = {**write_demo_files(folder, papers.port), "DATABASE": folder / "news.db"}
            done = scrapy("crawl", "morgenbote", *(arg for key, value in settings.items() for arg in ("-s", f"{key}={value}")), *FAST)
            assert done.returncode == 1, done.stderr  # the error page
    return folder


@pytest.fixture(scope="module")
def actor(crawled: Path) -> str:
    """Who is named in most of its stories, some of which were edited."""
    db = Database(crawled / "news.db")
    sql = "SELECT a.actor FROM story_actors a JOIN stories s ON s.id = a.story_id GROUP BY 1 ORDER BY sum(s.revisions) DESC, 1"
    found = db.execute(sql).fetchone()[0]
    db.close()
    return found


def export(crawled: Path, *args: object) -> subprocess.CompletedProcess[str]:
    return scrapy("export", *map(str, args), "-s", f"DATABASE={crawled / 'news.db'}")


@pytest.fixture(scope="module")
def bundle(crawled: Path, actor: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("bundles") / "case"
    done = export(crawled, "--actor", actor, target)
    assert done.returncode == 0, done.stderr
    assert "SHA-256 of manifest.json: " in done.stdout and "not in the archive" not in done.stdout
    return target


def lines(bundle: Path, name: str) -> list[dict]:
    return [json.loads(line) for line in (bundle / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def test_it_has_every_story_that_names_the_actor_with_all_revisions_and_no_other(bundle: Path, crawled: Path, actor: str) -> None:
    db = Database(crawled / "news.db")
    wanted = {i for (i,) in db.execute("SELECT DISTINCT story_id FROM mentions WHERE actor = ? AND NOT is_ambiguous", [actor])}
    assert {s["id"] for s in lines(bundle, "stories")} == wanted
    revisions = db.execute("SELECT story_id, number, body FROM revisions").fetchall()
    assert {(r["story_id"], r["number"], r["body"]) for r in lines(bundle, "revisions")} == {r for r in revisions if r[0] in wanted}
    assert {m["actor"] for m in lines(bundle, "mentions")} == {e["actor"] for e in lines(bundle, "events")} == {actor}
    assert all(s["urls"] and s["actors"] and "next_check_at" not in s for s in lines(bundle, "stories"))
    mention = lines(bundle, "mentions")[0]
    text = next(r for r in lines(bundle, "revisions") if r["id"] == mention["revision_id"])[mention["field"]]
    assert text[mention["start"] : mention["end"]] == mention["surface"]
    db.close()


def test_each_revision_leads_to_the_very_page_of_the_archive(bundle: Path, crawled: Path) -> None:
    pages = lines(bundle, "pages")
    assert len(pages) == len(lines(bundle, "revisions")) > 0
    for page in pages:
        copy = read_stored(bundle, Archived(page["file"], page["offset"]))
        assert copy == read_stored(crawled / "warc", Archived(page["archive_file"], page["archive_offset"]))
    whole = gzip.decompress((bundle / "pages.warc.gz").read_bytes())
    assert whole.startswith(b"WARC/1.1\r\n") and b"WARC-Type: request" in whole


def test_the_readme_and_the_sums_tell_what_is_there(bundle: Path, actor: str) -> None:
    assert f"({actor})" in (bundle / "README.txt").read_text(encoding="utf-8")
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=bundle, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert {line.split(":")[0] for line in done.stdout.splitlines()} == {p.name for p in bundle.iterdir()} - {"SHA256SUMS"}


def test_a_bundle_that_nobody_touched_is_whole(bundle: Path, crawled: Path) -> None:
    done = export(crawled, "--verify", bundle)
    assert (done.returncode, "is whole" in done.stdout) == (0, True)


@pytest.mark.parametrize("name", ["stories.jsonl", "revisions.jsonl", "pages.warc.gz", "README.txt", "manifest.json", "SHA256SUMS"])
def test_a_change_of_any_file_shows(name: str, bundle: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(bundle, tmp_path / "copy")
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / name).write_bytes(data)
    _, digest = verify(bundle)
    try:
        problems, found = verify(copy)
        assert problems or found != digest
    except NewswatchError as error:
        assert "manifest.json" in str(error)


def test_a_file_that_is_gone_or_was_added_shows(bundle: Path, tmp_path: Path, crawled: Path) -> None:
    copy = shutil.copytree(bundle, tmp_path / "copy")
    (copy / "events.jsonl").unlink()
    (copy / "more.txt").write_text("x")
    assert verify(copy)[0] == ["events.jsonl is missing", "more.txt does not belong to it"]
    done = export(crawled, "--verify", copy)
    assert done.returncode == 1 and "is NOT as it was made" in done.stdout
    assert export(crawled, "--verify", tmp_path / "nothing").returncode == 74
    (tmp_path / "half.zip").write_bytes(b"PK\x03\x04")
    done = export(crawled, "--verify", tmp_path / "half.zip")
    assert done.returncode == 1 and "cannot be read as a bundle" in done.stderr and "There is no bundle" not in done.stderr


def test_a_zip_has_the_same_and_is_verified_as_it_is(bundle: Path, crawled: Path, actor: str, tmp_path: Path) -> None:
    target = tmp_path / "case.zip"
    assert export(crawled, "--actor", actor, target).returncode == 0
    assert verify(target)[0] == []
    with zipfile.ZipFile(target) as archive:
        assert archive.read("case/revisions.jsonl") == (bundle / "revisions.jsonl").read_bytes()
    assert [p.name for p in tmp_path.iterdir()] == ["case.zip"]
    data = bytearray(target.read_bytes())
    data[len(data) // 2] ^= 1
    target.write_bytes(data)
    assert any("cannot be read" in p or "was changed" in p for p in verify(target)[0])


def packed(path: Path, files: list[tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings(action="ignore"):
        for name, data in files:
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize(
    "name", ["case/stories.jsonl", "z/case/stories.jsonl", "z/stories.jsonl", "stories.jsonl", "../../x", "/x", "case/a/x", "case/../x"]
)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_zip_has_nothing_beside_the_bundle(name: str, is_first: bool, bundle: Path, tmp_path: Path) -> None:
    files = [(f"case/{p.name}", p.read_bytes()) for p in sorted(bundle.iterdir())]
    more = [(name, b"{}\n")]
    assert verify(packed(tmp_path / "good.zip", files))[0] == []
    assert any("does not belong to it" in p for p in verify(packed(tmp_path / "x.zip", more + files if is_first else files + more))[0])


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m["files"].pop("events.jsonl"),
        lambda m: m["counts"].update(archived="2"),
        lambda m: m["counts"].update(stories=None),
        lambda m: m.update(files=[]),
        lambda m: m.update(format="another"),
    ],
)
def test_a_manifest_that_cannot_be_is_said(change: Callable[[dict], object], bundle: Path, tmp_path: Path) -> None:
    shutil.copytree(bundle, tmp_path / "x")
    manifest = json.loads((tmp_path / "x" / "manifest.json").read_bytes())
    change(manifest)
    for text in (json.dumps(manifest), "[" * 100_000, "\x00"):
        (tmp_path / "x" / "manifest.json").write_text(text)
        with pytest.raises(NewswatchError, match=r"manifest\.json"):
            verify(tmp_path / "x")


@pytest.mark.parametrize(("at", "value"), [(8, 1), (10, 99)], ids=["encrypted", "packed in an unknown way"])
def test_a_zip_that_cannot_be_unpacked_is_said(at: int, value: int, bundle: Path, tmp_path: Path) -> None:
    path = packed(tmp_path / "x.zip", [(f"case/{p.name}", p.read_bytes()) for p in sorted(bundle.iterdir())])
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + at] |= value
    path.write_bytes(data)
    assert any("cannot be read" in p for p in verify(path)[0])


def test_time_and_site_choose(bundle: Path, crawled: Path, actor: str, tmp_path: Path) -> None:
    times = sorted((s["sort_at"][:10], s["id"]) for s in lines(bundle, "stories"))
    day = times[-1][0]
    done = export(crawled, "--actor", actor, "--since", day, "--until", day, "--site", "morgenbote", tmp_path / "some")
    assert done.returncode == 0, done.stderr
    assert {s["id"] for s in lines(tmp_path / "some", "stories")} == {i for at, i in times if at == day}
    for code, said, args in (
        (1, "nothing was written", ["--until", "1999-01-01"]),
        (78, 'nothing is kept of a site morgenpost, did you mean "morgenbote"?', ["--site", "morgenpost"]),
        (2, "--since 2026-02-01 is after --until 2026-01-01", ["--since", "2026-02-01", "--until", "2026-01-01"]),
        (2, "'gestern' is no day: write it as 2026-01-31", ["--since", "gestern"]),
    ):
        done = export(crawled, "--actor", actor, *args, tmp_path / "none")
        assert (done.returncode, said in done.stdout + done.stderr, (tmp_path / "none").exists()) == (code, True, False), done.stderr


def test_an_unknown_actor_a_wrong_day_and_a_name_that_is_taken_are_said(crawled: Path, actor: str, tmp_path: Path) -> None:
    done = export(crawled, "--actor", actor[:-1], tmp_path / "x")
    assert done.returncode == 78 and f"did you mean {actor}" in done.stderr
    assert export(crawled, "--actor", actor, "--since", "gestern", tmp_path / "x").returncode == 2
    (tmp_path / "y").mkdir()
    done = export(crawled, "--actor", actor, tmp_path / "y")
    assert done.returncode == 1 and "is there already" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["y"]


def test_pages_that_the_archive_has_no_more_are_listed_as_missing(crawled: Path, actor: str, tmp_path: Path) -> None:
    copy = shutil.copytree(crawled, tmp_path / "copy")
    for file in (copy / "warc").rglob("*.warc.gz"):
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    done = export(copy, "--actor", actor, tmp_path / "case")
    assert done.returncode == 0 and "the page is not in the archive" in done.stdout
    pages = lines(tmp_path / "case", "pages")
    assert sum("missing" in p for p in pages) > 0 and verify(tmp_path / "case")[0] == []
    assert "is MISSING" in (tmp_path / "case" / "README.txt").read_text(encoding="utf-8")
    shutil.rmtree(copy / "warc")
    assert export(copy, "--actor", actor, tmp_path / "bare").returncode == 0
    assert all("missing" in p for p in lines(tmp_path / "bare", "pages")) and verify(tmp_path / "bare")[0] == []


def test_an_export_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="full"), parts_of(tmp_path / "case") as parts:
        (parts / "stories.jsonl").write_text("x")
        raise OSError("full")
    assert not list(tmp_path.iterdir())


def test_two_exports_of_one_name_do_not_mix(tmp_path: Path) -> None:
    with parts_of(tmp_path / "case") as parts:
        (parts / "first").write_text("x")
        with pytest.raises(NewswatchError, match="by another export"), parts_of(tmp_path / "case"):
            pass
    assert [p.name for p in (tmp_path / "case").iterdir()] == ["first"]


def test_a_disk_without_links_takes_a_zip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr("newswatch.exporting.packing.os.link", none)
    with parts_of(tmp_path / "case.zip") as parts:
        (parts / "first").write_text("x")
    assert zipfile.ZipFile(tmp_path / "case.zip").namelist() == ["case/first"]
    assert [p.name for p in tmp_path.iterdir()] == ["case.zip"]
