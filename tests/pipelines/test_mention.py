"""A story with more mentions than are kept is kept, and its run says so; the run says what it was matched with."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from tests.crawling import crawl, write_site
from tests.spiders.hostile import HTML, HostileSite, good


def test_a_story_with_too_many_mentions_is_cut_and_said_to_be(tmp_path: Path) -> None:
    crowd = "<p>" + "Am Deich stand Ada Quint und sprach mit Ada Quint und sie lachten. " * 60 + "</p>"
    page = good(1).replace(b"</article>", crowd.encode() * 50 + b"</article>")
    with HostileSite(faults={"viele": ("cut", lambda: (200, HTML, page))}) as site:
        write_site(tmp_path, site.url)
        (tmp_path / "watchlists").mkdir()
        (tmp_path / "watchlists" / "w.toml").write_text('[quint]\nname = "Ada Quint"\nkind = "person"\n')
        done = crawl("beispiel", tmp_path)
    assert done.returncode == 1 and "1 × cut" in done.stdout and "more than 5,000 times" in done.stdout
    db = Database(tmp_path / "news.db")
    assert [r["n"] for r in db.query("SELECT count(*) AS n FROM mentions GROUP BY revision_id ORDER BY n DESC")] == [5000, 1, 1, 1]
    assert [r["watchlist"] for r in db.query("SELECT m.watchlist FROM revisions r LEFT JOIN matched m ON m.revision_id = r.id")] == [1] * 4
