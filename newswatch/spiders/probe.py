"""The spider of `scrapy checksites`: a site's crawl, cut short, that leaves nothing behind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from newswatch.sites import Site
from newswatch.spiders.site import SiteSpider
from newswatch.story import Link

ARTICLES = 3
"""Of a section, at most."""

ABOVE_THE_USERS = SETTINGS_PRIORITIES["cmdline"] + 10
"""Scrapy applies `-s DATABASE=...` once more to a crawler that is started: it must not win."""


class ProbeSpider(SiteSpider):
    """At most ARTICLES a section; the database is one that is thrown away, and nothing is saved but what hosts say of themselves."""

    database: ClassVar[Path]

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """As polite as a crawl; of the pipelines only the one that checks."""
        super().update_settings(settings)
        if not settings.get("HOSTS_DATABASE"):  # who asked for patience asked every command for it
            settings.set("HOSTS_DATABASE", settings["DATABASE"], ABOVE_THE_USERS)
        settings.set("DATABASE", str(cls.database), ABOVE_THE_USERS)
        settings.set("ARCHIVE", False, ABOVE_THE_USERS)
        settings.set("TDM_ASK", False, ABOVE_THE_USERS)
        settings.set("ITEM_PIPELINES", {"newswatch.pipelines.check.CheckPipeline": 100}, ABOVE_THE_USERS)

    def wanted(self, links: Sequence[Link]) -> Sequence[Link]:
        """Few articles of a section."""
        return links[:ARTICLES]


def probe_of(site: Site, database: Path) -> type[ProbeSpider]:
    """The spider that checks a site."""
    return type(f"{site.name}Probe", (ProbeSpider,), {"name": site.name, "site": site, "database": database})
