"""The kinds of entries about the audience."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from campaigns.audience.contents import PRETEST, SEGMENT, Pretest, Segment
from campaigns.audience.forms import PretestForm, SegmentForm
from campaigns.entries.kind import Kind

KINDS = (
    Kind(
        SEGMENT,
        Segment,
        SegmentForm,
        _l("Target group"),
        _l("A group is well described when somebody who has never met it could go and find ten of its members."),
        "campaigns.audience",
        lambda segment: segment.name,
    ),
    Kind(
        PRETEST,
        Pretest,
        PretestForm,
        _l("Material that was tried out"),
        _l(
            "Show drafts to a handful of people of the group before anything goes out, and write down what you changed."
        ),
        "campaigns.audience",
        lambda pretest: pretest.material,
        parent=SEGMENT,
    ),
)
