"""A site file drafted from what was seen of a site."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from newswatch.sites import Site
from newswatch.sites.draft import Front, Seen, draft_site, language_of, menu_of, site_toml
from newswatch.sites.generic import generic_site
from newswatch.story import Link

HOME = "https://www.beispiel.example/"
WORDS = ("regen", "deich", "haushalt", "schule", "wahl", "bruecke", "klinik", "markt", "boot", "hafen", "turm", "damm", "steg")


def links(section: str, count: int, start: int = 0) -> tuple[Link, ...]:
    """Articles of a section with headlines, and one link of one word."""
    found = [
        Link(f"{HOME}{section}/viel-im-{w}-{48_000 + start + i}.html", f"Viel {w.title()} im Tal", i) for i, w in enumerate(WORDS[:count])
    ]
    return (*found, Link(f"{HOME}thema/{section}", "Mehr", count))


def front(**changes: object) -> Front:
    values = {
        "url": HOME,
        "title": "Das Beispiel",
        "language": "de",
        "text": "",
        "menu": (Link(f"{HOME}politik/", "Politik"), Link(f"{HOME}sport/", "Sport"), Link(f"{HOME}abo/", "Abo")),
    }
    return Front(**(values | changes))  # type: ignore[arg-type]


PAGES = [Seen(HOME, "page", links("politik", 5)), Seen(f"{HOME}politik/", "page", links("politik", 13)), Seen(f"{HOME}abo/", "page", ())]


def draft(seen: list[Seen], **changes: object) -> Site:
    made = draft_site(generic_site(HOME), front(**changes), seen)
    assert made
    return made.site


def test_sections_are_the_pages_that_list_articles() -> None:
    site = draft([*PAGES, Seen(f"{HOME}sport/", "page", links("sport", 4, 500))])
    assert {n: (s.url, s.min_links) for n, s in site.sections.items()} == {"politik": (f"{HOME}politik/", 3), "sport": (f"{HOME}sport/", 1)}
    assert site.article.pattern == r"^/(?:[^/]+/)+[^/]*-(?P<key>\d{4,})\.html$"
    assert not site.checked and site.language == "de"


def test_feeds_and_news_sitemaps_are_sections_of_their_kind() -> None:
    seen = [*PAGES, Seen(f"{HOME}feed.rss", "feed", links("politik", 6)), Seen(f"{HOME}news-sitemap.xml", "sitemap", links("sport", 6))]
    assert {(n, s.kind) for n, s in draft(seen).sections.items()} == {("politik", "page"), ("feed", "feed"), ("news-sitemap", "sitemap")}


def test_a_part_of_another_section_is_there_but_off() -> None:
    site = draft([*PAGES, Seen(f"{HOME}politik/ausland/", "page", links("politik/ausland", 3, 700))])
    assert site.sections["politik"].on and not site.sections["ausland"].on


def test_two_sections_of_one_name_are_told_apart() -> None:
    seen = [*PAGES, Seen(f"{HOME}sport/ausland/", "page", links("sport", 3)), Seen(f"{HOME}kultur/ausland/", "page", links("kultur", 3))]
    assert {"ausland", "kultur-ausland"} <= set(draft(seen).sections)


def test_where_nothing_else_lists_articles_the_home_page_is_the_section() -> None:
    assert list(draft([Seen(HOME, "page", links("politik", 9))]).sections) == ["home"]


def test_a_site_without_articles_has_no_draft() -> None:
    assert draft_site(generic_site(HOME), front(), [Seen(HOME, "page", (Link(f"{HOME}abo/", "Abo"),))]) is None
    assert draft_site(generic_site(HOME), front(), []) is None


def test_what_is_written_is_a_site_file_and_says_what_to_look_at() -> None:
    made = draft_site(generic_site(HOME), front(language=None, text="und der die das mit nicht von"), PAGES)
    assert made
    text = made.toml(date(2026, 11, 22))
    assert Site.model_validate({"name": made.site.name, **tomllib.loads(text)}) == made.site
    assert "checked = false" in text and "# Language: the page states none; de: guessed from its words." in text


def test_few_addresses_are_said_to_be_few() -> None:
    made = draft_site(generic_site(HOME), front(), [Seen(f"{HOME}politik/", "page", links("politik", 3))])
    assert made and "Pattern: guessed from 3 addresses only." in made.notes
    assert "Few articles are listed in: politik (3)." in made.notes


def test_examples_come_from_different_sections_each_story_once() -> None:
    made = draft_site(generic_site(HOME), front(), [*PAGES, Seen(f"{HOME}sport/", "page", links("sport", 4, 500))])
    assert made and len(set(made.examples)) == len(made.examples) == 5
    assert any("/sport/" in u for u in made.examples) and any("/politik/" in u for u in made.examples)


@pytest.mark.parametrize(
    ("url", "language", "expected"),
    [
        ("https://x.at/", "de", ("de", "Europe/Vienna")),
        ("https://x.com/", "de-CH", ("de", "Europe/Zurich")),
        ("https://x.com/", "fr", ("fr", "Europe/Paris")),
        ("https://x.ch/", "fr-CH", ("fr", "Europe/Zurich")),
        ("https://x.com/", "xx", ("xx", "UTC")),
    ],
)
def test_language_and_zone_come_from_the_page_then_the_country(url: str, language: str, expected: tuple[str, str]) -> None:
    moved = tuple(Link(link.url.replace(HOME, url), link.headline, link.place) for link in links("politik", 9))
    made = draft_site(generic_site(url), front(url=url, language=language, menu=()), [Seen(f"{url}politik/", "page", moved)])
    assert made and (made.site.language, made.site.zone) == expected


def test_the_menu_is_looked_at_without_services_articles_and_other_sites() -> None:
    wanted = [Link(f"{HOME}{w}/", w) for w in WORDS]
    other = [Link(url, "x") for url in (f"{HOME}service/x/", "https://elsewhere.example/a/", f"{HOME}a-b-123456.html", HOME)]
    assert menu_of(front(menu=(*other, *wanted)), generic_site(HOME)) == wanted[:9]


def test_a_language_is_told_by_its_commonest_words() -> None:
    assert language_of("Der Rat und die Stadt sind nicht für das Haus mit dem Dach") == "de"
    assert language_of("The council of the city is not for it, and that is as it was") == "en"
    assert language_of("Lunne 17 Sorva") is None


def test_site_toml_gives_back_the_site() -> None:
    site = draft(PAGES)
    assert Site.model_validate({"name": site.name, **tomllib.loads(site_toml(site))}) == site
