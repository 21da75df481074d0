"""A loopback site that notes when it was asked, where the connection came in, and can keep silent, drip or speak TLS."""

from __future__ import annotations

import ssl
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.spiders.hostile import HTML, Answer
from tests.spiders.served import OF_THE_HOST

SILENCE, DRIP = "silence", "drip"


class TimedSite:
    """`with TimedSite() as site`: `site.pages["/politik/"]` is an answer, SILENCE or DRIP; `asked` are (path, seconds, address).

    `{home}` in a body or a header is its URL, `{port}` its port. It listens on every loopback address.
    """

    def __init__(self, certificate: Path | None = None, name: str = "127.0.0.1") -> None:
        self.pages: dict[str, Answer | str] = {}
        self.asked: list[tuple[str, float, str]] = []
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("0.0.0.0", 0), self._handler())
        self.port = self._server.server_port
        self.url = f"{'https' if certificate else 'http'}://{name}:{self.port}/"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)

    def __enter__(self) -> TimedSite:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def paths(self) -> list[str]:
        """What was asked for in order, what a host says of itself left out."""
        return [path for path, *_ in self.asked if path not in OF_THE_HOST]

    def lists(self, *hrefs: str) -> None:
        """Makes the section list these addresses."""
        items = "".join(f'<li><a href="{h}">Eine Meldung vom Deich</a></li>' for h in hrefs)
        self.pages["/politik/"] = (200, HTML, f"<html><body><main><ul>{items}</ul></main></body></html>".encode())

    def _filled(self, text: str) -> str:
        return text.replace("{home}", self.url.rstrip("/")).replace("{port}", str(self.port))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, time.monotonic(), self.connection.getsockname()[0]))
                answer = site.pages.get(self.path, (404, HTML, b"gone"))
                self.close_connection = True
                with suppress(OSError):
                    if answer == SILENCE:
                        site._over.wait(60)
                    elif isinstance(answer, str):
                        self._drip()
                    else:
                        self._send(*answer)

            def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
                body = site._filled(body.decode()).encode()
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, site._filled(value))
                self.end_headers()
                self.wfile.write(body)

            def _drip(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", HTML["Content-Type"])
                self.end_headers()
                while not site._over.wait(0.1):
                    self.wfile.write(b"<p>")

            def log_message(self, *_: object) -> None:
                pass

        return Handler
