"""A Datasette with the face on a database: what `scrapy browse` serves, and the tests ask.

database, profile -> configuration -> face -> Datasette
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from datasette.app import Datasette
from datasette.database import Database

from newswatch.archive.files import archive_folder
from newswatch.web import DATABASE, FOLDER

SETTINGS = {"allow_download": False, "sql_time_limit_ms": 2000, "suggest_facets": False, "default_page_size": 50, "num_sql_threads": 3}
"""The whole file is never handed out; a table of a million rows is not searched for facets."""

PLUGIN = "newswatch-face"

_CONFIGURATION: dict[str, Any] = yaml.safe_load((FOLDER / "datasette.yaml").read_text(encoding="utf-8"))

LISTS: dict[str, str] = {name: query["title"] for name, query in _CONFIGURATION["databases"][DATABASE]["queries"].items()}
"""The lists that pages of the face have as .json, .csv and .atom, and their titles."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Who may see what."""

    share: bool = False
    """For others' eyes: headline, snippet and link only; no text, no archived page, no raw table."""
    sql: bool = False
    """Whether any SQL may be asked (read only)."""
    hosts: Sequence[str] = ()
    """Names that a server on loopback answers to beside localhost: that of a proxy before it."""
    archive: Path | None = None
    """The folder of the archived pages; None: beside the database."""
    sites: Path | None = None
    """The folder of the user's own site files: names of sites stand in them."""
    watched: Sequence[str] = ()
    """Sites that are switched on: one that was never looked at is shown as such."""


def configuration(profile: Profile, database: Path) -> dict[str, Any]:
    """datasette.yaml, as a profile has it."""
    config = copy.deepcopy(_CONFIGURATION)
    config["allow_sql"] = profile.sql and not profile.share
    config["plugins"][PLUGIN] = {
        "share": profile.share,
        "hosts": list(profile.hosts),
        "archive": str(archive_folder(profile.archive, database)),
        "watched": list(profile.watched),
        "sites": str(profile.sites) if profile.sites else None,
    }
    if profile.share:
        tables = config["databases"][DATABASE]
        tables["allow"] = False
        for query in tables["queries"].values():
            query["allow"] = True
    return config


def face(database: Path, profile: Profile | None = None) -> Datasette:
    """Datasette with the face on a database, that is opened to read only. `await face.invoke_startup()` before use."""
    config = configuration(profile or Profile(), database)
    name = "config" if hasattr(Datasette, "allowed") else "metadata"  # since 1.0
    more: dict[str, Any] = {name: config}
    datasette = Datasette(files=[], memory=False, settings=SETTINGS, plugins_dir=str(FOLDER / "plugins"), **more)
    if "_memory" in datasette.databases:
        datasette.remove_database("_memory")
    datasette.add_database(Database(datasette, path=str(database), is_mutable=True), name=DATABASE)
    return datasette
