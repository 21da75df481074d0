"""The general reader: what no rule is needed for. All pages are invented."""

from __future__ import annotations

import pytest

from newswatch.errors import ReadError
from newswatch.extraction import read_article
from newswatch.extraction.boilerplate import is_boilerplate
from newswatch.extraction.people import split_names
from newswatch.story import Story
from tests.conftest import NOW, make_site, page

TEXT = [
    "Die Deichgräfin Ada Quint hat am Morgen Entwarnung gegeben, nachdem das Wasser in der Nacht um einen halben Meter gefallen war.",
    "In Nordhusum blieb die Schule geschlossen, die Kinder halfen beim Abtragen der Sandsäcke und bekamen dafür Kakao vom Roten Haus.",
    "Der Bürgermeister Bo Rahn sprach von einer Nacht, die man so schnell nicht vergessen werde; die Pumpen liefen bis zum Mittag.",
    "Am Nachmittag will der Kreis entscheiden, ob die Straße nach Süderhafen wieder geöffnet wird und wer die Schäden bezahlt.",
]
PARAGRAPHS = [f"<p>{t}</p>" for t in TEXT]


def read(*inner: str, head: str = "", h1: str = "<h1>Wasser fällt</h1>") -> Story:
    article = f"<nav><a href='/'>Start</a></nav><main><article>{h1}{''.join(inner)}</article></main>"
    html = f"<html lang='de'><head>{head}</head><body>{article}</body></html>"
    return read_article(page(html), make_site(), NOW)


BOXES = [
    "<aside><p>Dieser Kasten erzählt von etwas ganz anderem, nämlich vom Segeln auf der Binnenalster im Herbst.</p></aside>",
    "<ul>" + "".join(f"<li><a href='/politik/{n}/x'>Eine andere Geschichte über etwas anderes</a></li>" for n in range(5)) + "</ul>",
    "<div class='newsletter-box'><p>Das Wichtigste aus Nordhusum jeden Morgen im Postfach, kurz und kostenlos für Sie.</p></div>",
    "<p>Mit unserem Newsletter bleiben Sie auf dem Laufenden. Jetzt anmelden!</p>",
    "<p>Guter Journalismus kostet Geld, und ohne Leser wie Sie ginge es nicht. Es gibt viele Wege dazu. Jetzt spenden</p>",
    "<p><strong>Lesen Sie auch:</strong> <a href='/politik/9/y'>Als das Wasser kam: ein Protokoll</a></p>",
    "<figure><img src=x alt=''><figcaption>Ada Quint am Deich. Foto: Ole Brand</figcaption></figure>",
    "<div class='autorenbox'><p>Kim Voss schreibt seit zehn Jahren über Deiche, Fähren und alles, was schwimmt.</p></div>",
    "<section class='comments'><p>Das war doch alles vorher klar, wenn man auf die Karten gesehen hätte, finde ich.</p></section>",
    "<p>Wenn Sie über diesen Affiliate-Link einkaufen, erhalten wir eine Provision vom Händler.</p>",
    "<div class='embed-placeholder'><p>An dieser Stelle finden Sie einen externen Inhalt, der den Artikel ergänzt.</p></div>",
    "<p>Anzeige</p>",
    "<h2>Wasser fällt</h2>",
    "<p>Read more: <a href='/politik/9/y'>How the water came to Nordhusum</a></p>",
    "<p>Sign up to our newsletter and never miss a tide again.</p>",
]


@pytest.mark.parametrize("box", BOXES, ids=range(len(BOXES)))
def test_what_stands_around_a_story_is_not_its_text(box: str) -> None:
    story = read(*PARAGRAPHS[:2], box, *PARAGRAPHS[2:])
    assert [t for p in story.body for t in p.paragraphs] == TEXT


KEPT = [
    "<p>Quint sagte: „Wer jetzt spenden will, soll den Nachbarn helfen, nicht dem Kreis, und zwar am besten noch heute.“</p>",
    "<p>Die Ministerin las den Bericht zum Thema Deich am Abend und kündigte an, im Landtag mehr dazu zu sagen.</p>",
    "<p>Im Video ist zu sehen, wie das Wasser über die Krone läuft; der Kreis hat die Aufnahme am Sonntag bestätigt.</p>",
    "<p>Angreifer erbeuteten die Login-Daten von zweitausend Kunden der Werft, teilte die Polizei am Abend mit.</p>",
    "<p>In ihrem Newsletter kündigte die Deichgräfin an, bei der Wahl im Frühjahr nicht noch einmal anzutreten.</p>",
    "<p>Workers on the ferry may earn less than before, and the subscription model of the port was dropped.</p>",
    "<p>Three more islands want to sign up for the dyke union, which asked them to donate sand and time.</p>",
    "<blockquote><p>„Wir haben die Lage unterschätzt, und das tut mir leid“, sagte Rahn vor dem Rathaus.</p></blockquote>",
    "<ul><li>Die Schule bleibt bis Mittwoch geschlossen, der Hort öffnet.</li><li>Die Fähre fährt wieder im Halbstundentakt.</li></ul>",
    "<p>Die <a href='/x'>Zeitung in Süderhafen</a> berichtete, der Abonnent sei ein Mitarbeiter des Kreises, was dieser aber bestritt.</p>",
]


@pytest.mark.parametrize("kept", KEPT, ids=range(len(KEPT)))
def test_what_only_sounds_like_a_box_stays(kept: str) -> None:
    story = read(*PARAGRAPHS[:2], kept, *PARAGRAPHS[2:])
    assert len([t for p in story.body for t in p.paragraphs]) > len(TEXT)


def test_a_text_in_several_containers_of_one_kind_is_read_whole() -> None:
    story = read(*(f"<div class='stream block'>{p}</div><div class='werbung'>Anzeige</div>" for p in PARAGRAPHS))
    assert [t for p in story.body for t in p.paragraphs] == TEXT


def test_sub_headlines_head_what_follows() -> None:
    story = read(*PARAGRAPHS[:2], "<h2>Danach</h2>", *PARAGRAPHS[2:], "<h2>Mehr aus Nordhusum</h2>")
    assert [p.headline for p in story.body] == [None, "Danach"]


@pytest.mark.parametrize(
    ("h1", "head", "title"),
    [
        ("<h1>Wasser fällt</h1>", "", "Wasser fällt"),
        ("<h1>Das Beispiel</h1>", "<meta property='og:title' content='Wasser fällt - Das Beispiel'>", "Wasser fällt"),
        (
            "<h1>Wasser fällt</h1>",
            "<meta property='og:title' content='Flut in Nordhusum: Wasser fällt'>",
            "Flut in Nordhusum: Wasser fällt",
        ),
        (
            "",
            "<meta property='og:title' content='Wasser fällt | Das Beispiel'><meta property='og:site_name' content='Das Beispiel'>",
            "Wasser fällt",
        ),
        (
            "<h1>Hochwasser Nordhusum SEO</h1><h2><span>Flut</span><span>Wasser fällt</span></h2>",
            "<meta property='og:title' content='Flut: Wasser fällt'>",
            "Wasser fällt",
        ),
    ],
)
def test_the_headline_is_the_one_a_reader_sees(h1: str, head: str, title: str) -> None:
    assert read(*PARAGRAPHS, head=head, h1=h1).title == title


def test_a_description_for_search_engines_is_no_lead() -> None:
    hidden = read(*PARAGRAPHS, head="<meta name=description content='Alles zur Flut in Nordhusum im Überblick.'>")
    shown = read("<div class='vorspann'>Das Wasser geht.</div>", *PARAGRAPHS, head="<meta name=description content='Das Wasser geht.'>")
    cut_off = read(*PARAGRAPHS, head=f"<meta name=description content='{TEXT[0][:60]}…'>")
    assert (hidden.lead, shown.lead, cut_off.lead) == (None, "Das Wasser geht.", None)


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ("Von Ada Quint und Bo Rahn, dpa", ["Ada Quint", "Bo Rahn", "dpa"]),
        ("By Ada Quint and Bo Rahn", ["Ada Quint", "Bo Rahn"]),
        ("Ada Quint (aqu)", ["Ada Quint"]),
        ("Ada Quint, Nordhusum", ["Ada Quint"]),
        ("dpa/AFP", ["dpa", "AFP"]),
        ("ada-quint", ["Ada Quint"]),
        ("redaktion@beispiel.example", []),
        ("https://www.beispiel.example/autor/1", []),
        ("Redaktion", []),
        ("Ada Quint; Bo Rahn · Kim Voss", ["Ada Quint", "Bo Rahn", "Kim Voss"]),
        ("Hans-Peter van der Anden", ["Hans-Peter van der Anden"]),
        ("", []),
    ],
)
def test_a_byline_is_split_into_its_names(raw: str, names: list[str]) -> None:
    assert split_names(raw) == names


def test_authors_behind_the_text_belong_to_other_stories() -> None:
    byline = "<div class='byline'>Von <a rel='author' href='/autor/1'>Kim Voss</a></div>"
    other = "<div class='card'><a rel='author' href='/autor/2'>Lu Brandt</a></div>"
    assert read(byline, *PARAGRAPHS, other).authors == ("Kim Voss",)


@pytest.mark.parametrize("text", ["Anzeige", "Foto: Ole Brand", "Redaktion: Kim Voss", "Mehr zum Thema", "Copyright © 2026"])
def test_labels_and_signatures_are_boilerplate(text: str) -> None:
    assert is_boilerplate(text, link_share=0)


@pytest.mark.parametrize(
    "text",
    [
        "„Nein“, sagte sie.",
        "Stand der Dinge: 12 Höfe sind geräumt.",
        "Mehr zum Thema sagte der Minister nicht, er wolle erst mit allen Beteiligten in Nordhusum und Süderhafen reden, hieß es am Abend.",
    ],
)
def test_short_sentences_are_text(text: str) -> None:
    assert not is_boilerplate(text, link_share=0)


def test_a_list_of_stories_is_no_story() -> None:
    html = "<html><body><main><h1>Politik</h1>" + "".join(
        f"<h2><a href='/politik/{n}/x'>Rat streitet über den Deich {n}</a></h2><p>Kurz.</p>" for n in range(20)
    )
    with pytest.raises(ReadError) as error:
        read_article(page(html, "https://www.beispiel.example/politik/"), make_site(), NOW)
    assert error.value.kind in ("section_page", "layout")
