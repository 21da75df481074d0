"""The demo papers' week, crawled once, and faces that are asked without a network."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

from newswatch.web.serving import Profile, face
from tests.conftest import ROOT


@pytest.fixture(scope="session")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a database `data/demo.db` and its archive `data/demo-warc`."""
    folder = tmp_path_factory.mktemp("week")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SCRAPY_SETTINGS_MODULE": "settings.base"}
    done = subprocess.run(
        [sys.executable, "-m", "newswatch.demo"], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder / "data"


class Asker:
    """A Datasette that answers in this process."""

    def __init__(self, datasette: Datasette) -> None:
        self._loop = asyncio.new_event_loop()
        self.face = datasette
        self._loop.run_until_complete(self.face.invoke_startup())

    def get(self, path: str, **more: Any) -> Any:
        """The answer to a path."""
        return self._loop.run_until_complete(self.face.client.get(path, **more))

    def ask(self, method: str, path: str) -> Any:
        """The answer to another method than GET."""
        return self._loop.run_until_complete(self.face.client.request(method, path))

    def close(self) -> None:
        """Ends its threads."""
        if self.face.executor:
            self.face.executor.shutdown()
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()


@pytest.fixture(scope="session")
def asking() -> Iterator[Callable[..., Asker]]:
    """`asking(database, share=True, ...)`."""
    made: list[Asker] = []

    def make(database: Path, **profile: Any) -> Asker:
        made.append(Asker(face(database, Profile(**profile))))
        return made[-1]

    yield make
    for asker in made:
        asker.close()


@pytest.fixture(scope="session")
def demo(week: Path, asking: Callable[..., Asker]) -> Asker:
    """The face on the demo's week."""
    return asking(week / "demo.db", archive=week / "demo-warc")
