"""A second crawl of an unchanged paper: no change, and no body goes over the line but of pages without validators."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from newswatch.demo.__main__ import write_demo_files
from newswatch.demo.news import LAST_STEP as DEMO_END
from newswatch.demo.news import STEP_AT
from newswatch.demo.paper import page
from newswatch.demo.server import ADDRESSES, DemoServer
from tests.crash.harness import Harness
from tests.crash.paper import LAST_STEP, WITHOUT_VALIDATORS, Paper
from tests.crash.serving import PaperServer
from tests.crawling import FAST
from tests.dump import dump
from tests.warm import Command, Warm


def test_the_generated_paper(warm: Warm, tmp_path: Path) -> None:
    with PaperServer(Paper(2)) as server:
        harness = Harness(tmp_path, server, LAST_STEP + 1)
        home = tmp_path / "again"
        home.mkdir()
        for step in (LAST_STEP, LAST_STEP + 1):
            before, asked = (dump(home / "news.db") if step > LAST_STEP else {}), len(server.log)
            assert harness.crawl(warm, home, step) == 1  # the page that answers 500
        assert dump(home / "news.db") == before
        second = server.log[asked:]
    assert sum(s.status == 304 for s in second) >= 8
    with_body = {s.path for s in second if s.body and s.status == 200 and s.path != "/robots.txt"}
    assert with_body and all(path.startswith(f"/{WITHOUT_VALIDATORS}/") for path in with_body)


@pytest.mark.parametrize("name", ADDRESSES)
def test_the_demo_papers(name: str, warm: Warm, tmp_path: Path) -> None:
    with DemoServer(step=DEMO_END) as papers:
        names = {**write_demo_files(tmp_path, papers.port), "DATABASE": tmp_path / "news.db"}
        args = ["crawl", name, *(arg for key, value in names.items() for arg in ("-s", f"{key}={value}")), *FAST]
        for days in range(2):
            before, asked = (dump(tmp_path / "news.db") if days else {}), len(papers.log)
            assert warm.run(Command(args, STEP_AT[-1] + timedelta(days=days)), tmp_path / "output.txt") in (0, 1)
        assert dump(tmp_path / "news.db") == before
        second, base = papers.log[asked:], papers.base(name)
    for served in second:
        answer = page(name, served.path, DEMO_END, base)
        if served.sent and served.status == 200 and served.path != "/robots.txt":
            assert not answer.header("ETag") and not answer.header("Last-Modified"), served.path
    assert any(served.status == 304 for served in second) == (name == "talkurier")  # the one with validators
