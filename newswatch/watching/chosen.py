"""The sites that the user switched on: settings/watch.toml, read together with the site files it names.

sites = ["t-online"]          or      [sites.t-online]
                                      sections = ["ausland"]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from newswatch.errors import ConfigError, NewswatchError
from newswatch.sites import HttpUrl, Site, check_sites
from newswatch.spiders.listings import chosen_sections
from newswatch.written import Written, did_you_mean, read_toml, validate

MOST_PROCESSES = 32
EXAMPLE = 'sites = ["t-online"] (scrapy list shows them all)'


def _named(value: Any) -> Any:
    """`sites = ["a", "b"]` is short for a table a site."""
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        return value
    return {name: {} for name in value}


class Choice(Written):
    """One site that is on."""

    sections: Annotated[list[str], Field(min_length=1)] | None = None
    """Those to watch; the sections that the site file has on where nothing is said."""


class WatchFile(Written):
    """settings/watch.toml."""

    sites: Annotated[dict[str, Choice], BeforeValidator(_named)]
    processes: int = Field(default=2, ge=1, le=MOST_PROCESSES)
    """How many at most crawl beside each other, eight sites each."""
    heartbeat: HttpUrl | None = None
    """Is told that watching goes on (`URL`), has begun (`URL/start`), needs a person (`URL/fail`)."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A site that is on, and which of its sections; None for those that the site file has on."""

    site: Site
    sections: tuple[str, ...] | None = None

    @property
    def section_names(self) -> list[str]:
        """The sections that are watched."""
        return chosen_sections(self.site, ",".join(self.sections) if self.sections else None)


@dataclass(frozen=True, slots=True)
class Selection:
    """What is watched, and how."""

    sites: dict[str, Chosen]
    processes: int
    heartbeat: str | None
    problems: tuple[str, ...] = ()
    """What is wrong now. What depends on it is left out, or goes on as it was when it was right."""


def read_selection(path: Path, own_sites: Path | None, usable: Callable[[Chosen], object] = lambda chosen: None) -> Selection:
    """The sites that the file switches on. A wrong site file, or a site that is not `usable` (it raises ConfigError), costs that
    site only: it stands in `problems`.

    Raises ConfigError where the file itself is missing or wrong, or where none of its sites can be read.
    """
    if not path.exists():
        raise ConfigError([f"{path}: not there; write the sites to watch into it, as in: {EXAMPLE}"])
    table, problems = read_toml(path)
    written, more = validate(WatchFile, table, str(path)) if not problems else (None, [])
    if written is None:
        raise ConfigError([*problems, *more])
    if not written.sites:
        raise ConfigError([f"{path}: no site is switched on; write for instance: {EXAMPLE}"])
    known, wrong = check_sites(own_sites)
    broken = [p for p in wrong if any(f"{name}.toml:" in p for name in written.sites if name not in known)]
    chosen, mistakes = _choose(written, known, str(path), broken)
    for name, one in tuple(chosen.items()):
        try:
            usable(one)
        except ConfigError as error:
            broken += error.problems
            del chosen[name]
    if mistakes or not chosen:
        raise ConfigError([*mistakes, *broken])
    return Selection(chosen, written.processes, written.heartbeat, tuple(broken))


def read_again(
    before: Selection, path: Path, own_sites: Path | None, usable: Callable[[Chosen], object] = lambda chosen: None
) -> Selection:
    """`read_selection` while watching: what is wrong now goes on as it was, with the mistakes in `problems`."""
    try:
        now = read_selection(path, own_sites, usable)
    except ConfigError as error:
        return Selection(before.sites, before.processes, before.heartbeat, error.problems)
    kept = {name: chosen for name, chosen in before.sites.items() if any(f"{name}.toml:" in p for p in now.problems)}
    return Selection({**kept, **now.sites}, now.processes, now.heartbeat, now.problems)


def stamp(*paths: Path | None) -> tuple[tuple[str, int, int], ...]:
    """Changes when one of the files, or a TOML file in one of the folders, does: names, times (ns) and sizes (bytes)."""
    out = []
    for path in (p for folder in paths if folder for p in _files(folder)):
        with suppress(OSError):  # removed just now
            state = path.stat()
            out.append((str(path), state.st_mtime_ns, state.st_size))
    return tuple(out)


def _files(path: Path) -> Iterable[Path]:
    if path.is_dir():
        return sorted(path.glob("*.toml"))
    return [path] if path.exists() else []


def _choose(written: WatchFile, known: dict[str, Site], where: str, broken: list[str]) -> tuple[dict[str, Chosen], list[str]]:
    """The sites that are on, and a sentence for each that there is not, or whose sections there are not."""
    chosen: dict[str, Chosen] = {}
    mistakes: list[str] = []
    for name, choice in written.sites.items():
        if name not in known:
            if not any(f"{name}.toml:" in p for p in broken):
                guess = did_you_mean(name, list(known)).partition(";")[0]
                mistakes.append(f"{where}: there is no site {name}{guess} (scrapy list shows them all)")
            continue
        one = Chosen(known[name], tuple(choice.sections) if choice.sections else None)
        try:
            _ = one.section_names
        except NewswatchError as error:
            mistakes.append(f"{where}: {error}")
            continue
        chosen[name] = one
    return chosen, mistakes
