"""`scrapy alert` as its user runs it."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newswatch.store.locks import site_lock
from tests.alerts.newsroom import Newsroom
from tests.conftest import ROOT
from tests.crawling import folder_settings, scrapy

DESK = '[subscriptions.desk]\nto = "desk@desk.example"\n[subscriptions.neu]\nto = "neu@desk.example"\n'
NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


def alert(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return scrapy("alert", *args, *folder_settings(folder))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a watchlist, alerts and a store that has one story."""
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "sites").mkdir()
    (tmp_path / "watchlists" / "wir.toml").write_text('[quint]\nname = "Ada Quint"\nkind = "person"\n', encoding="utf-8")
    (tmp_path / "alerts.toml").write_text(DESK, encoding="utf-8")
    room = Newsroom(tmp_path)
    room.publish(1, "Rat stimmt zu", at=NOW)
    room.db.close()
    room.out.close()
    return tmp_path


def test_without_a_server_mails_are_written_and_it_says_so(folder: Path) -> None:
    done = alert(folder)
    assert done.returncode == 0, done.stderr
    assert "1 mails on stories" in done.stdout and "none sent" in done.stdout and str(folder / "mail") in done.stdout
    assert len(list((folder / "mail").glob("*.eml"))) == 1, "the new subscription starts now, not with the past"
    assert "no new mail" in alert(folder).stdout


def test_preview_shows_and_writes_nothing(folder: Path) -> None:
    before = sorted(p.name for p in folder.iterdir() if "-" not in p.name)
    done = alert(folder, "desk", "--preview")
    assert done.returncode == 0 and "Subject: Ada Quint: Rat stimmt zu" in done.stdout and "nothing was sent" in done.stdout
    assert sorted(p.name for p in folder.iterdir() if "-" not in p.name) == before
    assert alert(folder, "--preview", str(folder / "mail.html")).returncode == 0
    assert "<mark" in (folder / "mail.html").read_text(encoding="utf-8") and (folder / "mail-2.html").exists()


def test_since_sends_the_past_to_whom_is_named(folder: Path) -> None:
    assert "as in: scrapy alert desk --since" in alert(folder, "--since", "2026-01-01").stderr
    done = alert(folder, "neu", "--since", "2026-01-01")
    assert done.returncode == 0 and "1 digests" in done.stdout


def test_status_retry_and_marks(folder: Path) -> None:
    assert "0 queued, 0 sent, 0 dead" in alert(folder, "--status").stdout
    assert "1 pending happenings before 2100-01-01" in alert(folder, "desk", "--mark-sent-before", "2100-01-01").stdout
    assert "0 mails are tried again" in alert(folder, "--retry").stdout


def test_every_mistake_is_said_before_anything_is_done(folder: Path) -> None:
    (folder / "alerts.toml").write_text(DESK + 'zone = "X"\nactors = ["niemand"]\n', encoding="utf-8")
    done = alert(folder)
    assert done.returncode == 78 and '"X" is no time zone' in done.stderr and "Traceback" not in done.stderr
    (folder / "alerts.toml").unlink()
    assert "alerts.example.toml" in alert(folder).stderr
    (folder / "alerts.toml").write_text(DESK, encoding="utf-8")
    assert 'there is no subscription dsk, did you mean "desk"?' in alert(folder, "dsk").stderr


def test_a_server_that_is_down_is_said_and_the_exit_code_is_1(folder: Path) -> None:
    (folder / "alerts.toml").write_text(DESK + '[mail]\nhost = "localhost"\nport = 9\nsecurity = "none"\n', encoding="utf-8")
    done = alert(folder)
    assert done.returncode == 1 and "localhost:9 cannot be reached" in done.stderr and "tried again" in done.stderr
    assert "waits  desk" in alert(folder, "--status").stdout


def test_of_two_alerts_at_once_one_goes_home(folder: Path) -> None:
    with site_lock(folder / "news.db", "alerts"):
        assert alert(folder).returncode == 75


def test_a_broken_outbox_is_refused(folder: Path) -> None:
    (folder / "mail.db").write_bytes(b"no database at all, but long enough to be looked at by SQLite" * 20)
    for suffix in ("-wal", "-shm"):
        (folder / f"mail.db{suffix}").unlink(missing_ok=True)
    done = alert(folder)
    assert done.returncode == 74 and "mail.db cannot be used" in done.stderr


def test_the_docs_name_every_key_and_option() -> None:
    from newswatch.alerts.subscriptions import Mail, Subscription

    text = (ROOT / "docs" / "set-up-alerts.md").read_text(encoding="utf-8")
    for model in (Mail, Subscription):
        for name, field in model.model_fields.items():
            assert f"`{field.alias or name}`" in text or name == "id", name
    for option in ("--preview", "--since", "--status", "--retry", "--mark-sent-before"):
        assert option in text


def test_what_cannot_be_is_said_and_nothing_is_sent(folder: Path) -> None:
    assert alert(folder, "--status", "--retry").returncode == 2
    done = alert(folder, "--preview", "desk")
    assert done.returncode == 2 and "names of subscriptions go before it" in done.stdout + done.stderr
    done = alert(folder, "--preview", str(folder / "nowhere" / "mail.html"))
    assert done.returncode == 74 and "No such file or directory" in done.stderr and "Traceback" not in done.stderr
    (folder / "alerts.toml").write_text(DESK + '[subscriptions.chat]\nnotify = "foo://bar"\n', encoding="utf-8")
    done = alert(folder)
    assert done.returncode == 78 and "alerts.toml: chat: notify: apprise does not know this kind of address" in done.stderr
    assert not (folder / "mail").exists()
