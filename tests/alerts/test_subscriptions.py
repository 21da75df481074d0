"""settings/alerts.toml: a sentence for every mistake, and nothing half used."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from newswatch.alerts.subscriptions import load_alerts
from newswatch.errors import ConfigError
from newswatch.matching import Watchlist
from tests.alerts.newsroom import WATCHLIST
from tests.conftest import ROOT


def load(tmp_path: Path, text: str, watchlist: Watchlist = WATCHLIST) -> object:
    (tmp_path / "alerts.toml").write_text(text, encoding="utf-8")
    return load_alerts(tmp_path / "alerts.toml", watchlist, {"beispiel"})


FULL = """
[mail]
host = "smtp.example.org"
user = "desk"
from = "Nachrichten <alerts@example.org>"
operator = "ops@example.org"

[subscriptions.desk]
to = ["a@example.org", "b@example.org"]
actors = ["quint"]
tags = ["hafen"]
sites = ["beispiel"]
sections = ["Ausland"]
events = ["appeared", "changed"]
least = "lead"
weekly = "friday 18:30"
zone = "Europe/Vienna"
quiet = "22:00-07:00"
urgent = "none"
most_an_hour = 3
cooldown = "6h"
language = "de"
feed = true
"""


def test_every_key_is_read(tmp_path: Path) -> None:
    alerts = load(tmp_path, FULL)
    (one,) = alerts.subscriptions  # type: ignore[attr-defined]
    assert (one.rhythm, one.weekly, one.quiet, one.cooldown) == ("weekly", (4, time(18, 30)), (time(22), time(7)), timedelta(hours=6))
    assert one.recipients == ("a@example.org", "b@example.org", "#feed:desk")
    assert alerts.mail.sender == "Nachrichten <alerts@example.org>"  # type: ignore[attr-defined]


DESK = '[subscriptions.desk]\nto = "a@example.org"\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no subscription; write for instance"),
        ("[subscriptions.desk]\n", "to: missing"),
        ('[subscriptions.desk]\nto = "keine"\n', '"keine" is no mail address'),
        ('[subscriptions.desk]\nto = "a@example.org\\nBcc: x@example.org"\n', "is no mail address"),
        (DESK + 'actor = ["quint"]', 'actor: unknown key, did you mean "actors"?'),
        (DESK + 'actors = ["quin"]', 'there is no actor quin, did you mean "quint"?'),
        (DESK + 'sites = ["beispeil"]', 'there is no site beispeil, did you mean "beispiel"?'),
        (DESK + 'tags = ["nie"]', "there is no tag nie"),
        (DESK + 'topics = ["quint"]', "there is no topic quint"),
        (DESK + 'events = ["apeared"]', '"apeared" is none of appeared'),
        (DESK + 'daily = "7 Uhr"', '"7 Uhr" is no time of day'),
        (DESK + 'weekly = "montag 07:00"', '"montag 07:00" has no weekday'),
        (DESK + 'daily = "07:00"\nwhen = "hourly"', "exclude each other"),
        (DESK + 'quiet = "22:00"', "is no span of hours"),
        (DESK + 'quiet = "22:00-22:00"', "begins when it ends"),
        (DESK + 'cooldown = "bald"', '"bald" is no length of time'),
        (DESK + 'zone = "Berlin"', '"Berlin" is no time zone'),
        (DESK + "most_an_hour = 0", "most_an_hour"),
        (DESK + '[mail]\nhost = "smtp.example.org"\nsecurity = "none"', "would send everything readable"),
        (DESK + '[mail]\npassword = "geheim"', "password: unknown key"),
        (DESK + "[mial]\n", 'mial: unknown key, did you mean "mail"?'),
        ("mail = 3\n" + DESK, "mail: a table belongs here"),
        ("[subscriptions]\ndesk = 3", "subscriptions.desk: a table belongs here"),
        ("[subscriptions.'Schreib Tisch']\nto = 'a@example.org'", "id"),
        ("[subscriptions.desk", "not valid TOML"),
        (DESK + DESK, "not valid TOML"),
    ],
)
def test_a_mistake_is_a_sentence_that_names_the_file(text: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    assert sentence in str(caught.value) and all("alerts.toml" in p for p in caught.value.problems)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, DESK + 'zone = "X"\n[subscriptions.b]\nto = "b"\n[mail]\nport = 0')
    assert len(caught.value.problems) == 3


def test_the_example_is_right_and_the_real_file_is_no_part_of_the_project(tmp_path: Path) -> None:
    text = (ROOT / "settings" / "alerts.example.toml").read_text(encoding="utf-8")
    assert load(tmp_path, text)
    uncommented = "\n".join(line.removeprefix("# ") if " = " in line else line for line in text.splitlines())
    assert load(tmp_path, uncommented)
    assert "settings/alerts.toml" in (ROOT / ".gitignore").read_text(encoding="utf-8")


def test_a_missing_file_says_what_to_copy(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"alerts\.example\.toml"):
        load_alerts(tmp_path / "alerts.toml", WATCHLIST, ())
