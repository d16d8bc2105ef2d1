"""A spreadsheet that exists already: its columns, what its cells mean, people found again, and the file gone."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook
from sqlalchemy.orm import Session

from accounts.access import CampaignContext
from analysis import run
from analysis.plan import Plan, parse_plan
from campaigns.planning import contract_plan, freeze, save_draft
from campaigns.training_lane.lane import preset_choices
from core.database import now
from core.settings import Settings
from reports.spreadsheet.holding import purge
from reports.spreadsheet.mapping import NOWHERE, Columns, Reader, guessed_columns
from reports.spreadsheet.meaning import guess, guess_option, item_of, stand_in
from reports.spreadsheet.reading import Sheet, SheetTooLarge, read_sheets
from surveys.files import FileError
from tests.builders import add_campaign, add_person, add_safeguards, grant, sign_in
from tests.visitor import Visitor

HOME = "/campaigns/harbour/spreadsheet"
NAMES = ("names_three_signs", "knows_hotline", "would_take_three_steps", "feels_able_to_take_steps")
HEADER = ("card", "sex", "age", "hotline_number_before", "hotline_number_after")
# of 24 people 6 knew the number before, 18 afterwards; one cell says something that nobody can read
PEOPLE = [("f" if n % 2 else "m", 20 + n, "yes" if n < 6 else "no", "oui" if n < 18 else "non") for n in range(24)]
WIDE = [HEADER, *((f"K{n:03d}", *cells) for n, cells in enumerate(PEOPLE))]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return parse_plan(contract_plan(_context(1), preset_choices(), "training"))


@pytest.fixture
def evaluator(app: Flask, session: Session) -> Visitor:
    """The evaluator of a training whose preset plan is frozen."""
    campaign, person = add_campaign(session), add_person(session, "eva")
    grant(session, person, campaign, "evaluator", "designer")
    with app.app_context():
        draft = save_draft(session, campaign.id, preset_choices(), 0)
        add_safeguards(session, campaign.id, person.id)
        freeze(session, _context(campaign.id), draft.version, person.id, gap_reason="a test")
    session.commit()
    visitor = Visitor(app)
    sign_in(visitor, "eva")
    return visitor


def _context(campaign_id: int) -> CampaignContext:
    return CampaignContext(campaign_id, "harbour", "Harbour campaign", "", False, frozenset())


def as_csv(rows: Sequence[Sequence[object]], mark: str = ",") -> bytes:
    return "\n".join(mark.join(map(str, row)) for row in rows).encode()


def as_xlsx(**sheets: Sequence[Sequence[object]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def sheet_of(rows: Sequence[Sequence[object]], name: str = "file.csv") -> Sheet:
    texts = tuple(tuple(str(cell) for cell in row) for row in rows)
    return Sheet(name, texts[0], texts[1:], tuple(range(2, len(texts) + 1)))


def bring(visitor: Visitor, *files: tuple[str, bytes], status: int = 302) -> str:
    visitor.get(HOME)
    named = {
        name: (io.BytesIO(content), file) for name, (file, content) in zip(("first", "second"), files, strict=False)
    }
    location = visitor.submit(HOME, named, status=status).location or ""
    return location.removesuffix("/columns")


def chosen(page: Any) -> dict[str, str]:
    """What the form shows, as a browser would send it."""
    return dict(page.xpath("//main//form[@method='post']")[0].fields)


def held(settings: Settings) -> list[Path]:
    return list((settings.data_dir / "spreadsheets").glob("*/*"))


def test_a_wide_file_becomes_the_frame_of_the_plan_and_a_row_is_a_person(plan: Plan) -> None:
    sheet = sheet_of(WIDE)
    columns = guessed_columns(plan, [sheet], 0, 0)
    assert columns.answers["knows_hotline"] == {"before": 3, "after": 4}
    assert (columns.card["before"], columns.by["sex"]["before"], columns.by["age_group"]["before"]) == (0, 1, 2)
    frame = Reader(plan, [sheet], columns).frame()
    results = run(plan, frame).to_dict()
    (change,) = [row for row in results["changes"] if row["indicator"] == "knows_hotline" and not row["segment"]]
    assert (change["n_pairs"], change["estimate_from"], change["estimate_to"]) == (24, 0.25, 0.75)
    assert set(frame["age_group"]) == {"18_24", "25_34", "35_49"}
    assert change["difference"] == pytest.approx(0.5)


def test_a_plan_with_a_follow_up_is_analysed_as_far_as_the_spreadsheet_goes() -> None:
    choices = preset_choices(date(2026, 3, 14), followup=True)
    plan = parse_plan(contract_plan(_context(1), choices, "training"))
    sheet = sheet_of(WIDE)
    results = run(plan, Reader(plan, [sheet], guessed_columns(plan, [sheet], 0, 0)).frame()).to_dict()
    changes = [row for row in results["changes"] if row["indicator"] == "knows_hotline" and not row["segment"]]
    told = {(row["from"], row["to"]): row["n_pairs"] for row in changes}
    assert told["before", "after"] == 24


def test_two_sheets_are_brought_together_by_the_card_and_never_by_the_order_of_rows(plan: Plan) -> None:
    before = [("card", "hotline_number"), *((f"K{n:03d}", row[2]) for n, row in enumerate(PEOPLE))]
    after = [("card", "hotline_number"), *((f"k{n:03d} ", row[3]) for n, row in reversed(list(enumerate(PEOPLE))))]
    for shift, pairs in ((after, 24), (after[:-1], 23), ([*after[:-1], ("K001", "oui")], 22)):
        sheets = [sheet_of(before, "before"), sheet_of(shift, "after")]
        reader = Reader(plan, sheets, guessed_columns(plan, sheets, 0, 1))
        change = next(
            row
            for row in run(plan, reader.frame()).to_dict()["changes"]
            if row["indicator"] == "knows_hotline" and not row["segment"]
        )
        assert change["n_pairs"] == pairs
    twice = [problem for problem in reader.problems() if problem.kind == "card_twice"]
    assert [(problem.sheet, problem.row, problem.text) for problem in twice] == [
        ("after", 24, "k001 "),
        ("after", 25, "K001"),
    ]


def test_what_cannot_be_read_is_told_with_its_sheet_row_and_column_and_left_out(plan: Plan) -> None:
    rows = [list(row) for row in WIDE]
    rows[5][3], rows[6][0], rows[7][4] = "perhaps?", "", "#REF!"
    sheet = sheet_of(rows, "mine.csv")
    reader = Reader(plan, [sheet], guessed_columns(plan, [sheet], 0, 0))
    found = {(one.kind, one.sheet, one.row, one.column, one.text) for one in reader.problems()}
    assert found == {
        ("unreadable", "mine.csv", 6, "D (hotline_number_before)", "perhaps?"),
        ("unreadable", "mine.csv", 8, "E (hotline_number_after)", "#REF!"),
        ("no_card", "mine.csv", 7, "A (card)", ""),
    }
    assert int(reader.frame()["unreadable"].notna().sum()) == 2
    said = {"knows_hotline": {"perhaps?": "dk", "#REF!": "blank"}}
    again = Reader(plan, [sheet], reader.columns, said)
    assert {one.kind for one in again.problems()} == {"no_card"}
    assert again.frame().loc[4, "hotline_number"] == "dk"


def test_our_own_cards_with_a_wrong_last_digit_are_pointed_out_and_others_are_not(plan: Plan) -> None:
    from campaigns.training_lane.cards import card_numbers

    numbers = card_numbers(24)
    numbers[3] = numbers[3][:3] + str((int(numbers[3][3]) + 1) % 10)
    for cards, kinds in ((numbers, ["card_check"]), ([str(2000 + n) for n in range(24)], [])):
        sheet = sheet_of([HEADER, *((card, *row) for card, row in zip(cards, PEOPLE, strict=True))])
        found = Reader(plan, [sheet], guessed_columns(plan, [sheet], 0, 0)).problems()
        assert [one.kind for one in found] == kinds


@pytest.mark.parametrize(
    ("item", "text", "meaning"),
    [
        ("warning_signs", "debt papers pay", "yes"),
        ("warning_signs", "debt, papers", "no"),
        ("warning_signs", "4", "yes"),
        ("warning_signs", "2", "no"),
        ("warning_signs", "dk", "dk"),
        ("hotline_number", "Right", "yes"),
        ("hotline_number", "SÍ", "yes"),
        ("hotline_number", "نعم", "yes"),
        ("hotline_number", "لا أعرف", "dk"),
        ("hotline_number", "perhaps", "unreadable"),
        ("steps_control", "5", "yes"),
        ("steps_control", "3", "no"),
        ("steps_control", "Very easy", "yes"),
        ("steps_control", "n/a", "blank"),
    ],
)
def test_a_first_guess_is_made_in_codes_labels_and_words_of_four_languages(item: str, text: str, meaning: str) -> None:
    assert guess(item_of(item), text) == meaning


def test_a_column_of_zeros_and_ones_says_yes_and_no_even_where_one_is_also_a_code() -> None:
    likelihood = item_of("steps_control")
    assert guess(likelihood, "1", ["0", "1", ""]) == "yes"
    assert guess(likelihood, "1", ["1", "2", "5"]) == "no"


def test_ages_and_sexes_find_their_group() -> None:
    ages = {
        text: guess_option(item_of("age_group"), text) for text in ("17", "18", "34", "50", "81", "25 to 34", "old")
    }
    assert list(ages.values()) == ["under_18", "18_24", "25_34", "50_plus", "50_plus", "25_34", ""]
    assert [guess_option(item_of("sex"), text) for text in ("F", "hombre", "?")] == ["female", "male", ""]


def test_the_cells_that_stand_in_are_read_by_the_scoring_as_they_were_meant(plan: Plan) -> None:
    for indicator in plan.indicators:
        item = item_of(indicator.items[0])
        for meaning in ("yes", "no", "dk", "ref"):
            assert guess(item, stand_in(item, meaning) or "") == meaning
        assert stand_in(item, "blank") is None


def test_from_the_file_to_the_report_and_the_file_is_gone(evaluator: Visitor, settings: Settings) -> None:
    address = bring(evaluator, ("answers.csv", as_csv(WIDE, ";")))
    assert len(held(settings)) == 2
    page = evaluator.get(f"{address}/columns")
    assert "Each row is one person" in evaluator.text()
    assert evaluator.submit(f"{address}/columns", chosen(page)).location == f"{address}/values"
    page = evaluator.get(f"{address}/values")
    assert "“oui”" in evaluator.text() and "This needs a look" not in evaluator.text()
    evaluator.submit(f"{address}/values", {**chosen(page), "go": "analyse"}, status=200)
    said = evaluator.text()
    assert "Each row of the spreadsheet was taken as one person." in said and "The spreadsheet is deleted now." in said
    assert "Knows a number to call" in said
    assert held(settings) == []
    evaluator.get(f"{address}/values", status=404)
    assert "This spreadsheet is no longer here" in evaluator.text()


def test_a_workbook_with_two_sheets_is_matched_by_card_and_kept_when_the_person_says_so(
    evaluator: Visitor, settings: Settings
) -> None:
    before = [("card", "knows number"), *((f"K{n:03d}", row[2]) for n, row in enumerate(PEOPLE))]
    after = [("No.", "knows number"), *((f"K{n:03d}", row[3]) for n, row in enumerate(PEOPLE))]
    after[2] = ("K001", "perhaps")
    address = bring(evaluator, ("both.xlsx", as_xlsx(Start=before, End=after)))
    page = evaluator.get(f"{address}/columns")
    assert "both.xlsx: Start" in evaluator.text()
    sent = {**chosen(page), "card-after": "-1"}
    evaluator.submit(f"{address}/columns", sent, status=422)
    assert (
        "Choose at least one indicator" in evaluator.text() and "number of the card in both sheets" in evaluator.text()
    )
    sent |= {"card-after": "0", "knows_hotline-before": "1", "knows_hotline-after": "1"}
    evaluator.submit(f"{address}/columns", sent)
    page = evaluator.get(f"{address}/values")
    assert "both.xlsx: End" in evaluator.text() and "perhaps" in evaluator.text()
    evaluator.submit(f"{address}/values", {**chosen(page), "keep": "y", "go": "check"}, status=200)
    evaluator.submit(f"{address}/values", {**chosen(page), "keep": "y", "go": "analyse"}, status=200)
    assert "The spreadsheet is kept" in evaluator.text()
    assert "What could not be taken from the spreadsheet" in evaluator.text()
    evaluator.get(HOME)
    assert "both.xlsx" in evaluator.text()
    evaluator.get(f"{address}/report")
    evaluator.get(HOME)
    assert evaluator.submit(f"{address}/delete").location == HOME
    assert held(settings) == []


def test_two_files_without_a_card_are_refused(evaluator: Visitor) -> None:
    one = as_csv([("hotline_number",), ("yes",), ("no",)])
    address = bring(evaluator, ("a.csv", one), ("b.csv", one))
    page = evaluator.get(f"{address}/columns")
    evaluator.submit(f"{address}/columns", chosen(page), status=422)
    assert "Without it nobody can tell whose answers belong together." in evaluator.text()


def test_what_cannot_be_chosen_is_said(evaluator: Visitor) -> None:
    address = bring(evaluator, ("answers.csv", as_csv(WIDE)))
    page = evaluator.get(f"{address}/columns")
    for changes, sentence in (
        ({"knows_hotline-after": "3"}, "Before and after cannot be the same column."),
        ({"knows_hotline-after": "99"}, "Choose the columns from the lists."),
    ):
        evaluator.submit(f"{address}/columns", {**chosen(page), **changes}, status=422)
        assert sentence in evaluator.text()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("answers.pdf", b"%PDF", "Only CSV and XLSX files are read here."),
        ("answers.xlsx", b"no workbook", "cannot be read as xlsx"),
        ("answers.csv", "é,a\n1,2\n".encode("latin-1"), "Line 1 of the file “answers.csv” is not written in UTF-8"),
        ("answers.csv", b"only a heading\n", "is empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_remedy_and_not_kept(
    evaluator: Visitor, settings: Settings, name: str, content: bytes, sentence: str
) -> None:
    bring(evaluator, (name, content), status=422)
    assert sentence in evaluator.text()
    assert held(settings) == []


def test_a_spreadsheet_is_deleted_after_a_day_and_nobody_else_reaches_it(
    app: Flask, evaluator: Visitor, session: Session, settings: Settings
) -> None:
    address = bring(evaluator, ("answers.csv", as_csv(WIDE)))
    about = next(path for path in held(settings) if path.name == "about.json")
    assert about.parent.stat().st_mode & 0o777 == 0o700
    assert json.loads(about.read_text(encoding="utf-8"))["keep"] is False
    from campaigns.models import Campaign

    grant(session, add_person(session, "omar"), session.query(Campaign).one(), "evaluator")
    omar = Visitor(app)
    sign_in(omar, "omar")
    omar.get(f"{address}/columns", status=404)
    with app.app_context():
        purge(now() + timedelta(hours=23))
        assert held(settings)
        purge(now() + timedelta(hours=25))
    assert held(settings) == []


def test_without_a_frozen_plan_nothing_is_taken(app: Flask, session: Session) -> None:
    campaign = add_campaign(session)
    grant(session, add_person(session, "eva"), campaign, "evaluator")
    grant(session, add_person(session, "dora"), campaign, "designer")
    eva, dora = Visitor(app), Visitor(app)
    sign_in(eva, "eva")
    sign_in(dora, "dora")
    eva.get(HOME)
    assert "Freeze the plan first" in eva.text()
    dora.get(HOME, status=403)


def test_rows_and_columns_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "0.csv"
    path.write_text('a;b\n\n1;"two\nlines"\n;\n3\n', encoding="utf-8")
    (sheet,) = read_sheets([path], ["mine.csv"])
    assert (sheet.header, sheet.rows, sheet.row_numbers) == (("a", "b"), (("1", "two\nlines"), ("3", "")), (3, 5))
    assert [sheet.letter(place) for place in (0, 25, 26)] == ["A", "Z", "AA"]
    path.write_text("a\n", encoding="utf-8")
    with pytest.raises(FileError):
        read_sheets([path], ["mine.csv"])
    for text, sentence in (("a\n" + "1\n" * 20_001, "20000 rows"), ("a," * 300 + "a\n1\n", "300 columns")):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(SheetTooLarge, match=sentence):
            read_sheets([path], ["mine.csv"])


def test_columns_survive_being_stored(plan: Plan) -> None:
    columns = guessed_columns(plan, [sheet_of(WIDE)], 0, 0)
    assert Columns(**json.loads(json.dumps(columns.to_json()))) == columns
    assert columns.answers["names_three_signs"] == {"before": NOWHERE, "after": NOWHERE}
