"""The plugin that Datasette loads: the face's routes, templates and headers. Hooks that 0.65 and 1.0 both have."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import datasette.handle_exception
from datasette import hookimpl

if str(Path(__file__).parents[3]) not in sys.path:  # `datasette --plugins-dir` knows nothing of the folder it lies in
    sys.path.append(str(Path(__file__).parents[3]))

from jinja2 import ChoiceLoader, FileSystemLoader

from newswatch.web import DATABASE, FOLDER
from newswatch.web.listing import add_functions, with_lists
from newswatch.web.safety import is_shown, route, safe
from newswatch.web.serving import LISTS, PLUGIN
from newswatch.web.showing import FILTERS, segment
from newswatch.web.views import ROUTES

datasette.handle_exception.rich = None
"""Where rich is installed, Datasette prints every bad request with all local variables: seconds for each, and texts into logs."""


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Paths and what answers them."""
    return list(ROUTES)


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    """Our filters; our templates behind those of the user (--template-dir) and of Datasette."""
    env.filters.update({f"nw_{name}": function for name, function in FILTERS.items()})
    env.loader = ChoiceLoader([env.loader, FileSystemLoader(str(FOLDER / "templates"))])


@hookimpl
def prepare_connection(conn: Any) -> None:
    """What the lists call."""
    add_functions(conn)


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    """The headers of every answer; what is not for others' eyes; feeds that have no entry yet."""
    config, base = datasette.plugin_config(PLUGIN) or {}, datasette.setting("base_url")
    share = bool(config.get("share"))
    return lambda app: safe(
        with_lists(app, datasette, LISTS),
        config.get("hosts") or (),
        may_see=lambda scope: not share or is_shown(route(scope, base), LISTS),
    )


@hookimpl
def menu_links(datasette: Any, actor: Any) -> list[dict[str, str]]:
    """From Datasette's pages back to the face."""
    pages = {"/": "News", "/changes": "Changes", "/actors": "Actors", "/search": "Search", "/operator": "The watch"}
    return [{"href": datasette.urls.path(path), "label": label} for path, label in pages.items()]


@hookimpl
def render_cell(value: Any, column: str, database: str, datasette: Any) -> Any:
    """In raw tables a story's and an actor's id lead to their pages; an address leads out only if it is http(s)."""
    from markupsafe import Markup

    if database == DATABASE and column in ("story_id", "actor") and isinstance(value, (int, str)):
        kind = "story" if column == "story_id" else "actor"
        return Markup('<a href="{}">{}</a>').format(datasette.urls.path(f"/{kind}/{segment(str(value))}"), value)
    return None
