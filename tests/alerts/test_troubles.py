"""The operator hears of what needs a person once, and again when it is mended."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from newswatch.alerts import troubles
from newswatch.alerts.subscriptions import Mail
from newswatch.alerts.troubles import current_troubles, tell_operator
from newswatch.store import outbox
from newswatch.store.unwatched import unwatched
from tests.alerts.newsroom import MORNING, Newsroom, text_of

OPS = Mail.model_validate({"from": "alerts@desk.example", "operator": "ops@desk.example"})


def section(room: Newsroom, name: str, failures: int, kind: str = "", **more: object) -> None:
    """A section whose last looks failed, with the fault of the last one."""
    old = room.db["sections"].rows_where("name = ?", [name])
    values = {"site": "beispiel", "name": name, "url": "x", "links": "[]", "last_checked_at": "2026-11-23T06:59:00Z", "last_changed_at": ""}
    room.db["sections"].upsert({**values, **{k: v for r in old for k, v in r.items()}, "failures": failures, **more}, pk="id")
    if kind:
        run = room.db["runs"].insert({"site": "beispiel", "started_at": "", "ended_at": "x", "outcome": "faults", "counts": "{}"}).last_pk
        fault = {"run_id": run, "site": "beispiel", "section": name, "kind": kind, "url": "", "detail": "what <b>it</b> was", "at": ""}
        room.db["faults"].insert(fault)


def tell(room: Newsroom, hours: int = 0) -> int:
    now = MORNING + timedelta(hours=hours)
    return tell_operator(room.out, OPS, current_troubles(room.db, room.out, room.folder, now, unwatched(room.db, now)), now)


def test_a_trouble_is_told_once_until_it_is_mended(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    section(room, "politik", 1, "layout", id=1)
    assert [tell(room), tell(room, 1)] == [1, 0]
    section(room, "politik", 0, id=1)
    assert [tell(room, 1), tell(room, 1)] == [1, 0]
    first, second = room.mails("ops@desk.example")
    assert first["Subject"] == "newswatch: 1 thing needs a look" and "beispiel, politik: " in text_of(first)
    assert second["Subject"] == "newswatch: 1 thing is mended" and "works again" in text_of(second)
    section(room, "politik", 1, "layout", id=1)
    assert tell(room, 1) == 1, "again, for it is new again"


def test_what_mends_itself_is_told_only_if_it_does_not(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    section(room, "politik", 1, "timeout", id=1)
    assert tell(room) == 0
    section(room, "politik", 5, "timeout", id=1)
    assert tell(room) == 1


@pytest.mark.parametrize("kind", ["silent", "coverage", "archive"])
def test_what_is_wrong_with_a_whole_site_is_told(kind: str, tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    run = room.db["runs"].insert({"site": "beispiel", "started_at": "", "ended_at": "x", "outcome": "faults", "counts": "{}"}).last_pk
    room.db["faults"].insert({"run_id": run, "site": "beispiel", "kind": kind, "url": "", "detail": "weg", "at": ""})
    found = current_troubles(room.db, room.out, room.folder, MORNING, [])
    assert list(found) == [f"site|beispiel|{kind}"]


def test_disk_queue_and_dead_mails_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = Newsroom(tmp_path)
    room.publish(1, "Eins")
    room.publish(2, "Zwei")
    room.tell(MORNING)
    outbox.mark_failed(room.out, 1, "550", MORNING, None)
    monkeypatch.setattr(troubles, "LEAST_FREE", 10**18)
    found = current_troubles(room.db, room.out, room.folder, MORNING + timedelta(hours=3), [])
    assert set(found) == {"disk", "queue", "dead"}


def test_a_site_that_nobody_looks_at_is_told(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    found = unwatched(room.db, MORNING, {"nie": None})
    assert [(u.site, u.since) for u in found] == [("nie", None)]
    section(room, "politik", 0, id=1)
    assert unwatched(room.db, MORNING, {"beispiel": None}) == []
    late = unwatched(room.db, MORNING + timedelta(days=3), {"beispiel": None})
    assert [u.since for u in late] == ["2026-11-23T06:59:00Z"]
    assert list(current_troubles(room.db, room.out, room.folder, MORNING, late)) == ["unwatched|beispiel"]


def test_without_an_operator_nobody_is_told_and_nothing_is_marked(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    assert tell_operator(room.out, Mail(), {"disk": "full"}, MORNING) == 0
    assert tell_operator(room.out, OPS, {"disk": "full"}, MORNING) == 1


def test_markup_in_a_fault_is_shown_as_text(tmp_path: Path) -> None:
    from tests.alerts.newsroom import html_of

    room = Newsroom(tmp_path)
    section(room, "politik", 1, "layout", id=1)
    tell(room)
    assert "&lt;b&gt;" in html_of(room.mails("ops@desk.example")[0])
