"""The six questions of the lane: whom the training is for, and one for each of the five common gaps."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import cache

from campaigns.guide import Guide, Lesson, Section, guide

# in the order in which they are asked; a gap that names two questions is closed by the one that is asked here
LANE_QUESTIONS = {"section3": ("s3q1", "s3q2", "s3q3", "s3q5", "s3q6"), "section1": ("s1q6",)}


@cache
def lane_guide() -> Guide:
    """The guide with these six questions alone, so that going on from one leads to the next of them."""
    return Guide(tuple(_shortened(name, asked) for name, asked in LANE_QUESTIONS.items()), concludes=False)


def guide_for(lane: str, chosen: Collection[str]) -> Guide:
    """The questions that a campaign answers in its lane, with these sections chosen."""
    return lane_guide() if lane == "training" else guide().part(chosen)


def _shortened(section_id: str, asked: tuple[str, ...]) -> Section:
    section = guide().section(section_id)
    assert section is not None  # noqa: S101 - every campaign answers these sections
    questions = tuple(question for question in section.questions if question.id in asked)
    return replace(section, questions=questions, lessons=tuple(_with_asked_gaps(one) for one in section.lessons))


def _with_asked_gaps(lesson: Lesson) -> Lesson:
    everywhere = {question for asked in LANE_QUESTIONS.values() for question in asked}
    gaps = (replace(gap, questions=tuple(one for one in gap.questions if one in everywhere)) for gap in lesson.gaps)
    return replace(lesson, gaps=tuple(gap for gap in gaps if gap.questions))
