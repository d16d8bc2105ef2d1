"""The logframe of a campaign: the claim ladder from what an activity delivers to what it contributes."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from campaigns.content import say
from campaigns.indicator_plan.planned import Planned, planned_indicators
from campaigns.indicators import load_indicators
from campaigns.registers.assumptions import Listed, register
from core.errors import Sentence

# which rungs of the ladder a level of the logframe holds
LEVELS = {
    "outputs": ("baseline", "document", "reach", "satisfaction"),
    "first_results": ("knowledge_attitude_intention", "service", "maintenance"),
    "behaviour": ("behaviour",),
    "contribution": ("impact",),
}
LEVEL_LABELS: dict[str, Sentence] = {
    "outputs": _l("Outputs: what the activity delivers, and whom it reaches"),
    "first_results": _l("First results: what people know, think right, can and mean to do, and whether it lasts"),
    "behaviour": _l("Behaviour: what people or institutions do differently"),
    "contribution": _l("Contribution against trafficking"),
}
WHOLE_CAMPAIGN: Sentence = _l("Assumptions of the whole campaign")
# where an assumption that many campaigns share decides whether the next level is reached
LEVEL_OF_TERM = {
    "awareness_changes_behaviour": "behaviour",
    "training_becomes_action": "behaviour",
    "local_fall_is_overall_fall": "contribution",
}


@dataclass(frozen=True, slots=True)
class Level:
    """One level; ``name`` is None for the assumptions that belong to none."""

    name: str | None
    indicators: tuple[Planned, ...]
    assumptions: tuple[str, ...]

    @property
    def label(self) -> Sentence:
        return LEVEL_LABELS[self.name] if self.name else WHOLE_CAMPAIGN


def logframe(session: Session, campaign_id: int) -> list[Level]:
    """The levels from the bottom up, also those without an indicator: what is missing should be seen."""
    rows = planned_indicators(session, campaign_id)
    assumed: dict[str | None, list[str]] = {}
    for line in register(session, campaign_id):
        if line.stance != "struck_out":
            assumed.setdefault(_level_of(line), []).append(_sentence(line))
    levels = [
        Level(name, tuple(row for row in rows if row.rung in rungs), tuple(assumed.get(name, ())))
        for name, rungs in LEVELS.items()
    ]
    return [*levels, Level(None, (), tuple(assumed[None]))] if None in assumed else levels


def _level_of(line: Listed) -> str | None:
    """That of the indicator that would test it, else that of a common assumption."""
    tested_by = line.stored.indicator_id if line.stored else ""
    if tested_by in load_indicators():
        rung = load_indicators()[tested_by].rung
        return next(name for name, rungs in LEVELS.items() if rung in rungs)
    if line.group == "displacement":
        return "contribution"
    return LEVEL_OF_TERM.get(line.term.id) if line.term else None


def _sentence(line: Listed) -> str:
    if line.question:
        text = line.answer or say(line.question, "title")
    elif line.term:
        text = say(line.term, "title")
        if line.group == "displacement":
            text = _("Trafficking does not move (%(how)s)", how=text)
    else:
        text = line.stored.text if line.stored else ""
    if line.stance == "kept" and line.stored:
        return str(_("%(assumption)s – kept: %(reason)s", assumption=text, reason=line.stored.reason))
    return str(_("%(assumption)s – still open", assumption=text))
