"""Site files: one TOML a news site says where its sections are and how its articles look.

newswatch/sites/*.toml come with the program; files of the same name in settings/sites/ add to them or override
single keys. See docs/add-a-site.md for every key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import jmespath
import re2
from lxml import etree
from parsel.csstranslator import HTMLTranslator
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from newswatch.errors import ConfigError
from newswatch.sites.addresses import target
from newswatch.written import Written, read_toml, validate

SHIPPED = Path(__file__).parent


def _is_http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f'"{value}" is no http(s) URL')
    return value


_QUIET = re2.Options()
_QUIET.log_errors = False


def _is_pattern(value: str) -> str:
    try:
        re2.compile(value, _QUIET)
    except re2.error as error:
        reason = error.args[0] if error.args else error
        raise ValueError(f'"{value}" is no pattern of RE2 ({_text(reason)})') from error
    return value


def _has_key_group(value: str) -> str:
    if "key" not in re2.compile(_is_pattern(value)).groupindex:
        raise ValueError("needs a group (?P<key>...) around the part that never changes")
    return value


def _text(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _is_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError) as error:
        raise ValueError(f'"{value}" is no time zone; write one like "Europe/Berlin"') from error
    return value


def is_xpath(rule: str) -> bool:
    """Whether a selector is XPath; `.class` is CSS."""
    return rule.startswith(("/", "./", "("))


def _is_rule(value: str) -> str:
    """CSS, XPath (begins with /, ./ or a bracket) or `next:` and a JMESPath into __NEXT_DATA__."""
    try:
        if value.startswith("next:"):
            jmespath.compile(value.removeprefix("next:"))
        elif is_xpath(value):
            etree.XPath(value)
        else:
            HTMLTranslator().css_to_xpath(value)
    except Exception as error:  # cssselect, jmespath and lxml have no common root
        raise ValueError(f'"{value}" is no selector: {error}') from error
    return value


def _is_css(value: str) -> str:
    if is_xpath(value) or value.startswith("next:"):
        raise ValueError(f'"{value}" is no CSS selector')
    return _is_rule(value)


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


HttpUrl = Annotated[str, AfterValidator(_is_http_url)]
Pattern = Annotated[str, AfterValidator(_is_pattern)]
Rule = Annotated[str, AfterValidator(_is_rule)]
Rules = Annotated[list[Rule], BeforeValidator(_listed)]
Css = Annotated[str, AfterValidator(_is_css)]
HostName = Annotated[str, Field(pattern=r"^[a-z0-9.-]+$")]


class Section(Written):
    """A listing that is watched."""

    url: HttpUrl
    kind: Literal["page", "feed", "sitemap"] = "page"
    """A section page, an RSS or Atom feed, a news sitemap or sitemap index."""
    feeds: list[HttpUrl] = []
    sitemaps: list[HttpUrl] = []
    """Further listings of the same section; what several list is one link."""
    min_links: int = Field(default=1, ge=0)
    """Fewer links than this are a fault; 0 says that it may be empty."""
    on: bool = True
    """Crawled where no sections are picked."""
    render: bool = False
    """The section page is made by scripts: fetched through a browser."""

    @model_validator(mode="after")
    def _feeds_need_no_browser(self) -> Section:
        if self.render and self.kind != "page":
            raise ValueError(f"render is for section pages; this is a {self.kind}")
        return self

    @property
    def urls(self) -> list[str]:
        """The addresses of all its listings."""
        return [self.url, *self.feeds, *self.sitemaps]


class Consent(Written):
    """What to click where the site asks before it shows a page. Without it nothing is clicked and the wall is a fault."""

    click: Css
    """The button."""
    frame: Css | None = None
    """The iframe that the button stands in."""
    hosts: list[HostName] = []
    """Other people's hosts that the wall is made by; no others are asked."""


class Article(Written):
    """What an article's URL looks like."""

    pattern: Pattern | None = None
    """Searched in the path and query of a URL on the site."""
    exclude: list[Pattern] = []
    """No article, though the pattern fits."""
    key: Annotated[str, AfterValidator(_has_key_group)] | None = None
    """Finds the site's stable key in a URL; may be part of the pattern instead."""


class BodyRules(Written):
    """Where a page keeps its parts. Each value is a selector or a list of them; the first that finds something wins."""

    title: Rules = []
    kicker: Rules = []
    lead: Rules = []
    body: Rules = []
    """All paragraphs and sub-headlines of the text; h2 to h6 are sub-headlines."""
    drop: Rules = []
    """Removed before anything is read."""
    authors: Rules = []
    published: Rules = []
    modified: Rules = []
    caption: Rules = []
    credit: Rules = []
    sources: Rules = []
    reading_minutes: Rules = []
    keywords: Rules = []


def _section_tables(value: Any) -> Any:
    """`ausland = "https://..."` is short for `ausland = {url = "https://..."}`."""
    if isinstance(value, Mapping):
        return {k: {"url": v} if isinstance(v, str) else v for k, v in value.items()}
    return value


class Site(Written):
    """A news site as its file describes it. `name` is the file's name without ending."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")]
    title: str
    home: HttpUrl
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
    zone: Annotated[str, AfterValidator(_is_zone)]
    hosts: list[str] = []
    """Further hosts whose pages belong to the site."""
    sections: Annotated[dict[str, Section], BeforeValidator(_section_tables), Field(min_length=1)]
    links: Rules = []
    """The part of a section page that lists articles; the whole page without navigation where it is not said."""
    article: Article = Article()
    rules: BodyRules = BodyRules()
    keep_params: list[str] = []
    """Query parameters that are part of a story's identity."""
    delay: Annotated[float, Field(ge=0, le=3600, strict=False)] | None = None
    """Seconds between two requests; the settings' DOWNLOAD_DELAY where it is not said."""
    requests_an_hour: Annotated[int, Field(ge=0)] | None = None
    """At most; the settings' REQUESTS_AN_HOUR where it is not said; 0 is without limit."""
    render: bool = False
    """Section pages and articles are made by scripts: fetched through a browser."""
    consent: Consent | None = None
    archive: bool = True
    """False: its pages are read, and not kept in the archive."""
    legal_ground: Annotated[str, Field(min_length=10)] | None = None
    """Why the texts of this site may be kept though it reserves them from text and data mining: a licence, a law that applies to you."""
    checked: bool = True
    """False: written without a page of the site at hand; look at what it reads before you rely on it."""

    @cached_property
    def all_hosts(self) -> frozenset[str]:
        """Every host of the site, in lower case, with and without www: sites link themselves both ways."""
        urls = [self.home, *(u for s in self.sections.values() for u in s.urls)]
        named = [h.lower() for u in urls if (h := urlsplit(u).hostname)] + [h.lower() for h in self.hosts]
        return frozenset([*named, *(h.removeprefix("www.") if h.startswith("www.") else f"www.{h}" for h in named)])

    @property
    def sections_on(self) -> list[str]:
        """Those that are crawled where none are picked."""
        return [name for name, section in self.sections.items() if section.on]

    @cached_property
    def tzinfo(self) -> ZoneInfo:
        """The zone of times that the site writes without one."""
        return ZoneInfo(self.zone)

    def owns(self, url: str) -> bool:
        """Whether the URL's host belongs to the site."""
        try:
            return (urlsplit(url).hostname or "") in self.all_hosts
        except ValueError:
            return False

    def is_article(self, url: str) -> bool:
        """Whether the URL looks like one of the site's articles; False where the file does not say how they look."""
        return self._pattern is not None and self.may_be_article(url)

    def may_be_article(self, url: str) -> bool:
        """Whether the file says nothing against it: on the site, not excluded, of the pattern where there is one."""
        if not self.owns(url):
            return False
        path = target(url)
        if self._pattern is not None and not self._pattern.search(path):
            return False
        return not any(p.search(path) for p in self._excluded)

    def is_listing(self, url: str) -> bool:
        """Whether the URL is the site's home or one of its listings, with or without www and a slash at the end."""
        return bare_address(url) in self._listings

    def key_of(self, url: str) -> str | None:
        """The stable key in the URL, None where it has none."""
        if self._key is None or not self.owns(url):
            return None
        found = self._key.search(target(url))
        return found.group("key") if found else None

    @cached_property
    def _listings(self) -> frozenset[str]:
        return frozenset(map(bare_address, [self.home, *(u for s in self.sections.values() for u in s.urls)]))

    @cached_property
    def _pattern(self) -> Any:
        return re2.compile(self.article.pattern) if self.article.pattern else None

    @cached_property
    def _excluded(self) -> list[Any]:
        return [re2.compile(p) for p in self.article.exclude]

    @cached_property
    def _key(self) -> Any:
        if self.article.key:
            return re2.compile(self.article.key)
        return self._pattern if self._pattern and "key" in self._pattern.groupindex else None


def load_sites(own: Path | None = None, *, shipped: Path | None = SHIPPED) -> dict[str, Site]:
    """All sites by name: those that come with the program, then the user's in the folder `own`.

    Raises ConfigError with every mistake of every file.
    """
    sites, problems = check_sites(own, shipped=shipped)
    if problems:
        raise ConfigError(problems)
    return sites


def check_sites(own: Path | None = None, *, shipped: Path | None = SHIPPED) -> tuple[dict[str, Site], list[str]]:
    """The sites whose files are right, and a sentence for every mistake in the others."""
    tables: dict[str, tuple[Path, dict[str, Any]]] = {}
    problems: list[str] = []
    for path in _files(shipped, own):
        table, wrong = read_toml(path)
        problems += wrong
        if not wrong:
            before = tables[path.stem][1] if path.stem in tables else {}
            tables[path.stem] = (path, _merged(before, table))
    sites: dict[str, Site] = {}
    for name, (path, table) in tables.items():
        if "name" in table:
            problems.append(f"{path}: name: unknown key; a site is named by its file")
            continue
        site, wrong = validate(Site, {"name": name, **table}, str(path))
        problems += wrong
        if site:
            sites[name] = site
    return dict(sorted(sites.items())), problems


def _files(*folders: Path | None) -> Iterable[Path]:
    for folder in folders:
        if folder is not None and folder.is_dir():
            yield from sorted(folder.glob("*.toml"))


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """`over` on top of `base`, table by table."""
    out = dict(base)
    for key, value in over.items():
        old = out.get(key)
        out[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return out


def bare_address(url: str) -> str:
    """What is left of a good URL without scheme, www, a slash at the end and a fragment: two spellings of one page are equal."""
    parts = urlsplit(url)
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"
