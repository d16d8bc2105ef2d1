"""Forms and their immutable versions, and what was received: three stores that are kept apart.

Answers: ``submission``. Raw documents: ``instance_document`` and ``attachment``. Linking codes: ``link_digest``.
Analysis needs the first, and of the third only a pseudonym.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Moment, now

SET_ASIDE_KINDS = ("conflict", "unreadable", "unknown_form", "other_campaign")
_KINDS = ", ".join(f"'{kind}'" for kind in SET_ASIDE_KINDS)


class Form(Base):
    """One instrument at one wave, as an enumerator chooses it; its id never derives from wording."""

    __tablename__ = "form"
    __table_args__ = (UniqueConstraint("campaign_id", "instrument", "wave"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    form_id: Mapped[str] = mapped_column(String(120), unique=True)
    instrument: Mapped[str] = mapped_column(String(20))
    wave: Mapped[str] = mapped_column(String(20))

    versions: Mapped[list[FormVersion]] = relationship(back_populates="form", order_by="FormVersion.id")


class FormVersion(Base):
    """A published version; never changed afterwards (the database refuses it too)."""

    __tablename__ = "form_version"
    __table_args__ = (UniqueConstraint("form_pk", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    form_pk: Mapped[int] = mapped_column(ForeignKey("form.id", ondelete="CASCADE"))
    version: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    xlsform: Mapped[dict[str, Any]] = mapped_column(JSON)
    xform: Mapped[str] = mapped_column(Text)
    codebook: Mapped[dict[str, Any]] = mapped_column(JSON)
    md5: Mapped[str] = mapped_column(String(32))
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(Moment, default=now)

    form: Mapped[Form] = relationship(back_populates="versions")


class Submission(Base):
    """One finished instance: its coded answers, without linking codes and without the hour of the day."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("campaign_id", "instance_id"),
        Index(None, "campaign_id", "instrument", "wave"),
        # covers the counts of the collect and devices pages, which would read every row otherwise
        Index("ix_submission_by_device", "device_id", "instrument", "wave", "received_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    form_version_id: Mapped[int] = mapped_column(ForeignKey("form_version.id"))
    instance_id: Mapped[str] = mapped_column(String(200))
    instrument: Mapped[str] = mapped_column(String(20))
    wave: Mapped[str] = mapped_column(String(20))
    interviewed_on: Mapped[date | None]
    received_on: Mapped[date]
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id", ondelete="SET NULL"))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    unreadable: Mapped[list[Any]] = mapped_column(JSON, default=list)

    document: Mapped[InstanceDocument] = relationship(back_populates="submission", cascade="all, delete-orphan")
    link: Mapped[LinkDigest | None] = relationship(cascade="all, delete-orphan")


class InstanceDocument(Base):
    """The raw XML as it arrived: proof and safety net, read by no role of analysis."""

    __tablename__ = "instance_document"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True)
    xml: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))

    submission: Mapped[Submission] = relationship(back_populates="document")


class LinkDigest(Base):
    """A keyed digest of a card number: enough to find the same person again, useless without the key."""

    __tablename__ = "link_digest"
    __table_args__ = (Index(None, "digest"),)

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))


class Attachment(Base):
    """A file sent with an instance; its bytes lie in the data directory under their own hash."""

    __tablename__ = "attachment"
    __table_args__ = (UniqueConstraint("submission_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100), default="")
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))


class SetAside(Base):
    """What could not be stored as a submission, kept whole for a person: nothing sent is ever lost.

    ``files`` lists what came with it, as in ``attachment``; ``sha256`` is that of ``body``.
    """

    __tablename__ = "set_aside"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        UniqueConstraint("campaign_id", "kind", "sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(300))
    instance_id: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[bytes] = mapped_column(LargeBinary)
    files: Mapped[list[Any]] = mapped_column(JSON, default=list)
    sha256: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(Moment, default=now)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
