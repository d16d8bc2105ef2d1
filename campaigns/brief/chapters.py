"""The chapters of the design brief, each made from what the design says; an empty chapter says nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from campaigns.audience.contents import PRETEST, Pretest
from campaigns.audience.forms import LITERACY_LABELS, TOLD_BY_LABELS
from campaigns.behaviours.chains import Answered, Chain, chains
from campaigns.behaviours.drawing import drawing
from campaigns.behaviours.forms import DECISION_LABELS
from campaigns.behaviours.theory import theory
from campaigns.brief.words import evidence_words, joined
from campaigns.content import cite, say
from campaigns.entries.saving import Entries
from campaigns.forms import STATE_LABELS
from campaigns.guide import Guide, Section
from campaigns.models import DesignAnswer, SectionConclusion
from campaigns.review.doubts import Doubt
from campaigns.safeguarding.forms import PURPOSE_LABELS, SETTING_LABELS
from campaigns.safeguarding.gate import Safeguards
from campaigns.scope.contents import TAGS, Tags
from campaigns.terms import terms
from core.documents.blocks import Block, Bullets, Facts, Heading, Paragraph, Picture, Table
from core.languages import current_language

Blocks = Iterator[Block]


def scope(entries: Entries) -> Blocks:
    """What the campaign is about."""
    stored = entries.one(TAGS, Tags)
    if stored is None:
        return
    labels = (
        ("four_p", _("Part of the work against trafficking")),
        ("exploitation", _("Forms of exploitation")),
        ("objectives", _("Objectives")),
        ("actors", _("Whose behaviour may change")),
    )
    rows = [(label, _titles(name, getattr(stored.content, name))) for name, label in labels]
    yield Facts([row for row in rows if row[1]])


def people(entries: Entries) -> Blocks:
    """The target groups, and what was tried out on them."""
    found = chains(entries)
    if not found:
        return
    yield Heading(_("Whom we want to reach"))
    for chain in found:
        segment = chain.segment.content
        yield Heading(segment.name, 3)
        rows = [
            (_("Kind of people"), _titles("actors", [segment.actor])),
            (_("Why everybody"), segment.everybody_reason if segment.everybody else ""),
            (_("Where they are found"), segment.found_where),
            (_("How many"), segment.size),
            (_("Compared with others of their community"), segment.compared_with),
            (_("Languages"), segment.languages),
            (_("Reading"), str(LITERACY_LABELS[segment.literacy])),
            (_("What reaches them"), segment.channels),
            (_("Whom they believe"), segment.trusted),
            (_("What we tell them"), segment.message),
            (_("In the report"), str(TOLD_BY_LABELS[segment.told_by])),
        ]
        yield Facts([row for row in rows if row[1]])
        yield from _pretests(entries, chain.segment.id)


def _pretests(entries: Entries, segment_id: int) -> Blocks:
    found = [one.content for one in entries.of(PRETEST, Pretest, segment_id)]
    if not found:
        return
    head = (_("Material"), _("Day"), _("People"), _("What they understood"), _("What we changed"))
    rows = [
        (one.material, _day(one.tested_on), "" if one.people is None else str(one.people), one.heard, one.changed)
        for one in found
    ]
    yield Table(_("Material that was tried out before launch"), head, rows)


def behaviours(entries: Entries) -> Blocks:
    """What people are to do, what keeps them from it, and what is done about that; with the picture."""
    found = [chain for chain in chains(entries) if chain.behaviours]
    if not found:
        return
    yield Heading(_("What they are to do, and what keeps them from it"))
    for chain in found:
        yield from _of_group(chain)
    drawn = theory(tuple(found))
    yield Heading(_("Theory of change"), 3)
    weak = len(drawn.weak)
    said = ngettext("One arrow is weak or missing.", "%(num)s arrows are weak or missing.", weak) if weak else ""
    yield Picture(drawing(drawn, current_language()), joined(_("Theory of change of the campaign."), said))
    yield Paragraph(
        _("Full lines: evidence with a source. Dashed lines: assumed. Dotted lines: not known or missing."), "aside"
    )


def _of_group(chain: Chain) -> Blocks:
    yield Heading(chain.segment.content.name, 3)
    for wanted in chain.behaviours:
        content = wanted.behaviour.content
        rows = [
            (_("Who"), content.who),
            (_("Does what"), content.does_what),
            (_("How often"), content.how_often),
            (_("Where"), content.where),
            (_("When"), content.when),
            (_("How it makes trafficking rarer"), content.contribution),
            (_("Evidence for that"), evidence_words(content)),
        ]
        yield Facts([row for row in rows if row[1]])
        if wanted.barriers:
            head = (_("Barrier"), _("What is lacking"), _("Evidence"), _("What we do about it"))
            yield Table(_("What keeps people from it"), head, [_barrier(one) for one in wanted.barriers])
        for answered in wanted.barriers:
            yield from _appraisals(answered)


def _barrier(answered: Answered) -> tuple[str, str, str, str]:
    content = answered.barrier.content
    done = "\n".join(one.content.text for one in answered.kept) or _("Nothing yet")
    return content.text, _titles("com_b", [content.com_b]), evidence_words(content), done


def _appraisals(answered: Answered) -> Blocks:
    for one in answered.responses:
        content = one.content
        yield Heading(content.text, 4)
        rows = [
            (_("Way of acting"), _titles("response_functions", [content.function])),
            (_("Decision"), str(DECISION_LABELS[content.decision])),
            *((say(term, "title"), getattr(content, term.id)) for term in terms("apease").values()),
            (_("Evidence that it acts"), evidence_words(content)),
        ]
        yield Facts([row for row in rows if row[1]])


def knowledge(
    guide: Guide, answers: Mapping[str, DesignAnswer], conclusions: Mapping[str, SectionConclusion]
) -> Blocks:
    """The answers to the guide, section by section, with how sure each is and what follows."""
    sections = [one for one in guide.sections if any(asked.id in answers for asked in one.questions)]
    if not sections:
        return
    yield Heading(_("What we know, assume and still have to find out"))
    for section in sections:
        yield Heading(say(section, "title"), 3)
        yield from _answers(section, answers)
        if section.id in conclusions:
            outcome = terms("section_outcomes")[conclusions[section.id].outcome]
            yield Facts([(_("What follows"), joined(say(outcome, "title"), conclusions[section.id].text))])


def _answers(section: Section, answers: Mapping[str, DesignAnswer]) -> Blocks:
    for asked in section.questions:
        answer = answers.get(asked.id)
        if answer is None or (answer.state == "not_known" and not answer.text):
            continue
        yield Heading(say(asked, "title"), 4)
        yield Paragraph(answer.text or answer.reason)
        state = str(STATE_LABELS[answer.state])
        strength = _titles("evidence_strength", [answer.strength]) if answer.strength else ""
        yield Paragraph(joined(state, strength, answer.source, cite(asked.source)), "aside")


def safety(entries: Entries, open_sentences: list[str]) -> Blocks:
    """How nobody comes to harm. Numbers to call are left out: a brief is handed on."""
    plan = Safeguards.of(entries)
    rules = plan.rules
    if not rules.setting:
        return
    yield Heading(_("How nobody comes to harm"))
    rows = [
        (_("Where we meet people"), str(SETTING_LABELS[rules.setting])),
        (_("Lowest age"), "" if rules.lowest_age is None else str(rules.lowest_age)),
        (_("People under 18"), rules.minors),
        (_("How people agree"), rules.consent),
        (_("Survivors as advisers"), rules.advisers),
        (_("Watch for harm and stigma"), rules.harm_watch),
        (_("Agreed by"), joined(rules.approved_by, _day(rules.approved_on))),
    ]
    yield Facts([row for row in rows if row[1]])
    if plan.referrals:
        head = (_("Site"), _("Service"), _("Help"), _("Language"), _("Last called"))
        services = [
            (one.site, one.name, str(PURPOSE_LABELS[one.purpose]), one.language, _day(one.dialled_on) or _("Not yet"))
            for one in plan.referrals
        ]
        yield Table(_("Where people can turn to"), head, services)
    if plan.sites:
        named = (_("Site"), _("Who watches or controls"), _("Where one can talk"), _("When we stop and leave"))
        notes = [(one.site, one.watched_by, one.private_place, one.stop_rule) for one in plan.sites]
        yield Table(_("Risks at each site"), named, notes)
    if open_sentences:
        yield Paragraph(_("Still open before fieldwork:"), "notice")
        yield Bullets(open_sentences)


def doubts(found: list[Doubt]) -> Blocks:
    """What a sceptical reader would say, told by ourselves."""
    if not found:
        return
    yield Heading(_("What this design cannot show, and where it is weak"))
    yield Bullets([doubt.sentence for doubt in found])


def _titles(list_name: str, ids: list[str]) -> str:
    return ", ".join(say(terms(list_name)[id], "title") for id in ids if id in terms(list_name))


def _day(day: Any) -> str:
    return "" if day is None else str(format_date(day, "medium"))
