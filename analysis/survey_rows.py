"""Rows of sampled people: what takes the place of the numbers of people who answer for nobody but themselves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from analysis.errors import listed
from analysis.frame import CodedFrame
from analysis.multiplicity import FAMILIES
from analysis.plan import Plan
from analysis.rows import Row, number
from analysis.sampling import Sampling
from analysis.survey.effects import kish_effect
from analysis.survey.estimation import Grouping, PartEstimates
from analysis.survey.wave_means import WaveMeans, wave_means
from analysis.survey_answers import Found, answer_blocks, complete, estimated, with_earlier_weights
from analysis.survey_keys import NO_TEST, difference_keys, effect_keys, heterogeneity, independence_tests, level_keys
from analysis.survey_ranks import ordinal_tests
from analysis.warning_codes import Warnings

Place = tuple[int, ...]


class SurveyRows:
    """Estimates of a sample, worked out once for all indicators, waves, pairs of waves and parts.

    ``within`` (rows,) are the rows of one arm: a part of what was drawn, whose strata and clusters stay those of all.
    Of the same people estimates at a wave rest on whoever answered there, changes on those who answered at both waves.
    """

    def __init__(
        self,
        plan: Plan,
        frame: CodedFrame,
        sampling: Sampling,
        waves: list[int],
        within: NDArray[np.bool_] | None = None,
    ) -> None:
        self.plan, self.frame, self.sampling, self.waves = plan, frame, sampling, waves
        self.pairs = list(combinations(waves, 2))
        self.groupings = [Grouping(split.of_row, len(split.segments)) for split in frame.partitions]
        self.columns = [list(split.columns) for split in frame.partitions]
        self.blocks = answer_blocks(plan, frame, within)
        self._found = self._estimated([] if plan.design.paired else self.pairs)
        self._of_pairs: dict[tuple[int, int], dict[int, Found]] = {}

    def means(self, indicator: int) -> WaveMeans:
        """The means of an indicator of separate samples over everybody, from which retention is made."""
        found = self._found[indicator]
        return wave_means(found.made[0], found.at, len(self.plan.design.waves), self.pairs)

    def estimates(self) -> dict[Place, Row]:
        """For every indicator, wave and part (i, w, p)."""
        found: dict[Place, Row] = {}
        for i, of_indicator in self._found.items():
            for part, made, p in self.parts(of_indicator):
                for w in self.waves:
                    found[i, w, p] = self._level(i, made, (of_indicator.at, w, part))
        return found

    def of_pair(self, earlier: int, later: int) -> tuple[dict[int, Found], int]:
        """What changes between two waves rest on, and the place of the pair therein."""
        pair = earlier, later
        if not self.plan.design.paired:
            return self._found, self.pairs.index(pair)
        if pair not in self._of_pairs:
            self._of_pairs[pair] = self._estimated([pair], pair)
        return self._of_pairs[pair], 0

    def changes(self, earlier: int, later: int) -> dict[Place, Row]:
        """For every indicator and part (i, p)."""
        found: dict[Place, Row] = {}
        of_pair, pair = self.of_pair(earlier, later)
        for i, of_indicator in of_pair.items():
            at = of_indicator.at
            for part, made, p in self.parts(of_indicator):
                ends = {
                    "from": self._level(i, made, (at, earlier, part)),
                    "to": self._level(i, made, (at, later, part)),
                }
                found[i, p] = self._change(i, made, (at, pair, part), (earlier, later), ends)
            if of_indicator.beside:
                found[i, 0] |= {
                    f"se_by_{unit}": number(one[0].changes.se[at, pair, 0])
                    for unit, one in zip(("cluster", "enumerator"), of_indicator.beside, strict=True)
                }
        for i, tests in ordinal_tests(self.plan, self.frame, self.sampling, self.blocks, (earlier, later)):
            found[i, 0]["more_tests"] += tests
        return found

    def interactions(self, earlier: int, later: int, hidden: NDArray[np.bool_]) -> list[Row]:
        """One row for every indicator and split, p adjusted over the rows of one pair of waves."""
        (of_pair, pair), names = self.of_pair(earlier, later), self.plan.design.waves
        rows: list[Row] = []
        for i in sorted(of_pair):
            start = 0
            for split, columns, grouping in zip(of_pair[i].made, self.columns, self.groupings, strict=True):
                shown = not hidden[i, start : start + grouping.parts].any()
                start += grouping.parts
                if columns:
                    about: Row = {"indicator": self.plan.indicators[i].id, "from": names[earlier], "to": names[later]}
                    test = heterogeneity(split, (of_pair[i].at, pair)) if shown else NO_TEST
                    rows.append(about | {"by": columns, "test": test, "hidden": not shown})
        p = np.array([np.nan if row["test"]["p"] is None else row["test"]["p"] for row in rows])
        adjusted = FAMILIES[self.plan.family](p)
        return [row | {"p_adjusted": number(value)} for row, value in zip(rows, adjusted, strict=True)]

    def clustering(self) -> list[Row]:
        """Of every indicator at every wave over everybody: design effects, and how alike people of a cluster answer."""
        answered = {i: one for block in self.blocks for i, one in zip(block.which, block.answered, strict=True)}
        rows = []
        for i in sorted(self._found):
            for w in self.waves:
                about: Row = {"indicator": self.plan.indicators[i].id, "wave": self.plan.design.waves[w]}
                weight = self.sampling.design.weight[answered[i] & (self.frame.wave == w)]
                rows.append(about | self._effects(self._found[i], w, kish_effect(weight) if len(weight) else np.nan))
        return rows

    def _effects(self, found: Found, wave: int, kish: float) -> Row:
        made, place = found.made[0], (found.at, wave, 0)
        effect, n, clusters, icc = (array[place] for array in (made.design_effect, made.n, made.psus, made.likeness))
        size = n / clusters if clusters else np.nan
        return {
            "clusters": int(clusters),
            "n": int(n),
            "icc": number(icc),
            "icc_by_enumerator": number(found.beside[1][0].likeness[place]) if found.beside else None,
            "deff": number(effect),
            "n_effective": number(n / effect) if effect > 0 else None,
            "deff_with_replacement": number(made.effect_with_replacement[place]),
            "kish_effect": number(kish),
            "n_effective_kish": number(n / kish),
            "mean_cluster_size": number(size),
            "cluster_effect": number(1 + (size - 1) * icc),
        }

    def _estimated(self, pairs: list[tuple[int, int]], complete_at: tuple[int, int] | None = None) -> dict[int, Found]:
        found: dict[int, Found] = {}
        sampling, waves = self.sampling, len(self.plan.design.waves)
        if complete_at:
            sampling = with_earlier_weights(sampling, self.frame, complete_at)
        for block in self.blocks:
            answers = complete(block, self.frame, complete_at) if complete_at else block
            found |= estimated(answers, self.frame, sampling, waves, self.groupings, pairs)
        return found

    def parts(self, found: Found) -> Iterator[tuple[int, PartEstimates, int]]:
        """Every part within its split, the split's estimates, and its place among the parts of all splits."""
        p = 0
        for split, grouping in zip(found.made, self.groupings, strict=True):
            for part in range(grouping.parts):
                yield part, split, p
                p += 1

    def _level(self, i: int, made: PartEstimates, place: Place) -> Row:
        share, plan = self.plan.indicators[i].binary, self.plan
        return level_keys(made, place, plan.methods.sample_share_interval, plan.confidence, share=share)

    def warn(self, warnings: Warnings) -> None:
        """Say where answers vary more between interviewers than between clusters."""
        found = []
        for i, of_indicator in self._found.items():
            if of_indicator.beside is None:
                continue
            (among, *_), (between, *_) = of_indicator.beside
            at = of_indicator.at
            wider = (between.se > among.se)[at, :, 0].any() or (between.changes.se > among.changes.se)[at].any()
            if wider:
                found.append((self.plan.indicators[i].id, np.nanmax(between.likeness[at, :, 0], initial=0)))
        if found:
            names, icc = zip(*found, strict=True)
            column = self.plan.design.enumerator
            warnings.add("enumerator_effect", column=column, indicators=listed(names), icc=f"{max(icc):.2f}")

    def _change(self, i: int, made: PartEstimates, place: Place, waves: tuple[int, int], ends: dict[str, Row]) -> Row:
        psus = made.changes.psus[place]
        fewest = min(made.n[place[0], wave, place[2]] for wave in waves)
        row = difference_keys(made.changes, place, self.plan.methods.sample_test, self.plan.confidence, fewest)
        row |= {
            "clusters": int(psus) if np.isfinite(psus) else None,
            "more_tests": list(independence_tests(made, place)),
            "more_effects": [],
        }
        earlier, later = ends["from"], ends["to"]
        row["effect"] = effect_keys(earlier["estimate"], later["estimate"], share=self.plan.indicators[i].binary)
        row["difference_unweighted"] = None
        if earlier["unweighted"] is not None and later["unweighted"] is not None:
            row["difference_unweighted"] = later["unweighted"] - earlier["unweighted"]
        for end, level in ends.items():
            row |= {f"estimate_{end}": level["estimate"], f"interval_{end}": level["interval"]}
        return row
