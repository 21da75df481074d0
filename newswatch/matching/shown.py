"""An actor as people read it: every name that is looked for, and under which conditions it counts."""

from __future__ import annotations

from newswatch.matching.names import generated
from newswatch.matching.watchlist import Actor, WeakName


def shown(actor: Actor) -> list[str]:
    """Lines for the terminal: the names of the actor, and the generated spellings, those that are switched off marked."""
    out = [f"{actor.id}: {actor.name} ({actor.kind})"]
    if actor.tags or actor.wikidata:
        out.append("  " + ", ".join([*(f"tag:{t}" for t in actor.tags), *([actor.wikidata] if actor.wikidata else [])]))
    exact = actor.exact
    out += [f"  strong    {text}{' (only in these letters)' if text in exact else ''}" for text in actor.strong]
    out += [f"  phrase    {text}" for text in actor.phrases]
    out += [f"  weak      {weak.text}{_condition(weak)}" for weak in actor.weak]
    out += [f"  not       {text}" for text in actor.not_]
    without = set(actor.without)
    for text, weak, label in generated(actor.model_copy(update={"without": []})):
        role = "off" if text in without else "weak" if weak else "strong"
        out.append(f"  {role:9} {text}    {label}")
    if actor.scripts:
        out.append(f'  To switch a generated spelling off: without = ["..."] in the table of {actor.id}')
    return out


def _condition(weak: WeakName) -> str:
    parts = [] if weak.on else ["off: on = true switches it on"]
    if weak.case:
        parts.append("only in these letters")
    if weak.near:
        parts.append(f"near {', '.join(weak.near)}" + (f" within {weak.within} words" if weak.within else " in the story"))
    return f" ({'; '.join(parts)})" if parts else ""
