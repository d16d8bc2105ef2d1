"""Files that come with an interview: their bytes lie in the data directory under their own hash."""

from __future__ import annotations

import hashlib
import os
import tempfile
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from flask import current_app

BLOCK = 1 << 20
LONGEST_NAME = 255
LONGEST_TYPE = 100


@dataclass(frozen=True, slots=True)
class StoredFile:
    name: str
    media_type: str
    size: int
    sha256: str

    def to_store(self) -> dict[str, Any]:
        return asdict(self)


def keep(stream: IO[bytes], name: str, media_type: str) -> StoredFile:
    """Write the bytes for good, before anything in the database speaks of them."""
    folder = _folder()
    descriptor, temporary = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            size, digest = _copy(stream, file)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(folder / digest)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _settle(folder)
    return StoredFile(safe_name(name), media_type[:LONGEST_TYPE], size, digest)


def safe_name(name: str) -> str:
    """The bare name of a file: no folder, no control characters, not longer than the column."""
    bare = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(letter for letter in bare if letter.isprintable()).strip()
    return "file" if printable in {"", ".", ".."} else printable[-LONGEST_NAME:]


def _copy(stream: IO[bytes], file: IO[bytes]) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    while block := stream.read(BLOCK):
        digest.update(block)
        size += file.write(block)
    return size, digest.hexdigest()


def _folder() -> Path:
    folder: Path = current_app.config["EVEIL"].data_dir / "attachments"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _settle(folder: Path) -> None:
    """A new name in a folder survives a power cut only once the folder is written too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
