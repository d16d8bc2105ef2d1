"""The forms of a behaviour, of a barrier and of a response with its appraisal."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from campaigns.entries.forms import EVIDENCE_LABELS, EvidenceForm, choice, line, one_of, passage

DECISION_LABELS = {
    "do": _l("We do this"),
    "consider": _l("We still consider it"),
    "drop": _l("We decided against it"),
}
WHO_LEFT_OUT = _l("Say who could be left out, or why nobody is. This may not stay empty.")
WHAT_HARM = _l("Say what could go wrong for people, or why nothing can. This may not stay empty.")


class BehaviourForm(EvidenceForm):
    who = line(_l("Who?"), _l("The group, as narrow as it needs to be."), _l("Write who does it."))
    does_what = line(
        _l("Does what?"),
        _l("Something that one could watch: “shows the contract to the migration desk”, not “is aware”."),
        _l("Write what they do."),
    )
    how_often = line(_l("How often?"), _l("Once, each time, every month."))
    where = line(_l("Where?"))
    when = line(_l("When?"), _l("At which moment: before paying, after the first unpaid wage."))
    contribution = passage(
        _l("How does that make trafficking rarer?"),
        _l("Step by step, with what could break the chain. Leaving by the regular way, say, is not always safer."),
    )
    evidence = choice(_l("How sure are you that it does?"), EVIDENCE_LABELS)


class BarrierForm(EvidenceForm):
    text = passage(
        _l("What keeps people from it?"),
        _l("In their words, if you have asked them. One barrier at a time."),
        _l("Write what keeps people from it."),
    )
    nature = one_of(_l("What kind of barrier is it?"), "barrier_kinds")
    com_b = one_of(_l("What is lacking?"), "com_b", _l("Choose what fits best: the response has to act on it."))
    determinant = one_of(
        _l("Which reason would a barrier analysis ask about?"),
        "determinants",
        _l("Leave this open when none fits."),
        needed=False,
    )
    evidence = choice(_l("How sure are you that this keeps people from it?"), EVIDENCE_LABELS)


class ResponseForm(EvidenceForm):
    text = passage(_l("What do you do about it?"), "", _l("Write what you do about it."))
    function = one_of(_l("In which way does it act?"), "response_functions")
    decision = choice(_l("Where do you stand?"), DECISION_LABELS, default="consider")
    acceptability = passage(_l("Will the group, your partners and the authorities accept it?"))
    practicability = passage(_l("Can you do it as planned, with these people and in this time?"))
    effectiveness = passage(_l("Why should it work, and is it worth its cost?"))
    affordability = passage(_l("Can you pay for it, also when the first grant ends?"))
    safety = passage(_l("What else could it do, and whom could it put in danger?"), "", WHAT_HARM)
    equity = passage(_l("Whom could it leave out?"), "", WHO_LEFT_OUT)
    evidence = choice(_l("How sure are you that it acts on the barrier?"), EVIDENCE_LABELS)
