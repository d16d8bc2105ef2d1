"""What a design still has to find out, and what it takes for granted."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaigns.history.versioned import Versioned
from core.database import Base

STANCES = ("open", "kept", "struck_out")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class ResearchTask(Versioned, Base):
    """Something to find out. One that belongs to a question is done when its answer is no longer "not known"."""

    __tablename__ = "research_task"
    sort = "task"
    __table_args__ = (UniqueConstraint("campaign_id", "question_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    question_id: Mapped[str | None] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(300), default="")
    how: Mapped[str] = mapped_column(Text, default="")
    owner: Mapped[str] = mapped_column(String(160), default="")
    due_on: Mapped[date | None]
    # measured by the baseline questionnaire: an indicator of the catalogue
    indicator_id: Mapped[str] = mapped_column(String(60), default="")
    done: Mapped[bool] = mapped_column(default=False)

    @property
    def scheduled(self) -> bool:
        """Whether somebody will find it out by a day."""
        return bool(self.owner) and self.due_on is not None


class Assumption(Versioned, Base):
    """Something taken for granted: an answer, one of the common assumptions (``term_id``), or one of their own."""

    __tablename__ = "assumption"
    sort = "assumption"
    __table_args__ = (
        UniqueConstraint("campaign_id", "question_id"),
        UniqueConstraint("campaign_id", "term_id"),
        CheckConstraint(_one_of("stance", STANCES), name="stance_known"),
        CheckConstraint("stance = 'open' OR reason <> ''", name="stance_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    question_id: Mapped[str | None] = mapped_column(String(60))
    term_id: Mapped[str | None] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text, default="")
    stance: Mapped[str] = mapped_column(String(20), default="open")
    reason: Mapped[str] = mapped_column(Text, default="")
    # the indicator that would test it
    indicator_id: Mapped[str] = mapped_column(String(60), default="")
