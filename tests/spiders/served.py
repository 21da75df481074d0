"""A loopback site of given answers, with validators: what was asked for, and how."""

from __future__ import annotations

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.spiders.hostile import HTML, Answer

OF_THE_HOST = ("/robots.txt", "/.well-known/tdmrep.json")
"""What is asked of every host before its pages."""

XML = {"Content-Type": "application/xml; charset=utf-8"}


class ServedSite:
    """`with ServedSite() as site`: `site.pages["/politik/"] = (200, HTML, b"...")`; `{home}` in a body is its URL.

    Successes carry an ETag and answer 304 to it. `asked` are (path, status) in order. An unknown path is a 404.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[tuple[str, int]] = []
        self.lies = ""
        """An ETag that stays the same whatever a page says."""
        self._server = ThreadingHTTPServer((host, 0), self._handler())
        self.url = f"http://{host}:{self._server.server_port}/"

    def __enter__(self) -> ServedSite:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def paths(self, status: int | None = None) -> list[str]:
        """What was asked for since the last `asked.clear()`, what a host says of itself left out."""
        return [path for path, answered in self.asked if path not in OF_THE_HOST and status in (None, answered)]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, headers, body = site.pages.get(self.path, (404, HTML, b"gone"))
                body = body.replace(b"{home}", site.url.rstrip("/").encode())
                etag = site.lies or f'"{hashlib.sha256(body).hexdigest()[:16]}"'
                if status == 200 and self.headers.get("If-None-Match") == etag:
                    status, body = 304, b""
                site.asked.append((self.path, status))
                self.send_response(status)
                for name, value in {**headers, "ETag": etag, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler
