"""Pages that are kept with what was read from them, so that a change of the reader shows itself.

tests/pages/<site>/<name>.html.gz   the page, byte for byte, compressed
tests/pages/<site>/<name>.json      where it was, when it was read, every field of its Story
tests/pages/<site>/site.toml        the site file it is read with, unless it is one that comes with newswatch
"""

from __future__ import annotations

import dataclasses
import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from parsel import Selector

from newswatch.errors import ConfigError
from newswatch.extraction import read_article
from newswatch.extraction.charset import decode
from newswatch.extraction.dates import from_text, to_text
from newswatch.sites import Site, load_sites
from newswatch.sites.draft import site_toml
from newswatch.written import read_toml, validate

LEFT_OUT = ("seen_at", "etag", "last_modified", "listed", "parts", "claimed", "key_is_claimed", "copy_of", "doubts", "reserved", "withheld")
"""Fields of a Story that are not the page's own."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A page and how it came."""

    url: str
    charset: str | None
    """What the Content-Type header said."""
    read_at: datetime
    body: bytes


def read_frozen(frozen: Frozen, site: Site) -> dict[str, Any]:
    """Every field of the page's Story as JSON has it. Raises ReadError."""
    page = Selector(text=decode(frozen.body, frozen.charset), base_url=frozen.url, type="html")
    story = read_article(page, site, frozen.read_at)
    fields = {k: v for k, v in dataclasses.asdict(story).items() if k not in LEFT_OUT}
    plain: dict[str, Any] = json.loads(json.dumps(fields, default=to_text))
    return plain


def keep(folder: Path, name: str, frozen: Frozen, site: Site) -> Path:
    """Writes page, reading and, where it is not a shipped one, site file under `folder`; returns the page's path."""
    story = read_frozen(frozen, site)
    here = folder / site.name
    here.mkdir(parents=True, exist_ok=True)
    if load_sites(None).get(site.name) != site:
        (here / "site.toml").write_text(site_toml(site), encoding="utf-8")
    page = here / f"{name}.html.gz"
    page.write_bytes(gzip.compress(frozen.body, mtime=0))
    _write(page, frozen, story)
    return page


def refreeze(page: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Reads a frozen page again and keeps the result; returns what was expected and what is read now."""
    frozen, expected = load(page)
    story = read_frozen(frozen, site_of(page))
    _write(page, frozen, story)
    return expected, story


def pages(folder: Path) -> list[Path]:
    """The frozen pages under `folder`, in order."""
    return sorted(folder.glob("*/*.html.gz"))


def load(page: Path) -> tuple[Frozen, dict[str, Any]]:
    """A frozen page and the reading that is expected of it."""
    kept = json.loads(_beside(page).read_text(encoding="utf-8"))
    read_at = from_text(kept["read_at"])
    assert read_at is not None
    return Frozen(kept["url"], kept["charset"], read_at, gzip.decompress(page.read_bytes())), kept["story"]


def site_of(page: Path) -> Site:
    """The site that a frozen page is read with. Raises ConfigError."""
    name, own = page.parent.name, page.with_name("site.toml")
    if own.exists():
        table, problems = read_toml(own)
        site, wrong = validate(Site, {"name": name, **table}, str(own)) if not problems else (None, problems)
    else:
        site = load_sites(None).get(name)
        wrong = [] if site else [f"{page}: no site {name} comes with newswatch, and there is no {own.name}"]
    if site is None:
        raise ConfigError(wrong)
    return site


def differences(expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """What differs, a line a value: `lead: "Nach langer Nacht." -> null`; for long lists only the items that differ."""
    return [line for key in {**expected, **found} for line in _differences(key, expected.get(key), found.get(key))]


def _differences(path: str, old: Any, new: Any) -> Iterable[str]:
    if old == new:
        return
    if isinstance(old, list) and isinstance(new, list):
        for place in range(max(len(old), len(new))):
            before, after = (seq[place] if place < len(seq) else None for seq in (old, new))
            yield from _differences(f"{path}[{place}]", before, after)
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            yield from _differences(f"{path}.{key}", old.get(key), new.get(key))
    else:
        yield f"{path}: {json.dumps(old, ensure_ascii=False)} -> {json.dumps(new, ensure_ascii=False)}"


def _beside(page: Path) -> Path:
    return page.with_name(page.name.removesuffix(".html.gz") + ".json")


def _write(page: Path, frozen: Frozen, story: dict[str, Any]) -> None:
    kept = {"url": frozen.url, "charset": frozen.charset, "read_at": to_text(frozen.read_at), "story": story}
    _beside(page).write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
