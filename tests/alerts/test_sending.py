"""Faults 49 to 55: what a mail server may do, and what becomes of the mails."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree

from newswatch.alerts.channels import ATOM, Feed, Notify
from newswatch.alerts.sending import GIVEN_UP_AFTER, Files, Smtp, next_try, read_password, send
from newswatch.alerts.subscriptions import Mail
from newswatch.errors import ConfigError
from newswatch.store import outbox
from tests.alerts.certificates import self_signed
from tests.alerts.newsroom import MORNING, Newsroom, subscription, text_of
from tests.alerts.postoffice import PostOffice, free_port

A, B = "a@desk.example", "b@desk.example"


def smtp(port: int, **more: object) -> Smtp:
    return Smtp(Mail.model_validate({"host": "127.0.0.1", "port": port, "security": "none", **more}))


def room_with(tmp_path: Path, count: int = 1) -> Newsroom:
    """With mails to two recipients on each of some stories."""
    room = Newsroom(tmp_path, subscription(to=[A, B]))
    for number in range(count):
        room.publish(number, f"Titel {number}")
    room.tell(MORNING)
    return room


def states(room: Newsroom) -> dict[str, int]:
    return outbox.states(room.out)


def test_each_mail_is_taken_once(tmp_path: Path) -> None:
    room = room_with(tmp_path, 3)
    with PostOffice() as office:
        assert room.post(MORNING, smtp(office.port)) == {"sent": 6}
        assert room.post(MORNING, smtp(office.port)) == {}
    assert len(set(office.accepted)) == len(office.accepted) == 6


def test_a_server_that_is_down_is_tried_again_later_and_nothing_is_lost(tmp_path: Path) -> None:
    room = room_with(tmp_path, 2)
    nobody = smtp(free_port())
    counts, down = send(room.out, lambda _: nobody, MORNING)
    assert counts == {"waits": 4} and len(down) == 1 and "cannot be reached" in down[0]
    with PostOffice() as office:
        assert room.post(MORNING, smtp(office.port)) == {}, "not before its time"
        assert room.post(MORNING + timedelta(minutes=2), smtp(office.port)) == {"sent": 4}


@pytest.mark.parametrize("verdict", ["451 come back", "450 greylisted", "data 451 later"])
def test_a_recipient_who_is_told_to_wait_waits_and_the_other_does_not(verdict: str, tmp_path: Path) -> None:
    room = room_with(tmp_path)
    with PostOffice({A: verdict}) as office:
        assert room.post(MORNING, smtp(office.port)) == {"waits": 1, "sent": 1}
        office.script.clear()
        assert room.post(MORNING + timedelta(minutes=2), smtp(office.port)) == {"sent": 1}
    assert sorted(to for to, _ in office.accepted) == [A, B]


@pytest.mark.parametrize("verdict", [f"550 no such user {A}", "data 554 spam"])
def test_a_refused_mail_is_dead_and_visible_without_its_address_and_the_other_goes_on(verdict: str, tmp_path: Path) -> None:
    room = room_with(tmp_path)
    with PostOffice({A: verdict}) as office:
        assert room.post(MORNING, smtp(office.port)) == {"dead": 1, "sent": 1}
        (letter,) = outbox.dead_letters(room.out)
        assert letter["why"][:3] in ("550", "554") and "@" not in str(letter)
        office.script.clear()
        assert outbox.retry_dead(room.out, MORNING) == 1
        assert room.post(MORNING, smtp(office.port)) == {"sent": 1}


def test_a_connection_that_drops_after_the_data_sends_again_under_the_same_message_id(tmp_path: Path) -> None:
    room = room_with(tmp_path)
    with PostOffice({A: "drop"}) as office:
        assert room.post(MORNING, smtp(office.port)) == {"waits": 1, "sent": 1}
        office.script.clear()
        assert room.post(MORNING + timedelta(minutes=2), smtp(office.port)) == {"sent": 1}
    to_a = [identity for to, identity in office.accepted if to == A]
    assert len(to_a) == 2 and len(set(to_a)) == 1


def test_a_server_that_is_slow_after_the_data_is_waited_for(tmp_path: Path) -> None:
    room = room_with(tmp_path)
    with PostOffice({A: "stall"}) as office:
        assert room.post(MORNING, smtp(office.port)) == {"sent": 2}
    assert len(office.accepted) == 2
    assert Smtp(Mail()).answer_seconds == 600


def test_one_that_never_answers_is_left_after_the_time_limit(tmp_path: Path) -> None:
    room = room_with(tmp_path)
    with PostOffice({A: "stall", B: "stall"}) as office:
        carrier = smtp(office.port)
        carrier.answer_seconds = 0.2
        assert room.post(MORNING, carrier) == {"waits": 2}
    assert states(room) == {"queued": 2}


def test_mails_are_given_up_after_four_days_and_then_shown(tmp_path: Path) -> None:
    room = room_with(tmp_path)
    now, tries = MORNING, 0
    with PostOffice({A: "451 no", B: "451 no"}) as office:
        while states(room).get("queued") and tries < 100:
            now = datetime.fromisoformat(room.out.execute("SELECT min(next_try_at) FROM mails WHERE state = 'queued'").fetchone()[0])
            room.post(now, smtp(office.port))
            tries += 1
    assert states(room) == {"dead": 2} and 12 <= tries <= 16
    assert timedelta(days=3) < now - MORNING <= GIVEN_UP_AFTER


def test_the_wait_grows_and_a_wrong_clock_kills_no_mail() -> None:
    waits = [next_try(n, MORNING, MORNING) for n in range(9)]
    assert all(a and b and a <= b for a, b in pairwise(waits))
    assert next_try(3, MORNING + timedelta(days=400), MORNING) is not None


def test_five_hundred_alerts_at_once_are_a_few_mails_and_one_digest(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, subscription(most_an_hour=5))
    for number in range(500):
        room.publish(number, f"Titel {number}")
    assert room.tell(MORNING) == {"story": 4, "digest": 1, "waiting": 0}
    digest = text_of(room.mails()[-1])
    assert "466 more stories" in digest and digest.count("Original: ") == 30


def test_starttls_is_verified_and_so_is_the_password(tmp_path: Path) -> None:
    room = room_with(tmp_path)
    certificate, trusting = self_signed(tmp_path)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    mail = {"host": "localhost", "user": "desk", "security": "starttls"}

    def check(server: object, session: object, envelope: object, mechanism: str, data: object) -> object:
        from aiosmtpd.smtp import AuthResult, LoginPassword

        assert isinstance(data, LoginPassword)
        return AuthResult(success=data.password == b"geheim", handled=False)

    with PostOffice(tls_context=server, require_starttls=True, authenticator=check, auth_required=True) as office:
        mail["port"] = office.port  # type: ignore[assignment]
        made = Mail.model_validate(mail)
        strict = Smtp(made, "geheim")
        assert "certificate that is not trusted" in send(room.out, lambda _: strict, MORNING)[1][0]
        wrong = Smtp(made, "falsch", trusting)
        counts, down = send(room.out, lambda _: wrong, MORNING + timedelta(hours=1))
        assert counts == {"waits": 2} and "does not accept user and password" in down[0] and "falsch" not in down[0]
        assert room.post(MORNING + timedelta(hours=9), Smtp(made, "geheim", trusting)) == {"sent": 2}
    assert "geheim" not in str(room.out.execute("SELECT group_concat(why) FROM mails").fetchall())


def test_a_server_without_starttls_gets_nothing(tmp_path: Path) -> None:
    room = room_with(tmp_path)
    with PostOffice() as office:
        strict = smtp(office.port, security="starttls")
        counts, down = send(room.out, lambda _: strict, MORNING)
    assert counts == {"waits": 2} and "offers no STARTTLS" in down[0] and office.accepted == []


def test_passwords_come_from_the_environment_or_a_private_file(tmp_path: Path) -> None:
    mail = Mail.model_validate({"user": "desk", "password_file": "geheim"})
    assert read_password(mail, tmp_path / "alerts.toml", {"NEWSWATCH_SMTP_PASSWORD": "x"}) == "x"
    with pytest.raises(ConfigError, match="cannot be read"):
        read_password(mail, tmp_path / "alerts.toml", {})
    (tmp_path / "geheim").write_text("pst\n")
    (tmp_path / "geheim").chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        read_password(mail, tmp_path / "alerts.toml", {})
    (tmp_path / "geheim").chmod(0o600)
    assert read_password(mail, tmp_path / "alerts.toml", {}) == "pst"
    assert read_password(Mail(), tmp_path / "alerts.toml", {}) is None


def test_without_a_server_mails_are_files_and_the_same_mail_is_the_same_file(tmp_path: Path) -> None:
    room = room_with(tmp_path)
    assert room.post(MORNING) == {"sent": 2}
    room.out.execute("UPDATE mails SET state = 'queued', content = x'41', next_try_at = made_at")
    room.post(MORNING, Files(tmp_path / "mail"))
    assert len(list((tmp_path / "mail").iterdir())) == 2


def test_a_feed_has_an_entry_a_mail_and_the_same_mail_once(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, subscription(to=[], feed=True))
    room.publish(1, "Rat & <b>Tat</b>")
    room.publish(2, "Zwei")
    room.tell(MORNING)
    feed = Feed(tmp_path / "feeds" / "desk.xml", "desk")
    queued = outbox.queued(room.out, MORNING)
    for mail in (*queued, queued[0]):
        feed.carry(mail)
    root = etree.parse(tmp_path / "feeds" / "desk.xml").getroot()
    titles = [e.text for e in root.iter(f"{{{ATOM}}}title")]
    assert len(titles) == 3 and any("Rat & <b>Tat</b>" in str(t) for t in titles)
    (tmp_path / "feeds" / "desk.xml").write_text("<broken")
    feed.carry(queued[0])
    assert len(etree.parse(tmp_path / "feeds" / "desk.xml").getroot().findall(f"{{{ATOM}}}entry")) == 1


def test_apprise_gets_subject_and_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    apprise = pytest.importorskip("apprise")
    room = room_with(tmp_path)
    told: list[dict[str, str]] = []
    monkeypatch.setattr(apprise.Apprise, "notify", lambda self, **message: told.append(message) or True)
    assert room.post(MORNING, Notify("json://127.0.0.1:9")) == {"sent": 2}
    assert "Titel 0" in told[0]["title"] and "Ada Quint" in told[0]["body"]
    monkeypatch.setattr(apprise.Apprise, "notify", lambda self, **message: False)
    room.publish(7, "Sieben", at=MORNING + timedelta(hours=1))
    room.tell(MORNING + timedelta(hours=1))
    assert room.post(MORNING + timedelta(hours=1), Notify("json://127.0.0.1:9")) == {"waits": 2}
    unknown = Notify("kein://x")
    assert "does not know" in send(room.out, lambda _: unknown, MORNING + timedelta(hours=9))[1][0]


def test_times_are_in_utc_and_zones_for_people(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, subscription(zone="America/New_York"))
    room.publish(1, "Eins")
    room.tell(MORNING)
    assert "seen 23 Nov 2026, 02:00 EST" in text_of(room.mails()[0])
    assert room.mails()[0]["Date"].datetime == datetime(2026, 11, 23, 7, tzinfo=UTC)
