"""Which links of a site that nobody described lead to articles."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswatch.extraction import find_links
from newswatch.extraction.shapes import KnownShapes, is_never_article, shape_of, url_score
from tests.conftest import make_site, page

HOME = "https://www.beispiel.example"
UNKNOWN = make_site(article={})
TITLES = (
    "Kreistag vertagt Beschluss über neue Brücke",
    "Warum die Fähre seit Montag nicht mehr fährt",
    "Hafenarbeiter legen für zwei Tage die Arbeit nieder",
    "Ministerin verspricht Geld für marode Deiche",
    "Gericht hebt Verbot der alten Mühle auf",
    "Schule am Wall bekommt einen neuen Namen",
)
SLUGS = [t.lower().translate({32: "-", 228: "ae", 252: "ue"}) for t in TITLES]

AROUND = """
<div class="kopf"><a href="/">Start</a> <a href="/politik/">Politik</a> <a href="/sport/">Sport</a> <a href="/sport/segeln/">Segeln</a>
<a href="/abo/vier-wochen-lesen">Vier Wochen für nur einen Taler lesen</a></div>
<div class="site-footer"><a href="/impressum.html">Impressum</a> <a href="/datenschutz/">Datenschutz</a>
<a href="/ueber-uns/wer-wir-sind-und-was-wir-wollen">Wer wir sind und was wir wollen</a>
<a href="/autor/ada-quint-123456.html">Ada Quint</a>
<a href="/themen/hochwasser-an-der-lunne-98765">Alles zum Hochwasser an der Lunne</a>
<a href="/politik/?page=2">Weitere Artikel laden</a>
<a href="/podcast/der-tag-am-fluss-folge-123456">Der Tag am Fluss, die neue Folge</a>
<a href="/wetter/pegel-und-wind-heute-456789">Pegel und Wind</a>
<a href="https://fremd.example/2026/11/22/eine-meldung-von-anderswo-123456.html">Eine Meldung von anderswo und noch mehr</a></div>
"""


def found(html: str, url: str = f"{HOME}/politik/", known: KnownShapes | None = None) -> list[str]:
    return [link.url.removeprefix(HOME) for link in find_links(page(html, url), UNKNOWN, known)]


def teasers(hrefs: Sequence[str], tag: str) -> str:
    return "".join(tag.format(href=href, title=title) for href, title in zip(hrefs, TITLES, strict=False))


LAYOUTS = {
    "dated slugs under headings": (
        [f"/politik/2026/11/2{n}/{slug}" for n, slug in enumerate(SLUGS)],
        '<article><h2><a href="{href}">{title}</a></h2><p>Anriss. <a href="{href}">Mehr</a></p></article>',
    ),
    "slugs with a number, no semantic markup": (
        [f"/{slug}-{190000 + n}.html" for n, slug in enumerate(SLUGS)],
        '<div class="teaser"><a href="{href}"><img alt=""></a><a href="{href}"><span>{title}</span></a></div>',
    ),
    "plain slugs at the root": ([f"/{slug}/" for slug in SLUGS], '<div class="post"><h3><a href="{href}">{title}</a></h3></div>'),
    "numbers alone": ([f"/story/{7700000 + n}" for n in range(6)], '<li><a href="{href}"><b>{title}</b></a></li>'),
    "ids of letters and digits": (
        [f"/news/articles/c{n}gzx7v2d2zo" for n in range(6)],
        '<div><a href="{href}"><h3>{title}</h3></a></div>',
    ),
    "a query parameter": ([f"/artikel.php?id={4400 + n}" for n in range(6)], '<p><a href="{href}"><h2>{title}</h2></a></p>'),
    "a uuid": (
        [f"/inhalt.{slug}.e4f07910-3c72-4551-a37d-96207f2c9b0{n}.html" for n, slug in enumerate(SLUGS)],
        '<article><a href="{href}">{title}</a></article>',
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_articles_are_told_from_everything_around_them(name: str) -> None:
    hrefs, tag = LAYOUTS[name]
    assert found(f"<body>{AROUND}<div id='liste'>{teasers(hrefs, tag)}</div></body>") == hrefs


@pytest.mark.parametrize(
    ("language", "never"),
    [
        ("de", ["/themen/die-lage-an-der-see-12345", "/schlagwort/deich", "/anmelden/", "/gewinnspiel/ein-boot-fuer-sie-98765"]),
        ("en", ["/tag/the-state-of-the-sea-12345", "/author/ada-quint", "/subscribe/", "/games/word-of-the-day-98765"]),
        ("fr", ["/sujet/la-mer-et-ses-marees-12345", "/auteur/ada-quint", "/connexion", "/mentions-legales"]),
        ("es", ["/etiqueta/el-mar-y-sus-mareas-12345", "/autores/ada-quint", "/suscripciones/", "/aviso-legal"]),
        ("it", ["/argomento/il-mare-e-le-maree-12345", "/autori/ada-quint", "/abbonamenti/", "/chi-siamo"]),
        ("pl", ["/tematy/morze-i-przyplywy-12345", "/autorzy/ada-quint", "/prenumerata/", "/regulamin"]),
    ],
)
def test_tags_authors_shops_and_legal_pages_are_known_in_six_languages(language: str, never: list[str]) -> None:
    assert [u for u in never if not is_never_article(HOME + u)] == []


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/politik/?page=2",
        "/politik/seite/3",
        "/politik/page-4/",
        "/2026/11/22/",
        "/x/bild.jpg",
        "/feed.xml",
        "/video-65819534",
        "/a?offset=20",
    ],
)
def test_listings_and_files_are_no_articles(path: str) -> None:
    assert is_never_article(HOME + path)


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/politik/inland/2026/11/22/rat-stimmt-fuer-deich-4711.html", "/*/{date}/{slug}-{number}.html"),
        ("/politik/2026-11-22/rat-stimmt-fuer-deich.html", "/*/{date}/{slug}.html"),
        ("/world/2026/nov/22/council-votes-for-the-dyke", "/*/{date}/{slug}"),
        ("/nachrichten/id_100213822/rat-stimmt-fuer-deich.html", "/*/id_{number}/{slug}.html"),
        ("/de/rat-stimmt-fuer-deich/a-65464327", "/*/{slug}/a-{number}"),
        ("/de/rat-stimmt-fuer-deich/av-65422743", "/*/{slug}/av-{number}"),
        ("/artikel/rat-stimmt-fuer-deich,3412544.html", "/artikel/{slug},{number}.html"),
        ("/artikel.php?id=17&x=y", "/artikel.php?id={number}&x={value}"),
        ("/politik/ausland", "/*"),
        ("/", "/"),
    ],
)
def test_urls_that_one_program_made_have_one_shape(path: str, shape: str) -> None:
    assert shape_of(HOME + path) == shape


@given(st.text(max_size=60))
def test_no_url_raises(text: str) -> None:
    for url in (text, f"{HOME}/{text}"):
        assert isinstance(shape_of(url), str)
        assert -10 < url_score(url) < 20
        is_never_article(url)


def test_shapes_that_were_articles_before_raise_the_score() -> None:
    articles = [f"/a/kurz-{10500 + n}" for n in range(3)]
    html = "".join(f'<p><a href="{href}">Kurz gesagt: Fähre</a></p>' for href in articles)
    shape = shape_of(HOME + articles[0])
    assert found(html) == []
    assert found(html, known=KnownShapes(articles={shape: 40})) == articles


def test_shapes_that_never_were_articles_lower_the_score() -> None:
    shape = "/a/kurz-{number}"
    galleries = [f"/de/{slug}/g-{17393954 + n}" for n, slug in enumerate(SLUGS)]
    html = teasers(galleries, '<p><a href="{href}">{title}</a></p>')
    assert found(html) == galleries
    failed = {shape_of(HOME + galleries[0]): 9}
    assert found(html, known=KnownShapes({shape: 40}, failed)) == []
    assert found(html, known=KnownShapes({shape: 40, **{s: 5 for s in failed}}, failed)) == galleries


def test_nothing_is_learned_from_failures_while_nothing_could_be_read() -> None:
    hrefs, tag = LAYOUTS["dated slugs under headings"]
    assert found(teasers(hrefs, tag), known=KnownShapes(others={shape_of(HOME + hrefs[0]): 99})) == hrefs


def test_a_section_that_was_once_taken_for_an_article_does_not_bring_the_others() -> None:
    html = '<a href="/sport/segeln">Segeln</a><a href="/sport/rudern">Rudern</a>'
    assert found(html, known=KnownShapes(articles={"/*": 50})) == []


def test_the_page_itself_its_sections_and_variants_of_a_page_are_left_out() -> None:
    hrefs, tag = LAYOUTS["dated slugs under headings"]
    url = HOME + hrefs[0]
    html = teasers(hrefs, tag) + f'<h2><a href="{hrefs[1]}?print=1">Diesen Artikel mit allen Bildern drucken</a></h2>'
    html += '<h2><a href="/politik/">Alle Berichte aus der Politik lesen</a></h2>'
    assert found(html, url) == hrefs[1:]


def test_a_folder_of_other_links_is_no_article() -> None:
    folder = "/das-grosse-hochwasser-an-der-lunne"
    hrefs = [f"{folder}/{slug}" for slug in SLUGS]
    html = f'<h2><a href="{folder}/">Das große Hochwasser an der Lunne</a></h2>' + teasers(hrefs, '<h3><a href="{href}">{title}</a></h3>')
    assert found(html) == hrefs


def test_exclude_holds_without_a_pattern_too() -> None:
    site = make_site(article={"exclude": ["^/anzeige-"]})
    html = "".join(f'<h2><a href="/{kind}-{SLUGS[0]}-12345.html">{TITLES[0]}</a></h2>' for kind in ("anzeige", "meldung"))
    assert [link.url for link in find_links(page(html, HOME + "/"), site)] == [f"{HOME}/meldung-{SLUGS[0]}-12345.html"]


def test_texts_without_spaces_count_as_headlines() -> None:
    hrefs = [f"/article/2025012{n}-QBJP5I25BBIG5IZ76XZNDHDB5{n}/" for n in range(4)]
    html = "<main>" + "".join(f'<p><a href="{h}">台風の影響で港のフェリーが三日間欠航</a></p>' for h in hrefs) + "</main>"
    assert found(html) == hrefs
