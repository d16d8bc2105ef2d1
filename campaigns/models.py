"""A campaign, the answers of its design, its draft plan and its frozen plans."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.history.versioned import Versioned
from core.database import Base, Moment, now

ANSWER_STATES = ("known", "assumed", "not_known", "not_relevant")
INSTRUMENTS = ("training", "intercept")
LANES = ("training", "campaign")
_STATES = ", ".join(f"'{state}'" for state in ANSWER_STATES)
_INSTRUMENTS = ", ".join(f"'{instrument}'" for instrument in INSTRUMENTS)


class Campaign(Base):
    __tablename__ = "campaign"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(160))
    place: Mapped[str] = mapped_column(String(160), default="")
    simulated: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    # "training": one training is evaluated in an afternoon; "campaign": the whole design
    lane: Mapped[str] = mapped_column(String(20), default="campaign", server_default="campaign")
    # the question sets beyond those that every campaign answers, by the ids of their sections
    chosen_sections: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")

    answers: Mapped[list[DesignAnswer]] = relationship(back_populates="campaign", cascade="all, delete-orphan")
    plan: Mapped[PlanDraft | None] = relationship(back_populates="campaign", cascade="all, delete-orphan")
    frozen_plans: Mapped[list[FrozenPlan]] = relationship(
        back_populates="campaign", cascade="all, delete-orphan", order_by="FrozenPlan.id"
    )


class DesignAnswer(Versioned, Base):
    """The answer to one guided question."""

    __tablename__ = "design_answer"
    sort = "answer"
    called_by = "question_id"
    __table_args__ = (
        UniqueConstraint("campaign_id", "question_id"),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint("state <> 'known' OR source <> ''", name="known_has_source"),
        CheckConstraint("state <> 'not_relevant' OR reason <> ''", name="not_relevant_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    question_id: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text, default="")
    # of the evidence, where the answer is known: a term of ``evidence_strength``
    strength: Mapped[str] = mapped_column(String(40), default="", server_default="")
    reason: Mapped[str] = mapped_column(Text, default="")

    campaign: Mapped[Campaign] = relationship(back_populates="answers")


class SectionConclusion(Versioned, Base):
    """What the answers of a section mean for the campaign; ``outcome`` is a term of ``section_outcomes``."""

    __tablename__ = "section_conclusion"
    sort = "conclusion"
    called_by = "section_id"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    section_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text, default="")


class PlanDraft(Versioned, Base):
    """What the designer has chosen so far; ``choices`` is the form's own shape, see campaigns/planning.py."""

    __tablename__ = "plan_draft"
    sort = "plan"
    called_by = ""

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    choices: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    activity_ends_on: Mapped[date | None]

    campaign: Mapped[Campaign] = relationship(back_populates="plan")


class FrozenPlan(Base):
    """The evaluation plan of one instrument as it was frozen: the very file that ``eveil analyse`` reads."""

    __tablename__ = "frozen_plan"
    __table_args__ = (
        UniqueConstraint("campaign_id", "instrument"),
        CheckConstraint(f"instrument IN ({_INSTRUMENTS})", name="instrument_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    instrument: Mapped[str] = mapped_column(String(20))
    body: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    frozen_at: Mapped[datetime] = mapped_column(Moment, default=now)
    frozen_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    # what the design left open then, by the ids of the gaps, and why the plan was frozen all the same
    open_gaps: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    gap_reason: Mapped[str] = mapped_column(Text, default="", server_default="")

    campaign: Mapped[Campaign] = relationship(back_populates="frozen_plans")
