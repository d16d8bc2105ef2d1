"""The forms of the second lock and of a change to the plan."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FormField, HiddenField, IntegerField, RadioField, SelectChoice, TextAreaField
from wtforms.form import Form as PartOfForm
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, NumberRange, Optional

from campaigns.forms import TOO_LONG, tidy, version_number
from campaigns.indicators import asked_indicators
from campaigns.lacks import Lack
from campaigns.locking.changes import Possible
from campaigns.locking.targets import Targets
from campaigns.plan_choices import FAMILIES, PlanChoices
from campaigns.plan_form import FAMILY_LABELS, PER_CENT, POINTS, TargetFields
from core.forms import Form

NO_VALUE = _l("Choose one of the three.")


class PointsForm(PartOfForm):  # type: ignore[misc] # WTForms has no types
    """The target of one indicator; a part of the form of the second lock."""

    points = IntegerField(
        _l("Planned gain, in percentage points"),
        [Optional(), NumberRange(1, 100, message=POINTS)],
        invalid_value_message=POINTS,
    )


class TargetsForm(TargetFields, Form):
    """What the second lock covers; ``targets_form`` adds a part for each indicator."""

    version = HiddenField(default="0")

    @property
    def based_on(self) -> int:
        return version_number(self.version.data)

    def targets(self, choices: PlanChoices) -> Targets:
        return Targets(
            points={chosen.id: self[chosen.id].form.points.data for chosen in choices.indicators},
            smallest_change=self.smallest_change.data,
            retention_margin=self.retention_margin.data,
            keep_share=self.keep_share.data,
        )

    def show_lacks(self, lacks: list[Lack]) -> None:
        """Put each sentence at its field."""
        for lack in lacks:
            field = self[lack.field.removesuffix("-points")].form.points
            field.errors = [*field.errors, lack.sentence]

    def wrong(self, choices: PlanChoices) -> list[Lack]:
        """Every sentence, with the id of what takes the focus, in the order of the page."""
        points = [self[chosen.id].form.points for chosen in choices.indicators]
        found = [*points, self.smallest_change, self.retention_margin, self.keep_share]
        return [Lack(field.id, sentence) for field in found for sentence in field.errors]


@cache
def _targets_form_class() -> type[TargetsForm]:
    parts = {id: FormField(PointsForm) for id in asked_indicators()}
    return type("CatalogueTargetsForm", (TargetsForm,), parts)


def targets_form(choices: PlanChoices | None = None, version: int = 0) -> TargetsForm:
    """The form as it was sent, or showing these choices."""
    if choices is None:
        return _targets_form_class()()
    chosen = {indicator.id: {"points": indicator.points} for indicator in choices.indicators}
    names = ("smallest_change", "retention_margin", "keep_share")
    rest = {name: getattr(choices, name) for name in names}
    return _targets_form_class()(formdata=None, data=rest | chosen | {"version": version})


class ChangeForm(Form):
    """A change that needs no new value: something is added or taken back."""

    reason = TextAreaField(
        _l("Why is it changed?"),
        [DataRequired(_l("Write why it is changed.")), Length(max=4_000, message=TOO_LONG)],
        filters=[tidy],
        description=_l("Readers of the report find this sentence beside the change."),
    )
    version = HiddenField(default="0")

    @property
    def based_on(self) -> int:
        return version_number(self.version.data)

    @property
    def value(self) -> Any:
        """The new value as the plan writes it."""
        return None


class PointsChangeForm(ChangeForm):
    new = IntegerField(
        _l("New value, in percentage points"),
        [InputRequired(POINTS), NumberRange(1, 100, message=POINTS)],
        invalid_value_message=POINTS,
    )

    @property
    def value(self) -> Any:
        return self.new.data


class ShareChangeForm(ChangeForm):
    new = IntegerField(
        _l("New value, in per cent of the gain"),
        [InputRequired(PER_CENT), NumberRange(1, 100, message=PER_CENT)],
        invalid_value_message=PER_CENT,
    )

    @property
    def value(self) -> Any:
        return self.new.data / 100


class FamilyChangeForm(ChangeForm):
    new = RadioField(
        _l("What shall hold from now on?"),
        [AnyOf(FAMILIES, message=NO_VALUE)],
        choices=[SelectChoice(*family) for family in FAMILY_LABELS.items()],
        validate_choice=False,
    )

    @property
    def value(self) -> Any:
        return self.new.data


FORMS: dict[str, type[ChangeForm]] = {
    "target": PointsChangeForm,
    "smallest_change": PointsChangeForm,
    "margin": PointsChangeForm,
    "keep_share": ShareChangeForm,
    "family": FamilyChangeForm,
    "demote": ChangeForm,
    "add": ChangeForm,
}


def change_form(possible: Possible, newest: int) -> ChangeForm:
    """The form as it was sent, or an empty one over the newest change that there is."""
    form = FORMS[possible.kind]()
    if not form.is_submitted():
        form.version.data = str(newest)
    return form
