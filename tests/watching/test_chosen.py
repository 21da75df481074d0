"""settings/watch.toml: what people write, and the sentences where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from newswatch.errors import ConfigError
from newswatch.watching.chosen import Chosen, read_again, read_selection, stamp
from tests.conftest import ROOT
from tests.crawling import write_site

HOME = "http://beispiel.example/"


def write(folder: Path, text: str) -> Path:
    path = folder / "watch.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as raised:
        read_selection(write(folder, text), folder / "sites")
    return "\n".join(raised.value.problems)


def test_a_list_of_names_or_a_table_a_site(tmp_path: Path) -> None:
    listed = read_selection(write(tmp_path, 'sites = ["t-online", "tagesschau"]'), None)
    assert list(listed.sites) == ["t-online", "tagesschau"]
    assert (listed.processes, listed.heartbeat, listed.problems) == (2, None, ())
    assert listed.sites["t-online"].section_names == [n for n, s in listed.sites["t-online"].site.sections.items() if s.on]
    tables = 'processes = 4\nheartbeat = "http://127.0.0.1:9/ping"\n[sites.t-online]\nsections = ["ausland"]\n[sites.tagesschau]\n'
    chosen = read_selection(write(tmp_path, tables), None)
    assert chosen.sites["t-online"].section_names == ["ausland"]
    assert chosen.sites["tagesschau"].sections is None
    assert (chosen.processes, chosen.heartbeat) == (4, "http://127.0.0.1:9/ping")


def test_the_example_that_comes_with_it_is_right() -> None:
    assert list(read_selection(ROOT / "settings" / "watch.toml", None).sites) == ["t-online"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("sites = []", 'no site is switched on; write for instance: sites = ["t-online"]'),
        ('sites = ["t-onlien"]', 'there is no site t-onlien, did you mean "t-online"? (scrapy list shows them all)'),
        ('sites = ["qqqqqqqqq"]', "there is no site qqqqqqqqq (scrapy list shows them all)"),
        ('[sites.t-online]\nsections = ["inland"]', "t-online has no section inland; it has: ausland"),
        ("[sites.t-online]\nsections = []", "sites.t-online.sections: the list is empty"),
        ("processes = 2", "sites: missing"),
        ('sites = ["t-online"]\nproceses = 2', 'proceses: unknown key, did you mean "processes"?'),
        ('sites = ["t-online"]\nprocesses = 0', "processes: "),
        ('sites = ["t-online"]\nheartbeat = "hc-ping.example/x"', 'heartbeat: "hc-ping.example/x" is no http(s) URL'),
        ("sites = 3", "sites: a table belongs here"),
        ("sites = [3]", "sites: a table belongs here"),
        ("sites = [", "not valid TOML"),
    ],
)
def test_mistakes_are_said_with_what_to_do(tmp_path: Path, text: str, sentence: str) -> None:
    assert sentence in problems(tmp_path, text)


def test_no_file_is_said_with_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r'watch.toml: not there; write the sites .*: sites = \["t-online"\]'):
        read_selection(tmp_path / "watch.toml", None)


def test_a_wrong_site_file_costs_that_site_only(tmp_path: Path) -> None:
    write_site(tmp_path, HOME)
    write_site(tmp_path, HOME, name="anders", more="langauge = 'de'\n")
    write_site(tmp_path, HOME, name="ungenutzt", more="langauge = 'de'\n")
    selection = read_selection(write(tmp_path, 'sites = ["beispiel", "anders"]'), tmp_path / "sites")
    assert list(selection.sites) == ["beispiel"]
    assert len(selection.problems) == 1 and "anders.toml: langauge: unknown key" in selection.problems[0]
    assert "anders.toml: langauge" in problems(tmp_path, 'sites = ["anders"]')


def test_a_site_that_cannot_be_crawled_here_costs_that_site_only(tmp_path: Path) -> None:
    def usable(chosen: Chosen) -> None:
        if chosen.site.name == "t-online":
            raise ConfigError(["t-online needs a browser"])

    path = write(tmp_path, 'sites = ["t-online", "tagesschau"]')
    selection = read_selection(path, None, usable)
    assert (list(selection.sites), selection.problems) == (["tagesschau"], ("t-online needs a browser",))


def test_what_is_wrong_while_watching_goes_on_as_it_was(tmp_path: Path) -> None:
    write_site(tmp_path, HOME)
    path = write(tmp_path, 'sites = ["beispiel"]\nprocesses = 3\n')
    first = read_selection(path, tmp_path / "sites")
    write(tmp_path, "sites = [\n")
    second = read_again(first, path, tmp_path / "sites")
    assert (second.sites, second.processes) == (first.sites, 3) and "not valid TOML" in second.problems[0]
    write(tmp_path, 'sites = ["beispiel", "t-online"]\n')
    write_site(tmp_path, HOME, more="langauge = 'de'\n")
    third = read_again(second, path, tmp_path / "sites")
    assert third.sites["beispiel"] == first.sites["beispiel"] and "t-online" in third.sites
    assert len(third.problems) == 1 and "langauge" in third.problems[0]
    write_site(tmp_path, HOME)
    write(tmp_path, 'sites = ["t-online"]\n')
    assert list(read_again(third, path, tmp_path / "sites").sites) == ["t-online"]


def test_a_stamp_changes_with_the_files(tmp_path: Path) -> None:
    path = write(tmp_path, "sites = []")
    write_site(tmp_path, HOME)
    before = stamp(path, tmp_path / "sites", None, tmp_path / "nowhere")
    assert stamp(path, tmp_path / "sites", None, tmp_path / "nowhere") == before
    write_site(tmp_path, HOME, more="# longer\n")
    changed = stamp(path, tmp_path / "sites", None, tmp_path / "nowhere")
    assert changed != before
    path.unlink()
    assert stamp(path, tmp_path / "sites", None, tmp_path / "nowhere") != changed
