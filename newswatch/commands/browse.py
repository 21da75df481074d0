"""`scrapy browse`: the stories, their edits and their actors, in a web browser."""

from __future__ import annotations

import argparse
import asyncio
import errno
import os
import sys
import threading
import webbrowser
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newswatch.errors import NewswatchError, StoreError
from newswatch.store import open_store
from newswatch.store.runs import EXIT_STORE
from newswatch.watching.chosen import read_selection

PORT = 8001


class Command(ScrapyCommand):
    """0 ended by the user, 2 the address is taken, 74 the database cannot be read."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[options]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Browse stories, edits and actors in a web browser, on this machine only unless told"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """--port, --host, --open, --share, --sql, --name."""
        super().add_options(parser)
        parser.add_argument("--port", type=int, default=PORT, help="0: any that is free (%(default)s)")
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on; only this machine can reach it (%(default)s)")
        parser.add_argument("--open", action="store_true", help="open it in your web browser")
        parser.add_argument("--share", action="store_true", help="for others' eyes: headlines, snippets and links, no texts, no raw tables")
        parser.add_argument("--sql", action="store_true", help="let whoever sees it ask any SQL, read only")
        parser.add_argument("--name", action="append", default=[], help="a name that a proxy before it passes on, as in news.example.org")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Upgrades the database if need be, then serves until it is interrupted."""
        from newswatch.web.serving import Profile, face  # Datasette is slow to load: only where it is needed

        if args:
            raise UsageError("scrapy browse takes no arguments")
        if not 0 <= opts.port <= 65535:
            raise UsageError(f"--port {opts.port}: a port is 0 to 65535")
        if opts.share and opts.sql:
            raise UsageError("--share shows no raw tables, --sql shows them all: choose one")
        database = Path(self.settings["DATABASE"])  # type: ignore[index]
        if not database.exists():
            print(f"{database} is not there yet: crawl a site first, as in: scrapy crawl t-online", file=sys.stderr)
            self.exitcode = EXIT_STORE
            return
        try:
            open_store(database).close()
        except StoreError as error:
            print(error, file=sys.stderr)
            self.exitcode = EXIT_STORE
            return
        archive, sites = (self.settings.get(name) for name in ("WARC_DIR", "SITES_DIR"))  # type: ignore[union-attr]
        own = Path(sites) if sites else None
        profile = Profile(opts.share, opts.sql, tuple(opts.name), Path(archive) if archive else None, own, self._watched(own))
        self.exitcode = asyncio.run(_serve(face(database, profile), opts.host, opts.port, _teller(database, opts)))

    def _watched(self, own_sites: Path | None) -> tuple[str, ...]:
        """The sites that are switched on; none where the file cannot be read: `scrapy watch` tells why."""
        file = self.settings.get("WATCH_FILE")  # type: ignore[union-attr]
        try:
            return tuple(read_selection(Path(file), own_sites).sites) if file else ()
        except NewswatchError:
            return ()


def _teller(database: Path, opts: argparse.Namespace) -> Callable[[int], None]:
    """Says where it is, and opens it if that was asked."""

    def tell(port: int) -> None:
        host = f"[{opts.host}]" if ":" in opts.host else opts.host
        url = f"http://{'127.0.0.1' if opts.host in ('0.0.0.0', '::') else host}:{port}/"
        print(f"{database} is at {url}  (Ctrl-C ends it)", flush=True)
        if opts.host not in ("127.0.0.1", "::1", "localhost") and not opts.share:
            print(f"  Whoever reaches {opts.host} can read every text in it. For others' eyes: --share", file=sys.stderr, flush=True)
        if opts.open:
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

    return tell


async def _serve(datasette: Any, host: str, port: int, tell: Callable[[int], None]) -> int:
    """Until it is interrupted; the exit code."""
    import socket

    import uvicorn

    await datasette.invoke_startup()
    try:
        info = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.create_server(info[4][:2], family=info[0])
    except OSError as error:
        other = "--port" if error.errno in (errno.EADDRINUSE, errno.EACCES) else "--host"
        print(f"{host}:{port} cannot be listened on ({os.strerror(error.errno or 0)}): choose another with {other}", file=sys.stderr)
        return 2
    server = uvicorn.Server(uvicorn.Config(datasette.app(), log_level="warning", lifespan="on", server_header=False))
    run: Awaitable[None] = server.serve(sockets=[listener])
    tell(listener.getsockname()[1])
    await run
    return 0
