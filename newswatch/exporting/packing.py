"""A bundle gets its name when all of it is on the disk: nothing that is half done ever has it.

parts in `.NAME.part` beside it -> synced -> renamed; for a zip, packed into `.NAME.zip.part` first
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newswatch.errors import NewswatchError
from newswatch.faultpoints import fault

_STORED = (".gz",)
"""Ends of names of what cannot be packed any more."""


def is_zip(target: Path) -> bool:
    """Whether a bundle of this name is one file."""
    return target.suffix.lower() == ".zip"


@contextmanager
def parts_of(target: Path) -> Iterator[Path]:
    """An empty folder for the parts; when all went well they become the bundle, else they go. What a killed export left goes first.

    Raises FileExistsError where the target is there already, NewswatchError where another export makes it just now, OSError
    where it cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    parts, packed = target.with_name(f".{target.name}.part"), target.with_name(f".{target.name}.packed")
    parts.mkdir(exist_ok=True)
    with _held(parts, target):
        try:
            _remove(*parts.iterdir(), packed)
            if target.exists() or target.is_symlink():
                raise FileExistsError(str(target))
            yield parts
            _sync_folder(parts)
            fault("export.written")
            if is_zip(target):
                _pack(parts, packed, target.stem)
                _name(packed, target)
            else:
                parts.rename(target)
            _sync_folder(target.parent)
            fault("export.named")
        finally:
            _remove(parts, packed)


@contextmanager
def _held(parts: Path, target: Path) -> Iterator[None]:
    """The folder of the parts is nobody else's meanwhile: the kernel sees to that, and lets it go however its holder ends."""
    handle = os.open(parts, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_ours = parts.is_dir() and os.path.samestat(parts.stat(), os.fstat(handle))
        except (BlockingIOError, FileNotFoundError):
            is_ours = False
        if not is_ours:
            raise NewswatchError(f"{target} is being made by another export: wait for it, or take another name")
        yield
    finally:
        os.close(handle)


def _name(packed: Path, target: Path) -> None:
    try:
        os.link(packed, target)  # unlike a rename it takes the place of nothing
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS):
            raise
        packed.rename(target)  # a disk without links, as of a memory stick


def _pack(parts: Path, packed: Path, name: str) -> None:
    with packed.open("xb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
            for path in sorted(parts.iterdir()):
                method = zipfile.ZIP_STORED if path.name.endswith(_STORED) else zipfile.ZIP_DEFLATED
                archive.write(path, f"{name}/{path.name}", compress_type=method)
        file.flush()
        os.fsync(file.fileno())


def _remove(*paths: Path) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
