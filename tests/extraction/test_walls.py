"""A page that is nothing but a consent wall is told from a page that merely has a banner."""

from __future__ import annotations

import pytest

from newswatch.extraction.walls import consent_wall
from tests.conftest import page

STORY = (
    "<p>Die Deichgräfin Ada Quint hat am Morgen Entwarnung gegeben, nachdem das Wasser in der Nacht um einen halben Meter gefallen war.</p>"
    "<p>In Nordhusum blieb die Schule geschlossen. Der Bürgermeister sprach von einer Nacht, die man so schnell nicht vergessen werde.</p>"
)
SHORT = "<p>Das Wasser ist in der Nacht um einen halben Meter gefallen, teilte der Rat mit.</p>"
BANNER = """<div id="onetrust-consent-sdk" role="dialog"><p>Wir und unsere Partner verwenden Cookies, um Inhalte zu messen.
Sie können Ihre Einwilligung jederzeit widerrufen.</p><p>Die Messung der Leistung von Anzeigen hilft, Werbung besser zu wählen.</p>
<button>Alle akzeptieren</button><button>Ablehnen</button></div>"""

WALLS = {
    "de": ("Wir und unsere bis zu 212 Partner verarbeiten Daten. Sie können Ihre Zustimmung jederzeit widerrufen.", "Zustimmen und weiter"),
    "en": ("We and our 212 partners store and/or access information on a device. You may withdraw your consent.", "Accept all"),
    "fr": ("Nous et nos 212 partenaires souhaitons stocker et/ou accéder à des informations sur un appareil.", "Tout accepter"),
    "es": ("Nosotros y nuestros 212 socios queremos almacenar la información en un dispositivo y acceder a ella.", "Aceptar todo"),
    "it": ("Noi e i nostri 212 partner vogliamo archiviare informazioni su dispositivo e/o accedervi.", "Accetta tutto"),
    "pl": ("My i nasi partnerzy (212) prosimy o zgodę na przechowywanie informacji na urządzeniu.", "Zgadzam się"),
    "nl": ("Wij en onze 212 partners willen informatie op een apparaat opslaan en openen.", "Alles accepteren"),
    "cs": ("My a naši partneři (212) žádáme o ukládání a/nebo přístup k informacím v zařízení.", "Přijmout vše"),
}


@pytest.mark.parametrize("language", WALLS)
def test_a_wall_is_a_wall_in_every_language(language: str) -> None:
    said, button = WALLS[language]
    wall = page(f"<body><div class='x'><h2>Das Beispiel</h2><p>{said}</p><button>{button}</button><a href='/i'>i</a></div></body>")
    assert consent_wall(wall) == said[:120]


@pytest.mark.parametrize("language", WALLS)
def test_the_same_words_above_a_story_are_a_banner(language: str) -> None:
    said, button = WALLS[language]
    banner = f"<div><p>{said}</p><button>{button}</button></div>"
    assert consent_wall(page(f"<body>{banner}<main><h1>Deich hält</h1>{STORY}</main></body>")) is None


@pytest.mark.parametrize(
    "html",
    [
        "<body><h1>Willkommen</h1><p>Besuchen Sie uns wie gewohnt mit Werbung und Tracking.</p><button>Akzeptieren und weiter</button>"
        "<h2>Im Pur-Abo ab 3,99 Euro im Monat</h2><p>Nutzen Sie das Angebot ohne Werbetracking, ohne Banner und praktisch werbefrei.</p>"
        "<p>Schon Abonnent? <a href='/login'>Anmelden</a></p></body>",
        "<body><div class='cp-layer'><h1>Weiter mit Werbung oder mit contentpass</h1><p>500 Seiten ohne Werbung.</p></div></body>",
        "<body><iframe id='sp_message_iframe_1' title='Ihre Wahl' src='https://cdn.privacy-mgmt.com/index.html'></iframe></body>",
        f"<body class='has-consent'>{BANNER}<div id='root'></div></body>",
    ],
    ids=["pur-abo", "contentpass", "frame", "a shell with a banner"],
)
def test_other_kinds_of_walls(html: str) -> None:
    assert consent_wall(page(html))


@pytest.mark.parametrize(
    "html",
    [
        f"<body><main><h1>Deich hält stand</h1>{STORY}</main>{BANNER}</body>",
        f"<body><h1>Wasser fällt über Nacht</h1>{SHORT}{BANNER}</body>",
        f"<head><meta property='og:type' content='article'></head><body><div class='headline'>Wasser</div>{SHORT}{BANNER}</body>",
        f"<body><div id='app' class='no-consent cookie-banner-open'><main><h1>Wasser fällt</h1>{STORY}</main></div>{BANNER}</body>",
        f"<body><iframe id='sp_message_iframe_1' src='https://cdn.privacy-mgmt.com/'></iframe><main><h1>Deich</h1>{STORY}</main></body>",
        "<head><meta property='og:type' content='article'></head><body><h1>Gericht urteilt über Cookies</h1><p>Ohne Einwilligung darf nach"
        " dem Urteil niemand mehr Cookies setzen; Tracking mit Werbung braucht eine Zustimmung, so die Kammer.</p>" + BANNER + "</body>",
        "<body><h1>Seite nicht gefunden</h1><p>Fehler 404</p><footer><a>Cookie-Einstellungen</a></footer></body>",
        "<body></body>",
        "",
    ],
    ids=["story", "short", "marked", "class on a wrapper", "frame above a story", "about cookies", "error", "empty", "none"],
)
def test_a_page_with_a_banner_is_no_wall(html: str) -> None:
    assert consent_wall(page(html or " ")) is None


def test_what_it_says_is_short() -> None:
    said = "Wir und unsere Partner " + "messen und zählen " * 40
    assert len(consent_wall(page(f"<p>{said}</p><button>Zustimmen</button>")) or "") == 120
