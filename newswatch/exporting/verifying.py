"""Whether a bundle is as it was made: every digest of the manifest, and of the web pages inside."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from fastwarc.warc import ArchiveIterator, WarcRecordType

from newswatch.errors import NewswatchError
from newswatch.exporting.bundle import FORMAT, LINES, MANIFEST, PAGES, SUMS, sums

_STEP = 1 << 20

_UNREADABLE = (OSError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError)
"""What zipfile raises for a file that is damaged, encrypted or packed in a way it does not know."""

Opener = Callable[[str], IO[bytes]]


def verify(bundle: Path) -> tuple[list[str], str]:
    """What is wrong with a bundle, a sentence each, and the SHA-256 of its manifest. Raises NewswatchError where it is none."""
    with _opened(bundle) as (names, strange, read):
        digest, manifest = _manifest(bundle, names, read)
        problems = [f"{name} does not belong to it" for name in strange]
        for name, said in manifest["files"].items():
            if name not in names:
                problems.append(f"{name} is missing")
                continue
            try:
                found = _sha256(read, name)
            except _UNREADABLE as error:
                problems.append(f"{name} cannot be read: {error}")
                continue
            if found != said["sha256"]:
                problems.append(f"{name} was changed: its SHA-256 is {found}, the manifest says {said['sha256']}")
        problems += [f"{name} does not belong to it" for name in sorted(names - manifest["files"].keys() - {MANIFEST, SUMS})]
        if not problems:
            files = manifest["files"] | {MANIFEST: {"sha256": digest}}
            problems += [*_wrong_sums(names, read, files), *_wrong_counts(manifest, read), *_wrong_pages(manifest, read)]
        return problems, digest


@contextmanager
def _opened(bundle: Path) -> Iterator[tuple[set[str], list[str], Opener]]:
    """The names of its files, what else is packed with them, and how a file is read."""
    try:
        if bundle.is_dir():
            yield {p.name for p in bundle.iterdir()}, [], lambda name: (bundle / name).open("rb")
            return
        with zipfile.ZipFile(bundle) as archive:
            inside, strange = _inside(archive.namelist())
            yield set(inside), strange, lambda name: archive.open(inside[name])
    except _UNREADABLE as error:
        raise NewswatchError(f"{bundle} cannot be read as a bundle: {error}") from error


def _inside(packed: list[str]) -> tuple[dict[str, str], list[str]]:
    """What the files in the manifest's own folder are packed as, by their names; and all that is elsewhere, or there twice."""
    folder = next((n.removesuffix(MANIFEST) for n in packed if n.endswith(f"/{MANIFEST}") and n.count("/") == 1), "")
    inside: dict[str, str] = {}
    strange: list[str] = []
    for path in packed:
        name = path.removeprefix(folder)
        if path == folder:
            continue
        if path.startswith(folder) and "/" not in name and "\\" not in name and name not in inside:
            inside[name] = path
        else:
            strange.append(path)
    return inside, strange


def _manifest(bundle: Path, names: set[str], read: Opener) -> tuple[str, dict[str, Any]]:
    if MANIFEST not in names:
        raise NewswatchError(f"{bundle} is no bundle of scrapy export: there is no {MANIFEST} in it")
    with read(MANIFEST) as file:
        data = file.read()
    try:
        manifest = json.loads(data)
        well_made = (
            manifest["format"] == FORMAT
            and manifest["files"].keys() >= {*(f"{name}.jsonl" for name in LINES), PAGES}
            and all(isinstance(f["sha256"], str) for f in manifest["files"].values())
            and all(isinstance(manifest["counts"][name], int) for name in (*LINES, "archived"))
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NewswatchError(f"{bundle}: {MANIFEST} was damaged: {error}") from error
    if not well_made:
        raise NewswatchError(f"{bundle}: {MANIFEST} is of another format than {FORMAT!r}, or damaged")
    return hashlib.sha256(data).hexdigest(), manifest


def _sha256(read: Opener, name: str) -> str:
    digest = hashlib.sha256()
    with read(name) as file:
        while data := file.read(_STEP):
            digest.update(data)
    return digest.hexdigest()


def _wrong_sums(names: set[str], read: Opener, files: dict[str, Any]) -> Iterator[str]:
    if SUMS not in names:
        yield f"{SUMS} is missing"
        return
    with read(SUMS) as file:
        if file.read() != sums(files).encode():
            yield f"{SUMS} was changed: it says other digests than the manifest"


def _wrong_counts(manifest: dict[str, Any], read: Opener) -> Iterator[str]:
    for name in LINES:
        with read(f"{name}.jsonl") as file:
            found = sum(1 for _ in file)
        if found != manifest["counts"][name]:
            yield f"{name}.jsonl has {found:,} lines, the manifest says {manifest['counts'][name]:,}"


def _wrong_pages(manifest: dict[str, Any], read: Opener) -> Iterator[str]:
    """Each record has a digest of its own, made when the page came."""
    found = 0
    with read(PAGES) as file:
        records = ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=False)
        for record in records if manifest["counts"]["archived"] else ():
            found += 1
            if not record.verify_block_digest():
                yield f"{PAGES}: the page of {record.headers.get('WARC-Target-URI')} is not what its digest says"
    if found != manifest["counts"]["archived"]:
        yield f"{PAGES} has {found:,} pages, the manifest says {manifest['counts']['archived']:,}"
