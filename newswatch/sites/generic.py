"""A site of which nothing is known but an address: zone and language by the country of its host, no rules."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from newswatch.errors import NewswatchError
from newswatch.sites import Site

COUNTRIES: dict[str, tuple[str, str]] = {
    "de": ("de", "Europe/Berlin"),
    "at": ("de", "Europe/Vienna"),
    "ch": ("de", "Europe/Zurich"),
    "li": ("de", "Europe/Vaduz"),
    "lu": ("de", "Europe/Luxembourg"),
    "fr": ("fr", "Europe/Paris"),
    "be": ("nl", "Europe/Brussels"),
    "nl": ("nl", "Europe/Amsterdam"),
    "es": ("es", "Europe/Madrid"),
    "pt": ("pt", "Europe/Lisbon"),
    "it": ("it", "Europe/Rome"),
    "pl": ("pl", "Europe/Warsaw"),
    "cz": ("cs", "Europe/Prague"),
    "uk": ("en", "Europe/London"),
    "ie": ("en", "Europe/Dublin"),
    "dk": ("da", "Europe/Copenhagen"),
    "se": ("sv", "Europe/Stockholm"),
    "no": ("no", "Europe/Oslo"),
    "ru": ("ru", "Europe/Moscow"),
    "ua": ("uk", "Europe/Kyiv"),
    "by": ("be", "Europe/Minsk"),
    "tr": ("tr", "Europe/Istanbul"),
    "jp": ("ja", "Asia/Tokyo"),
    "kr": ("ko", "Asia/Seoul"),
    "cn": ("zh", "Asia/Shanghai"),
    "tw": ("zh", "Asia/Taipei"),
    "in": ("en", "Asia/Kolkata"),
    "za": ("en", "Africa/Johannesburg"),
}
"""Language and zone of the press by top-level domain: the most usual of each."""


def generic_site(url: str) -> Site:
    """The site of a URL's host. Raises NewswatchError where the URL is none."""
    try:
        parts = urlsplit(url)
        host, scheme = parts.hostname or "", parts.scheme
    except ValueError as error:
        raise NewswatchError(f"{url} is no URL", url=url) from error
    if scheme not in ("http", "https") or not host:
        raise NewswatchError(f"{url} is no http(s) URL", url=url)
    return _site_of(scheme, host)


@lru_cache(maxsize=1024)
def _site_of(scheme: str, host: str) -> Site:
    language, zone = COUNTRIES.get(host.rsplit(".", 1)[-1], ("en", "UTC"))
    home = f"{scheme}://{host}/"
    bare = host.removeprefix("www.")
    name = "".join(c if c.isalnum() and c.isascii() else "-" for c in bare.lower()).strip("-") or "site"
    return Site.model_validate({"name": name, "title": host, "home": home, "language": language, "zone": zone, "sections": {"home": home}})
