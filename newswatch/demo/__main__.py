"""`make demo`: three invented papers on loopback, crawled three times while they change.

DemoServer at step 0, 1, 2 -> a crawl of each paper -> data/demo.db -> what happened, printed
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.log import configure_logging
from scrapy.utils.project import get_project_settings
from scrapy.utils.reactor import install_reactor
from twisted.internet.task import react

from newswatch.alerts.subscriptions import load_alerts
from newswatch.commands.report import print_run, print_total
from newswatch.demo.mails import Post
from newswatch.demo.server import ADDRESSES, DemoServer
from newswatch.matching import load_watchlists
from newswatch.pipelines.save import RUN_STAT
from newswatch.store import open_store

HERE = Path(__file__).parent
DATABASE, ARCHIVE, MAIL = Path("data/demo.db"), Path("data/demo-warc"), Path("data/demo-mail")
PORT = 8765
STEPS = ("Monday morning: the first crawl", "Monday noon: the papers were edited", "Monday evening: edited again, two stories gone")


def write_demo_files(folder: Path, port: int) -> dict[str, Any]:
    """Site files for the port and the watchlist, in `folder`; returns the settings that make a crawl use them."""
    sites, watchlists = folder / "sites", folder / "watchlists"
    for path in (sites, watchlists):
        path.mkdir(parents=True, exist_ok=True)
    for source in (HERE / "sites").glob("*.toml"):
        (sites / source.name).write_text(source.read_text(encoding="utf-8").replace(f":{PORT}/", f":{port}/"), encoding="utf-8")
    (watchlists / "demo.toml").write_text((HERE / "watchlist.toml").read_text(encoding="utf-8"), encoding="utf-8")
    return {
        "SITES_DIR": sites,
        "WATCHLISTS_DIR": watchlists,
        "CONTACT": "the newswatch demo",
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "ALLOW_PRIVATE_ADDRESSES": True,
    }


def demo_settings(folder: Path, port: int, database: Path) -> Settings:
    """The project's settings for a crawl of the demo papers."""
    settings = get_project_settings()
    for name, value in {**write_demo_files(folder, port), "DATABASE": database, "WARC_DIR": ARCHIVE}.items():
        settings.set(name, value, priority="cmdline")
    return settings


def _server() -> DemoServer:
    """On the usual port, so that addresses are the same each time; on a free one where it is taken."""
    try:
        return DemoServer(PORT)
    except OSError:
        return DemoServer(0)


async def demo(console: Console) -> None:
    """Crawls the papers at every step and prints what a person wants to know."""
    console.print("Three invented papers stand on loopback; newswatch crawls them three times while they change.\n")
    with _server() as papers, tempfile.TemporaryDirectory() as folder:
        runner = AsyncCrawlerRunner(demo_settings(Path(folder), papers.port, DATABASE))
        db = open_store(DATABASE)
        post = Post(db, load_alerts(HERE / "alerts.toml", load_watchlists(Path(folder) / "watchlists"), ADDRESSES), MAIL)
        for step, title in enumerate(STEPS):
            papers.step = step
            console.rule(f"[bold]{title}", align="left")
            for name in ADDRESSES:
                crawler = runner.create_crawler(name)
                await runner.crawl(crawler)
                print_run(db, crawler.stats.get_value(RUN_STAT), console)
            post.deliver(step)
        console.rule("[bold]The week so far", align="left")
        print_total(db, console)
        console.rule("[bold]The mails it would have sent", align="left")
        post.print_mails(console)
        post.close()
        db.close()
    console.print(f"\nAll of it is in {DATABASE}. Browse it:", soft_wrap=True)
    console.print("  make browse", soft_wrap=True)


def main() -> None:
    """Starts afresh: a demo always tells the same week. Exits with 0, or 1 and a traceback."""
    for database in (DATABASE, MAIL / "mail.db"):
        for suffix in ("", "-wal", "-shm"):
            database.with_name(database.name + suffix).unlink(missing_ok=True)
    for folder in (ARCHIVE, MAIL):
        shutil.rmtree(folder, ignore_errors=True)
    configure_logging({"LOG_LEVEL": "ERROR"})
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    react(lambda _: deferred_from_coro(demo(Console(highlight=False))))


if __name__ == "__main__":
    main()
