"""A newspaper that is a pure function of (seed, step): what it publishes, edits, takes back and removes.

Paper(seed) -> state(number, step) -> answer(path, step, headers of the request) -> Answer
PaperServer: serves it on loopback at the step that is set, and logs in full what went out
"""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cached_property, lru_cache
from html import escape

SECTIONS = ("politik", "stadt", "hafen")
WITHOUT_VALIDATORS = "stadt"
"""Neither its page nor its stories have an ETag or Last-Modified."""
WITH_FEED = "hafen"

LAST_STEP = 5
"""After it nothing changes any more."""

START = datetime(2026, 11, 2, 6, tzinfo=UTC)
STEP = timedelta(days=1)

WATCHLIST = """
[quint]
name = "Ada Quint"
kind = "person"
[harmsen]
name = "Ole Harmsen"
kind = "person"
[nordwacht]
name = "Nordwacht"
kind = "organisation"
"""

ACTORS = ("Ada Quint", "Ole Harmsen", "die Nordwacht")
_WHO = ("Die Deichgräfin", "Der Hafenmeister", "Die Schulleiterin", "Der Kämmerer", "Die Lotsin", "Der Fährmann", "Die Müllerin", "Der Rat")
_SAID = ("teilte mit", "bestritt", "bestätigte", "schrieb", "räumte ein", "versprach", "rechnete vor", "warnte davor")
_WHEN = ("am Morgen", "gegen Mittag", "am späten Abend", "nach der Sitzung", "vor Reportern", "in Nordhusum", "auf der Werft")
_WHAT = ("die Schleuse", "das Siel", "der neue Anleger", "die Mole", "das Pumpwerk", "die Bücherei", "der Wochenmarkt", "die Seebrücke")
_STATE = ("teurer als gedacht", "seit Tagen geschlossen", "noch nicht genehmigt", "fast fertig", "undicht", "verkauft", "wieder offen")

PLANS: tuple[dict[int, str], ...] = (
    {},
    {1: "edit", 3: "headline", 4: "actor"},
    {1: "silent", 4: "edit"},
    {1: "edit", 2: "revert", 4: "touch"},
    {2: "missing"},
    {1: "edit", 3: "gone"},
    {1: "slug", 2: "edit", 4: "slug"},
    {2: "gate"},
    {1: "missing", 2: "back", 3: "actor"},
    {1: "actor", 3: "revert", 4: "headline"},
    {0: "broken"},
    {2: "silent", 3: "revert"},
)
"""What happens to the first stories at which step; the others' plans are drawn."""

_DRAWN = ("edit", "silent", "headline", "actor", "slug", "missing", "gone", "touch", "revert")


@dataclass(frozen=True, slots=True)
class State:
    """A story at a step."""

    number: int
    section: str
    slug: str
    title: str
    paragraphs: tuple[str, ...]
    published: datetime
    modified: datetime
    status: int = 200
    is_gated: bool = False
    old_slugs: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        return f"/{self.section}/{self.number}/{self.slug}"

    @property
    def text(self) -> str:
        """What a reader sees of it."""
        return "\n\n".join(self.paragraphs[:1] if self.is_gated else self.paragraphs)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes out."""

    status: int
    headers: dict[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Served:
    """What went out, in full; `state` of an article's page."""

    who: str
    step: int
    path: str
    status: int
    body: bytes
    state: State | None


class Paper:
    """`first` stories at the beginning and `more` at each step; `sections` of them, at most LAST_STEP steps that change anything."""

    def __init__(self, seed: int = 1, *, first: int = 12, more: int = 1, sections: tuple[str, ...] = SECTIONS) -> None:
        self.seed, self.first, self.more, self.sections = seed, first, more, sections
        self.state = lru_cache(maxsize=10_000)(self._state)
        self.listed = lru_cache(maxsize=100)(self._listed)

    def numbers(self, step: int) -> range:
        """The stories that were ever published by a step."""
        return range(1, 1 + self.first + self.more * min(step, LAST_STEP))

    def born(self, number: int) -> int:
        return 0 if number <= self.first else -(-(number - self.first) // self.more)

    def _state(self, number: int, step: int) -> State:
        """A story as it stands at a step, from its birth on."""
        born, step = self.born(number), min(step, LAST_STEP)
        if step < born:
            raise ValueError(f"{number} is not there at step {step}")
        state = self._first_state(number, born)
        before = state
        plan = self._plan(number)
        for at in range(born, step + 1):
            if action := plan.get(at):
                changed = self._act(state, action, at, before)
                before, state = state if action != "touch" else before, changed
        return state

    def _plan(self, number: int) -> dict[int, str]:
        if number <= len(PLANS):
            return PLANS[number - 1]
        rng = self._rng(number, "plan")
        return {at: rng.choice(_DRAWN) for at in range(self.born(number) + 1, LAST_STEP + 1) if rng.random() < 0.4}

    def _first_state(self, number: int, born: int) -> State:
        rng = self._rng(number, "birth")
        section = self.sections[number % len(self.sections)]
        at = START + STEP * born - timedelta(minutes=rng.randrange(60, 300))
        texts = tuple(self._paragraph(number, i, 0) for i in range(rng.randrange(3, 6)))
        return State(number, section, f"meldung-{rng.randrange(10**6)}", self._title(number, 0), texts, at, at)

    def _act(self, state: State, action: str, step: int, before: State) -> State:
        at = START + STEP * step - timedelta(minutes=30)
        texts = list(state.paragraphs)
        texts[step % len(texts)] = self._paragraph(state.number, step % len(texts), step + 1)
        match action:
            case "edit":
                return replace(state, paragraphs=tuple(texts), modified=at)
            case "silent":
                return replace(state, paragraphs=tuple(texts))
            case "headline":
                return replace(state, title=self._title(state.number, step + 1), modified=at)
            case "actor":
                who = ACTORS[state.number % len(ACTORS)]
                return replace(state, paragraphs=(*state.paragraphs[:-1], f"{state.paragraphs[-1]} Dazu schwieg {who}."), modified=at)
            case "revert":
                return replace(state, title=before.title, paragraphs=before.paragraphs, modified=at)
            case "touch":
                return replace(state, modified=at)
            case "slug":
                return replace(state, slug=f"{state.slug}-neu-{step}", old_slugs=(*state.old_slugs, state.slug), modified=at)
            case "missing" | "gone" | "broken":
                return replace(state, status={"missing": 404, "gone": 410, "broken": 500}[action])
            case "back":
                return replace(state, status=200)
            case "gate":
                return replace(state, is_gated=True)
        raise ValueError(action)

    def _rng(self, number: int, what: object) -> random.Random:
        return random.Random(f"{self.seed}/{number}/{what}")

    def _title(self, number: int, version: int) -> str:
        rng = self._rng(number, f"title {version}")
        who = f"{rng.choice(ACTORS)}: " if rng.random() < 0.3 else ""
        what = rng.choice(_WHAT)
        return f"{who}{what[0].upper()}{what[1:]} ist {rng.choice(_STATE)} ({rng.randrange(10**4)})"

    def _paragraph(self, number: int, place: int, version: int) -> str:
        rng = self._rng(number, f"paragraph {place} {version}")
        out = []
        for _ in range(rng.randrange(2, 4)):
            who = f"{rng.choice(_WHO)} {rng.choice(ACTORS[:2])}" if rng.random() < 0.15 else rng.choice(_WHO)
            cost = f"{rng.randrange(2, 99)} von {rng.randrange(100, 9999)} Talern"
            out.append(f"{who} {rng.choice(_SAID)} {rng.choice(_WHEN)}: {rng.choice(_WHAT)} sei {rng.choice(_STATE)} und koste {cost}.")
        return " ".join(out)

    def _listed(self, section: str, step: int) -> tuple[State, ...]:
        """What a section shows at a step, the newest first."""
        of_section = [n for n in self.numbers(step) if self.sections[n % len(self.sections)] == section]
        states = [self.state(n, step) for n in reversed(of_section)]
        return tuple(s for s in states if s.status in (200, 500))

    def texts(self, number: int, steps: range) -> list[tuple[str, str]]:
        """(title, text) of the distinct states of a story that a reader sees whole, one after the other."""
        out: list[tuple[str, str]] = []
        for step in steps:
            if step >= self.born(number):
                state = self.state(number, step)
                shown = (state.title, state.text)
                if state.status == 200 and not state.is_gated and out[-1:] != [shown]:
                    out.append(shown)
        return out

    # --- what it answers

    def answer(self, path: str, step: int, headers: dict[str, str], base: str) -> tuple[Answer, State | None]:
        """The answer to GET `path`, and the story that it shows."""
        parts = path.strip("/").split("/")
        if path == "/robots.txt":
            return _text("text/plain", "User-agent: *\nDisallow: /intern/\n"), None
        if len(parts) == 1 and parts[0] in self.sections:
            return self._known(self._section_page(parts[0], step), headers, parts[0]), None
        if parts[-1] == "feed.rss" and parts[0] in self.sections:
            return self._known(self._feed(parts[0], step, base), headers, parts[0]), None
        if len(parts) == 3 and parts[1].isdigit() and int(parts[1]) in self.numbers(step):
            state = self.state(int(parts[1]), step)
            return self._article(state, parts[2], headers)
        return _text("text/html", "<h1>Nicht gefunden</h1>", 404), None

    def _article(self, state: State, slug: str, headers: dict[str, str]) -> tuple[Answer, State | None]:
        if state.status != 200:
            return _text("text/html", "<h1>Fehler</h1>", state.status), None
        if slug != state.slug:
            return Answer(301, {"Location": state.path}), None
        return self._known(_text("text/html", article_html(state)), headers, state.section, state.modified), state

    def _section_page(self, section: str, step: int) -> Answer:
        items = "".join(f'<li><a href="{s.path}">{escape(s.title)}</a></li>' for s in self.listed(section, step))
        return _text("text/html", f'<html lang="de"><head><title>{section}</title></head><body><main><ul>{items}</ul></main></body></html>')

    def _feed(self, section: str, step: int, base: str) -> Answer:
        items = "".join(
            f"<item><title>{escape(s.title)}</title><link>{base}{s.path}</link><pubDate>{format_datetime(s.published)}</pubDate></item>"
            for s in self.listed(section, step)
        )
        return _text("application/rss+xml", f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>')

    def _known(self, answer: Answer, headers: dict[str, str], section: str, modified: datetime | None = None) -> Answer:
        """With validators, and 304 where the request has them."""
        if section == WITHOUT_VALIDATORS:
            return answer
        etag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        own = {"ETag": etag, **({"Last-Modified": format_datetime(modified, usegmt=True)} if modified else {})}
        if headers.get("If-None-Match") == etag:
            return Answer(304, own)
        return replace(answer, headers={**answer.headers, **own})

    @cached_property
    def site_file(self) -> str:
        """Its site file; {base} is to be filled in."""
        lines = ['title = "Das Sielblatt"', 'home = "{base}/"', 'language = "de"', 'zone = "Europe/Berlin"', "[sections]"]
        for name in self.sections:
            feed = f', feeds = ["{{base}}/{name}/feed.rss"]' if name == WITH_FEED else ""
            lines.append(f'{name} = {{{{ url = "{{base}}/{name}/"{feed} }}}}')
        return "\n".join([*lines, "[article]", r"pattern = '^/[a-z]+[0-9]*/(?P<key>\d+)/'", ""])


def article_html(state: State) -> str:
    """The page of a story; of one that is gated only the beginning."""
    shown = state.paragraphs[:1] if state.is_gated else state.paragraphs
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": state.title,
        "datePublished": state.published.isoformat(),
        "dateModified": state.modified.isoformat(),
        "isAccessibleForFree": not state.is_gated,
    }
    return (
        f'<html lang="de"><head><title>{escape(state.title)}</title>'
        f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script></head>'
        f"<body><main><article><h1>{escape(state.title)}</h1>{''.join(f'<p>{escape(p)}</p>' for p in shown)}</article></main></body></html>"
    )


def _text(kind: str, text: str, status: int = 200) -> Answer:
    return Answer(status, {"Content-Type": f"{kind}; charset=utf-8"}, text.encode())
