"""Watchlists: read whole, or refused with every mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from newswatch.errors import ConfigError
from newswatch.matching import load_watchlists
from tests.conftest import ROOT

GOOD = '[quint]\nname = "Ada Quint"\nkind = "person"\n'


def test_the_shipped_watchlist_is_right() -> None:
    actors = load_watchlists(ROOT / "settings" / "watchlists").actors
    assert {"putin", "lukaschenko", "lawrow", "isw", "kreml"} <= set(actors)


def test_no_file_is_an_empty_watchlist(tmp_path: Path) -> None:
    assert not load_watchlists(tmp_path).actors


def test_the_language_of_the_watchlist_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(
        GOOD + 'weak = ["Quint", { text = "AQ", case = "exact", near = ["@quint", "Rat*"], within = 3 }]\nnot = ["Quint-Platz"]\n'
    )
    actor = load_watchlists(tmp_path).actors["quint"]
    assert [w.text for w in actor.weak] == ["Quint", "AQ"] and actor.weak[1].within == 3 and actor.not_ == ["Quint-Platz"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (GOOD + 'naems = ["x y"]\n', 'quint: naems: unknown key, did you mean "names"?'),
        (GOOD + 'names = "Quint"\n', "quint: names:"),
        (GOOD + 'names = [""]\n', "too short"),
        (GOOD + 'names = ["Q"]\n', "too short"),
        (GOOD + 'names = ["🙂🙂"]\n', "too short"),
        (GOOD + 'names = ["Ada\\nQuint"]\n', "line break"),
        (GOOD + 'weak = [{ text = "Quint", near = ["@niemand"] }]\n', "@niemand is no actor of these watchlists"),
        (GOOD.replace("person", "persno"), "quint: kind:"),
        (GOOD.replace('kind = "person"\n', ""), "quint: kind: missing"),
        (GOOD + GOOD, "not valid TOML"),
        ('name = "x"\n', "stands outside of a table"),
        ("[Großer Name]\n", "not valid TOML"),
    ],
)
def test_a_mistake_is_said_with_file_actor_and_key(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load_watchlists(tmp_path)
    assert any(p.startswith(str(path)) and sentence in p for p in error.value.problems), error.value.problems


def test_one_actor_in_two_files_is_said(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(GOOD)
    with pytest.raises(ConfigError) as error:
        load_watchlists(tmp_path)
    assert "a.toml too; an actor has one table" in error.value.problems[0]
