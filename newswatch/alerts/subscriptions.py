"""Who hears of whom, when and how: settings/alerts.toml, read whole or refused with every mistake. See docs/set-up-alerts.md."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import time, timedelta
from email.errors import HeaderParseError
from email.headerregistry import Address
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from newswatch.errors import ConfigError
from newswatch.matching import Actor, Rule, Watchlist
from newswatch.written import Written, did_you_mean, read_toml, validate

_ID = re.compile(r"^[a-z0-9][a-z0-9_-]{0,60}\Z")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(r"^(\d{1,4}) ?(m|min|h|d)\Z")

EventKind = Literal["appeared", "headline", "left", "returned", "changed"]
Place = Literal["headline", "lead", "body"]


def _mail_address(value: str) -> str:
    try:
        name, _, rest = value.rpartition("<")
        spec = rest.removesuffix(">") if name or rest.endswith(">") else value
        if not Address(addr_spec=spec.strip()).domain or not value.isprintable():
            raise ValueError
    except (HeaderParseError, ValueError, IndexError, AttributeError):
        raise ValueError(f'"{value}" is no mail address: write it as in "desk@example.org"') from None
    return value.strip()


def _clock(value: Any) -> Any:
    """ "07:00", or TOML's own 07:00:00."""
    if isinstance(value, str):
        try:
            return time.fromisoformat(value)
        except ValueError:
            raise ValueError(f'"{value}" is no time of day: write it as in "07:00"') from None
    return value


def _weekly(value: Any) -> Any:
    if isinstance(value, str):
        day, _, at = value.lower().partition(" ")
        if day not in _WEEKDAYS:
            near = did_you_mean(day, list(_WEEKDAYS)).partition(";")[0]
            raise ValueError(f'"{value}" has no weekday: write it as in "monday 07:00"{near}')
        return (_WEEKDAYS.index(day), _clock(at or "07:00"))
    return value


def _quiet(value: Any) -> Any:
    if isinstance(value, str):
        start, dash, end = value.replace("–", "-").partition("-")
        if not dash:
            raise ValueError(f'"{value}" is no span of hours: write it as in "22:00-07:00"')
        return (_clock(start.strip()), _clock(end.strip()))
    return value


def _span(value: Any) -> Any:
    if isinstance(value, str):
        found = _SPAN.match(value)
        if not found:
            raise ValueError(f'"{value}" is no length of time: write it as in "30m", "6h", "2d"')
        number = int(found[1])
        return {"m": timedelta(minutes=number), "h": timedelta(hours=number), "d": timedelta(days=number)}[found[2][0]]
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        raise ValueError(f'"{value}" is no time zone: write it as in "Europe/Berlin"') from None
    return value


MailAddress = Annotated[str, AfterValidator(_mail_address)]
Names = Annotated[tuple[str, ...], BeforeValidator(lambda v: tuple(v) if isinstance(v, list) else v)]
Kinds = Annotated[tuple[EventKind, ...], BeforeValidator(lambda v: tuple(v) if isinstance(v, list) else v), Field(min_length=1)]
Recipients = Annotated[
    tuple[MailAddress, ...], BeforeValidator(lambda v: (v,) if isinstance(v, str) else tuple(v) if isinstance(v, list) else v)
]


class Mail(Written):
    """How mails are sent. Without `host` they are written as files into data/mail/."""

    host: str | None = None
    port: int | None = Field(default=None, ge=1, le=65535)
    """587 with STARTTLS, 465 with TLS where nothing is said."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """`none` is for a server on this machine only."""
    user: str | None = None
    password_file: str | None = None
    """A file that holds the password alone; else the environment variable NEWSWATCH_SMTP_PASSWORD."""
    sender: Annotated[MailAddress, Field(alias="from")] = "newswatch@localhost"
    operator: MailAddress | None = None
    """Hears of faults that need a person."""
    browse: str = "http://127.0.0.1:8001"
    """Where the recipients reach Datasette: links in mails lead there."""

    @model_validator(mode="after")
    def _is_safe(self) -> Mail:
        if self.security == "none" and self.host not in (None, "localhost", "127.0.0.1", "::1"):
            raise ValueError(f'security: "none" would send everything readable through the net to {self.host}: use "starttls" or "tls"')
        if self.user and self.security == "none":
            raise ValueError('user: no password travels without encryption: security must be "starttls" or "tls"')
        if not self.browse.startswith(("http://", "https://")):
            raise ValueError(f'browse: "{self.browse}" is no web address')
        return self


class Subscription(Written):
    """Who hears of whom. `id` is the key of its table."""

    id: Annotated[str, Field(pattern=_ID)]
    to: Recipients = ()
    notify: str | None = None
    """An apprise URL in place of, or beside, mail addresses."""
    feed: bool = False
    """Also as an Atom feed, in data/feeds/ID.xml."""
    actors: Names = ()
    tags: Names = ()
    rules: Names = ()
    topics: Names = ()
    """Where none of the four is said: everybody on the watchlist."""
    sites: Names = ()
    sections: Names = ()
    """Parts of a story's breadcrumb, in any case: "Ausland"."""
    events: Kinds = ("appeared", "headline", "returned", "left")
    least: Place = "body"
    """The least prominent place that counts."""
    when: Literal["instant", "hourly"] = "instant"
    daily: Annotated[time | None, BeforeValidator(_clock)] = None
    weekly: Annotated[tuple[int, time] | None, BeforeValidator(_weekly)] = None
    zone: Annotated[str, AfterValidator(_zone)] = "Europe/Berlin"
    quiet: Annotated[tuple[time, time] | None, BeforeValidator(_quiet)] = None
    """Local hours in which nothing is sent."""
    urgent: Literal["headline", "none"] = "headline"
    """What is sent in quiet hours all the same: an actor in the headline."""
    most_an_hour: int = Field(default=10, ge=1, le=1000)
    """What comes beyond becomes one digest."""
    cooldown: Annotated[timedelta, BeforeValidator(_span)] = timedelta(minutes=30)
    """After a mail on an actor in a story the next one on both waits so long."""
    language: Literal["en", "de"] = "en"

    @model_validator(mode="after")
    def _is_whole(self) -> Subscription:
        if not self.to and not self.notify and not self.feed:
            raise ValueError('to: missing; whom is it for? As in: to = "desk@example.org"')
        if (self.when == "hourly") + (self.daily is not None) + (self.weekly is not None) > 1:
            raise ValueError("when, daily and weekly exclude each other: keep one")
        if self.quiet and self.quiet[0] == self.quiet[1]:
            raise ValueError("quiet: begins when it ends: leave it out, or write two times")
        return self

    @property
    def rhythm(self) -> str:
        """instant | hourly | daily | weekly."""
        return "weekly" if self.weekly else "daily" if self.daily else self.when

    @property
    def recipients(self) -> tuple[str, ...]:
        """Each gets its own mail; what begins with `#` is another channel of the subscription."""
        return (*self.to, *([f"#notify:{self.id}"] if self.notify else []), *([f"#feed:{self.id}"] if self.feed else []))


@dataclass(frozen=True, slots=True)
class Alerts:
    """All of alerts.toml."""

    mail: Mail
    subscriptions: tuple[Subscription, ...]


def load_alerts(path: Path, watchlist: Watchlist, sites: Collection[str]) -> Alerts:
    """The file, checked against the watchlist and the known sites. Raises ConfigError with a sentence for every mistake."""
    if not path.exists():
        raise ConfigError([f"{path}: not there; copy settings/alerts.example.toml to it, and write who is to hear of whom"])
    table, problems = read_toml(path)
    if problems:
        raise ConfigError(problems)
    mail, mistakes = validate(Mail, _table(table, "mail", path, problems), f"{path}: mail")
    problems += mistakes
    for key in table.keys() - {"mail", "subscriptions"}:
        problems.append(f"{path}: {key}: unknown key{did_you_mean(key, ['mail', 'subscriptions'])}; subscriptions are [subscriptions.NAME]")
    found: list[Subscription] = []
    for name, one in _table(table, "subscriptions", path, problems).items():
        where = f"{path}: subscriptions.{name}"
        if not isinstance(one, dict):
            problems.append(f"{where}: a table belongs here, as in: [subscriptions.desk]")
            continue
        value, mistakes = validate(Subscription, {**one, "id": name}, where)
        problems += mistakes
        if value:
            problems += _unknown(value, where, watchlist, sites)
            found.append(value)
    if not problems and not found:
        problems.append(f'{path}: no subscription; write for instance: [subscriptions.desk] and to = "desk@example.org"')
    if problems or mail is None:
        raise ConfigError(problems)
    return Alerts(mail, tuple(found))


def _table(table: dict[str, Any], name: str, path: Path, problems: list[str]) -> dict[str, Any]:
    value = table.get(name, {})
    if isinstance(value, dict):
        return value
    problems.append(f"{path}: {name}: a table belongs here, as in: [{name}]")
    return {}


def _unknown(one: Subscription, where: str, watchlist: Watchlist, sites: Collection[str]) -> list[str]:
    """Names that nobody is known by: nothing would ever be sent for them."""
    every: list[Actor | Rule] = [*watchlist.actors.values(), *watchlist.rules.values()]
    known = {
        "actors": [a.id for a in watchlist.actors.values()],
        "tags": sorted({tag for a in every for tag in a.tags}),
        "rules": list(watchlist.rules),
        "topics": [a.id for a in watchlist.actors.values() if a.kind == "topic"],
        "sites": sorted(sites),
    }
    return [
        f"{where}: {field}: there is no {field.removesuffix('s')} {name}{did_you_mean(name, names)[:300]}"
        for field, names in known.items()
        for name in getattr(one, field)
        if name not in names
    ]
