"""Uploaded spreadsheets: under a random name in the data directory, and gone after the analysis or a day at most.

They lie beside the database and never in it. Only the person who brought a spreadsheet reaches it again.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage

from core.database import now
from core.errors import NotFound

KEPT_FOR = timedelta(hours=24)
ABOUT = "about.json"
NAME = re.compile(r"[A-Za-z0-9_-]{20,40}")
ENDINGS = (".csv", ".xlsx")
GONE = _l(
    "This spreadsheet is no longer here: it is deleted after the analysis, or after a day. Bring it in once more."
)


@dataclass(slots=True)
class Upload:
    """``names`` are the files' own names, in the order in which they lie as 0.csv, 1.xlsx, …; ``columns`` and
    ``values`` what the person said about them; ``keep``: whether it stays after the analysis."""

    id: str
    campaign_id: int
    person_id: int
    made_at: str
    names: list[str]
    columns: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    keep: bool = False

    @property
    def folder(self) -> Path:
        return _folder() / self.id

    @property
    def paths(self) -> list[Path]:
        return [self.folder / f"{number}{Path(name).suffix.lower()}" for number, name in enumerate(self.names)]

    def save(self) -> None:
        draft = self.folder / f"{ABOUT}.part"
        draft.write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")
        draft.replace(self.folder / ABOUT)

    def delete(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def hold_upload(files: Sequence[FileStorage], campaign_id: int, person_id: int) -> Upload:
    """Store the files of one person for a campaign; what is older than a day goes at the same time."""
    purge(now())
    names = [Path(file.filename or "").name for file in files]
    upload = Upload(secrets.token_urlsafe(20), campaign_id, person_id, now().isoformat(), names)
    upload.folder.mkdir(mode=0o700, parents=True)
    for file, path in zip(files, upload.paths, strict=True):
        file.save(path)
        path.chmod(0o600)
    upload.save()
    return upload


def find_upload(upload_id: str, campaign_id: int, person_id: int) -> Upload:
    """Raises NotFound for one that is gone, or was brought by somebody else or for another campaign."""
    purge(now())
    found = _read(_folder() / upload_id) if NAME.fullmatch(upload_id) else None
    if found is None or (found.campaign_id, found.person_id) != (campaign_id, person_id):
        raise NotFound(GONE)
    return found


def kept_uploads(campaign_id: int, person_id: int) -> list[Upload]:
    """Those that this person chose to keep, newest first."""
    purge(now())
    found = [upload for path in _all() if (upload := _read(path)) is not None and upload.keep]
    own = [one for one in found if (one.campaign_id, one.person_id) == (campaign_id, person_id)]
    return sorted(own, key=lambda upload: upload.made_at, reverse=True)


def purge(moment: datetime) -> None:
    """Delete every spreadsheet that nobody chose to keep and that is older than a day."""
    for path in _all():
        upload = _read(path)
        made_at = datetime.fromisoformat(upload.made_at) if upload else None
        if made_at is None:  # half written, or damaged
            made_at = datetime.fromtimestamp(path.stat().st_mtime, moment.tzinfo)
        if not (upload and upload.keep) and moment - made_at > KEPT_FOR:
            shutil.rmtree(path, ignore_errors=True)


def _all() -> list[Path]:
    return [path for path in _folder().iterdir() if path.is_dir()] if _folder().is_dir() else []


def _read(folder: Path) -> Upload | None:
    try:
        return Upload(**json.loads((folder / ABOUT).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _folder() -> Path:
    found: Path = current_app.config["EVEIL"].data_dir / "spreadsheets"
    return found
