"""The things a design is made of, besides the answers: segments, behaviours, barriers, responses, safeguards."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from campaigns.history.versioned import Versioned
from core.database import Base


class DesignEntry(Versioned, Base):
    """One thing of one kind; what its content holds is said by the kind, see ``campaigns/kinds.py``."""

    __tablename__ = "design_entry"
    __table_args__ = (Index(None, "campaign_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    # what it belongs to: a barrier to its behaviour, a response to its barrier; goes with it
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("design_entry.id", ondelete="CASCADE"))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)

    @property
    def thing(self) -> str:
        return f"{self.kind} {self.id}"
