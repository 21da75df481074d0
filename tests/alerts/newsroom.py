"""A store that tests write stories into, and passes of alerts over it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from sqlite_utils import Database

from newswatch.alerts.sending import Carrier, Files, send
from newswatch.alerts.subscriptions import Mail, Subscription
from newswatch.alerts.telling import Teller
from newswatch.alerts.writing import Desk
from newswatch.matching import Watchlist, find_mentions
from newswatch.matching.watchlist import Actor
from newswatch.revisions import Same, Suspect, decide
from newswatch.store import open_store, outbox, stories
from newswatch.store.mentions import save_actors
from newswatch.store.unwatched import unwatched
from newswatch.story import Passage
from tests.conftest import make_story

MORNING = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
QUINT = Actor(id="quint", name="Ada Quint", kind="person", tags=["rathaus"])
AHRENS = Actor(id="ahrens", name="Bo Ahrens", kind="person", tags=["hafen"])
WATCHLIST = Watchlist({a.id: a for a in (QUINT, AHRENS)})
FILLER = "Im Saal war es warm, und draußen zog ein Gewitter über den Fluss, das niemand bestellt hatte."


class Newsroom:
    """Publishes stories that name people; `tell` is one pass of `scrapy alert` at a given time."""

    def __init__(self, folder: Path, *subscriptions: Subscription, mail: Mail | None = None) -> None:
        self.folder = folder
        self.db: Database = open_store(folder / "news.db")
        self.out: sqlite3.Connection = outbox.open_outbox(folder / "mail.db")
        self.mail = mail or Mail.model_validate({"from": "newswatch <alerts@desk.example>"})
        self.subscriptions = subscriptions or (subscription(),)
        save_actors(self.db, WATCHLIST.actors.values())
        self.teller(MORNING - timedelta(days=1)).begin()

    def publish(self, key: int | str, title: str, *paragraphs: str, at: datetime = MORNING, site: str = "beispiel", **more: object) -> None:
        """A new story, or another state of one that is known."""
        url = f"https://www.{site}.example/politik/{key}/x"
        body = (
            Passage(
                None,
                paragraphs
                or (
                    f"Ada Quint sprach über {title[:40]!r}.",
                    *(f"Im Saal {key} war es {key}-mal warm, {key} Leute gingen." for _ in "abc"),
                ),
            ),
        )
        story = make_story(site=site, site_key=str(key), url=url, title=title, lead=None, body=body, seen_at=at, **more)
        outcome = decide(stories.last_revision(self.db, story), story)
        assert not isinstance(outcome, Suspect)
        stories.save(self.db, outcome, [] if isinstance(outcome, Same) else find_mentions(story, WATCHLIST))

    def tell(self, at: datetime) -> Counter[str]:
        """Plans and keeps what is due."""
        return self.teller(at).tell()

    def teller(self, at: datetime) -> Teller:
        """A pass at a time."""
        desk = Desk(self.db, "http://127.0.0.1:8001", at, {"beispiel": "Das Beispiel"}, unwatched(self.db, at))
        return Teller(desk, self.out, self.mail, self.subscriptions)

    def mails(self, recipient: str | None = None) -> list[EmailMessage]:
        """All mails in the outbox that were not sent."""
        rows = self.out.execute(
            "SELECT content FROM mails WHERE content IS NOT NULL AND recipient = coalesce(?, recipient) ORDER BY id", [recipient]
        )
        return [parsed(content) for (content,) in rows]

    def post(self, at: datetime, carrier: Carrier | None = None) -> Counter[str]:
        """Sends what is queued."""
        return send(self.out, lambda _: carrier or Files(self.folder / "mail"), at)[0]


def parsed(content: bytes) -> EmailMessage:
    mail = message_from_bytes(content, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def html_of(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def subscription(**changes: object) -> Subscription:
    return Subscription.model_validate({"id": "desk", "to": "desk@desk.example", **changes})
