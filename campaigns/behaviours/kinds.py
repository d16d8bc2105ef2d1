"""The kinds of entries about behaviours."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from campaigns.audience.contents import SEGMENT
from campaigns.behaviours.contents import BARRIER, BEHAVIOUR, RESPONSE, Barrier, Behaviour, Response
from campaigns.behaviours.forms import BarrierForm, BehaviourForm, ResponseForm
from campaigns.entries.kind import Kind

HOME = "campaigns.behaviours"
KINDS = (
    Kind(
        BEHAVIOUR,
        Behaviour,
        BehaviourForm,
        _l("Wanted behaviour"),
        _l("Awareness is not a behaviour. Say what people do differently, so that somebody could see it or count it."),
        HOME,
        lambda behaviour: behaviour.does_what,
        parent=SEGMENT,
    ),
    Kind(
        BARRIER,
        Barrier,
        BarrierForm,
        _l("Barrier"),
        _l("People mostly have good reasons for what they do. Find the reason before you choose what to do about it."),
        HOME,
        lambda barrier: barrier.text,
        parent=BEHAVIOUR,
    ),
    Kind(
        RESPONSE,
        Response,
        ResponseForm,
        _l("Response"),
        _l("What you do about the barrier, and whether it is wise. Ask always: what is needed besides information?"),
        HOME,
        lambda response: response.text,
        parent=BARRIER,
    ),
)
