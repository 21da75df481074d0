"""Imports point only upward in this list: the order of the house."""

import ast
from pathlib import Path

import pytest

ORDER = [
    *"errors clock faultpoints story written sites extraction differences suspicion claims revisions".split(),  # noqa: SIM905
    *"coverage silence health frozen schedule".split(),  # noqa: SIM905
    *"matching importing searching store alerts archive exporting web politeness spiders".split(),  # noqa: SIM905
    *"pipelines rereading watching commands demo".split(),  # noqa: SIM905
]
PACKAGE = Path(__file__).parent.parent / "newswatch"
FILES = sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The parts of newswatch that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "newswatch":
            names |= {node.module.split(".")[1]} if "." in node.module else {a.name for a in node.names}
        elif isinstance(node, ast.Import):
            names |= {a.name.split(".")[1] for a in node.names if a.name.startswith("newswatch.")}
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_room_imports_only_what_stands_above_it(path: Path) -> None:
    room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if room == "__init__":
        return
    assert room in ORDER, f"{room} has no place in the order of the house"
    below = {name for name in imported(path) if ORDER.index(name) > ORDER.index(room)}
    assert not below, f"{room} must not import {below}"


def test_the_package_never_imports_the_settings() -> None:
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert "from settings" not in text and "import settings" not in text, path


def test_what_is_pure_imports_no_scrapy_no_database_and_no_clock() -> None:
    rooms = ("extraction", "matching", "suspicion", "claims", "revisions", "differences", "coverage", "silence", "health", "schedule")
    files = ("alerts/copies.py", "alerts/wording.py", "alerts/plan.py", "alerts/wanting.py")
    for room in (*rooms, *files):
        for path in FILES:
            place = path.relative_to(PACKAGE)
            if room in (place.parts[0].removesuffix(".py"), place.as_posix()):
                text = path.read_text(encoding="utf-8")
                for forbidden in ("import scrapy", "from scrapy", "sqlite", "datetime.now", "import clock", "time.time", "import requests"):
                    assert forbidden not in text, f"{path}: {forbidden}"
