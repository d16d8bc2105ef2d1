"""What can be wrong with a survey design, each with one English sentence that callers translate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from analysis.errors import N_, DataError, listed

NAMED = 5

SENTENCES: dict[str, str] = {
    "weight_missing": N_("The weight is missing in rows %(names)s; fill it in or exclude these rows."),
    "weight_not_positive": N_(
        "The weight must be above 0, but is not in rows %(names)s; correct it or exclude these rows."
    ),
    "weight_infinite": N_("The weight is not a finite number in rows %(names)s; correct it."),
    "stratum_missing": N_("The stratum is missing in rows %(names)s; fill it in or exclude these rows."),
    "cluster_missing": N_("The cluster is missing in rows %(names)s; fill it in or exclude these rows."),
    "cluster_in_two_strata": N_(
        "The clusters %(names)s appear in more than one stratum; give every cluster its own name or one stratum."
    ),
    "lonely_cluster": N_(
        "The strata %(names)s have a single cluster, which cannot show how clusters differ; join them to a similar "
        "stratum, or say under “lonely_cluster” how to treat them."
    ),
    "one_cluster": N_(
        "There is a single cluster, or a single person, which cannot show how answers vary; no interval can be given."
    ),
    "fpc_unusable": N_(
        "The size of the population is missing or not above 0 in rows %(names)s; give the number of clusters, or of "
        "people where there are no clusters, in the stratum."
    ),
    "fpc_varies": N_("The size of the population differs within the strata %(names)s; give one number per stratum."),
    "fpc_mixed": N_(
        "The sizes of the population mix numbers above 1 with shares below 1; give the number in every stratum, or "
        "the share that was drawn in every stratum."
    ),
    "fpc_too_small": N_(
        "More was drawn than the population holds in the strata %(names)s; give the number of clusters, or of people "
        "where there are no clusters, in the whole stratum."
    ),
    "value_infinite": N_("A value is not a finite number in rows %(names)s; correct it."),
    "collinear": N_("The columns of the model repeat one another, so their parts cannot be told apart; leave one out."),
    "separated": N_("A group answered all yes or all no, so the log-odds have no finite estimate; use differences."),
    "no_spread": N_(
        "Answers do not differ beyond what the model explains, so it has no error to judge by; use changes."
    ),
    "no_rows": N_("There is no row to analyse; check the exclusions and the waves."),
    "target_missing": N_("The population share of %(names)s is missing or not above 0; give it or join the group."),
    "target_without_rows": N_("Nobody was asked in the group %(names)s of the population; join it to another group."),
    "targets_disagree": N_("The population margins have different totals; give shares that sum to 1 in each margin."),
    "calibrated_not_positive": N_("Meeting the population margins would need weights of 0 or below; rake instead."),
    "raking_did_not_settle": N_("The weights cannot meet all population margins at once; use fewer or broader groups."),
}


class SurveyError(DataError):
    """The design cannot be analysed as it is given; ``code`` and ``params`` let callers translate the sentence."""

    sentences: ClassVar[Mapping[str, str]] = SENTENCES


def refuse(code: str, wrong: NDArray[Any], names: Sequence[object] | None) -> None:
    """Raise ``code`` naming the first places where ``wrong`` is true; without names they count from 1.

    >>> refuse("weight_missing", np.array([False, True]), None)
    Traceback (most recent call last):
    analysis.survey.errors.SurveyError: The weight is missing in rows 2; fill it in or exclude these rows.
    """
    places = np.flatnonzero(wrong)
    if places.size:
        found = [places[i] + 1 if names is None else names[int(places[i])] for i in range(min(NAMED, places.size))]
        raise SurveyError(code, names=listed(found) + (" …" if places.size > NAMED else ""))
