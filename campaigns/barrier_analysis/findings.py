"""What doers and non-doers say differently, in words, and what the campaign makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import audit
from campaigns.barrier_analysis.models import BarrierBridge, BarrierStudy
from campaigns.barrier_analysis.studies import studies_of
from campaigns.content import say
from campaigns.history.versioned import Clash
from campaigns.holding import hold
from campaigns.terms import terms
from core.errors import EveilError
from core.languages import current_language
from surveys.bank import Item, load_bank
from surveys.bank import say as say_item

TESTS = {"chi2_n_minus_1": _l("N−1 chi-squared"), "fisher": _l("Fisher’s exact test")}
SHARED_BELOW = 5  # people: smaller groups are hidden in what leaves the team of evaluators
ONE_OF_TWO = _l("Write how an activity answers this, or why none does.")
NO_SUCH_FINDING = _l("This study has no such finding. Go back to its results.")


@dataclass(frozen=True, slots=True)
class Share:
    """Of ``n`` people ``x`` mention it."""

    x: int
    n: int

    @property
    def fraction(self) -> float | None:
        return self.x / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Limits:
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason of one study: a closed question, or a code of an open one.

    ``label`` is the question or the code, ``detail`` the answers that count or the question that was asked openly.
    Numbers are None where a group is too small to be shown (``hidden``) or nobody is told apart by it. ``p_adjusted``
    is the false-discovery adjusted p. ``bridge`` and ``reason`` are those of the determinant, empty while it is open.
    """

    study_id: int
    behaviour_id: int | None  # of the design, where the study was begun from one
    study: str
    determinant: str
    title: str  # of the determinant
    indicator: str
    label: str
    detail: str
    coded: bool
    doers: Share | None
    non_doers: Share | None
    odds_ratio: float | None
    relative_risk: float | None
    limits: Limits
    half_added: bool
    test: str
    p: float | None
    p_adjusted: float | None
    stands_out: bool
    hidden: bool
    bridge: str = ""
    reason: str = ""

    @property
    def settled(self) -> bool:
        """Whether somebody has written what follows from it."""
        return bool(self.bridge or self.reason)

    @property
    def commoner_among_doers(self) -> bool:
        """Which of the two groups mentions it more often."""
        if self.doers is None or self.non_doers is None:
            return False
        return (self.doers.fraction or 0) > (self.non_doers.fraction or 0)


def findings_of(session: Session, campaign_id: int, hide_below: int = 0) -> list[Finding]:
    """Every reason of every study of a campaign whose coding is finished, in the order of the determinants.

    Groups of fewer than ``hide_below`` people who answered are hidden, as in whatever leaves the team.
    """
    found = [findings_of_study(session, study, hide_below) for study in studies_of(session, campaign_id)]
    return [finding for of_study in found for finding in of_study]


def outstanding(session: Session, campaign_id: int, hide_below: int = SHARED_BELOW) -> dict[str, list[Finding]]:
    """What stands out, by its determinant: evidence on the barriers of that determinant."""
    found: dict[str, list[Finding]] = {}
    for finding in findings_of(session, campaign_id, hide_below):
        if finding.stands_out:
            found.setdefault(finding.determinant, []).append(finding)
    return found


def findings_of_study(session: Session, study: BarrierStudy, hide_below: int = 0) -> list[Finding]:
    if study.outcome is None:
        return []
    bridges, labels = bridges_of(session, study), study.outcome.labels
    found = [_finding(study, row, labels, bridges, hide_below) for row in study.outcome.results["barriers"]]
    order = list(terms("determinants"))
    return sorted(found, key=lambda finding: order.index(finding.determinant))


def open_determinants(findings: Iterable[Finding]) -> list[Finding]:
    """Of each determinant that stands out and of which nobody has written what follows, the first finding."""
    first: dict[tuple[int, str], Finding] = {}
    for finding in findings:
        if finding.stands_out and not finding.settled:
            first.setdefault((finding.study_id, finding.determinant), finding)
    return list(first.values())


def bridges_of(session: Session, study: BarrierStudy) -> dict[str, BarrierBridge]:
    found = session.scalars(select(BarrierBridge).filter_by(study_id=study.id))
    return {bridge.determinant: bridge for bridge in found}


def save_bridge(
    session: Session, study: BarrierStudy, determinant: str, bridge: str, reason: str, based_on: int, person_id: int
) -> BarrierBridge:
    """Store what follows from a determinant over version ``based_on``; raises Clash for a newer one."""
    if not bridge and not reason:
        raise EveilError(ONE_OF_TWO, field="bridge", status=422)
    hold(session, study.campaign_id)
    stored = session.get(BarrierBridge, (study.id, determinant), populate_existing=True)
    if stored is None:
        stored = BarrierBridge(study_id=study.id, determinant=determinant, version=0)
        session.add(stored)
    elif (stored.bridge, stored.reason) == (bridge, reason):
        return stored
    elif stored.version != based_on:
        raise Clash(stored)
    stored.bridge, stored.reason, stored.changed_by_id = bridge, reason, person_id
    stored.version += 1
    session.flush()
    audit.record(session, "barrier_bridge_saved", study.campaign_id, f"study {study.number}, {determinant}")
    return stored


def _finding(
    study: BarrierStudy,
    row: Mapping[str, Any],
    labels: Mapping[str, str],
    bridges: Mapping[str, BarrierBridge],
    hide_below: int,
) -> Finding:
    name = row["determinant"]
    coded = name in labels
    item = load_bank().item(name.rpartition("_")[0] if coded else name)
    question = say_item(item, "label", current_language())
    hidden = row["hidden"] or min(row["doers"]["n"], row["non_doers"]["n"]) < hide_below
    bridge = bridges.get(item.determinant)
    return Finding(
        study_id=study.id,
        behaviour_id=study.behaviour_id,
        study=study.title,
        determinant=item.determinant,
        title=say(terms("determinants")[item.determinant], "title"),
        indicator=name,
        label=labels[name] if coded else question,
        detail=question if coded else _counted(item),
        coded=coded,
        doers=None if hidden else Share(**row["doers"]),
        non_doers=None if hidden else Share(**row["non_doers"]),
        odds_ratio=None if hidden else row["odds_ratio"],
        relative_risk=None if hidden else row["relative_risk"],
        limits=Limits(None, None) if hidden else Limits(row["interval"]["low"], row["interval"]["high"]),
        half_added=not hidden and row["half_added"],
        test="" if hidden else row["test"]["method"],
        p=None if hidden else row["test"]["p"],
        p_adjusted=None if hidden else row["p_adjusted"],
        stands_out=not hidden and row["stands_out"],
        hidden=hidden,
        bridge=bridge.bridge if bridge else "",
        reason=bridge.reason if bridge else "",
    )


def _counted(item: Item) -> str:
    """The answers that count as mentioning it, as the questionnaire words them."""
    language = current_language()
    chosen = [option for option in item.options if option.code in item.scoring["equals"]]
    return " / ".join(say_item(option, "label", language) for option in chosen)
