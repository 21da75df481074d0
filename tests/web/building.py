"""Databases for the face: invented weeks of any size, and one that is full of what nobody should send to a browser."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from newswatch.matching import Actor, Watchlist, find_mentions
from newswatch.revisions import decide
from newswatch.store import open_store
from newswatch.store.mentions import save_actors
from newswatch.store.runs import begin_run, end_run, save_fault
from newswatch.store.stories import last_revision, save
from newswatch.story import Fault, Listing, Passage, Stamp, Story
from tests.conftest import NOW, make_story

SITES = ("tagespost", "kuriernord", "rheinbote", "stadtblick")

ACTORS = {
    "brandmueller": ("Helga Brandmüller", "person"),
    "oestermann": ("Jörg Östermann", "person"),
    "nordwerke": ("Nordwerke AG", "organisation"),
    "klareluft": ("Verein Klare Luft", "organisation"),
    "buendnis": ("Bürgerbündnis Süd", "group"),
    "falkenau": ("Stadtrat Falkenau", "group"),
    "wasserbau": ("Ministerium für Wasserbau", "organisation"),
    "pendler": ("Liga der Pendler", "group"),
}

WATCHLIST = Watchlist({key: Actor(id=key, name=name, kind=kind) for key, (name, kind) in ACTORS.items()})  # type: ignore[arg-type]

_SENTENCES = (
    "Die Kosten belaufen sich demnach auf mindestens 230 Millionen Euro.",
    "Beobachter rechnen damit, dass {who} nun unter Druck gerät.",
    "Das Vorhaben gefährde die Trinkwasserversorgung in drei Landkreisen.",
    "Für die Übergangszeit soll eine Fährgesellschaft den Betrieb übernehmen.",
    "Nach Angaben aus dem Umfeld von {who} ist die Entscheidung noch offen.",
    "Am Rande der Sitzung kam es zu Protesten, an denen sich laut Polizei {n} Menschen beteiligten.",
    "Der Grenzwert für Feinstaub wurde an {n} Tagen überschritten.",
    "{who} wollte sich auf Anfrage nicht äußern.",
)
_TITLES = (
    "Eilantrag gegen {who} gescheitert",
    "{who} weist Vorwürfe zurück",
    "Bericht: {who} kannte Risiken seit Jahren",
    "Falkenau: {who} fordert schärfere Grenzwerte",
    "Brückenneubau wird teurer und kommt später",
)


def keep(db: Database, story: Story, run: int | None = None) -> None:
    """Saves a story as a crawl does."""
    last = last_revision(db, story)
    save(db, decide(last, story), find_mentions(story, WATCHLIST), run_id=run)


def build_weeks(path: Path, *, stories: int = 240, days: int = 60, end: datetime = NOW, seed: int = 7) -> Path:
    """A database of some weeks of four papers, with edits, faults and runs."""
    chance = random.Random(seed)
    db = open_store(path)
    with db.conn:
        save_actors(db, WATCHLIST.actors.values())
    runs = {site: begin_run(db, site, end, None) for site in SITES}
    names = [name for name, _ in ACTORS.values()]
    for n in range(stories):
        at = end - timedelta(days=chance.betavariate(1.2, 1.8) * (days - 1), minutes=chance.randrange(600))
        story = _story(chance, n, at, names)
        keep(db, story, runs[story.site])
        for edit in range(chance.choice((0, 0, 0, 1, 1, 3))):
            story = _edited(chance, story, at + timedelta(hours=2 * edit + 1), names)
            keep(db, story, runs[story.site])
    for site, run in runs.items():
        for kind in chance.sample(["timeout", "layout", "robots"], 2):
            save_fault(
                db,
                run,
                Fault(site, kind, f"https://www.{site}.example/politik/", "after 30 s", end - timedelta(hours=chance.randrange(90))),
            )
    _end_runs(db, runs, end)
    db.close()
    return path


def _end_runs(db: Database, runs: dict[str, int], end: datetime) -> None:
    from collections import Counter

    from newswatch.store.runs import save_listing

    for n, (site, run) in enumerate(runs.items()):
        seen = end - timedelta(days=3 if n == 3 else 0, minutes=5)
        save_listing(db, Listing(site, "politik", f"https://www.{site}.example/politik/", (), seen))
        end_run(
            db, run, end, Counter({"sections": 1, "pages": 60, "new": 60, "faults": 2, "fault:timeout": 1, "fault:layout": 1}), "faults", 1
        )


def _story(chance: random.Random, n: int, at: datetime, names: list[str]) -> Story:
    site, who = chance.choice(SITES), chance.choice(names)
    text = tuple(
        " ".join(chance.choice(_SENTENCES).format(who=chance.choice(names), n=chance.randrange(9, 900)) for _ in range(4)) for _ in range(4)
    )
    return make_story(
        site=site,
        site_key=str(n),
        url=f"https://www.{site}.example/politik/{n}/",
        kicker=chance.choice(("Wasserwerk", "Falkenau", None)),
        title=chance.choice(_TITLES).format(who=who),
        lead=f"Kritik kam umgehend von {chance.choice(names)}.",
        body=(Passage(None, text[:2]), Passage("Wie es weitergeht", text[2:])),
        section=chance.choice((("Politik",), ("Politik", "Ausland"), ("Wirtschaft",))),
        published=Stamp(at, at.isoformat()),
        seen_at=at,
        language="de",
    )


def _edited(chance: random.Random, story: Story, at: datetime, names: list[str]) -> Story:
    from dataclasses import replace

    first, second = story.body[0], story.body[1]
    more = chance.choice(_SENTENCES).format(who=chance.choice(names), n=chance.randrange(9, 900))
    title = f"{story.title} – Streit geht weiter" if chance.random() < 0.4 and "Streit" not in story.title else story.title
    body = (Passage(None, (*first.paragraphs[::-1], f"{more} Das sagte {chance.choice(names)}.")), second)
    return replace(story, title=title, body=body, seen_at=at)


NASTY = (
    '<script>alert("1")</script>',
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }} {% raw %}",
    "javascript:alert(1)",
    "\u202eodnu\u202c gnilc\u2066 mark\u2067s",
    "null\x00byte and \x1b[31mbell\x07",
    "a' OR '1'='1\"; DROP TABLE stories; --",
    "🏳️‍🌈 Ünïcödé ẞ İ \ufffe \ue000markers\ue001",
    "word " * 2000,
    "x" * 10_000,
    "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 text",
)


def build_hostile(path: Path) -> Path:
    """A database in which every text, name and address is hostile."""
    db = open_store(path)
    keep(db, make_story(site_key="1", url="https://a.example/1", body=(Passage(None, ("Verein Klare Luft sprach.",)),)))
    for n, text in enumerate(NASTY, 2):
        url = f"https://a.example/{n}"
        story = make_story(
            site_key=str(n), url=url, title=text, kicker=text, lead=text, body=(Passage(text, (text, text)),), section=(text,)
        )
        keep(db, story)
        keep(db, make_story(site_key=str(n), url=url, title=text + "!", lead=text[::-1], body=(Passage(None, (text + text,)),)))
    for n, text in enumerate(NASTY):
        with db.conn:
            db.execute("INSERT OR IGNORE INTO actors VALUES (?, ?, ?, ?)", [text, text, text, '["<b>"]'])
            row = db.execute("SELECT max(id), story_id FROM revisions WHERE story_id = ?", [n + 1]).fetchone()
            db.execute(
                "INSERT INTO mentions (revision_id, story_id, actor, field, start, end, surface, name, rule, snippet)"
                " VALUES (?, ?, ?, 'body', 0, ?, ?, ?, ?, ?)",
                [row[0], row[1], text, len(text), text, text, text, text],
            )
            at = "2026-11-22T12:00:00Z"
            db.execute(
                "INSERT INTO events (story_id, revision_id, actor, kind, field, at) VALUES (?, ?, ?, 'left', ?, ?)",
                [row[1], row[0], text, text, at],
            )
            db.execute("INSERT INTO story_actors VALUES (?, ?, ?, ?, 'body', 1, 1)", [row[1], text, text, at])
            db.execute("INSERT INTO actor_days VALUES (?, '2026-11-22', ?, 1, 1)", [text, text])
            db.execute("INSERT INTO actor_pairs VALUES (?, ?, 1)", [text, NASTY[0]])
            db.execute(
                "INSERT INTO story_urls (site, url, story_id, first_seen_at) VALUES (?, ?, ?, ?)",
                [text, f"javascript:alert({n})", row[1], at],
            )
            run = db.execute(
                "INSERT INTO runs (site, started_at, outcome, counts) VALUES (?, ?, ?, ?) RETURNING id",
                [text, at, text, '{"fault:<b>": 1}'],
            )
            run_id = run.fetchone()[0]
            db.execute(
                "INSERT INTO faults (run_id, site, kind, url, section, detail, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [run_id, text, text, text, text, text, at],
            )
            db.execute("UPDATE stories SET url = ? WHERE id = ?", [f"javascript:alert('{n}')", n + 1])
    with db.conn:
        db.execute("UPDATE stories SET site = ? WHERE id = 3", [NASTY[0]])
        db.execute("UPDATE revisions SET url = 'javascript:alert(1)'")
    db.close()
    return path
