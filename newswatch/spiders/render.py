"""Pages that need a browser: which requests get one, what it may load, how it is started. The browser itself: browser.py.

Nothing here imports Playwright: a site without `render` never pays for it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import tldextract
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import BaseSettings

from newswatch.errors import ConfigError, ReadError
from newswatch.politeness.connecting import check_host, is_allowed
from newswatch.sites import Section, Site

HANDLER = "newswatch.spiders.browser.BrowserHandler"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL = "install chromium: sudo apt install chromium"

ARGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--max-old-space-size=512",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",  # calls by address would pass the rules for hosts
)
NAVIGATION_LIMIT = 30
"""Seconds until a page must have answered."""

_NOT_LOADED = frozenset(["image", "imageset", "media", "font", "texttrack", "ping", "cspviolationreport", "prefetch"])
_CONDITIONS = (b"If-None-Match", b"If-Modified-Since")


@dataclass(frozen=True)
class Guard:
    """PLAYWRIGHT_ABORT_REQUEST of a site: True for what its pages are read without, and for what leads into a private network."""

    site: Site
    allows_private: bool = False

    async def __call__(self, request: Any) -> bool:
        """Whether a request of the browser (playwright.async_api.Request) is refused."""
        if request.resource_type in _NOT_LOADED or not may_load(request.url, self.site):
            return True
        try:
            if not self.allows_private and request.url.startswith("http"):
                await check_host(request.url)
        except ReadError:
            return True
        return False


def may_load(url: str, site: Site) -> bool:
    """Whether a rendered page may load the URL: the site's hosts, their registrable domains, the wall's named hosts."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    if parts.scheme in ("data", "blob", "about"):
        return True
    return parts.scheme in ("http", "https") and any(host == d or host.endswith(f".{d}") for d in domains(site))


def domains(site: Site) -> frozenset[str]:
    """The domains, each with all below it, that a rendered page of the site may load from."""
    named = site.consent.hosts if site.consent else []
    return frozenset([*map(registrable, site.all_hosts), *(h.lower() for h in named)])


@cache
def registrable(host: str) -> str:
    """`beispiel.example` of `www.beispiel.example`; an address or a bare name as it is. By the list in the package: asks nobody."""
    found = _suffixes()(host)
    if found.suffix or host.rsplit(".", 1)[-1].isdigit() or ":" in host:
        return found.top_domain_under_public_suffix or host
    return ".".join(host.split(".")[-2:])


@cache
def _suffixes() -> tldextract.TLDExtract:
    return tldextract.TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


def browser() -> str | None:
    """The path of a Chromium, None where none is installed."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


def is_rendered(site: Site, section: str | None = None) -> bool:
    """Whether the site file wants a browser for a section (feeds and sitemaps need none), or for articles."""
    if section is None:
        return site.render
    found = site.sections[section]
    return found.kind == "page" and (site.render or found.render)


def check_browser(site: Site, sections: Iterable[str], settings: BaseSettings) -> None:
    """Raises ConfigError where the sections or the articles need a browser and none is installed."""
    needed = is_rendered(site) or any(is_rendered(site, name) for name in sections)
    if needed and not settings.get("REPLAY") and browser() is None:
        raise ConfigError([f"{site.name} needs a browser to be read: {INSTALL}"])


def browser_settings(site: Site, settings: BaseSettings) -> dict[str, Any]:
    """The settings of a spider that may render; empty where it never does: nothing to render, no browser, a replay."""
    wanted = settings.getbool("RENDER_EMPTY_SECTIONS") or is_rendered(site) or any(is_rendered(site, s) for s in site.sections)
    path = browser() if wanted and not settings.get("REPLAY") else None
    if path is None:
        return {}
    return {
        "DOWNLOAD_HANDLERS": {**settings.getdict("DOWNLOAD_HANDLERS"), "http": HANDLER, "https": HANDLER},
        "PLAYWRIGHT_BROWSER_PROVIDER": "newswatch.spiders.browser.OnDemand",
        "PLAYWRIGHT_LAUNCH_OPTIONS": launch_options(path, site),
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 2,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": NAVIGATION_LIMIT * 1000,
        "PLAYWRIGHT_DOWNLOAD_TIMEOUT": 5000,
        "PLAYWRIGHT_ABORT_REQUEST": Guard(site, is_allowed(settings)),
    }


def launch_options(path: str, site: Site) -> dict[str, Any]:
    """How Chromium is started. It can resolve the names of the site's own hosts only, whatever a page tries:
    redirects, pop-ups, sockets and workers pass by Playwright's routes."""
    allowed = [f"EXCLUDE {name}" for d in sorted(domains(site)) for name in (d, f"*.{d}")]
    return {
        "executable_path": path,
        "headless": True,
        "chromium_sandbox": os.geteuid() != 0,  # root has none; Playwright adds --no-sandbox
        "args": [*ARGS, "--host-resolver-rules=" + " , ".join(["MAP * ~NOTFOUND", *allowed])],
        "handle_sigint": False,  # Scrapy ends a crawl in its own time
        "handle_sigterm": False,
        "handle_sighup": False,
    }


def can_render(settings: BaseSettings) -> bool:
    """Whether the crawl has a browser at hand."""
    return bool(settings.getdict("DOWNLOAD_HANDLERS").get("http") == HANDLER)


def tries_again(settings: BaseSettings, response: Response, section: Section) -> bool:
    """Whether a section page with too few links is asked for once more, in a browser: it was plain, and the user allows it."""
    was_plain = response.request is not None and not response.request.meta.get("playwright")
    return was_plain and section.kind == "page" and settings.getbool("RENDER_EMPTY_SECTIONS") and can_render(settings)


def untried(settings: BaseSettings, section: Section) -> str:
    """What to add to the fault of a section that would have been tried in a browser, had there been one."""
    would = settings.getbool("RENDER_EMPTY_SECTIONS") and section.kind == "page" and not settings.get("REPLAY")
    return f"; no browser to try it in: {INSTALL}" if would and not can_render(settings) else ""


def rendered(request: Request) -> Request:
    """The same request through the browser.

    Unconditional: the shell of a page may be unchanged while what its scripts fetch is not.
    """
    headers = request.headers.copy()
    for name in _CONDITIONS:
        headers.pop(name, None)
    return request.replace(headers=headers, meta={**request.meta, "playwright": True, "dont_cache": True}, dont_filter=True)
