"""`scrapy checksites`: what people see, and exit codes that are true."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from newswatch.commands.checksites import Health, exit_code
from newswatch.demo.__main__ import write_demo_files
from newswatch.demo.server import DemoServer
from newswatch.story import Fault, Link, Listing
from tests.conftest import NOW, make_story
from tests.crawling import FAST, scrapy, write_site
from tests.spiders.hostile import FAULTS, HostileSite


def check(folder: Path, *names: str) -> subprocess.CompletedProcess[str]:
    own = ["-s", f"SITES_DIR={folder / 'sites'}", "-s", f"DATABASE={folder / 'news.db'}"]
    return scrapy("checksites", *names, *own, "-s", "CONTACT=tests", *FAST)


def test_the_demo_papers_are_well_and_nothing_is_stored(tmp_path: Path) -> None:
    with DemoServer() as papers:
        write_demo_files(tmp_path, papers.port)
        done = check(tmp_path, "morgenbote", "talkurier", "blitzblatt", "--json")
        asked = [(s.host, s.path) for s in papers.log if s.path != "/robots.txt"]
    assert done.returncode == 0, done.stdout + done.stderr
    found = {row["site"]: row for row in json.loads(done.stdout)}
    assert [(row["state"], len(row["sections_read"])) for row in found.values()] == [("ok", 3), ("ok", 2), ("ok", 1)]
    assert found["talkurier"]["filled_percent"]["published"] == 100 and found["blitzblatt"]["filled_percent"]["keywords"] == 0
    assert found["morgenbote"]["faults"] == {"error_page": 1}
    assert all(row["articles"] <= 3 * len(row["sections_read"]) for row in found.values())
    assert len(asked) == len(set(asked)) <= 6 + 3 * 6
    assert not (tmp_path / "news.db").exists()


def test_a_broken_site_is_named_with_its_reason_and_ends_with_1(tmp_path: Path) -> None:
    with HostileSite(faults={}) as good, HostileSite(faults={n: FAULTS[n] for n in ("empty", "soft-404", "no-text")}) as bad:
        bad.pages = 0
        write_site(tmp_path, good.url, name="gut")
        write_site(tmp_path, bad.url, name="schlecht")
        done = check(tmp_path, "gut", "schlecht")
    assert done.returncode == 1
    assert "broken" in done.stdout and "schlecht: no article could be read" in done.stdout
    assert "2 sites, 1 well, 1 not" in done.stdout


def test_a_site_that_cannot_be_reached_is_69_if_it_is_the_only_one(tmp_path: Path) -> None:
    write_site(tmp_path, "http://no-such-host.invalid/", name="weg")
    done = check(tmp_path, "weg")
    assert done.returncode == 69 and "unreachable" in done.stdout and done.stderr == ""
    with HostileSite(faults={}) as good:
        write_site(tmp_path, good.url, name="gut")
        assert check(tmp_path, "weg", "gut").returncode == 1


def test_an_unknown_site_or_a_missing_contact_is_said_before_anything_is_asked(tmp_path: Path) -> None:
    done = check(tmp_path, "t-onlien")
    assert done.returncode == 78 and 'did you mean "t-online"?' in done.stderr
    done = scrapy("checksites", "t-online", "-s", "CONTACT=")
    assert done.returncode == 78 and "CONTACT" in done.stderr


def listing(count: int) -> Listing:
    return Listing("x", "politik", "u", tuple(Link(str(n)) for n in range(count)), NOW)


def fault(kind: str, section: str | None = None) -> Fault:
    return Fault("x", kind, "u", "why", NOW, section)


@pytest.mark.parametrize(
    ("items", "state"),
    [
        ([], "unreachable"),
        ([fault("unreachable", "politik"), fault("timeout", "sport")], "unreachable"),
        ([fault("unreachable", "politik"), fault("http", "sport")], "broken"),
        ([listing(0)], "broken"),
        ([listing(3)], "broken"),
        ([listing(3), fault("layout"), fault("layout")], "broken"),
        ([listing(3), make_story(), fault("layout"), fault("layout")], "ok"),
        ([listing(3), make_story(), *[fault("layout")] * 3], "broken"),
        ([listing(3), make_story(), fault("http", "sport")], "ok"),
    ],
)
def test_a_site_is_broken_without_section_links_or_articles_or_with_more_faults_than_pages(items: list[object], state: str) -> None:
    health = Health("x")
    for item in items:
        health.add(item)
    assert health.state()[0] == state


def test_the_worst_counts_and_69_only_where_nothing_could_be_reached() -> None:
    assert exit_code(["ok", "ok"]) == exit_code([]) == 0
    assert exit_code(["ok", "broken"]) == exit_code(["ok", "unreachable"]) == exit_code(["broken", "unreachable"]) == 1
    assert exit_code(["unreachable", "unreachable"]) == 69
