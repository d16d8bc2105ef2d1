"""Parts of a design that keep every version: the columns they share, the guard against two writers, the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, event, insert, inspect, select, update
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column

from campaigns.history.models import Revision
from core.database import Moment, now

SAME_SITTING = timedelta(minutes=10)  # pages save themselves every few seconds: one person's sitting is one version
BOOKKEEPING = frozenset({"id", "campaign_id", "behaviour_id", "version", "changed_at", "changed_by_id"})


class Clash(Exception):
    """Somebody else saved this part in the meantime; ``stored`` is theirs."""

    def __init__(self, stored: Any) -> None:
        super().__init__(getattr(stored, "id", ""))
        self.stored = stored


class Versioned:
    """A mapped class of which every version is kept; its table needs ``campaign_id``."""

    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now, onupdate=now)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    sort: ClassVar[str]  # of the part, in the name by which history and comments call it
    called_by: ClassVar[str] = "id"  # the attribute that tells parts of a sort apart; empty where there is only one

    @property
    def thing(self) -> str:
        """How history and comments call this part: its sort and what tells it apart, as in ``answer s1q1``."""
        return f"{self.sort} {getattr(self, self.called_by) if self.called_by else 1}"

    def content_kept(self) -> dict[str, Any]:
        """What a version holds: the columns, without those that only keep the books."""
        columns = inspect(type(self)).column_attrs
        return {one.key: _plain(getattr(self, one.key)) for one in columns if one.key not in BOOKKEEPING}


def change(stored: Versioned, content: Mapping[str, Any], based_on: int, person_id: int | None) -> bool:
    """Write the content over version ``based_on`` (0: it is new); False when it says the same already.

    Raises Clash when somebody saved a newer version.
    """
    if stored.version and all(getattr(stored, name) == value for name, value in content.items()):
        return False
    if stored.version and stored.version != based_on:
        raise Clash(stored)
    for name, value in content.items():
        setattr(stored, name, value)
    stored.version = (stored.version or 0) + 1
    stored.changed_by_id = person_id
    return True


@event.listens_for(Session, "after_flush")
def _keep(session: Session, _context: UOWTransaction) -> None:
    """Keep what was just written, so that no saving function can forget to."""
    for row in (*session.new, *session.dirty):
        if isinstance(row, Versioned) and (row in session.new or session.is_modified(row)):
            _keep_one(session, row)
    for row in session.deleted:
        if isinstance(row, Versioned):
            session.execute(insert(Revision).values(**_revision(row), removed=True))


def _keep_one(session: Session, row: Versioned) -> None:
    kept = _revision(row)
    last = session.execute(
        select(Revision.id, Revision.changed_by_id, Revision.changed_at, Revision.removed)
        .filter_by(campaign_id=kept["campaign_id"], thing=kept["thing"])
        .order_by(Revision.id.desc())
        .limit(1)
    ).first()
    same_sitting = (
        last is not None
        and not last.removed
        and last.changed_by_id == kept["changed_by_id"]
        and kept["changed_at"] - last.changed_at < SAME_SITTING
        and kept["version"] > 2  # what it was at first is always kept
    )
    if same_sitting:
        assert last is not None  # noqa: S101 - for the type checker
        session.execute(update(Revision).filter_by(id=last.id).values(kept | {"changed_at": last.changed_at}))
    else:
        session.execute(insert(Revision).values(**kept, removed=False))


def _revision(row: Any) -> dict[str, Any]:
    return {
        "campaign_id": row.campaign_id,
        "thing": row.thing,
        "version": row.version,
        "content": row.content_kept(),
        "changed_at": now(),
        "changed_by_id": row.changed_by_id,
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
