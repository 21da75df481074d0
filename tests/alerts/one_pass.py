"""One pass of alerts in a process of its own, for tests that kill it: FOLDER PORT TIME [variant]."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from newswatch.alerts import sending
from newswatch.alerts.channels import Feed, carriers
from newswatch.alerts.sending import Files, Smtp, send
from newswatch.alerts.subscriptions import Mail
from newswatch.alerts.troubles import tell_operator
from newswatch.store import outbox
from tests.alerts.newsroom import Newsroom, subscription

SUBSCRIPTIONS = (
    subscription(to=["a@desk.example", "b@desk.example"], feed=True),
    subscription(id="files", to="c@desk.example", daily="07:00", zone="UTC"),
)


def marked_before_sent() -> None:
    """Marks a mail as sent, then sends it."""
    carry = sending._carry

    def wrong(carrier: object, mail: outbox.Queued, down: dict[int, str]) -> tuple[str, str]:
        outbox.mark_sent(OUT[0], mail.id, mail.made_at)
        return carry(carrier, mail, down)  # type: ignore[arg-type]

    sending._carry = wrong


def kept_before_told() -> None:
    """Commits a mail before what it tells of: two transactions instead of one."""

    @contextmanager
    def no_transaction(db: object) -> Iterator[None]:
        yield

    outbox.outbox_writing = no_transaction  # type: ignore[assignment]


OUT: list = []  # type: ignore[type-arg]


def main() -> None:
    folder, port, at = Path(sys.argv[1]), int(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
    mail = Mail.model_validate({"host": "127.0.0.1", "port": port, "security": "none", "operator": "ops@desk.example"})
    room = Newsroom(folder, *SUBSCRIPTIONS, mail=mail)
    OUT.append(room.out)
    if len(sys.argv) > 4:
        {f.__name__: f for f in (marked_before_sent, kept_before_told)}[sys.argv[4]]()
    room.tell(at)
    tell_operator(room.out, mail, {"site|x": "x: something is wrong"}, at)
    others = {"#feed:desk": Feed(folder / "feeds" / "desk.xml", "desk"), "c@desk.example": Files(folder / "mail")}
    send(room.out, carriers(Smtp(mail), others), at)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
