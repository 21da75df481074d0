"""The mails of the demo: written into files, at the hours of its Monday."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from rich.console import Console
from rich.text import Text
from sqlite_utils import Database

from newswatch import clock
from newswatch.alerts.sending import Files, send
from newswatch.alerts.subscriptions import Alerts
from newswatch.alerts.telling import Teller
from newswatch.alerts.writing import Desk
from newswatch.demo.server import ADDRESSES
from newswatch.store import outbox
from newswatch.store.unwatched import unwatched

HOURS = (0, 5, 11)
"""Of the three crawls, after the first one."""

TITLES = {"morgenbote": "Morgenbote", "talkurier": "Talkurier", "blitzblatt": "Blitzblatt"}


class Post:
    """Tells the demo's subscribers after each step, as `scrapy alert` does."""

    def __init__(self, db: Database, alerts: Alerts, folder: Path) -> None:
        self._db, self._alerts, self._folder = db, alerts, folder
        self._begun = clock.now()
        self._out = outbox.open_outbox(folder / "mail.db")
        self._teller(-1).begin()  # the subscriptions begin before anything is crawled

    def _teller(self, step: int) -> Teller:
        now = self._begun + timedelta(hours=HOURS[step] if step >= 0 else -1)
        desk = Desk(self._db, self._alerts.mail.browse, now, TITLES, unwatched(self._db, now, dict.fromkeys(ADDRESSES)))
        return Teller(desk, self._out, self._alerts.mail, self._alerts.subscriptions)

    def deliver(self, step: int) -> None:
        """Writes what is due at the hour of a step."""
        teller = self._teller(step)
        teller.tell()
        send(self._out, lambda _: Files(self._folder), teller.desk.now)

    def close(self) -> None:
        """Ends it."""
        self._out.close()

    def mails(self) -> list[EmailMessage]:
        """All mails, as they were made."""
        names = [f"{i.strip('<>').partition('@')[0][:12]}" for (i,) in self._out.execute("SELECT message_id FROM mails ORDER BY id")]
        files = {path.stem.rpartition("-")[2]: path for path in self._folder.glob("*.eml")}
        found = [message_from_bytes(files[name].read_bytes(), policy=default) for name in names]
        return [mail for mail in found if isinstance(mail, EmailMessage)]

    def print_mails(self, console: Console) -> None:
        """A line a mail, then the last digest as it reads."""
        mails = self.mails()
        for mail in mails:
            console.print(Text(f"{mail['To']:<28} {mail['Subject']}"), soft_wrap=True)
        digests = [mail for mail in mails if "karvonien" in str(mail["List-Id"])]
        if digests and (text := digests[-1].get_body(("plain",))):
            console.print(Text(f"\nThe last digest as it reads; all {len(mails)} mails are in {self._folder}:\n"), soft_wrap=True)
            console.print(Text("\n".join(f"    {line}" for line in text.get_content().splitlines())), soft_wrap=True)
