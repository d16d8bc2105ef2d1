"""Figures for documents that cannot shape letters inside an SVG: drawn as PNG."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=32)
def png(svg: str, scale: float = 2.0) -> bytes:
    """The figure as PNG, ``scale`` dots to a unit."""
    import vl_convert  # takes time to load: only where a document is made

    fonts = _arabic_font()
    vl_convert.register_font_directory(fonts)
    found: bytes = vl_convert.svg_to_png(svg, scale=scale)
    return found


def _arabic_font() -> str:
    import fontpkg_noto_sans_arabic

    return str(Path(fontpkg_noto_sans_arabic.__file__).parent / "files")
