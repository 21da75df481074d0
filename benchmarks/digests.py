"""How long it takes to make digests of many pending events for many recipients, and how much memory.

    python -m benchmarks.digests [--events 10000] [--recipients 50]

Invented stories in a database of its own; the mails are made and queued, none is sent.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from newswatch.alerts.subscriptions import Mail, Subscription
from newswatch.alerts.telling import Teller
from newswatch.alerts.writing import Desk
from newswatch.matching import Watchlist, find_mentions
from newswatch.matching.watchlist import Actor
from newswatch.revisions import decide
from newswatch.store import open_store, outbox, stories
from newswatch.store.mentions import save_actors
from newswatch.story import Passage, Story

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
WORDS = "Rat Stadt Fluss Brücke Hafen Schule Markt Winter Regen Plan Streit Antrag Mehrheit Straße Damm Lager Chor".split(" ")  # noqa: SIM905


def fill(db: Database, events: int, watchlist: Watchlist) -> None:
    """Stories that name two of the actors each."""
    chance = random.Random(1)
    names = [a.name for a in watchlist.actors.values()]
    db.execute("PRAGMA synchronous = OFF")
    for number in range(events // 2):
        who = chance.sample(names, 2)
        text = tuple(" ".join(chance.choice(WORDS) + str(chance.randrange(999)) for _ in range(60)) + "." for _ in range(4))
        url = f"https://www.beispiel.example/politik/{number}/x"
        body = (Passage(None, (f"{who[0]} sprach mit {who[1]} im Rathaus.", *text)),)
        story = Story("beispiel", url, f"{who[0]} und der Fall {number}", body, NOW, site_key=str(number))
        stories.save(db, decide(None, story), find_mentions(story, watchlist))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--recipients", type=int, default=50)
    args = parser.parse_args()
    letters = "Adler Busch Conrad Dorn Esch Falk Gries Horn Ilm Jung Kern Lenz Moor Nord Ost Park Quell Rohr Stein".split(" ")  # noqa: SIM905
    actors = [Actor(id=f"a{n}", name=f"Ada {name}bach", kind="person") for n, name in enumerate(letters)]
    watchlist = Watchlist({a.id: a for a in actors})
    with tempfile.TemporaryDirectory() as folder:
        db, out = open_store(Path(folder) / "news.db"), outbox.open_outbox(Path(folder) / "mail.db")
        save_actors(db, watchlist.actors.values())
        values = [{"id": f"s{n}", "to": f"r{n}@desk.example", "daily": "07:00", "zone": "UTC"} for n in range(args.recipients)]
        subscriptions = [Subscription.model_validate(v) for v in values]
        mail = Mail.model_validate({"from": "alerts@desk.example"})
        Teller(Desk(db, "http://127.0.0.1:8001", NOW - timedelta(days=1), {}), out, mail, subscriptions).begin()
        fill(db, args.events, watchlist)
        pending = db.execute("SELECT count(*) FROM events").fetchone()[0]
        begun = time.perf_counter()
        counts = Teller(Desk(db, "http://127.0.0.1:8001", NOW, {}), out, mail, subscriptions).tell()
        took = time.perf_counter() - begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sizes = out.execute("SELECT avg(length(content)) FROM mails").fetchone()[0]
        print(f"{pending:,} events, {args.recipients} recipients: {counts['digest']} digests in {took:.1f} s, peak {peak:.0f} MB,")
        print(f"a digest has {sizes / 1024:.0f} KB; waiting afterwards: {counts['waiting']}")


if __name__ == "__main__":
    main()
