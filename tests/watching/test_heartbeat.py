"""A heartbeat is heard in order, and never costs anything where it is not."""

from __future__ import annotations

import socket

from newswatch.watching.heartbeat import Heartbeat, beat_url
from tests.watching.listener import Listener


def test_beats_are_heard_in_the_order_they_were_sent() -> None:
    said: list[str] = []
    with Listener() as listener:
        heart = Heartbeat(listener.url, said.append)
        for word in ("start", "success", "fail"):
            heart.beat(word)  # type: ignore[arg-type]
        heart.wait()
    assert listener.heard == ["/ping/17/start", "/ping/17", "/ping/17/fail"]
    assert said == []


def test_a_query_stays_behind_the_word() -> None:
    assert beat_url("https://hc.example/ping/17/?rid=4", "fail") == "https://hc.example/ping/17/fail?rid=4"
    assert beat_url("https://hc.example/ping/17/?rid=4", "success") == "https://hc.example/ping/17/?rid=4"


def test_a_heart_that_nobody_hears_says_so_once_and_without_its_secret() -> None:
    said: list[str] = []
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        heart = Heartbeat(f"http://127.0.0.1:{taken.getsockname()[1]}/secret", said.append)
        for _ in range(3):
            heart.beat("success")
        heart.wait()
    assert len(said) == 1 and said[0].startswith("the heartbeat could not be sent to 127.0.0.1: ") and "secret" not in said[0]


def test_a_server_that_refuses_is_said_too() -> None:
    said: list[str] = []
    with Listener(status=503) as listener:
        heart = Heartbeat(listener.url, said.append)
        heart.beat("success")
        heart.wait()
    assert len(said) == 1 and "503" in said[0]


def test_no_heartbeat_is_no_heartbeat() -> None:
    heart = Heartbeat(None, lambda text: None)
    heart.beat("start")
    heart.wait()
