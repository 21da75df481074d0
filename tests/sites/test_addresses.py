"""A pattern learned from the addresses of articles fits them, and nothing else of the site."""

from __future__ import annotations

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from newswatch.sites.addresses import learn_pattern, target

WORDS = ("regen", "deich", "haushalt", "schule", "wahl", "bruecke", "klinik", "markt")
HOME = "https://www.beispiel.example"
OTHERS = ("/", "/politik/", "/politik/ausland/", "/sport/", "/impressum", "/service/abo.html", "/2026/", "/themen/hochwasser/")


def urls(form: str) -> list[str]:
    """Eight addresses: {w} a word, {n} a number of seven digits, {m} of two, {h} a hash, {u} a UUID, {s} a section."""
    sections = ("politik", "sport", "politik/ausland")
    out = []
    for i, word in enumerate(WORDS):
        ids = {"n": 3_481_007 + 911 * i, "m": 10 + i, "h": f"{0xA1B2C3D4E5F60 + i:016x}", "u": f"1f0c3a2b-9d8e-4c6f-8a1b-{i:012x}"}
        out.append(HOME + form.format(w=word, s=sections[i % 3], **ids))
    return out


@pytest.mark.parametrize(
    ("form", "key"),
    [
        ("/{s}/id_{n}/viel-{w}-im-tal.html", "3481007"),
        ("/{s}/2026/11/{m}/viel-{w}-im-tal-{n}.html", "3481007"),
        ("/news/viel-{w}-im-tal,{n}.html", "3481007"),
        ("/{s}/article{n}/Viel-{w}.html", "3481007"),
        ("/{s}/viel-{w}-im-tal-a-{u}", "1f0c3a2b-9d8e-4c6f-8a1b-000000000000"),
        ("/{s}/viel-{w}-ld.{n}", "3481007"),
        ("/{s}/viel-{w}-1.{n}", "3481007"),
        ("/{s}/viel-{w}_aid-{n}", "3481007"),
        ("/Viel-{w}-im-Tal/!{n}/", "3481007"),
        ("/stories/{n}/", "3481007"),
        ("/{n}-viel-{w}.html", "3481007"),
        ("/{s}/{h}/viel-{w}", "000a1b2c3d4e5f60"),
        ("/news/index.php?id={n}", "3481007"),
        ("/{s}/story/{n}/viel-{w}", "3481007"),
    ],
)
def test_the_number_that_stays_is_the_key(form: str, key: str) -> None:
    articles, others = urls(form), [HOME + path for path in OTHERS]
    learned = learn_pattern(articles, others)
    assert learned and learned.has_key and (learned.matched, learned.of) == (8, 8)
    pattern = re2.compile(learned.pattern)
    assert pattern.search(target(articles[0])).group("key") == key
    assert len({pattern.search(target(u)).group("key") for u in articles}) == 8
    assert [u for u in others if pattern.search(target(u))] == []


@pytest.mark.parametrize(
    "form",
    ["/2026/11/{m}/viel-{w}-im-tal/", "/{s}/viel-{w}-kam-in-der-nacht-ins-tal", "/{s}/viel-{w}-im-tal-100.html", "/2026-11-{m}/viel-{w}/"],
)
def test_without_a_number_a_date_or_the_words_tell_and_there_is_no_key(form: str) -> None:
    learned = learn_pattern(urls(form), [HOME + path for path in OTHERS])
    assert learned and not learned.has_key and learned.matched == 8
    assert not any(re2.compile(learned.pattern).search(path) for path in OTHERS)


def test_a_year_or_a_number_that_all_have_is_no_key() -> None:
    for form in ("/{s}/2026/viel-{w}-im-tal-von-unten", "/{s}/viel-{w}-im-tal-20261122", "/{s}/1234567/viel-{w}-im-tal-von-unten"):
        learned = learn_pattern(urls(form), [])
        assert learned is None or not learned.has_key, learned


def test_videos_and_games_with_the_same_form_are_excluded() -> None:
    others = [f"{HOME}/video/politik/id_3499999/so-sah-es-aus.html", f"{HOME}/spiele/id_3499998/kreuzwort.html"]
    learned = learn_pattern([*urls("/{s}/id_{n}/viel-{w}-im-tal.html"), others[0]], others[1:])
    assert learned and learned.exclude == ("^/(?:spiele|video)/",) and learned.of == 8


def test_a_folder_that_only_the_footer_leads_to_is_excluded_and_no_more_than_that() -> None:
    others = [f"{HOME}/ueber-uns-heute/id_3499998/team.html", f"{HOME}/sport/hilfe/id_3499997/app.html", f"{HOME}/id_3499996/wir.html"]
    learned = learn_pattern(urls("/{s}/id_{n}/viel-{w}-im-tal.html"), others)
    assert learned and learned.exclude == ("^/(?:sport/hilfe|ueber-uns-heute)/",)
    assert not re2.compile(learned.pattern).search("/id_3499996/wir.html")


def test_some_strays_among_the_addresses_do_no_harm() -> None:
    strays = [f"{HOME}/politik/dossier-zum-hochwasser", f"{HOME}/sport/alle-ergebnisse-der-liga"]
    learned = learn_pattern([*urls("/{s}/viel-{w}-{n}.html"), *strays], [])
    assert learned and learned.has_key and (learned.matched, learned.of) == (8, 10)


def test_nothing_is_learned_from_nothing() -> None:
    assert learn_pattern([], []) is None
    assert learn_pattern([f"{HOME}/", f"{HOME}/politik/"], []) is None


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=40), max_size=12))
def test_no_address_breaks_it_and_what_it_learns_is_re2(paths: list[str]) -> None:
    learned = learn_pattern([f"{HOME}/{p}".replace("[", "").replace("]", "") for p in paths], [])
    if learned:
        re2.compile(learned.pattern)
        assert 2 <= learned.matched <= learned.of
