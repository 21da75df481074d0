"""What the three papers answer, without a network."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import pytest
from lxml import etree, html

from newswatch.demo import blitzblatt, morgenbote, morgenbote_shell, talkurier, talkurier_feeds
from newswatch.demo.news import PAPERS, STEP_AT, Story, stories, story_at, story_ids
from newswatch.demo.page import Page
from newswatch.demo.paper import page

BASE = "http://127.0.0.1:8765"
STEPS = (0, 1, 2)
PATH_OF = {
    "morgenbote": morgenbote_shell.path_of,
    "talkurier": talkurier_feeds.path_of,
    "blitzblatt": blitzblatt.path_of,
}
ARTICLE = {
    "morgenbote": re.compile(r"^/(?:politik|panorama|sport)/(?:[a-z0-9-]+/)*id_(\d{8,9})/[^/]+\.html$"),
    "talkurier": re.compile(r"^/(?:politik|lokales)/\d{4}/\d\d/\d\d/[a-z0-9-]+-(\d+)\.html$"),
    "blitzblatt": re.compile(r"^/news/[a-z0-9-]+,(\d+)\.html$"),
}
SECTIONS = {
    "morgenbote": ["/", *(f"/{section}/" for section in morgenbote_shell.SECTIONS)],
    "talkurier": ["/", *(f"/{section}/" for section in talkurier.SECTIONS)],
    "blitzblatt": ["/", "/news/"],
}


def story(paper: str, story_id: str, step: int) -> Story:
    found = story_at(paper, story_id, step)
    assert found is not None
    return found


def article(paper: str, story_id: str, step: int) -> Page:
    return page(paper, PATH_OF[paper](story(paper, story_id, step)), step, BASE)


def tree(answer: Page) -> html.HtmlElement:
    charset = answer.header("Content-Type").rpartition("charset=")[2]
    return html.document_fromstring(answer.body.decode(charset))


def texts(node: html.HtmlElement, xpath: str) -> list[str]:
    return [found.text_content() for found in node.xpath(xpath)]


def json_ld(answer: Page) -> Any:
    return json.loads(tree(answer).xpath('//script[@type="application/ld+json"]')[0].text)


def every_page(step: int) -> Iterator[tuple[str, str]]:
    for paper in PAPERS:
        yield from ((paper, path) for path in SECTIONS[paper])
        yield from ((paper, PATH_OF[paper](shown)) for shown in stories(paper, step))
    yield from (("talkurier", f"/{name}") for name in ("feed.rss", "news-sitemap.xml", "sitemap-index.xml"))


def article_paths(paper: str, section: str, step: int) -> set[str]:
    hrefs = tree(page(paper, section, step, BASE)).xpath("//a/@href")
    bare = {href.partition("?")[0].partition("#")[0] for href in hrefs}
    return {href for href in bare if ARTICLE[paper].match(href)}


# --- what holds for all three ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", STEPS)
def test_the_pages_are_a_pure_function_of_the_step(step: int) -> None:
    first = [page(paper, path, step, BASE) for paper, path in every_page(step)]
    again = [page(paper, path, step, BASE) for paper, path in every_page(step)]
    assert first == again
    assert {answer.status for answer in first} == {200}


def test_nothing_changes_after_step_two() -> None:
    for paper, path in every_page(2):
        assert page(paper, path, 2, BASE) == page(paper, path, 7, BASE)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("paper", PAPERS)
def test_every_article_that_a_section_page_links_answers_200(paper: str, step: int) -> None:
    linked = set().union(*(article_paths(paper, section, step) for section in SECTIONS[paper]))
    assert {page(paper, path, step, BASE).status for path in linked} == {200}
    written = {PATH_OF[paper](shown) for shown in stories(paper, step)}
    assert linked == written | ({morgenbote.ERROR_PATH} if paper == "morgenbote" else set())


@pytest.mark.parametrize("paper", PAPERS)
def test_the_key_in_the_address_is_the_id_of_the_story(paper: str) -> None:
    for shown in stories(paper, 2):
        match = ARTICLE[paper].match(PATH_OF[paper](shown))
        assert match and match[1] == shown.id


def test_every_story_has_the_length_of_a_short_article() -> None:
    for paper in PAPERS:
        for shown in stories(paper, 1):
            words = " ".join([shown.lead, *shown.paragraphs, *(entry.text for entry in shown.entries)]).split()
            assert not shown.free or 150 <= len(words) <= 400, (shown.id, len(words))


def test_no_page_is_ahead_of_its_step() -> None:
    for paper in PAPERS:
        for story_id in story_ids(paper):
            for step in STEPS:
                shown = story_at(paper, story_id, step)
                if shown:
                    moments = [shown.published, shown.modified or shown.published, *(e.at for e in shown.entries)]
                    assert max(moments) < STEP_AT[step]
                    assert min(moments) >= shown.published


@pytest.mark.parametrize("paper", PAPERS)
def test_robots_txt_keeps_one_folder_to_itself(paper: str) -> None:
    assert b"Disallow: /intern/\n" in page(paper, "/robots.txt", 0, BASE).body
    assert tree(page(paper, "/", 0, BASE)).xpath('//a[starts-with(@href, "/intern/")]')


@pytest.mark.parametrize("paper", PAPERS)
def test_an_unknown_path_is_not_found(paper: str) -> None:
    assert page(paper, "/gibt/es/nicht.html", 0, BASE).status == 404


def test_an_unknown_paper_is_an_error() -> None:
    with pytest.raises(ValueError, match="no such paper"):
        page("tageblatt", "/", 0, BASE)


# --- Morgenbote -----------------------------------------------------------------------------------------------------

STREAM = (
    '//article[@data-external-sdi-mark="article-container"]//*[@data-testid="ArticleBody.StreamLayout"]'
    '/*[@data-testid="StreamLayout.Stream"]/*[@data-testid="StageLayout.StreamItem"]'
)


@pytest.mark.parametrize("step", STEPS)
def test_morgenbote_the_documented_selectors_give_the_story(step: int) -> None:
    for shown in stories("morgenbote", step):
        root = tree(article("morgenbote", shown.id, step))
        assert texts(root, "//span[@data-external-article-kicker]") == [shown.kicker]
        assert texts(root, "//div[@data-external-article-headline]") == [shown.headline]
        found = texts(root, f"{STREAM}/p")
        assert found == [shown.lead, *shown.paragraphs, *(entry.text for entry in shown.entries)]
        heads = [section.headline for section in shown.body if section.headline]
        assert texts(root, f"{STREAM}/h3") == heads + [entry.headline for entry in shown.entries]
        assert texts(root, '//*[text()="Verwendete Quellen"]/following-sibling::ul/li') == list(shown.sources)
        assert texts(root, "//h1") == [shown.headline]
        assert bool(root.xpath('//div[@aria-label="Autoren"]')) == bool(shown.authors)


def test_morgenbote_json_ld_has_a_graph_without_the_text() -> None:
    graph = json_ld(article("morgenbote", "300411873", 0))["@graph"]
    assert [node["@type"] for node in graph] == ["NewsArticle", "NewsMediaOrganization", "BreadcrumbList"]
    assert "articleBody" not in graph[0] and "dateModified" not in graph[0]
    assert graph[0]["keywords"].rpartition(",")[2].isdecimal()
    assert "&amp;" in graph[1]["description"]
    names = [item["name"] for item in graph[2]["itemListElement"]]
    assert names[0] == "Home" and names[-1] == story("morgenbote", "300411873", 0).headline


def test_morgenbote_without_a_byline_the_author_is_the_paper() -> None:
    author = json_ld(article("morgenbote", "300410998", 0))["@graph"][0]["author"]
    assert author == [{"@type": "Organization", "name": "Morgenbote"}]


def test_morgenbote_next_data_tells_the_same_story() -> None:
    answer = article("morgenbote", "300412207", 1)
    data = json.loads(tree(answer).xpath('//script[@id="__NEXT_DATA__"]')[0].text)
    found = data["props"]["pageProps"]["page"]["article"]
    shown = story("morgenbote", "300412207", 1)
    items = [item for stage in found["body"]["stages"] for item in stage["stream"]]
    spoken = [item["children"][0]["text"] for item in items if item["type"] in ("summary", "p")]
    assert found["id"] == 300412207 and found["headline"] == shown.headline and found["headlineSEO"] == shown.seo
    assert spoken == [shown.lead, *shown.paragraphs]
    assert found["lastModificationDate"]["utc"] == "2026-11-18T09:41:37.000Z"
    assert found["lastModificationDate"]["formatted"] == "18.11.2026 - 10:41 Uhr"


def test_morgenbote_a_new_headline_moves_the_article_and_the_old_address_redirects() -> None:
    old, new = (PATH_OF["morgenbote"](story("morgenbote", "300412207", step)) for step in (0, 1))
    assert old != new
    moved = page("morgenbote", old, 1, BASE)
    assert (moved.status, moved.header("Location")) == (301, BASE + new)
    text = page("morgenbote", new, 1, BASE).body.decode()
    assert "Aktualisiert am 18.11.2026 - 10:41 Uhr" in text and f'<link rel="canonical" href="{BASE}{new}"' in text
    assert 'content="2026-11-18T10:41:37.000+01:00"' in text


def test_morgenbote_a_silent_edit_leaves_no_update_time() -> None:
    before, after = (article("morgenbote", "300411873", step).body.decode() for step in (0, 1))
    assert "48 Millionen" in before and "84 Millionen" in after
    assert "48 Millionen" not in after and "modified_time" not in after and 'dateModified":"2026-11-18' not in after


def test_morgenbote_the_liveblog_grows_and_every_entry_keeps_its_id() -> None:
    seen: list[str] = []
    for step, count in zip(STEPS, (4, 6, 8), strict=True):
        answer = article("morgenbote", "300412544", step)
        blog = json_ld(answer)["@graph"][0]
        ids = [update["@id"].rpartition("#")[2] for update in blog["liveBlogUpdate"]]
        assert blog["@type"] == "LiveBlogPosting" and len(ids) == count
        assert tree(answer).xpath("//@data-entry-id") == ids
        assert ids[len(ids) - len(seen) :] == seen
        seen = ids


def test_morgenbote_only_the_comment_says_opinion() -> None:
    opinions = [
        shown.id
        for shown in stories("morgenbote", 0)
        if b'property="article:opinion" content="true"' in article("morgenbote", shown.id, 0).body
    ]
    assert opinions == ["300411420"]


def test_morgenbote_the_error_page_answers_200_and_holds_no_article() -> None:
    assert morgenbote.ERROR_PATH in article_paths("morgenbote", "/politik/inland/", 0)
    answer = page("morgenbote", morgenbote.ERROR_PATH, 0, BASE)
    assert answer.status == 200 and "Ups, da ist etwas schiefgelaufen" in answer.body.decode()
    assert not tree(answer).xpath('//*[@data-external-sdi-mark="article-container"]')


def test_morgenbote_section_pages_hold_traps() -> None:
    hrefs = tree(page("morgenbote", "/politik/", 0, BASE)).xpath("//main//a/@href")
    assert "http://[::1" in hrefs and "javascript:void(0)" in hrefs
    with pytest.raises(ValueError, match="IPv6"):
        urljoin(BASE, "http://[::1")
    for folder in ("mailto:", "/video/", "/spiele/", "/author/id_", "/themen/"):
        assert any(href.startswith(folder) for href in hrefs), folder
    for path in morgenbote_shell.NO_ARTICLES:
        assert page("morgenbote", path, 0, BASE).status == 200


# --- Talkurier ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", STEPS)
def test_talkurier_the_documented_selectors_give_the_story(step: int) -> None:
    for shown in stories("talkurier", step):
        root = tree(article("talkurier", shown.id, step))
        assert texts(root, '//article/header/p[@class="dachzeile"]') == [shown.kicker]
        assert texts(root, "//article/header/h1") == [shown.headline]
        assert texts(root, '//article/header/p[@class="vorspann"]') == [shown.lead]
        body = '//div[@class="artikel-text"]'
        assert texts(root, f"{body}/p[not(@class)]") == list(shown.paragraphs)
        assert texts(root, f"{body}/h2") == [section.headline for section in shown.body if section.headline]
        assert bool(root.xpath('//time[@class="geaendert"]')) == bool(shown.modified)


def test_talkurier_json_ld_holds_at_most_a_part_of_the_text() -> None:
    for shown in stories("talkurier", 0):
        data = json_ld(article("talkurier", shown.id, 0))
        assert data["isAccessibleForFree"] == shown.free
        assert data.get("articleBody") == (shown.paragraphs[0] if shown.free else None)


def test_talkurier_the_gated_article_gives_lead_and_first_paragraph() -> None:
    shown = story("talkurier", "4705", 0)
    root = tree(article("talkurier", "4705", 0))
    assert len(shown.paragraphs) == 1 and not shown.free
    assert root.xpath('//div[@class="bezahlt"]') and not root.xpath('//div[@class="artikel-text"]/h2')


def test_talkurier_a_silent_edit_changes_the_etag_and_not_the_update_time() -> None:
    before, after = (article("talkurier", "4698", step) for step in (0, 1))
    assert before.header("ETag") != after.header("ETag")
    assert json_ld(before)["dateModified"] == json_ld(after)["dateModified"]
    assert "Rund 13.000 Euro" in after.body.decode() and "Rund 31.000 Euro" in before.body.decode()


def test_talkurier_last_modified_is_the_step_of_the_last_change() -> None:
    stays, changes = (PATH_OF["talkurier"](story("talkurier", number, 0)) for number in ("4705", "4698"))
    assert {page("talkurier", stays, step, BASE).header("Last-Modified") for step in STEPS} == {"Wed, 18 Nov 2026 06:00:00 GMT"}
    assert page("talkurier", changes, 2, BASE).header("Last-Modified") == "Wed, 18 Nov 2026 12:00:00 GMT"
    assert page("talkurier", "/politik/", 2, BASE).header("Last-Modified") == "Wed, 18 Nov 2026 18:00:00 GMT"


def test_talkurier_a_removed_article_is_gone() -> None:
    path = PATH_OF["talkurier"](story("talkurier", "4702", 0))
    assert [page("talkurier", path, step, BASE).status for step in STEPS] == [200, 200, 410]


def test_talkurier_feed_and_sitemaps_list_every_story() -> None:
    for step in STEPS:
        wanted = [BASE + PATH_OF["talkurier"](shown) for shown in stories("talkurier", step)]
        feed = etree.fromstring(page("talkurier", "/feed.rss", step, BASE).body)
        assert [link.text for link in feed.findall(".//item/link")] == wanted
        assert len(feed.findall(".//item/{http://www.w3.org/2005/Atom}updated")) == len(wanted)
        news = etree.fromstring(page("talkurier", "/news-sitemap.xml", step, BASE).body)
        space = "{http://www.google.com/schemas/sitemap-news/0.9}"
        assert len(news.findall(f".//{space}title")) == len(news.findall(f".//{space}publication_date")) == len(wanted)
        plain = etree.fromstring(page("talkurier", "/sitemap-artikel.xml", step, BASE).body)
        assert [loc.text for loc in plain.iter("{*}loc")] == [loc.text for loc in news.iter("{*}loc")] == wanted
    index = etree.fromstring(page("talkurier", "/sitemap-index.xml", 0, BASE).body)
    for loc in index.iter("{*}loc"):
        assert page("talkurier", str(loc.text).removeprefix(BASE), 0, BASE).status == 200


def test_talkurier_readers_name_actors_in_comments_only() -> None:
    root = tree(article("talkurier", "4705", 0))
    assert "Wellmann" in texts(root, '//section[@id="kommentare"]')[0]
    assert "Wellmann" not in texts(root, "//article")[0]


# --- Blitzblatt -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", STEPS)
def test_blitzblatt_the_documented_selectors_give_the_story(step: int) -> None:
    for shown in stories("blitzblatt", step):
        root = tree(article("blitzblatt", shown.id, step))
        assert texts(root, "//h1") == [shown.headline]
        assert texts(root, '//h1/preceding-sibling::div[@class="dach"]') == [shown.kicker]
        assert texts(root, '//div[@class="vorspann"]') == [shown.lead]
        assert texts(root, '//div[@class="text"]/p') == list(shown.paragraphs)
        assert texts(root, '//div[@class="text"]/h2') == [part.headline for part in shown.body if part.headline]
        assert not root.xpath("//script | //meta | //time | //link[@rel='canonical']")


def test_blitzblatt_is_latin_1_and_says_so_in_the_header_alone() -> None:
    answer = article("blitzblatt", "88203", 0)
    assert answer.header("Content-Type") == "text/html; charset=ISO-8859-1"
    assert "ü".encode("latin-1") in answer.body and b"charset" not in answer.body
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode("utf-8")


def test_blitzblatt_dates_stand_in_the_text() -> None:
    texts_ = [article("blitzblatt", "88214", 0), article("blitzblatt", "88203", 1)]
    assert "17.11.2026, 18:05 Uhr" in texts_[0].body.decode("latin-1")
    assert "Aktualisiert: 18.11.2026, 10:20 Uhr" in texts_[1].body.decode("latin-1")


def test_blitzblatt_a_headline_goes_and_comes_back() -> None:
    first, second, third = (story("blitzblatt", "88207", step) for step in STEPS)
    assert first == third and first.headline != second.headline


def test_blitzblatt_a_removed_article_is_not_found() -> None:
    path = PATH_OF["blitzblatt"](story("blitzblatt", "88199", 0))
    assert [page("blitzblatt", path, step, BASE).status for step in STEPS] == [200, 200, 404]


def test_a_wire_story_is_printed_by_two_papers_with_small_differences() -> None:
    one = {*story("talkurier", "4711", 0).paragraphs}
    other = {*story("blitzblatt", "88214", 0).paragraphs}
    shared = {word for text in one for word in text.split()} & {word for text in other for word in text.split()}
    assert one != other and len(shared) > 80
    assert story("talkurier", "4711", 0).headline != story("blitzblatt", "88214", 0).headline
