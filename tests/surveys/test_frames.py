"""Stored answers as a tidy frame."""

from __future__ import annotations

import pandas as pd
import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from campaigns.models import Campaign
from surveys.frames import counts, frame
from surveys.models import FormVersion, LinkDigest
from tests.builders import add_campaign
from tests.surveys.fieldwork import WHOLE, Tablet, filled, published


@pytest.fixture
def collected(session: Session, tablet: Tablet, versions: list[FormVersion]) -> pd.DataFrame:
    """Two people before and after, one more without a card, a refusal, and an answer that cannot be read."""
    before, after = versions
    for number, sex in (("K1", "female"), ("K2", "male")):
        for version in (before, after):
            tablet.send(filled(version, **{**WHOLE, "sex": sex}, card_number=number))
    tablet.send(filled(before, **WHOLE))
    tablet.send(filled(before, consent="no", interview_date="2026-02-04"))
    tablet.send(filled(after, **{**WHOLE, "sex": "no such code"}))
    session.rollback()
    return frame(session, versions[0].form.campaign_id, "training")


def test_a_row_an_interview_and_a_column_an_item_with_codes_in_the_cells(collected: pd.DataFrame) -> None:
    assert list(collected.columns)[:6] == ["wave", "person", "interview_date", "consent", "age_group", "sex"]
    assert list(collected.columns)[-1] == "unreadable" and len(collected) == 7
    assert {"card_number", "help_card", "introduction"}.isdisjoint(collected.columns)
    row = collected[collected["sex"] == "male"].iloc[0]
    assert (row["warning_signs"], row["hotline_number"], row["interview_date"]) == (
        "debt pay hours",
        "right",
        "2026-02-03",
    )
    assert row["donor_register"] is None


def test_the_same_card_is_the_same_person_in_every_wave(collected: pd.DataFrame, session: Session) -> None:
    linked = collected.dropna(subset=["person"])
    assert sorted(linked.groupby("person")["wave"].apply(sorted)) == [["after", "before"]] * 2
    assert (linked.groupby("person")["sex"].nunique() == 1).all()
    assert not set(linked["person"]) & set(session.scalars(select(LinkDigest.digest)))


def test_a_card_used_twice_in_a_wave_links_nobody_there(
    session: Session, campaign: Campaign, tablet: Tablet, versions: list[FormVersion]
) -> None:
    for version in (versions[0], versions[0], versions[1]):
        tablet.send(filled(version, **WHOLE, card_number="K1"))
    found = frame(session, campaign.id, "training")
    assert found.loc[found["wave"] == "before", "person"].isna().all()
    assert found.loc[found["wave"] == "after", "person"].notna().all()


def test_what_could_not_be_read_is_marked_apart_from_blanks(collected: pd.DataFrame) -> None:
    marked = collected.dropna(subset=["unreadable"])
    assert list(marked["unreadable"]) == ["sex"] and list(marked["sex"]) == [None]


def test_a_refusal_is_a_row(collected: pd.DataFrame) -> None:
    [refused] = collected[collected["consent"] == "no"].to_dict("records")
    assert refused["interview_date"] == "2026-02-04" and refused["sex"] is None


def test_rows_are_in_an_order_that_tells_nothing(
    session: Session, campaign: Campaign, tablet: Tablet, versions: list[FormVersion]
) -> None:
    for number, sex in ((3, "male"), (1, "female"), (2, "other")):
        tablet.send(filled(versions[0], f"uuid:{number}", **{**WHOLE, "sex": sex}))
    assert list(frame(session, campaign.id, "training")["sex"]) == ["female", "other", "male"]


def test_an_intercept_survey_has_no_person(session: Session, campaign: Campaign, tablet: Tablet) -> None:
    [version] = published(session, campaign, "intercept", waves=("before",))
    tablet.send(filled(version, **WHOLE))
    found = frame(session, campaign.id, "intercept")
    assert "person" not in found.columns and len(found) == 1


def test_before_the_first_answer_the_columns_are_there_already(
    session: Session, campaign: Campaign, versions: list[FormVersion]
) -> None:
    empty = frame(session, campaign.id, "training")
    assert len(empty) == 0 and {"wave", "person", "sex", "hotline_number"} <= set(empty.columns)
    assert counts(session, campaign.id) == {}


def test_an_item_of_a_former_version_keeps_its_column(
    session: Session, campaign: Campaign, tablet: Tablet, versions: list[FormVersion]
) -> None:
    tablet.send(filled(versions[0], **WHOLE))
    published(session, campaign, indicators=("knows_hotline",))
    assert list(frame(session, campaign.id, "training")["warning_signs"]) == ["debt pay hours"]


def test_counts_are_one_query_and_stay_within_the_campaign(
    app: Flask, session: Session, campaign: Campaign, tablet: Tablet, versions: list[FormVersion]
) -> None:
    hills = add_campaign(session, "hills")
    Tablet(app, session, hills).send(filled(published(session, hills)[0], **WHOLE))
    for version in (*versions, versions[0]):
        tablet.send(filled(version, **WHOLE))
    session.rollback()
    queries: list[str] = []
    event.listen(session.connection().engine, "before_cursor_execute", lambda *call: queries.append(call[2]))
    assert counts(session, campaign.id) == {"training": {"before": 2, "after": 1}}
    assert len(queries) == 1
