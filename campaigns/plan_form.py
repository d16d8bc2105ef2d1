"""The form of the plan: a part for each indicator of the catalogue, then who is asked, when, and what counts."""

from __future__ import annotations

from functools import cache

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.form import Form as PartOfForm
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput

from campaigns.forms import TOO_LONG, tidy, version_number
from campaigns.indicators import asked_indicators
from campaigns.lacks import Lack
from campaigns.models import INSTRUMENTS
from campaigns.plan_choices import (
    CONFIDENCES,
    DONT_KNOW,
    FAMILIES,
    MANY_PRIMARY,
    MOST_PRIMARY,
    SUPPRESS_BELOW,
    ChosenIndicator,
    PlanChoices,
)
from core.forms import Form

INSTRUMENT_LABELS = {
    "training": _l("Training questionnaire: the same people each time, linked by numbered cards"),
    "intercept": _l("Intercept survey: passers-by in public places, other people each time"),
}
FAMILY_LABELS = {
    "holm": _l(
        "Strict (Holm): keeps the chance of even one false headline small, however many there are. The usual choice."
    ),
    "bh": _l("Milder (Benjamini–Hochberg): of the headlines that appear, only a small share may be false."),
    "none": _l("None: each primary indicator is judged as if it were the only one, so false headlines are likelier."),
}
DONT_KNOW_LABELS = {
    "not_endorsing": _l(
        "As not knowing, not agreeing or not intending: the person stays among those asked. The usual choice."
    ),
    "exclude": _l("Left out of this question: the share is then one of those who had an answer."),
}
CONFIDENCE_LABELS = {
    90: _l("90 per cent: narrower intervals, wrong once in ten times"),
    95: _l("95 per cent: the usual choice, wrong once in twenty times"),
    99: _l("99 per cent: wider intervals, wrong once in a hundred times"),
}
NOT_LISTED = _l("Choose one of those that are listed.")
PER_CENT = _l("Write a whole number of per cent between 1 and 100, such as 50.")
PEOPLE = _l("Write a whole number of people between 5 and 50.")
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


class TargetFields:
    """What the second lock covers, beside the targets themselves."""

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
    keep_share = IntegerField(
        _l("How much of the gain should still be there at the follow-up, in per cent?"),
        [Optional(), NumberRange(1, 100, message=PER_CENT)],
        description=_l(
            "Leave this empty when no share was agreed: the report then tells the share and does not judge it."
        ),
        invalid_value_message=PER_CENT,
    )


class PlanForm(TargetFields, Form):
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
    comparison = BooleanField(
        _l("Also ask a comparison group: people like them, where no activity takes place"),
        description=_l(
            "Each questionnaire then says which group somebody belongs to. Only so can the report tell more than what "
            "was different afterwards."
        ),
    )
    targets_later = BooleanField(
        _l("Fix the planned gains, the smallest change and the losses allowed later"),
        description=_l(
            "They can wait for the answers before the activity, but not for the first answer after it. The report says "
            "that they were set after the baseline."
        ),
    )
    family = RadioField(
        _l("How are several primary indicators allowed for?"),
        [AnyOf(FAMILIES, message=NOT_LISTED)],
        choices=[SelectChoice(*family) for family in FAMILY_LABELS.items()],
        default="holm",
        validate_choice=False,
        description=_l(
            "Whoever looks at several results finds one by luck more easily. This says how that is allowed for."
        ),
    )
    confidence = RadioField(
        _l("How sure should the intervals be?"),
        [AnyOf([str(level) for level in CONFIDENCES], message=NOT_LISTED)],
        choices=[SelectChoice(str(level), label) for level, label in CONFIDENCE_LABELS.items()],
        default="95",
        validate_choice=False,
    )
    dont_know = RadioField(
        _l("How does “don’t know” count?"),
        [AnyOf(DONT_KNOW, message=NOT_LISTED)],
        choices=[SelectChoice(*meaning) for meaning in DONT_KNOW_LABELS.items()],
        default="not_endorsing",
        validate_choice=False,
        description=_l(
            "People often make up their minds during the activity. Leaving them out before and counting them after "
            "shifts the result."
        ),
    )
    suppress_below = IntegerField(
        _l("Hide groups of fewer than so many people in whatever is shared"),
        [Optional(), NumberRange(SUPPRESS_BELOW, 50, message=PEOPLE)],
        default=SUPPRESS_BELOW,
        description=_l("Five are the least. Take ten when the report will be public."),
        invalid_value_message=PEOPLE,
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
            keep_share=self.keep_share.data,
            targets_later=self.targets_later.data,
            family=self.family.data,
            dont_know=self.dont_know.data,
            confidence=int(self.confidence.data),
            suppress_below=self.suppress_below.data or SUPPRESS_BELOW,
            comparison=self.comparison.data,
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
        others = [self.followup, self.activity_ends_on, self.smallest_change, self.retention_margin, self.keep_share]
        found = [Lack(field.id, sentence) for field in (self.indicators, *points) for sentence in field.errors]
        found += [Lack(f"{self.instruments.id}-0", sentence) for sentence in self.instruments.errors]
        found += [Lack(field.id, sentence) for field in others for sentence in field.errors]
        chosen = [self.family, self.confidence, self.dont_know]
        found += [Lack(f"{field.id}-0", sentence) for field in chosen for sentence in field.errors]
        return found + [Lack(self.suppress_below.id, sentence) for sentence in self.suppress_below.errors]

    def _parts(self) -> dict[str, IndicatorForm]:
        return {id: self[id].form for id in asked_indicators()}


class FreezeForm(Form):
    """Freezing: over which draft, and why all the same where the design leaves something open."""

    version = HiddenField(default="0")
    gap_reason = TextAreaField(
        _l("Why do you begin all the same?"),
        [Length(max=4_000, message=TOO_LONG)],
        default="",
        filters=[tidy],
        description=_l("A sentence or two. They are kept with the frozen plan, for whoever reads it later."),
    )

    @property
    def based_on(self) -> int:
        return version_number(self.version.data)


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
