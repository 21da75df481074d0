"""The headline a reader sees, among the several that a page states."""

from __future__ import annotations

import re
from typing import Any

from parsel import Selector

from newswatch.extraction.select import clean, element_text, first_text
from newswatch.extraction.structured import Structured, plain
from newswatch.sites import Site

_SUFFIX = re.compile(r"^(?P<title>.{8,}?)\s+[|\-–—•·:/]+\s+(?P<site>[^|–—•·]{2,40})$")


def read_titles(page: Selector, site: Site, data: Structured) -> tuple[str | None, tuple[str, ...]]:
    """(the shown headline, the others that the page states, each once); None where there is none.

    The site's rule first. Without one: a heading that says what og:title says, its last part where a kicker stands
    before it; else the h1, in the fuller form that ends with it; never the outlet's name.
    """
    outlet = {_letters(n) for n in (data.first_meta("og:site_name"), site.title, plain(_publisher(data))) if n}
    social = _without_outlet(data.first_meta("og:title", "twitter:title"), outlet)
    machine = _without_outlet(plain(data.article.get("headline")), outlet)
    stated = [machine, social, plain(data.article.get("alternativeHeadline"))]
    title = first_text(page, site.rules.title)
    if title is None:
        title = _shown(page, outlet, social, machine)
    return title, tuple(dict.fromkeys(t for t in stated if t and t != title))


def _shown(page: Selector, outlet: set[str], social: str | None, machine: str | None) -> str | None:
    h1 = next((t for t in _texts(page, "//article//h1") + _texts(page, "//h1") if _letters(t) not in outlet), None)
    if social and h1 and _letters(h1) != _letters(social):
        heading = next((e for e in page.root.iter("h1", "h2") if _letters(element_text(e) or "") == _letters(social)), None)
        if heading is not None and (last := _last_part(heading)):
            return last
    if h1:
        return next((s for s in (social, machine) if s and _is_fuller(s, h1)), h1)
    if machine or social:
        return machine or social
    return clean(page.root.xpath("string(//head/title)"))


def _is_fuller(stated: str, shown: str) -> bool:
    """`Kicker: Headline` for `Headline`."""
    return stated != shown and _letters(stated).endswith(_letters(shown)) and len(stated) < len(shown) + 60


def _last_part(heading: Any) -> str | None:
    """The headline in a heading that holds kicker and headline as two elements."""
    parts = [t for child in heading.iterchildren() if isinstance(child.tag, str) and (t := element_text(child))]
    return parts[-1] if len(parts) == 2 else element_text(heading)


def _texts(page: Selector, path: str) -> list[str]:
    return [t for e in page.root.xpath(path) if (t := element_text(e))]


def _without_outlet(title: str | None, outlet: set[str]) -> str | None:
    """`Headline | The Outlet` without what follows the bar, where that is the outlet's name."""
    found = _SUFFIX.match(title or "")
    if title and found and any(_letters(found["site"]) in o or o in _letters(found["site"]) for o in outlet if o):
        return found["title"]
    return title


def _publisher(data: Structured) -> Any:
    publisher = data.article.get("publisher")
    return publisher.get("name") if isinstance(publisher, dict) else None


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
