"""What can be wrong with the figures of a planned study, each with one English sentence that callers translate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from analysis.errors import N_, AnalysisError

SENTENCES: dict[str, str] = {
    "out_of_range": N_("The value %(value)s of “%(name)s” cannot be used; it must lie between %(low)s and %(high)s."),
    "no_change": N_("A change of 0 cannot be found by any sample; say how large a change the study must find."),
    "share_beyond_ends": N_(
        "A share of %(earlier)s that changes by %(change)s leaves the range from 0 to 1; choose a smaller change."
    ),
    "too_few_changers": N_(
        "A net change of %(change)s needs a share of at least %(least)s who change their answer; "
        "raise the share of those who change."
    ),
    "too_many_changers": N_(
        "With these shares before and after, a share of %(most)s at the most can change their answer; "
        "lower the share of those who change."
    ),
    "loss_beyond_margin": N_(
        "If the expected loss is as large as the margin, no sample can show that little was lost; "
        "widen the margin, or expect a smaller loss."
    ),
    "size_or_count": N_(
        "Say either how many people a group has or how many groups there are, and leave the other out."
    ),
    "too_few_clusters": N_(
        "With %(count)s groups no number of people in them is enough; take at least %(needed)s groups, "
        "or aim at a larger change."
    ),
    "too_few_people": N_(
        "With %(n)s people even the largest possible change would be missed too often; "
        "ask more people, or be content with less power."
    ),
    "no_sample_enough": N_("No sample can show this; aim at a larger change, or be content with less power."),
}


class PlanningError(AnalysisError):
    """The study cannot be planned with these figures; ``code`` and ``params`` let callers translate the sentence."""

    sentences: ClassVar[Mapping[str, str]] = SENTENCES


def within(name: str, value: float, low: float, high: float, *, ends: bool = False) -> None:
    """Refuse a figure outside its range (without its ends, unless ``ends``), and what is not a number.

    >>> within("icc", 1.5, 0, 1)
    Traceback (most recent call last):
    analysis.planning.errors.PlanningError: The value 1.5 of “icc” cannot be used; it must lie between 0 and 1.
    """
    if not (low < value < high or (ends and value in (low, high))):
        raise PlanningError("out_of_range", name=name, value=value, low=low, high=high)
