"""From the outbox to the mail server, or into files where there is none. What fails is tried again for four days, then dead and shown."""

from __future__ import annotations

import os
import re
import smtplib
import socket
import sqlite3
import ssl
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from newswatch.alerts.render import address_of
from newswatch.alerts.subscriptions import Mail
from newswatch.errors import ConfigError, NewswatchError
from newswatch.faultpoints import fault
from newswatch.store import outbox
from newswatch.store.outbox import Queued

PASSWORD = "NEWSWATCH_SMTP_PASSWORD"

GIVEN_UP_AFTER = timedelta(days=4)
"""RFC 5321, 4.5.4.1: four to five days."""

_WAITS = (1, 5, 15, 60, 120, 240, 480, 720)
"""Minutes before the next try, by how many failed; the last one repeats."""

CONNECT_SECONDS, ANSWER_SECONDS = 60, 600
"""RFC 5321, 4.5.3.2: ten minutes for the answer to the end of the data."""


_ADDRESS = re.compile(r"[^\s<>\"']+@[^\s<>\"']+")
"""What is kept of a failure names nobody."""


class RefusedError(NewswatchError):
    """This mail will never be taken: its recipient or its content is refused for good."""


class LaterError(NewswatchError):
    """This mail cannot be taken now."""


class DownError(NewswatchError):
    """Nothing can be sent now: no connection, or the server does not let us in."""


class Carrier(Protocol):
    """Takes mails one after the other."""

    def carry(self, mail: Queued) -> None:
        """Hands it over whole. Raises RefusedError, LaterError or DownError."""

    def close(self) -> None:
        """Ends what was begun."""


@dataclass
class Files:
    """Mails as .eml files; a mail that was written before is written over by itself."""

    folder: Path

    def carry(self, mail: Queued) -> None:
        """One file; it has its name only when it is whole."""
        name = f"{mail.made_at:%Y-%m-%d-%H%M}-{mail.message_id.strip('<>').partition('@')[0][:12]}.eml"
        part = self.folder / f".{name}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            fault("send.before_file")
            part.write_bytes(mail.content)
            part.replace(self.folder / name)
        except OSError as error:
            raise DownError(f"{self.folder} cannot be written: {error.strerror}") from error

    def close(self) -> None:
        """Nothing to end."""


@dataclass
class Smtp:
    """Mails over SMTP, one connection for all of a pass. The password is in no message and no log."""

    mail: Mail
    password: str | None = None
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    answer_seconds: float = ANSWER_SECONDS
    _server: smtplib.SMTP | None = None

    def carry(self, mail: Queued) -> None:
        """MAIL, RCPT, DATA. After the data nobody knows whether a lost connection means that it was taken: it is sent again then."""
        server = self._server or self._connect()
        self._server = server
        try:
            _ask(server.mail(address_of(self.mail.sender)))
            _ask(server.rcpt(address_of(mail.recipient)))
            fault("send.before_data")
            if server.sock:
                server.sock.settimeout(self.answer_seconds)
            _ask(server.data(mail.content))
            if server.sock:
                server.sock.settimeout(CONNECT_SECONDS)
            fault("send.accepted")
        except (RefusedError, LaterError):
            self._reset(server)
            raise
        except smtplib.SMTPServerDisconnected as error:
            self.close()
            raise LaterError("the server ended the connection") from error
        except smtplib.SMTPResponseException as error:  # the answer to DATA itself
            self._reset(server)
            raise _verdict(error.smtp_code, error.smtp_error) from None
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise LaterError(f"the server did not answer: {_plain(error)}") from error

    def _reset(self, server: smtplib.SMTP) -> None:
        try:
            server.rset()
        except (OSError, smtplib.SMTPException):
            self.close()

    def _connect(self) -> smtplib.SMTP:
        host, tls = self.mail.host or "localhost", self.mail.security == "tls"
        port = self.mail.port or (465 if tls else 587 if self.mail.security == "starttls" else 25)
        server: smtplib.SMTP | None = None
        try:
            server = smtplib.SMTP_SSL(timeout=CONNECT_SECONDS, context=self.context) if tls else smtplib.SMTP(timeout=CONNECT_SECONDS)
            server._host = host  # type: ignore[attr-defined]  # what the certificate must be for: only the constructor that connects sets it
            self._let_in(server, host, port)
            return server
        except (OSError, smtplib.SMTPException) as error:
            if server is not None:
                server.close()
            raise DownError(f"{host}:{port} {_why_down(error)}") from (
                None if isinstance(error, smtplib.SMTPAuthenticationError) else error
            )

    def _let_in(self, server: smtplib.SMTP, host: str, port: int) -> None:
        code, _ = server.connect(host, port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, "not ready")
        server.ehlo_or_helo_if_needed()
        if self.mail.security == "starttls":
            server.starttls(context=self.context)
            server.ehlo()
        if self.mail.user and self.password is not None:
            server.login(self.mail.user, self.password)

    def close(self) -> None:
        """Says good-bye where somebody still listens."""
        server, self._server = self._server, None
        if server is not None:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()


def _why_down(error: BaseException) -> str:
    """What is behind `host:port`. The password stands in no error of smtplib's but could stand in a server's answer: that is left out."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"does not accept user and password: look at [mail] in alerts.toml and at {PASSWORD}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"offers no {'STARTTLS' if 'STARTTLS' in str(error) else 'log-in'}: look at security and port"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"has a certificate that is not trusted ({error.verify_message})"
    return f"cannot be reached: {_plain(error)}"


def _ask(answer: tuple[int, bytes]) -> None:
    code, text = answer
    if code not in (250, 251):
        raise _verdict(code, text)


def _verdict(code: int, text: bytes | str) -> RefusedError | LaterError:
    """By the first digit: 5 is for good (RFC 5321, 4.2.1). 421 and all else is not."""
    said = (text.decode("utf-8", "replace") if isinstance(text, bytes) else text).splitlines()
    sentence = f"{code} {said[0][:200] if said else ''}".strip()
    return RefusedError(sentence) if 500 <= code < 600 else LaterError(sentence)


def _plain(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, socket.gaierror):
        return "no such host, or no network"
    return str(getattr(error, "strerror", None) or error)


def read_password(mail: Mail, alerts: Path, env: Mapping[str, str] = os.environ) -> str | None:
    """The password: from the environment, else from the file that is named in `alerts`, the file with [mail].

    Raises ConfigError where a user has none, or others can read the file.
    """
    if mail.user is None:
        return None
    if env.get(PASSWORD):
        return env[PASSWORD]
    if mail.password_file is None:
        raise ConfigError([f"{alerts}: mail: no password for {mail.user}: set {PASSWORD}, or password_file to a file that holds it alone"])
    path = alerts.parent / mail.password_file
    try:
        if path.stat().st_mode & 0o077:
            raise ConfigError([f"{alerts}: mail: password_file: others can read {path}: chmod 600 {path}"])
        return path.read_text(encoding="utf-8").strip("\r\n")
    except OSError as error:
        raise ConfigError([f"{alerts}: mail: password_file: {path} cannot be read: {error.strerror}"]) from error


def next_try(attempts: int, made_at: datetime, now: datetime) -> datetime | None:
    """When a mail that failed once more is tried again; None: never, it is dead."""
    at = now + timedelta(minutes=_WAITS[min(attempts, len(_WAITS) - 1)])
    return at if at < made_at + GIVEN_UP_AFTER or made_at > now else None


def send(
    db: sqlite3.Connection, carrier_of: Callable[[str], Carrier], now: datetime, progress: Callable[[int, int], object] = lambda i, n: None
) -> tuple[Counter[str], list[str]]:
    """Sends all mails whose time has come; returns how many were sent, wait or are dead, and why the carriers are down.

    `carrier_of` names the carrier of a recipient. One mail never keeps another back; a carrier that is down keeps its own.
    """
    counts: Counter[str] = Counter()
    down: dict[int, str] = {}
    carriers: dict[int, Carrier] = {}
    waiting = outbox.queued(db, now)
    for place, mail in enumerate(waiting):
        carrier = carrier_of(mail.recipient)
        carriers[id(carrier)] = carrier
        state, why = _carry(carrier, mail, down)
        if state == "sent":
            outbox.mark_sent(db, mail.id, now)
            fault("send.marked")
        else:
            again = None if state == "dead" else next_try(mail.attempts, mail.made_at, now)
            state = "dead" if again is None else state
            outbox.mark_failed(db, mail.id, _ADDRESS.sub("(address)", why), now, again)
        counts[state] += 1
        progress(place + 1, len(waiting))
    for carrier in carriers.values():
        carrier.close()
    return counts, list(down.values())


def _carry(carrier: Carrier, mail: Queued, down: dict[int, str]) -> tuple[str, str]:
    """(sent | waits | dead, why)."""
    if id(carrier) in down:
        return "waits", down[id(carrier)]
    try:
        carrier.carry(mail)
    except RefusedError as error:
        return "dead", str(error)
    except LaterError as error:
        return "waits", str(error)
    except DownError as error:
        down[id(carrier)] = str(error)
        return "waits", str(error)
    return "sent", ""
