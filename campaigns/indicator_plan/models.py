"""The indicators that a campaign takes on: of the catalogue or of its own, from where to where, how and by whom."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaigns.history.versioned import Versioned
from core.database import Base

TARGET_KINDS = ("level", "points", "relative")
BY_KINDS = ("date", "start", "end")  # a day, or months after the start or the end of the activity


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class PlannedIndicator(Versioned, Base):
    """One row of the indicator plan. ``indicator_id`` is None for an indicator of their own, and only then the texts
    that define an indicator stand here. Empty means open: a ``baseline`` of None is still to be measured."""

    __tablename__ = "planned_indicator"
    sort = "indicator"
    __table_args__ = (
        UniqueConstraint("campaign_id", "indicator_id"),
        CheckConstraint(_one_of("target_kind", ("", *TARGET_KINDS)), name="target_kind_known"),
        CheckConstraint("target_kind = '' OR target_value IS NOT NULL", name="target_has_value"),
        CheckConstraint("target_kind <> 'relative' OR baseline IS NOT NULL", name="relative_has_baseline"),
        CheckConstraint(_one_of("by_kind", ("", *BY_KINDS)), name="by_kind_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    indicator_id: Mapped[str | None] = mapped_column(String(60))

    title: Mapped[str] = mapped_column(String(300), default="")
    rung: Mapped[str] = mapped_column(String(60), default="")
    dimension: Mapped[str] = mapped_column(String(60), default="")
    definition: Mapped[str] = mapped_column(Text, default="")
    unit: Mapped[str] = mapped_column(String(60), default="")
    numerator: Mapped[str] = mapped_column(Text, default="")
    denominator: Mapped[str] = mapped_column(Text, default="")
    cannot_show: Mapped[str] = mapped_column(Text, default="")
    seasonal: Mapped[bool] = mapped_column(default=False)

    methods: Mapped[list[str]] = mapped_column(JSON, default=list)
    collected_from: Mapped[str] = mapped_column(Text, default="")
    frequency: Mapped[str] = mapped_column(String(60), default="")
    owner: Mapped[str] = mapped_column(String(160), default="")
    # shares in per cent; the words are for what is no number
    baseline: Mapped[float | None]
    baseline_words: Mapped[str] = mapped_column(Text, default="")
    baseline_from: Mapped[str] = mapped_column(Text, default="")
    target_kind: Mapped[str] = mapped_column(String(20), default="")
    target_value: Mapped[float | None]
    target_words: Mapped[str] = mapped_column(Text, default="")
    by_kind: Mapped[str] = mapped_column(String(20), default="")
    by_months: Mapped[int | None]
    by_on: Mapped[date | None]
    # beside sex and age, which always apply
    disaggregation: Mapped[list[str]] = mapped_column(JSON, default=list)
    segments: Mapped[str] = mapped_column(Text, default="")
    reasons: Mapped[str] = mapped_column(Text, default="")
