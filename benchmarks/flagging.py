"""How well newswatch flags: `python -m benchmarks.flagging FOLDER` scores it on the texts and actors of a folder.

The folder has `actors.json`, `gold.jsonl` and `scope.json` in the form of the flagging benchmark. `flag` is the callable
that the benchmark's own scorer takes. Actors become a watchlist by the plain meaning of their keys: nothing is added for
single ones.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from newswatch.matching import Actor, Watchlist, examine

KINDS = {"PER": "person", "ORG": "organisation", "LOC": "place"}


def actor_of(entry: dict[str, Any]) -> Actor:
    """An actor of `actors.json` as the watchlist has it.

    `aliases` are strong names, `weak` weak ones, `exclude` is `not`, `require_any` the `near` of the weak ones in the
    whole text, names in `case_sensitive` have `case = "exact"`.
    """
    exact = set(entry["case_sensitive"])

    def table(name: str) -> dict[str, Any]:
        return {"text": name} | ({"case": "exact"} if name in exact else {})

    near = {"near": entry["require_any"]} if entry["require_any"] else {}
    return Actor.model_validate(
        {
            "id": entry["id"].lower(),
            "name": entry["aliases"][0],
            "kind": KINDS.get(entry["type"], "group"),
            "names": [table(n) for n in dict.fromkeys(entry["aliases"])],
            "weak": [table(n) | near for n in dict.fromkeys(entry["weak"])],
            "not": entry["exclude"],
        }
    )


_watchlists: dict[int, tuple[list[dict[str, Any]], Watchlist, dict[str, str]]] = {}


def flag(text: str, actors: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    """(actor_id, start, end) of every mention that flags, code points."""
    known = _watchlists.get(id(actors))
    if known is None or known[0] is not actors:
        made = [actor_of(a) for a in actors]
        ids = {a.id: entry["id"] for a, entry in zip(made, actors, strict=True)}
        known = _watchlists[id(actors)] = (actors, Watchlist({a.id: a for a in made}), ids)
    _, watchlist, ids = known
    found = examine({"body": text}, watchlist, language="de").mentions
    return [(ids[m.actor], m.start, m.end) for m in found if not m.is_ambiguous]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--errors", type=int, default=0, help="show so many texts that were flagged wrongly")
    parser.add_argument("--slice", help="only this one")
    args = parser.parse_args()
    if not (args.folder / "gold.jsonl").is_file():
        print(f"{args.folder}: no benchmark there: it has actors.json, scope.json and gold.jsonl", file=sys.stderr)
        return 2
    for part, row in score(args.folder, args.errors, args.slice).items():
        rates = f"precision {row['p']:5.1f}  recall {row['r']:5.1f}  F1 {row['f1']:5.1f}"
        print(f"{part:20} {rates}   ({row['texts']} texts, {row['seconds']:.1f} s)")
    return 0


def score(folder: Path, errors: int = 0, only: str | None = None) -> dict[str, dict[str, float]]:
    """Document-level precision, recall and F1 in per cent by slice; prints `errors` of the wrong texts."""
    actors = json.loads((folder / "actors.json").read_text(encoding="utf-8"))
    scope = {k: set(v) for k, v in json.loads((folder / "scope.json").read_text(encoding="utf-8")).items()}
    counts: dict[str, Counter[str]] = {}
    seconds: dict[str, float] = {}
    for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        doc = json.loads(line)
        part = doc["slice"]
        if only and part != only:
            continue
        begin = time.perf_counter()
        found = {a for a, _, _ in flag(doc["text"], actors) if a in scope[part]}
        seconds[part] = seconds.get(part, 0) + time.perf_counter() - begin
        gold = {g[0] for g in doc["gold"]}
        counts.setdefault(part, Counter()).update(right=len(found & gold), wrong=len(found - gold), missed=len(gold - found), texts=1)
        if found != gold and errors > 0:
            errors -= 1
            print(f"{doc['id']}: wrongly {sorted(found - gold)}, missed {sorted(gold - found)}: {' '.join(doc['text'].split())[:300]}")
    out = {}
    for part, c in counts.items():
        p = 100 * c["right"] / max(1, c["right"] + c["wrong"])
        r = 100 * c["right"] / max(1, c["right"] + c["missed"])
        out[part] = {"p": p, "r": r, "f1": 2 * p * r / max(0.001, p + r), "texts": c["texts"], "seconds": seconds[part]}
    return out


if __name__ == "__main__":
    sys.exit(main())
