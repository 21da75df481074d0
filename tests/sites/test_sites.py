"""Site files: what is right is read, what is wrong is said in one sentence each."""

from __future__ import annotations

from pathlib import Path

import pytest

from newswatch.errors import ConfigError
from newswatch.sites import SHIPPED, check_sites, load_sites
from tests.conftest import make_site

GOOD = 'title = "B"\nhome = "https://b.example/"\nlanguage = "de"\nzone = "Europe/Berlin"\n[sections]\np = "https://b.example/p/"\n'


def write(folder: Path, text: str, name: str = "b") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_shipped_file_is_right() -> None:
    sites, problems = check_sites()
    assert problems == []
    assert len(sites) == len(list(SHIPPED.glob("*.toml")))


def test_a_section_may_be_a_url_or_a_table(tmp_path: Path) -> None:
    write(tmp_path, GOOD + 'q = { url = "https://b.example/q/", min_links = 3 }\n')
    site = load_sites(tmp_path, shipped=None)["b"]
    assert [(s.url, s.min_links) for s in site.sections.values()] == [("https://b.example/p/", 1), ("https://b.example/q/", 3)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (GOOD.replace("language", "langauge"), 'langauge: unknown key, did you mean "language"?'),
        (GOOD + "[article]\npattern = '(unclosed'\n", "article.pattern:"),
        (GOOD + "[article]\npattern = '(a+)+(?=b)'\n", "article.pattern:"),
        (GOOD + "q = { min_links = 3 }\n", "sections.q.url: missing"),
        (GOOD + 'q = { url = "ftp://b.example/" }\n', 'sections.q.url: "ftp://b.example/" is no http(s) URL'),
        (GOOD + "[rules]\nbody = 'p[['\n", "rules.body.0:"),
        (GOOD + "[rules]\nboby = 'p'\n", 'rules.boby: unknown key, did you mean "body"?'),
        (GOOD.replace("Europe/Berlin", "Europe/Berlni"), 'zone: "Europe/Berlni" is no time zone'),
        (GOOD + "[article]\nkey = '\\d+'\n", "article.key: needs a group (?P<key>...)"),
        (GOOD + "[article\n", "not valid TOML"),
        ('name = "x"\n' + GOOD, "name: unknown key; a site is named by its file"),
        (GOOD.replace('"https://b.example/p/"', "7"), "sections.p:"),
        (GOOD + 'q = { url = "https://b.example/f", kind = "feed", render = true }\n', "sections.q: render is for section pages"),
        (GOOD + "[consent]\nframe = 'iframe'\n", "consent.click: missing"),
        (GOOD + "[consent]\nclick = '//button'\n", 'consent.click: "//button" is no CSS selector'),
        (GOOD + "[consent]\nclick = 'a'\nhosts = ['https://cmp.example/']\n", "consent.hosts.0:"),
        ("render = 1\n" + GOOD, "render:"),
    ],
)
def test_a_mistake_is_said_with_file_and_key(tmp_path: Path, text: str, sentence: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as error:
        load_sites(tmp_path, shipped=None)
    assert any(p.startswith(f"{path}: ") and sentence in p for p in error.value.problems), error.value.problems


def test_all_mistakes_of_all_files_are_said_at_once(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("language", "sprache").replace("zone", "zeit"))
    write(tmp_path, "nonsense", "c")
    _, problems = check_sites(tmp_path, shipped=None)
    assert len([p for p in problems if "/b.toml" in p]) == 4  # two unknown, two missing
    assert len([p for p in problems if "/c.toml" in p]) == 1


def test_a_users_file_overrides_single_keys(tmp_path: Path) -> None:
    write(tmp_path, '[sections]\ndeutschland = { on = true }\nmeins = "https://www.t-online.de/meins/"\n', "t-online")
    site = load_sites(tmp_path)["t-online"]
    assert site.sections["deutschland"].on
    assert site.sections["deutschland"].url.endswith("/nachrichten/deutschland/")
    assert "meins" in site.sections and site.title == "t-online"


def test_urls_are_judged_by_host_pattern_and_exclusion() -> None:
    site = make_site(article={"pattern": r"/(?P<key>\d+)/", "exclude": ["^/video/"]})
    assert site.is_article("https://www.beispiel.example/politik/17/x")
    assert not site.is_article("https://anders.example/politik/17/x")
    assert not site.is_article("https://www.beispiel.example/video/17/x")
    assert site.key_of("https://www.beispiel.example/politik/17/x") == "17"
    assert not site.owns("http://[::1")


def test_a_section_may_have_further_listings_and_hosts_count_with_and_without_www(tmp_path: Path) -> None:
    more = 'q = { url = "https://b.example/q/", feeds = ["https://feeds.b.example/q.xml"], sitemaps = ["https://b.example/news.xml"] }\n'
    write(tmp_path, GOOD + more)
    site = load_sites(tmp_path, shipped=None)["b"]
    assert len(site.sections["q"].urls) == 3
    assert all(site.owns(f"https://{host}/x") for host in ("b.example", "www.b.example", "feeds.b.example"))
    assert not site.owns("https://c.b.example/x")
    assert site.is_listing("http://www.b.example/q") and not site.is_listing("https://b.example/q/1")


def test_without_a_pattern_nothing_is_known_to_be_an_article_and_what_is_excluded_is_none() -> None:
    site = make_site(article={"exclude": ["^/video/"]})
    assert not site.is_article("https://www.beispiel.example/politik/17/x")
    assert site.may_be_article("https://www.beispiel.example/politik/17/x")
    assert not site.may_be_article("https://www.beispiel.example/video/17/x")
