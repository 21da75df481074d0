"""Word lists of the matcher, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


@cache
def given_names() -> frozenset[str]:
    """Given names in small letters."""
    return frozenset(name.lower() for name in lines("given_names.txt"))


@cache
def particles() -> frozenset[str]:
    """`von`, `de`, `al`: what stands between given name and surname, in small letters."""
    return frozenset(lines("particles.txt"))


@cache
def common_words() -> frozenset[str]:
    """Words that are ordinary words or frequent surnames, as they would stand as a name."""
    return frozenset(lines("common_words.txt"))


@cache
def frequent_surnames() -> frozenset[str]:
    """The first section of the common words."""
    text = (_HERE / "common_words.txt").read_text(encoding="utf-8")
    return frozenset(text.split("\n#")[0].splitlines()[1:])


@cache
def lists(name: str) -> dict[str, frozenset[str]]:
    """The lists of a file like `compounds`."""
    return {key: frozenset(values) for key, values in tables(name).items()}


def tables(name: str) -> dict[str, Any]:
    """A TOML file as it is."""
    return tomllib.loads((_HERE / f"{name}.toml").read_text(encoding="utf-8"))


def lines(name: str) -> Iterator[str]:
    """The lines of a file that are no comment."""
    for line in (_HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line
