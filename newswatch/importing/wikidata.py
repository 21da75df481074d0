"""Wikidata's entities as JSON.

(where, value) -> Found | FamilyName | Skipped | BadRow
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from newswatch.importing.entities import values
from newswatch.importing.found import BadRow, FamilyName, Found, Row, Skipped
from newswatch.importing.lines import Line

FAMILY_NAME = "Q101352"

_ITEM = re.compile(r"Q[1-9]\d*")
_OTHER = re.compile(r"[PL][1-9]\d*")
_MUL = "mul"
"""Labels for all languages."""


def read(lines: Iterator[Line], languages: Sequence[str]) -> Iterator[Row]:
    """What each entity says, in these languages and their variants (de-ch, en-gb), and in "mul"."""
    for value in values(lines):
        yield value if isinstance(value, BadRow) else _entity(*value, languages)


def _entity(where: str, entity: Any, languages: Sequence[str]) -> Row:
    if not isinstance(entity, dict) or not isinstance(source_id := entity.get("id"), str):
        return BadRow(where, "is no entity: it has no id")
    if "schema" in entity and "properties" in entity:
        return BadRow(where, "is OpenSanctions' FollowTheMoney: take its targets.simple.csv")
    if "missing" in entity:
        return Skipped("missing in Wikidata")
    if _OTHER.fullmatch(source_id):
        return Skipped("a property or a lexeme")
    if not _ITEM.fullmatch(source_id):
        return BadRow(where, "is no entity: its id is no Q-id")
    classes = _claims(entity, "P31")
    labels = _texts(entity.get("labels"), languages)
    aliases = _texts(entity.get("aliases"), languages)
    if FAMILY_NAME in classes:
        return FamilyName(source_id, labels)
    kind = next((k for k, known in kinds().items() if not known.isdisjoint(classes)), None)
    if kind is None:
        reason = "kind unknown" if classes else "says of itself no class (P31)"
        return Skipped(reason, classes, example=labels[0] if labels else source_id)
    families = _claims(entity, "P734") if kind == "person" else ()
    return Found(source_id, kind, labels, aliases, families=families, wikidata=source_id, where=where)


@cache
def kinds() -> Mapping[str, frozenset[str]]:
    """The classes of each kind of actor, the kind that wins first."""
    table = tomllib.loads((Path(__file__).parent / "classes.toml").read_text(encoding="utf-8"))
    return {kind: frozenset(classes) for kind, classes in table.items()}


def _claims(entity: Mapping[str, Any], prop: str) -> tuple[str, ...]:
    """The items that a property names, the preferred ones first; deprecated ones are left out."""
    claims = entity.get("claims")
    statements = claims.get(prop) if isinstance(claims, dict) else None
    found: list[tuple[bool, str]] = []
    for statement in statements if isinstance(statements, list) else ():
        rank = statement.get("rank") if isinstance(statement, dict) else "deprecated"
        if rank != "deprecated" and (item := _item(statement)):
            found.append((rank != "preferred", item))
    return tuple(dict.fromkeys(item for _, item in sorted(found, key=lambda f: f[0])))


def _item(statement: Mapping[str, Any]) -> str | None:
    value: Any = statement
    for key in ("mainsnak", "datavalue", "value"):
        value = value.get(key) if isinstance(value, dict) else None
    if not isinstance(value, dict):
        return None
    item = value.get("id") or f"Q{value.get('numeric-id')}"
    return item if isinstance(item, str) and _ITEM.fullmatch(item) else None


def _texts(texts: Any, languages: Sequence[str]) -> tuple[str, ...]:
    """Labels or aliases, in the order of the languages, each once."""
    if not isinstance(texts, dict):
        return ()
    out: dict[str, None] = {}
    for wanted in (*languages, _MUL):
        for code in sorted(c for c in texts if c == wanted or c.startswith(f"{wanted}-")):
            given = texts[code]
            for one in given if isinstance(given, list) else [given]:
                if isinstance(one, dict) and isinstance(value := one.get("value"), str):
                    out[value] = None
    return tuple(out)
