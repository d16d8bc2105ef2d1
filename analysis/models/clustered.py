"""Covariances that respect clusters, CR0 to CR3, and Satterthwaite's degrees of freedom for few clusters.

Rows of one cluster with the same columns enter together: with √n times their columns and √n times their mean residual
all sums of the formulas stay what they were, so that a difference in differences needs two rows a cluster.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.intervals import Numbers, as_numbers
from analysis.means import MeanChange, mean_change
from analysis.models.fitting import Fit
from analysis.survey.errors import SurveyError

Kind = Literal["CR0", "CR1", "CR1S", "CR2", "CR3"]
Codes = NDArray[np.int64]
SINGULAR = 1e-12


@dataclass(frozen=True)
class Robust:
    """A cluster-robust covariance with what the degrees of freedom need to know. Arrays start with clusters."""

    covariance: Numbers  # (k, k)
    clusters: int
    bread: Numbers  # (k, k)
    expected: Numbers  # (G, k, k) covariance of the cluster's score if the model held and nothing were estimated
    shared: Numbers  # (G, k, k) what the estimated coefficients take from it

    @property
    def se(self) -> Numbers:
        se: Numbers = np.sqrt(np.maximum(np.diag(self.covariance), 0))
        return se

    def df(self, contrast: Numbers) -> float:
        """Degrees of freedom of a contrast (k,) of the coefficients, by Satterthwaite.

        Formula: (tr P)²/ΣP², P the covariance of the clusters' parts of the contrast under the working model.
        Source: Bell & McCaffrey (2002), Survey Methodology 28, 169–181; Pustejovsky & Tipton (2018), J. Bus. Econ.
        Stat. 36, 672–683. Errors: none; NaN where the contrast does not vary.
        """
        aim = self.bread @ contrast
        own = np.einsum("i,gij,j->g", aim, self.expected, aim)
        part = self.shared @ aim  # (G, k)
        crossed = part.T @ part @ self.bread
        on_diagonal = np.einsum("gi,ij,gj->g", part, self.bread, part)
        trace = float((own - on_diagonal).sum())
        squares = float((own**2 - 2 * own * on_diagonal).sum() + np.trace(crossed @ crossed))
        return trace**2 / squares if squares > 0 and trace > 0 else float("nan")


def robust(fit: Fit, cluster: Codes, kind: Kind = "CR2") -> Robust:
    """The covariance of a regression's coefficients when rows of one cluster belong together.

    Formula: M(Σ X'A e e'A'X)M over clusters, M = (X'VX)⁻¹, V the variance of the answers: I, or diag μ(1 − μ). A is I
    for CR0; CR1 multiplies CR0 by G/(G − 1), CR1S (Stata's) by G(n − 1)/((G − 1)(n − k)); CR2 A = V^½ B^-½ V^½ with
    B = V^½(V − VXMX'V)V^½, unbiased if the model holds; CR3 A = (I − VXMX')⁻¹, close to the jackknife. With a cluster
    for every row CR0 to CR3 are HC0 to HC3.
    Source: Liang & Zeger (1986); Bell & McCaffrey (2002), Survey Methodology 28, 169–181; R clubSandwich::vcovCR.
    Units: those of the coefficients, squared. Shapes: cluster (n,). Errors: SurveyError ``one_cluster``.

    >>> from analysis.models.fitting import fit_linear
    >>> fit = fit_linear(np.array([0.0, 1, 0, 0, 1, 1]), np.array([[1.0, 0], [1, 1]] * 3))
    >>> made = robust(fit, np.array([0, 0, 1, 1, 2, 2]))
    >>> made.se.round(6).tolist(), round(made.df(np.array([0.0, 1.0])), 6)
    ([0.333333, 0.333333], 2.0)
    """
    codes = np.unique(cluster, return_inverse=True)[1]
    clusters = int(codes.max(initial=-1)) + 1
    if clusters < 2:
        raise SurveyError("one_cluster")
    k = fit.x.shape[1]
    scores, expected, shared = np.zeros((clusters, k)), np.zeros((clusters, k, k)), np.zeros((clusters, k, k))
    for places, x, weight, residual in _patterns(fit, codes):
        to_score = np.swapaxes(x, 1, 2) @ _adjustment(x, weight, fit.bread, kind)
        scores[places] = (to_score @ residual[:, :, None])[:, :, 0]
        expected[places] = (to_score * weight[:, None, :]) @ np.swapaxes(to_score, 1, 2)
        shared[places] = np.swapaxes(to_score @ (x * weight[:, :, None]), 1, 2)
    covariance = fit.bread @ (scores.T @ scores) @ fit.bread * _factor(kind, clusters, len(fit.y), k)
    return Robust(covariance, clusters, fit.bread, expected, shared)


def judge(fit: Fit, spread: Robust, contrast: Numbers, confidence: float = 0.95) -> MeanChange:
    """A contrast (k,) of coefficients with Satterthwaite's t test and interval.

    Formula: t = c'β/√(c'Vc) on ``Robust.df``. Source: as ``robust``; R clubSandwich::coef_test, conf_int. Units: those
    of the coefficients. Errors: none; NaN without degrees of freedom, or where the residuals are nothing but rounding.

    >>> from analysis.models.fitting import fit_linear
    >>> fit = fit_linear(np.array([0.0, 1, 0, 0, 1, 1]), np.array([[1.0, 0], [1, 1]] * 3))
    >>> found = judge(fit, robust(fit, np.array([0, 0, 1, 1, 2, 2])), np.array([0.0, 1.0]))
    >>> round(found.value, 6), round(found.p, 6), round(found.low, 4)
    (0.333333, 0.42265, -1.1009)
    """
    se = float(np.sqrt(np.maximum(contrast @ spread.covariance @ contrast, 0.0)))
    se = se if se > SINGULAR * float(np.abs(fit.y).max(initial=0.0)) else 0.0
    return mean_change(float(contrast @ fit.coefficients), se, spread.df(contrast), confidence)


def _factor(kind: Kind, clusters: int, n: int, k: int) -> float:
    between = clusters / (clusters - 1)
    return {"CR1": between, "CR1S": between * (n - 1) / (n - k) if n > k else float("nan")}.get(kind, 1.0)


def _patterns(fit: Fit, codes: Codes) -> list[tuple[Codes, Numbers, Numbers, Numbers]]:
    """Rows of one cluster with the same columns, taken together; clusters with equally many patterns side by side."""
    keys = np.column_stack([codes.astype(np.float64), fit.x])
    distinct, pattern, people = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
    pattern, root = pattern.ravel(), np.sqrt(people)
    weight = np.bincount(pattern, weights=fit.weight) / people
    residual = np.bincount(pattern, weights=fit.y - fit.fitted) / people * root
    x, of_cluster = distinct[:, 1:] * root[:, None], distinct[:, 0].astype(np.int64)
    sizes = np.bincount(of_cluster)
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    found = []
    for size in np.unique(sizes):
        places = np.flatnonzero(sizes == size)
        rows = first[places][:, None] + np.arange(size)
        found.append((places, x[rows], weight[rows], residual[rows]))
    return found


def _adjustment(x: Numbers, weight: Numbers, bread: Numbers, kind: Kind) -> Numbers:
    """What multiplies the residuals of each cluster: (clusters, m, m)."""
    identity = np.broadcast_to(np.eye(x.shape[1]), (len(x), x.shape[1], x.shape[1]))
    if kind not in ("CR2", "CR3"):
        return identity
    spread = x @ bread @ np.swapaxes(x, 1, 2)
    if kind == "CR3":
        return as_numbers(np.linalg.pinv(identity - spread * weight[:, :, None], rcond=SINGULAR))
    root = np.sqrt(weight)
    outer = root[:, :, None] * root[:, None, :]
    values, vectors = np.linalg.eigh((identity * weight[:, :, None] - spread * outer**2) * outer)
    kept = values > SINGULAR
    powers = np.where(kept, 1 / np.sqrt(np.where(kept, values, 1)), 0.0)
    adjusted: Numbers = (vectors * powers[:, None, :]) @ np.swapaxes(vectors, 1, 2) * outer
    return adjusted
