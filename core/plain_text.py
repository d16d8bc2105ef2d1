"""Text that every database, page and document can hold."""

from __future__ import annotations

import re

# what XML 1.0 cannot hold, PostgreSQL's NUL among it: control characters but tab and line ends, halves of pairs
UNHELD = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain(text: str) -> str:
    """Without the letters that no document can hold, as they come along when one copies from elsewhere.

    >>> plain("call" + chr(11) + " the hotline" + chr(0))
    'call the hotline'
    """
    return UNHELD.sub("", text)
