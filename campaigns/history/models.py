"""What is kept of every change of a design, and what people say about its parts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Moment, now


class Revision(Base):
    """One version of one part of a design, as it stood when somebody saved it."""

    __tablename__ = "revision"
    __table_args__ = (Index(None, "campaign_id", "thing", "version"), Index(None, "campaign_id", "changed_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    # which part: its kind and its number or name, as in "answer s1q1"
    thing: Mapped[str] = mapped_column(String(120))
    version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    removed: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class Comment(Base):
    """A remark on one part of a design; it stays open until somebody settles it."""

    __tablename__ = "design_comment"
    __table_args__ = (Index(None, "campaign_id", "thing"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    thing: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(Moment, default=now)
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
