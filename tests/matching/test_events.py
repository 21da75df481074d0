"""What happened to an actor in a story."""

from dataclasses import replace

from newswatch.matching import ActorHistory, derive_events
from newswatch.matching.events import derive_all
from newswatch.story import Event, Mention


def named(actor: str, *fields: str) -> list[Mention]:
    return [Mention(actor, f, 0, 1, "X", "X", "strong name", "X") for f in fields]


def history(ever: str = "", last: str = "", title: str = "") -> ActorHistory:
    return ActorHistory(frozenset(ever.split()), frozenset(last.split()), frozenset(title.split()))


def test_an_actor_appears_once_with_the_most_prominent_field() -> None:
    assert derive_events(history(), named("a", "body", "lead")) == [Event("a", "appeared", "lead")]


def test_an_actor_that_is_named_as_before_is_no_event() -> None:
    assert derive_events(history("a", "a"), named("a", "body")) == []


def test_an_actor_moves_into_the_headline_once() -> None:
    assert derive_events(history("a", "a"), named("a", "title", "body")) == [Event("a", "headline", "title")]
    assert derive_events(history("a", "a", "a"), named("a", "title")) == []


def test_an_actor_leaves_and_returns() -> None:
    assert derive_events(history("a", "a"), []) == [Event("a", "left", None)]
    assert derive_events(history("a", ""), named("a", "body")) == [Event("a", "returned", "body")]
    assert derive_events(history("a", ""), []) == []


def test_ambiguous_mentions_count_for_nothing() -> None:
    unclear = [replace(m, is_ambiguous=True) for m in named("a", "title")]
    assert derive_events(history(), unclear) == []
    assert derive_events(history("a", "a"), unclear + named("a", "body")) == []
    assert history("a", "a", "a").after(unclear) == history("a")


def test_all_events_of_a_story_are_those_of_one_revision_after_the_other() -> None:
    revisions = [named("a", "body"), named("a", "title") + named("b", "lead"), [], named("b", "body")]
    kinds = [[(e.actor, e.kind) for e in events] for events in derive_all(revisions)]
    assert kinds == [[("a", "appeared")], [("a", "headline"), ("b", "appeared")], [("a", "left"), ("b", "left")], [("b", "returned")]]
