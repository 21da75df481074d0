"""The parts of a bundle, written story by story: memory does not grow with their number."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

import newswatch
from newswatch.errors import ArchiveError
from newswatch.exporting.hashed import HashedFile
from newswatch.exporting.pages import PageCopier
from newswatch.exporting.readme import readme
from newswatch.extraction.dates import to_text
from newswatch.store.evidence import Chosen, chosen_ids, event_rows, known_actors, mention_rows, one_state, revision_rows, story_row
from newswatch.story import Archived

FORMAT = "newswatch evidence 1"
MANIFEST, README, SUMS = "manifest.json", "README.txt", "SHA256SUMS"
LINES = ("stories", "revisions", "mentions", "events", "pages")
PAGES = "pages.warc.gz"


@dataclass(slots=True)
class Written:
    """What a bundle holds."""

    counts: dict[str, int] = field(default_factory=dict)
    """Rows of each file of lines, `archived` pages, and those that are `missing`."""
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    """`sha256` and `bytes` of each file, by name."""
    manifest: str = ""
    """The SHA-256 of the manifest: who has it can tell whether anything was changed."""


def write_parts(db: Database, archive: Path, chosen: Chosen, folder: Path, at: datetime) -> Written:
    """Writes all files of a bundle into an empty folder. Raises OSError where it cannot be written, sqlite3.Error."""
    written = Written()
    with ExitStack() as stack:
        stack.enter_context(one_state(db))
        names = {actor: name for actor, name in known_actors(db).items() if actor in chosen.actors}
        out = {name: stack.enter_context(HashedFile(folder / f"{name}.jsonl")) for name in LINES}
        warc = stack.enter_context(HashedFile(folder / PAGES))
        pages = PageCopier(archive, warc)
        missing = sum(_write_story(db, story_id, chosen, out, pages) for story_id in chosen_ids(db, chosen))
        for file in (*out.values(), warc):
            written.files[file.name] = {"sha256": file.sha256, "bytes": file.size}
        written.counts = {name: out[name].lines for name in LINES} | {"archived": pages.count, "missing": missing}
    manifest = {
        "format": FORMAT,
        "made_at": to_text(at),
        "made_by": f"newswatch {newswatch.__version__}",
        "chosen": {**asdict(chosen), "names": names},
        "counts": written.counts,
    }
    _write_text(folder, README, readme(manifest), written)
    text = json.dumps({**manifest, "files": dict(sorted(written.files.items()))}, ensure_ascii=False, indent=2) + "\n"
    written.manifest = _write_text(folder, MANIFEST, text, written)
    _write_text(folder, SUMS, sums(written.files), written)
    return written


def sums(files: Mapping[str, Mapping[str, Any]]) -> str:
    """The text of SHA256SUMS, from `sha256` by name."""
    return "".join(f"{files[name]['sha256']}  {name}\n" for name in sorted(files))


def _write_text(folder: Path, name: str, text: str, written: Written) -> str:
    """A whole file; its SHA-256."""
    with HashedFile(folder / name) as file:
        file.write(text.encode())
    written.files[name] = {"sha256": file.sha256, "bytes": file.size}
    return file.sha256


def _write_story(db: Database, story_id: int, chosen: Chosen, out: dict[str, HashedFile], pages: PageCopier) -> int:
    """A story with all that belongs to it; how many of its revisions have no page in the archive."""
    out["stories"].write_line(story_row(db, story_id, chosen.actors))
    for row in mention_rows(db, story_id, chosen.actors):
        out["mentions"].write_line(row)
    for row in event_rows(db, story_id, chosen.actors):
        out["events"].write_line(row)
    missing = 0
    copied: dict[Archived, dict[str, Any]] = {}
    for row in revision_rows(db, story_id):
        out["revisions"].write_line(row)
        place = Archived(row["archive_file"], row["archive_offset"]) if row["archive_file"] else None
        page = copied[place] if place in copied else _page(place, pages)
        if place:
            copied[place] = page
        missing += "missing" in page
        out["pages"].write_line({"story_id": story_id, "revision": row["number"], "seen_at": row["seen_at"], "url": row["url"], **page})
    return missing


def _page(place: Archived | None, pages: PageCopier) -> dict[str, Any]:
    """Where the page of a revision is in the bundle, or why it is not there."""
    if place is None:
        return {"missing": "no page was kept"}
    source = {"archive_file": place.file, "archive_offset": place.offset}
    try:
        return {"file": PAGES, "offset": pages.copy(place), **source}
    except ArchiveError as error:
        return {"missing": str(error), **source}
