"""The forms of campaigns: a new one, and the answer to a guided question; the plan has a file of its own."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length, ValidationError

from campaigns.answering import Typed
from campaigns.content import say
from campaigns.lacks import Lack
from campaigns.models import ANSWER_STATES, LANES, DesignAnswer
from campaigns.terms import terms
from core.forms import Form
from core.plain_text import plain

STATE_LABELS = {
    "known": _l("Known: we can say where it is known from"),
    "assumed": _l("Assumed: we believe it, nothing proves it yet"),
    "not_known": _l("Not known: we still have to find it out"),
    "not_relevant": _l("Not relevant: and we can say why"),
}
CHOOSE = _l("Choose one from the list.")
LANE_LABELS = {"training": _l("Evaluate one training"), "campaign": _l("Design a campaign")}
TOO_LONG = _l("This is too long to be stored. Shorten it, and keep the full text in a document of your own.")


def tidy(value: str | None) -> str:
    """Without the outer blanks and what no document can hold, and with one kind of line end."""
    return plain(value or "").replace("\r\n", "\n").strip()


class NewCampaignForm(Form):
    lane = RadioField(
        _l("What do you want to do?"),
        [AnyOf(LANES, message=_l("Choose one of the two."))],
        choices=[SelectChoice(*lane) for lane in LANE_LABELS.items()],
        default="campaign",
        validate_choice=False,
    )
    title = StringField(
        _l("Title"),
        [DataRequired(_l("Write a title.")), Length(max=160, message=_l("Shorten the title to 160 characters."))],
        filters=[tidy],
        description=_l("A short name that your team will recognise."),
    )
    place = StringField(
        _l("Place"),
        [Length(max=160, message=_l("Shorten the place to 160 characters."))],
        filters=[tidy],
        description=_l("The town, district or country where the campaign takes place. It can stay empty."),
    )


def term_among(list_name: str, *, needed: bool) -> Callable[[object, Field], None]:
    """A check that a term of the list was chosen."""

    def check(_form: object, field: Field) -> None:
        if field.data not in terms(list_name) and (needed or field.data):
            raise ValidationError(CHOOSE)

    return check


def strength_field() -> SelectField:
    """How strong the evidence is, from the list of terms."""
    return SelectField(
        _l("How strong is the evidence?"),
        [term_among("evidence_strength", needed=False)],
        choices=lambda: [
            SelectChoice("", _l("Not said")),
            *(SelectChoice(term.id, say(term, "title")) for term in terms("evidence_strength").values()),
        ],
        default="",
        filters=[tidy],
        validate_choice=False,
    )


class AnswerForm(Form):
    state = RadioField(
        _l("How sure are you?"),
        [AnyOf(("", *ANSWER_STATES), message=_l("Choose one of the four."))],
        choices=[SelectChoice(*state) for state in STATE_LABELS.items()],
        default="",
        filters=[tidy],
        validate_choice=False,
    )
    text = TextAreaField(_l("Your answer"), [Length(max=20_000, message=TOO_LONG)], filters=[tidy])
    source = TextAreaField(
        _l("Where is this known from?"),
        [Length(max=4_000, message=TOO_LONG)],
        filters=[tidy],
        description=_l("A study, records, interviews, a survey: name it and its date. Needed for “known”."),
    )
    strength = strength_field()
    reason = TextAreaField(
        _l("Why is it not relevant?"),
        [Length(max=4_000, message=TOO_LONG)],
        filters=[tidy],
        description=_l("Needed for “not relevant”, so that a reader can follow the decision."),
    )
    version = HiddenField(default="0")

    @property
    def typed(self) -> Typed:
        return Typed(self.state.data, self.text.data, self.source.data, self.reason.data, self.strength.data)

    @property
    def based_on(self) -> int:
        return version_number(self.version.data)

    @property
    def first_error(self) -> str:
        return str(next(error for field in self for error in field.errors))

    def show_lack(self, lack: Lack, version: int) -> None:
        """After saving: the sentence at its field, over the version that was just stored."""
        self[lack.field].errors = [lack.sentence]
        self.version.data = str(version)

    @classmethod
    def showing(cls, answer: DesignAnswer | None) -> AnswerForm:
        form: AnswerForm = cls(formdata=None, obj=answer)
        return form


def version_number(written: object) -> int:
    """The version that a page was made from; 0 when there was none, or nonsense was sent."""
    text = str(written)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
