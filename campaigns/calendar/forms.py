"""The form of the days that no other page asks for."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField
from wtforms.validators import Optional, ValidationError

from campaigns.calendar.dates import WrittenDays
from campaigns.indicator_plan.forms import NO_DAY, YEARS
from campaigns.registers.forms import RegisterForm


def _day(label: str, description: str = "") -> DateField:
    return DateField(label, [Optional(), _in_our_time], description=description, invalid_value_message=NO_DAY)


def _in_our_time(_form: object, field: DateField) -> None:
    if field.data is not None and not YEARS[0] <= field.data.year <= YEARS[1]:
        raise ValidationError(NO_DAY)


class DaysForm(RegisterForm):
    starts_on = _day(
        _l("First day of the activity"),
        _l("The day of the first session, or the first day on which the campaign can be seen or heard."),
    )
    before_first = _day(_l("First day of the questions before"))
    before_last = _day(_l("Last day of the questions before"))
    after_first = _day(_l("First day of the questions after"))
    after_last = _day(_l("Last day of the questions after"))

    @property
    def days(self) -> WrittenDays:
        return WrittenDays(**self.fill(WrittenDays.__slots__))
