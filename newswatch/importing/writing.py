"""Watchlist files that are written whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from newswatch.errors import ConfigError
from newswatch.matching.watchlist import LONGEST_LINE
from newswatch.written import read_toml, to_toml

MOST_IN_TOML = 5_000
"""Actors. TOML is for people, who read no longer list; lines of JSON load several times faster, and may be any number."""

LONGEST_TOML = 8 * 1024 * 1024
"""Letters, about."""


def as_toml(actors: Iterable[dict[str, Any]], heading: str) -> str:
    """A table an actor, below a line that says where they are from."""
    tables = {actor["id"]: {k: v for k, v in actor.items() if k != "id"} for actor in actors}
    return f"# {heading}\n\n" + to_toml(tables)


def as_lines(actors: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """A line an actor."""
    for actor in actors:
        yield json.dumps(actor, ensure_ascii=False).encode() + b"\n"


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """A file beside, which takes the place of `path` at the end of the block, and is taken away where the block fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def ids_of(path: Path) -> Iterator[str]:
    """The ids of a watchlist's actors and rules, whatever else is wrong with it. Raises ConfigError where it cannot be read."""
    if path.suffix == ".toml":
        tables, problems = read_toml(path)
        if problems:
            raise ConfigError([*problems, "Mend it first: an id stands in one watchlist only."])
        rules = tables.pop("rules", {})
        yield from (*tables, *(rules if isinstance(rules, dict) else ()))
        return
    try:
        with path.open("rb") as lines:
            while line := lines.readline(LONGEST_LINE + 1):
                with suppress(ValueError, RecursionError):
                    actor = json.loads(line)
                    if isinstance(actor, dict) and isinstance(actor.get("id"), str):
                        yield actor["id"]
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read: {error.strerror}"]) from error
