"""Other ways to be told: an Atom feed a subscription, and whatever apprise knows (`newswatch[notify]`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from lxml import etree

from newswatch.alerts.sending import Carrier, DownError, LaterError
from newswatch.faultpoints import fault
from newswatch.store.outbox import Queued

ATOM = "http://www.w3.org/2005/Atom"
MOST_ENTRIES = 100


def parts_of(content: bytes) -> tuple[str, str, str, datetime]:
    """(subject, text, HTML, date) of a mail of ours."""
    mail = message_from_bytes(content, policy=default)
    assert isinstance(mail, EmailMessage)
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None and html is not None
    return str(mail["Subject"]), plain.get_content(), html.get_content(), parsedate_to_datetime(mail["Date"]).astimezone(UTC)


@dataclass
class Feed:
    """An Atom file (RFC 4287) of the last mails of a subscription; the same mail twice is one entry."""

    path: Path
    title: str

    def carry(self, mail: Queued) -> None:
        """Adds the mail as an entry; the file is replaced when the new one is whole."""
        try:
            root = self._read()
            identity = f"urn:newswatch:{mail.message_id.strip('<>').partition('@')[0]}"
            entries = [_entry(identity, mail)] + [e for e in root.findall(f"{{{ATOM}}}entry") if e.findtext(f"{{{ATOM}}}id") != identity]
            fresh = self._empty(mail.made_at)
            fresh.extend(entries[:MOST_ENTRIES])
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part = self.path.with_name(f".{self.path.name}.part")
            part.write_bytes(etree.tostring(fresh, xml_declaration=True, encoding="utf-8", pretty_print=True))
            fault("send.feed_written")
            part.replace(self.path)
        except OSError as error:
            raise DownError(f"{self.path} cannot be written: {error.strerror}") from error

    def _read(self) -> etree._Element:
        """What stands there; a file that is missing or broken is begun anew."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            return etree.parse(self.path, parser).getroot()
        except (OSError, etree.XMLSyntaxError):
            return self._empty(datetime.now(UTC))

    def _empty(self, updated: datetime) -> etree._Element:
        root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
        _add(root, "id", f"urn:newswatch:feed:{self.title}")
        _add(root, "title", f"newswatch: {self.title}")
        _add(root, "updated", updated.strftime("%Y-%m-%dT%H:%M:%SZ"))
        author = etree.SubElement(root, f"{{{ATOM}}}author")
        _add(author, "name", "newswatch")
        return root

    def close(self) -> None:
        """Nothing to end."""


def _entry(identity: str, mail: Queued) -> etree._Element:
    subject, _, html, date = parts_of(mail.content)
    entry = etree.Element(f"{{{ATOM}}}entry")
    _add(entry, "id", identity)
    _add(entry, "title", subject)
    _add(entry, "updated", date.strftime("%Y-%m-%dT%H:%M:%SZ"))
    _add(entry, "content", html).set("type", "html")
    return entry


def _add(parent: etree._Element, name: str, text: str) -> etree._Element:
    child = etree.SubElement(parent, f"{{{ATOM}}}{name}")
    child.text = "".join(c for c in text if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff"))
    return child


@dataclass
class Notify:
    """Any service that apprise knows."""

    url: str

    def trouble(self) -> str:
        """Why nothing can be sent there; empty where it can be tried."""
        try:
            self._service()
        except DownError as error:
            return str(error)
        return ""

    def _service(self) -> Any:
        try:
            import apprise
        except ImportError:
            raise DownError("notify: it needs the extra: pip install 'newswatch[notify]'") from None
        service = apprise.Apprise()
        if not service.add(self.url):
            raise DownError("notify: apprise does not know this kind of address")
        return service

    def carry(self, mail: Queued) -> None:
        """The subject as title, the mail's text as body."""
        service = self._service()
        subject, text, _, _ = parts_of(mail.content)
        if not service.notify(title=subject, body=text):
            raise LaterError("the service did not take it")

    def close(self) -> None:
        """Nothing to end."""


def carriers(mail: Carrier, others: dict[str, Carrier]) -> Callable[[str], Carrier]:
    """Which carrier takes a recipient: those that are no mail addresses are named `#feed` or `#notify` and their subscription."""
    return lambda recipient: others.get(recipient, mail)
