"""The forms of a planned indicator: of the catalogue, or of their own."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput

from campaigns.content import say
from campaigns.forms import TOO_LONG, tidy
from campaigns.indicator_plan import labels
from campaigns.indicator_plan.number_field import NumberField
from campaigns.indicator_plan.planned import IndicatorDetails, exact
from campaigns.indicator_plan.targets import IN_WORDS, SHARE, Target, problem
from campaigns.registers.forms import SHORTEN, RegisterForm
from campaigns.terms import terms

YEARS = (2000, 2100)
NO_DAY = _l("Write the day as year, month and day, such as 2027-03-31.")
MONTHS = _l("Write a whole number of months between 0 and 120.")
FROM_THE_LIST = _l("Choose from the list.")
NO_KIND = _l("Say what kind of target this number is: without that nobody can tell what it means.")
NO_VALUE = _l("Write the number of the target, or choose “No target yet”.")
NO_MONTHS = _l("Write how many months.")
NO_DUE = _l("Write the day.")
NO_SHARE_PARTS = _l("A share needs both: who is counted, and out of whom.")
LONG = Length(max=4_000, message=TOO_LONG)


def _choices(names: dict[str, Any], *first: SelectChoice) -> list[SelectChoice]:
    return [*first, *(SelectChoice(*name) for name in names.items())]


class PlannedForm(RegisterForm):
    """What every planned indicator says; ``unit`` tells which kinds of numbers are possible."""

    methods = SelectMultipleField(
        _l("How is it collected?"), option_widget=CheckboxInput(), coerce=str, validate_choice=False
    )
    collected_from = TextAreaField(
        _l("Where do the figures come from?"),
        [LONG],
        filters=[tidy],
        description=_l("The questionnaire, register or office, and what has to be agreed with whoever keeps it."),
    )
    frequency = SelectField(_l("How often?"), filters=[tidy], validate_choice=False)
    owner = StringField(
        _l("Who sees to it?"),
        [Length(max=160, message=SHORTEN)],
        filters=[tidy],
        description=_l("A colleague or a role."),
    )
    baseline = NumberField(
        _l("Baseline"),
        description=_l(
            "The value before the activity; a share in per cent. Empty means that it is still to be measured."
        ),
    )
    baseline_words = TextAreaField(
        _l("Baseline, in words"),
        [LONG],
        filters=[tidy],
        description=_l("For an indicator without a number: how things stand before the activity."),
    )
    baseline_from = TextAreaField(
        _l("Where and when is the baseline from?"),
        [LONG],
        filters=[tidy],
        description=_l("Who was asked or which records, and when. While it is open: when it will be measured."),
    )
    target_kind = RadioField(
        _l("What kind of target is it?"),
        choices=_choices(labels.KIND_LABELS, SelectChoice("", _l("No target yet"))),
        default="",
        filters=[tidy],
        validate_choice=False,
        description=_l(
            "“15 per cent more” can mean two things. After saving, the page spells out what your choice comes to."
        ),
    )
    target_value = NumberField(_l("Number of the target"))
    target_words = TextAreaField(
        _l("Target, in words"),
        [LONG],
        filters=[tidy],
        description=_l("For an indicator without a number: how things should stand then."),
    )
    by_kind = RadioField(
        _l("By when?"),
        choices=_choices(labels.BY_LABELS, SelectChoice("", _l("Not settled yet"))),
        default="",
        filters=[tidy],
        validate_choice=False,
    )
    by_months = IntegerField(
        _l("How many months?"), [Optional(), NumberRange(0, 120, message=MONTHS)], invalid_value_message=MONTHS
    )
    by_on = DateField(_l("Which day?"), [Optional()], invalid_value_message=NO_DAY)
    disaggregation = SelectMultipleField(
        _l("By what else are the results shown?"),
        choices=_choices(labels.DISAGGREGATION_LABELS),
        option_widget=CheckboxInput(),
        validate_choice=False,
        description=_l("Always by sex and by age group: a campaign may help some people and miss others."),
    )
    segments = TextAreaField(
        _l("By which segments of your own?"), [LONG], filters=[tidy], description=_l("One on each line.")
    )
    reasons = TextAreaField(
        _l("Why this indicator and this target?"),
        [LONG],
        filters=[tidy],
        description=_l("What makes the target within reach and worth it, in a sentence or two."),
    )

    in_plan = False  # measured by the evaluation plan, which has the target
    known_unit = ""  # that of an indicator of the catalogue

    @property
    def the_unit(self) -> str:
        return self.known_unit

    def validate_methods(self, field: SelectMultipleField) -> None:
        if not set(field.data or ()) <= set(terms("methods")):
            raise ValidationError(FROM_THE_LIST)

    def validate_frequency(self, field: SelectField) -> None:
        if field.data and field.data not in terms("frequencies"):
            raise ValidationError(FROM_THE_LIST)

    def validate_disaggregation(self, field: SelectMultipleField) -> None:
        if not set(field.data or ()) <= set(labels.DISAGGREGATION_LABELS):
            raise ValidationError(FROM_THE_LIST)

    def validate_target_kind(self, field: RadioField) -> None:
        if field.data not in ("", *labels.KIND_LABELS):
            raise ValidationError(FROM_THE_LIST)
        if not field.data and self.target_value.data is not None and self._counts:
            raise ValidationError(NO_KIND)

    def validate_by_kind(self, field: RadioField) -> None:
        if field.data not in ("", *labels.BY_LABELS):
            raise ValidationError(FROM_THE_LIST)

    def validate_by_on(self, field: DateField) -> None:
        if field.data is not None and not YEARS[0] <= field.data.year <= YEARS[1]:
            raise ValidationError(NO_DAY)

    def validate(self, extra_validators: object = None) -> bool:
        valid: bool = super().validate(extra_validators)
        return all([valid, self._target_is_possible(), self._due_is_complete()])

    @property
    def details(self) -> IndicatorDetails:
        found = self.fill(IndicatorDetails.__slots__)
        for name in ("methods", "disaggregation"):
            found[name] = tuple(found[name] or ())
        if not self._counts:
            found |= {"baseline": None, "target_kind": "", "target_value": None}
        elif self.the_unit:
            found |= {"baseline_words": "", "target_words": ""}
        if not found.get("target_kind"):
            found["target_value"] = None
        if found["by_kind"] != "date":
            found["by_on"] = None
        if found["by_kind"] not in ("start", "end"):
            found["by_months"] = None
        return IndicatorDetails(**found)

    @property
    def _counts(self) -> bool:
        return self.the_unit not in IN_WORDS

    def _target_is_possible(self) -> bool:
        if not self._counts or self.baseline.errors:
            return True
        target = None
        if "target_kind" in self:
            kind, value = self.target_kind.data, exact(self.target_value.data)
            if self.target_kind.errors or self.target_value.errors:
                return False
            if kind and value is None:
                self.target_value.errors = [NO_VALUE]
                return False
            target = Target(kind, value) if kind and value is not None else None
        lack = problem(self.the_unit, exact(self.baseline.data), target)
        if lack:
            self[lack.field].errors = [lack.sentence]
        return lack is None

    def _due_is_complete(self) -> bool:
        if self.by_kind.data == "date" and self.by_on.data is None and not self.by_on.errors:
            self.by_on.errors = [NO_DUE]
        if self.by_kind.data in ("start", "end") and self.by_months.data is None and not self.by_months.errors:
            self.by_months.errors = [NO_MONTHS]
        return not (self.by_on.errors or self.by_months.errors)


class OwnPlannedForm(PlannedForm):
    title = StringField(
        _l("Name of the indicator"),
        [DataRequired(_l("Write a short name.")), Length(max=300, message=TOO_LONG)],
        filters=[tidy],
    )
    rung = SelectField(
        _l("What does it measure?"),
        choices=_choices(labels.RUNG_LABELS),
        validate_choice=False,
        description=_l("An indicator of one kind never speaks for the next: what people know is not yet what they do."),
    )
    dimension = SelectField(
        _l("Dimension"),
        choices=_choices(labels.DIMENSION_LABELS, SelectChoice("", _l("None of these"))),
        filters=[tidy],
        validate_choice=False,
    )
    definition = TextAreaField(
        _l("Definition"),
        [DataRequired(_l("Write exactly what is counted or observed, so that two people would count the same.")), LONG],
        filters=[tidy],
    )
    unit = SelectField(_l("Unit"), validate_choice=False)
    numerator = TextAreaField(
        _l("For a share: who or what is counted?"), [LONG], filters=[tidy], description=_l("The numerator.")
    )
    denominator = TextAreaField(_l("Out of whom or what?"), [LONG], filters=[tidy], description=_l("The denominator."))
    cannot_show = TextAreaField(
        _l("What can it not show?"),
        [DataRequired(_l("Write what a reader must not conclude from this indicator.")), LONG],
        filters=[tidy],
    )
    seasonal = BooleanField(
        _l("It rises and falls with the seasons"),
        description=_l("As departures, harvests and prices do. The calendar then warns when seasons are mixed."),
    )

    @property
    def the_unit(self) -> str:
        return str(self.unit.data or "")

    def validate_rung(self, field: SelectField) -> None:
        if field.data not in labels.RUNG_LABELS:
            raise ValidationError(FROM_THE_LIST)

    def validate_dimension(self, field: SelectField) -> None:
        if field.data not in ("", *labels.DIMENSION_LABELS):
            raise ValidationError(FROM_THE_LIST)

    def validate_unit(self, field: SelectField) -> None:
        if field.data not in terms("units"):
            raise ValidationError(FROM_THE_LIST)

    def validate_denominator(self, field: TextAreaField) -> None:
        if self.the_unit == SHARE and not (field.data and self.numerator.data):
            raise ValidationError(NO_SHARE_PARTS)


def planned_form(kind: type[PlannedForm], shown: object = None, *, unit: str = "", in_plan: bool = False) -> Any:
    """The form as it was sent, or showing what is stored, without the fields that have no meaning here."""
    form = kind()
    if not form.is_submitted():
        form = kind(formdata=None, obj=shown)
    form.known_unit, form.in_plan = unit, in_plan
    useless = ["target_kind", "target_value"] if in_plan else []
    if unit:
        useless += (
            ["baseline", "target_kind", "target_value"] if unit in IN_WORDS else ["baseline_words", "target_words"]
        )
    for name in dict.fromkeys(useless):
        del form[name]
    form.methods.choices = _terms("methods")
    form.frequency.choices = [SelectChoice("", _l("Not settled yet")), *_terms("frequencies")]
    if "unit" in form:
        form.unit.choices = _terms("units")
    return form


def _terms(name: str) -> list[SelectChoice]:
    return [SelectChoice(id, say(term, "title")) for id, term in terms(name).items()]
