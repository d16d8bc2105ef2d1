"""The forms of the registers: a task, and an assumption."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, DataRequired, Length, Optional, ValidationError

from campaigns.content import say
from campaigns.forms import TOO_LONG, tidy, version_number
from campaigns.indicators import asked_indicators, load_indicators
from campaigns.registers.assumptions import AssumptionDetails
from campaigns.registers.models import STANCES
from campaigns.registers.tasks import TaskDetails
from core.forms import Form

STANCE_LABELS = {
    "open": _l("Still open"),
    "kept": _l("We keep it, and can say why it will hold here"),
    "struck_out": _l("We strike it out: the campaign does not rest on it"),
}
NO_INDICATOR = _l("None")
NO_DATE = _l("Write the day as year, month and day.")
UNKNOWN_INDICATOR = _l("Choose an indicator from the list.")
SHORTEN = _l("Shorten this to 160 characters.")


class RegisterForm(Form):
    version = HiddenField(default="0")

    @property
    def based_on(self) -> int:
        return version_number(self.version.data)

    def fill(self, names: tuple[str, ...]) -> dict[str, Any]:
        """What stands in these fields; fields that this form does not have keep their defaults."""
        return {name: self[name].data for name in names if name in self}


class TaskForm(RegisterForm):
    how = TextAreaField(
        _l("How will it be found out?"),
        [Length(max=4_000, message=TOO_LONG)],
        filters=[tidy],
        description=_l("Talks with whom, which records, a few questions in the baseline survey: whatever is enough."),
    )
    owner = StringField(
        _l("Who sees to it?"),
        [Length(max=160, message=SHORTEN)],
        filters=[tidy],
        description=_l("A colleague or a role. With a name and a day the gap counts as dealt with."),
    )
    due_on = DateField(_l("By which day?"), [Optional()], invalid_value_message=NO_DATE)
    indicator_id = SelectField(
        _l("Let the baseline questionnaire measure it"),
        filters=[tidy],
        validate_choice=False,
        description=_l("The indicator that you choose here is added to the draft of the plan."),
    )

    def validate_indicator_id(self, field: SelectField) -> None:
        if field.data and field.data not in asked_indicators():
            raise ValidationError(UNKNOWN_INDICATOR)

    @property
    def details(self) -> TaskDetails:
        return TaskDetails(**self.fill(TaskDetails.__slots__))


class OwnTaskForm(TaskForm):
    title = StringField(
        _l("What has to be found out?"),
        [DataRequired(_l("Write what has to be found out.")), Length(max=300, message=TOO_LONG)],
        filters=[tidy],
    )
    done = BooleanField(_l("Done"))


class AssumptionForm(RegisterForm):
    stance = RadioField(
        _l("Where do you stand?"),
        [AnyOf(STANCES, message=_l("Choose one of the three."))],
        choices=[SelectChoice(*stance) for stance in STANCE_LABELS.items()],
        default="open",
        validate_choice=False,
    )
    reason = TextAreaField(
        _l("Why?"),
        [Length(max=4_000, message=TOO_LONG)],
        filters=[tidy],
        description=_l("Needed to keep it or to strike it out, so that a reader can follow."),
    )
    indicator_id = SelectField(
        _l("Which indicator would test it?"),
        filters=[tidy],
        validate_choice=False,
        description=_l("What would have to be seen if the assumption were wrong? Measure that."),
    )

    def validate_indicator_id(self, field: SelectField) -> None:
        if field.data and field.data not in load_indicators():
            raise ValidationError(UNKNOWN_INDICATOR)

    def validate(self, extra_validators: object = None) -> bool:
        valid: bool = super().validate(extra_validators)
        if valid and self.stance.data != "open" and not self.reason.data:
            self.reason.errors = [_l("Say why, in a sentence or two.")]
            return False
        return valid

    @property
    def details(self) -> AssumptionDetails:
        return AssumptionDetails(**self.fill(AssumptionDetails.__slots__))


class OwnAssumptionForm(AssumptionForm):
    text = TextAreaField(
        _l("What do you take for granted?"),
        [DataRequired(_l("Write what you take for granted.")), Length(max=4_000, message=TOO_LONG)],
        filters=[tidy],
    )


def with_indicators(form: RegisterForm, *, asked: bool) -> Any:
    """The form with the indicators to choose from: those that a questionnaire asks, or the whole catalogue."""
    found = asked_indicators() if asked else load_indicators()
    none = SelectChoice("", NO_INDICATOR)
    form["indicator_id"].choices = [none, *(SelectChoice(id, say(one, "title")) for id, one in found.items())]
    return form
