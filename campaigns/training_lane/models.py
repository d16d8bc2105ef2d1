"""The safety check of a training."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Moment, now


class TrainingSafety(Base):
    """Whom a participant can turn to; ``version`` guards against two people editing it at once."""

    __tablename__ = "training_safety"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    hotline: Mapped[str] = mapped_column(String(60), default="")
    dialled_on: Mapped[date | None]
    dialled_by: Mapped[str] = mapped_column(String(160), default="")
    contact_name: Mapped[str] = mapped_column(String(160), default="")
    contact_reached: Mapped[str] = mapped_column(String(160), default="")
    minors: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now, onupdate=now)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
