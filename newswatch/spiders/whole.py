"""Downloader middleware: a body that ended early never reaches a reader.

Scrapy hands on what came of a truncated gzip, brotli or zstd body as if it were the page.
"""

from __future__ import annotations

import sys
import zlib
from typing import Any

import brotli
from scrapy import Request
from scrapy.http import Response

from newswatch.errors import ReadError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_CHUNK = 1 << 18
ENOUGH = 64 << 20
"""Bytes unpacked; above DOWNLOAD_MAXSIZE."""


class WholeBodyMiddleware:
    """Refuses bodies that are not whole; stands between the downloader and decompression."""

    def process_response(self, request: Request, response: Response) -> Response:
        """The response as it is. Raises ReadError (`truncated`)."""
        if "partial" in response.flags or "dataloss" in response.flags:
            raise ReadError("truncated", "the connection ended before the page did", url=response.url)
        encoding = (response.headers.get(b"Content-Encoding") or b"").strip().lower()
        if response.body and request.method != "HEAD" and not is_whole(response.body, encoding.decode("latin-1")):
            raise ReadError("truncated", f"the {encoding.decode('latin-1')} body ends early", url=response.url)
        return response


def is_whole(body: bytes, encoding: str) -> bool:
    """Whether a compressed body ends where its format says; True for encodings that do not say.

    Holds a quarter of a megabyte at a time and stops after ENOUGH, where the size limit of the download refuses it.
    """
    if encoding in ("gzip", "x-gzip"):
        return _gzip_is_whole(body)
    if encoding == "br":
        return _brotli_is_whole(body)
    if encoding == "zstd":
        return _ends(zstd.ZstdDecompressor(), body)
    return True


def _gzip_is_whole(body: bytes) -> bool:
    """All members of it; bytes behind the last that are no gzip are padding."""
    for _ in range(1000):
        unpacker = zlib.decompressobj(31)
        if not _ends(unpacker, body):
            return False
        if unpacker.unused_data[:2] != b"\x1f\x8b":
            return True
        body = unpacker.unused_data
    return False


def _ends(unpacker: Any, body: bytes) -> bool:
    try:
        size = len(unpacker.decompress(body, _CHUNK))
        while not unpacker.eof and size < ENOUGH:
            rest = getattr(unpacker, "unconsumed_tail", b"")
            more = len(unpacker.decompress(rest, _CHUNK))
            if not more and not rest:
                return bool(unpacker.eof)
            size += more
    except (zlib.error, zstd.ZstdError):
        return False
    return True


def _brotli_is_whole(body: bytes) -> bool:
    unpacker = brotli.Decompressor()
    try:
        size = len(unpacker.process(body, output_buffer_limit=_CHUNK))
        while not unpacker.is_finished() and not unpacker.can_accept_more_data() and size < ENOUGH:
            size += len(unpacker.process(b"", output_buffer_limit=_CHUNK))
    except brotli.error:
        return False
    return bool(unpacker.is_finished()) or size >= ENOUGH
