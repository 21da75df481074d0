"""Pure: one exchange with a site as records of WARC 1.1 (ISO 28500:2017), each a gzip member of its own."""

from __future__ import annotations

import gzip
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlsplit
from uuid import uuid4

from fastwarc.warc import WarcRecord, WarcRecordType

_REVISIT = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_UNSAID = frozenset([b"authorization", b"proxy-authorization", b"cookie"])
"""Headers of a request that are nobody's business."""

RENDERED = "rendered by a browser: the page as its scripts left it, not as it came over the wire"
DESCRIPTION = (
    "Bodies of answers are as they came over the wire, content coding kept, transfer coding undone."
    " The first line of each request and answer and the order and case of headers are reconstructed;"
    " Transfer-Encoding is left out, and so are passwords and cookies of requests."
    " Records marked WARC-X-Note hold what a browser made of a page."
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer."""

    url: str
    at: datetime
    """When the answer had come, UTC."""
    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    """Content coding kept."""
    asked: tuple[tuple[bytes, bytes], ...] = ()
    """The headers of the request."""
    ip: str | None = None
    """The address that was connected to."""
    is_rendered: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """A record that holds the same payload."""

    record_id: str
    date: str


def payload_digest(body: bytes) -> str:
    """As it stands in WARC-Payload-Digest."""
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def exchange_members(exchange: Exchange, same: Kept | None = None) -> bytes:
    """The answer and its request, two gzip members; `same`: a record that has the body already, which is not kept twice."""
    answer_id, digest = f"<urn:uuid:{uuid4()}>", payload_digest(exchange.body)
    common = {"WARC-Target-URI": exchange.url, **({"WARC-IP-Address": exchange.ip} if exchange.ip else {})}
    more = {"WARC-Record-ID": answer_id, **common, "WARC-Payload-Digest": digest}
    if exchange.is_rendered:
        more["WARC-X-Note"] = RENDERED
    head = _answer_head(exchange)
    if same:
        more |= {
            "WARC-Profile": _REVISIT,
            "WARC-Refers-To": same.record_id,
            "WARC-Refers-To-Target-URI": exchange.url,
            "WARC-Refers-To-Date": same.date,
        }
    kind, block = (WarcRecordType.revisit, head) if same else (WarcRecordType.response, head + exchange.body)
    answer = _member(kind, exchange.at, "application/http; msgtype=response", block, more)
    request = _member(
        WarcRecordType.request,
        exchange.at,
        "application/http; msgtype=request",
        _request_head(exchange),
        {**common, "WARC-Concurrent-To": answer_id},
    )
    return answer + request


def info_member(file: str, at: datetime, fields: Mapping[str, str]) -> bytes:
    """The warcinfo record that a file begins with."""
    block = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in fields.items()).encode()
    return _member(WarcRecordType.warcinfo, at, "application/warc-fields", block, {"WARC-Filename": file.rpartition("/")[2]})


def _member(kind: WarcRecordType, at: datetime, content_type: str, block: bytes, more: Mapping[str, str]) -> bytes:
    record = WarcRecord()
    record.init_headers(record_type=kind)
    record.headers["WARC-Date"] = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    record.headers["Content-Type"] = content_type
    record.headers["WARC-Block-Digest"] = payload_digest(block)
    for name, value in more.items():
        record.headers[name] = value
    record.set_bytes_content(block)
    stream = io.BytesIO()
    record.write(stream)
    return gzip.compress(stream.getvalue(), 6, mtime=0)


def _answer_head(exchange: Exchange) -> bytes:
    try:
        phrase = HTTPStatus(exchange.status).phrase
    except ValueError:
        phrase = ""
    return f"HTTP/1.1 {exchange.status} {phrase}\r\n".encode() + _lines(exchange.headers, frozenset([b"transfer-encoding"]))


def _request_head(exchange: Exchange) -> bytes:
    parts = urlsplit(exchange.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = parts.netloc.rpartition("@")[2]
    first = f"GET {target} HTTP/1.1\r\nHost: {host}\r\n".encode(errors="replace")
    return first + _lines(exchange.asked, _UNSAID | {b"host"})


def _lines(headers: Iterable[tuple[bytes, bytes]], without: frozenset[bytes]) -> bytes:
    """Headers and the empty line; no header can begin another."""
    lines = [k + b": " + b" ".join(v.splitlines()) for k, v in headers if k.lower() not in without]
    return b"\r\n".join([*lines, b"", b""])
