"""What the forms of all entries have in common: version, choices from the lists of terms, and evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import (
    DateField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput

from campaigns.content import say
from campaigns.forms import CHOOSE, TOO_LONG, strength_field, term_among, tidy, version_number
from campaigns.terms import terms
from core.forms import Form

SHORTEN = _l("Shorten this to 160 characters.")
NO_DATE = _l("Write the day as year, month and day.")
NO_NUMBER = _l("Write a whole number, such as 12.")
EVIDENCE = ("evidence", "strength", "source")
EVIDENCE_LABELS = {
    "known": _l("Known: there is a source for it"),
    "assumed": _l("Assumed: it seems likely, but nobody has looked"),
    "not_known": _l("Not known yet"),
}
NO_SOURCE = _l("Say where this is known from, or choose “assumed”.")
NO_STRENGTH = _l("Say how strong the evidence is, or choose “assumed”.")


def _checks(most: int, sentence: str, needed: str) -> list[Any]:
    return [*([DataRequired(needed)] if needed else []), Length(max=most, message=sentence)]


def _all_among(list_name: str) -> Any:
    def check(_form: object, field: Field) -> None:
        if not set(field.data or ()) <= terms(list_name).keys():
            raise ValidationError(CHOOSE)

    return check


def _label(title: str, text: str) -> Markup:
    if not text:
        return Markup("<strong>{}</strong>").format(title)
    return Markup('<strong>{}</strong> <span class="aside">{}</span>').format(title, text)


def line(label: str, hint: str = "", needed: str = "") -> StringField:
    """One line of text; ``needed`` is the sentence when it is empty."""
    return StringField(label, _checks(160, SHORTEN, needed), filters=[tidy], description=hint)


def passage(label: str, hint: str = "", needed: str = "") -> TextAreaField:
    """Some lines of text; ``needed`` is the sentence when it is empty."""
    return TextAreaField(label, _checks(4_000, TOO_LONG, needed), filters=[tidy], description=hint)


def day(label: str, hint: str = "") -> DateField:
    return DateField(label, [Optional()], description=hint, invalid_value_message=NO_DATE)


def number(label: str, hint: str = "", least: int = 0, most: int = 1_000_000) -> IntegerField:
    checks = [Optional(), NumberRange(least, most, message=NO_NUMBER)]
    return IntegerField(label, checks, description=hint, invalid_value_message=NO_NUMBER)


def one_of(label: str, list_name: str, hint: str = "", *, needed: bool = True) -> RadioField:
    """One term of a list, each with its explanation."""
    checks = [term_among(list_name, needed=needed)]
    return RadioField(
        label, checks, choices=lambda: explained(list_name), default="", filters=[tidy], validate_choice=False,
        description=hint,
    )  # fmt: skip


def several_of(label: str, list_name: str, hint: str = "") -> SelectMultipleField:
    return SelectMultipleField(
        label, [_all_among(list_name)], choices=lambda: explained(list_name), option_widget=CheckboxInput(),
        validate_choice=False, description=hint,
    )  # fmt: skip


def choice(label: str, labels: dict[str, Any], hint: str = "", default: str = "") -> RadioField:
    """One of a few fixed words."""

    def check(_form: object, field: Field) -> None:
        if field.data not in labels:
            raise ValidationError(CHOOSE)

    return RadioField(
        label, [check], choices=[SelectChoice(*pair) for pair in labels.items()], default=default, filters=[tidy],
        validate_choice=False, description=hint,
    )  # fmt: skip


def explained(list_name: str) -> list[SelectChoice]:
    """The terms of a list to choose from, each with what it means."""
    return [SelectChoice(term.id, _label(say(term, "title"), say(term, "text"))) for term in terms(list_name).values()]


class EntryForm(Form):
    """The parent of the form of every kind; its fields are those of the kind's content."""

    version = HiddenField(default="0")

    @property
    def based_on(self) -> int:
        return version_number(self.version.data)

    def content_as(self, kind: type[Any]) -> Any:
        """What was typed, as the content of this kind; fields that the form does not have keep their defaults."""
        return kind(**{one.name: self[one.name].data for one in fields(kind) if one.name in self})

    @property
    def shown(self) -> Iterable[Field]:
        """The fields that a person fills in, in their order; evidence stands last."""
        found = [field for field in self if field.type not in ("HiddenField", "CSRFTokenField")]
        return sorted(found, key=lambda field: EVIDENCE.index(field.name) + 1 if field.name in EVIDENCE else 0)

    def complain(self, name: str, sentence: Any) -> None:
        field = self[name]
        field.errors = [*field.errors, sentence]

    def check(self) -> None:
        """What has to hold between fields; complaints go to their fields."""

    def validate(self, extra_validators: object = None) -> bool:
        if not super().validate(extra_validators):
            return False
        self.check()
        return not self.errors


class EvidenceForm(EntryForm):
    """A form with evidence: known needs a source and its strength."""

    evidence = choice(_l("How sure are you?"), EVIDENCE_LABELS)
    strength = strength_field()
    source = passage(_l("Where is this known from?"), _l("Name the study, the records or the talks, with their date."))

    def check(self) -> None:
        if self.evidence.data == "known":
            if not self.source.data:
                self.complain("source", NO_SOURCE)
            if not self.strength.data:
                self.complain("strength", NO_STRENGTH)
