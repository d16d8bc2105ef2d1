"""The chapter of the brief on how the campaign will know: indicators, waves, rules, locks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import current_app
from flask_babel import format_date
from flask_babel import gettext as _
from markupsafe import Markup

from campaigns.content import say
from campaigns.indicators import limit_of, load_indicators
from campaigns.locking.history import History
from campaigns.models import FrozenPlan
from campaigns.plan_choices import PlanChoices
from campaigns.plan_form import INSTRUMENT_LABELS
from core.documents.blocks import Block, Bullets, Facts, Heading, Paragraph, Table


def proof(choices: PlanChoices, frozen: Sequence[FrozenPlan], history: History | None) -> Iterator[Block]:
    """How the campaign will know whether it worked, and what its indicators cannot show."""
    if not choices.indicators:
        return
    yield Heading(_("How we will know"))
    yield Facts(list(_waves(choices)))
    yield Table(
        _("Indicators of the evaluation plan"),
        (_("Indicator"), _("Primary"), _("Planned gain, in points"), _("What it cannot show")),
        [_indicator(chosen.id, chosen.primary, chosen.points) for chosen in choices.indicators],
    )
    yield from _frozen(frozen)
    yield from _locks(history)


def _indicator(id: str, primary: bool, points: int | None) -> tuple[str, str, str, str]:
    indicator = load_indicators()[id]
    mark = _("Yes") if primary else ""
    return (
        say(indicator, "title"),
        mark,
        "" if points is None else f"+{points}",
        say(limit_of(indicator), "cannot_show"),
    )


def _waves(choices: PlanChoices) -> Iterator[tuple[str, str]]:
    yield _("Who is asked"), "\n".join(str(INSTRUMENT_LABELS[name]) for name in choices.instruments)
    if choices.activity_ends_on:
        yield _("The activity ends on"), format_date(choices.activity_ends_on, "long")
    if window := choices.followup_window:
        first, last = (format_date(day, "long") for day in window)
        yield _("Follow-up"), _("Between %(first)s and %(last)s", first=first, last=last)
    small = _("Less than %(points)s points counts as practically unchanged.", points=choices.smallest_change)
    yield _("Smallest change that matters"), small


def _frozen(frozen: Sequence[FrozenPlan]) -> Iterator[Block]:
    if not frozen:
        yield Paragraph(_("The plan is a draft. It is frozen before the first answer is collected."), "aside")
        return
    yield Paragraph(_("The plan is frozen. Anybody can prove with these fingerprints that nothing was changed since:"))
    yield Bullets(
        [
            _("%(name)s, frozen on %(day)s: %(hash)s", name=INSTRUMENT_LABELS[one.instrument],
              day=format_date(one.frozen_at, "long"), hash=one.sha256)
            for one in frozen
        ]
    )  # fmt: skip


def _locks(history: History | None) -> Iterator[Block]:
    """What was fixed when, and what was changed since, in the sentences of the page of the plan."""
    if history is None:
        return
    told = current_app.jinja_env.get_template("campaigns/parts/plan_history.html").module
    yield Bullets([_plain(told.lock_words(lock)) for lock in history.locks])  # type: ignore[attr-defined]
    if state := _plain(told.state_words(history)):  # type: ignore[attr-defined]
        yield Paragraph(state, "notice")
    if history.changes:
        yield Heading(_("Changes to the plan"), 3)
    for change in history.changes:
        yield Paragraph(_plain(told.change_words(change)))  # type: ignore[attr-defined]
        yield Paragraph(_("Reason: %(reason)s", reason=change.reason), "aside")


def _plain(markup: Markup) -> str:
    return " ".join(markup.striptags().split())
