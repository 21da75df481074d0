"""Recorded crawls: whole, cut off, broken."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newswatch.archive.recording import NotRecordedError, Recording
from newswatch.archive.records import Exchange
from newswatch.archive.writer import SiteArchive
from newswatch.errors import NewswatchError


def record(url: str, body: bytes, headers: str = "") -> bytes:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{headers}\r\n".encode() + body
    head = f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nContent-Type: application/http; msgtype=response\r\n"
    return f"{head}Content-Length: {len(http)}\r\n\r\n".encode() + http + b"\r\n\r\n"


URLS = [f"https://www.beispiel.example/{n}" for n in range(4)]


def write(path: Path, *, packed: bool = True) -> Path:
    records = [record(url, f"page {url}".encode() * 50) for url in URLS]
    path.write_bytes(b"".join(gzip.compress(r) if packed else r for r in records))
    return path


@pytest.mark.parametrize("packed", [True, False])
def test_every_response_is_found_by_its_url(tmp_path: Path, packed: bool) -> None:
    recording = Recording(write(tmp_path / "a.warc", packed=packed))
    assert recording.problem is None
    assert [recording.get(url).body[:40].decode() for url in URLS] == [
        f"page {url}"[:40] + f"page {url}"[: 40 - len(f"page {url}")] for url in URLS
    ]


def test_what_is_not_recorded_is_an_error_with_its_url(tmp_path: Path) -> None:
    with pytest.raises(NotRecordedError) as error:
        Recording(write(tmp_path / "a.warc.gz")).get("https://www.beispiel.example/9")
    assert error.value.url == "https://www.beispiel.example/9"


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("lost", [1, 30, 120])
def test_of_a_recording_that_is_cut_off_the_whole_records_count(tmp_path: Path, packed: bool, lost: int) -> None:
    path = write(tmp_path / "a.warc", packed=packed)
    path.write_bytes(path.read_bytes()[: -max(lost, 1 if packed else 5)])
    recording = Recording(path)
    assert recording.problem and "a.warc" in recording.problem
    assert recording.get(URLS[0]).status == 200


def test_chunks_are_joined(tmp_path: Path) -> None:
    body = b"4\r\npage\r\n5\r\n more\r\n0\r\n\r\n"
    (tmp_path / "a.warc").write_bytes(record(URLS[0], body, "Transfer-Encoding: chunked\r\n"))
    assert Recording(tmp_path / "a.warc").get(URLS[0]).body == b"page more"


@pytest.mark.parametrize("content", [b"", b"nonsense", gzip.compress(b"nonsense", mtime=0)])
def test_what_is_no_recording_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.warc").write_bytes(content)
    with pytest.raises(NewswatchError, match="WARC"):
        Recording(tmp_path / "a.warc")


def test_of_a_folder_the_last_response_counts_and_a_revisit_is_what_it_refers_to(tmp_path: Path) -> None:
    for day, body in ((1, b"Monday"), (2, b"Tuesday")):
        archive = SiteArchive(tmp_path, "beispiel", {})
        exchange = Exchange(URLS[0], datetime(2026, 11, day, tzinfo=UTC), 200, ((b"ETag", b'"%d"' % day),), body)
        place = archive.keep(exchange)
        archive.keep(replace(exchange, url=URLS[1]))
        archive.keep(replace(exchange, status=404, body=b""))
        archive.keep(exchange, place)
        archive.close()
    recording = Recording(tmp_path)
    assert recording.problem is None
    assert recording.get(URLS[0]).body == recording.get(URLS[1]).body == b"Tuesday"
    assert recording.get(URLS[0]).status == 200
    with pytest.raises(NewswatchError, match="cannot be read"):
        Recording(tmp_path / "nothing")
