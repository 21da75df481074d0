"""A loopback site that serves one fault a path, and good pages among them."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli

GOOD = """<html lang="de"><head><title>x</title></head><body><main><article><h1>Deich hält stand {n}</h1>
<p>Die Deichgräfin Ada Quint hat am Morgen Entwarnung gegeben, nachdem das Wasser in der Nacht um einen halben Meter gefallen war.</p>
<p>In Nordhusum blieb die Schule geschlossen. Der Bürgermeister sprach von einer Nacht, die man so schnell nicht vergessen werde.</p>
</article></main></body></html>"""


def good(n: object = 1) -> bytes:
    return GOOD.format(n=n).encode()


Answer = tuple[int, dict[str, str], bytes]
HTML = {"Content-Type": "text/html; charset=utf-8"}


def _zipped_bomb() -> bytes:
    return gzip.compress(b"<p>" + b"0" * (300 * 2**20), compresslevel=9)


FAULTS: dict[str, tuple[str, Callable[[], Answer]]] = {
    "truncated-gzip": ("truncated", lambda: (200, {**HTML, "Content-Encoding": "gzip"}, gzip.compress(good() * 50)[:-200])),
    "truncated-brotli": ("truncated", lambda: (200, {**HTML, "Content-Encoding": "br"}, brotli.compress(good() * 50)[:-20])),
    "gzip-bomb": ("too_large", lambda: (200, {**HTML, "Content-Encoding": "gzip"}, _zipped_bomb())),
    "plain-100mb": ("too_large", lambda: (200, HTML, b"<p>" + b"0" * (100 * 2**20))),
    "short-of-its-length": ("truncated", lambda: (200, {**HTML, "Content-Length": "99999"}, good())),
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
    "private-file": ("redirect", lambda: (302, {"Location": "file:///etc/hostname"}, b"")),
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
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(body)
                except (TimeoutError, BrokenPipeError, ConnectionResetError):
                    pass
                self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        return Handler
