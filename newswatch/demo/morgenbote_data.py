"""The data a Morgenbote article carries besides its text: JSON-LD, meta tags, __NEXT_DATA__."""

from __future__ import annotations

import json
from datetime import datetime

from newswatch.demo.morgenbote_shell import NAME, author_path, breadcrumb_of, path_of
from newswatch.demo.news import Story
from newswatch.demo.page import esc, lines, local, spoken, utc

Json = dict[str, object]


def head(story: Story, base: str) -> str:
    """Title, meta tags, canonical link and JSON-LD of an article."""
    url = base + path_of(story)
    title = f"{story.kicker}: {story.headline}"
    named = {"description": story.lead, "robots": "index,follow", "keywords": ",".join(keywords(story))}
    optional = {"article:modified_time": local(story.modified)} if story.modified else {}
    properties = {
        "og:site_name": NAME,
        "og:type": "article",
        "og:url": url,
        "og:title": title,
        "og:description": story.lead,
        "article:content_tier": "free" if story.free else "locked",
        "article:opinion": "true" if story.kind == "opinion" else "false",
        "article:published_time": local(story.published),
        **optional,
        "og:image": f"{base}/bilder/{story.id}.svg",
    }
    return lines(
        [
            f'<title data-next-head="">{esc(story.seo)}</title>',
            *(f'<meta name="{key}" content="{esc(value)}" data-next-head="">' for key, value in named.items()),
            f'<link rel="canonical" href="{esc(url)}" data-next-head="">',
            *(f'<meta property="{key}" content="{esc(value)}" data-next-head="">' for key, value in properties.items()),
            f'<script type="application/ld+json" data-next-head="">{script_json(json_ld(story, base))}</script>',
        ]
    )


def keywords(story: Story) -> list[str]:
    """The keywords and, as the last one, an internal number."""
    return [*story.keywords, str(100_000_000 + int(story.id) % 1_000_000)]


def script_json(value: Json) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")


def json_ld(story: Story, base: str) -> Json:
    """The @graph: the article, the publisher, the breadcrumb."""
    crumbs: list[Json] = [
        {"@type": "ListItem", "position": place, "name": label, "item": base + path}
        for place, (label, path) in enumerate(breadcrumb_of(story), start=1)
    ]
    breadcrumb: Json = {"@type": "BreadcrumbList", "itemListElement": crumbs}
    return {"@context": "https://schema.org", "@graph": [_article(story, base), _publisher(base), breadcrumb]}


def _article(story: Story, base: str) -> Json:
    url = base + path_of(story)
    people: list[Json] = [{"@type": "Person", "name": name, "url": base + author_path(name)} for name in story.authors]
    article: Json = {
        "@type": "LiveBlogPosting" if story.kind == "liveblog" else "NewsArticle",
        "publisher": {"@id": f"{base}/#publisher"},
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        "alternativeHeadline": f"{story.kicker} - {story.headline}",
        "keywords": ",".join(keywords(story)),
        "datePublished": utc(story.published),
        "headline": story.seo,
        "isPartOf": {"@type": "WebSite", "@id": f"{base}/"},
        "image": [f"{base}/bilder/{story.id}.svg"],
        "author": people or [{"@type": "Organization", "name": NAME}],
    }
    if story.modified:
        article["dateModified"] = utc(story.modified)
    if story.kind == "liveblog":
        article["coverageStartTime"] = utc(story.published)
        article["liveBlogUpdate"] = [
            {
                "@type": "BlogPosting",
                "@id": f"{url}#{entry.id}",
                "headline": entry.headline,
                "datePublished": utc(entry.at),
                "articleBody": entry.text,
            }
            for entry in story.entries
        ]
    return article


def _publisher(base: str) -> Json:
    return {
        "@type": "NewsMediaOrganization",
        "@id": f"{base}/#publisher",
        "url": f"{base}/",
        "name": NAME,
        "logo": {"@type": "ImageObject", "url": f"{base}/bilder/logo.svg", "width": "200", "height": "58"},
        # Entities inside JSON text, as sites do serve them.
        "description": "Nachrichten aus Politik, Sport &amp; Panorama | Ratgeber f&uuml;r Haus &amp; Garten",
        "alternateName": ["morgenbote.example", "Der Morgenbote"],
        "sameAs": ["https://social.example/@morgenbote"],
    }


def next_data(story: Story, base: str) -> str:
    """The JSON that the page's own script would start from."""
    page: Json = {
        "path": path_of(story),
        "canonical": base + path_of(story),
        "siteName": NAME,
        "pageType": "article",
        "title": story.seo,
        "description": story.lead,
        "article": _next_article(story, base),
        # Wrong when unedited, as on real pages: never to be trusted.
        "gtm": {"dateModified": utc(story.modified or story.published), "documentType": story.kind},
    }
    return script_json(
        {
            "props": {"pageProps": {"page": page}, "__N_SSP": True},
            "page": "/article",
            "query": {"id": story.id, "path": path_of(story)},
            "buildId": "Demo0Build0Id",
            "assetPrefix": "/s/paper",
            "isFallback": False,
        }
    )


def _next_article(story: Story, base: str) -> Json:
    article: Json = {
        "id": int(story.id),
        "contentType": "article",
        "contentSubType": story.kind,
        "headline": story.headline,
        "headlineShort": story.headline,
        "path": path_of(story),
        "topLine": story.kicker,
        "headlineSEO": story.seo,
        "canonical": base + path_of(story),
        "publicationDate": _date(story.published),
        "authors": [_author(name) for name in story.authors],
        "agencies": [story.agency] if story.agency else [],
        "keywords": keywords(story),
        "breadcrumb": [{"label": label, "href": path, "dropdown": []} for label, path in breadcrumb_of(story)],
        "body": {"stages": _stages(story)},
    }
    if story.modified:
        article["lastModificationDate"] = _date(story.modified)
    return article


def _date(at: datetime) -> Json:
    return {
        "utc": utc(at),
        "iso8601Local": local(at),
        "utcShort": utc(at)[:10],
        "formatted": spoken(at, " - "),
    }


def _author(name: str) -> Json:
    first, _, last = name.rpartition(" ")
    return {"type": "author", "firstName": first, "lastName": last, "path": author_path(name)}


def _stages(story: Story) -> list[Json]:
    image: Json = {"type": "image", "source": story.credit, "caption": story.caption, "focusId": 0}
    first: list[Json] = [
        {"type": "layout_headline", "headline": story.headline, "topLine": story.kicker},
        {"type": "layout_article_info", "articleInfo": {"readingTime": f"Lesedauer: {story.minutes} Min."}},
        {"type": "layout_opener", "opener": {"element": image}, "template": "inline"},
        _text("summary", story.lead),
        {"type": "commercial_topmobile_two", "breakpoint": "mobile", "text": "", "children": []},
    ]
    second: list[Json] = []
    for place, section in enumerate(story.body):
        stream = first if place < 2 else second
        stream += [_text("sub_headline", section.headline)] if section.headline else []
        stream += [_text("p", paragraph) for paragraph in section.paragraphs]
    second += [
        {
            "type": "liveblog_entry",
            "id": entry.id,
            "date": _date(entry.at),
            "headline": entry.headline,
            "text": entry.text,
        }
        for entry in story.entries
    ]
    teasers = [{"type": "li", "text": "", "reference": other} for other in story.related]
    first.append({"type": "ul", "children": teasers})
    second.append({"type": "related_articles", "relatedArticles": {"articles": list(story.related)}})
    return [{"stream": first}, {"stream": second}]


def _text(kind: str, text: str) -> Json:
    return {"type": kind, "text": "", "children": [{"type": "text", "text": text}]}
