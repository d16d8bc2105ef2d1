"""The form of the plan: a part for each indicator of the catalogue, then who is asked, when, and what counts."""

from __future__ import annotations

from functools import cache

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FormField, HiddenField, IntegerField, SelectChoice, SelectMultipleField
from wtforms.form import Form as PartOfForm
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput

from campaigns.forms import version_number
from campaigns.indicators import asked_indicators
from campaigns.lacks import Lack
from campaigns.models import INSTRUMENTS
from campaigns.plan_choices import MANY_PRIMARY, MOST_PRIMARY, ChosenIndicator, PlanChoices
from core.forms import Form

INSTRUMENT_LABELS = {
    "training": _l("Training questionnaire: the same people each time, linked by numbered cards"),
    "intercept": _l("Intercept survey: passers-by in public places, other people each time"),
}
POINTS = _l("Write a whole number of percentage points between 1 and 100, such as 15.")
NO_DATE = _l("This is not a date. Write it as in 2027-03-31, or choose it from the calendar.")
YEARS = (2000, 2100)


class IndicatorForm(PartOfForm):  # type: ignore[misc] # WTForms has no types
    """The choices about one indicator; a part of the plan form."""

    chosen = BooleanField(_l("Measure this"))
    primary = BooleanField(_l("Primary indicator"))
    points = IntegerField(
        _l("Planned gain, in percentage points"),
        [Optional(), NumberRange(1, 100, message=POINTS)],
        invalid_value_message=POINTS,
    )


class PlanForm(Form):
    """The plan without its indicators; ``plan_form`` adds a part for each of the catalogue."""

    version = HiddenField(default="0")
    indicators = HiddenField()  # carries the sentences that concern the indicators together
    instruments = SelectMultipleField(
        _l("How will you ask people?"),
        choices=[SelectChoice(*instrument) for instrument in INSTRUMENT_LABELS.items()],
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    followup = BooleanField(
        _l("Ask again 6 to 12 months after the activity has ended"),
        description=_l("What people know and intend may fade. Only a follow-up can show whether a change lasted."),
    )
    activity_ends_on = DateField(
        _l("Last day of the activity"),
        [Optional()],
        description=_l("The day of the last session, or the last day on which the campaign can be seen or heard."),
        invalid_value_message=NO_DATE,
    )
    smallest_change = IntegerField(
        _l("Smallest change that matters, in percentage points"),
        [InputRequired(POINTS), NumberRange(1, 100, message=POINTS)],
        description=_l("A smaller change would not be worth the effort, so the report will not call it a success."),
        invalid_value_message=POINTS,
    )
    retention_margin = IntegerField(
        _l("How many points may be lost again until the follow-up?"),
        [Optional(), NumberRange(1, 100, message=POINTS)],
        description=_l("Leave this empty for the usual rule: half of the planned gain, and 10 points at most."),
        invalid_value_message=POINTS,
    )

    def validate_activity_ends_on(self, field: DateField) -> None:
        if field.data is not None and not YEARS[0] <= field.data.year <= YEARS[1]:
            raise ValidationError(NO_DATE)

    def validate_instruments(self, field: SelectMultipleField) -> None:
        if not set(field.data) <= set(INSTRUMENTS):
            raise ValidationError(_l("Choose from the ways that are listed."))

    def validate_indicators(self, _field: HiddenField) -> None:
        if sum(part.chosen.data and part.primary.data for part in self._parts().values()) > MOST_PRIMARY:
            raise ValidationError(MANY_PRIMARY)

    @property
    def based_on(self) -> int:
        return version_number(self.version.data)

    def choices(self) -> PlanChoices:
        return PlanChoices(
            indicators=tuple(
                ChosenIndicator(id, part.primary.data, part.points.data)
                for id, part in self._parts().items()
                if part.chosen.data
            ),
            instruments=tuple(name for name in INSTRUMENTS if name in self.instruments.data),
            followup=self.followup.data,
            smallest_change=self.smallest_change.data,
            retention_margin=self.retention_margin.data,
            activity_ends_on=self.activity_ends_on.data,
        )

    def show_lacks(self, lacks: list[Lack]) -> None:
        """Put each sentence at its field."""
        for lack in lacks:
            name, _dash, part = lack.field.partition("-")
            field = self[name].form[part] if part else self[name]
            field.errors = [*field.errors, lack.sentence]

    @property
    def wrong(self) -> list[Lack]:
        """Every sentence, with the id of what takes the focus, in the order of the page."""
        points = [part.points for part in self._parts().values()]
        others = [self.followup, self.activity_ends_on, self.smallest_change, self.retention_margin]
        found = [Lack(field.id, sentence) for field in (self.indicators, *points) for sentence in field.errors]
        found += [Lack(f"{self.instruments.id}-0", sentence) for sentence in self.instruments.errors]
        return found + [Lack(field.id, sentence) for field in others for sentence in field.errors]

    def _parts(self) -> dict[str, IndicatorForm]:
        return {id: self[id].form for id in asked_indicators()}


@cache
def _plan_form_class() -> type[PlanForm]:
    parts = {id: FormField(IndicatorForm) for id in asked_indicators()}
    return type("CataloguePlanForm", (PlanForm,), parts)


def plan_form(choices: PlanChoices | None = None, version: int = 0) -> PlanForm:
    """The form as it was sent, or showing these choices."""
    if choices is None:
        return _plan_form_class()()
    chosen = {
        indicator.id: {"chosen": True, "primary": indicator.primary, "points": indicator.points}
        for indicator in choices.indicators
    }
    rest = {key: value for key, value in choices.to_store().items() if key not in ("indicators",)}
    data = rest | chosen | {"version": version, "activity_ends_on": choices.activity_ends_on}
    return _plan_form_class()(formdata=None, data=data)
