"""The forms of a barrier analysis: the study, its wording, the codes of open answers, and what follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DecimalField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError
from wtforms.widgets import CheckboxInput

from campaigns.barrier_analysis.screening import ANSWERS, MOST_QUESTIONS, Rule
from campaigns.barrier_analysis.studies import STATEMENT, USUAL_PREVALENCE, StudyDetails, reasons
from campaigns.behaviours.contents import Behaviour
from campaigns.content import say
from campaigns.forms import TOO_LONG, tidy, version_number
from campaigns.terms import terms
from core.forms import Form
from core.languages import current_language
from surveys.bank import say as say_item

NOT_USED = ""
ANSWER_LABELS = {"yes": _l("Yes"), "no": _l("No"), "any": _l("Either")}
DOER_LABELS = (
    _l("First question: a doer answers"),
    _l("Second question: a doer answers"),
    _l("Third question: a doer answers"),
)
NON_DOER_LABELS = (
    _l("First question: a non-doer answers"),
    _l("Second question: a non-doer answers"),
    _l("Third question: a non-doer answers"),
)
SHARE = _l("Write a share between 0.1 and 99 per cent, such as 10.")
PEOPLE = _l("Write a whole number of people between 1 and 10,000, such as 45.")
BOTH_ANSWERS = _l("Say what a doer and what a non-doer answers to this question, or leave both empty.")
IN_ORDER = _l("Use the questions in their order: do not leave out the one before.")
CHOOSE = _l("Choose from the list.")
QUESTION_LABELS = (_l("First screening question"), _l("Second screening question"), _l("Third screening question"))


class GuardedForm(Form):
    version = HiddenField(default="0")

    @property
    def based_on(self) -> int:
        return version_number(self.version.data)


def _sentence(label: str, hint: str = "") -> TextAreaField:
    return TextAreaField(label, [Length(max=1_000, message=TOO_LONG)], filters=[tidy], description=hint)


def _number(label: str) -> IntegerField:
    return IntegerField(
        label, [InputRequired(PEOPLE), NumberRange(1, 10_000, message=PEOPLE)], invalid_value_message=PEOPLE
    )


def _answer(label: str) -> SelectField:
    return SelectField(label, filters=[tidy], validate_choice=False)


class StudyForm(GuardedForm):
    title = StringField(
        _l("Name of the study"),
        [DataRequired(_l("Write a name.")), Length(max=100, message=_l("Shorten the name to 100 characters."))],
        filters=[tidy],
        description=_l("A few words that tell it from your other studies. Tablets show it too."),
    )
    who = _sentence(_l("Who?"), _l("Such as: men of 18 to 30 in the port district who look for work abroad."))
    does_what = _sentence(_l("Does what?"), _l("One action that can be seen, in words that everybody understands."))
    how_often = _sentence(_l("How often?"), _l("Such as: every time an offer is made."))
    where = _sentence(_l("Where?"), _l("Such as: at the labour office, or by telephone."))
    when = _sentence(_l("When?"), _l("Such as: before any paper is signed or money is paid."))
    doer_1, doer_2, doer_3 = map(_answer, DOER_LABELS)
    non_doer_1, non_doer_2, non_doer_3 = map(_answer, NON_DOER_LABELS)
    safe = BooleanField(
        _l("None of these questions asks whether the person was trafficked, or what others have done to them"),
        description=_l("Nobody may have to tell their own story in order to be counted as somebody who does it."),
    )
    prevalence = DecimalField(
        _l("How many of all these people do it, in per cent?"),
        [InputRequired(SHARE), NumberRange(0.1, 99, message=SHARE)],
        places=None,
        default=USUAL_PREVALENCE,
        description=_l("Doers are asked far more often than they occur, so the results are led back by this share."),
        invalid_value_message=SHARE,
    )
    prevalence_source = _sentence(
        _l("Where is this share known from?"),
        _l("Leave this empty when it is a guess: 10 per cent is usual then, and the results will call it assumed."),
    )
    doers = _number(_l("Doers to be interviewed"))
    non_doers = _number(_l("Non-doers to be interviewed"))
    items = SelectMultipleField(_l("Which questions are asked?"), option_widget=CheckboxInput(), validate_choice=False)

    def validate_items(self, field: SelectMultipleField) -> None:
        if not set(field.data) <= {item.id for item in reasons()}:
            raise ValidationError(CHOOSE)

    def validate(self, extra_validators: object = None) -> bool:
        valid: bool = super().validate(extra_validators)
        return all([valid, *map(self._answers_are_right, range(1, MOST_QUESTIONS + 1))])

    def _answers_are_right(self, place: int) -> bool:
        doer, non_doer = self._answers_to(place)
        wrong = None
        if doer not in (NOT_USED, *ANSWERS) or non_doer not in (NOT_USED, *ANSWERS):
            wrong = CHOOSE
        elif (doer == NOT_USED) != (non_doer == NOT_USED):
            wrong = BOTH_ANSWERS
        elif doer and place > 1 and NOT_USED in self._answers_to(place - 1):
            wrong = IN_ORDER
        if wrong:
            self[f"doer_{place}"].errors = [wrong]
        return wrong is None

    def _answers_to(self, place: int) -> tuple[str, str]:
        return self[f"doer_{place}"].data or NOT_USED, self[f"non_doer_{place}"].data or NOT_USED

    @property
    def details(self) -> StudyDetails:
        asked = [self._answers_to(place) for place in range(1, MOST_QUESTIONS + 1)]
        plain = ("title", *STATEMENT, "safe", "prevalence_source", "doers", "non_doers")
        return StudyDetails(
            **{name: self[name].data for name in plain},
            rules=tuple(Rule(*answers) for answers in asked if NOT_USED not in answers),
            prevalence=float(self.prevalence.data),
            items=tuple(item.id for item in reasons() if item.id in (self.items.data or ())),
        )


def study_form(
    details: StudyDetails | None = None, version: int = 0, *, sent: bool = True, behaviour: Behaviour | None = None
) -> StudyForm:
    """The form as it was sent, or showing these details; a new study may begin with a behaviour of the design."""
    begun = asdict(behaviour) if behaviour else {}
    form: StudyForm = StudyForm() if sent else StudyForm(formdata=None, data=begun | _shown(details, version))
    answers = [SelectChoice(NOT_USED, _l("This question is not used"))]
    answers += [SelectChoice(*answer) for answer in ANSWER_LABELS.items()]
    for place in range(1, MOST_QUESTIONS + 1):
        for side in ("doer", "non_doer"):
            form[f"{side}_{place}"].choices = answers
    form["items"].choices = [SelectChoice(item.id, _item_label(item)) for item in reasons()]
    return form


def _item_label(item: Any) -> str:
    determinant = say(terms("determinants")[item.determinant], "title")
    return f"{determinant}: {say_item(item, 'label', current_language())}"


def _shown(details: StudyDetails | None, version: int) -> dict[str, Any]:
    if details is None:
        usual = StudyDetails("")
        first = {"doer_1": "yes", "non_doer_1": "no"}
        everything = [item.id for item in reasons()]
        return {"doers": usual.doers, "non_doers": usual.non_doers, "items": everything, "version": "0", **first}
    rules = {
        f"{side}_{place}": getattr(rule, side)
        for place, rule in enumerate(details.rules, start=1)
        for side in ("doer", "non_doer")
    }
    plain = {name: getattr(details, name) for name in StudyDetails.__slots__ if name != "rules"}
    return plain | rules | {"version": str(version)}


class WordingForm(GuardedForm):
    """What a study words itself in one language; ``wording_form`` takes away the questions that it does not use."""

    screening_1, screening_2, screening_3 = map(_sentence, QUESTION_LABELS)
    behaviour = _sentence(
        _l("What “this” means"),
        _l("The interviewer reads aloud what we mean by “this”. Such as: ringing the labour office before you sign."),
    )
    harm = _sentence(
        _l("What “the harm” means"),
        _l("The interviewer reads aloud what we mean by “the harm”. Such as: being cheated by an employer."),
    )

    @property
    def texts(self) -> dict[str, str]:
        return {field.name: field.data for field in self if isinstance(field, TextAreaField)}


def wording_form(names: Sequence[str], texts: dict[str, str], version: int) -> WordingForm:
    form: WordingForm = WordingForm()
    if not form.is_submitted():
        form = WordingForm(formdata=None, data={**texts, "version": str(version)})
    for field in list(form):
        if isinstance(field, TextAreaField) and field.name not in names:
            del form[field.name]
    return form


class CodeForm(GuardedForm):
    label = StringField(
        _l("Name of the code"),
        [
            DataRequired(_l("Write a short name for the reason.")),
            Length(max=80, message=_l("Use at most 80 characters.")),
        ],
        filters=[tidy],
        description=_l("A few words that several people could have said, such as “too far away”."),
    )


class BridgeForm(GuardedForm):
    bridge = TextAreaField(
        _l("How an activity answers it"),
        [Length(max=4_000, message=TOO_LONG)],
        filters=[tidy],
        description=_l(
            "Say what should change in people’s minds or around them, and by which activity: such as “make people "
            "surer that they can find the office, by walking there with each group”."
        ),
    )
    reason = TextAreaField(
        _l("Or why no activity answers it"),
        [Length(max=4_000, message=TOO_LONG)],
        filters=[tidy],
        description=_l("It may lie beyond what a campaign can change, or another organisation may see to it already."),
    )
