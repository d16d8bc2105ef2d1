"""Rows of sampled people: what takes the place of the numbers of people who answer for nobody but themselves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from analysis.cluster_rows import values_of
from analysis.columns import looked_up
from analysis.counts import state_values
from analysis.enumerators import with_enumerators
from analysis.errors import listed
from analysis.frame import CodedFrame
from analysis.intervals import Numbers
from analysis.multiplicity import FAMILIES
from analysis.plan import Plan
from analysis.rows import Row, limits, number, why_null
from analysis.sampling import Sampling
from analysis.score_rows import tried
from analysis.score_tests import Tried
from analysis.survey.design import SurveyDesign
from analysis.survey.estimation import Grouping, PartEstimates, estimate_survey
from analysis.survey.inference import beta_interval, logit_interval, t_interval, t_test
from analysis.warning_codes import Warnings

Place = tuple[int, ...]


class SurveyRows:
    """Estimates of a sample, worked out once for all indicators, waves, pairs of waves and parts.

    ``within`` (rows,) are the rows of one arm: a part of what was drawn, whose strata and clusters stay those of all.
    """

    def __init__(
        self,
        plan: Plan,
        frame: CodedFrame,
        sampling: Sampling,
        waves: list[int],
        within: NDArray[np.bool_] | None = None,
    ) -> None:
        self.plan, self.sampling, self.waves = plan, sampling, waves
        self._beside: dict[int, tuple[list[PartEstimates], list[PartEstimates]]] = {}  # by cluster, by interviewer
        self.pairs = list(combinations(waves, 2))
        self.groupings = [Grouping(split.of_row, len(split.segments)) for split in frame.partitions]
        self.columns = [list(split.columns) for split in frame.partitions]
        self._found: dict[int, tuple[list[PartEstimates], int]] = {}
        outside = np.zeros(len(frame.wave), dtype=bool) if within is None else ~within
        scores = list(frame.scores)
        shares = [i for i in range(len(plan.indicators)) if i not in frame.scores]
        if shares:
            of_state = state_values(plan)
            answers = np.stack([looked_up(of_state[i], frame.states[i]) for i in shares])
            answers[:, outside] = -1
            self._estimate(answers, frame, shares)
        if scores:
            every = list(values_of(plan, frame))
            numbers = np.stack([every[i] for i in scores])
            numbers[:, outside] = np.nan
            self._estimate(numbers, frame, scores)

    def estimates(self) -> dict[Place, Row]:
        """For every indicator, wave and part (i, w, p)."""
        found: dict[Place, Row] = {}
        for i in self._found:
            for part, made, at, p in self._parts(i):
                for w in self.waves:
                    found[i, w, p] = self._level(i, made, (at, w, part))
        return found

    def changes(self, earlier: int, later: int) -> dict[Place, Row]:
        """For every indicator and part (i, p)."""
        found: dict[Place, Row] = {}
        pair = self.pairs.index((earlier, later))
        for i in self._found:
            for part, made, at, p in self._parts(i):
                ends = {
                    "from": self._level(i, made, (at, earlier, part)),
                    "to": self._level(i, made, (at, later, part)),
                }
                found[i, p] = self._change(i, made, (at, pair, part), ends)
            if i in self._beside:
                found[i, 0] |= {
                    f"se_by_{unit}": number(one[0].changes.se[at, pair, 0])
                    for unit, one in zip(("cluster", "enumerator"), self._beside[i], strict=True)
                }
        return found

    def interactions(self, earlier: int, later: int, hidden: NDArray[np.bool_]) -> list[Row]:
        """One row for every indicator and split, p adjusted over the rows of one pair of waves."""
        pair, names = self.pairs.index((earlier, later)), self.plan.design.waves
        rows: list[Row] = []
        for i in sorted(self._found):
            made, at = self._found[i]
            start = 0
            for split, columns, grouping in zip(made, self.columns, self.groupings, strict=True):
                shown = not hidden[i, start : start + grouping.parts].any()
                start += grouping.parts
                if columns:
                    about: Row = {"indicator": self.plan.indicators[i].id, "from": names[earlier], "to": names[later]}
                    test = _heterogeneity(split, (at, pair)) if shown else _NOTHING
                    rows.append(about | {"by": columns, "test": test, "hidden": not shown})
        p = np.array([np.nan if row["test"]["p"] is None else row["test"]["p"] for row in rows])
        adjusted = FAMILIES[self.plan.family](p)
        return [row | {"p_adjusted": number(value)} for row, value in zip(rows, adjusted, strict=True)]

    def clustering(self) -> list[Row]:
        """Of every indicator at every wave over everybody: design effect, and how alike people of a cluster answer."""
        rows = []
        for i in sorted(self._found):
            made, at = self._found[i]
            for w in self.waves:
                effect, n = made[0].design_effect[at, w, 0], made[0].n[at, w, 0]
                rows.append(
                    {
                        "indicator": self.plan.indicators[i].id,
                        "wave": self.plan.design.waves[w],
                        "clusters": int(made[0].psus[at, w, 0]),
                        "n": int(n),
                        "icc": number(made[0].likeness[at, w, 0]),
                        "icc_by_enumerator": number(self._beside[i][1][0].likeness[at, w, 0])
                        if i in self._beside
                        else None,
                        "deff": number(effect),
                        "n_effective": number(n / effect) if effect > 0 else None,
                    }
                )
        return rows

    def _estimate(self, answers: Numbers | NDArray[np.int8], frame: CodedFrame, which: list[int]) -> None:
        def estimated(design: SurveyDesign) -> list[PartEstimates]:
            waves = len(self.plan.design.waves)
            return estimate_survey(answers, design, frame.wave, waves, self.groupings, self.pairs)

        sampling, made = self.sampling, estimated(self.sampling.design)
        if sampling.enumerators:
            beside = estimated(sampling.enumerators)
            both = estimated(sampling.both) if sampling.both else [None] * len(made)
            self._beside |= dict.fromkeys(which, (made, beside))
            made = [with_enumerators(*of_split) for of_split in zip(made, beside, both, strict=True)]
        self._found |= {i: (made, at) for at, i in enumerate(which)}

    def _parts(self, i: int) -> Iterator[tuple[int, PartEstimates, int, int]]:
        made, at = self._found[i]
        p = 0
        for split, grouping in zip(made, self.groupings, strict=True):
            for part in range(grouping.parts):
                yield part, split, at, p
                p += 1

    def _level(self, i: int, made: PartEstimates, place: Place) -> Row:
        share = self.plan.indicators[i].binary
        value, se, df = (array[place] for array in (made.estimate, made.se, made.df))
        interval = _interval_of_share(made, place, self.plan.confidence) if share else None
        interval = interval or ("t", *t_interval(value, se, df, self.plan.confidence))
        reason = "clusters_do_not_differ" if se == 0 and df >= 1 else "too_few_clusters"
        reason = reason if made.n[place] else "no_answers"
        return {
            "estimate": number(value),
            "se": number(se),
            "deff": number(made.design_effect[place]),
            "interval": limits(float(interval[1]), float(interval[2]), interval[0], reason),
            "unweighted": number(made.x[place] / made.n[place]) if made.n[place] else None,
        } | ({} if share else {"x": None})

    def warn(self, warnings: Warnings) -> None:
        """Say where answers vary more between interviewers than between clusters."""
        found = []
        for i, (by_cluster, by_enumerator) in self._beside.items():
            at, between, among = self._found[i][1], by_enumerator[0], by_cluster[0]
            wider = (between.se > among.se)[at, :, 0].any() or (between.changes.se > among.changes.se)[at].any()
            if wider:
                found.append((self.plan.indicators[i].id, np.nanmax(between.likeness[at, :, 0], initial=0)))
        if found:
            names, icc = zip(*found, strict=True)
            column = self.plan.design.enumerator
            warnings.add("enumerator_effect", column=column, indicators=listed(names), icc=f"{max(icc):.2f}")

    def _change(self, i: int, made: PartEstimates, place: Place, ends: dict[str, Row]) -> Row:
        changes = made.changes
        value, se, df = (array[place] for array in (changes.estimate, changes.se, changes.df))
        low, high = t_interval(value, se, df, self.plan.confidence)
        reason = "clusters_do_not_differ" if se == 0 else "too_few_clusters"
        t, p = t_test(value, se, df)
        score = made.tests.f[place], made.tests.p[place]
        further = [Tried("rao_scott_f", float(score[0]), float(score[1]))]
        row: Row = {
            "difference": number(value),
            "se": number(se),
            "df": number(df),
            "clusters": int(changes.psus[place]) if np.isfinite(changes.psus[place]) else None,
            "interval": limits(float(low), float(high), "linearised_t", reason),
            "test": tried(Tried("linearised_t", float(t), float(p)), reason),
            "more_tests": [tried(test, reason) for test in further if np.isfinite(test.p)],
            "more_effects": [],
        } | why_null(value, "no_answers")
        earlier, later = ends["from"], ends["to"]
        row["effect"] = _effect(earlier["estimate"], later["estimate"], share=self.plan.indicators[i].binary)
        row["difference_unweighted"] = None
        if earlier["unweighted"] is not None and later["unweighted"] is not None:
            row["difference_unweighted"] = later["unweighted"] - earlier["unweighted"]
        for end, level in ends.items():
            row |= {f"estimate_{end}": level["estimate"], f"interval_{end}": level["interval"]}
        return row


def _interval_of_share(made: PartEstimates, place: Place, confidence: float) -> tuple[str, Numbers, Numbers]:
    """Logit; the beta interval where all said yes or all said no, which the logit cannot serve."""
    value, se, df = (array[place] for array in (made.estimate, made.se, made.df))
    if value in (0, 1):
        return "beta", *beta_interval(value, se, df, made.n[place], confidence)
    return "logit_t", *logit_interval(value, np.where(se > 0, se, np.nan), df, confidence)


_NOTHING: Row = {"method": None, "statistic": None, "df": None, "df_between": None, "p": None}


def _heterogeneity(made: PartEstimates, place: Place) -> Row:
    found = made.interactions
    statistic, df, between, p = (array[place] for array in (found.f, found.ndf, found.ddf, found.p))
    return {
        "method": "heterogeneity_f",
        "statistic": number(statistic),
        "df": number(df),
        "df_between": number(between),
        "p": number(p),
    } | why_null(p, "too_few_parts")


def _effect(earlier: float | None, later: float | None, *, share: bool) -> Row:
    """Cohen's h of the weighted shares; a score of a sample has none that is agreed upon."""
    if not share:
        return {"name": "hedges_g", "value": None, "reason": "not_defined_for_samples"}
    if earlier is None or later is None:
        return {"name": "cohens_h", "value": None, "reason": "no_answers"}
    return {"name": "cohens_h", "value": float(2 * np.arcsin(np.sqrt(later)) - 2 * np.arcsin(np.sqrt(earlier)))}
