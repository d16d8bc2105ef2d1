"""The settings of ODK Collect as a QR code, in the packing that Collect reads: JSON, zlib, base64."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import segno


def packed(server_url: str, project: str) -> str:
    settings: dict[str, Any] = {
        "general": {"server_url": server_url, "form_update_mode": "match_exactly", "autosend": "wifi_and_cellular"},
        "admin": {},
        "project": {"name": project},
    }
    return base64.b64encode(zlib.compress(json.dumps(settings, ensure_ascii=False).encode())).decode()


def qr_code(server_url: str, project: str) -> str:
    """The code as an image address that a page can show without fetching anything."""
    return str(segno.make_qr(packed(server_url, project), error="l").svg_data_uri(scale=4))
