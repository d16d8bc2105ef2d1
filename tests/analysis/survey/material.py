"""The invented survey as arrays, its designs by name, and what R makes of them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.survey.arrays import Floats, Integers
from analysis.survey.design import SurveyDesign, survey_design
from analysis.survey.domains import Cells, cross
from analysis.survey.sufficient import Tally, tally, tally_numbers

HERE = Path(__file__).parent
BINARY, NUMBERS = ("knows", "would_report"), ("attitude", "score")
LONELY_RULES = ("adjust", "remove", "average", "certainty")
DESIGNS = ("clusters", "fpc", "new", "rows", "rows_fpc", "weights", "unstratified", *LONELY_RULES)


@cache
def reference() -> dict[str, Any]:
    return json.loads((HERE / "reference.json").read_text(encoding="utf-8"))


@cache
def survey() -> pd.DataFrame:
    return pd.read_csv(HERE / "survey.csv")


def codes(column: str) -> Integers:
    return pd.factorize(survey()[column], sort=True)[0]


def design(name: str) -> SurveyDesign:
    frame = survey()
    weight, wave = frame["weight"].to_numpy(), frame["wave"].to_numpy()
    stratum, cluster, fpc = codes("stratum"), codes("cluster"), frame["fpc"].to_numpy(dtype=float)
    if name in LONELY_RULES:
        return survey_design(weight, stratum=codes("lonely"), cluster=cluster, lonely=name)
    return {
        "clusters": lambda: survey_design(weight, stratum=stratum, cluster=cluster),
        "fpc": lambda: survey_design(weight, stratum=stratum, cluster=cluster, fpc=fpc),
        "new": lambda: survey_design(weight, stratum=stratum, cluster=cluster, wave=wave, clusters_in_waves="new"),
        "rows": lambda: survey_design(weight, stratum=stratum),
        "rows_fpc": lambda: survey_design(weight, stratum=stratum, fpc=fpc * 20),
        "weights": lambda: survey_design(weight),
        "unstratified": lambda: survey_design(weight, cluster=stratum * 6 + cluster),
    }[name]()


def answers() -> NDArray[np.int8]:
    return survey()[list(BINARY)].fillna(-1).to_numpy(dtype=np.int8).T


def numbers() -> Floats:
    return survey()[list(NUMBERS)].to_numpy(dtype=float).T


def cells() -> Cells:
    """Everybody, sex, sex × age, arm."""
    sex, age, arm = codes("sex"), codes("age"), codes("arm")
    rows = len(sex)
    return cross([(np.zeros(rows, dtype=int), 1), (sex, 2), (sex * 3 + age, 6), (arm, 2)], rows)


EVERYBODY, BY_SEX, BY_SEX_AND_AGE, BY_ARM = range(4)


def counted(made: SurveyDesign, *, of_numbers: bool = False, crossed: Cells | None = None) -> Tally:
    crossed, wave = crossed or cells(), survey()["wave"].to_numpy()
    if of_numbers:
        return tally_numbers(numbers(), made, wave, 2, crossed.of_row, crossed.count)
    return tally(answers(), made, wave, 2, crossed.of_row, crossed.count)


def close(found: object, expected: object, rel: float = 1e-9) -> None:
    np.testing.assert_allclose(np.asarray(found, dtype=float), np.asarray(expected, dtype=float), rtol=rel, atol=1e-13)
