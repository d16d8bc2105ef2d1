"""People in groups, each group with a level of its own: mixed models with a random intercept.

The coefficients of the logistic one speak of odds within a group, not of shares in the population: they are larger than
those of GEE, by a factor of about √(1 + 0.35σ²), and answer another question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.polynomial.hermite import hermgauss
from scipy.special import expit, log_expit, logsumexp

from analysis.intervals import Numbers, as_numbers
from analysis.models.clustered import Codes
from analysis.models.fitting import fit_logistic, information_inverse
from analysis.survey.errors import SurveyError

MODE_STEPS = 50
POLISHING = 8
LOGISTIC_SD = float(np.pi / np.sqrt(3))
LARGEST_SD = 10.0  # of a random intercept: beyond it every group is all yes or all no
NO_SPREAD = 1e-24  # of the sum of squares: what rounding leaves


@dataclass(frozen=True)
class MixedModel:
    """Coefficients, their covariance, and the spread of the groups' own levels. Log-odds, or the units of y."""

    coefficients: Numbers  # (k,)
    covariance: Numbers  # (k, k)
    sd: float  # of the random intercept
    residual_sd: float  # of the answers within groups; that of the logistic distribution for yes/no answers
    log_likelihood: float
    groups: int

    @property
    def se(self) -> Numbers:
        se: Numbers = np.sqrt(np.diag(self.covariance))
        return se

    @property
    def likeness(self) -> float:
        """The intraclass correlation: σ²/(σ² + residual variance)."""
        whole = self.sd**2 + self.residual_sd**2
        return self.sd**2 / whole if whole else float("nan")  # nobody differs from anybody


def mixed_logistic(y: Numbers, x: Numbers, group: Codes, nodes: int = 15) -> MixedModel:
    """Logistic regression with a normal random intercept for every group, by adaptive Gauss–Hermite quadrature.

    Formula: maximises Σ_g log ∫ Π_i p_i^y(1 − p_i)^(1−y) φ(u) du with p = expit(x'β + σu); each integral on ``nodes``
    points centred at its mode and scaled by its curvature (one node is Laplace's approximation, which is biased).
    Covariance: inverse of the observed information of (β, σ). Source: Pinheiro & Bates (1995), J. Comput. Graph. Stat.
    4, 12–35; R lme4::glmer(nAGQ = nodes). Units: log-odds. Shapes: y (n,) 0 or 1, x (n, k), group (n,).
    Errors: SurveyError ``no_rows``, ``collinear``, ``separated`` (also where the groups' spread grows without end),
    ``one_cluster``.

    >>> y = np.array([1, 1, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 0, 1.0])
    >>> made = mixed_logistic(y, np.column_stack([np.ones(16), np.arange(16) % 2]), np.repeat(np.arange(4), 4))
    >>> made.coefficients.round(3).tolist(), made.groups
    ([-0.511, 1.022], 4)
    """
    from scipy.optimize import minimize  # late: loading it takes longer than most analyses

    start = fit_logistic(y, x)
    codes = np.unique(group, return_inverse=True)[1]
    groups = int(codes.max()) + 1
    if groups < 2:
        raise SurveyError("one_cluster")
    likelihood = _likelihood(y, x, codes, nodes)
    scale = np.sqrt(np.diag(start.bread))

    def deviance(at: Numbers) -> float:
        return likelihood(start.coefficients + scale * at[:-1], float(at[-1]))[0]

    def with_slope(at: Numbers) -> tuple[float, Numbers]:
        value, slope = likelihood(start.coefficients + scale * at[:-1], float(at[-1]))
        return value, slope * np.append(scale, 1.0)

    tries = [minimize(with_slope, np.append(0 * scale, sd), jac=True, tol=1e-7) for sd in (0.7, 0.0)]
    at = _polished(deviance, min(tries, key=lambda found: float(found.fun)).x)
    if abs(at[-1]) > LARGEST_SD:
        raise SurveyError("separated")
    covariance = np.linalg.pinv(_hessian(deviance, at), hermitian=True)[:-1, :-1] * np.outer(scale, scale)
    beta = start.coefficients + scale * at[:-1]
    return MixedModel(beta, covariance, abs(float(at[-1])), LOGISTIC_SD, -deviance(at), groups)


def mixed_linear(y: Numbers, x: Numbers, group: Codes) -> MixedModel:
    """Linear regression with a normal random intercept for every group, by maximum likelihood.

    Formula: y = x'β + u_g + e; for each ratio σ_u²/σ² β by generalised least squares and σ² as mean square, the ratio
    by maximising the likelihood that remains. Covariance: σ²(X'R⁻¹X)⁻¹. Source: Laird & Ware (1982), Biometrics 38,
    963–974; R lme4::lmer(REML = FALSE). Units: those of y. Shapes: y (n,), x (n, k), group (n,).
    Errors: SurveyError ``no_rows``, ``collinear``, ``one_cluster``, ``no_spread``.

    >>> y = np.array([1.0, 2, 5, 6, 3, 5]); wave = np.array([0.0, 1] * 3)
    >>> made = mixed_linear(y, np.column_stack([np.ones(6), wave]), np.array([0, 0, 1, 1, 2, 2]))
    >>> made.coefficients.round(6).tolist(), made.se.round(6).tolist()[1], round(made.likeness, 4)
    ([3.0, 1.333333], 0.272166, 0.96)
    """
    from scipy.optimize import minimize_scalar  # late, as above

    information_inverse(x)
    codes = np.unique(group, return_inverse=True)[1]
    people = np.bincount(codes).astype(np.int64)
    if len(people) < 2:
        raise SurveyError("one_cluster")
    _check_spread(y, x, codes, people)
    start = as_numbers(np.linalg.lstsq(x, y, rcond=None)[0])
    rest = y - x @ start  # around 0 and of size 1: products of a common level would leave nothing but rounding
    unit = float(np.sqrt((rest @ rest) / len(y)))
    columns = np.column_stack([x, rest / unit])
    total = np.stack([np.bincount(codes, weights=column) for column in columns.T], axis=1)

    def fitted(proportion: float) -> tuple[float, Numbers, Numbers, float, float]:
        spread = proportion / (1 - proportion)
        shrunk = spread / (1 + people * spread)
        products = columns.T @ columns - (total * shrunk[:, None]).T @ total
        bread = as_numbers(np.linalg.inv(products[:-1, :-1]))
        beta = bread @ products[:-1, -1]
        variance = float(products[-1, -1] - products[:-1, -1] @ beta) / len(y)
        deviance = len(y) * (1 + np.log(2 * np.pi * variance)) + np.log1p(people * spread).sum()
        return float(deviance), beta, variance * bread, spread, variance

    found = minimize_scalar(lambda p: fitted(p)[0], bounds=(0.0, 1 - 1e-9), method="bounded", options={"xatol": 1e-11})
    _, beta, covariance, spread, variance = fitted(float(found.x) if found.fun < fitted(0.0)[0] else 0.0)
    deviance = min(float(found.fun), fitted(0.0)[0])
    sd, residual_sd = (unit * float(np.sqrt(share)) for share in (spread * variance, variance))
    height = -deviance / 2 - len(y) * float(np.log(unit))
    return MixedModel(start + unit * beta, unit**2 * covariance, sd, residual_sd, height, len(people))


def _check_spread(y: Numbers, x: Numbers, codes: Codes, people: Codes) -> None:
    """Raise ``no_spread`` where columns and groups leave nothing of the answers: the likelihood has no peak then."""
    columns = np.column_stack([x, y])
    means = np.stack([np.bincount(codes, weights=column) for column in columns.T], axis=1) / people[:, None]
    within = columns - means[codes]
    left = within[:, -1] - within[:, :-1] @ np.linalg.lstsq(within[:, :-1], within[:, -1], rcond=None)[0]
    if float(left @ left) <= NO_SPREAD * max(float(y @ y), NO_SPREAD):
        raise SurveyError("no_spread")


@dataclass(frozen=True)
class _Likelihood:
    """Minus the log-likelihood of the mixed logistic model, over the kinds of groups that occur.

    Rows are sorted by kind; a row stands for all answers of a group with the same columns, a kind for all groups with
    the same rows. People who were asked three times can be of 26 kinds, however many they are.
    """

    yes: Numbers  # (rows,)
    answers: Numbers  # (rows,)
    x: Numbers  # (rows, k)
    codes: Codes  # (rows,) the kind
    times: Numbers  # (kinds,) how many groups are of it
    nodes: int

    def __call__(self, beta: Numbers, sd: float) -> tuple[float, Numbers]:
        """The value and its slope in β and σ, by Fisher's identity: exact as far as the quadrature is."""
        points, weights = hermgauss(self.nodes)
        predictor = self.x @ beta
        mode, curvature = self._modes(predictor, sd)
        place = mode[:, None] + np.sqrt(2 / curvature)[:, None] * points  # (kinds, nodes)
        odds = predictor[:, None] + sd * place[self.codes]
        told = self.yes[:, None] * log_expit(odds) + (self.answers - self.yes)[:, None] * log_expit(-odds)
        first = np.searchsorted(self.codes, np.arange(len(self.times)))
        inside = np.add.reduceat(told, first, axis=0) - place**2 / 2 + points**2 + np.log(weights)
        integral = logsumexp(inside, axis=1) - np.log(curvature) / 2 - np.log(np.pi) / 2
        shares = self.times[:, None] * np.exp(inside - logsumexp(inside, axis=1, keepdims=True))
        pull = shares[self.codes] * (self.yes[:, None] - self.answers[:, None] * expit(odds))
        slope = np.append(self.x.T @ pull.sum(axis=1), (pull * place[self.codes]).sum())
        return -float((self.times * integral).sum()), -slope

    def _modes(self, predictor: Numbers, sd: float) -> tuple[Numbers, Numbers]:
        """Where each kind's integrand is highest, and its curvature there."""
        kinds = len(self.times)
        mode, curvature = as_numbers(np.zeros(kinds)), as_numbers(np.ones(kinds))
        for _ in range(MODE_STEPS):
            p = expit(predictor + sd * mode[self.codes])
            slope = sd * np.bincount(self.codes, weights=self.yes - self.answers * p, minlength=kinds) - mode
            spread = np.bincount(self.codes, weights=self.answers * p * (1 - p), minlength=kinds)
            curvature = as_numbers(1 + sd**2 * spread)
            step = np.clip(slope / curvature, -1, 1)
            mode = mode + step
            if np.abs(step).max() < 1e-11:
                break
        return mode, curvature


def _likelihood(y: Numbers, x: Numbers, codes: Codes, nodes: int) -> _Likelihood:
    """Gather answers with the same columns within groups, then groups with the same answers."""
    columns, pattern = np.unique(x, axis=0, return_inverse=True)
    cells, cell = np.unique(codes * np.int64(len(columns)) + pattern.ravel(), return_inverse=True)
    answers = np.bincount(cell).astype(np.float64)
    rows = np.column_stack([cells % len(columns), np.bincount(cell, weights=y), answers])
    sizes = np.bincount(cells // len(columns))
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    kinds, times, rows_of_kind = [], [], []
    for size in np.unique(sizes):
        of_size = rows[first[sizes == size][:, None] + np.arange(size)].reshape(-1, 3 * int(size))
        distinct, groups = np.unique(of_size, axis=0, return_counts=True)
        kinds.append(distinct.reshape(-1, 3))
        times.append(groups.astype(np.float64))
        rows_of_kind.append(np.full(len(groups), size))
    place, yes, total = np.concatenate(kinds).T
    lengths = np.concatenate(rows_of_kind)
    kind = np.repeat(np.arange(len(lengths)), lengths)
    return _Likelihood(yes, total, columns[place.astype(np.int64)], kind, np.concatenate(times), nodes)


def _polished(deviance: Callable[[Numbers], float], at: Numbers) -> Numbers:
    """Newton's steps from where the search stopped, as long as they go lower: few nodes give the search a slope that is
    not quite that of the likelihood they approximate."""
    for _ in range(POLISHING):
        step = as_numbers(np.linalg.lstsq(_hessian(deviance, at), _gradient(deviance, at), rcond=None)[0])
        if deviance(at - step) > deviance(at):
            break
        at = at - step
        if np.abs(step).max() < 1e-7:
            break
    return at


def _gradient(deviance: Callable[[Numbers], float], at: Numbers, width: float = 1e-4) -> Numbers:
    steps: Numbers = np.eye(len(at)) * np.float64(width)
    return np.array([(deviance(at + step) - deviance(at - step)) / (2 * width) for step in steps])


def _hessian(deviance: Callable[[Numbers], float], at: Numbers, width: float = 1e-3) -> Numbers:
    steps: Numbers = np.eye(len(at)) * np.float64(width)
    made = np.empty((len(at), len(at)))
    for i, a in enumerate(steps):
        for j, b in enumerate(steps[: i + 1]):
            corners = deviance(at + a + b) - deviance(at + a - b) - deviance(at - a + b) + deviance(at - a - b)
            made[i, j] = made[j, i] = corners / (4 * width**2)
    return made
