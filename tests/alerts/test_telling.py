"""From stories in the store to mails in the outbox."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from newswatch.alerts.letter import LONGEST_SNIPPET
from newswatch.alerts.writing import cut
from newswatch.store import outbox
from tests.alerts.newsroom import FILLER, MORNING, Newsroom, html_of, subscription, text_of

LATER = MORNING + timedelta(hours=1)


def test_a_mail_tells_who_where_and_by_which_rule(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    room.publish(1, "Rat stimmt zu", "Die Bürgermeisterin Ada Quint sprach lange.", FILLER)
    assert room.tell(MORNING)["story"] == 1
    (mail,) = room.mails()
    assert mail["Subject"] == "Ada Quint: Rat stimmt zu" and mail["To"] == "desk@desk.example"
    text = text_of(mail)
    for words in (
        "Das Beispiel",
        "Ada Quint is named in the text",
        '"Die Bürgermeisterin *Ada Quint* sprach lange."',
        "strong name Ada Quint",
    ):
        assert words in text
    assert "Original: https://www.beispiel.example/politik/1/x" in text and "http://127.0.0.1:8001/story/1" in text
    assert "<mark" in html_of(mail) and ">Ada Quint</mark>" in html_of(mail)


def test_nothing_is_told_twice_and_a_subscription_starts_with_now(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    room.publish(1, "Alt")
    room.subscriptions = (subscription(), subscription(id="neu", to="neu@desk.example"))
    assert room.tell(MORNING) == {"story": 1, "waiting": 0}
    assert room.tell(LATER)["story"] == 0
    room.publish(2, "Neu", at=LATER)
    room.tell(LATER)
    assert [m["To"] for m in room.mails()] == ["desk@desk.example"] * 2 + ["neu@desk.example"]


def test_since_sends_a_back_digest(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    room.publish(1, "Eins")
    room.publish(2, "Zwei", at=MORNING - timedelta(days=30))
    late = subscription(id="neu", to="neu@desk.example")
    room.subscriptions = (late,)
    assert room.teller(LATER).back_digest(late, MORNING - timedelta(days=1)) == {"digest": 1}
    assert "Eins" in text_of(room.mails()[0]) and "Zwei" not in text_of(room.mails()[0])


def test_an_update_threads_under_the_first_mail_and_says_what_changed_in_words(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, subscription(events=["appeared", "headline", "left", "returned", "changed"]))
    room.publish(1, "Rat stimmt zu", "Ada Quint nannte 48 Millionen Euro.", FILLER)
    room.tell(MORNING)
    room.publish(1, "Ada Quint gibt nach", "Ada Quint nannte 84 Millionen Euro.", FILLER, at=LATER)
    room.tell(LATER)
    first, second = room.mails()
    assert second["In-Reply-To"] == first["Message-ID"] and first["Message-ID"] in second["References"]
    text = text_of(second)
    assert "moved into the headline" in text and "- Rat stimmt zu" in text and "+ Ada Quint gibt nach" in text
    assert "48" in text and "84" in text and text.index("headline:") < text.index("text: -")


def test_edits_within_the_cooldown_come_as_one_mail_with_all_that_changed_since_the_last_one(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, subscription(events=["appeared", "changed"]))
    room.publish(1, "Rat", "Ada Quint sprach von zwei Brücken.", FILLER)
    room.tell(MORNING)
    for minute, number in ((5, "drei"), (10, "vier")):
        at = MORNING + timedelta(minutes=minute)
        room.publish(1, "Rat", f"Ada Quint sprach von {number} Brücken.", FILLER, at=at)
        assert room.tell(at) == {"waiting": minute // 5}
    assert room.tell(MORNING + timedelta(minutes=31))["story"] == 1
    text = text_of(room.mails()[-1])
    assert "- zwei" in text and "+ vier" in text and "drei" not in text


def test_wants_are_actors_tags_sites_sections_events_and_places(tmp_path: Path) -> None:
    subs = [
        subscription(id="a", to="a@x.example", actors=["ahrens"]),
        subscription(id="b", to="b@x.example", tags=["rathaus"]),
        subscription(id="c", to="c@x.example", sites=["anderswo"]),
        subscription(id="d", to="d@x.example", sections=["ausland"]),
        subscription(id="e", to="e@x.example", events=["left"]),
        subscription(id="f", to="f@x.example", least="headline"),
    ]
    room = Newsroom(tmp_path, *subs)
    room.publish(1, "Ada Quint spricht", section=("Politik", "Ausland"))
    room.publish(2, "Bo Ahrens schweigt", "Bo Ahrens blieb still.", FILLER, site="anderswo")
    room.publish(3, "Nebenbei", "Auch Ada Quint kam.", FILLER + " Und noch ein Satz.")
    room.tell(MORNING)
    got = {to: sorted(str(m["Subject"]).partition(": ")[2] for m in room.mails(f"{to}@x.example")) for to in "abcdef"}
    assert got == {
        "a": ["Bo Ahrens schweigt"],
        "b": ["Ada Quint spricht", "Nebenbei"],
        "c": ["Bo Ahrens schweigt"],
        "d": ["Ada Quint spricht"],
        "e": [],
        "f": ["Ada Quint spricht", "Bo Ahrens schweigt"],
    }
    room.publish(1, "Rat spricht", "Niemand kam.", FILLER, at=LATER)
    room.tell(LATER)
    assert [str(m["Subject"]) for m in room.mails("e@x.example")] == ["Ada Quint: Rat spricht"]


def test_the_digest_is_by_actor_the_most_important_first_and_ends_with_what_was_not_watched(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, subscription(daily="08:00"))
    room.publish(1, "Nebenbei", "Auch Ada Quint kam.", FILLER)
    room.publish(2, "Bo Ahrens tritt zurück", "Bo Ahrens ging, Ada Quint blieb.", FILLER + " Und noch einer.")
    run = room.db["runs"].insert({"site": "stumm", "started_at": "2026-11-22T00:00:00Z", "outcome": "unreachable", "counts": "{}"}).last_pk
    fault = {"run_id": run, "site": "stumm", "section": "politik", "kind": "http", "url": "", "detail": "503", "at": ""}
    room.db["faults"].insert(fault)
    assert room.tell(MORNING - timedelta(minutes=1))["digest"] == 0
    assert room.tell(MORNING)["digest"] == 1
    text = text_of(room.mails()[0])
    assert text.index("Bo Ahrens\n=") < text.index("Bo Ahrens tritt zurück") < text.index("Ada Quint\n=") < text.index("Nebenbei")
    assert "Not watched" in text and "stumm, never read: 503" in text and "All sites were watched" not in text


def test_a_restored_backup_sends_nothing_again_once_it_is_marked(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    room.db.close()
    shutil.copy(tmp_path / "news.db", tmp_path / "backup.db")
    room = Newsroom(tmp_path)
    room.publish(1, "Eins")
    room.tell(MORNING)
    room.db.close()
    for suffix in ("-wal", "-shm"):
        (tmp_path / f"news.db{suffix}").unlink(missing_ok=True)
    shutil.copy(tmp_path / "backup.db", tmp_path / "news.db")
    room = Newsroom(tmp_path)
    room.publish(1, "Eins", at=LATER)  # the crawl finds it again
    room.publish(2, "Zwei", at=LATER + timedelta(hours=1))
    assert room.teller(LATER).mark_told_before(LATER + timedelta(minutes=1)) == 1
    assert room.tell(LATER + timedelta(hours=2))["story"] == 1
    assert [str(m["Subject"]) for m in room.mails()] == ["Ada Quint: Eins", "Ada Quint: Zwei"]


def test_after_a_restore_what_was_told_and_is_still_there_is_not_told_again(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    room.publish(1, "Eins")
    room.publish(2, "Zwei")
    room.tell(MORNING)
    room.db.execute("DELETE FROM mentions WHERE story_id = 2")
    room.db.execute("DELETE FROM events WHERE story_id = 2")
    room.db.execute("DELETE FROM matched WHERE revision_id = 2")
    room.db.execute("UPDATE revisions SET seen_at = '2026-11-23T09:00:00Z', url = 'x' WHERE id = 2")  # another row has its number now
    assert room.tell(LATER)["story"] == 0


def test_a_wire_copy_is_a_line_and_no_mail(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    wire = [
        f"Ada Quint hat am Montag den {n}. Kanal der Stadt eröffnet, sagte ein Sprecher vor {n * 7} Gästen am Ufer." for n in range(1, 9)
    ]
    room.publish(1, "Quint eröffnet Kanäle", *wire)
    room.publish(2, "Acht Kanäle offen", *wire, site="anderswo")
    room.publish(3, "Etwas anderes", "Ada Quint fuhr danach mit der Bahn nach Hause und las.", FILLER)
    assert room.tell(MORNING)["story"] == 2
    texts = [text_of(m) for m in room.mails()]
    assert sum("Also in anderswo: Acht Kanäle offen" in t for t in texts) == 1
    room.publish(4, "Kanäle: acht", *wire, site="drittes", at=LATER)
    assert room.tell(LATER) == {"waiting": 1}
    room.publish(5, "Noch etwas", "Ada Quint schlief lange, wie man hört, bis in den Mittag.", FILLER, at=LATER)
    assert room.tell(LATER) == {"story": 1, "waiting": 0}
    assert "Also in drittes: Kanäle: acht" in text_of(room.mails()[-1])


HOSTILE = "Ada Quint <script>alert(1)</script>\r\nBcc: x@y.example\u2028\x00 \"'& \u202eabc " + "ä" * 300


def test_hostile_titles_harm_nothing(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    room.publish(1, HOSTILE)
    room.publish(2, "Gut")
    assert room.tell(MORNING)["story"] == 2
    mail = next(m for m in room.mails() if "Gut" not in m["Subject"])
    assert mail["Bcc"] is None and "\n" not in str(mail["Subject"]) and "\u202e" not in str(mail["Subject"])
    assert "<script>" not in html_of(mail) and "&lt;script&gt;" in html_of(mail)
    assert "\u202e" not in text_of(mail) and "\x00" not in text_of(mail)


def test_no_remote_content_and_all_headers_as_they_should_be(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    room.publish(1, "Brücke über die Große Öde wird länger als gedacht und dann noch viel länger, äußert man überall")
    room.tell(MORNING)
    (mail,) = room.mails()
    assert "Brücke über die Große Öde wird länger als gedacht und dann noch viel länger" in mail["Subject"]
    for header in ("Message-ID", "Date", "List-Id", "List-Unsubscribe", "Auto-Submitted", "Precedence"):
        assert mail[header]
    assert mail["List-Unsubscribe"] == "<mailto:alerts@desk.example?subject=unsubscribe%20desk>"
    html = html_of(mail)
    assert "src=" not in html and "url(" not in html and "@import" not in html and "<link" not in html
    raw = room.out.execute("SELECT content FROM mails").fetchone()[0]
    assert max(map(len, raw.splitlines())) <= 998 and raw.isascii()


@pytest.mark.parametrize("length", [10, 100, 159, 161, 500, 5000])
def test_a_snippet_has_at_most_160_letters_of_the_publisher_and_the_name_whole(length: int) -> None:
    text = "wort " * (length // 5) + "Ada Quint" + " wort" * (length // 5)
    start = text.index("Ada")
    snippet = cut(text, start, start + 9)
    assert len(snippet.text()) <= LONGEST_SNIPPET + 2 and ("Ada Quint", True) in snippet.pieces
    assert all(word in ("wort", "Ada", "Quint", "…") for word in snippet.text().split())


def test_a_story_that_was_removed_meanwhile_holds_nothing_up(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, subscription(quiet="00:00-23:59", urgent="none"))
    room.publish(1, "Eins")
    assert room.tell(MORNING) == {"waiting": 1}
    room.subscriptions = (subscription(),)
    for table in ("mentions", "events", "story_actors", "actor_days", "named_by_day", "actor_pairs", "matched"):
        if room.db[table].exists() and "story_id" in room.db[table].columns_dict:
            room.db.execute(f"DELETE FROM {table} WHERE story_id = 1")
    assert room.tell(MORNING) == {"waiting": 0}


def test_german_mails_are_german(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, subscription(language="de", daily="08:00"))
    room.publish(1, "Rat stimmt zu")
    room.tell(MORNING)
    text = text_of(room.mails()[0])
    assert "wird genannt (Text)" in text and "Abbestellen" in text and "named" not in text


def test_the_outbox_is_its_owners_alone_and_the_store_knows_no_address(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    room.publish(1, "Eins")
    room.tell(MORNING)
    room.post(MORNING)
    assert (tmp_path / "mail.db").stat().st_mode & 0o077 == 0
    assert b"desk.example" not in (tmp_path / "news.db").read_bytes() + (tmp_path / "news.db-wal").read_bytes()
    assert outbox.states(room.out) == {"sent": 1}
    assert room.out.execute("SELECT content FROM mails").fetchone() == (None,)
