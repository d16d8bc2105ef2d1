"""The forms of a target group and of a pre-test."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from campaigns.entries.forms import EntryForm, choice, day, line, number, one_of, passage

LITERACY_LABELS = {
    "most": _l("Most read easily"),
    "some": _l("Some read, slowly or only short texts"),
    "few": _l("Few read: speech and pictures are needed"),
    "unknown": _l("Not known yet"),
}
TOLD_BY_LABELS = {
    "none": _l("The questionnaire does not tell them apart"),
    "sex": _l("By sex"),
    "age_group": _l("By age group"),
    "sex_and_age": _l("By sex and age group together, as women of 18 to 24"),
    "whole": _l("Everybody who is asked belongs to it"),
}
REASON_FOR_EVERYBODY = _l("Say why a campaign to everybody is better than one to those at risk.")


class SegmentForm(EntryForm):
    name = line(
        _l("Who are they?"),
        _l("So precise that a stranger could pick them out: “women of 18 to 30 in the river towns who plan to leave”."),
        _l("Write who they are."),
    )
    actor = one_of(_l("Which kind of people are they?"), "actors")
    found_where = passage(
        _l("Where and how could somebody find them and draw some at random?"),
        _l("A list, places with days and hours, households: what an interviewer would go by."),
    )
    size = line(_l("How many are there, about?"), _l("With the source, or “not known”."))
    compared_with = passage(
        _l("How do they differ from others of the same community who were not trafficked?"),
        _l("What looks like a cause is often just how everybody lives there. Compare before you conclude."),
    )
    everybody = BooleanField(_l("This is the general public, not a group"))
    everybody_reason = passage(_l("If so, why everybody?"))
    languages = line(_l("Which languages do they speak at home?"))
    literacy = choice(_l("How well do they read?"), LITERACY_LABELS, default="unknown")
    channels = passage(
        _l("What reaches them?"), _l("Radio at which hour, which places, which groups on the telephone, which people.")
    )
    trusted = passage(_l("Whom do they believe?"), _l("A person of authority is not always a person of trust."))
    message = passage(
        _l("What do you tell them?"), _l("One thing to do, one number or place. The same fear without a way out harms.")
    )
    told_by = choice(
        _l("How does the questionnaire tell who belongs to this group?"),
        TOLD_BY_LABELS,
        _l("The report shows each group by itself when the answers tell them apart."),
        default="none",
    )
    stratum = BooleanField(_l("Draw the sample in this group by itself, so that it is never left to chance"))

    def check(self) -> None:
        if self.everybody.data and not self.everybody_reason.data:
            self.complain("everybody_reason", REASON_FOR_EVERYBODY)


class PretestForm(EntryForm):
    material = line(
        _l("What did you try?"), _l("A poster, a sketch, a radio spot, a card."), _l("Write what you tried.")
    )
    tested_on = day(_l("On which day?"))
    people = number(_l("With how many people?"), least=1, most=10_000)
    who = passage(_l("Who were they?"), _l("How they were found, never their names."))
    heard = passage(_l("What did they understand, like or fear?"))
    changed = passage(
        _l("What did you change because of it?"),
        _l("“Nothing” is an answer, when you say why."),
        _l("Write what you changed, or why nothing."),
    )
