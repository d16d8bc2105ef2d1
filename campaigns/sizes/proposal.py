"""The sentences about a sample that can be put into a proposal, in the language of the moment.

For another language, ask inside ``flask_babel.force_locale``.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext

from analysis.errors import N_
from campaigns.sizes.computing import Planned
from campaigns.sizes.inputs import KEPT, Inputs
from core import numbers
from core.languages import current_language, direction

# works that the formulas come from: names, not translated
SOURCES = {
    "two_shares": "Fleiss, Levin & Paik (2003)",
    "paired_shares": "Connor (1987)",
    "retention_pairs": "Nam (1997), Tango (1998)",
    "retention_samples": "Farrington & Manning (1990)",
    "difference_in_differences_samples": "Fleiss, Levin & Paik (2003)",
    "difference_in_differences_pairs": "Agresti (2013)",
    "precision": "Cochran (1977)",
}


STUDY = {
    "linked": N_(
        "With %(n)s people whose answers before and after can be linked, the evaluation has a chance of %(power)s of "
        "showing a rise from %(from)s to %(to)s (two-sided test at %(alpha)s), if %(changers)s of people change "
        "their answer in either direction."
    ),
    "separate": N_(
        "With %(n)s answers before and %(n)s answers after, from different people found in the same way, the "
        "evaluation has a chance of %(power)s of showing a rise from %(from)s to %(to)s (two-sided test at "
        "%(alpha)s)."
    ),
    "kept_linked": N_(
        "With %(n)s people who answer right after the activity and again 6 to 12 months later, the evaluation has "
        "a chance of %(power)s of showing that fewer than %(aim)s are lost again, starting from %(to)s and if the "
        "true loss is %(loss)s (lower limit of the %(confidence)s confidence interval); %(changers)s of people are "
        "expected to change their answer in either direction."
    ),
    "kept_separate": N_(
        "With %(n)s answers right after the activity and %(n)s answers of other people 6 to 12 months later, the "
        "evaluation has a chance of %(power)s of showing that fewer than %(aim)s are lost again, starting from "
        "%(to)s and if the true loss is %(loss)s (lower limit of the %(confidence)s confidence interval)."
    ),
    "compared_linked": N_(
        "With %(n)s people with the campaign and %(n)s people in a comparison group, whose answers before and "
        "after can be linked, the evaluation has a chance of %(power)s of showing that the campaign adds %(gain)s "
        "to a change of %(trend)s without it, starting from %(from)s and %(comparison)s (two-sided test at %(alpha)s)."
    ),
    "compared_separate": N_(
        "With %(n)s answers each time with the campaign and %(n)s answers each time in a comparison group, from "
        "different people, the evaluation has a chance of %(power)s of showing that the campaign adds %(gain)s to "
        "a change of %(trend)s without it, starting from %(from)s and %(comparison)s (two-sided test at %(alpha)s)."
    ),
    "once": N_(
        "With %(n)s answers, a share of about %(from)s is known to within %(aim)s on either side (%(confidence)s "
        "confidence interval)."
    ),
}
CLUSTERS = N_(
    "People are met in %(clusters)s sessions or places of about %(size)s people; answers within one are expected to "
    "correlate by %(icc)s, which makes a design effect of %(effect)s."
)
CLUSTERS_EACH_TIME = N_(
    "People are met in %(clusters)s sessions or places of about %(size)s people each time; answers within one are "
    "expected to correlate by %(icc)s, which makes a design effect of %(effect)s."
)
CLUSTERS_OF_TWO = N_(
    "People are met in %(clusters)s sessions or places of about %(size)s people with the campaign and in as many in "
    "the comparison group; answers within one are expected to correlate by %(icc)s, which makes a design effect of "
    "%(effect)s."
)
UNEQUAL = N_("The number allows for sessions or places of unequal size (coefficient of variation %(cv)s).")
LOSSES_BY_CARD = N_(
    "Since %(declining)s may decline, %(not_found)s may not be found again and the cards of %(unmatched)s may not "
    "match, %(approach)s people will be approached."
)
LOSSES_BY_CARD_OF_TWO = N_(
    "Since %(declining)s may decline, %(not_found)s may not be found again and the cards of %(unmatched)s may not "
    "match, %(approach)s people will be approached in each of the two groups."
)
LOSSES_ONCE = N_("Since %(declining)s may decline, %(approach)s people will be approached.")
LOSSES = N_("Since %(declining)s may decline, %(approach)s people will be approached each time.")
LOSSES_OF_TWO = N_(
    "Since %(declining)s may decline, %(approach)s people will be approached each time in each of the two groups."
)
POPULATION = N_("The whole population is %(population)s people, and the finding will be about them only.")
METHOD = N_("The number was worked out with Éveil, after %(source)s.")


def parameters(found: Planned) -> dict[str, str]:
    """Every figure of the sentences as people of the language write it."""
    inputs, plan, language = found.inputs, found.plan, current_language()
    gain = found.aim if inputs.study not in (*KEPT, "once") else (inputs.gain or 0.0) / 100
    share = inputs.share / 100
    shares = {
        "from": share,
        "to": share + gain + (inputs.trend / 100 if inputs.compared else 0.0),
        "comparison": share if inputs.comparison is None else inputs.comparison / 100,
        "changers": found.changers,
        "power": inputs.power / 100,
        "confidence": inputs.confidence / 100,
        "alpha": 1 - inputs.confidence / 100,
        "declining": inputs.declining / 100,
        "not_found": inputs.not_found / 100,
        "unmatched": inputs.unmatched / 100,
    }
    points = {
        "aim": found.aim,
        "smallest": found.smallest,
        "gain": gain,
        "trend": inputs.trend / 100,
        "loss": inputs.loss / 100,
    }
    wholes = {
        "n": plan.n,
        "approach": found.groups[0].approach,
        "total": found.approach,
        "clusters": found.clusters,
        "population": inputs.population,
    }
    plain = {"icc": inputs.icc, "cv": inputs.cv, "size": found.cluster_size, "effect": plan.design_effect}
    return (
        {name: numbers.planned_share(value, language) for name, value in shares.items()}
        | {name: numbers.planned_points(value, language) for name, value in points.items()}
        | {name: numbers.whole(value, language) for name, value in wholes.items()}
        | {name: numbers.NOTHING if value is None else numbers.plain(value, language) for name, value in plain.items()}
        | {"source": _apart(SOURCES[plan.study], language)}
    )


def proposal(found: Planned) -> list[str]:
    """What is planned and what it rests on, a sentence each."""
    words = parameters(found)
    return [str(gettext(sentence, **words)) for sentence in _sentences(found)]


def _sentences(found: Planned) -> Iterator[str]:
    inputs = found.inputs
    yield STUDY[inputs.study]
    if found.clusters is not None:
        yield _of_clusters(inputs)
        if inputs.cv:
            yield UNEQUAL
    if found.plan.recruit_total > found.plan.total:
        yield _of_losses(inputs)
    if inputs.population is not None:
        yield POPULATION
    yield METHOD


def _of_clusters(inputs: Inputs) -> str:
    if inputs.compared:
        return CLUSTERS_OF_TWO
    return CLUSTERS if inputs.linked or inputs.study == "once" else CLUSTERS_EACH_TIME


def _of_losses(inputs: Inputs) -> str:
    if inputs.linked:
        return LOSSES_BY_CARD_OF_TWO if inputs.compared else LOSSES_BY_CARD
    if inputs.study == "once":
        return LOSSES_ONCE
    return LOSSES_OF_TWO if inputs.compared else LOSSES


def _apart(name: str, language: str) -> str:
    """A name in Latin letters keeps its own direction, and leaves the full stop to the sentence around it."""
    return f"\u2068{name}\u2069" if direction(language) == "rtl" else name
