"""Pages that bring in a spreadsheet: the file, its columns, what its cells mean, and the report on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts import audit
from accounts.access import allow, current_campaign, current_person
from campaigns.locking.changes import as_told, changes_of
from campaigns.models import FrozenPlan
from campaigns.planning import draft_of, frozen_plans
from core.database import session, transaction
from core.errors import EveilError
from core.languages import catalogue, current_language
from reports.routes import blueprint
from reports.spreadsheet.forms import SpreadsheetForm
from reports.spreadsheet.holding import Upload, find_upload, hold_upload, kept_uploads

if TYPE_CHECKING:
    from analysis.errors import AnalysisError
    from reports.spreadsheet.mapping import Columns, Reader
    from reports.spreadsheet.reading import Sheet

MOST_VALUES = 40  # of a column that the page asks about
MOST_PROBLEMS = 100  # that it lists
NO_PLAN = _l("Freeze the plan first: a spreadsheet is analysed by it, and by nothing that is decided afterwards.")
OTHER_PLAN = _l(
    "The plan of this campaign measures something that a spreadsheet cannot be matched with here. Analyse the file "
    "with the command “eveil analyse” and the downloaded plan."
)
NO_PAIR = _l("Choose at least one indicator with a column from before and a column from after.")
NO_CARD = _l(
    "Choose the column with the number of the card in both sheets. Without it nobody can tell whose answers belong "
    "together."
)
SAME_COLUMN = _l("Before and after cannot be the same column. Choose two.")
ODD_COLUMN = _l("Choose the columns from the lists.")
KINDS = {
    "unreadable": _l(
        "Choose on the page before what it stands for, or correct it in the file and bring the file in again."
    ),
    "no_card": _l(
        "There is no card number that can be read, so this person is not found again. Write it into the file."
    ),
    "card_twice": _l(
        "This number stands more than once in the sheet, so nobody can tell whose it is. Correct the file."
    ),
    "card_check": _l(
        "The last digit does not fit: the number may have been copied wrongly. Compare it with the sheet of paper."
    ),
}
MEANING_LABELS = {
    "yes": _l("Counts"),
    "no": _l("Does not count"),
    "dk": _l("Does not know"),
    "ref": _l("Does not want to answer"),
    "blank": _l("No answer"),
    "unreadable": _l("Cannot be read: leave it out"),
}


@blueprint.route("/campaigns/<slug>/spreadsheet", methods=["GET", "POST"])
@allow("evaluator")
def spreadsheet() -> ResponseReturnValue:
    form, campaign = SpreadsheetForm(), current_campaign()
    frozen = _training_plan()
    if form.validate_on_submit():
        if frozen is None:
            raise EveilError(NO_PLAN, status=409)
        files = [field.data for field in (form.first, form.second) if field.data]
        upload = hold_upload(files, campaign.id, _person_id())
        problem = _trouble(upload)
        if not problem:
            return redirect(url_for("reports.spreadsheet_columns", slug=campaign.slug, upload_id=upload.id))
        upload.delete()
        form.first.errors = [problem]
    kept = kept_uploads(campaign.id, _person_id())
    no_plan = NO_PLAN if frozen is None else ""
    page = render_template("reports/spreadsheet/upload.html", form=form, kept=kept, no_plan=no_plan)
    return page, 422 if form.errors else 200


@blueprint.route("/campaigns/<slug>/spreadsheet/<upload_id>/columns", methods=["GET", "POST"])
@allow("evaluator")
def spreadsheet_columns(upload_id: str) -> ResponseReturnValue:
    upload = _upload(upload_id)
    plan, sheets = _plan(), _sheets(upload)
    if request.method == "POST":
        columns, wrong = _sent_columns(sheets, _indicators())
        if wrong:
            return _columns_page(upload, sheets, columns, wrong, 422)
        upload.columns, upload.values = columns.to_json(), {}
        upload.save()
        return redirect(url_for("reports.spreadsheet_values", slug=current_campaign().slug, upload_id=upload.id))
    from reports.spreadsheet.mapping import guessed_columns

    before = _sheet_number("before", 0, sheets)
    after = _sheet_number("after", min(1, len(sheets) - 1), sheets)
    if upload.columns and not request.args:
        return _columns_page(upload, sheets, _columns(upload), [])
    return _columns_page(upload, sheets, guessed_columns(plan, sheets, before, after), [])


@blueprint.route("/campaigns/<slug>/spreadsheet/<upload_id>/values", methods=["GET", "POST"])
@allow("evaluator")
def spreadsheet_values(upload_id: str) -> ResponseReturnValue:
    upload = _upload(upload_id)
    if not upload.columns:
        return redirect(url_for("reports.spreadsheet_columns", slug=current_campaign().slug, upload_id=upload.id))
    if request.method != "POST":
        return _values_page(upload)
    upload.values = _sent_values(_reader(upload))
    upload.keep = request.form.get("keep") == "y"
    upload.save()
    if request.form.get("go") == "check":
        return _values_page(upload)
    page = _report_page(upload)
    with transaction() as writing:
        audit.record(writing, "spreadsheet_analysed", current_campaign().id, "kept" if upload.keep else "deleted")
    if not upload.keep:
        upload.delete()
    return page


@blueprint.get("/campaigns/<slug>/spreadsheet/<upload_id>/report")
@allow("evaluator")
def spreadsheet_report(upload_id: str) -> ResponseReturnValue:
    upload = _upload(upload_id)
    if not upload.columns:
        return redirect(url_for("reports.spreadsheet_columns", slug=current_campaign().slug, upload_id=upload.id))
    return _report_page(upload)


@blueprint.post("/campaigns/<slug>/spreadsheet/<upload_id>/delete")
@allow("evaluator")
def spreadsheet_delete(upload_id: str) -> ResponseReturnValue:
    _upload(upload_id).delete()
    flash(_("The spreadsheet is deleted."))
    return redirect(url_for("reports.spreadsheet", slug=current_campaign().slug))


def _training_plan() -> FrozenPlan | None:
    plans = frozen_plans(session(), current_campaign().id)
    return next((one for one in plans if one.instrument == "training"), None)


def _plan() -> Any:
    """The frozen plan; raises EveilError where there is none, or one that no spreadsheet can be matched with."""
    from reports.report import plan_of

    frozen = _training_plan()
    if frozen is None:
        raise EveilError(NO_PLAN, status=409)
    plan = plan_of(frozen)
    if not all(one.binary and len(one.items) == 1 for one in plan.indicators):
        raise EveilError(OTHER_PLAN, status=409)
    return plan


def _indicators() -> list[str]:
    return [indicator.id for indicator in _plan().indicators]


def _person_id() -> int:
    person = current_person()
    assert person is not None  # noqa: S101 - every route here asks for a role
    return person.id


def _upload(upload_id: str) -> Upload:
    return find_upload(upload_id, current_campaign().id, _person_id())


def _sheets(upload: Upload) -> list[Sheet]:
    from reports.spreadsheet.reading import read_sheets

    return read_sheets(upload.paths, upload.names)


def _trouble(upload: Upload) -> str:
    """Why the files cannot be read, as a sentence; empty when they can."""
    from analysis.errors import AnalysisError

    try:
        _sheets(upload)
    except AnalysisError as error:
        return _worded(error)
    return ""


def _worded(error: AnalysisError) -> str:
    return str(catalogue(current_language()).gettext(error.template) % error.params)


def _columns(upload: Upload) -> Columns:
    from reports.spreadsheet.mapping import Columns

    return Columns(**upload.columns)


def _reader(upload: Upload) -> Reader:
    from reports.spreadsheet.mapping import Reader

    return Reader(_plan(), _sheets(upload), _columns(upload), upload.values)


def _sheet_number(time: str, usual: int, sheets: list[Sheet]) -> int:
    wanted = request.values.get(f"sheet-{time}", usual, int)
    return wanted if 0 <= wanted < len(sheets) else usual


def _sent_columns(sheets: list[Sheet], indicators: list[str]) -> tuple[Columns, list[str]]:
    """The columns that were chosen, and what is wrong with them."""
    from reports.spreadsheet.mapping import BY, NOWHERE, TIMES, Columns

    last = len(sheets) - 1
    where = {"before": _sheet_number("before", 0, sheets), "after": _sheet_number("after", min(1, last), sheets)}
    one, odd = where["before"] == where["after"], []

    def places(name: str, *, once: bool = False) -> dict[str, int]:
        found = {}
        for time in TIMES:
            field = f"{name}-before" if once and one else f"{name}-{time}"
            place = request.form.get(field, NOWHERE, int)
            if not NOWHERE <= place < len(sheets[where[time]].header):
                odd.append(field)
                place = NOWHERE
            found[time] = place
        return found

    answers = {name: places(name) for name in indicators}
    columns = Columns(where, answers, places("card", once=True), {name: places(name, once=True) for name in BY})
    wrong = [str(ODD_COLUMN)] if odd else []
    complete = [found for found in answers.values() if NOWHERE not in found.values()]
    if not complete:
        wrong.append(str(NO_PAIR))
    if one and any(found["before"] == found["after"] for found in complete):
        wrong.append(str(SAME_COLUMN))
    if not one and NOWHERE in columns.card.values():
        wrong.append(str(NO_CARD))
    return columns, wrong


def _sent_values(reader: Reader) -> dict[str, dict[str, str]]:
    """What each text was said to mean; what is not among the choices stays with the first guess."""
    said: dict[str, dict[str, str]] = {}
    for name, texts in reader.distinct.items():
        choices = _choices(reader, name)
        for number, text in enumerate(texts):
            meaning = request.form.get(f"{name}~{number}")
            if meaning in choices:
                said.setdefault(name, {})[text] = meaning
    return said


def _choices(reader: Reader, name: str) -> dict[str, str]:
    from reports.spreadsheet.mapping import BY
    from surveys.bank import say

    if name not in BY:
        return MEANING_LABELS
    options = {option.code: say(option, "label", current_language()) for option in reader.item(name).options}
    return options | {"": MEANING_LABELS["unreadable"]}


def _columns_page(
    upload: Upload, sheets: list[Sheet], columns: Columns, wrong: list[str], status: int = 200
) -> ResponseReturnValue:
    from reports import names

    titles = names.titles(current_language())
    page = render_template(
        "reports/spreadsheet/columns.html",
        upload=upload,
        sheets=sheets,
        columns=columns,
        indicators=[(name, titles.get(name, name)) for name in columns.answers],
        wrong=wrong,
    )
    return page, status


def _values_page(upload: Upload) -> ResponseReturnValue:
    from reports import names

    reader = _reader(upload)
    titles = names.titles(current_language())
    groups = [
        (name, titles.get(name, ""), list(texts.items())[:MOST_VALUES], _choices(reader, name))
        for name, texts in reader.distinct.items()
        if texts
    ]
    return render_template(
        "reports/spreadsheet/values.html", upload=upload, reader=reader, groups=groups, **_problems(reader)
    )


def _problems(reader: Reader) -> dict[str, Any]:
    found = reader.problems()
    return {"problems": found[:MOST_PROBLEMS], "problem_count": len(found), "remedies": KINDS}


def _report_page(upload: Upload) -> str:
    from reports.pages import report_view
    from reports.report import CampaignReport, analysed

    reader, frozen = _reader(upload), _training_plan()
    assert frozen is not None  # noqa: S101 - the reader asked for the plan already
    ended = draft_of(session(), current_campaign().id).choices.activity_ends_on
    changes = as_told(changes_of(session(), current_campaign().id))
    found = analysed(frozen, reader.frame(), changes, 0, ended)
    view = report_view(CampaignReport((found,)), current_language())
    return render_template(
        "reports/spreadsheet/report.html",
        report=view,
        hides_small=0,
        may_plan=False,
        upload=upload,
        one_sheet=reader.columns.one_sheet,
        **_problems(reader),
    )
