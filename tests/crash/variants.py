"""Programs that are wrong on purpose: the harness must catch them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from newswatch.extraction.dates import to_text
from newswatch.matching import derive_events
from newswatch.pipelines.mention import Flagged
from newswatch.pipelines.save import SavePipeline
from newswatch.revisions import Same
from newswatch.store import stories
from newswatch.store.mentions import insert_events, insert_mentions
from newswatch.store.opening import writing


def revision_before_mentions() -> None:
    """Saves a revision in one transaction, and its mentions in a second."""
    save_whole = stories.save

    def save(db: Any, outcome: Any, mentions: Any, **more: Any) -> Any:
        save_whole(db, outcome, [], **more)
        if isinstance(outcome, Same):
            return []
        revision_id, story_id = db.execute("SELECT id, story_id FROM revisions ORDER BY id DESC LIMIT 1").fetchone()
        before = stories.history(db, story_id)
        with writing(db):
            insert_mentions(db, story_id, revision_id, mentions)
            events = derive_events(before, mentions)
            insert_events(db, story_id, revision_id, events, to_text(outcome.story.seen_at))
        return events

    stories.save = save  # type: ignore[assignment]


def marked_before_saving() -> None:
    """Notes the validators of a page, then saves what stood there: killed in between, it gets a 304 for ever."""
    save_story = SavePipeline._save_story

    def marked(self: Any, item: Flagged) -> None:
        story = item.outcome.story
        with writing(self._db):
            self._db.execute(
                "UPDATE stories SET etag = ?, last_modified = ? WHERE site = ? AND site_key = ?",
                [story.etag, story.last_modified, story.site, story.site_key],
            )
        save_story(self, item)

    SavePipeline._save_story = marked  # type: ignore[method-assign]


VARIANTS: dict[str, Callable[[], None]] = {f.__name__: f for f in (revision_before_mentions, marked_before_saving)}
