"""The forms of the lane: the preset plan, and the safety check."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, StringField
from wtforms.validators import Length, Optional, ValidationError

from campaigns.forms import tidy, version_number
from campaigns.lacks import Lack
from campaigns.plan_choices import NO_END
from campaigns.plan_form import YEARS
from campaigns.training_lane.safety import SafetyDetails
from core.database import now
from core.forms import Form

NO_DATE = _l("Write the day as year, month and day.")
IN_FUTURE = _l("This day lies in the future. Write the day on which the number was really dialled.")
SHORTEN = _l("Shorten this to 160 characters.")
SHORTEN_NUMBER = _l("Shorten the number to 60 characters.")


class LaneForm(Form):
    version = HiddenField(default="0")

    @property
    def based_on(self) -> int:
        return version_number(self.version.data)


class PresetForm(LaneForm):
    followup = BooleanField(
        _l("Ask again 6 to 12 months later"),
        description=_l("Only a follow-up can show whether a change lasted. It needs a way to find the people again."),
    )
    activity_ends_on = DateField(
        _l("Day of the training"),
        [Optional()],
        description=_l("The day of the last session. Needed for a follow-up, which is counted from it."),
        invalid_value_message=NO_DATE,
    )

    def validate_activity_ends_on(self, field: DateField) -> None:
        if field.data is not None and not YEARS[0] <= field.data.year <= YEARS[1]:
            raise ValidationError(NO_DATE)

    def validate(self, extra_validators: object = None) -> bool:
        valid: bool = super().validate(extra_validators)
        if valid and self.followup.data and self.activity_ends_on.data is None:
            self.activity_ends_on.errors = [NO_END]
            return False
        return valid


class SafetyForm(LaneForm):
    hotline = StringField(
        _l("Number that participants can call for help"),
        [Length(max=60, message=SHORTEN_NUMBER)],
        filters=[tidy],
        description=_l("A help line that speaks the languages of the group; free of charge, if there is one."),
    )
    dialled_on = DateField(
        _l("Day on which it was dialled and somebody answered"), [Optional()], invalid_value_message=NO_DATE
    )
    dialled_by = StringField(_l("Who dialled it?"), [Length(max=160, message=SHORTEN)], filters=[tidy])
    contact_name = StringField(
        _l("Contact person on the day"),
        [Length(max=160, message=SHORTEN)],
        filters=[tidy],
        description=_l(
            "Somebody who can listen in private and knows where help is found; not the person who leads the session."
        ),
    )
    contact_reached = StringField(
        _l("How is the contact person reached?"), [Length(max=160, message=SHORTEN)], filters=[tidy]
    )
    minors = BooleanField(
        _l("People under 18 take part"),
        description=_l("Then this short check is not enough, and the plan cannot be frozen in this lane."),
    )

    def validate_dialled_on(self, field: DateField) -> None:
        if field.data is not None and field.data > now().date():
            raise ValidationError(IN_FUTURE)

    @property
    def details(self) -> SafetyDetails:
        return SafetyDetails(**{name: self[name].data for name in SafetyDetails.__slots__})

    def show_lacks(self, lacks: list[Lack]) -> None:
        for lack in lacks:
            self[lack.field].errors = [*self[lack.field].errors, lack.sentence]
