"""Reading, saving and removing entries; nobody overwrites somebody else unseen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import audit
from campaigns.entries.content import Content
from campaigns.entries.kind import Kind
from campaigns.entries.models import DesignEntry
from campaigns.history.versioned import Clash, change
from campaigns.holding import hold

Of = TypeVar("Of", bound=Content)


@dataclass(frozen=True, slots=True)
class Entry(Generic[Of]):
    """One stored entry with its content as its kind has it."""

    id: int
    parent_id: int | None
    version: int
    content: Of


class Entries:
    """Every entry of a campaign, read at once."""

    def __init__(self, rows: Sequence[DesignEntry]) -> None:
        self._of_kind: dict[str, list[DesignEntry]] = defaultdict(list)
        for row in rows:
            self._of_kind[row.kind].append(row)

    def of(self, name: str, content: type[Of], parent_id: int | None = None) -> list[Entry[Of]]:
        """Those of a kind, the oldest first; with ``parent_id`` only those of that parent."""
        found = self._of_kind[name]
        return [
            Entry(row.id, row.parent_id, row.version, content.stored(row.content))
            for row in found
            if parent_id is None or row.parent_id == parent_id
        ]

    def one(self, name: str, content: type[Of]) -> Entry[Of] | None:
        """The entry of a kind of which there is one at most."""
        return next(iter(self.of(name, content)), None)


def entries_of(session: Session, campaign_id: int) -> Entries:
    return Entries(
        session.scalars(select(DesignEntry).filter_by(campaign_id=campaign_id).order_by(DesignEntry.id)).all()
    )


def find(session: Session, campaign_id: int, kind: str, entry_id: int) -> DesignEntry | None:
    return session.scalar(select(DesignEntry).filter_by(campaign_id=campaign_id, kind=kind, id=entry_id))


def single(session: Session, campaign_id: int, kind: str) -> DesignEntry | None:
    return session.scalar(select(DesignEntry).filter_by(campaign_id=campaign_id, kind=kind).order_by(DesignEntry.id))


def save_entry(
    session: Session,
    campaign_id: int,
    kind: Kind,
    content: Content,
    person_id: int,
    *,
    entry_id: int | None = None,
    parent_id: int | None = None,
    based_on: int = 0,
) -> DesignEntry:
    """Store the content over version ``based_on`` (0: a new entry); raises Clash for a newer one."""
    hold(session, campaign_id)
    stored = _stored(session, campaign_id, kind, entry_id)
    if stored is None:
        stored = DesignEntry(campaign_id=campaign_id, kind=kind.name, parent_id=parent_id, version=0)
        session.add(stored)
    if change(stored, {"content": content.to_store()}, based_on, person_id):
        session.flush()
        audit.record(session, "design_saved", campaign_id, stored.thing)
    return stored


def remove_entry(session: Session, campaign_id: int, entry: DesignEntry, based_on: int) -> None:
    """Take an entry out with all that belongs to it; its versions are kept. Raises Clash for a newer version."""
    hold(session, campaign_id)
    session.refresh(entry)
    if entry.version != based_on:
        raise Clash(entry)
    for one in _with_all_below(session, entry):
        audit.record(session, "design_removed", campaign_id, one.thing)
        session.delete(one)
        session.flush()  # one by one, children first: the database would take them all at once, and history miss them


def _stored(session: Session, campaign_id: int, kind: Kind, entry_id: int | None) -> DesignEntry | None:
    if kind.single:
        return single(session, campaign_id, kind.name)
    return None if entry_id is None else find(session, campaign_id, kind.name, entry_id)


def _with_all_below(session: Session, entry: DesignEntry) -> list[DesignEntry]:
    rows = session.scalars(select(DesignEntry).filter_by(campaign_id=entry.campaign_id)).all()
    below: dict[Any, list[DesignEntry]] = defaultdict(list)
    for row in rows:
        below[row.parent_id].append(row)

    def walk(one: DesignEntry) -> Iterator[DesignEntry]:
        for child in below[one.id]:
            yield from walk(child)
        yield one

    return list(walk(entry))
