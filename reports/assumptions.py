"""What results say about what a design takes for granted: supported, contradicted or open. No words, no numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from analysis.plan import Indicator
from analysis.verdicts import IMPROVED, PRACTICALLY_UNCHANGED, WORSENED
from campaigns.indicators import load_indicators
from reports.wording import Row, rule_of

SUPPORTED: Final = "supported"
CONTRADICTED: Final = "contradicted"
COMPARISON = "comparison"  # the arm without the activity
OPEN: Final = "open"

SPOKEN: Final = "knowledge_attitude_intention"
# the rung of the claim ladder on which a dimension is measured
RUNG_OF = {
    "knowledge": SPOKEN,
    "attitude": SPOKEN,
    "intended_action": SPOKEN,
    "reach": "reach",
    "behaviour": "behaviour",
}


@dataclass(frozen=True, slots=True)
class Bearing:
    """The mark of an assumption and the reason for it, which is the name of its sentence."""

    mark: str
    reason: str


def bearing(change: Row | None, retention: Row | None, primary: bool) -> Bearing:
    """The mark that one indicator gives, from its deciding change (see ``deciding``) and its row of ``retention``.

    - *improved* supports, because the whole interval lies on the better side. Supporting is what everybody hopes for,
      so it asks for all that a headline asks: a primary indicator has to be confirmed, the change may not lie below
      the smallest that matters, and a gain whose keeping was judged has to be kept. Else the assumption stays open.
    - *worsened* contradicts, confirmed or not: against our own hopes less is asked.
    - *practically unchanged* contradicts: every change that the data allow is too small to matter. It is a finding.
    - *too uncertain*, *no clear change* and *counts only* leave it open: no evidence of a change is not
      evidence of none.
    - hidden results, and a time at which nobody was asked, leave it open: nothing may be read from them.
    """
    if change is None:
        return Bearing(OPEN, "one_time")
    rule = rule_of(change)
    if rule in (WORSENED, PRACTICALLY_UNCHANGED):
        return Bearing(CONTRADICTED, rule)
    if rule != IMPROVED:
        return Bearing(OPEN, rule)
    if change["smaller_than_planned"]:
        return Bearing(OPEN, "too_small")
    if primary and not change["confirmed"]:
        return Bearing(OPEN, "not_confirmed")
    if (kept := _judged(retention)) is not None:
        return Bearing(OPEN, kept)
    return Bearing(SUPPORTED, rule)


def deciding(changes: Iterable[Row], first_wave: str) -> Row | None:
    """The change over everybody from the first wave to the latest at which people were asked.

    Later waves decide, because an assumption that held for an afternoon did not hold. Where a comparison group is asked
    too, the change of those with the activity decides.
    """
    rows = [row for row in changes if row["from"] == first_wave and row["arm"] != COMPARISON and not row["segment"]]
    measured = [row for row in rows if rule_of(row) != "not_measured"]
    found = measured or rows
    return found[-1] if found else None


def wrong_rung(assumed: str | None, indicator: Indicator) -> bool:
    """Whether the indicator, as the frozen plan measures it, stands on another rung than the assumption speaks of.

    The claim ladder: a change on one rung never speaks for the next, so that what people know, think or intend never
    supports an assumption about what they do. ``assumed`` is the rung of which an assumption is known to speak; where
    it is None the assumption is taken to speak of what the catalogue says its indicator shows.
    """
    entry = load_indicators().get(indicator.id)
    of_catalogue = entry.rung if entry else None
    speaks_of = assumed or of_catalogue
    measured = RUNG_OF.get(indicator.dimension or "", of_catalogue)
    return speaks_of != measured


def together(marks: Collection[str]) -> str:
    """One mark for an assumption that several plans tested: open ones take nothing away, a quarrel leaves it open."""
    clear = set(marks) - {OPEN}
    return clear.pop() if len(clear) == 1 else OPEN


def _judged(retention: Row | None) -> str | None:
    """Why a gain that was asked to last does not support, or None: no follow-up yet, no margin in the plan, or kept."""
    if retention is None:
        return None
    if retention["hidden"]:
        return "hidden"
    if retention["verdict"] in (None, "retained"):
        return None
    return "not_kept" if retention["verdict"] == "not_retained" else "kept_undecided"
