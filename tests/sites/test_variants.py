"""AMP, mobile, print and tracking make one address into many; a slug or a section that only looks like it stays what it is."""

from __future__ import annotations

import pytest

from newswatch.sites import Site
from newswatch.sites.variants import ALL, Part, article_address, part_of, plain_address
from tests.conftest import make_site

WWW = "https://www.beispiel.example"


def loose(**more: object) -> Site:
    """A site whose file has no pattern for articles."""
    return make_site(article={}, **more)


@pytest.mark.parametrize(
    ("variant", "plain"),
    [
        (f"{WWW}/politik/17/ein-fall?outputType=amp", f"{WWW}/politik/17/ein-fall"),
        (f"{WWW}/politik/17/ein-fall?amp", f"{WWW}/politik/17/ein-fall"),
        (f"{WWW}/politik/17/ein-fall?amp=1&a=b", f"{WWW}/politik/17/ein-fall?a=b"),
        (f"{WWW}/politik/17/ein-fall?print=1", f"{WWW}/politik/17/ein-fall"),
        (f"{WWW}/politik/17/ein-fall?view=print", f"{WWW}/politik/17/ein-fall"),
        ("https://amp.beispiel.example/politik/17/ein-fall", f"{WWW}/politik/17/ein-fall"),
        ("https://m.beispiel.example/politik/17/ein-fall", f"{WWW}/politik/17/ein-fall"),
        (f"{WWW}/amp/politik/17/ein-fall", f"{WWW}/politik/17/ein-fall"),
        (f"{WWW}/print/politik/17/ein-fall", f"{WWW}/politik/17/ein-fall"),
        ("https://www-beispiel-example.cdn.ampproject.org/c/s/www.beispiel.example/politik/17/x", f"{WWW}/politik/17/x"),
        ("https://www.google.com/amp/s/www.beispiel.example/politik/17/x", f"{WWW}/politik/17/x"),
    ],
)
def test_a_variant_is_told_by_its_address(variant: str, plain: str) -> None:
    assert plain_address(variant, make_site()) == plain


@pytest.mark.parametrize(
    ("variant", "plain"),
    [
        (f"{WWW}/rat-stimmt-zu-4711-amp.html", f"{WWW}/rat-stimmt-zu-4711.html"),
        (f"{WWW}/rat-stimmt-zu-4711.amp.html", f"{WWW}/rat-stimmt-zu-4711.html"),
        (f"{WWW}/rat-stimmt-zu.amp", f"{WWW}/rat-stimmt-zu"),
        (f"{WWW}/politik/rat-stimmt-endlich-zu/amp/", f"{WWW}/politik/rat-stimmt-endlich-zu/"),
        (f"{WWW}/politik/rat-stimmt-endlich-zu/print", f"{WWW}/politik/rat-stimmt-endlich-zu"),
        (f"{WWW}/amp/rat-stimmt-endlich-zu", f"{WWW}/rat-stimmt-endlich-zu"),
    ],
)
def test_a_site_without_a_pattern_has_variants_too(variant: str, plain: str) -> None:
    assert plain_address(variant, loose()) == plain


@pytest.mark.parametrize(
    "url",
    [
        f"{WWW}/kultur/der-beste-marshall-amp.html",
        f"{WWW}/kultur/amp/gitarrenverstaerker",
        f"{WWW}/champions/amp-und-watt",
        f"{WWW}/print/",
        f"{WWW}/magazin/print/",
        f"{WWW}/print/ausgabe-vom-sonntag-im-herbst",
        f"{WWW}/suche?type=news&view=list",
        f"{WWW}/rechner?amp=16",
        "https://m.anderes.example/a-b-c-d",
        f"{WWW}/amp/",
    ],
)
def test_what_only_looks_like_a_variant_stays(url: str) -> None:
    assert plain_address(url, loose()) == url
    assert article_address(url, loose()) == url


def test_a_section_named_amp_or_print_has_stories_of_its_own() -> None:
    site = loose(sections={"verstaerker": f"{WWW}/amp/"})
    assert plain_address(f"{WWW}/amp/der-neue-von-marshall", site) == f"{WWW}/amp/der-neue-von-marshall"
    site = make_site(article={"pattern": r"^/[a-z]+/(?P<key>\d+)/"})
    assert plain_address(f"{WWW}/print/17/ein-fall", site) == f"{WWW}/print/17/ein-fall"


def test_the_pattern_of_the_site_file_has_the_last_word() -> None:
    site = make_site(article={"pattern": r"^/ein-fall\?amp=1$"})
    assert plain_address(f"{WWW}/ein-fall?amp=1", site) == f"{WWW}/ein-fall?amp=1"
    site = make_site(article={"pattern": r"[?&]page=(?P<key>\d+)$"})
    assert article_address(f"{WWW}/artikel?page=17", site) == f"{WWW}/artikel?page=17"


def test_a_parameter_that_is_kept_and_a_site_that_lives_on_m_stay() -> None:
    assert plain_address(f"{WWW}/x-y-z?print=1", loose(keep_params=["print"])) == f"{WWW}/x-y-z?print=1"
    mobile = loose(home="https://m.beispiel.example/", hosts=["beispiel.example"])
    assert plain_address("https://m.beispiel.example/x-y-z", mobile) == "https://m.beispiel.example/x-y-z"


@pytest.mark.parametrize(
    ("url", "part"),
    [
        (f"{WWW}/a-b-c?page=2", Part(f"{WWW}/a-b-c", 2)),
        (f"{WWW}/a-b-c?x=1&seite=3", Part(f"{WWW}/a-b-c?x=1", 3)),
        (f"{WWW}/a-b-c?seite=all", Part(f"{WWW}/a-b-c", ALL)),
        (f"{WWW}/a-b-c?singlepage=true", Part(f"{WWW}/a-b-c", ALL)),
        (f"{WWW}/a-b-c/seite-2", Part(f"{WWW}/a-b-c", 2)),
        (f"{WWW}/a-b-c/page/4/", Part(f"{WWW}/a-b-c", 4)),
        (f"{WWW}/a-b-c/komplettansicht", Part(f"{WWW}/a-b-c", ALL)),
    ],
)
def test_a_page_of_an_article_is_told_by_its_address(url: str, part: Part) -> None:
    assert part_of(url) == part
    assert article_address(url, loose()) == part.base


@pytest.mark.parametrize("url", [f"{WWW}/a-b-c?page=2026", f"{WWW}/das-foto-von-seite-3.html", f"{WWW}/serie/teil-2", f"{WWW}/politik/2"])
def test_the_second_of_a_series_is_a_story_of_its_own(url: str) -> None:
    assert part_of(url) is None
    assert article_address(url, loose()) == url


def test_beside_the_article_an_ending_or_a_number_tells_its_page() -> None:
    assert part_of(f"{WWW}/a-b-c-seite-3.html", of=f"{WWW}/a-b-c.html") == Part(f"{WWW}/a-b-c.html", 3)
    assert part_of(f"{WWW}/a-b-c/2", of=f"{WWW}/a-b-c") == Part(f"{WWW}/a-b-c", 2)
    assert part_of(f"{WWW}/a-b-d/2", of=f"{WWW}/a-b-c") is None
