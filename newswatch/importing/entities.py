"""The JSON values of a file: one a line, a dump's array, or one text over several lines.

lines -> (where, value) | BadRow
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from newswatch.importing.found import BadRow, Unreadable
from newswatch.importing.lines import LONGEST_LINE, Line

LARGEST_TEXT = 64 * 1024 * 1024
"""Bytes of a JSON text over several lines, which must be read whole."""

Value = tuple[str, Any] | BadRow


def values(lines: Iterator[Line]) -> Iterator[Value]:
    """Each entity with where it stands. Raises Unreadable where the file is one text that is too large or is no JSON."""
    first = list(islice((line for line in lines if line.text is None or line.text.strip()), 3))
    lines = chain(first, lines)
    is_by_line = any(line.text is None or _is_whole(line.text) for line in first)
    for where, value in _by_line(lines) if is_by_line else _whole(lines):
        if isinstance(value, BadRow):
            yield value
        else:
            yield from ((where, entity) for entity in _unwrapped(value))


def _is_whole(text: bytes) -> bool:
    """Whether a line looks like JSON of its own."""
    text = _bare(text)
    return text.startswith(b"{") and text.endswith(b"}")


def _bare(text: bytes) -> bytes:
    """A line of a dump without what ties it to the others."""
    text = text.removeprefix(b"\xef\xbb\xbf").strip().strip(b",").strip()
    opens, closes = text.startswith(b"["), text.endswith(b"]")
    return text if opens and closes and len(text) > 2 else text.removeprefix(b"[").removesuffix(b"]").strip()


def _by_line(lines: Iterator[Line]) -> Iterator[tuple[str, Any]]:
    for line in lines:
        if line.text is None:
            why = f"is longer than {LONGEST_LINE // 2**20} MiB; `jq -c '.entities[]' FILE` writes an entity a line"
            yield line.where, BadRow(line.where, why)
        elif text := _bare(line.text):
            try:
                yield line.where, json.loads(text)
            except (ValueError, RecursionError) as error:
                yield line.where, BadRow(line.where, f"is no JSON: {error}"[:200])


def _whole(lines: Iterator[Line]) -> Iterator[tuple[str, Any]]:
    """One or several values that are written over several lines."""
    parts: list[bytes] = []
    size = 0
    for line in lines:
        size += len(line.text or b"")
        if size > LARGEST_TEXT or line.text is None:
            most = f"{LARGEST_TEXT // 2**20} MiB"
            raise Unreadable(f"is JSON over several lines, and more than {most} of it: write an entity a line, as jq -c '.[]' does")
        parts.append(line.text)
    try:
        text = b"".join(parts).decode("utf-8-sig")
        decoder = json.JSONDecoder()
        at, number = _next(text, 0), 0
        while at < len(text):
            value, at = decoder.raw_decode(text, at)
            at = _next(text, at)
            number += 1
            yield f"value {number}", value
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"is no JSON: {error}"[:300]) from error


def _next(text: str, at: int) -> int:
    """Where the next value begins."""
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _unwrapped(value: Any) -> list[Any]:
    """The entities of an array, or of {"entities": ...} as Special:EntityData and the API give it."""
    if isinstance(value, dict) and isinstance(entities := value.get("entities"), dict | list):
        value = list(entities.values()) if isinstance(entities, dict) else entities
    return value if isinstance(value, list) else [value]
