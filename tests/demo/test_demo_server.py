"""The three papers over real loopback."""

import gzip
import http.client
from collections.abc import Iterator

import pytest

from newswatch.demo.server import ADDRESSES, DemoServer

POLITIK = "/politik/"
SCHOOL = "/lokales/2026/11/16/dorfschule-oberlunne-bekommt-eine-werkstatt-4698.html"


@pytest.fixture
def demo() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


def ask(
    demo: DemoServer, paper: str, path: str, headers: dict[str, str] | None = None, method: str = "GET"
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection(ADDRESSES[paper], demo.port, timeout=5)
    try:
        connection.request(method, path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def test_three_papers_answer_on_three_addresses_and_one_port(demo: DemoServer) -> None:
    for paper in ADDRESSES:
        status, _, body = ask(demo, paper, "/")
        assert status == 200 and paper.capitalize().encode() in body


@pytest.mark.parametrize("path", [POLITIK, SCHOOL])
@pytest.mark.parametrize(("ours", "theirs"), [("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")])
def test_an_unchanged_page_is_a_304_and_a_changed_one_is_not(demo: DemoServer, path: str, ours: str, theirs: str) -> None:
    _, headers, _ = ask(demo, "talkurier", path)
    known = {ours: headers[theirs]}
    status, again, body = ask(demo, "talkurier", path, known)
    assert (status, body, again["ETag"]) == (304, b"", headers["ETag"])
    demo.step = 1
    assert ask(demo, "talkurier", path, known)[0] == 200


def test_if_none_match_outweighs_if_modified_since(demo: DemoServer) -> None:
    _, headers, _ = ask(demo, "talkurier", SCHOOL)
    both = {"If-None-Match": '"another"', "If-Modified-Since": headers["Last-Modified"]}
    assert ask(demo, "talkurier", SCHOOL, both)[0] == 200


@pytest.mark.parametrize("paper", ["morgenbote", "blitzblatt"])
def test_the_other_papers_have_no_validators(demo: DemoServer, paper: str) -> None:
    _, headers, _ = ask(demo, paper, "/")
    assert headers["ETag"] is None and headers["Last-Modified"] is None


def test_the_body_is_compressed_for_those_who_accept_it(demo: DemoServer) -> None:
    _, plain_headers, plain = ask(demo, "morgenbote", "/")
    _, headers, packed = ask(demo, "morgenbote", "/", {"Accept-Encoding": "gzip, br"})
    assert plain_headers["Content-Encoding"] is None and headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed) == plain and len(packed) < len(plain)


def test_head_gives_the_headers_alone(demo: DemoServer) -> None:
    _, got, body = ask(demo, "talkurier", SCHOOL)
    status, headers, nothing = ask(demo, "talkurier", SCHOOL, method="HEAD")
    assert (status, nothing) == (200, b"") and headers["Content-Length"] == got["Content-Length"] == str(len(body))


def test_the_step_can_be_set_while_it_runs_and_the_log_knows_it(demo: DemoServer) -> None:
    path = "/news/wem-gehoert-die-mega-jacht,88199.html"
    _, _, body = ask(demo, "blitzblatt", path)
    demo.step = 2
    assert ask(demo, "blitzblatt", path)[0] == 404
    first, second = demo.log
    assert first == ("blitzblatt", path, 200, 0, len(body))
    assert (second.status, second.step) == (404, 2)


def test_a_connection_is_kept_for_several_requests(demo: DemoServer) -> None:
    connection = http.client.HTTPConnection(ADDRESSES["talkurier"], demo.port, timeout=5)
    try:
        for path, status in ((POLITIK, 200), ("/nichts", 404), ("/feed.rss", 200)):
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == status
    finally:
        connection.close()


def test_the_same_port_can_be_taken_again_at_once() -> None:
    with DemoServer() as first:
        ask(first, "morgenbote", "/")
    with DemoServer(port=first.port, step=1) as second:
        assert second.port == first.port and ask(second, "morgenbote", "/")[0] == 200
