"""Changes to a plan after it was locked; the frozen file itself stays as it was."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Moment, now


class PlanChange(Base):
    """One change, told with its reason and never taken back: a later one may undo it.

    ``key``, ``old`` and ``new`` are those of the plan's file; ``mark`` says which answers had come by then.
    """

    __tablename__ = "plan_change"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="has_reason"),
        CheckConstraint("mark IN ('', 'set_after_baseline', 'set_after_answers')", name="mark_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(120))
    old: Mapped[Any] = mapped_column(JSON)
    new: Mapped[Any] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    mark: Mapped[str] = mapped_column(String(20), default="")
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
