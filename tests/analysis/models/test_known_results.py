"""Published experiments and trials come out as published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.models.clustered import robust
from analysis.models.differences import difference_of_changes
from analysis.models.fitting import fit_linear
from analysis.models.mixed import mixed_linear


@pytest.mark.parametrize(
    ("item", "difference", "se"),
    [("numberim", 0.3051, 0.1549), ("remain", 0.3251, 0.1778), ("english", 0.1682, 0.1184)],
)
def test_attitudes_on_the_trains_of_boston(shared: Path, item: str, difference: float, se: float) -> None:
    data = pd.read_csv(shared / "data/data/boston-trains/boston.csv")
    data = data.dropna(subset=[f"{item}.pre", f"{item}.post", "treatment"])
    change = (data[f"{item}.post"] - data[f"{item}.pre"]).to_numpy(float)
    found = difference_of_changes(change, data["treatment"].to_numpy(float))
    assert (found.value, found.se) == pytest.approx((difference, se), abs=5e-5)


@pytest.mark.parametrize(
    ("file", "outcome", "cause", "village", "expected"),
    [
        ("thornton_hiv.csv", "got", "any", "villnum", (2830, 0.3387, 0.452, 0.0227)),
        ("social_insure.csv", "takeup_survey", "intensive", "address", (1410, None, 0.0016, 0.0265)),
    ],
)
def test_experiments_in_villages(
    shared: Path, file: str, outcome: str, cause: str, village: str, expected: tuple[Any, ...]
) -> None:
    data = pd.read_csv(shared / "data/data/info-experiments" / file)[[outcome, cause, village]].dropna()
    n, control, effect, se = expected
    x = np.column_stack([np.ones(len(data)), data[cause]]).astype(float)
    fit = fit_linear(data[outcome].to_numpy(float), x)
    spread = robust(fit, pd.factorize(data[village])[0], "CR1S")
    assert len(data) == n
    assert fit.coefficients[1] == pytest.approx(effect, abs=5e-4)
    assert spread.se[1] == pytest.approx(se, abs=5e-5)
    if control is not None:
        assert fit.coefficients[0] == pytest.approx(control, abs=5e-5)


def test_beat_the_blues(shared: Path) -> None:
    data = pd.read_csv(shared / "data/data/panel-attrition/BtheB.csv").reset_index()
    months = {f"bdi.{month}m": float(month) for month in (2, 3, 5, 8)}
    long = data.melt(id_vars=["index", "drug", "length", "treatment", "bdi.pre"], value_vars=list(months))
    long = long.dropna(subset=["value"])
    x = np.column_stack(
        [
            np.ones(len(long)),
            long["treatment"] == "BtheB",
            long["variable"].map(months),
            long["bdi.pre"],
            long["drug"] == "Yes",
            long["length"] == ">6m",
        ]
    ).astype(float)
    made = mixed_linear(long["value"].to_numpy(float), x, long["index"].to_numpy())
    assert made.coefficients[1:4].tolist() == pytest.approx([-2.329, -0.705, 0.640], abs=5e-4)
    assert made.se[1:4].tolist() == pytest.approx([1.670, 0.146, 0.078], abs=5e-4)
