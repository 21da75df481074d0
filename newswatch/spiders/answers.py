"""What a response holds, or why it cannot be read."""

from __future__ import annotations

from datetime import datetime

from parsel import Selector
from scrapy.http import HtmlResponse, Response

from newswatch.errors import ReadError
from newswatch.extraction.charset import decode
from newswatch.schedule import needs_whole


def check_answer(response: Response) -> None:
    """Raises ReadError where the response is no success with a body: `redirect`, `http`, `error_page`."""
    if 300 <= response.status < 400:
        target = (response.headers.get(b"Location") or b"nowhere").decode("latin-1")
        raise ReadError("redirect", f"redirected to {target[:200]}", url=response.url)
    if response.status != 200:
        raise ReadError("http", f"status {response.status}", url=response.url)
    if not response.body.strip():
        raise ReadError("error_page", "an empty page", url=response.url)


def readable(response: Response) -> Selector:
    """The parsed page of a response that is one. Raises ReadError: `http`, `not_html`, `error_page`, `charset`."""
    check_answer(response)
    body = response.body
    if not isinstance(response, HtmlResponse) or body.startswith(b"%PDF-") or b"\0" in body[:512].replace(b"\0<", b""):
        kind = (response.headers.get(b"Content-Type") or b"unknown").decode("latin-1")
        raise ReadError("not_html", f"not a web page ({kind})", url=response.url)
    text = decode(body, header_charset(response))
    return Selector(text=text, base_url=response.url, type="html")


def header_charset(response: Response) -> str | None:
    """The charset of the Content-Type header, None where it says none."""
    kind = (response.headers.get(b"Content-Type") or b"").decode("latin-1").lower()
    return kind.partition("charset=")[2].split(";")[0].strip(" \"'") or None


def validators(response: Response) -> tuple[str | None, str | None]:
    """ETag and Last-Modified, to ask again with."""
    etag, last_modified = response.headers.get(b"ETag"), response.headers.get(b"Last-Modified")
    return etag.decode("latin-1") if etag else None, last_modified.decode("latin-1") if last_modified else None


def is_conditional(response: Response) -> bool:
    """Whether the page was asked for with validators: without them no 304 can be meant for us."""
    headers = response.request.headers if response.request is not None else {}
    return b"If-None-Match" in headers or b"If-Modified-Since" in headers


def conditional(etag: str | None, last_modified: str | None, read_at: datetime | None, now: datetime) -> dict[str, str]:
    """Headers with validators; none now and then, for a server that says "not modified" for ever would hide every edit."""
    if needs_whole(read_at, now):
        return {}
    headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {k: v for k, v in headers.items() if v}
