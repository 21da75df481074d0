"""What a failed download is, in the words of `story.FAULT_KINDS`."""

from __future__ import annotations

from datetime import datetime

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from newswatch.archive.recording import NotRecordedError
from newswatch.errors import ReadError, WaitError

_KINDS: tuple[tuple[type[BaseException], str], ...] = (
    (NotRecordedError, "not_recorded"),
    (ResponseDataLossError, "truncated"),
    (DownloadTimeoutError, "timeout"),
    (DownloadCancelledError, "too_large"),
)

_IGNORED = (
    ("robots.txt", "robots"),
    ("DOWNLOAD_MAXSIZE", "too_large"),
    ("max redirections", "redirect"),
)
"""Scrapy's middlewares all raise IgnoreRequest: only the sentence tells why."""


def kind_of(error: BaseException | None) -> tuple[str, str]:
    """(kind of fault, a sentence for people) of what made a download fail."""
    if isinstance(error, ReadError):
        return error.kind, _sentence(error)
    for cls, kind in _KINDS:
        if isinstance(error, cls):
            return kind, _sentence(error)
    if isinstance(error, IgnoreRequest):
        text = str(error)
        kind = next((kind for mark, kind in _IGNORED if mark in text), "http")
        return kind, text
    if isinstance(error, CannotResolveHostError):
        return "unreachable", f"no such host, or no network ({_sentence(error)})"
    return "unreachable", _sentence(error)


def until_of(error: BaseException | None) -> datetime | None:
    """When what failed may be asked for again, where its host said so."""
    return error.until if isinstance(error, WaitError) else None


def _sentence(error: BaseException | None) -> str:
    text = " ".join(str(error).split())
    return (text or type(error).__name__)[:300]
