"""`scrapy alert`: tells the subscribers what happened; once. `scrapy watch` does it by itself."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from rich.console import Console
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings
from sqlite_utils import Database

from newswatch import clock
from newswatch.alerts.channels import Feed, Notify, carriers
from newswatch.alerts.preview import previews
from newswatch.alerts.sending import Carrier, Files, Smtp, read_password, send
from newswatch.alerts.subscriptions import Alerts, Subscription, load_alerts
from newswatch.alerts.telling import Teller
from newswatch.alerts.troubles import current_troubles, tell_operator
from newswatch.alerts.writing import Desk
from newswatch.commands.plain import plain
from newswatch.commands.ready import code_of, mistakes
from newswatch.errors import BusyError, StoreError
from newswatch.extraction.dates import to_text
from newswatch.sites import Site, check_sites
from newswatch.store import open_store, outbox
from newswatch.store.locks import site_lock
from newswatch.store.runs import EXIT_BUSY, EXIT_FAULTS, EXIT_STORE
from newswatch.store.unwatched import unwatched
from newswatch.store.watchlists import watchlist_in_use
from newswatch.watching.chosen import read_selection
from newswatch.written import did_you_mean

LOCK = "alerts"
"""Of two alerts at once the second goes home; no site has this name, for it is no site file's."""


class Command(ScrapyCommand):
    """0 done or nothing to do, 1 a mail could not be sent, 74 a database failed, 75 another alert is under way, 78 alerts.toml is wrong."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[options] [SUBSCRIPTION ...]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Send the mails of settings/alerts.toml that are due; --preview shows them instead"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """--preview, --since, --status, --retry, --mark-sent-before."""
        super().add_options(parser)
        parser.add_argument("--preview", nargs="?", const="-", metavar="FILE.html", help="show the mails of the last week; nothing is sent")
        parser.add_argument("--since", metavar="DATE", help="send the named subscriptions one digest of all since then (UTC)")
        parser.add_argument("--status", action="store_true", help="what waits, what was given up, and why")
        parser.add_argument("--retry", action="store_true", help="try again what was given up")
        parser.add_argument("--mark-sent-before", metavar="WHEN", help="after a backup was restored: take all before then for told (UTC)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks, then does what the options say."""
        assert self.settings is not None
        if sum([opts.preview is not None, opts.status, opts.retry, bool(opts.mark_sent_before)]) > 1:
            raise UsageError("--preview, --status, --retry and --mark-sent-before go one at a time")
        if opts.preview not in (None, "-") and not opts.preview.endswith(".html"):
            raise UsageError("--preview FILE.html: names of subscriptions go before it, as in: scrapy alert desk --preview")
        try:
            problems, office = _open(self.settings, args)
            if office is None:
                print("\n".join(problems), file=sys.stderr)
                self.exitcode = code_of(problems)
                return
            with closing(office.db):
                self.exitcode = _do(office, opts)
        except BusyError:
            print("another scrapy alert is under way: nothing was done here; it will do the work", file=sys.stderr)
            self.exitcode = EXIT_BUSY
        except (StoreError, OSError) as error:
            print(error, file=sys.stderr)
            self.exitcode = EXIT_STORE


@dataclass
class Office:
    """Everything that stands before a mail is written."""

    settings: BaseSettings
    db: Database
    alerts: Alerts
    chosen: tuple[Subscription, ...]
    named: bool
    """Whether subscriptions were named on the command line."""
    desk: Desk

    @property
    def database(self) -> Path:
        """The store's file."""
        return Path(self.settings["DATABASE"])

    @property
    def mail_database(self) -> Path:
        """The outbox's file."""
        given = self.settings.get("MAIL_DATABASE")
        return Path(given) if given else self.database.with_name("mail.db")

    def carrier(self) -> Carrier:
        """The mail server, or files where there is none. Raises ConfigError where the password is missing."""
        file = Path(self.settings["ALERTS_FILE"])
        mail = self.alerts.mail
        if mail.host is None:
            return Files(self.mail_database.parent / "mail")
        return Smtp(mail, read_password(mail, file))

    def others(self) -> dict[str, Carrier]:
        """Carriers of what is no mail address."""
        out: dict[str, Carrier] = {}
        for one in self.alerts.subscriptions:
            out[f"#feed:{one.id}"] = Feed(self.mail_database.parent / "feeds" / f"{one.id}.xml", one.id)
            if one.notify:
                out[f"#notify:{one.id}"] = Notify(one.notify)
        return out


def _open(settings: BaseSettings, names: list[str]) -> tuple[list[str], Office | None]:
    """The office, or everything that is wrong."""
    found: list[Office] = []

    def check() -> None:
        sites, _ = check_sites(Path(settings["SITES_DIR"]) if settings.get("SITES_DIR") else None)
        db = open_store(Path(settings["DATABASE"]))
        try:
            watchlist, _ = watchlist_in_use(Path(settings["WATCHLISTS_DIR"]), db)
            alerts = load_alerts(Path(settings["ALERTS_FILE"]), watchlist, sites)
        except BaseException:
            db.close()
            raise
        found.append(_office(settings, db, alerts, names, sites))

    problems = mistakes(check)
    if found:
        known = [s.id for s in found[0].alerts.subscriptions]
        problems += [f"there is no subscription {n}{did_you_mean(n, known)}" for n in names if n not in known]
    if found and not problems:
        problems += mistakes(found[0].carrier)
        told = ((s.id, Notify(s.notify).trouble()) for s in found[0].alerts.subscriptions if s.notify)
        problems += [f"{settings['ALERTS_FILE']}: {name}: {trouble}" for name, trouble in told if trouble]
    if problems and found:
        found[0].db.close()
    return problems, None if problems else found[0]


def _office(settings: BaseSettings, db: Database, alerts: Alerts, names: list[str], sites: dict[str, Site]) -> Office:
    now = clock.now()
    chosen = tuple(s for s in alerts.subscriptions if not names or s.id in names)
    desk = Desk(db, alerts.mail.browse, now, {n: s.title for n, s in sites.items()}, unwatched(db, now, _on(settings)))
    return Office(settings, db, alerts, chosen, bool(names), desk)


def _on(settings: BaseSettings) -> dict[str, object] | None:
    """The sites that are switched on; None where nobody wrote which."""
    path = Path(settings["WATCH_FILE"])
    found: list[dict[str, object]] = []
    if path.exists():
        own = Path(settings["SITES_DIR"]) if settings.get("SITES_DIR") else None
        mistakes(lambda: found.append(dict(read_selection(path, own).sites)))
    return found[0] if found else None


def _do(office: Office, opts: argparse.Namespace) -> int:
    if opts.preview is not None:
        return _preview(office, opts)
    if opts.status and not office.mail_database.exists():
        print("no mail was ever made")
        return 0
    with site_lock(office.database, LOCK), closing(outbox.open_outbox(office.mail_database)) as out:
        if opts.status:
            return _status(out)
        teller = Teller(office.desk, out, office.alerts.mail, office.chosen)
        if opts.mark_sent_before:
            count = teller.mark_told_before(_when(opts.mark_sent_before))
            print(f"{count} pending happenings before {opts.mark_sent_before} are taken for told; nothing was sent")
            return 0
        if opts.retry:
            print(f"{outbox.retry_dead(out, office.desk.now)} mails are tried again")
        if opts.since:
            if not office.named:
                raise UsageError("--since needs names of subscriptions, as in: scrapy alert desk --since 2026-01-01")
            counts: Counter[str] = Counter()
            for one in office.chosen:
                counts += teller.back_digest(one, _when(opts.since))
        else:
            counts = teller.tell()
        current = current_troubles(office.db, out, office.mail_database.parent, office.desk.now, list(office.desk.not_watched))
        counts["operator"] = tell_operator(out, office.alerts.mail, current, office.desk.now)
        return _send(office, out, counts)


def _send(office: Office, out: Any, counts: Counter[str]) -> int:
    """Sends, and says what came of it."""
    console = Console(highlight=False)
    with console.status("") if console.is_terminal else _Silent() as status:
        done, down = send(
            out, carriers(office.carrier(), office.others()), office.desk.now, lambda i, n: status.update(f"sending {i} of {n}")
        )
    made = ", ".join(f"{counts[k]} {name}" for k, name in _MADE.items() if counts[k]) or "no new mail"
    print(made + (f"; {counts['waiting']} happenings wait for their time" if counts["waiting"] else ""))
    if office.alerts.mail.host is None and done["sent"]:
        folder = office.mail_database.parent / "mail"
        print(f"{done['sent']} written, none sent: [mail] in {office.settings['ALERTS_FILE']} names no host. They are in {folder}")
    elif done["sent"]:
        print(f"{done['sent']} sent")
    for sentence in down:
        print(f"not sent: {sentence}", file=sys.stderr)
    if done["waits"] or done["dead"]:
        print(f"{done['waits']} could not be sent and are tried again, {done['dead']} are given up: scrapy alert --status", file=sys.stderr)
        return EXIT_FAULTS
    return 0


_MADE = {"story": "mails on stories", "digest": "digests", "also": "lists of copies", "operator": "things told to the operator"}


class _Silent:
    """No progress, for nobody looks."""

    def __enter__(self) -> _Silent:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to end."""

    def update(self, _: str) -> None:
        """Shows nothing."""


def _status(out: Any) -> int:
    """What waits and what was given up; no address."""
    states = outbox.states(out)
    print(", ".join(f"{states.get(s, 0)} {s}" for s in ("queued", "sent", "dead")))
    oldest = outbox.oldest_queued(out)
    if oldest:
        print(f"the oldest waits since {to_text(oldest)}")
    for row in outbox.waiting(out):
        print(plain(f"waits  {row['subscription'] or 'operator'}  {row['subject']}: {row['why']} (next try {row['next']})"))
    for row in outbox.dead_letters(out):
        print(plain(f"dead   {row['subscription'] or 'operator'}  {row['subject']}: {row['why']} (since {row['since']})"))
    if states.get("dead"):
        print("scrapy alert --retry tries the dead ones again")
    return 0


def _preview(office: Office, opts: argparse.Namespace) -> int:
    """Shows what would be sent of what happened since; nothing is written but the file that was named."""
    since = _when(opts.since) if opts.since else office.desk.now - timedelta(days=7)
    shown = list(previews(office.desk, office.chosen, office.alerts.mail, since))
    if opts.preview != "-":
        page = "".join(html for _, _, html in shown[:1]) or "<p>no mail</p>"
        path = Path(opts.preview)
        for number, (_, _, html) in enumerate(shown[1:], 2):
            path.with_stem(f"{path.stem}-{number}").write_text(html, encoding="utf-8")
        path.write_text(page, encoding="utf-8")
        print(f"{len(shown)} mails: {path}" + (f" to {path.stem}-{len(shown)}{path.suffix}" if len(shown) > 1 else ""))
        return 0
    for head, text, _ in shown:
        print(plain(f"{head}\n\n{text}\n{'-' * 72}"))
    print(f"{len(shown)} mails of what happened since {to_text(since)}; nothing was sent")
    return 0


def _when(text: str) -> datetime:
    """An instant as it is typed; UTC where no zone stands in it."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f'"{text}" is no date: write it as in 2026-01-31, or 2026-01-31T18:00') from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
