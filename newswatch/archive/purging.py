"""Records that go for good: a site's files are written anew without them, or removed.

file -> plan_of (reads only) -> Plan -> carry_out: noted -> written, on the disk -> pointers moved -> the old one removed
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from ahocorasick_rs import AhoCorasick
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType
from sqlite_utils import Database

from newswatch.archive.files import day_of, end_of_record, files_of, next_name, whole_length
from newswatch.archive.retention import remove_files
from newswatch.archive.unpacking import unpacked
from newswatch.errors import ArchiveError
from newswatch.faultpoints import fault
from newswatch.store.archived import move_pages, note_removal, removed

SHORTEST_PATH = 6
"""Characters of a path that tells one story from another."""

_LARGEST = 64 << 20
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Unwanted:
    """What goes of a site's files."""

    is_story: Callable[[str], bool]
    """Whether an address is that of a story that goes."""
    paths: tuple[str, ...]
    """Of the addresses of those: a listing in which one stands goes, too, for it tells their headlines."""
    staying: Mapping[str, set[int]] = field(default_factory=dict)
    """Pages that revisions point to which stay."""
    before: date | None = None
    """Of files of earlier days (UTC) nothing is left but what stays."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is left of a file."""

    file: str
    kept: tuple[tuple[int, int], ...]
    """From where to where, record after record; empty: the file goes."""
    removed: int
    """Records."""


def plans_of(folder: Path, site: str, unwanted: Unwanted) -> list[Plan]:
    """One for each file of a site of which something goes. Raises ArchiveError where a file cannot be read to its end."""
    finder = AhoCorasick(list(unwanted.paths)) if unwanted.paths else None
    plans = (_plan_of(folder, file, unwanted, finder) for file in files_of(folder, site))
    return [plan for plan in plans if plan.removed]


def plan_to_remove(folder: Path, site: str) -> list[Plan]:
    """All files of a site go; how many records they have is not looked at."""
    return [Plan(file, (), 1) for file in files_of(folder, site)]


def carry_out(db: Database, folder: Path, plan: Plan) -> None:
    """Does it. The caller holds the site's lock. Raises ArchiveError, StoreError; after a kill the next purge begins this file again."""
    if not plan.kept:
        remove_files(db, folder, [plan.file])
        return
    new = next_name(folder, plan.file)
    note_removal(db, new)  # if the next steps do not come, this file is the one that goes
    fault("purge.file_noted")
    try:
        offsets = _copy(folder / plan.file, folder / new, plan.kept)
    except OSError as error:
        raise ArchiveError(f"{folder / new} cannot be written: {error.strerror or error}") from error
    fault("purge.file_written")
    move_pages(db, plan.file, new, offsets)
    fault("purge.file_moved")
    (folder / plan.file).unlink(missing_ok=True)
    fault("purge.file_removed")
    removed(db, plan.file)


def _plan_of(folder: Path, file: str, unwanted: Unwanted, finder: AhoCorasick | None) -> Plan:
    path, staying = folder / file, unwanted.staying.get(file, set())
    day = day_of(file)
    is_old = unwanted.before is not None and day is not None and day < unwanted.before
    edges: list[tuple[int, bool, bool]] = []
    gone: set[str] = set()
    try:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, parse_http=False):
                goes = _goes(record, is_old=is_old, stays=record.stream_pos in staying, unwanted=unwanted, finder=finder, gone=gone)
                edges.append((record.stream_pos, goes, record.record_type == WarcRecordType.warcinfo))
        end = whole_length(path)
        starts = [start for start, *_ in edges]
        spans = [(a, b, goes, is_info) for (a, goes, is_info), b in zip(edges, [*starts[1:], end], strict=True) if a < b]
        _check(path, [(a, b) for a, b, *_ in spans], end)
        is_cut_off = path.stat().st_size > end
    except (OSError, ValueError, EOFError) as error:
        raise ArchiveError(_damaged(path, str(error))) from error
    kept = tuple((a, b) for a, b, goes, _ in spans if not goes)
    is_empty = all(is_info for *_, goes, is_info in spans if not goes)
    return Plan(file, () if is_empty else kept, sum(goes for *_, goes, _ in spans) + is_cut_off)


def _check(path: Path, spans: list[tuple[int, int]], end: int) -> None:
    """Raises ArchiveError where the file is anything but whole records, one behind the other: a reader skips what it cannot read."""
    if [a for a, _ in spans] != [0, *(b for _, b in spans)][: len(spans)] or (spans[-1][1] if spans else 0) != end:
        raise ArchiveError(_damaged(path, "records do not follow each other"))
    with path.open("rb") as file:
        for start, stop in spans:
            if end_of_record(file, start) != stop:
                raise ArchiveError(_damaged(path, f"the record at byte {start} is broken"))


def _damaged(path: Path, why: str) -> str:
    return f"{path} is damaged ({why}): what it holds cannot be told; remove it, or move it out of the archive"


def _goes(record: WarcRecord, *, is_old: bool, stays: bool, unwanted: Unwanted, finder: AhoCorasick | None, gone: set[str]) -> bool:
    """Whether a record goes; `gone` are the ids of those before it that do."""
    kind, headers = record.record_type, record.headers
    if kind == WarcRecordType.warcinfo:
        return False
    if kind == WarcRecordType.request:
        return headers.get("WARC-Concurrent-To") in gone
    url = headers.get("WARC-Target-URI") or ""
    goes = not stays and (is_old or unwanted.is_story(url) or headers.get("WARC-Refers-To") in gone)
    if not goes and not stays and finder is not None and kind == WarcRecordType.response:
        goes = _tells_of_them(record, unwanted.paths, finder)
    if goes:
        gone.add(headers.get("WARC-Record-ID") or "")
    return goes


def _tells_of_them(record: WarcRecord, paths: tuple[str, ...], finder: AhoCorasick) -> bool:
    """Whether an address of a story that goes stands in a page. One that cannot be unpacked tells nobody anything."""
    head, _, body = record.reader.read().partition(b"\r\n\r\n")
    headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in head.decode("latin-1").splitlines()[1:])]
    try:
        text = unpacked(headers, body, _LARGEST).decode("utf-8", "replace")
    except ArchiveError:
        return False
    for _, start, end in finder.find_matches_as_indexes(text, overlapping=True):
        following = text[end : end + 1]
        if start < end and not (following.isalnum() or following in ("-", "_")):
            return True
    return False


def paths_of(urls: Iterable[str]) -> tuple[str, ...]:
    """The parts of addresses by which a listing names a story: path and query, those that are too short to tell left out."""
    found = {f"{p.path.rstrip('/')}?{p.query}" if p.query else p.path.rstrip("/") for p in map(urlsplit, urls)}
    return tuple(sorted(path for path in found if len(path) >= SHORTEST_PATH))


def _copy(source: Path, target: Path, spans: tuple[tuple[int, int], ...]) -> dict[int, int]:
    """Where each record of the source stands in the target, which is on the disk then."""
    offsets: dict[int, int] = {}
    with source.open("rb") as old, target.open("xb") as new:
        for start, end in spans:
            offsets[start] = new.tell()
            old.seek(start)
            left = end - start
            while left and (data := old.read(min(left, _CHUNK))):
                new.write(data)
                left -= len(data)
        new.flush()
        os.fsync(new.fileno())
    handle = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return offsets
