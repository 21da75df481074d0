"""A loopback site that serves one fault a path, and good pages among them."""

from __future__ import annotations

import gzip
import sys
import threading
import zlib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

GOOD = """<html lang="de"><head><title>x</title></head><body><main><article><h1>Deich hält stand {n}</h1>
<p>Die Deichgräfin Ada Quint hat am Morgen Entwarnung gegeben, nachdem das Wasser in der Nacht um einen halben Meter gefallen war.</p>
<p>In Nordhusum blieb die Schule geschlossen. Der Bürgermeister sprach von einer Nacht, die man so schnell nicht vergessen werde.</p>
</article></main></body></html>"""


def good(n: object = 1) -> bytes:
    return GOOD.format(n=n).encode()


Answer = tuple[int, dict[str, str], bytes]
HTML = {"Content-Type": "text/html; charset=utf-8"}

GARBLED = GOOD.format(n=1).replace("ä", "Ã¤").replace("ü", "Ã¼¼¼")
"""Turned into UTF-8 twice, and not only that: it cannot be turned back with certainty."""

WALL = (
    "<html><body><main><h1>Ihre Privatsphäre</h1><p>Wir und unsere 214 Partner verwenden Cookies. Mit Werbung weiterlesen oder"
    " Pur-Abo abschließen.</p><button>Alle akzeptieren</button></main></body></html>"
)


def _bomb(packer: Any) -> bytes:
    """A page of 1 GiB, packed; made a megabyte at a time."""
    pack = packer.process if hasattr(packer, "process") else packer.compress
    end = packer.finish if hasattr(packer, "finish") else packer.flush
    return b"".join([pack(b"<p>"), *(pack(b"0" * 2**20) for _ in range(1024)), end()])


def _encoded(name: str, body: bytes) -> Answer:
    return 200, {**HTML, "Content-Encoding": name}, body


def _broken_chunks() -> bytes:
    return b"2000\r\n" + good() + b"\r\nzzz\r\n" + good()


FAULTS: dict[str, tuple[str, Callable[[], Answer]]] = {
    "truncated-gzip": ("truncated", lambda: (200, {**HTML, "Content-Encoding": "gzip"}, gzip.compress(good() * 50)[:-200])),
    "truncated-brotli": ("truncated", lambda: _encoded("br", brotli.compress(good() * 50)[:-20])),
    "truncated-zstd": ("truncated", lambda: _encoded("zstd", zstd.compress(good() * 50)[:-20])),
    "gzip-bomb": ("too_large", lambda: _encoded("gzip", _bomb(zlib.compressobj(1, wbits=31)))),
    "brotli-bomb": ("too_large", lambda: _encoded("br", _bomb(brotli.Compressor(quality=1)))),
    "zstd-bomb": ("too_large", lambda: _encoded("zstd", _bomb(zstd.ZstdCompressor(level=1)))),
    "plain-100mb": ("too_large", lambda: (200, HTML, b"<p>" + b"0" * (100 * 2**20))),
    "short-of-its-length": ("truncated", lambda: (200, {**HTML, "Content-Length": "99999"}, good())),
    "without-a-length": ("truncated", lambda: (200, {**HTML, "Content-Length": ""}, good()[:-60])),
    "broken-chunks": ("truncated", lambda: (200, {**HTML, "Content-Length": "", "Transfer-Encoding": "chunked"}, _broken_chunks())),
    "binary": ("not_html", lambda: (200, {"Content-Type": "application/octet-stream"}, bytes(range(256)) * 40)),
    "pdf-as-html": ("not_html", lambda: (200, HTML, b"%PDF-1.7\n" + bytes(range(256)) * 40)),
    "wrong-charset": ("charset", lambda: (200, HTML, "<h1>Müller</h1><p>grün süß schön</p>".encode() + b"\xff\xfe\xfd \x81\x8d " * 30)),
    "nested": ("nesting", lambda: (200, HTML, b"<html><body>" + b"<div>" * 5000 + good() + b"</div>" * 5000)),
    "empty": ("error_page", lambda: (200, HTML, b"")),
    "soft-404": ("error_page", lambda: (200, HTML, b"<html><body><h1>Seite nicht gefunden</h1><p>Fehler 404</p></body></html>")),
    "server-error": ("http", lambda: (500, HTML, b"oops")),
    "forbidden": ("http", lambda: (403, HTML, b"no")),
    "off-site": ("redirect", lambda: (302, {"Location": "http://elsewhere.invalid/"}, b"")),
    "loop": ("redirect", lambda: (302, {"Location": "/politik/{key}/loop"}, b"")),
    "no-text": ("layout", lambda: (200, HTML, b"<html><body><h1>Titel</h1>" + b"<a href='/'>Mehr lesen</a> " * 200 + b"</body></html>")),
    "garbled": ("charset", lambda: (200, HTML, GARBLED.encode())),
    "consent-wall": ("consent", lambda: (200, HTML, WALL.encode())),
    "private-file": ("redirect", lambda: (302, {"Location": "file:///etc/hostname"}, b"")),
    "data-address": ("redirect", lambda: (302, {"Location": "data:text/html,<h1>Titel</h1>"}, b"")),
    "ftp-address": ("redirect", lambda: (302, {"Location": "ftp://127.0.0.1/x"}, b"")),
}
GOOD_PAGES = 3


class HostileSite:
    """`with HostileSite() as site:` serves on 127.0.0.1, `site.url` is its home; `site.asked` are the paths in order."""

    def __init__(self, faults: dict[str, tuple[str, Callable[[], Answer]]] | None = None) -> None:
        self.faults = FAULTS if faults is None else faults
        self.keys = {str(100 + i): name for i, name in enumerate(self.faults)}
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.robots: bytes | None = None
        self.pages = GOOD_PAGES
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> HostileSite:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str) -> Answer:
        if path == "/robots.txt":
            return (404, {}, b"") if self.robots is None else (200, {"Content-Type": "text/plain"}, self.robots)
        if path.startswith("/.well-known/"):
            return 404, HTML, b""
        if path == "/politik/":
            hrefs = [f"/politik/{key}/{name}" for key, name in self.keys.items()]
            hrefs += [f"/politik/{n}/gut" for n in range(1, self.pages + 1)] + ["http://[::1", "javascript:void(0)", "mailto:a@b.example"]
            return 200, HTML, ("<main>" + "".join(f'<p><a href="{h}">Eine Meldung</a></p>' for h in hrefs) + "</main>").encode()
        key = path.split("/")[2]
        if key in self.keys:
            status, headers, body = self.faults[self.keys[key]][1]()
            return status, {k: v.replace("{key}", key) for k, v in headers.items()}, body
        return 200, HTML, good(key)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                site.agents.add(self.headers.get("User-Agent", ""))
                status, headers, body = site.answer(self.path)
                try:
                    self.send_response(status)
                    for name, value in {"Content-Length": str(len(body)), **headers}.items():
                        if value:
                            self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(body)
                except (TimeoutError, BrokenPipeError, ConnectionResetError):
                    pass
                self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        return Handler
