"""Bytes to letters: what the page declares where it holds, repaired where certain, else refused."""

from __future__ import annotations

import re
from itertools import islice

from newswatch.errors import ReadError

_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
_MOJIBAKE = re.compile("[ÃÂâÐÑ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
"""UTF-8 read as Latin-1 or cp1252: \"MÃ¼ller\"."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Letters that XML cannot hold: lxml parses them and fails later."""

_FEW = 3
"""So many broken letters are a slip of the site's; more are a wrong charset."""


def decode(body: bytes, declared: str | None) -> str:
    """The text of a page. `declared` is the charset of the Content-Type header, None where it says none.

    Bytes that are good UTF-8 with letters beyond ASCII are UTF-8 whatever is declared: no other text looks like it.
    Text that was turned into UTF-8 twice is turned back. Raises ReadError (`charset`) where letters would be lost.
    """
    text = _CONTROLS.sub(" ", _decoded(body, declared))
    return _turned_back(text) if len(list(islice(_MOJIBAKE.finditer(text), _FEW))) >= _FEW else text


def _decoded(body: bytes, declared: str | None) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", errors="replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    meta = _META.search(body[:4096])
    for name in (declared, meta.group(1).decode("ascii", "replace") if meta else None):
        if name and (text := _try(body, name)) is not None:
            return text
    lenient = body.decode("utf-8", errors="replace")
    broken = lenient.count("\ufffd")
    if broken <= _FEW:
        return lenient
    if not _has_utf8_letters(body):
        return body.decode("cp1252", errors="replace")
    raise ReadError("charset", f"{broken} letters cannot be decoded; declared: {declared or 'nothing'}")


def _try(body: bytes, name: str) -> str | None:
    """The text in a declared charset that is not UTF-8; Latin-1 means cp1252, as browsers read it."""
    name = name.strip().lower()
    if name in ("utf-8", "utf8", "unicode-1-1-utf-8"):
        return None
    if name in ("latin-1", "latin1", "iso-8859-1", "iso8859-1", "us-ascii", "ascii"):
        name = "cp1252"
    try:
        return body.decode(name, errors="replace" if name == "cp1252" else "strict")
    except (LookupError, UnicodeDecodeError, ValueError):
        return None


def _has_utf8_letters(body: bytes) -> bool:
    return bool(re.search(rb"[\xc3-\xf4][\x80-\xbf]", body))


def _turned_back(text: str) -> str:
    """Text that was encoded twice, decoded once more, run by run. Raises ReadError where a run cannot be."""

    def turn(run: re.Match[str]) -> str:
        raw = b"".join(c.encode("cp1252", "ignore") or c.encode("latin-1", "ignore") for c in run.group())
        return raw.decode("utf-8")

    try:
        return re.sub(r"[\u0080-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2,400}", turn, text)
    except UnicodeDecodeError as error:
        raise ReadError("charset", "letters were garbled before the page was served (Ã¼ for ü)") from error
