"""What several tests need: a site, pages of it, a store, the demo papers' settings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from parsel import Selector
from sqlite_utils import Database

from newswatch.sites import Site
from newswatch.store import open_store
from newswatch.story import Passage, Story

if TYPE_CHECKING:
    from tests.warm import Warm

settings.register_profile("same on every machine", deadline=None, derandomize=True)
settings.load_profile("same on every machine")

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session", autouse=True)
def _ends_warm() -> Iterator[None]:
    yield
    from tests.crawling import end_warm

    end_warm()


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    """Runs scrapy commands at a given time, and lets them be killed."""
    from tests.crawling import a_warm

    with a_warm() as process:
        yield process


@pytest.fixture
def site() -> Site:
    return make_site()


def make_site(**changes: object) -> Site:
    table: dict[str, object] = {
        "name": "beispiel",
        "title": "Das Beispiel",
        "home": "https://www.beispiel.example/",
        "language": "de",
        "zone": "Europe/Berlin",
        "sections": {"politik": "https://www.beispiel.example/politik/"},
        "article": {"pattern": r"^/politik/(?P<key>\d+)/"},
    }
    return Site.model_validate(table | changes)


def page(html: str, url: str = "https://www.beispiel.example/politik/17/ein-fall") -> Selector:
    return Selector(text=html, base_url=url, type="html")


def make_story(**changes: object) -> Story:
    values: dict[str, object] = {
        "site": "beispiel",
        "url": "https://www.beispiel.example/politik/17/ein-fall",
        "site_key": "17",
        "title": "Rat stimmt zu",
        "lead": "Nach langer Nacht.",
        "body": (Passage(None, ("Die Bürgermeisterin Ada Quint sprach.", "Danach sprach niemand.")),),
        "seen_at": NOW,
    }
    return Story(**(values | changes))  # type: ignore[arg-type]


@pytest.fixture
def db(tmp_path: Path) -> Database:
    database = open_store(tmp_path / "news.db")
    yield database
    database.close()
