"""Loopback sites whose pages are made by scripts: 127.0.0.1 is the site, 127.0.0.2 somebody else's host."""

from __future__ import annotations

import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from newswatch.spiders.render import INSTALL, browser
from tests.spiders.hostile import HTML, Answer, good

STRANGER = "127.0.0.2"

needs_browser = pytest.mark.skipif(browser() is None and not os.environ.get("CI"), reason=INSTALL)
"""In CI a missing browser fails the test."""

WALL = "<div id='wall'><p>Wir und unsere Partner möchten Cookies setzen.</p><button id='yes'>Alle akzeptieren</button></div>"


def links(*hrefs: str) -> str:
    """The script that makes a list of links, a moment after the page is loaded."""
    made = "".join(f'<p><a href="{h}">Eine Meldung</a></p>' for h in hrefs)
    return f"<main id=m></main><script>fetch('/api').then(() => {{ m.innerHTML = `{made}` }})</script>"


def story(n: int) -> str:
    """A page whose story is made by a script."""
    body = good(n).decode().split("<body>")[1].split("</body>")[0]
    return f"<html lang=de><body><div id=m></div><script>m.innerHTML = `{body}`</script></body></html>"


class ScriptedSite:
    """`with ScriptedSite({"/politik/": "<html>..."}) as site`: `asked` are (host, path) in order, `url` is the home on 127.0.0.1.

    `{stranger}` in a page is the same server under the other address. A page may be an answer: (status, headers, body).
    """

    def __init__(self, pages: dict[str, str | Answer]) -> None:
        self.pages = pages
        self.asked: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.hang = threading.Event()
        self._server = ThreadingHTTPServer(("0.0.0.0", 0), self._handler())
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}/"

    def __enter__(self) -> ScriptedSite:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.hang.set()
        self._server.shutdown()
        self._server.server_close()

    def paths(self, host: str = "127.0.0.1") -> list[str]:
        """What a host was asked for."""
        return [path for h, path in self.asked if h == host]

    def answer(self, path: str) -> Answer:
        if path == "/hang.js":
            self.hang.wait(60)
        page = self.pages.get(path)
        if page is None:
            return (404, HTML, b"") if path != "/api" else (200, HTML, b"{}")
        if isinstance(page, str):
            return 200, HTML, page.replace("{stranger}", f"http://{STRANGER}:{self.port}").encode()
        status, headers, body = page
        return status, {k: v.replace("{stranger}", f"http://{STRANGER}:{self.port}") for k, v in headers.items()}, body

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.headers["Host"].split(":")[0], self.path))
                site.headers.append({k.lower(): v for k, v in self.headers.items()})
                status, headers, body = site.answer(self.path)
                try:
                    self.send_response(status)
                    for name, value in {"Content-Length": str(len(body)), **headers}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(body)
                except (TimeoutError, BrokenPipeError, ConnectionResetError):
                    pass
                self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        return Handler
