"""The README of the demo papers is the truth that other tests are measured against: so it is tested itself."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from newswatch import demo
from newswatch.demo.news import PAPERS, Story, changed_fields, is_gone, stories, story_at, story_ids
from newswatch.demo.paper import page

FOLDER = Path(next(iter(demo.__path__)))
README = (FOLDER / "README.md").read_text("utf-8")

# Every spelling of a name, right or wrong; the near misses of the README are taken off again.
SPELLINGS = {
    "sommerfeld": r"sommerfelds?\b",
    "kranich": r"\bkranichs?\b",
    "wellmann": r"\bwellmanns?\b",
    "scheljabin": r"scheljabin|shelyabin|шелябин",
    "nordwacht": r"\bnordwacht\b|\bwacht\b",
    "zgs": r"(?-i:\bZGS\b)|grenzraumstudien",
    "lunne-tunnel": r"\blunne-?tunnel",
}


def table(first_columns: str) -> list[tuple[str, ...]]:
    """The rows of the README's table whose heading starts with the columns."""
    _, _, rest = README.partition(f"\n| {first_columns}")
    rows = rest.partition("\n\n")[0].splitlines()[2:]
    return [tuple(cell.strip() for cell in row.strip().strip("|").split("|")) for row in rows]


NEAR_MISSES = {(row[0], row[2]) for row in table("actor | paper")}


def fields_of(story: Story) -> dict[str, list[str]]:
    return {
        "kicker": [story.kicker],
        "title": [story.headline],
        "lead": [story.lead],
        "body": [
            *story.paragraphs,
            *(section.headline for section in story.body),
            *(text for entry in story.entries for text in (entry.headline, entry.text)),
        ],
        "caption": [story.caption],
        "source": list(story.sources),
    }


def spelled(actor: str, story: Story) -> list[str]:
    pattern = re.compile(SPELLINGS[actor], re.IGNORECASE)
    return [name for name, texts in fields_of(story).items() if any(map(pattern.search, texts))]


def named(actor: str, story: Story | None) -> list[str]:
    return [] if story is None or (actor, story.id) in NEAR_MISSES else spelled(actor, story)


def event_of(past: list[list[str]], now: list[str]) -> str:
    before = past[-1] if past else []
    if now and not before:
        return "returned" if any(past) else "appeared"
    if before and not now:
        return "left"
    return "headline" if "title" in now and "title" not in before else ""


def every_story() -> Iterator[tuple[str, str]]:
    return ((paper, story_id) for paper in PAPERS for story_id in story_ids(paper))


def test_the_table_of_changes_is_exact() -> None:
    found = []
    for paper, story_id in every_story():
        for step in (1, 2):
            before, after = story_at(paper, story_id, step - 1), story_at(paper, story_id, step)
            if before and after and before != after:
                fields = changed_fields(before, after)
                kind = "edited" if "modified" in fields else "silent"
                found.append((str(step), paper, story_id, kind, ", ".join(fields)))
            elif after and not before:
                found.append((str(step), paper, story_id, "new", ""))
            elif before and not after:
                assert is_gone(paper, story_id, step)
                found.append((str(step), paper, story_id, "gone", ""))
    assert sorted(found) == sorted(table("step | paper | story"))


def test_the_table_of_actors_is_exact() -> None:
    found = []
    for paper, story_id in every_story():
        for actor in SPELLINGS:
            past: list[list[str]] = []
            for step in (0, 1, 2):
                story = story_at(paper, story_id, step)
                event = event_of(past, named(actor, story)) if story else ""
                if event:
                    found.append((str(step), actor, paper, story_id, event, ", ".join(named(actor, story))))
                past += [named(actor, story)] if story else []
    assert sorted(found) == sorted(table("step | actor"))


def test_what_cannot_be_read_answers_as_stated() -> None:
    for steps, paper, path, kind in table("step | paper | path"):
        first, _, last = steps.partition("-")
        expected = int(kind) if kind.isdecimal() else 200
        assert {page(paper, path, step).status for step in range(int(first), int(last or 2) + 1)} == {expected}
        assert int(first) == 0 or page(paper, path, int(first) - 1).status == 200


def test_every_near_miss_spells_the_name_in_the_story() -> None:
    for actor, paper, story_id, _ in table("actor | paper"):
        story = story_at(paper, story_id, 1)
        assert story and spelled(actor, story), (actor, story_id)


def test_the_number_of_stories_is_the_one_stated() -> None:
    counts = [sum(len(stories(paper, step)) for paper in PAPERS) for step in (0, 1, 2)]
    assert f"Step 0 has {counts[0]} stories, step 1 has {counts[1]}, step 2 has {counts[2]}." in README


def test_every_actor_of_the_watchlist_is_named_in_several_stories() -> None:
    watchlist = tomllib.loads((FOLDER / "watchlist.toml").read_text("utf-8"))
    assert set(watchlist) == set(SPELLINGS)
    for actor in watchlist:
        assert len({row[3] for row in table("step | actor") if row[1] == actor}) >= 3, actor


@pytest.mark.parametrize("event", ["appeared", "headline", "left", "returned"])
def test_every_kind_of_event_happens(event: str) -> None:
    assert any(row[4] == event and row[0] != "0" for row in table("step | actor"))
