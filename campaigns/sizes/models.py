"""What a sample is planned with, for each indicator of a campaign."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from campaigns.history.versioned import Versioned
from core.database import Base


class SampleSizePlan(Versioned, Base):
    """``content`` holds the figures of campaigns/sizes/inputs.py; what follows from them is computed anew."""

    __tablename__ = "sample_size_plan"
    sort = "size"
    called_by = "indicator_id"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    indicator_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
