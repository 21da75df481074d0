"""Hostile texts are shown as text, odd requests are answered plainly, and what is private stays so."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from datasette.app import Datasette

from newswatch.archive.stored import StoredPage
from newswatch.store import outbox
from newswatch.web import FOLDER
from newswatch.web.answering import Asked
from newswatch.web.archiving import shown
from newswatch.web.safety import safe
from newswatch.web.serving import PLUGIN
from tests.conftest import NOW
from tests.web.building import NASTY, build_hostile, build_weeks
from tests.web.conftest import Asker

VOID = {"meta", "link", "input", "br", "img"}


@pytest.fixture(scope="module")
def hostile(asking: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return asking(build_hostile(tmp_path_factory.mktemp("hostile") / "news.db"))


@pytest.fixture(scope="module")
def shared(asking: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return asking(build_weeks(tmp_path_factory.mktemp("shared") / "news.db", stories=12), share=True)


class Watching(HTMLParser):
    """Notes everything in a page that could do something."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "img", "iframe", "object", "embed", "base", "style"):
            self.wrong.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.wrong.append(f"{tag} {name}")
            if name in ("href", "src", "action") and not re.match(r"(https?://|/|#|\?)", value or ""):
                self.wrong.append(f"{tag} {name}={value}")


PATHS = [
    "/",
    "/stories",
    "/actors",
    "/changes",
    "/changes?kind=silent",
    "/changes?kind=actors",
    "/changes?kind=edits",
    "/runs",
    "/operator",
]
PATHS += [f"/story/{n}{more}" for n in range(1, len(NASTY) + 2) for more in ("", "/1", "/1..2", "/1..2?view=inline")]
PATHS += [f"/run/{n}" for n in range(1, len(NASTY) + 1)]


@pytest.mark.parametrize("path", PATHS)
def test_hostile_texts_are_shown_as_text(hostile: Any, path: str) -> None:
    answer = hostile.get(path)
    assert answer.status_code in ((200, 404) if "/1.." in path else (200,)), path
    page = Watching()
    page.feed(answer.text)
    assert page.wrong == []
    assert "\u202e" not in answer.text, answer.text[max(0, answer.text.find("\u202e") - 200) :][:300]
    assert "\x1b" not in answer.text and "\0" not in answer.text


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
@pytest.mark.parametrize(
    "path",
    [
        "/actor/{}",
        "/site/{}",
        "/search?q={}",
        "/search?q=a&site={}",
        "/search?q=a&actor={}&section={}",
        "/search?q=a&month={}&kind={}",
        "/search?q=a&order={}",
        "/search?q=a&offset={}",
        "/stories?before={}",
        "/changes?kind={}",
        "/changes?before={}",
        "/actor/x?days={}",
        "/actors?after={}",
        "/runs?site={}",
        "/runs?before={}",
        "/story/{}",
        "/story/1/{}",
        "/story/1/1..{}",
        "/run/{}",
        "/search.json?q={}",
        "/search.csv?q={}",
        "/search.atom?q={}",
        "/newswatch/actor_stories.atom?actor={}",
        "/newswatch/actor_events.json?actor={}",
        "/newswatch/new_stories.csv?before={}",
        "/newswatch/story_revisions.atom?story={}",
        "/newswatch/recent_runs.json?before={}",
        "/{}",
    ],
)
def test_odd_requests_are_answered_plainly(hostile: Any, path: str, text: str) -> None:
    asked = path.replace("{}", quote(text, safe=""))
    for _ in range(3):  # Datasette sends some on to another spelling
        answer = hostile.get(asked)
        if answer.status_code not in (301, 302):
            break
        asked = answer.headers["location"]
    assert answer.status_code in (200, 400, 403, 404), answer.text[:300]
    if answer.headers["content-type"].startswith("text/html") and not asked.startswith("/newswatch"):
        page = Watching()
        page.feed(answer.text)
        assert page.wrong in ([], ["style"]) or "Powered by" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/story/999999999999999999",
        "/story/99999999999999999999999",
        "/story/1/999999999",
        "/story/1/0",
        "/story/-1",
        "/story/1/1..99",
        "/story/1/archive/1",
        "/story/1/archive/99",
        "/run/0",
        "/story/٣",
        "/site/",
        "/actor/",
    ],
)
def test_what_is_not_there_is_404(hostile: Any, path: str) -> None:
    assert hostile.get(path).status_code in (404, 302)


@pytest.mark.parametrize("name", ["new_stories", "edits", "headlines", "silent_edits", "what_happened", "recent_runs", "recent_faults"])
def test_feeds_of_hostile_texts_are_well_formed(hostile: Any, name: str) -> None:
    from lxml import etree

    answer = hostile.get(f"/newswatch/{name}.atom")
    assert answer.status_code == 200
    etree.fromstring(answer.content, etree.XMLParser(huge_tree=True))
    assert "javascript:" not in re.sub(r"<(title|content|name)[^>]*>.*?</\1>", "", answer.text, flags=re.S)


def test_every_answer_carries_the_headers(demo: Any) -> None:
    for path in ("/", "/story/1", "/newswatch", "/newswatch/stories", "/newswatch/edits.json", "/nowhere", "/-/face/style.css"):
        headers = demo.get(path).headers
        assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy and "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert "script-src 'none'" in demo.get("/").headers["content-security-policy"]


def test_an_archived_page_is_sandboxed_and_its_source_is_text(demo: Any, week: Path) -> None:
    page = demo.get("/story/1/archive/1")
    assert page.status_code == 200 and page.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    source = demo.get("/story/1/archive/1?source")
    assert source.headers["content-type"].startswith("text/plain") and source.content == page.content and b"<html" in source.content


def test_sql_is_off_unless_it_is_switched_on(demo: Any, asking: Any, week: Path) -> None:
    answer = demo.get("/newswatch?sql=select+1")
    if answer.status_code == 302:  # 1.0 has another address for it
        answer = demo.get(answer.headers["location"])
    assert answer.status_code == 403
    assert demo.get("/newswatch.json?sql=select+1").status_code in (302, 403)
    assert demo.get("/newswatch/-/query.json?sql=select+1").status_code in (400, 403, 404)
    with_sql = asking(week / "demo.db", sql=True)
    assert any(with_sql.get(p).status_code == 200 for p in ("/newswatch.json?sql=select+1", "/newswatch/-/query.json?sql=select+1"))


def test_the_mail_database_and_the_file_itself_are_out_of_reach(asking: Any, tmp_path: Path) -> None:
    path = build_weeks(tmp_path / "newswatch.db", stories=2)
    mail = sqlite3.connect(tmp_path / "mail.db")
    mail.execute("CREATE TABLE secrets (recipient TEXT)")
    mail.execute("INSERT INTO secrets VALUES ('somebody@example.org')")
    mail.commit()
    mail.close()
    face = asking(path, sql=True)
    tries = [
        "/mail",
        "/mail/secrets",
        "/mail.db",
        "/newswatch.db",
        "/newswatch/mail.secrets",
        "/-/face/../../data/mail.db",
        "/-/databases.json",
    ]
    tries += [
        f"/newswatch.json?sql={quote(sql)}"
        for sql in (f"attach '{tmp_path}/mail.db' as m", "select * from mail.secrets", "pragma database_list")
    ]
    tries += [f"/newswatch/-/query.json?sql={quote(f'attach {tmp_path}/mail.db as m')}"]
    for path_asked in tries:
        answer = face.get(path_asked)
        assert "somebody@example.org" not in answer.text, path_asked
        assert '"mail"' not in answer.text or answer.status_code >= 400, path_asked
        assert not answer.content.startswith(b"SQLite format")


def test_share_shows_headline_snippet_and_link_and_no_text(shared: Any, tmp_path: Path) -> None:
    conn = sqlite3.connect(shared.face.get_database("newswatch").path)
    rows = conn.execute("SELECT story_id, body, lead FROM revisions").fetchall()
    conn.close()
    paths = [
        "/",
        "/stories",
        "/changes",
        "/changes?kind=edits",
        "/changes?kind=actors",
        "/actors",
        "/actor/brandmueller",
        "/operator",
        "/runs",
        "/site/tagespost",
        "/search?q=Falkenau",
        "/search.json?q=Falkenau",
        "/search.csv?q=Kosten",
        "/newswatch/what_happened.json",
        "/newswatch/story_revisions.json?story=1",
        *(f"/story/{n}" for n in range(1, 13)),
    ]
    for path in paths:
        answer = shared.get(path)
        assert answer.status_code == 200, path
        for _, body, _lead in rows:
            for paragraph in body.split("\n\n"):
                assert len(paragraph) < 250 or paragraph not in answer.text, path
    page = shared.get("/story/1").text
    assert "Read it at" in page and 'href="https://www.' in page and "<h1>" in page


PRIVATE = [
    "/story/1/1",
    "/story/1/1..2",
    "/story/1/archive/1",
    "/newswatch",
    "/newswatch/revisions",
    "/newswatch/revisions.json",
    "/newswatch/stories",
    "/newswatch/mentions.csv",
    "/newswatch/revisions_fts",
    "/newswatch/stories_fts.json",
    "/newswatch/suspects",
    "/newswatch/revisions/1",
    "/-/databases.json",
    "/-/metadata.json",
    "/-/config.json",
    "/-/plugins",
    "/-/settings",
    "/-/versions.json",
    "/newswatch.json?sql=select+body+from+revisions",
]


@pytest.mark.parametrize("path", PRIVATE)
def test_share_refuses_texts_archived_pages_and_raw_tables(shared: Any, path: str) -> None:
    assert shared.get(path).status_code in (403, 404)


@pytest.fixture(scope="module", params=["/", "/news/"])
def plain(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """What `datasette newswatch.db` serves where its YAML says `share: true`; with and without a prefix."""
    path = build_weeks(tmp_path_factory.mktemp("plain") / "newswatch.db", stories=12)
    config = yaml.safe_load((FOLDER / "datasette.yaml").read_text(encoding="utf-8"))
    config["plugins"] = {PLUGIN: {"share": True}}
    name = "config" if hasattr(Datasette, "allowed") else "metadata"
    asker = Asker(Datasette([str(path)], plugins_dir=str(FOLDER / "plugins"), settings={"base_url": request.param}, **{name: config}))
    yield asker
    asker.close()


@pytest.mark.parametrize("path", [*PRIVATE, "/%6eewswatch/stories", "/newswatch/~73tories", "/NEWSWATCH/stories", "//newswatch/stories"])
def test_share_refuses_them_under_plain_datasette_too(plain: Any, path: str) -> None:
    assert plain.get(path).status_code in (403, 404)


@pytest.mark.parametrize(
    "path", ["/", "/story/1", "/search.json?q=Falkenau", "/newswatch/edits.json", "/newswatch/edits.atom", "/-/face/style.css"]
)
def test_share_shows_the_rest_under_plain_datasette(plain: Any, path: str) -> None:
    assert plain.get(path).status_code == 200


def test_share_shows_little_of_a_text_however_many_it_names(shared: Any) -> None:
    conn = sqlite3.connect(shared.face.get_database("newswatch").path)
    texts = dict(conn.execute("SELECT story_id, body FROM revisions ORDER BY number").fetchall())
    conn.close()
    for story, text in texts.items():
        quotes = re.findall(r"<blockquote><p><bdi>(.*?)</bdi>", shared.get(f"/story/{story}").text)
        assert sum(map(len, quotes)) <= 300, (story, text)
    assert quotes


@pytest.mark.parametrize(
    ("charset", "body", "kind"),
    [
        ("utf-8", b"<p>a<iFrame src=//x.example></iframe><object data=//x><framed>", "text/html"),
        ("utf-16", "<p><iframe src=//x.example>".encode("utf-16"), "text/plain"),
        ("utf-8", "<iframe src=//x.example>".encode("utf-16"), "text/plain"),
        ("klingon", b"<iframe src=//x.example>", "text/plain"),
    ],
)
def test_an_archived_page_makes_no_browser_look_up_a_host(charset: str, body: bytes, kind: str) -> None:
    stored = StoredPage("https://www.x.example/", NOW, 200, [("Content-Type", f"text/html; charset={charset}")], body, False)
    answer = shown(Asked({}, {}, False, Path("warc"), Path("news.db"), NOW), stored, body)
    assert answer.content_type.startswith(kind)
    assert kind == "text/plain" or answer.body == b"<p>a<x-iFrame src=//x.example></iframe><x-object data=//x><framed>"
    assert shown(Asked({}, {"source": ""}, False, Path("warc"), Path("news.db"), NOW), stored, body).body == body


def test_a_server_on_loopback_answers_to_no_other_name() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def status(host: str, server: str = "127.0.0.1", named: tuple[str, ...] = ()) -> int:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "server": (server, 8001), "headers": [(b"host", host.encode())]}
        await safe(app, named)(scope, None, send)  # type: ignore[arg-type]
        return int(sent[0]["status"])

    def asked(*args: Any, **more: Any) -> int:
        return asyncio.run(status(*args, **more))

    assert asked("127.0.0.1:8001") == asked("localhost:8001") == asked("[::1]:8001") == 200
    assert asked("evil.example") == asked("") == asked("[") == asked("127.0.0.1.evil.example") == 421
    assert asked("news.example.org", named=("news.example.org",)) == 200
    assert asked("anything.example", server="192.168.1.5") == 200


def test_the_watch_shows_which_mails_were_given_up_and_no_address(asking: Any, tmp_path: Path) -> None:
    path = build_weeks(tmp_path / "newswatch.db", stories=2)
    out = outbox.open_outbox(tmp_path / "mail.db")
    at = datetime(2026, 11, 23, tzinfo=UTC)
    number = outbox.keep_mail(out, outbox.Draft("desk", "wer@desk.example", "story", "Ein <b>Titel</b>", "<1@x>", b"x"), at)
    outbox.mark_failed(out, number, "550 no such user", at, None)
    out.close()
    page = asking(path).get("/operator").text
    assert "Ein &lt;b&gt;Titel&lt;/b&gt;" in page and "550 no such user" in page and "wer@desk.example" not in page
    (tmp_path / "mail.db").write_bytes(b"broken" * 1000)
    assert "mail.db cannot be read" in asking(path).get("/operator").text
