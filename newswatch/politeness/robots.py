"""Pure: robots.txt as RFC 9309 has it. Bytes of the file in, a verdict on an address out.

    bytes -> parse -> Robots(groups) -> allows(token, url) | crawl_delay(token) | reserved_by(url)

Groups of one product token are merged, the longest pattern wins, `allow` wins a tie; lines that are no rules cost nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

LARGEST = 500 * 1024
"""Bytes that are read; what stands behind is not obeyed, as the RFC allows."""

EVERYBODY = "*"

AI_TOKENS = (
    *"GPTBot ChatGPT-User CCBot Google-Extended GoogleOther ClaudeBot Claude-Web anthropic-ai Applebot-Extended Bytespider".split(),  # noqa: SIM905
    *"Meta-ExternalAgent FacebookBot PerplexityBot cohere-ai cohere-training-data-crawler Diffbot Omgilibot omgili".split(),  # noqa: SIM905
    *"ImagesiftBot AI2Bot PanguBot Timpibot Webzio-Extended MistralAI-User DeepSeekBot Amazonbot img2dataset".split(),  # noqa: SIM905
)
"""Product tokens of crawlers that gather texts to train or feed machines: a site that shuts them out reserves its texts."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]+")
_LINE_END = re.compile(r"\r\n|\r|\n")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_IN_QUERY = frozenset(":/?@[]")
"""Characters that stand in a query either as they are or encoded, and mean the same there."""


@dataclass(slots=True)
class Group:
    """The rules of one or more product tokens, which are in lower case."""

    tokens: list[str]
    rules: list[tuple[str, bool]] = field(default_factory=list)
    """(pattern as it is compared, whether it allows)."""
    delay: float | None = None
    """Seconds; the largest where several are said."""
    has_rules: bool = False
    """Any allow or disallow was read, be it empty: the next product token begins another group."""


@dataclass(frozen=True, slots=True)
class Robots:
    """A robots.txt that was read; without groups it allows everything."""

    groups: tuple[Group, ...] = ()

    def allows(self, token: str, url: str) -> bool:
        """Whether the crawler named by the product token may ask for an absolute http(s) URL."""
        path = comparable(url)
        return path == "/robots.txt" or _allows(self._of(token), path)

    def crawl_delay(self, token: str) -> float | None:
        """Seconds between two requests; None where none is said."""
        return max((g.delay for g in self._of(token) if g.delay is not None), default=None)

    def reserved_by(self, url: str) -> str | None:
        """The crawler of AI_TOKENS, named by a group of its own, that may not have the URL; None where all may."""
        path = comparable(url)
        for token in AI_TOKENS:
            groups = self._named(token)
            if groups and not _allows(groups, path):
                return token
        return None

    def _of(self, token: str) -> list[Group]:
        return self._named(token) or self._named(EVERYBODY)

    def _named(self, token: str) -> list[Group]:
        wanted = token.lower()
        return [g for g in self.groups if wanted in g.tokens]


def parse(content: bytes) -> Robots:
    """The groups of a robots.txt. Never raises: what cannot be read as a rule is no rule."""
    text = content[:LARGEST].decode("utf-8", "replace").removeprefix("\ufeff")
    lines = _LINE_END.split(text)
    if len(content) > LARGEST:
        lines.pop()  # half a rule may forbid more than was meant
    groups: list[Group] = []
    for line in lines:
        key, colon, value = line.partition("#")[0].partition(":")
        if colon:
            _take(groups, key.strip().lower(), value.strip())
    return Robots(tuple(groups))


def product_token(agent: str) -> str:
    """`newswatch` of `newswatch/0.1 (+desk@example.org)`: what groups of a robots.txt are named by. "" where there is none."""
    found = _TOKEN.match(agent.strip())
    return found.group() if found else ""


def comparable(url: str) -> str:
    """The path and query of a URL in the spelling that patterns are compared with; "/" where the URL has none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "/"
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _spelled(target).replace("*", "%2A").replace("$", "%24")


def matches(rule: str, path: str) -> bool:
    """Whether a pattern, as `parse` keeps it, fits a path from its beginning; takes linear time in the number of stars."""
    is_whole = rule.endswith("$")
    first, *rest = (rule[:-1] if is_whole else rule).split("*")
    if not path.startswith(first):
        return False
    if not rest:
        return not is_whole or path == first
    at = len(first)
    *middle, last = rest
    for part in middle:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return path.endswith(last) and len(path) - len(last) >= at if is_whole else path.find(last, at) >= 0


def _take(groups: list[Group], key: str, value: str) -> None:
    if key == "user-agent":
        token = EVERYBODY if value[:1] == "*" and not value[1:].strip() else product_token(value).lower()
        if not groups or groups[-1].has_rules:
            groups.append(Group([]))
        groups[-1].tokens.append(token)
    elif not groups:
        return  # a rule of nobody
    elif key in ("allow", "disallow"):
        groups[-1].has_rules = True
        if value:
            groups[-1].rules.append((pattern(value), key == "allow"))
    elif key == "crawl-delay" and re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value):
        groups[-1].delay = max(float(value), groups[-1].delay or 0.0)


def pattern(value: str) -> str:
    """A pattern in the spelling of paths; stars in a row are one, and a dollar that is not at the end is a letter."""
    spelled = re.sub(r"\*+", "*", _spelled(value))
    ends = spelled.endswith("$")
    return spelled.removesuffix("$").replace("$", "%24") + ("$" if ends else "")


def _spelled(text: str) -> str:
    """Percent-encoding as RFC 9309 compares it: letters that need none are decoded, those outside ASCII encoded."""
    path, mark, query = _ESCAPE.sub(_decoded, text).partition("?")
    query = "".join(f"%{ord(c):02X}" if c in _IN_QUERY else c for c in query)
    return "".join(c if " " < c < "\x7f" else _encoded(c) for c in path + mark + query)


def _decoded(escape: re.Match[str]) -> str:
    letter = chr(int(escape.group(1), 16))
    return letter if letter in _UNRESERVED else escape.group().upper()


def _encoded(letter: str) -> str:
    return "".join(f"%{byte:02X}" for byte in letter.encode("utf-8", "surrogatepass"))


def _allows(groups: Iterable[Group], path: str) -> bool:
    """The longest pattern that fits decides; where two are as long, the one that allows."""
    fitting = [(len(rule), is_allow) for g in groups for rule, is_allow in g.rules if matches(rule, path)]
    return max(fitting, default=(0, True))[1]
