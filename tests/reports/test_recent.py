"""What was computed last is kept, and no more than that."""

from __future__ import annotations

from reports.recent import Recent


def test_a_thing_is_made_once_and_the_longest_unused_goes_first() -> None:
    made: list[str] = []
    kept: Recent[str] = Recent(2)

    def get(key: str) -> str:
        return kept.get(key, lambda: made.append(key) or key.upper())  # type: ignore[func-returns-value]

    assert [get(key) for key in ("a", "b", "a", "c", "a", "b")] == ["A", "B", "A", "C", "A", "B"]
    assert made == ["a", "b", "c", "b"], "c pushed out b, which had not been asked for since"
