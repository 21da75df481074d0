"""Answers that lead to a login or a shop instead of the page: the story is behind them, its address is not theirs."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from scrapy.http import Response

from newswatch.sites import Site

_PART = re.compile(
    r"log-?in|log-?on|sign-?in|sign_in|einloggen|anmeld(?:en|ung)|registrier(?:en|ung)|register|sso|oauth2?|auth|accounts?|konto"
    r"|abos?|abonn(?:ements?|ieren|er|eren|ati)|subscri(?:be|ptions?)|paywall|bezahlschranke|inloggen|connexion|inscription|accedi"
    r"|suscripcion|suscribete|logowanie|prenumerata"
)
"""A part of a path, its ending aside, or the first name of a host."""

_NEEDED = {401: "the site asks for a login", 402: "the site asks for money"}


def gate_of(response: Response, site: Site) -> str | None:
    """What stands before a page, for people; None where nothing does."""
    if response.status in _NEEDED:
        return f"{_NEEDED[response.status]} (status {response.status})"
    if response.meta.get("redirect_urls") and is_gate(response.url, site):
        return f"redirected to {response.url[:200]}"
    return None


def is_gate(url: str, site: Site) -> bool:
    """Whether the target of a redirect is a login or a shop, by its address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if site.is_article(parts._replace(query="", fragment="").geturl()):
        return False
    names = (name.lower().partition(".")[0] for name in (parts.hostname or "", *parts.path.split("/")))
    return any(_PART.fullmatch(name) for name in names)
