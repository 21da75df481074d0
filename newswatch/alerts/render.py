"""The values of a mail in, a whole message out: text and HTML from templates, headers as they should be."""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parseaddr
from functools import cache
from pathlib import Path
from typing import Any

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from newswatch.alerts.letter import Page

HERE = Path(__file__).parent

LONGEST_SUBJECT = 120

_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Letters that reorder what stands around them."""


@cache
def words(language: str) -> dict[str, str]:
    """What newswatch says, in a language of words.toml."""
    with (HERE / "words.toml").open("rb") as file:
        return dict(tomllib.load(file)[language])


def one_line(text: str) -> str:
    """Text for a header or a line: no line break, no control character, nothing that turns the direction of writing."""
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp", "Zs") else c for c in text if unicodedata.category(c) != "Cs")
    return " ".join(_TURNS.sub("", spaced).split())


def body_text(text: str) -> str:
    """Text for a body: as `one_line`, isolated, so that right-to-left words move nothing beside them."""
    line = one_line(text)
    return f"\u2068{line}\u2069" if any(unicodedata.bidirectional(c) in ("R", "AL") for c in line) else line


@cache
def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=lambda name: bool(name and name.endswith(".html")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["line"] = body_text
    return env


def texts(template: str, language: str, **values: Any) -> tuple[str, str]:
    """(text, HTML with inlined styles) of a template and its values."""
    said = words(language)

    def say(key: str, **parts: Any) -> str:
        return said[key].format(**{k: v if isinstance(v, int) else body_text(str(v)) for k, v in parts.items()})

    def event(actor: str, kind: str, field: str | None) -> str:
        return say(kind, actor=actor, place=said.get(field or "body", field or ""))

    def at(when: datetime) -> str:
        text = when.strftime(said["date"])
        return f"{text} {when.tzname()}"

    env = _environment()
    scope = {**values, "say": say, "event": event, "at": at, "language": language, "style": Markup(_style())}
    plain = env.get_template(f"{template}.txt").render(scope)
    html = env.get_template(f"{template}.html").render(scope)
    return re.sub(r"\n{3,}", "\n\n", plain).strip() + "\n", _inlined(html)


@cache
def _style() -> str:
    return (HERE / "templates" / "mail.css").read_text(encoding="utf-8")


def _inlined(html: str) -> str:
    """Styles on the elements, for readers that drop <style>; the rules for dark and narrow screens stay there."""
    return css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False).inline(html)


def page_texts(page: Page, language: str, browse: str) -> tuple[str, str]:
    """(text, HTML) of a mail to a subscriber."""
    return texts("mail", language, page=page, browse=browse)


def subject_of(page: Page, language: str) -> str:
    """Of a story: who, and the headline. Of a digest: how much of whom."""
    said = words(language)
    names = list(dict.fromkeys(g.actor for g in page.groups))
    if page.kind == "story" and page.groups:
        item = page.groups[0].items[0]
        actors = list(dict.fromkeys(actor for actor, _, _ in item.events))
        return one_line(f"{_some(actors, 2)}: {item.title}")
    if page.kind == "also":
        return one_line(f"{said['copies']} ({len(page.also)})")
    count = sum(len(g.items) for g in page.groups) + page.more_groups
    amount = said["story"] if count == 1 else said["stories"].format(n=count)
    return one_line(f"{said['digest']} {page.made.strftime(said['date'].partition(',')[0])}: {amount} – {_some(names, 3)}")


def _some(names: Sequence[str], most: int) -> str:
    return ", ".join(names[:most]) + (f" +{len(names) - most}" if len(names) > most else "")


def message_id(sender: str, *parts: str) -> str:
    """Stable: the same for the same mail, whenever it is made."""
    domain = address_of(sender).rpartition("@")[2]
    return f"<{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:40]}@{domain or 'newswatch.invalid'}>"


def address_of(sender: str) -> str:
    """The bare address of `Name <address>`."""
    return parseaddr(sender)[1]


def message(
    *,
    sender: str,
    recipient: str,
    subject: str,
    text: str,
    html: str,
    identity: str,
    date: datetime,
    subscription: str,
    thread: Sequence[str] = (),
) -> bytes:
    """A message as it goes over the wire."""
    mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    name, address = parseaddr(sender)
    mail["To"] = Address(addr_spec=parseaddr(recipient)[1])
    mail["Date"] = format_datetime(date)
    mail["Message-ID"] = identity
    if thread:
        mail["In-Reply-To"] = thread[-1]
        mail["References"] = " ".join(thread)
    domain = address.rpartition("@")[2]
    mail["List-Id"] = f"newswatch {subscription or 'operator'} <{subscription or 'operator'}.newswatch.{domain}>"
    mail["List-Unsubscribe"] = f"<mailto:{address}?subject=unsubscribe%20{subscription or 'operator'}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Precedence"] = "list"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(text, charset="utf-8", cte="quoted-printable")
    mail.add_alternative(html, subtype="html", charset="utf-8", cte="quoted-printable")
    mail.set_boundary(hashlib.sha256(identity.encode()).hexdigest()[:32])
    spoken = {"From": formataddr((one_line(name or "newswatch"), address)), "Subject": _encoded(one_line(subject)[:LONGEST_SUBJECT])}
    return "".join(f"{key}: {value}\r\n" for key, value in spoken.items()).encode("ascii") + mail.as_bytes()


def _encoded(text: str) -> str:
    """A header's text as RFC 2047 wants it. EmailMessage of Python 3.11 loses spaces between two encoded words (gh-92081)."""
    return Header(text or "newswatch", "utf-8" if not text.isascii() else "ascii", header_name="Subject").encode(linesep="\r\n")
