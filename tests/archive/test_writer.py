"""Pages are kept before they are read: WARC 1.1 that others read, whole after any kill, one file a site and day."""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator

from newswatch.archive.files import files_of, next_name, whole_length
from newswatch.archive.records import DESCRIPTION, Exchange
from newswatch.archive.stored import read_stored
from newswatch.archive.writer import SiteArchive
from newswatch.errors import ArchiveError
from newswatch.story import Archived
from tests.conftest import NOW

FILE = "beispiel/beispiel-20261122.warc.gz"
PACKED = gzip.compress(b"<html>Rat stimmt zu</html>" * 40)
EXCHANGE = Exchange(
    url="https://www.beispiel.example/politik/17/ein-fall?seite=1",
    at=NOW,
    status=200,
    headers=((b"Content-Type", b"text/html"), (b"Content-Encoding", b"gzip"), (b"Transfer-Encoding", b"chunked"), (b"X-Two", b"a\r\n b")),
    body=PACKED,
    asked=((b"User-Agent", b"newswatch"), (b"Authorization", b"Basic secret")),
    ip="192.0.2.7",
)


@pytest.fixture
def archive(tmp_path: Path) -> SiteArchive:
    return opened(tmp_path)


def opened(folder: Path) -> SiteArchive:
    return SiteArchive(folder, "beispiel", {"software": "newswatch", "description": DESCRIPTION})


def records(path: Path) -> list[tuple[dict[str, str], bytes]]:
    """Read strictly by hand: one gzip member a record, lengths and digests as they are said."""
    out = []
    rest = path.read_bytes()
    while rest:
        member = zlib.decompressobj(31)
        text = member.decompress(rest)
        assert member.eof
        rest = member.unused_data
        head, _, block = text.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        assert lines[0] == "WARC/1.1"
        fields = dict(line.split(": ", 1) for line in lines[1:])
        assert block.endswith(b"\r\n\r\n") and len(block) - 4 == int(fields["Content-Length"])
        block = block[:-4]
        assert fields["WARC-Block-Digest"] == f"sha256:{hashlib.sha256(block).hexdigest()}"
        assert re.fullmatch(r"<urn:uuid:[0-9a-f-]{36}>", fields["WARC-Record-ID"]) and fields["WARC-Date"] == "2026-11-22T12:00:00Z"
        out.append((fields, block))
    return out


def test_a_page_is_kept_as_it_came_with_what_was_asked_and_of_whom(archive: SiteArchive, tmp_path: Path) -> None:
    place = archive.keep(EXCHANGE)
    (info, said), (answer, page), (request, asked) = records(tmp_path / FILE)
    assert [r["WARC-Type"] for r in (info, answer, request)] == ["warcinfo", "response", "request"]
    assert b"reconstructed" in said
    assert answer["WARC-IP-Address"] == request["WARC-IP-Address"] == "192.0.2.7"
    assert request["WARC-Concurrent-To"] == answer["WARC-Record-ID"]
    head, _, body = page.partition(b"\r\n\r\n")
    assert body == PACKED and answer["WARC-Payload-Digest"] == f"sha256:{hashlib.sha256(PACKED).hexdigest()}"
    assert head == b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nX-Two: a  b"
    assert asked.startswith(b"GET /politik/17/ein-fall?seite=1 HTTP/1.1\r\nHost: www.beispiel.example\r\nUser-Agent: newswatch\r\n")
    assert b"secret" not in asked
    found = read_stored(tmp_path, place)
    assert (found.url, found.at, found.status, found.body) == (EXCHANGE.url, NOW, 200, PACKED)


def test_another_reader_finds_every_record_whole(archive: SiteArchive, tmp_path: Path) -> None:
    archive.keep(EXCHANGE)
    archive.keep(replace(EXCHANGE, status=404, body=b""))
    with (tmp_path / FILE).open("rb") as stream:
        assert [r.verify_block_digest() for r in ArchiveIterator(stream, parse_http=False)] == [True] * 5
    with (tmp_path / FILE).open("rb") as stream:
        payloads = [r.verify_payload_digest() for r in ArchiveIterator(stream) if r.headers["WARC-Type"] == "response"]
    assert payloads == [True, True]


def test_the_same_body_is_kept_once_a_day(archive: SiteArchive, tmp_path: Path) -> None:
    first = archive.keep(EXCHANGE)
    assert archive.keep(EXCHANGE, first) == first
    revisit, block = records(tmp_path / FILE)[3]
    answer = records(tmp_path / FILE)[1][0]
    assert revisit["WARC-Type"] == "revisit" and revisit["WARC-Refers-To"] == answer["WARC-Record-ID"]
    assert revisit["WARC-Payload-Digest"] == answer["WARC-Payload-Digest"] and PACKED not in block
    changed = archive.keep(replace(EXCHANGE, body=PACKED + b"\0"), first)
    elsewhere = archive.keep(replace(EXCHANGE, url="https://www.beispiel.example/politik/18/"), first)
    tomorrow = archive.keep(replace(EXCHANGE, at=NOW + timedelta(days=1)), first)
    assert len({first, changed, elsewhere, tomorrow}) == 4


def test_a_file_a_day_and_more_is_added_to_it_later(archive: SiteArchive, tmp_path: Path) -> None:
    first = archive.keep(EXCHANGE)
    archive.close()
    second = opened(tmp_path).keep(EXCHANGE)
    assert first.file == second.file == FILE and second.offset > first.offset
    third = archive.keep(replace(EXCHANGE, at=NOW + timedelta(days=1)))
    assert files_of(tmp_path, "beispiel") == [FILE, third.file]
    assert next_name(tmp_path, FILE) == "beispiel/beispiel-20261122.1.warc.gz"


def test_wherever_a_kill_leaves_the_file_it_is_whole_again_before_more_is_added(archive: SiteArchive, tmp_path: Path) -> None:
    first = archive.keep(EXCHANGE)
    whole = (tmp_path / FILE).stat().st_size
    archive.keep(replace(EXCHANGE, body=gzip.compress(b"WARC/1.1 " * 9)))
    archive.close()
    content = (tmp_path / FILE).read_bytes()
    request = content.rindex(b"\x1f\x8b\x08")
    for cut in {*range(whole, whole + 20), *range(whole + 20, request, 97), *range(request - 2, len(content) + 1)}:
        (tmp_path / FILE).write_bytes(content[:cut])
        length = whole_length(tmp_path / FILE)
        assert length == (whole if cut < request else request if cut < len(content) else len(content)), cut
    (tmp_path / FILE).write_bytes(content[: whole + 50])
    again = opened(tmp_path).keep(EXCHANGE)
    assert again.offset == whole and len(records(tmp_path / FILE)) == 5
    assert read_stored(tmp_path, first).body == PACKED


@pytest.mark.parametrize("cut", [0, 1, 9, 40])
def test_a_file_that_was_killed_at_its_very_beginning_begins_again(archive: SiteArchive, tmp_path: Path, cut: int) -> None:
    archive.keep(EXCHANGE)
    archive.close()
    (tmp_path / FILE).write_bytes((tmp_path / FILE).read_bytes()[:cut])
    opened(tmp_path).keep(EXCHANGE)
    assert [r["WARC-Type"] for r, _ in records(tmp_path / FILE)] == ["warcinfo", "response", "request"]


def test_a_large_page_that_ends_a_file_is_found_from_its_end(archive: SiteArchive, tmp_path: Path) -> None:
    noise = b"".join(hashlib.sha256(b"%d" % n).digest() for n in range(100_000))
    archive.keep(replace(EXCHANGE, body=noise))
    size = (tmp_path / FILE).stat().st_size
    assert size > 3 << 20 and whole_length(tmp_path / FILE) == size


def test_what_is_not_there_or_was_changed_is_said(archive: SiteArchive, tmp_path: Path) -> None:
    place = archive.keep(EXCHANGE)
    for wrong in (Archived("beispiel/no.warc.gz", 0), Archived(FILE, 0), Archived(FILE, place.offset + 3), Archived(FILE, 10**9)):
        with pytest.raises(ArchiveError):
            read_stored(tmp_path, wrong)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ArchiveError, match="cannot be written"):
        SiteArchive(tmp_path / "file", "beispiel", {}).keep(EXCHANGE)
