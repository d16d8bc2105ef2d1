"""The same people at several waves, some lost: GEE (exchangeable, independence, weighted) and mixed models."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from analysis.attrition import weights_of_found
from analysis.models.clustered import Codes
from analysis.models.mixed import mixed_linear, mixed_logistic
from analysis.models.panel import PanelModel, contrast, difference_of_shares, gee_logit, normal_contrast
from analysis.survey.errors import SurveyError
from bench.chances.lines import SEED, Found, Line, Numbers

BEFORE, AFTER, LIKENESS = 0.40, 0.55, 0.40  # shares of yes, and the correlation of a person's two answers
CHANGE, LOG_ODDS = AFTER - BEFORE, float(logit(AFTER) - logit(BEFORE))
KEPT = (0.50, 0.85)  # shares found again of those who said no and yes at first
EARLIER, LATER = np.array([1.0, 0.0]), np.array([1.0, 1.0])
FEW = "normal quantiles, few people"
LEANS = "those who said no are lost more often"


def lines(draws: int) -> Iterator[Line]:
    random = np.random.default_rng(SEED + 6)
    yield from nobody_lost(draws, random)
    yield from lost_by_first_answer(draws, random)
    yield from mixed(draws, random)


class Panel(NamedTuple):
    before: Numbers  # (people,)
    after: Numbers
    found: NDArray[np.bool_]

    def rows(self, weight_later: Numbers | None = None) -> tuple[Numbers, Numbers, Codes, Numbers]:
        """Answers, columns (1, wave), person and weight: every first answer, and the later ones of those found."""
        n = len(self.before)
        there = np.concatenate([np.ones(n, dtype=bool), self.found])
        y, wave = np.concatenate([self.before, self.after]), np.repeat([0.0, 1.0], n)
        weight = np.concatenate([np.ones(n), np.ones(n) if weight_later is None else weight_later])
        x = np.column_stack([np.ones(2 * n), wave])
        return y[there], x[there], np.tile(np.arange(n), 2)[there], weight[there]


def panel(random: np.random.Generator, n: int, kept: tuple[float, float] = (1.0, 1.0)) -> Panel:
    """Pairs of answers with the shares and the correlation above; who is found again depends on the first answer."""
    both = BEFORE * AFTER + LIKENESS * np.sqrt(BEFORE * (1 - BEFORE) * AFTER * (1 - AFTER))
    before = random.uniform(size=n) < BEFORE
    after = random.uniform(size=n) < np.where(before, both / BEFORE, (AFTER - both) / (1 - BEFORE))
    found = random.uniform(size=n) < np.where(before, kept[1], kept[0])
    return Panel(before.astype(float), after.astype(float), found)


def _judge(found: Found, name: str, model: PanelModel) -> None:
    odds, shares = contrast(model, LATER - EARLIER), difference_of_shares(model, LATER, EARLIER)
    found.covers(f"{name}: log-odds", odds.low, odds.high, LOG_ODDS)
    found.covers(f"{name}: shares", shares.low, shares.high, CHANGE)


def nobody_lost(draws: int, random: np.random.Generator) -> Iterator[Line]:
    for n in (30, 100):
        found = Found(f"{n} people, 40 to 55 %, none lost")
        if n < 50:
            names = ("gee exchangeable", "gee independence", "gee Mancl–DeRouen")
            found.notes = {f"{name}: {scale}": FEW for name in names for scale in ("log-odds", "shares")}
        for _ in range(draws):
            y, x, person, _weight = panel(random, n).rows()
            _judge(found, "gee exchangeable", gee_logit(y, x, person))
            _judge(found, "gee independence", gee_logit(y, x, person, working="independence"))
            _judge(found, "gee Mancl–DeRouen", gee_logit(y, x, person, small_sample=True))
        yield from found.lines()


def lost_by_first_answer(draws: int, random: np.random.Generator, n: int = 400) -> Iterator[Line]:
    """Half of those who said no at first are lost, and 15 % of those who said yes."""
    found = Found(f"{n} people, lost by first answer")
    for name in ("complete pairs", "gee independence"):
        found.notes |= dict.fromkeys((f"{name}: {what}" for what in ("change", "log-odds", "shares")), LEANS)
    for what in ("change", "log-odds", "shares"):
        found.notes[f"gee exchangeable: {what}"] = "nearly repaired: its correlation is that of those found"
    found.notes["gee weighted: shares"] = "takes the weights as known: a little wide"
    for _ in range(draws):
        people = panel(random, n, KEPT)
        y, x, person, _weight = people.rows()
        again = people.found
        pairs = Panel(people.before[again], people.after[again], again[again]).rows()[:3]
        found_weight = weights_of_found(again, np.column_stack([np.ones(n), people.before])).weight
        y, x, person, weight = people.rows(found_weight)
        for name, model in (
            ("complete pairs", gee_logit(*pairs)),
            ("gee independence", gee_logit(y, x, person, working="independence")),
            ("gee exchangeable", gee_logit(y, x, person)),
            ("gee weighted", gee_logit(y, x, person, working="independence", weight=weight)),
        ):
            found.gives(f"{name}: change", CHANGE, [difference_of_shares(model, LATER, EARLIER).value])
            _judge(found, name, model)
    yield from found.lines()


def mixed(draws: int, random: np.random.Generator, n: int = 80, rise: float = 1.0) -> Iterator[Line]:
    """Two waves; a person's level is normal with a standard deviation of 1.5 log-odds, or of 3 points of a score."""
    logistic, linear = Found(f"{n} people, 2 waves, σ = 1.5"), Found(f"{n} people, 3 waves, a fifth of answers lost")
    person, wave = np.repeat(np.arange(n), 2), np.tile([0.0, 1.0], n)
    x = np.column_stack([np.ones(2 * n), wave])
    for _ in range(draws // 15):
        predictor = np.repeat(random.normal(0, 1.5, n), 2) - 0.5 + rise * wave
        y = (random.uniform(size=2 * n) < expit(predictor)).astype(float)
        try:
            made = mixed_logistic(y, x, person)
        except SurveyError:  # groups whose spread grows without end have no estimate: the report says so
            continue
        interval = normal_contrast(float(made.coefficients[1]), float(made.covariance[1, 1]))
        logistic.covers("mixed_logistic", interval.low, interval.high, rise)
    for _ in range(draws):
        there = random.uniform(size=3 * n) < 0.8
        person, wave = np.repeat(np.arange(n), 3)[there], np.tile(np.arange(3.0), n)[there]
        y = 10 + rise * wave + random.normal(0, 3, n)[person] + random.normal(0, 2, len(wave))
        made = mixed_linear(y, np.column_stack([np.ones(len(wave)), wave]), person)
        interval = normal_contrast(float(made.coefficients[1]), float(made.covariance[1, 1]))
        linear.covers("mixed_linear", interval.low, interval.high, rise)
    yield from logistic.lines()
    yield from linear.lines()
