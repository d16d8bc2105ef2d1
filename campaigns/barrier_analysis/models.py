"""A barrier analysis: what it asks, its fieldwork, the codes of its open answers, its results and what follows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Double, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.history.versioned import Versioned
from core.database import Base, Moment, now


class BarrierStudy(Versioned, Base):
    """One behaviour and the people who do it or do not; ``number`` tells the studies of a campaign apart."""

    __tablename__ = "barrier_study"
    sort = "study"
    called_by = "number"
    __table_args__ = (
        UniqueConstraint("campaign_id", "number"),
        CheckConstraint("prevalence > 0 AND prevalence < 100", name="prevalence_possible"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    number: Mapped[int]
    # the behaviour of the design that it is about, where it was begun from one
    behaviour_id: Mapped[int | None] = mapped_column(ForeignKey("design_entry.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(String(100))
    who: Mapped[str] = mapped_column(Text, default="")
    does_what: Mapped[str] = mapped_column(Text, default="")
    how_often: Mapped[str] = mapped_column(Text, default="")
    where: Mapped[str] = mapped_column("place", Text, default="")
    when: Mapped[str] = mapped_column("moment", Text, default="")
    # of each screening question the answer of a doer and of a non-doer, as screening.Rule stores it
    rules: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    safe: Mapped[bool] = mapped_column(default=False)
    prevalence: Mapped[float] = mapped_column(Double)  # per cent of the people concerned
    prevalence_source: Mapped[str] = mapped_column(Text, default="")
    doers: Mapped[int]  # planned
    non_doers: Mapped[int]
    items: Mapped[list[str]] = mapped_column(JSON, default=list)

    fieldwork: Mapped[BarrierFieldwork | None] = relationship(cascade="all, delete-orphan")
    outcome: Mapped[BarrierOutcome | None] = relationship(cascade="all, delete-orphan")

    @property
    def instrument(self) -> str:
        return f"barrier_{self.number}"


class BarrierWording(Base):
    """What a study words itself, in one language of the interviews: its screening questions, and what “this” means."""

    __tablename__ = "barrier_wording"

    study_id: Mapped[int] = mapped_column(ForeignKey("barrier_study.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(10), primary_key=True)
    texts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now, onupdate=now)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class BarrierFieldwork(Base):
    """The plan as it was frozen when the questionnaire was published; ``seed`` mixes the answers for the coder."""

    __tablename__ = "barrier_fieldwork"

    study_id: Mapped[int] = mapped_column(ForeignKey("barrier_study.id", ondelete="CASCADE"), primary_key=True)
    plan: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    seed: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(Moment, default=now)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class BarrierCode(Base):
    """A short name for a reason that people gave when they were asked openly."""

    __tablename__ = "barrier_code"
    __table_args__ = (UniqueConstraint("study_id", "item_id", "label"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("barrier_study.id", ondelete="CASCADE"))
    item_id: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(String(80))
    version: Mapped[int] = mapped_column(default=1)


class BarrierCoding(Base):
    """Which codes an open answer was given; none, where it names no reason. The submission itself stays as it came."""

    __tablename__ = "barrier_coding"

    study_id: Mapped[int] = mapped_column(ForeignKey("barrier_study.id", ondelete="CASCADE"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    code_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now, onupdate=now)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class BarrierOutcome(Base):
    """Coding is finished: the plan with its codes, and the results, neither of which changes any more.

    ``submissions`` are the interviews that count.
    """

    __tablename__ = "barrier_outcome"

    study_id: Mapped[int] = mapped_column(ForeignKey("barrier_study.id", ondelete="CASCADE"), primary_key=True)
    plan: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    results: Mapped[dict[str, Any]] = mapped_column(JSON)
    labels: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # of codes, by the id of their indicator
    submissions: Mapped[list[int]] = mapped_column(JSON)
    finished_at: Mapped[datetime] = mapped_column(Moment, default=now)
    finished_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class BarrierBridge(Base):
    """What follows from a determinant that stands out: a bridge to an activity, or the reason why there is none."""

    __tablename__ = "barrier_bridge"
    __table_args__ = (CheckConstraint("bridge <> '' OR reason <> ''", name="bridge_or_reason"),)

    study_id: Mapped[int] = mapped_column(ForeignKey("barrier_study.id", ondelete="CASCADE"), primary_key=True)
    determinant: Mapped[str] = mapped_column(String(60), primary_key=True)
    bridge: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now, onupdate=now)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
