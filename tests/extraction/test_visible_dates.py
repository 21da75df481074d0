"""The dates that a reader sees around the headline, in eight languages, and what only looks like one."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newswatch.extraction.article import read_article
from newswatch.extraction.dates import to_text
from newswatch.extraction.visible_dates import page_language, published_and_modified
from newswatch.story import Stamp
from tests.conftest import NOW, make_site, page

BERLIN = ZoneInfo("Europe/Berlin")
TEXT = "Der Fluss stieg in der Nacht um zwei Meter, und die Leute am Ufer trugen ihre Stühle auf den Dachboden hinauf."
PROSE = f"<p>{TEXT}</p><p>{TEXT}</p><p>{TEXT}</p>"
AT = "2026-11-22T09:15:00Z"
LATER = "2026-11-22T11:30:00Z"
DAY = "2026-11-21T23:00:00Z"


def story(lines: str, *, before: str = "", after: str = "", lang: str = "de", head: str = "") -> str:
    return (
        f"<html lang='{lang}'><head><title>Der Fluss steigt weiter</title>{head}</head><body><header><a>Das Beispiel</a></header><main>"
        f"<article>{before}<h1>Der Fluss steigt weiter</h1>{lines}{PROSE}{after}</article></main></body></html>"
    )


def read(html: str) -> tuple[str | None, str | None]:
    published, modified = published_and_modified(page(html), BERLIN)
    return to_text(published.at) if published else None, to_text(modified.at) if modified else None


@pytest.mark.parametrize(
    ("lang", "lines", "published", "modified"),
    [
        ("de", "<div>Stand: 22.11.2026, 10:15 Uhr</div>", None, AT),
        ("de", "<p>Stand: 22. November 2026, 10.15 Uhr</p>", None, AT),
        ("de", "<p>Zuletzt aktualisiert am Sonntag, dem 22.11.2026 um 10:15 Uhr</p>", None, AT),
        ("de", "<span class='art-date'>So, 22.11.2026, 10:15 Uhr</span>", AT, None),
        ("de", "<div class=datum>Veröffentlicht: 22.11.2026, 10:15 Uhr | Aktualisiert: 22.11.2026, 12:30 Uhr</div>", AT, LATER),
        ("de", "<div>Erstellt am 22.11.26, 10:15</div>", AT, None),
        ("de", "<div class=byline>Von Ada Quint und Ole Brand, aktualisiert am 22.11.2026, 12:30 Uhr</div>", None, LATER),
        ("de", "<div class=byline>Von Ada Quint, 22. Nov. 2026, 10:15 Uhr</div>", AT, None),
        ("de", "<div><span class=l>Aktualisiert:</span> <span>22.11.2026</span> <span>12:30 Uhr</span></div>", None, LATER),
        ("de", "<time datetime='2026-11-22T10:15:00+01:00'>vor 3 Stunden</time>", AT, None),
        ("de", "<p>Aktualisiert: <time datetime='2026-11-22T12:30:00+01:00'>12:30 Uhr</time></p>", None, LATER),
        ("de", "<time>22.11.2026, 10:15 Uhr</time> <time class='updated'>22.11.2026, 12:30 Uhr</time>", AT, LATER),
        ("de", "<time datetime='2026-11-22'>22.11.2026, 10:15 Uhr</time>", AT, None),
        ("de", "<time class='entry-date published updated' datetime='2026-11-22T09:15:00Z'>22. November</time>", AT, None),
        ("de", "<span class=date-line data-timestamp='1795338900'>Sonntag</span>", AT, None),
        ("de", "<abbr class=timeago title='2026-11-22T10:15:00+01:00'>vor kurzem</abbr>", AT, None),
        ("de", "22.11.2026, 10:15 Uhr", AT, None),
        ("de-AT", "<div class=zeit>22. Jän. 2026, 10:15 Uhr</div>", "2026-01-22T09:15:00Z", None),
        ("en", "<p>Published 22 November 2026 at 10.15am, updated 22 November 2026 at 12.30pm</p>", AT, LATER),
        ("en", "<div class=dateline>Last updated: November 22, 2026 12:30 p.m.</div>", None, LATER),
        ("en-US", "<span class=pub-date>11/07/2026 10:15 AM</span>", "2026-11-07T09:15:00Z", None),
        ("en-GB", "<span class=pub-date>11/07/2026 10:15</span>", "2026-07-11T08:15:00Z", None),
        ("fr", "<p>Publié le 22/11/2026 à 10h15 - Mis à jour le 22/11/2026 à 12h30</p>", AT, LATER),
        ("fr", "<div>Mis à jour le 22 nov. 2026 à 12 h 30</div>", None, LATER),
        ("es", "<p>Publicado el 22 de noviembre de 2026, 10:15</p>", AT, None),
        ("es", "<div class=fecha>Actualizado: 22/11/2026 12:30 h</div>", None, LATER),
        ("it", "<div>Pubblicato il 22 novembre 2026, ore 10.15</div>", AT, None),
        ("it", "<div>Aggiornato il 22 novembre 2026 alle 12:30</div>", None, LATER),
        ("pl", "<div>Opublikowano: 22 listopada 2026, 10:15</div>", AT, None),
        ("pl", "<div>Aktualizacja: 22.11.2026 12:30</div>", None, LATER),
        ("cs", "<div>Publikováno 22. listopadu 2026 v 10:15</div>", AT, None),
        ("cs", "<div>Aktualizováno 22. 11. 2026 12:30</div>", None, LATER),
        ("nl", "<div>Gepubliceerd op 22 november 2026 om 10.15 uur</div>", AT, None),
        ("nl", "<div>Bijgewerkt: 22-11-2026 12:30</div>", None, LATER),
    ],
)
def test_a_line_by_the_headline_is_read(lang: str, lines: str, published: str | None, modified: str | None) -> None:
    assert read(story(lines, lang=lang)) == (published, modified)


@pytest.mark.parametrize(
    "lines",
    [
        "<p>Aktualisiert vor 3 Stunden</p>",
        "<p class=date>Aktualisiert: <span>vor einer Stunde</span></p>",
        "<p class=date>Updated 3 hours ago</p>",
        "<p class=date>Mis à jour il y a 3 heures</p>",
        "<p class=date>Actualizado hace 3 horas</p>",
        "<p class=date>Aggiornato 3 ore fa</p>",
        "<p class=date>Aktualizacja 3 godziny temu</p>",
        "<p class=date>Aktualizováno před 3 hodinami</p>",
        "<p class=date>3 uur geleden bijgewerkt</p>",
        "<time>gestern, 10:15 Uhr</time>",
        "<time datetime='PT5M'>5 Min</time>",
        "<time datetime='10:15'>10:15 Uhr</time>",
        "<p>Am 22. November 2026 stieg der Fluss.</p>",
        "<p>Am <time datetime='2026-11-22'>22. November 2026</time> stieg der Fluss.</p>",
        f"<p>{TEXT} Am <time datetime='2026-11-22T10:15'>22.11.2026</time> war Ruhe. {TEXT}</p>",
        "<h2>22. November 2026</h2>",
        "<p>Der Stand der Dinge ist seit dem 22.11.2026 unklar geblieben</p>",
        "<figure><figcaption>Der Deich am 22.11.2026</figcaption></figure>",
        "<img class=update title='Der Deich am 22.11.2026' alt=''>",
        "<aside class=teaser><time datetime='2026-11-22T10:15'></time><a>Nachbarort</a></aside>",
        "<article><h3><a>Nachbarort</a></h3><time datetime='2026-11-22T10:15'>22.11.2026</time></article>",
        "<div class=related-links><span class=date>22.11.2026, 10:15 Uhr</span></div>",
        "<section id=comments><span class=date>22.11.2026, 10:15 Uhr</span></section>",
        "<footer>Stand: 22.11.2026, 10:15 Uhr</footer>",
        "<table><tr><td class=date>22.11.2026</td></tr></table>",
        "<p>Stand: 22.11.1987</p>",
        "<p class=copyright>© 2026 Das Beispiel</p>",
        "<p class=date>11/2026</p>",
    ],
)
def test_what_only_looks_like_the_date_of_the_story_is_none(lines: str) -> None:
    assert read(story(lines)) == (None, None)


@pytest.mark.parametrize(
    "after",
    [
        "<p>Stand: 22.11.2026</p>",
        "<div class=date>22.11.2026, 10:15 Uhr</div>",
        "<div class=teaser><time datetime='2026-11-22T10:15'>22.11.2026</time></div>",
        "<section class=comments><time>22.11.2026, 10:15 Uhr</time></section>",
    ],
)
def test_a_date_behind_the_text_is_not_the_storys(after: str) -> None:
    assert read(story("", after=after)) == (None, None)


def test_a_date_above_the_headline_counts_within_the_story_only() -> None:
    assert read(story("", before="<span class=date>22.11.2026, 10:15 Uhr</span>")) == (AT, None)
    today = "<div class=date>Montag, 23.11.2026</div>"
    assert read(story("").replace("<main>", f"{today}<main>")) == (None, None)


def test_what_hides_behind_a_relative_time_is_not_the_update() -> None:
    line = "<p class=date>Aktualisiert <span>vor 3 Stunden</span> <time datetime='2026-11-22T10:15:00+01:00'></time></p>"
    assert read(story(line)) == (AT, None)
    assert read(story("<p class=date>Aktualisiert vor 3 Stunden | 22.11.2026, 10:15 Uhr</p>"))[1] is None


def test_the_first_date_that_nothing_is_said_of_is_when_it_was_published() -> None:
    assert read(story("<div class=date>22.11.2026, 10:15 Uhr</div><div class=date>23.11.2026, 08:00 Uhr</div>")) == (AT, None)


def test_a_label_outweighs_a_class_and_a_class_outweighs_nothing() -> None:
    assert read(story("<div class=published>Aktualisiert: 22.11.2026, 12:30 Uhr</div>")) == (None, LATER)
    assert read(story("<div class=updated>22.11.2026, 12:30 Uhr</div>")) == (None, LATER)


def test_microdata_outweighs_time_and_time_outweighs_text() -> None:
    time, text = "<time datetime='2026-11-22T10:00Z'></time>", "<div class=date>22.11.2026, 09:00 Uhr</div>"
    assert read(story(text + time)) == ("2026-11-22T10:00:00Z", None)
    meta = "<meta itemprop=datePublished content='2026-11-22T09:15:00Z'><span itemprop=dateModified>22.11.2026, 12:30 Uhr</span>"
    assert read(story(text + time + meta)) == (AT, LATER)


def test_microdata_of_another_story_is_not_believed() -> None:
    other = "<div class=teaser><meta itemprop=datePublished content='2026-11-22T09:15:00Z'></div>"
    assert read(story(other)) == (None, None)
    assert read(story("", after="<article><meta itemprop=dateModified content='2026-11-22T09:15:00Z'></article>")) == (None, None)


def test_a_headline_in_the_breadcrumb_does_not_hide_the_story() -> None:
    html = (
        "<html><head><title>Der Fluss steigt weiter</title></head><body><ol><li><h1>Der Fluss steigt weiter</h1></li></ol>"
        f"<article><h2>Der Fluss steigt weiter</h2><p class=date>22.11.2026, 10:15 Uhr</p>{PROSE}</article></body></html>"
    )
    assert read(html) == (AT, None)


def test_the_statement_is_kept_to_the_letter() -> None:
    published, modified = published_and_modified(page(story("<div>Ressort Wasser · Stand: 22.11.2026, 10:15 Uhr</div>")), BERLIN)
    assert (published, modified) == (None, None), "what stands before the label is not the story's"
    published, modified = published_and_modified(page(story("<div class=zeit>Wasser · Stand: 22.11.2026, 10:15 Uhr</div>")), BERLIN)
    assert published is None and modified and modified.raw == "Stand: 22.11.2026, 10:15 Uhr" and modified.flags == ("zone-assumed",)


@pytest.mark.parametrize(
    ("lang", "expected", "zone", "language"),
    [
        ("de-AT", "de", "", "de-AT"),
        ("en_US", "en", "", "en-US"),
        ("en", "en", "America/New_York", "en-US"),
        ("en", "en", "Europe/London", "en"),
        ("en-US", "de", "", "de"),
        ("", "fr", "", "fr"),
        ("", None, "", "de"),
        ("x!", None, "", "de"),
    ],
)
def test_the_language_of_a_page_is_the_sites_with_the_pages_region(lang: str, expected: str | None, zone: str, language: str) -> None:
    assert page_language(page(f"<html lang='{lang}'><body></body></html>"), expected, zone) == language


# --- the order of trust, as read_article follows it ---
def stamps(lines: str = "", head: str = "", **rules: str) -> tuple[Stamp | None, Stamp | None]:
    told = read_article(page(story(lines, head=head)), make_site(rules={"body": "article > p"} | rules), NOW)
    return told.published, told.modified


def ld(**node: str) -> str:
    pairs = ", ".join(f'"{k}": "{v}"' for k, v in node.items())
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {pairs}}}</script>'


VISIBLE = "<div class=date>21.11.2026, 05:00 Uhr</div>"
META = "<meta property='article:published_time' content='2026-11-21T06:00:00Z'>"


def test_the_site_rule_outweighs_json_ld_and_that_the_meta_tags_and_those_the_text() -> None:
    machine = ld(datePublished="2026-11-21T07:00:00Z")
    hours = [
        stamps(VISIBLE + "<b>21.11.2026, 09:00 Uhr</b>", META + machine, published="b"),
        stamps(VISIBLE, META + machine),
        stamps(VISIBLE, META),
        stamps(VISIBLE),
    ]
    assert [p.at.hour if p else None for p, _ in hours] == [8, 7, 6, 4]


def test_a_time_of_day_outweighs_a_more_trusted_day_only_on_that_day() -> None:
    published, _ = stamps(VISIBLE, ld(datePublished="2026-11-21"))
    assert published and to_text(published.at) == "2026-11-21T04:00:00Z"
    published, _ = stamps(VISIBLE, ld(datePublished="2026-11-20"))
    assert published and published.flags == ("day-only",) and published.raw == "2026-11-20"


def test_a_stated_zone_outweighs_an_assumed_one_of_the_same_minute() -> None:
    head = ld(dateModified="2026-11-21 07:50:48") + "<meta property='article:modified_time' content='2026-11-21T07:50:48Z'>"
    _, modified = stamps(head=head)
    assert modified and to_text(modified.at) == "2026-11-21T07:50:48Z" and modified.flags == ()


def test_a_modified_that_is_stated_is_kept_though_it_equals_published() -> None:
    published, modified = stamps(head=ld(datePublished="2026-11-21T07:00:00Z", dateModified="2026-11-21T07:00:00Z"))
    assert published and modified and published.at == modified.at and modified.flags == ()


def test_what_cannot_be_believed_is_kept_and_flagged() -> None:
    published, modified = stamps(head=ld(datePublished="2062-11-21T07:00:00Z", dateModified="2026-11-20T07:00:00Z"))
    assert published and published.flags == ("future",) and modified and modified.flags == ("backward",)


def test_the_page_may_state_what_its_article_leaves_out() -> None:
    head = (
        ld(headline="Der Fluss")
        + '<script type="application/ld+json">{"@type": "WebPage", "datePublished": "2026-11-21T07:00:00Z"}</script>'
    )
    video = '<script type="application/ld+json">{"@type": "VideoObject", "dateModified": "2026-11-01T07:00:00Z"}</script>'
    published, modified = stamps(head=head + video)
    assert published and published.at.hour == 7 and modified is None


@given(st.text(max_size=200), st.sampled_from(["time", "p class=date", "div", "h1", "aside"]))
@settings(max_examples=150)
def test_no_page_raises(inner: str, tag: str) -> None:
    published_and_modified(page(story(f"<{tag}>{inner}</{tag.split()[0]}>Stand: {inner}")), BERLIN)
    published_and_modified(page(f"<html><body>{inner}<{tag}>{inner}</body></html>"), BERLIN)
