"""Numbered cards: the number becomes a keyed digest at the door, and only the digest is kept beside the answers.

The key of a campaign lies in the data directory, apart from the database: who has the one cannot guess numbers
without the other.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import tempfile
import unicodedata
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core.errors import EveilError
from surveys.models import LinkDigest, Submission

SHORTEST, LONGEST = 2, 6


def normalised(card: str) -> str:
    """Capitals and plain digits, whatever the script of the keyboard; empty when this is no card number."""
    letters = [letter for letter in unicodedata.normalize("NFKC", card).upper() if letter.isalnum()]
    number = "".join(str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in letters)
    return number if SHORTEST <= len(number) <= LONGEST else ""


def digest(session: Session, campaign_id: int, number: str) -> str:
    """The same number gives the same digest within one campaign, and only there."""
    return hmac.new(_key(session, campaign_id), f"card:{number}".encode(), hashlib.sha256).hexdigest()


def _key(session: Session, campaign_id: int) -> bytes:
    path = current_app.config["EVEIL"].data_dir / "keys" / f"linking-{campaign_id}.key"
    if not path.exists():
        _refuse_a_second_key(session, campaign_id)
        _make_key(path)
    return bytes(path.read_bytes())


def _refuse_a_second_key(session: Session, campaign_id: int) -> None:
    """Under a new key nobody would be found again, and no one would notice."""
    linked = exists().where(LinkDigest.submission_id == Submission.id, Submission.campaign_id == campaign_id)
    if session.scalar(select(linked)):
        raise EveilError(
            _("The key that links this campaign’s cards is missing. Put it back from the backup of the data folder."),
            status=503,
        )


def _make_key(path: Path) -> None:
    """Written whole under another name first: two processes that start together agree on one key."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent)  # readable by this user only, and never an old file
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        os.link(name, path)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()
