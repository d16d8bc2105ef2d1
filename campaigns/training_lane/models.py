"""The safety check of a training."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from campaigns.history.versioned import Versioned
from core.database import Base


class TrainingSafety(Versioned, Base):
    """Whom a participant can turn to."""

    __tablename__ = "training_safety"
    sort = "training_safety"
    called_by = ""

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    hotline: Mapped[str] = mapped_column(String(60), default="")
    dialled_on: Mapped[date | None]
    dialled_by: Mapped[str] = mapped_column(String(160), default="")
    contact_name: Mapped[str] = mapped_column(String(160), default="")
    contact_reached: Mapped[str] = mapped_column(String(160), default="")
    minors: Mapped[bool] = mapped_column(default=False)
