"""The questionnaire of a barrier analysis on a tablet: who is asked for reasons, and what arrives."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect
from sqlalchemy import select

from campaigns.barrier_analysis.screening import Rule, condition
from campaigns.models import Campaign
from core.database import session, transaction
from surveys.authoring.publishing import InstrumentRequest, publish
from surveys.bank import load_bank
from tests.browser.fieldwork import Fieldwork
from tests.browser.tablet import PHONE, Tablet

TITLE = "Ringing first"
REASONS = "What\nhelps: my wife\nand the bus"


def open_study(fieldwork: Fieldwork) -> str:
    """A published study; gives the name of its questionnaire."""
    campaign = session().scalars(select(Campaign).filter_by(id=fieldwork.campaign_id)).one()
    words = {
        "screening_1": "Were you offered work abroad this year?",
        "screening_2": "Did you ring the labour office?",
        "behaviour": "ringing the labour office",
        "harm": "being cheated",
        "study": TITLE,
    }
    request = InstrumentRequest(
        campaign.id,
        campaign.slug,
        campaign.title,
        "barrier_1",
        waves=("once",),
        indicators=(),
        languages=("en", "ar"),
        items=("screening_1", "screening_2", *(item.id for item in load_bank().determinants)),
        compared=condition((Rule("yes", "yes"), Rule("yes", "no"))),
        wording={"en": words, "ar": words},
    )
    with transaction() as writing:
        publish(writing, request)
    return f"{fieldwork.title}: barrier analysis, {TITLE}"


def begin(tablet: Tablet, name: str, first: str, second: str) -> None:
    tablet.begin(name)
    tablet.choose("screen_consent/consent", "yes")
    tablet.next()
    tablet.choose("screen_about_you/age_group", "25_34")
    tablet.choose("screen_about_you/sex", "male")
    tablet.next()
    tablet.choose("screen_screening/screening_1", first)
    tablet.choose("screen_screening/screening_2", second)
    tablet.next()


def test_doers_are_asked_for_reasons_and_whoever_is_neither_is_thanked(
    new_tablet: Callable[..., Tablet], fieldwork: Fieldwork
) -> None:
    name = open_study(fieldwork)
    tablet = new_tablet(viewport=PHONE)
    tablet.enrol(fieldwork.token)
    begin(tablet, name, "yes", "yes")
    expect(tablet.page.get_by_text("ringing the labour office")).to_be_visible()
    tablet.inspect()
    tablet.write("screen_reasons/reasons_easier", REASONS)
    tablet.next()
    tablet.choose("screen_beliefs/can_do", "yes")
    tablet.inspect()
    tablet.next()
    tablet.next()
    tablet.finish()
    tablet.leave("done.home")
    begin(tablet, name, "no", "yes")
    expect(tablet.question("screen_reasons/reasons_easier")).to_have_count(0)
    expect(tablet.page.get_by_text("Thank the person for the time and the answers.")).to_be_visible()
    tablet.next()
    tablet.finish()
    tablet.leave("done.home")
    tablet.expect_waiting(0)
    doer, neither = sorted(fieldwork.submissions(), key=lambda one: len(one.answers), reverse=True)
    assert doer.instrument == "barrier_1" and doer.answers["reasons_easier"] == REASONS
    assert (doer.answers["screening_2"], doer.answers["can_do"]) == ("yes", "yes")
    assert neither.answers["screening_1"] == "no" and "can_do" not in neither.answers
    assert doer.unreadable == neither.unreadable == []
