"""SPIDER_LOADER_CLASS: one spider a site file, so that `scrapy list` and `scrapy crawl t-online` just work."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from newswatch.sites import Site, check_sites
from newswatch.spiders.site import SiteSpider


def spider_of(site: Site) -> type[SiteSpider]:
    """The spider of a site."""
    return type(f"{site.name}Spider", (SiteSpider,), {"name": site.name, "site": site})


class SiteSpiderLoader:
    """Spiders made of site files. Mistakes in files do not raise here: they stand in `problems`, for commands to show."""

    def __init__(self, sites: dict[str, Site], problems: list[str]) -> None:
        self.sites = sites
        self.problems = problems

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Reads the site files that come with the program and those of the folder SITES_DIR."""
        own = settings.get("SITES_DIR")
        return cls(*check_sites(Path(own) if own else None))

    def load(self, spider_name: str) -> type[Spider]:
        """The spider of a site. Raises KeyError where there is no such site."""
        if spider_name not in self.sites:
            raise KeyError(f"Spider not found: {spider_name}")
        return spider_of(self.sites[spider_name])

    def list(self) -> list[str]:
        """The names of all sites."""
        return sorted(self.sites)

    def find_by_request(self, request: Request) -> list[str]:  # type: ignore[valid-type]
        """The sites that a request's host belongs to."""
        return [name for name, site in sorted(self.sites.items()) if site.owns(request.url)]
