"""Why something that was sent is set aside: what the sender is told, and what a supervisor can do about it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from core.errors import Sentence


@dataclass(frozen=True, slots=True)
class Reason:
    """``kind`` is the column of ``set_aside``; ``status`` is that of the reply."""

    kind: str
    status: int
    told: Sentence
    remedy: Sentence


REASONS: dict[str, Reason] = {
    "not_xml": Reason(
        "unreadable",
        400,
        _l("This interview cannot be read. It is kept on the server as it came; tell the supervisor."),
        _l("It came damaged or cut off. Have it sent again, and keep the tablet as it is until then."),
    ),
    "declarations": Reason(
        "unreadable",
        400,
        _l("This interview holds declarations that no form makes, so it was not opened. Tell the supervisor."),
        _l("No form of ours writes such a file. Find out which program sent it, or withdraw the device."),
    ),
    "no_instance_id": Reason(
        "unreadable",
        400,
        _l("This interview has no number of its own, so it cannot be told from others. Tell the supervisor."),
        _l("It was not made with a questionnaire of this server. Have the questionnaires fetched again."),
    ),
    "no_document": Reason(
        "unreadable",
        400,
        _l("Files came without their interview. They are kept; send the interview again with all its files."),
        _l("Have the interview sent again; it will bring the same files along."),
    ),
    "unknown_form": Reason(
        "unknown_form",
        422,
        _l("There is no such questionnaire on this server. The interview is kept; tell the supervisor."),
        _l("It was made with a questionnaire from elsewhere. Have the questionnaires of that tablet fetched again."),
    ),
    "unknown_version": Reason(
        "unknown_form",
        422,
        _l("This version of the questionnaire was never published here. The interview is kept; tell the supervisor."),
        _l("It was made with a changed copy of a questionnaire. Have the questionnaires of that tablet fetched again."),
    ),
    "other_campaign": Reason(
        "other_campaign",
        422,
        _l("This questionnaire belongs to another campaign. The interview is kept; set this device up for that one."),
        _l("The tablet holds questionnaires of another campaign. Set it up for that one and have it sent again."),
    ),
    "other_answers": Reason(
        "conflict",
        409,
        _l("This interview came before with other answers. The first stays, this one is kept; tell the supervisor."),
        _l("Ask the enumerator which of the two is right. The first one is counted."),
    ),
    "other_file": Reason(
        "conflict",
        409,
        _l("A file of this interview came before with other content. Both are kept; tell the supervisor."),
        _l("Ask the enumerator which picture or recording is right. The answers are counted either way."),
    ),
    "edited": Reason(
        "conflict",
        409,
        _l("This is an edit of an interview that was sent. The first stays, the edit is kept; tell the supervisor."),
        _l("Ask the enumerator what was corrected and why. The first interview is counted."),
    ),
}
