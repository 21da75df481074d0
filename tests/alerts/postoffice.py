"""A scripted mail server on loopback that logs what it accepts."""

from __future__ import annotations

import socket
import time
from email import message_from_bytes
from pathlib import Path
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class PostOffice:
    """`with PostOffice() as office:` listens on `office.port`. `script` maps a recipient to what becomes of mails to it.

    "450 text" or "550 text" answers RCPT; "data 451 text" answers DATA; "drop" takes the mail and ends the connection before it
    says so; "stall" takes it and says so after a second.
    """

    def __init__(self, script: dict[str, str] | None = None, log: Path | None = None, **controller: Any) -> None:
        self.script = script or {}
        self.accepted: list[tuple[str, str]] = []
        """(recipient, Message-ID), in order."""
        self.contents: list[bytes] = []
        self._log = log
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **controller)

    def __enter__(self) -> PostOffice:
        self._controller.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._controller.stop()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        verdict = self.script.get(address, "")
        if verdict[:1] in ("4", "5"):
            return verdict
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        (address,) = envelope.rcpt_tos
        verdict = self.script.get(address, "")
        if verdict.startswith("data "):
            return verdict.removeprefix("data ")
        identity = str(message_from_bytes(envelope.content)["Message-ID"])
        self.accepted.append((address, identity))
        self.contents.append(envelope.content)
        if self._log:
            with self._log.open("a", encoding="ascii") as file:
                file.write(f"{address} {identity}\n")
        if verdict == "drop":
            server.transport.abort()
        if verdict == "stall":
            time.sleep(1)
        return "250 taken"
