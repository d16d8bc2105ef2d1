"""The form of the planner: what is to be shown, among whom, and who will be lost on the way."""

from __future__ import annotations

import math
import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, StringField
from wtforms.validators import AnyOf, ValidationError

from campaigns.forms import tidy, version_number
from campaigns.sizes.inputs import KEPT, NAMES, QUESTIONS, STUDIES, Inputs
from core.forms import Form

STUDY_LABELS = {
    "linked": _l("The same people before and after, their answers linked by a card"),
    "separate": _l("Other people before and after, as in an intercept survey"),
    "kept_linked": _l("Was it kept 6 to 12 months later? The same people, linked"),
    "kept_separate": _l("Was it kept 6 to 12 months later? Other people each time"),
    "compared_linked": _l("Before and after against a comparison group; the same people, linked"),
    "compared_separate": _l("Before and after against a comparison group; other people each time"),
    "once": _l("One time only: how large is the share?"),
}
QUESTION_LABELS = {
    "need": _l("How many people do we need?"),
    "reach": _l("We can reach so many people: what is the smallest change that can be seen?"),
}
CHOOSE = _l("Choose one from the list.")
GROUPED = re.compile(r"\d{1,3}(?:[ ,.'’٬\u00a0\u202f]\d{3})+")


class NumberField(StringField):  # type: ignore[misc] # WTForms has no types
    """A figure as people write it: with a comma or a point, in the digits of any script; None when empty."""

    def __init__(self, label: str, low: float, high: float, *, whole: bool = False, **options: Any) -> None:
        super().__init__(label, **options)
        self.low, self.high, self.whole = low, high, whole

    def process_formdata(self, valuelist: list[str]) -> None:
        written = tidy(valuelist[0] if valuelist else "")
        self.data = self._read(written) if written else None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:.10g}"

    def _read(self, written: str) -> float:
        bare = written.strip("%٪ \u00a0\u202f")
        if self.whole and GROUPED.fullmatch(bare):
            bare = re.sub(r"\D", "", bare)
        try:
            value = int(bare) if self.whole else float(bare.replace("٫", ".").replace(",", "."))
        except ValueError:
            value = math.nan
        if not self.low <= value <= self.high:
            raise ValueError(self._range())
        return value

    def _range(self) -> Any:
        limits = {"low": f"{self.low:g}", "high": f"{self.high:g}"}
        if self.whole:
            return _("Write a whole number, %(low)s or more.", **limits)
        return _("Write a number between %(low)s and %(high)s.", **limits)


class SizeForm(Form):
    version = HiddenField(default="0")
    study = RadioField(
        _l("How will people be asked?"),
        [AnyOf(STUDIES, message=CHOOSE)],
        choices=[SelectChoice(*study) for study in STUDY_LABELS.items()],
        validate_choice=False,
    )
    question = RadioField(
        _l("What do you want to know?"),
        [AnyOf(QUESTIONS, message=CHOOSE)],
        choices=[SelectChoice(*question) for question in QUESTION_LABELS.items()],
        default="need",
        validate_choice=False,
    )
    people = NumberField(
        _l("How many people can be approached?"),
        1,
        1e9,
        whole=True,
        description=_l("Each time, and in each group if there is a comparison group."),
    )
    share = NumberField(
        _l("Expected share before the activity, in per cent"),
        0.1,
        99.9,
        description=_l("From an earlier survey or a few talks. If you do not know, 50 is the careful guess."),
    )
    gain = NumberField(
        _l("Planned gain, in percentage points"),
        0.1,
        99.8,
        description=_l("From 40 to 55 per cent is a gain of 15 points. It stands here as in your plan."),
    )
    margin = NumberField(
        _l("How many points may be lost again until the follow-up?"),
        0.1,
        99.8,
        description=_l("The usual rule: half of the planned gain, and 10 points at most."),
    )
    loss = NumberField(
        _l("How many points do you expect to be lost?"),
        0,
        99,
        description=_l("0 if you expect that all is kept. The more you expect to lose, the more people are needed."),
    )
    comparison = NumberField(
        _l("Expected share before in the comparison group, in per cent"),
        0.1,
        99.9,
        description=_l("Leave this empty if it is as in the group with the campaign."),
    )
    trend = NumberField(
        _l("Change without the campaign, in percentage points"),
        -99,
        99,
        description=_l("What would change anyway, in both groups: 0 if nothing."),
    )
    width = NumberField(
        _l("How exactly must the share be known? Points on either side"),
        0.1,
        50,
        description=_l("5 means: 50 per cent, give or take 5."),
    )
    correlation = NumberField(
        _l("How much are two answers of the same person alike?"),
        0,
        0.99,
        description=_l(
            "0: the first answer says nothing about the second; 1: nobody changes except by the activity. Usual: 0.2 "
            "to 0.5. The smaller the figure, the more careful."
        ),
    )
    changers = NumberField(
        _l("Or: how many people change their answer, in per cent?"),
        0.1,
        100,
        description=_l("In either direction, if a trial has told you. Leave it empty to use the figure above."),
    )
    cluster_size = NumberField(
        _l("People in one session or place"),
        1,
        1e6,
        description=_l("On average, each time. Leave this and the next empty if people come one by one."),
    )
    cluster_count = NumberField(
        _l("Or: a fixed number of sessions or places"),
        2,
        1e6,
        whole=True,
        description=_l("Each time, in each group. Then the planner finds out how many people each must have."),
    )
    icc = NumberField(
        _l("How much are the answers within a session or place alike?"),
        0,
        1,
        description=_l(
            "The intra-cluster correlation (ICC). 0: no more than those of strangers; 1: all the same. Usual: 0.01 to "
            "0.05 for villages or districts, 0.05 to 0.15 for sessions and classes, 0.15 and more where one "
            "interviewer asks many people."
        ),
    )
    cv = NumberField(
        _l("How unequal in size are the sessions or places?"),
        0,
        5,
        description=_l(
            "The coefficient of variation: 0 if all are alike, about 0.3 if the largest are twice as large as the "
            "smallest, 0.7 or more if they are very unequal."
        ),
    )
    same_places = BooleanField(
        _l("The same sessions or places are visited each time"),
        description=_l("As when the survey returns to the same markets. Without the mark, others are drawn."),
    )
    population = NumberField(
        _l("How many people are there in all?"),
        2,
        9e9,
        whole=True,
        description=_l(
            "Only if you will speak about these people and nobody else, such as all 300 pupils of a school. Else leave "
            "it empty."
        ),
    )
    declining = NumberField(
        _l("People who decline, in per cent"),
        0,
        95,
        description=_l("Of those who are approached. Usual: 5 to 10 in a course, 20 to 50 in the street."),
    )
    not_found = NumberField(
        _l("People who are not found again, in per cent"),
        0,
        95,
        description=_l("Usual: 5 to 15 right after a course, 20 to 50 after half a year among people who move."),
    )
    unmatched = NumberField(
        _l("Cards that do not match, in per cent"),
        0,
        95,
        description=_l(
            "Lost or misread numbers. Usual: 5 to 10 with numbered cards, 20 to 35 with codes people make up."
        ),
    )
    power = NumberField(
        _l("Power, in per cent"),
        50.1,
        99.9,
        description=_l("How often such a study would find the change if it is there. 80 is usual, 90 is careful."),
    )
    confidence = NumberField(
        _l("Confidence, in per cent"),
        50.1,
        99.9,
        description=_l(
            "95 is usual: in 5 of 100 studies a change would be seen though there is none. With two or three primary "
            "indicators, which are judged together, 97.5 or 98.3 is careful."
        ),
    )

    @property
    def based_on(self) -> int:
        return version_number(self.version.data)

    @property
    def inputs(self) -> Inputs:
        """What was typed; where a figure with a usual value was left empty, that value."""
        typed = {name: self[name].data for name in NAMES}
        return Inputs(**{name: value for name, value in typed.items() if value is not None})

    @classmethod
    def showing(cls, inputs: Inputs, version: int) -> SizeForm:
        form: SizeForm = cls(formdata=None, data=inputs.to_store() | {"version": str(version)})
        return form

    def validate_people(self, field: NumberField) -> None:
        if self.question.data == "reach" and field.data is None and not field.errors:
            raise ValidationError(_("Write how many people you can reach."))

    def validate_gain(self, field: NumberField) -> None:
        if self.study.data != "once" and field.data is None and not field.errors:
            raise ValidationError(_("Write the gain that the study must be able to find, in points."))

    def validate_margin(self, field: NumberField) -> None:
        if self.study.data in KEPT and field.data is None and not field.errors:
            raise ValidationError(_("Write how many points may be lost again."))
