"""Every kind of entry that a design can hold, by its name."""

from __future__ import annotations

from campaigns.audience import kinds as audience
from campaigns.behaviours import kinds as behaviours
from campaigns.entries.kind import Kind
from campaigns.safeguarding import kinds as safeguarding
from campaigns.scope import kinds as scope

THEMES = (scope.KINDS, audience.KINDS, behaviours.KINDS, safeguarding.KINDS)
KINDS: dict[str, Kind] = {kind.name: kind for theme in THEMES for kind in theme}
