"""A bundle gets its name when all of it is on the disk: nothing that is half done ever has it.

parts in `.NAME.part` beside it -> synced -> renamed; for a zip, packed into `.NAME.zip.part` first
"""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newswatch.faultpoints import fault

_STORED = (".gz",)
"""Ends of names of what cannot be packed any more."""


def is_zip(target: Path) -> bool:
    """Whether a bundle of this name is one file."""
    return target.suffix.lower() == ".zip"


@contextmanager
def parts_of(target: Path) -> Iterator[Path]:
    """An empty folder for the parts; when all went well they become the bundle, else they go. What a killed export left goes first.

    Raises FileExistsError where the target is there already, OSError where it cannot be written.
    """
    if target.exists() or target.is_symlink():
        raise FileExistsError(str(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    parts, packed = target.with_name(f".{target.name}.part"), target.with_name(f".{target.name}.packed")
    _remove(parts, packed)
    parts.mkdir()
    try:
        yield parts
        _sync_folder(parts)
        fault("export.written")
        if is_zip(target):
            _pack(parts, packed, target.stem)
            os.link(packed, target)  # unlike a rename it takes the place of nothing
        else:
            parts.rename(target)
        _sync_folder(target.parent)
        fault("export.named")
    finally:
        _remove(parts, packed)


def _pack(parts: Path, packed: Path, name: str) -> None:
    with packed.open("xb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
            for path in sorted(parts.iterdir()):
                method = zipfile.ZIP_STORED if path.name.endswith(_STORED) else zipfile.ZIP_DEFLATED
                archive.write(path, f"{name}/{path.name}", compress_type=method)
        file.flush()
        os.fsync(file.fileno())


def _remove(parts: Path, packed: Path) -> None:
    shutil.rmtree(parts, ignore_errors=True)
    packed.unlink(missing_ok=True)


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
