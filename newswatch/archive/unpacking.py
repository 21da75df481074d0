"""The content coding of a kept body undone."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterable
from typing import Any

import brotli

from newswatch.errors import ArchiveError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_CHUNK = 1 << 20


def unpacked(headers: Iterable[tuple[str, str]], body: bytes, most: int) -> bytes:
    """The body of a kept answer as its readers see it. Raises ArchiveError where it is broken or has more than `most` bytes.

    A coding that is not known is left as it is, as Scrapy does.
    """
    codings = [part.strip().lower() for name, value in headers if name.lower() == "content-encoding" for part in value.split(",")]
    for coding in reversed(codings):
        try:
            if coding in ("gzip", "x-gzip"):
                body = _members(body, most)
            elif coding == "deflate":
                body = _inflated(body, most)
            elif coding == "br":
                body = _brotli(body, most)
            elif coding == "zstd":
                body = _all_of(zstd.ZstdDecompressor(), body, most)
            else:
                return body
        except (zlib.error, zstd.ZstdError, brotli.error, EOFError) as error:
            raise ArchiveError(f"the {coding} body is broken: {error}") from error
    return body


def _members(body: bytes, most: int) -> bytes:
    out = b""
    while body[:2] == b"\x1f\x8b":
        unpacker = zlib.decompressobj(31)
        out += _all_of(unpacker, body, most - len(out))
        body = unpacker.unused_data
    return out


def _inflated(body: bytes, most: int) -> bytes:
    """With the zlib header, or bare as some servers send it."""
    try:
        return _all_of(zlib.decompressobj(), body, most)
    except zlib.error:
        return _all_of(zlib.decompressobj(-15), body, most)


def _brotli(body: bytes, most: int) -> bytes:
    unpacker = brotli.Decompressor()
    out = [unpacker.process(body, output_buffer_limit=_CHUNK)]
    while not unpacker.is_finished() and not unpacker.can_accept_more_data() and sum(map(len, out)) <= most:
        out.append(unpacker.process(b"", output_buffer_limit=_CHUNK))
    return _within(b"".join(out), most)


def _all_of(unpacker: Any, body: bytes, most: int) -> bytes:
    return _within(unpacker.decompress(body, most + 1), most)


def _within(text: bytes, most: int) -> bytes:
    if len(text) > most:
        raise ArchiveError(f"the body has more than {most:,} bytes")
    return text
