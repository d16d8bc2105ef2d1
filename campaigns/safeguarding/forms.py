"""The forms of the safeguarding plan."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from campaigns.entries.forms import EntryForm, choice, day, line, number, passage

SETTING_LABELS = {
    "classroom": _l("Adults in a room with us: a training, a talk, a class"),
    "public": _l("Passers-by in public places, or homes"),
    "minors_or_work": _l("People under 18, or people at their place of work"),
}
PURPOSE_LABELS = {
    "hotline": _l("Hotline"),
    "safety": _l("Safety: police or others who come at once"),
    "health": _l("Health"),
    "law": _l("Legal advice"),
    "shelter": _l("Shelter"),
}
IN_FUTURE = _l("This day is still to come. Write the day on which the number was really called.")
BY_WHOM = _l("Say who called, by their role in the team.")


class RulesForm(EntryForm):
    setting = choice(
        _l("Where do you meet people?"), SETTING_LABELS, _l("The plan asks for more where more can go wrong.")
    )
    contact = line(_l("Who is told at once when somebody is in danger or upset?"), _l("A name or a role of your team."))
    contact_reached = line(_l("How is that person reached during fieldwork?"))
    stand_in = line(_l("Who stands in?"))
    lowest_age = number(_l("What is the lowest age of people whom you ask?"), least=5, most=99)
    minors = passage(
        _l("What holds for people under 18?"),
        _l("The law, and what you do when a parent may be the danger. “We turn them away politely” is a rule."),
    )
    consent = passage(
        _l("How do people agree?"),
        _l("Read aloud in their language, each question can be skipped, one can stop at any time."),
    )
    advisers = passage(
        _l("How do survivors advise you?"),
        _l("How many, on what, and what they are paid. Write no names and no stories here."),
    )
    advisers_paid = BooleanField(_l("They are paid for their time and skill"))
    never_relive = BooleanField(
        _l("Nobody ever asks them to tell or relive their story, and they decide whether they are seen")
    )
    harm_watch = passage(
        _l("How do you notice harm and stigma?"),
        _l("What you ask afterwards, who keeps the log of incidents, and whom your message could shame."),
    )
    answer_days = number(_l("Within how many days is each incident answered?"), least=1, most=60)
    approved_by = line(_l("Who outside the team has agreed in writing?"), _l("An ethics committee, or a named person."))
    approved_on = day(_l("On which day?"))


class ReferralForm(EntryForm):
    site = line(_l("For which site?"), _l("A town, a school, a market."), _l("Write the site."))
    language = line(_l("In which language is help given?"), "", _l("Write the language."))
    purpose = choice(_l("What help is it?"), PURPOSE_LABELS)
    name = line(_l("Which service is it?"), "", _l("Write the name of the service."))
    reached = line(
        _l("How is it reached?"),
        _l("The number or the address, as it stands on the card."),
        _l("Write the number or the address."),
    )
    hours = line(_l("When is it open?"))
    dialled_on = day(
        _l("On which day did one of you call or go there?"),
        _l("A number that nobody has tried for 30 days counts as untried."),
    )
    dialled_by = line(_l("Who called or went?"))

    def check(self) -> None:
        if self.dialled_on.data is None:
            return
        if self.dialled_on.data > date.today():
            self.complain("dialled_on", IN_FUTURE)
        if not self.dialled_by.data:
            self.complain("dialled_by", BY_WHOM)


class SiteRiskForm(EntryForm):
    site = line(_l("Which site is it?"), "", _l("Write the site."))
    watched_by = passage(
        _l("Who watches or controls people there?"),
        _l("An employer, an elder, a recruiter, a relative; “nobody” when you looked."),
        _l("Write who watches or controls people there."),
    )
    private_place = passage(
        _l("Where can one talk without being heard?"), "", _l("Write where one can talk without being heard.")
    )
    stop_rule = passage(_l("When do you stop and leave?"), "", _l("Write when you stop and leave."))
