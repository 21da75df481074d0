"""100: what a reader handed over is clean and can be a story; if not, it is a fault."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from itemadapter import ItemAdapter

from newswatch.extraction.select import clean
from newswatch.story import Fault, Passage, Story

LONGEST_TEXT = 2_000_000
"""Characters of a body; War and Peace has three million."""

_MOJIBAKE = re.compile("Ã[¤¶¼Ÿ„–œ©¨]|â€[œž™“”]|\ufffd{2}")


class CheckPipeline:
    """Stories go on cleaned, or become faults; everything else passes."""

    def process_item(self, item: Any) -> Any:
        """The item, cleaned, or a Fault in its place."""
        return check(item) if isinstance(item, Story) else item


def check(story: Story) -> Story | Fault:
    """A story whose every text is clean, with a title and a text; else the Fault that says why not."""
    story = _cleaned(story)
    if not story.title:
        return _fault(story, "layout", "no title found")
    if not any(p.paragraphs for p in story.body):
        return _fault(story, "layout", "no text found")
    text = story.text()
    if len(text) > LONGEST_TEXT:
        return _fault(story, "too_large", f"a text of {len(text)} characters")
    if len(_MOJIBAKE.findall(text)) >= 3:
        return _fault(story, "charset", "letters are garbled (Ã¼ for ü)")
    return story


def _cleaned(story: Story) -> Story:
    """Every string without NUL, surrogates, controls and invisible characters, on one line."""
    changes: dict[str, Any] = {}
    for name, value in ItemAdapter(story).items():
        if isinstance(value, str):
            changes[name] = clean(value) or ("" if name == "title" else None)
        elif isinstance(value, tuple) and value and isinstance(value[0], str):
            changes[name] = tuple(t for v in value if (t := clean(v)))
    changes["body"] = tuple(Passage(clean(p.headline), tuple(t for v in p.paragraphs if (t := clean(v)))) for p in story.body)
    return dataclasses.replace(story, **changes)


def _fault(story: Story, kind: str, detail: str) -> Fault:
    return Fault(story.site, kind, story.url, detail, story.seen_at)
