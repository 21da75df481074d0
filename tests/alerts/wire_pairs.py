"""The labelled pairs of wire.toml, put together."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA: dict[str, Any] = tomllib.loads((Path(__file__).parent / "wire.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Pair:
    """Two texts and whether they are copies of one another."""

    name: str
    first: str
    second: str
    copy: bool
    kind: str
    held_out: bool


def text(parts: list[str]) -> list[str]:
    """The paragraphs that `name:from-to` stand for, and those that stand there themselves."""
    paragraphs: list[str] = []
    for part in parts:
        if match := re.fullmatch(r"(\w+):(\d+)(?:-(\d+))?", part):
            name, start, end = match[1], int(match[2]), int(match[3] or match[2])
            chosen = DATA["texts"][name][start : end + 1]
            assert len(chosen) == end - start + 1, part
            paragraphs += chosen
        else:
            paragraphs.append(part)
    return paragraphs


def edited(paragraphs: list[str], edits: list[list[str]], quotes: str) -> str:
    """The text of the second newsroom."""
    whole = "\n\n".join(paragraphs)
    for old, new in edits:
        assert old in whole, old
        whole = whole.replace(old, new)
    return whole.translate({ord("„"): quotes[0], ord("“"): quotes[1], ord("”"): quotes[1]}) if quotes else whole


def read_pair(entry: dict[str, Any]) -> Pair:
    """One entry of wire.toml."""
    known = {"name", "first", "second", "copy", "kind", "held_out", "language", "edits", "quotes"}
    assert set(entry) <= known, entry["name"]
    return Pair(
        name=entry["name"],
        first="\n\n".join(text(entry["first"])),
        second=edited(text(entry["second"]), entry.get("edits", []), entry.get("quotes", "")),
        copy=entry["copy"],
        kind=entry.get("kind", "copy"),
        held_out=entry.get("held_out", False),
    )


PAIRS = [read_pair(entry) for entry in DATA["pairs"]]
