"""Serves the three papers on loopback: one address for each, the same port for all.

    python -m newswatch.demo.server --step 0 --port 8765

Linux and Windows answer on all of 127.0.0.0/8; elsewhere 127.0.0.2 and 127.0.0.3 may have to be set up first.
"""

from __future__ import annotations

import argparse
import gzip
import socket
import sys
import threading
from contextlib import suppress
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple

from newswatch.demo.page import Page
from newswatch.demo.paper import page

ADDRESSES = {"morgenbote": "127.0.0.1", "talkurier": "127.0.0.2", "blitzblatt": "127.0.0.3"}


class Served(NamedTuple):
    """One answer: who was asked for what, and what went out (`sent` counts body bytes)."""

    host: str
    path: str
    status: int
    step: int
    sent: int


class DemoServer:
    """The three papers on loopback for as long as the `with` block lasts; set `step` whenever you like."""

    def __init__(self, port: int = 0, step: int = 0) -> None:
        """`port` 0 takes any port that is free on all three addresses."""
        self.step = step
        self.log: list[Served] = []
        self._servers = _bind(port, self)
        self.port: int = self._servers[0].server_address[1]

    def base(self, paper: str) -> str:
        """Scheme, address and port of a paper: http://127.0.0.1:8765."""
        return f"http://{ADDRESSES[paper]}:{self.port}"

    def __enter__(self) -> DemoServer:
        """Starts answering."""
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stops, and closes the connections that are still open."""
        for server in self._servers:
            server.shutdown()
            server.server_close()
            server.hang_up()


class _PaperServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, paper: str, port: int, demo: DemoServer) -> None:
        self.paper = paper
        self.demo = demo
        self._open: set[socket.socket] = set()
        super().__init__((ADDRESSES[paper], port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        for connection in tuple(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that hangs up early is no error of a newspaper.
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    server: _PaperServer

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def _serve(self) -> None:
        demo, paper = self.server.demo, self.server.paper
        step = demo.step
        answer = page(paper, self.path, step, demo.base(paper))
        status = 304 if answer.status == 200 and self._is_known(answer) else answer.status
        body, encoding = b"" if status == 304 else answer.body, ""
        if body and "gzip" in self.headers.get("Accept-Encoding", ""):
            body, encoding = gzip.compress(body, mtime=0), "gzip"
        sent = 0 if self.command == "HEAD" else len(body)
        # Before the answer goes out, so that whoever has read it finds it in the log.
        demo.log.append(Served(paper, self.path, status, step, sent))
        self._send(answer, status, body, encoding)

    def _is_known(self, answer: Page) -> bool:
        """RFC 9110, 13.2.2: If-Modified-Since counts only where there is no If-None-Match."""
        etag, wanted = answer.header("ETag"), self.headers.get("If-None-Match")
        if wanted is not None:
            tags = [tag.strip().removeprefix("W/") for tag in wanted.split(",")]
            return bool(etag) and (etag in tags or "*" in tags)
        changed, since = answer.header("Last-Modified"), self.headers.get("If-Modified-Since")
        if not changed or since is None:
            return False
        with suppress(ValueError, TypeError):
            return parsedate_to_datetime(changed) <= parsedate_to_datetime(since)
        return False

    def _send(self, answer: Page, status: int, body: bytes, encoding: str) -> None:
        self.send_response(status, HTTPStatus(status).phrase)
        for name, value in answer.headers:
            if status != 304 or name in ("ETag", "Last-Modified"):
                self.send_header(name, value)
        self.send_header("Vary", "Accept-Encoding")
        if encoding:
            self.send_header("Content-Encoding", encoding)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def version_string(self) -> str:
        return "newswatch-demo"

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: DemoServer.log is the log."""


def _bind(port: int, demo: DemoServer) -> list[_PaperServer]:
    first, *others = ADDRESSES
    for attempt in range(20):
        bound = [_PaperServer(first, port, demo)]
        try:
            for paper in others:
                bound.append(_PaperServer(paper, bound[0].server_address[1], demo))
        except OSError:
            for server in bound:
                server.server_close()
            # Only a port we chose ourselves may be chosen again.
            if port or attempt == 19:
                raise
        else:
            return bound
    raise OSError("no port is free on all three addresses")


def main() -> None:
    """Serves until Ctrl-C; the step can be typed in while it runs."""
    parser = argparse.ArgumentParser(description="Three invented newspapers on loopback.")
    parser.add_argument("--step", type=int, default=0, help="0, 1 or 2: how far the news has moved on")
    parser.add_argument("--port", type=int, default=8765, help="the same for all three addresses; 0 takes a free one")
    options = parser.parse_args()
    with DemoServer(options.port, options.step) as demo, suppress(KeyboardInterrupt):
        for paper in ADDRESSES:
            print(f"{paper:12} {demo.base(paper)}/", flush=True)
        with suppress(EOFError):
            while True:
                typed = input("Step (0, 1, 2; Ctrl-C ends): ").strip()
                if typed.isdecimal():
                    demo.step = int(typed)
        # Nobody can type: started in the background.
        threading.Event().wait()


if __name__ == "__main__":
    main()
