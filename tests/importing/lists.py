"""Lists as Wikidata and OpenSanctions give them, of people and houses that do not exist."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

HEADER = [
    *["id", "schema", "name", "aliases", "birth_date", "countries", "addresses", "identifiers", "sanctions", "phones", "emails"],
    *["dataset", "first_seen", "last_seen", "last_change"],
]

HUMAN, PARTY, CITY, FAMILY_NAME = "Q5", "Q7278", "Q515", "Q101352"


def cell(values: Iterable[str]) -> str:
    """Several values in a cell, as OpenSanctions joins them."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="", quoting=csv.QUOTE_MINIMAL).writerow(list(values))
    return out.getvalue()


def targets(rows: Iterable[Mapping[str, str]], header: Sequence[str] = HEADER) -> str:
    """A targets.simple.csv."""
    out = io.StringIO()
    writer = csv.DictWriter(out, header, restval="", dialect=csv.unix_dialect)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def target(source_id: str = "NK-Quint", name: str = "Ada Quint", *aliases: str, schema: str = "Person", **more: str) -> dict[str, str]:
    return {"id": source_id, "schema": schema, "name": name, "aliases": cell(aliases), **more}


def claim(item: str, rank: str = "normal") -> dict[str, Any]:
    value = {"entity-type": "item", "numeric-id": int(item[1:]), "id": item}
    snak = {"snaktype": "value", "property": "P31", "datavalue": {"value": value, "type": "wikibase-entityid"}}
    return {"mainsnak": snak, "type": "statement", "rank": rank}


def entity(
    source_id: str = "Q900000001",
    classes: Sequence[str] = (HUMAN,),
    labels: Mapping[str, str] | None = None,
    aliases: Mapping[str, Sequence[str]] | None = None,
    families: Sequence[str] = (),
) -> dict[str, Any]:
    labels = {"de": "Ada Quint"} if labels is None else labels
    return {
        "type": "item",
        "id": source_id,
        "labels": {code: {"language": code, "value": text} for code, text in labels.items()},
        "aliases": {code: [{"language": code, "value": t} for t in texts] for code, texts in (aliases or {}).items()},
        "claims": {"P31": [claim(c) for c in classes], "P734": [claim(f) for f in families]},
    }


def dump(entities: Iterable[Mapping[str, Any]]) -> str:
    """As Wikidata's dumps have them: an array with an entity a line."""
    return "[\n" + ",\n".join(json.dumps(e, ensure_ascii=False) for e in entities) + "\n]\n"


def words() -> Iterator[str]:
    """Invented surnames, without end, no two alike."""
    parts = ["ka", "lo", "mi", "ra", "tu", "ven", "dor", "gri", "pol", "zan"]
    for length in itertools.count(3):
        for chosen in itertools.product(parts, repeat=length):
            yield "".join(chosen).capitalize()
