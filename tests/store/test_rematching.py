"""The watchlist applied afterwards comes to what it would have come to from the start."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest
from sqlite_utils import Database

from newswatch.matching import Actor, Rule, Watchlist, examine_story
from newswatch.revisions import Same, decide
from newswatch.store import open_store, rematching, stories, watchlists
from newswatch.store.rematching import Rematch
from newswatch.story import Entry, Passage, Story
from tests.conftest import NOW, make_story
from tests.dump import dump

SENTENCES = (
    """
Ada Quint sprach im Rat.|Quint schwieg.|Rolf Quint ist Bäcker.|Die Quint AG wächst.|Der Nordbund tagte mit Ada Quint.
Der Bund tagte.|Die Miliz des Bundes kam.|Deichwacht und Nordbund stritten.|Die Wacht am Deich blieb still.|Mara Lind kam.
Lind und Quint gingen.|Die Deichwacht, der Bund und Lind schwiegen.|Niemand kam.|Es regnete auf den Deich.|Quints Plan half Linds Leuten.
""".strip()
    .replace("\n", "|")
    .split("|")
)

DEFINITIONS: dict[str, list[dict]] = {
    "quint": [
        {"name": "Ada Quint", "kind": "person", "weak": ["Quint"], "not": ["Quint AG"]},
        {"name": "Ada Quint", "kind": "person", "weak": ["Quint"], "tags": ["rat"]},
        {"name": "Ada Quint", "kind": "person"},
    ],
    "rolf": [
        {"name": "Rolf Quint", "kind": "person", "weak": ["Quint"], "tags": ["rat"]},
        {"name": "Rolf Quint", "kind": "person", "not": ["Rolf Quint ist"]},
    ],
    "bund": [
        {"name": "Nordbund", "kind": "group", "weak": [{"text": "Bund", "near": ["@lind", "Miliz*"], "within": 9}], "tags": ["miliz"]},
        {"name": "Nordbund", "kind": "organisation", "weak": ["Bund"]},
        {"name": "Nordbund", "kind": "place", "weak": [{"text": "Bund", "near": ["@wacht"]}]},
    ],
    "wacht": [
        {"name": "Deichwacht", "kind": "group", "weak": [{"text": "Wacht", "near": ["Deich"]}], "tags": ["miliz"]},
        {"name": "Deichwacht", "kind": "organisation", "not": ["Wacht am Deich"]},
    ],
    "lind": [{"name": "Mara Lind", "kind": "person", "weak": ["Lind"]}, {"name": "Mara Lind", "kind": "person", "tags": ["miliz"]}],
    "deich": [{"name": "Deich", "kind": "topic", "phrases": ["Deich*", "regn*"]}],
}
RULES = ["quint and lind", "quint and not lind", "tag:miliz and quint within 5", "(lind or wacht) and bund", "tag:rat or deich"]


def some_watchlist(chance: random.Random) -> Watchlist:
    actors = {}
    for key, choices in DEFINITIONS.items():
        if chance.random() < 0.75:
            actors[key] = Actor.model_validate({"id": key, **chance.choice(choices)})
    keys = sorted(actors)
    chance.shuffle(keys)
    rules = {}
    for number, when in enumerate(RULES):
        if chance.random() < 0.4:
            rules[f"rule-{number}"] = Rule(id=f"rule-{number}", when=when)
    return Watchlist({key: actors[key] for key in keys}, rules)


def some_story(chance: random.Random, key: int, seen: int) -> Story:
    def text(most: int) -> str:
        return " ".join(chance.choices(SENTENCES, k=chance.randint(1, most)))

    return make_story(
        url=f"https://www.beispiel.example/politik/{key}/",
        site_key=str(key),
        title=chance.choice(SENTENCES),
        lead=text(1) if chance.random() < 0.5 else None,
        body=tuple(Passage(None, (text(4), text(2))) for _ in range(chance.randint(1, 2))),
        language="de",
        seen_at=NOW + timedelta(minutes=seen),
    )


def see(db: Database, story: Story, watchlist: Watchlist, number: int | None) -> None:
    outcome = decide(stories.last_revision(db, story), story)
    mentions = [] if isinstance(outcome, Same) else examine_story(story, watchlist).mentions
    stories.save(db, outcome, mentions, watchlist=number)


def fresh(path: Path, seen: list[Story], watchlist: Watchlist) -> dict[str, list[tuple]]:
    """What a database is that had the watchlist from the start."""
    db = open_store(path)
    number = watchlists.register(db, watchlist, NOW)
    for story in seen:
        see(db, story, watchlist, number)
    db.close()
    return logical(path)


def logical(path: Path) -> dict[str, list[tuple]]:
    """Without what differs by intent: that events were found afterwards, actors that were watched once."""
    out = dump(path)
    return {key: rows for key, rows in out.items() if key not in ("past", "actors")}


def rematch(db: Database, watchlist: Watchlist, **options: bool) -> Rematch:
    out = Rematch(db, watchlist, NOW, **{"write": True, **options})
    for _ in out.run():
        pass
    return out


@pytest.mark.parametrize("seed", range(40))
def test_it_equals_a_fresh_run(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rematching, "_STORIES", rematching._STORIES.replace("LIMIT 200", "LIMIT 3"))
    monkeypatch.setattr(rematching, "MOST_HELD", seed % 4 * 8)
    monkeypatch.setattr(rematching, "LONGEST_WRITE", seed % 2)
    chance = random.Random(seed)
    seen = [some_story(chance, chance.randint(1, 12), n) for n in range(40)]
    db = open_store(tmp_path / "news.db")
    states = [some_watchlist(chance) for _ in range(4)]
    for n, story in enumerate(seen):
        if n == 30:  # one of them is applied, the others wait
            rematch(db, states[2])
        watchlist = states[n // 10]
        see(db, story, watchlist, watchlists.register(db, watchlist, NOW) if chance.random() < 0.9 else None)
    last = some_watchlist(chance)
    for _ in islice(Rematch(db, last, NOW, write=True).run(), chance.randint(0, 2)):
        pass  # stopped in the middle
    rematch(db, last)
    db.close()
    assert logical(tmp_path / "news.db") == fresh(tmp_path / "fresh.db", seen, last)


def two_actors(**more: dict) -> Watchlist:
    tables = {"quint": {"name": "Ada Quint", "kind": "person"}, "lind": {"name": "Mara Lind", "kind": "person"}, **more}
    return Watchlist({key: Actor.model_validate({"id": key, **table}) for key, table in tables.items()})


BUND = {"name": "Nordbund", "kind": "group"}
TEXTS = ["Ada Quint sprach.", "Mara Lind kam.", "Der Nordbund tagte.", "Der Nordbund traf Ada Quint.", "Niemand kam."]


def stored(db: Database, watchlist: Watchlist) -> int:
    """A story for each of TEXTS; the number of the watchlist."""
    number = watchlists.register(db, watchlist, NOW)
    for key, text in enumerate(TEXTS):
        url = f"https://www.beispiel.example/politik/{key}/"
        see(db, make_story(url=url, site_key=str(key), body=(Passage(None, (text,)),)), watchlist, number)
    return number


def column(db: Database, sql: str) -> list:
    return [row[0] for row in db.execute(sql)]


def test_only_stories_with_a_name_of_what_changed_are_examined(db: Database) -> None:
    stored(db, two_actors())
    effects = rematch(db, two_actors(bund=BUND)).effects
    assert (effects.revisions, effects.examined, effects.changed, effects.events_gained) == (5, 2, 2, 2)
    bund = effects.actors["bund"]
    assert (bund.mentions_gained, bund.mentions_lost, bund.stories_gained, bund.stories_lost) == (2, 0, 2, 0)
    assert [m.snippet for m in bund.gained] == TEXTS[2:4]
    assert column(db, "SELECT watchlist FROM matched") == [2] * 5
    assert not rematch(db, two_actors(bund=BUND)).pending


def test_what_was_matched_with_the_same_definitions_before_is_only_marked(db: Database) -> None:
    stored(db, two_actors())
    for watchlist in (two_actors(bund=BUND), two_actors()):
        watchlists.register(db, watchlist, NOW)
    effects = rematch(db, two_actors()).effects
    assert (effects.revisions, effects.examined) == (5, 0)
    assert column(db, "SELECT DISTINCT watchlist FROM matched") == [3]


def test_events_that_stay_keep_their_rows_and_new_ones_are_of_the_past(db: Database) -> None:
    stored(db, two_actors(bund=BUND))
    before = set(db.execute("SELECT id, actor, past FROM events WHERE actor <> 'bund'").fetchall())
    rematch(db, two_actors())
    assert set(db.execute("SELECT id, actor, past FROM events").fetchall()) == before
    rematch(db, two_actors(bund=BUND))
    past = db.execute("SELECT actor, at FROM events WHERE past").fetchall()
    assert past == [("bund", "2026-11-22T12:00:00Z")] * 2
    assert set(db.execute("SELECT id, actor, past FROM events WHERE actor <> 'bund'").fetchall()) == before


def test_a_removed_actor_leaves_the_stories_and_stays_in_the_list_of_names(db: Database) -> None:
    stored(db, two_actors(bund=BUND))
    effects = rematch(db, two_actors()).effects
    assert effects.actors["bund"].stories_lost == 2 and effects.events_lost == 2
    assert column(db, "SELECT count(*) FROM mentions WHERE actor = 'bund'") == [0]
    assert column(db, "SELECT id FROM actors") == ["bund", "lind", "quint"]


def test_a_dry_run_tells_the_same_and_writes_nothing(db: Database) -> None:
    stored(db, two_actors())
    before = list(db.conn.iterdump())
    told = rematch(db, two_actors(bund=BUND), write=False).effects
    assert list(db.conn.iterdump()) == before
    assert rematch(db, two_actors(bund=BUND)).effects == told


def test_another_matcher_has_everything_examined(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    stored(db, two_actors())
    monkeypatch.setattr(watchlists, "MATCHER_VERSION", 99)
    effects = rematch(db, two_actors()).effects
    assert (effects.examined, effects.changed) == (5, 0)
    assert not rematch(db, two_actors()).pending


def test_a_definition_that_is_not_understood_any_more_has_everything_examined(db: Database) -> None:
    stored(db, two_actors(bund=BUND))
    db.execute("""UPDATE definitions SET definition = '{"kind": "band"}' WHERE actor = 'bund'""")
    effects = rematch(db, two_actors()).effects
    assert (effects.examined, effects.changed) == (5, 2)


def test_all_looks_at_everything_again_and_a_stop_is_no_loss(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    stored(db, two_actors())
    db.execute("DELETE FROM mentions")
    db.execute("DELETE FROM events")
    assert not rematch(db, two_actors()).pending
    assert rematch(db, two_actors(), write=False, everything=True).effects.changed == 3
    monkeypatch.setattr(rematching, "_STORIES", rematching._STORIES.replace("LIMIT 200", "LIMIT 2"))
    next(Rematch(db, two_actors(), NOW, write=True, everything=True).run())
    effects = rematch(db, two_actors()).effects
    assert effects.examined == 3
    assert column(db, "SELECT count(*) FROM events") == [3]


def test_a_story_that_another_pass_settled_meanwhile_is_left_alone(tmp_path: Path) -> None:
    first, second = open_store(tmp_path / "news.db"), open_store(tmp_path / "news.db")
    stored(first, two_actors())
    slow = Rematch(first, two_actors(bund=BUND), NOW, write=True)
    works = list(slow._look(1, 5))
    rematch(second, two_actors(bund=BUND))
    ids = column(first, "SELECT id FROM mentions")
    slow._settle(works)
    assert column(first, "SELECT id FROM mentions") == ids
    assert slow.effects.changed == 0
    first.close()
    second.close()


def test_a_revision_that_a_crawl_adds_meanwhile_counts_in_the_events(tmp_path: Path) -> None:
    db, crawl = open_store(tmp_path / "news.db"), open_store(tmp_path / "news.db")
    number = stored(db, two_actors())
    slow = Rematch(db, two_actors(bund=BUND), NOW, write=True)
    works = list(slow._look(1, 5))
    url = "https://www.beispiel.example/politik/2/"
    quiet = make_story(url=url, site_key="2", body=(Passage(None, ("Niemand kam.",)),), seen_at=NOW + timedelta(hours=1))
    see(crawl, quiet, two_actors(), number)
    slow._settle(works)
    assert column(db, "SELECT kind FROM events WHERE actor = 'bund' AND story_id = 3 ORDER BY id") == ["appeared", "left"]
    assert Rematch(db, two_actors(bund=BUND), NOW, write=False).pending == 1
    db.close()
    crawl.close()


def test_ambiguous_mentions_are_kept_and_flag_nobody(db: Database) -> None:
    stored(db, two_actors(otto={"name": "Ada Quint", "kind": "person"}))
    assert column(db, "SELECT DISTINCT actor FROM mentions WHERE is_ambiguous ORDER BY actor") == ["otto", "quint"]
    assert column(db, "SELECT DISTINCT actor FROM events") == ["lind"]
    effects = rematch(db, two_actors()).effects
    assert (effects.actors["quint"].stories_gained, "otto" in effects.actors) == (2, False)


def test_the_entry_of_a_liveblog_is_kept(db: Database) -> None:
    number = watchlists.register(db, two_actors(), NOW)
    entries = tuple(Entry(f"e{n}", None, None, text) for n, text in enumerate(TEXTS))
    see(db, make_story(body=(Passage(None, tuple(TEXTS)),), entries=entries), two_actors(), number)
    rematch(db, two_actors(bund=BUND))
    rows = db.execute("SELECT actor, entry FROM mentions ORDER BY id").fetchall()
    assert rows == [("quint", "e0"), ("lind", "e1"), ("bund", "e2"), ("bund", "e3"), ("quint", "e3")]
