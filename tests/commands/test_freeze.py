"""`scrapy freeze`: a page and what is read of it are kept, and read again."""

from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path

import pytest

from newswatch.commands.freeze import name_of
from newswatch.frozen import load, read_frozen, site_of
from tests.crawling import FAST, scrapy, write_site
from tests.spiders.hostile import HostileSite, good


def freeze(folder: Path, *args: str, contact: str = "tests") -> subprocess.CompletedProcess[str]:
    own = ["-s", f"SITES_DIR={folder / 'sites'}", "-s", f"PAGES_DIR={folder / 'pages'}"]
    return scrapy("freeze", *args, *own, "-s", f"CONTACT={contact}", *FAST)


def test_a_page_is_kept_byte_for_byte_with_what_is_read_and_its_site_file(tmp_path: Path) -> None:
    with HostileSite(faults={}) as site:
        write_site(tmp_path, site.url)
        done = freeze(tmp_path, f"{site.url}politik/1/gut")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "only pages there that you may keep" in done.stdout
    page = tmp_path / "pages" / "beispiel" / "gut.html.gz"
    assert gzip.decompress(page.read_bytes()) == good(1)
    frozen, expected = load(page)
    assert expected["title"] == "Deich hält stand 1" and expected["site_key"] == "1"
    assert not {"seen_at", "etag", "last_modified", "listed"} & set(expected)
    assert read_frozen(frozen, site_of(page)) == expected


def test_a_file_can_be_frozen_without_asking_anybody(tmp_path: Path) -> None:
    write_site(tmp_path, "https://www.beispiel.example/")
    (tmp_path / "page.html").write_bytes(good(7))
    url = "https://www.beispiel.example/politik/7/gut"
    done = freeze(tmp_path, url, "--file", str(tmp_path / "page.html"), "--name", "sieben", contact="")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads((tmp_path / "pages" / "beispiel" / "sieben.json").read_text())["story"]["site_key"] == "7"


def test_again_keeps_what_is_read_now_and_says_what_differs(tmp_path: Path) -> None:
    write_site(tmp_path, "https://www.beispiel.example/")
    (tmp_path / "page.html").write_bytes(good(7))
    freeze(tmp_path, "https://www.beispiel.example/politik/7/gut", "--file", str(tmp_path / "page.html"))
    kept = tmp_path / "pages" / "beispiel" / "gut.json"
    before = kept.read_text()
    kept.write_text(before.replace("Deich hält stand 7", "Deich bricht"))
    done = freeze(tmp_path, "--again")
    assert done.returncode == 0 and 'title: "Deich bricht" -> "Deich hält stand 7"' in done.stdout
    assert kept.read_text() == before
    assert "gut.html.gz: unchanged" in freeze(tmp_path, "--again").stdout
    kept.write_text("{")
    assert freeze(tmp_path, "--again").returncode == 1


def test_wrong_input_is_said_and_nothing_is_kept(tmp_path: Path) -> None:
    write_site(tmp_path, "https://www.beispiel.example/")
    for args, words in (
        (["https://elsewhere.invalid/1"], "no site has the host of"),
        (["https://www.beispiel.example/1", "--site", "xyz"], "there is no site xyz"),
        (["https://www.beispiel.example/1", "--name", "../x"], "--name ../x"),
        (["https://www.beispiel.example/1", "--file", "/no/such/file"], "/no/such/file: cannot be read"),
    ):
        done = freeze(tmp_path, *args)
        assert done.returncode == 78 and words in done.stderr, done.stderr
    assert "CONTACT" in freeze(tmp_path, "https://www.beispiel.example/1", contact="").stderr
    assert not (tmp_path / "pages").exists()


def test_a_page_that_is_no_story_is_1_and_one_that_cannot_be_had_69(tmp_path: Path) -> None:
    with HostileSite() as site:
        write_site(tmp_path, site.url)
        number = next(key for key, name in site.keys.items() if name == "soft-404")
        done = freeze(tmp_path, f"{site.url}politik/{number}/x")
    assert done.returncode == 1 and "is no story" in done.stdout
    assert freeze(tmp_path, f"{site.url}politik/1/gut").returncode == 69
    assert not (tmp_path / "pages").exists()


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://x.example/politik/17/ein-fall.html", "ein-fall"),
        ("https://x.example/news/ein-fall,88190.html?x=1", "ein-fall-88190"),
        ("https://x.example/", "home"),
        ("https://x.example/%20/", "20"),
    ],
)
def test_a_file_is_named_by_the_last_part_of_the_address(url: str, name: str) -> None:
    assert name_of(url) == name
