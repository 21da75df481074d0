"""Words in addresses and page markup, as data: German, English, French, Spanish, Italian, Polish, a few of neighbours.

All in lower case, letters without their marks (`über-uns` is `uber-uns`).
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ARTICLE = _words(
    "artikel article articles artikelen articolo articoli articulo articulos artykul artykuly clanek story stories beitrag meldung "
    "meldungen nachricht noticia noticias notizia notizie doc inhalt post posts a liveblog liveticker ticker"
)
"""A part of the path that says: this is an article."""

_TOPICS = (
    "tag tags thema themen topic topics schlagwort schlagworte keyword keywords dossier dossiers special specials sujet sujets"
    " theme themes tema temas temi tematy argomento argomenti etiqueta etiquetas mot-cle hashtag category categories kategorie"
    " kategorien categoria categorie collections thread-index wiki lexikon"
)
_PEOPLE = (
    "autor autoren autorin author authors auteur auteurs autore autori autorzy autores redakteur redakteure journalist journalists"
    " person personen profile profil profiles profils perfil user users nutzer"
    " contributor contributors byline staff"
)
_MEDIA = (
    "video videos mediathek media-center tv-programm tvprogramm livestream podcast podcasts audio audiothek"
    " bilder bildergalerie bildergalerien fotostrecke fotostrecken galerie galerien gallery galleries photos foto fotos galeria galerias"
    " slideshow diaporama diaporamas wideo zdjecia watch listen epaper e-paper e-kiosk"
)
_TRADE = (
    "shop store boutique tienda negozio sklep abo abos abonnement abonnements abonnieren subscribe subscription subscriptions suscripcion"
    " suscripciones abbonamenti abbonamento abbonati prenumerata pay payment checkout plus-abo angebote offers offer deals gutschein"
    " gutscheine coupon coupons vergleich vergleiche produktvergleich vouchers kupony codes-promo anzeigen anzeige inserate inserieren"
    " classifieds advertorial advertorials anzeigensonderveroeffentlichung sponsored partner partners werbung mediadaten advertise"
    " advertising publicite publicidad pubblicita reklama stellenmarkt jobs job"
    " immobilienmarkt trauer traueranzeigen deces esquelas necrologi nekrologi branchenbuch leserreisen"
)
_SERVICE = (
    "login logout log-in signin sign-in signup register registrieren registrierung anmelden anmeldung konto account mein-konto my-account"
    " connexion inscription iniciar-sesion registro accedi registrati zaloguj logowanie rejestracja newsletter newsletters news-letter"
    " impressum imprint mentions-legales aviso-legal note-legali datenschutz datenschutzerklaerung datenschutzhinweise privacy"
    " privacy-policy confidentialite politica-de-privacidad privacidad polityka-prywatnosci cookies cookie cookie-policy cookie-richtlinie"
    " consent agb agbs nutzungsbedingungen terms terms-of-use terms-of-service terms-and-conditions cgu cgv condiciones condizioni"
    " regulamin kontakt contact contacts contacto contatti contattaci contact-us kontaktformular hilfe help aide ayuda aiuto pomoc faq faqs"
    " support kundenservice service-center ueber-uns uber-uns about about-us a-propos qui-sommes-nous quienes-somos chi-siamo o-nas"
    " redaktion redazione redaccion redakcja sitemap site-map plan-du-site"
    " mapa-del-sitio suche search recherche buscar buscador cerca ricerca szukaj rss feed feeds app apps barrierefreiheit accessibility"
    " leichte-sprache gebaerdensprache jugendschutz verlag presse-service merkliste bookmarks leserbriefe drucken print share teilen"
    " amp feedback community hinweis-geben netiquette push"
    " benachrichtigungen notifications user-center cdn-cgi wp-content wp-json wp-login wp-admin assets static"
)
NEVER = _words(" ".join((_TOPICS, _PEOPLE, _MEDIA, _TRADE, _SERVICE)))
"""A part of the path that says: this is none."""

NEVER_BEGINS = ("ueber-", "uber-", "about-", "impressum-", "datenschutz-", "agb-", "abo-", "newsletter-", "kontakt-", "privacy-", "tag-")
"""Beginnings of short parts of a path that say so too: `ueber-die-zeitung`."""

PASTIMES = _words(
    "wetter weather meteo tiempo pogoda horoskop horoskope horoscope horoscopes horoscopo oroscopo spiele games jeux juegos giochi gry "
    "quiz quizze raetsel puzzles crossword crosswords sudoku mots-croises pasatiempos lotto lottozahlen fernsehprogramm rezepte recipes "
    "recettes recetas ricette przepisy staumelder gewinnspiel gewinnspiele"
)
"""The first part of the path of weather, games and recipes; below a section (`/panorama/wetter/`) articles may stand too."""

SIDE = PASTIMES | _words(
    "tv programm programme veranstaltungen events event agenda termine kalender calendar boerse boersenkurse kurse quotes tabelle "
    "tabellen ergebnisse results resultats resultados standings scores live-ticker rechner tools verkehr-aktuell ratgeber-shop archiv "
    "archive archives archivo archivio archiwum radio play legal karriere careers career emploi empleo lavoro praca team forum forums "
    "kommentare comments comentarios commentaires commenti komentarze obituaries kolumnisten columnists"
)
"""A part of the path under which few articles stand."""

CHROME = _words(
    "nav navi navigation navbar subnav menu submenu megamenu footer foot breadcrumb breadcrumbs pagination pager paging social "
    "share sharing cookie consent toolbar login offcanvas skiplink skiplinks metanav servicenav sitenav topbar flyout tags taglist "
    "topics themen langswitch language"
)
"""First or last parts of class names and ids of what stands around the articles."""

MONTHS = _words("jan feb mar apr may jun jul aug sep oct nov dec")
"""As in /2026/nov/22/."""

PAGES = _words("seite page pages pagina paginas strona side p pg")
"""A part of a path, or a query parameter, before a small number: the further pages of a listing."""

OFFSETS = _words("offset start skip cursor")
"""Query parameters that say so with any number."""

FILES = _words(
    "jpg jpeg png gif svg webp avif ico pdf zip gz mp3 mp4 m4a m3u8 webm ogg xml rss atom rdf json txt csv ics css js apk exe dmg "
    "doc docx xls xlsx ppt pptx epub vcf"
)
"""Endings of what is no page."""

PAGE_ENDINGS = _words("html htm shtml xhtml php php3 asp aspx jsp jsf cms ece do phtml amp")
"""Endings of pages."""
