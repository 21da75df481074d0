"""The newspaper on loopback."""

from __future__ import annotations

import re
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.crash.paper import WATCHLIST, Paper, Served


class PaperServer:
    """`with PaperServer(paper) as server:` serves it at `server.step`; `server.log` is what went out.

    Who names himself `somebody step 3` is served the step 3: several crawls can be at several steps, at one address.
    """

    def __init__(self, paper: Paper) -> None:
        self.paper, self.step = paper, 0
        self.log: list[Served] = []
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.base = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> PaperServer:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def note(self, served: Served) -> None:
        """Keeps an answer, before it goes out."""
        self.log.append(served)

    def write_files(self, folder: Path) -> None:
        """The site file and the watchlist."""
        for name, text in (("sites/sielblatt.toml", self.paper.site_file.format(base=self.base)), ("watchlists/w.toml", WATCHLIST)):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        served = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # one packet an answer
            timeout = 30

            def do_GET(self) -> None:
                asked = re.search(r"\+(\S+) step (\d+)", self.headers.get("User-Agent", ""))
                who, step = (asked[1], int(asked[2])) if asked else ("", served.step)
                answer, state = served.paper.answer(self.path.partition("?")[0], step, dict(self.headers), served.base)
                served.note(Served(who, step, self.path, answer.status, answer.body, state))
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if answer.status != 304:
                    self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                with suppress(OSError):  # who was killed hangs up
                    self.wfile.write(answer.body)
                    self.wfile.flush()

            def log_message(self, *_: object) -> None:
                pass

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed is no error of a newspaper."""
