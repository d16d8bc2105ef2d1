"""Answers on five levels and scores: rank tests, proportional odds, signed ranks, t; separate samples and pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from scipy.special import expit, logit

from analysis import means, ordered, rank_samples, signed_ranks
from bench.chances.lines import SEED, Found, Line, Numbers

LEVELS = np.arange(5.0)
ALIKE = np.array([0.10, 0.20, 0.35, 0.25, 0.10])
NARROW, WIDE = np.array([0.05, 0.2, 0.5, 0.2, 0.05]), np.array([0.3, 0.1, 0.2, 0.1, 0.3])

SAMPLE_TESTS: Mapping[str, Callable[[Numbers, Numbers], float]] = {
    "brunner_munzel": lambda later, earlier: rank_samples.brunner_munzel(later, earlier).p,
    "mann_whitney": lambda later, earlier: rank_samples.mann_whitney(later, earlier)[1],
    "mann_whitney_corrected": lambda later, earlier: rank_samples.mann_whitney(later, earlier, corrected=True)[1],
    "mann_whitney_exact": rank_samples.mann_whitney_exact,
    "welch": lambda later, earlier: means.welch(later, earlier).p,
    "proportional_odds": lambda later, earlier: ordered.proportional_odds(later, earlier).p,
}
CAUTIOUS = "cautious where few moved"
UNLIKE = "supposes that both waves spread alike"


def lines(draws: int) -> Iterator[Line]:
    random = np.random.default_rng(SEED)
    yield from samples_alike(draws, random)
    yield from samples_of_unlike_spread(draws, random)
    yield from effects_of_samples(draws, random)
    yield from pairs(draws, random)
    yield from three_waves_and_doses(draws, random)
    yield from skewed_scores(draws, random)


def samples_alike(draws: int, random: np.random.Generator) -> Iterator[Line]:
    found = Found("five levels, 25 + 40, nothing changed")
    for _ in range(draws):
        later, earlier = (random.choice(LEVELS, n, p=ALIKE) for n in (25, 40))
        for name, test in SAMPLE_TESTS.items():
            found.rejects(name, test(later, earlier))
    yield from found.lines()


def samples_of_unlike_spread(draws: int, random: np.random.Generator) -> Iterator[Line]:
    """The later sample is smaller and spreads more, with the same superiority (½) and mean."""
    names = [name for name in SAMPLE_TESTS if name != "mann_whitney_exact"]  # slow, and as mann_whitney
    supposing = [name for name in names if name.startswith(("mann", "prop"))]
    found = Found("five levels, 25 + 40, unlike spreads", dict.fromkeys(supposing, UNLIKE))
    for _ in range(draws):
        later, earlier = random.choice(LEVELS, 25, p=WIDE), random.choice(LEVELS, 40, p=NARROW)
        interval = rank_samples.brunner_munzel(later, earlier)
        found.covers("brunner_munzel interval", interval.low, interval.high, 0.5)
        for name in names:
            found.rejects(name, SAMPLE_TESTS[name](later, earlier))
    yield from found.lines()


def effects_of_samples(draws: int, random: np.random.Generator, odds: float = 2.0, n: int = 60) -> Iterator[Line]:
    """The later answers are higher by one odds ratio at every level."""
    shifted = np.diff(expit(np.append(logit(ALIKE.cumsum()[:-1]) - np.log(odds), np.inf)), prepend=0.0)
    truth = float(shifted @ (ALIKE.cumsum() - ALIKE / 2))
    found = Found(f"five levels, {n} + {n}, odds ratio {odds:g}")
    for _ in range(draws):
        later, earlier = random.choice(LEVELS, n, p=shifted), random.choice(LEVELS, n, p=ALIKE)
        model, above = ordered.proportional_odds(later, earlier), rank_samples.brunner_munzel(later, earlier)
        welch = means.welch(later, earlier)
        found.covers("proportional_odds interval", model.low, model.high, odds)
        found.covers("superiority (brunner_munzel)", above.low, above.high, truth)
        found.covers("welch interval", welch.low, welch.high, float((shifted - ALIKE) @ LEVELS))
    yield from found.lines()


def pairs(draws: int, random: np.random.Generator, n: int = 30) -> Iterator[Line]:
    """Both waves are cut from two correlated normal numbers at the same places: ties, zeros, no change."""
    found = Found(f"{n} pairs, five levels, nothing changed", {"sign": CAUTIOUS, "stuart_maxwell": CAUTIOUS})
    cuts = np.array([-1.28, -0.52, 0.39, 1.28])
    for _ in range(draws):
        own = random.normal(size=n)
        earlier, later = (np.searchsorted(cuts, own + random.normal(size=n)).astype(float) for _ in range(2))
        change = later - earlier
        ranks, pratt = signed_ranks.signed_ranks(change), signed_ranks.signed_ranks(change, pratt=True)
        found.rejects("signed_rank_exact", signed_ranks.signed_rank_exact(ranks))
        found.rejects("signed_rank_asymptotic", signed_ranks.signed_rank_asymptotic(ranks)[1])
        found.rejects("signed_rank_pratt_exact", signed_ranks.signed_rank_exact(pratt))
        found.rejects("signed_rank_pratt_asymptotic", signed_ranks.signed_rank_asymptotic(pratt)[1])
        found.rejects("sign", signed_ranks.sign_test(change))
        found.rejects("stuart_maxwell", ordered.stuart_maxwell(ordered.crosstable(earlier, later)).p)
        found.rejects("paired_t", means.mean(change).p)
    yield from found.lines()


def three_waves_and_doses(draws: int, random: np.random.Generator) -> Iterator[Line]:
    waves, doses = Found("40 people, three waves, nothing changed"), Found("30 people at each of three doses, alike")
    for _ in range(draws):
        share = random.beta(1.2, 1.8, (40, 1))
        waves.rejects("cochran_q", ordered.cochran_q((random.uniform(size=(40, 3)) < share).astype(np.int64)).p)
        yes = random.binomial(30, 0.3, 3).astype(float)
        doses.rejects("cochran_armitage", ordered.cochran_armitage(yes, np.full(3, 30.0), LEVELS[:3]).p)
    yield from waves.lines()
    yield from doses.lines()


def skewed_scores(draws: int, random: np.random.Generator) -> Iterator[Line]:
    """Scores with a long tail to the right (lognormal) in one wave, and changes with such a tail."""
    apart, linked = Found("scores with a long tail, 20 + 40"), Found("15 pairs, changes with a tail")
    note = "few and lopsided: t leans on the mean being near normal"
    apart.notes["welch interval"] = linked.notes["paired_t interval"] = note
    for _ in range(draws):
        later, earlier = random.lognormal(0, 0.8, 20), random.normal(1, 0.5, 40)
        welch = means.welch(later, earlier)
        apart.covers("welch interval", welch.low, welch.high, float(np.exp(0.32)) - 1)
        change = means.mean(random.gamma(2.0, 1.0, 15))
        linked.covers("paired_t interval", change.low, change.high, 2.0)
    yield from apart.lines()
    yield from linked.lines()
