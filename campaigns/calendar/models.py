"""The days of a campaign that no other page asks for, and the secret addresses of its calendar."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from campaigns.history.versioned import Versioned
from core.database import Base, Moment, now


class CampaignCalendar(Versioned, Base):
    """When the activity starts and when people are asked; the end of the activity stands in the draft of the plan."""

    __tablename__ = "campaign_calendar"
    sort = "calendar"
    called_by = ""

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    starts_on: Mapped[date | None]
    before_first: Mapped[date | None]
    before_last: Mapped[date | None]
    after_first: Mapped[date | None]
    after_last: Mapped[date | None]


class CalendarFeed(Base):
    """A secret address from which a calendar program fetches the days. Only a digest of its token is kept."""

    __tablename__ = "calendar_feed"
    __table_args__ = (Index(None, "campaign_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
