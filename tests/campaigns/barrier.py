"""What tests of barrier analyses need: a study as a designer makes it, its interviews, and its coding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.barrier_analysis.coding import answers_to, codes_of
from campaigns.barrier_analysis.findings import Finding, findings_of
from campaigns.barrier_analysis.models import BarrierStudy
from campaigns.barrier_analysis.studies import reasons
from campaigns.models import Campaign
from surveys.models import Form
from tests.builders import make_safe
from tests.surveys.fieldwork import Tablet, filled
from tests.visitor import Visitor

HOME = "/campaigns/harbour/barrier-analysis"
STUDY = f"{HOME}/1"
CLOSED = [item.id for item in reasons() if item.options]
OPEN = [item.id for item in reasons() if not item.options]
DETAILS: dict[str, Any] = {
    "title": "Ringing the labour office",
    "who": "Men of 18 to 30 who look for work abroad",
    "does_what": "ring the labour office",
    "how_often": "each time an offer is made",
    "where": "by telephone",
    "when": "before anything is signed",
    "doer_1": "yes",
    "non_doer_1": "yes",
    "doer_2": "yes",
    "non_doer_2": "no",
    "doer_3": "",
    "non_doer_3": "",
    "safe": "y",
    "prevalence": "10",
    "prevalence_source": "",
    "doers": "45",
    "non_doers": "45",
    "items": CLOSED + OPEN,
    "version": "0",
}
WORDS = {
    "screening_1": "Were you offered work abroad this year?",
    "screening_2": "Did you ring the labour office before you decided?",
    "behaviour": "ringing the labour office before you sign",
    "harm": "being cheated by an employer",
    "version": "0",
}
DOER, NON_DOER = ({"screening_1": "yes", "screening_2": answer} for answer in ("yes", "no"))


def prepared(designer: Visitor, **changes: Any) -> None:
    designer.get(f"{HOME}/new")
    designer.submit(f"{HOME}/new", {**DETAILS, **changes})
    designer.get(f"{STUDY}/wording/en")
    designer.submit(f"{STUDY}/wording/en", WORDS)


def published(designer: Visitor, **changes: Any) -> None:
    make_safe(designer.http.application)
    prepared(designer, **changes)
    page = designer.get(STUDY)
    (version,) = page.xpath("//form[contains(@action, 'publish')]//input[@name='version']/@value")
    designer.submit(f"{STUDY}/publish", {"version": version})


def the_study(session: Session) -> BarrierStudy:
    session.rollback()
    session.expire_all()
    return session.scalars(select(BarrierStudy).filter_by(number=1)).one()


def send(tablet: Tablet, session: Session, **answers: str) -> None:
    (form,) = session.scalars(select(Form).filter_by(instrument="barrier_1"))
    everybody = {"consent": "yes", "age_group": "25_34", "interview_date": "2026-03-02"}
    sent = tablet.send(filled(form.versions[-1], **{**everybody, **answers}))
    assert sent.status_code == 201, sent.text


def found_in(session: Session, campaign: Campaign, hide_below: int = 0) -> list[Finding]:
    session.rollback()
    session.expire_all()
    return findings_of(session, campaign.id, hide_below)


def scored(item_id: str, mentioned: bool) -> str:
    """An answer to a closed item that counts, or one that does not."""
    item = next(item for item in reasons() if item.id == item_id)
    codes = [option.code for option in item.options if (option.code in item.scoring["equals"]) == mentioned]
    return codes[0]


def fieldwork(tablet: Tablet, session: Session, people: int = 6) -> None:
    """Doers who all find it easy, non-doers who do not, and three people who do not count."""
    for number in range(people):
        for group, word in ((DOER, "My wife helps"), (NON_DOER, "It is far")):
            closed = {name: scored(name, group is DOER) for name in CLOSED}
            send(tablet, session, **group, **closed, reasons_easier=f"{word}, reason {number}", sex="male")
    send(tablet, session, screening_1="no", screening_2="no")
    send(tablet, session, **DOER, consent="no", reasons_easier="Not to be read")
    send(tablet, session, **DOER, age_group="under_18", reasons_easier="Not to be read either")


def code_all(evaluator: Visitor, session: Session, item_id: str, meaning: Mapping[str, str]) -> None:
    """Mark each answer with the codes whose word it holds."""
    address = f"{STUDY}/coding/{item_id}"
    evaluator.get(address)
    for label in meaning.values():
        evaluator.submit(f"{address}/codes", {"label": label})
        evaluator.get(address)
    study = the_study(session)
    codes = {code.label: str(code.id) for code in codes_of(session, study, item_id)}
    answers = answers_to(session, study, item_id)
    data: dict[str, Any] = {"answer": [answer.handle for answer in answers]}
    for answer in answers:
        chosen = [codes[label] for word, label in meaning.items() if word in answer.text]
        data |= {f"codes-{answer.handle}": chosen, f"version-{answer.handle}": str(answer.version)}
        data |= {} if chosen else {f"nothing-{answer.handle}": "1"}
    evaluator.submit(address, data)
