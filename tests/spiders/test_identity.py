"""One story whatever its addresses: slugs, canonical addresses, AMP and print, several pages; and a site that lies about them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from newswatch.extraction.parts import MOST_PAGES
from tests.crawling import crawl
from tests.spiders.hostile import HTML, Answer
from tests.spiders.served import ServedSite

FLOOD = [" ".join(f"Flut{n}{c}" for c in "abcdefghijkl") + ", sagte Ada Quint am Abend." for n in range(6)]
FAIR = [" ".join(f"Messe{n}{c}" for c in "abcdefghijkl") + ", hieß es in der Stadt." for n in range(6)]
MARKET = [" ".join(f"Markt{n}{c}" for c in "abcdefghijkl") + ", schrieb das Amt." for n in range(6)]

WITHOUT_KEYS = r"^/politik/[a-z0-9]+(?:-[a-z0-9]+)+/?$"
WITH_KEYS = r"^/politik/(?P<key>\d+)/"


def article(title: str, lines: list[str], *, head: str = "", more: str = "", html: str = "") -> Answer:
    text = "".join(f"<p>{line}</p>" for line in lines)
    page = f'<html lang="de"{html}><head>{head}</head><body><main><article><h1>{title}</h1>{text}</article>{more}</main></body></html>'
    return 200, HTML, page.encode()


def canonical(url: str) -> str:
    return f'<link rel="canonical" href="{url}">'


def to(path: str) -> Answer:
    return 301, {"Location": path}, b""


class Paper:
    """A site in a folder of its own; `visit` shows these pages, links these paths and crawls."""

    def __init__(self, folder: Path, site: ServedSite) -> None:
        self.folder, self.site = folder, site
        site.pages["/robots.txt"] = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /intern/\n")
        self.write()

    def write(self, pattern: str = WITHOUT_KEYS, name: str = "beispiel", home: str = "") -> None:
        home = home or self.site.url
        (self.folder / "sites").mkdir(parents=True, exist_ok=True)
        (self.folder / "sites" / f"{name}.toml").write_text(
            f'title = "Das Blatt"\nhome = "{home}"\nlanguage = "de"\nzone = "Europe/Berlin"\n'
            f"[sections]\npolitik = \"{home}politik/\"\n[article]\npattern = '{pattern}'\n",
            encoding="utf-8",
        )

    def visit(self, links: list[str], pages: dict[str, Answer]) -> str:
        self.site.pages |= pages
        items = "".join(f'<p><a href="{link}">Eine Meldung aus der Stadt</a></p>' for link in links)
        self.site.pages["/politik/"] = (200, HTML, f"<main>{items}</main>".encode())
        self.site.asked.clear()
        done = crawl("beispiel", self.folder, "-a", "due=0")
        assert done.stderr == ""
        return done.stdout

    def rows(self, sql: str) -> list[tuple]:
        db = Database(self.folder / "news.db")
        try:
            return [tuple(v.replace(self.site.url, "/") if isinstance(v, str) else v for v in row) for row in db.execute(sql).fetchall()]
        finally:
            db.close()

    def faults(self) -> list[tuple]:
        return self.rows("SELECT kind, url FROM faults WHERE run_id = (SELECT max(id) FROM runs) ORDER BY id")


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    with ServedSite() as site:
        yield Paper(tmp_path, site)


def test_a_canonical_on_another_site_is_a_link_and_no_merge(paper: Paper, tmp_path: Path) -> None:
    """Two papers of one publisher print one text; the second says whose it is."""
    with ServedSite("127.0.0.2") as sister:
        sister.pages |= {
            "/politik/": (200, HTML, b'<main><p><a href="/politik/die-flut-steigt">Eine Meldung</a></p></main>'),
            "/politik/die-flut-steigt": article("Die Flut", FLOOD, head=canonical(f"{paper.site.url}politik/die-flut-steigt")),
        }
        paper.write(name="schwester", home=sister.url)
        assert crawl("schwester", tmp_path).stderr == ""
    assert paper.rows("SELECT story_id, url, kind, other_id FROM story_links") == [(1, "/politik/die-flut-steigt", "canonical", None)]
    paper.visit(["/politik/die-flut-steigt"], {"/politik/die-flut-steigt": article("Die Flut", FLOOD)})
    assert paper.rows("SELECT id, site FROM stories ORDER BY id") == [(1, "schwester"), (2, "beispiel")]
    assert paper.rows("SELECT story_id, kind, other_id FROM story_links") == [(1, "canonical", 2)]
    assert paper.rows("SELECT count(*) FROM events WHERE kind = 'appeared'") == [(0,)] and not paper.faults()


def test_one_text_under_two_addresses_is_one_story_where_the_site_says_so(paper: Paper) -> None:
    pages = {
        "/politik/die-flut-steigt": article("Die Flut", FLOOD),
        "/politik/die-flut-in-bildern": article("Die Flut", FLOOD, head=canonical("/politik/die-flut-steigt")),
        "/politik/die-flut-kopiert": article("Die Flut", FLOOD),
    }
    paper.visit(list(pages), pages)
    assert paper.rows("SELECT count(*) FROM stories") == [(2,)]
    assert paper.rows("SELECT count(DISTINCT story_id) FROM story_urls WHERE url LIKE '%steigt' OR url LIKE '%bildern'") == [(1,)]


def test_two_stories_that_turn_out_to_be_one_are_joined(paper: Paper) -> None:
    old, new = "/politik/die-flut-steigt", "/politik/die-flut-steigt-weiter"
    paper.visit([old, new], {old: article("Die Flut", FLOOD), new: article("Die Flut", FLOOD)})
    assert paper.rows("SELECT count(*) FROM stories") == [(2,)]
    paper.visit([old, new], {old: to(new)})
    assert paper.rows("SELECT id, url, revisions FROM stories") == [(1, new, 2)]
    assert paper.rows("SELECT old_id, new_id FROM story_joined") == [(2, 1)]
    assert paper.rows("SELECT number, story_id FROM revisions ORDER BY number") == [(1, 1), (2, 1)]
    paper.visit([old, new], {})
    assert paper.rows("SELECT count(*), max(revisions) FROM stories") == [(1, 2)] and not paper.faults()


def test_a_new_slug_without_a_key_is_told_by_its_redirect(paper: Paper) -> None:
    old, new = "/politik/die-flut-steigt", "/politik/die-flut-sinkt"
    paper.visit([old], {old: article("Die Flut steigt", FLOOD)})
    paper.visit([old], {old: to(new), new: article("Die Flut sinkt", [*FLOOD[:5], "Am Ende sank das Wasser doch noch."])})
    assert paper.rows("SELECT title, revisions FROM stories") == [("Die Flut sinkt", 2)]
    assert sorted(paper.rows("SELECT url FROM story_urls")) == [(new,), (old,)]


def test_an_address_that_leads_to_another_story_joins_nothing_and_is_said(paper: Paper) -> None:
    flood, fair = "/politik/die-flut-steigt", "/politik/die-messe-beginnt"
    paper.visit([flood, fair], {flood: article("Die Flut", FLOOD), fair: article("Die Messe", FAIR)})
    paper.visit([flood, fair], {flood: to(fair)})
    assert paper.rows("SELECT title, revisions FROM stories ORDER BY title") == [("Die Flut", 1), ("Die Messe", 1)]
    assert paper.faults() == [("redirect", flood)]


@pytest.mark.parametrize("pattern", [WITHOUT_KEYS, WITH_KEYS])
def test_a_canonical_that_lies_on_every_page_joins_nothing(pattern: str, paper: Paper) -> None:
    """All name one and the same article, which is read last of all."""
    paper.write(pattern)
    paths = [f"/politik/{n}/a" if pattern == WITH_KEYS else f"/politik/nummer-{n}" for n in (1, 2, 3)]
    texts = {"Die Flut": FLOOD, "Die Messe": FAIR, "Der Markt": MARKET}
    pages = {path: article(title, texts[title], head=canonical(paths[2])) for path, title in zip(paths, texts, strict=True)}
    for links in (paths[:2], paths, paths):
        paper.visit(links, pages)
        assert paper.rows("SELECT revisions FROM stories") == [(1,)] * len(links)
    assert paper.rows("SELECT title FROM stories ORDER BY title") == [("Der Markt",), ("Die Flut",), ("Die Messe",)]
    assert paper.rows("SELECT DISTINCT kind FROM faults") == [("canonical",)]


def test_a_canonical_to_the_home_page_joins_nothing_and_is_said_once(paper: Paper) -> None:
    pages = {f"/politik/{name}": article(name, lines, head=canonical("/")) for name, lines in (("die-flut", FLOOD), ("die-messe", FAIR))}
    out = paper.visit(list(pages), pages)
    assert paper.rows("SELECT count(*) FROM stories") == [(2,)]
    assert [kind for kind, _ in paper.faults()] == ["canonical"] and "which is no story" in out


def test_links_to_variants_are_links_to_the_story(paper: Paper) -> None:
    path = "/politik/die-flut-steigt"
    tracked = f"{path}?utm_source=x", f"{path}?outputType=amp", f"{path}?print=1", f"{path}?page=2", f"/amp{path}"
    paper.visit(list(tracked), {path: article("Die Flut", FLOOD)})
    assert paper.site.paths() == ["/politik/", path]
    assert paper.rows("SELECT url FROM story_urls") == [(path,)]


def test_an_amp_page_that_no_address_tells_is_read_at_its_canonical_address(paper: Paper) -> None:
    path, amp = "/politik/die-flut-steigt", "/politik/die-flut-x7"
    pages = {
        path: article("Die Flut", FLOOD, head=f'<link rel="amphtml" href="{amp}">'),
        amp: article("Die Flut", FLOOD[:2], head=canonical(path), html=" amp"),
    }
    paper.visit([amp], pages)
    assert paper.rows("SELECT url, revisions FROM stories") == [(path, 1)]
    assert sorted(paper.rows("SELECT url, claimed FROM story_urls")) == [(path, 0), (amp, 0)]
    paper.visit([path, amp], pages)
    assert paper.rows("SELECT url, revisions FROM stories") == [(path, 1)] and not paper.faults()


def pager(path: str, *numbers: int) -> str:
    return "".join(f'<a href="{path}?seite={n}">{n}</a>' for n in numbers)


def test_the_pages_of_an_article_are_one_story_with_the_whole_text(paper: Paper) -> None:
    path = "/politik/die-flut-steigt"
    pages = {
        path: article("Die Flut", FLOOD[:2], more=pager(path, 2)),
        f"{path}?seite=2": article("Die Flut (Seite 2)", FLOOD[2:4], more=pager(path, 1, 3), head=canonical(f"{path}?seite=2")),
        f"{path}?seite=3": article("Die Flut (Seite 3)", FLOOD[4:], more=pager(path, 1, 2)),
    }
    paper.visit([path, f"{path}?seite=3"], pages)
    assert paper.rows("SELECT s.title, s.url, r.body, r.parts FROM stories s JOIN revisions r ON r.story_id = s.id") == [
        ("Die Flut", path, "\n\n".join(FLOOD), 3)
    ]
    pages[f"{path}?seite=3"] = article("Die Flut (Seite 3)", [*FLOOD[4:], "Am Ende sank das Wasser doch noch."])
    paper.visit([path], pages)  # an edit of the last page alone
    assert paper.rows("SELECT number, words_added FROM revisions ORDER BY number") == [(1, 0), (2, 7)]


def test_a_page_that_cannot_be_read_is_a_fault_and_half_a_text_no_revision(paper: Paper) -> None:
    path = "/politik/die-flut-steigt"
    first, second = article("Die Flut", FLOOD[:3], more=pager(path, 2)), f"{path}?seite=2"
    for broken in ((404, HTML, b"gone"), (500, HTML, b"x"), (200, HTML, b"<h1>Fehler 404</h1>"), to(path)):
        paper.visit([path], {path: first, second: broken})
        assert paper.faults() == [("parts", path)] and paper.rows("SELECT count(*) FROM stories") == [(0,)]
    paper.visit([path], {second: article("Die Flut", FLOOD[3:])})
    assert paper.rows("SELECT body FROM revisions") == [("\n\n".join(FLOOD),)] and not paper.faults()
    paper.visit([path], {second: (503, HTML, b"x")})
    assert paper.faults() == [("parts", path)] and paper.rows("SELECT body FROM revisions") == [("\n\n".join(FLOOD),)]


def test_all_on_one_page_is_read_instead_of_the_pages_and_without_it_these(paper: Paper) -> None:
    path = "/politik/die-flut-steigt"
    more = pager(path, 2) + f'<a href="{path}?seite=all">Auf einer Seite lesen</a>'
    pages = {path: article("Die Flut", FLOOD[:3], more=more), f"{path}?seite=2": article("Die Flut", FLOOD[3:])}
    paper.visit([path], pages | {f"{path}?seite=all": article("Die Flut", FLOOD, more=more)})
    assert paper.site.paths() == ["/politik/", path, f"{path}?seite=all"]
    paper.visit([path], {f"{path}?seite=all": (500, HTML, b"x")})
    assert paper.site.paths()[2:] == [f"{path}?seite=all", f"{path}?seite=2"]
    assert paper.rows("SELECT body FROM revisions") == [("\n\n".join(FLOOD),)] and not paper.faults()


def test_a_pager_of_comments_and_a_next_story_cost_no_story(paper: Paper) -> None:
    path, other = "/politik/die-flut-steigt", "/politik/die-messe-beginnt"
    more = pager(path, 2, 3) + f'<a rel="next" href="{other}">Nächster Artikel</a>'
    same = article("Die Flut", FLOOD, more=more)
    paper.visit([path, other], {path: same, f"{path}?seite=2": same, other: article("Die Messe", FAIR)})
    assert paper.rows("SELECT title, revisions FROM stories ORDER BY title") == [("Die Flut", 1), ("Die Messe", 1)]
    assert f"{path}?seite=3" not in paper.site.paths() and not paper.faults()


def test_an_article_of_more_pages_than_are_read_is_cut_and_said_so(paper: Paper) -> None:
    path = "/politik/die-flut-steigt"
    lines = [f"Auf Seite {n} steht, was Lotsin {n} am {n}. Tag der Flut sah." for n in range(1, 30)]
    pages = {f"{path}?seite={n}": article("Die Flut", [lines[n - 1]], more=pager(path, *range(2, 30))) for n in range(2, 30)}
    paper.visit([path], {path: article("Die Flut", lines[:1], more=pager(path, *range(2, 30))), **pages})
    assert paper.rows("SELECT body, parts FROM revisions") == [("\n\n".join(lines[:MOST_PAGES]), MOST_PAGES)]
    assert paper.faults() == [("cut", path)]


def test_a_new_slug_with_the_same_key_is_one_story_under_both_addresses(paper: Paper) -> None:
    paper.write(WITH_KEYS)
    paper.visit(["/politik/17/alt"], {"/politik/17/alt": article("Die Flut", FLOOD)})
    paper.visit(["/politik/17/neu"], {"/politik/17/neu": article("Die Messe", FAIR, head=canonical("/politik/17/neu"))})
    assert paper.rows("SELECT site_key FROM stories") == [("17",)]
    assert sorted(paper.rows("SELECT url FROM story_urls")) == [("/politik/17/alt",), ("/politik/17/neu",)]
