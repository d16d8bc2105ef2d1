"""Plans and data as nobody would think of them: a sentence that says what is wrong, or results that are all meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.errors import AnalysisError
from analysis.plan_schema import FAMILIES, METHODS
from tests.analysis.soundness import assert_sentence, assert_sound
from tests.analysis.studies import BARRIER, EVERY, ITEMS, PAIRED, WIDE, Study, about, study

Chance = np.random.Generator
BLANKS: list[Any] = [None, "", " ", "NA", float("nan"), "dk", 99]
ODD: list[Any] = ["x", "inf", "#REF!", 1e300, -1e300, 1e-300, 0.1 + 0.2, 0.3, True, -1, "1,5", "٣", 10**12]
USES = [use for use in METHODS if not use.startswith("sample_share")]
COLUMNS = ("sex", "village", "region", "who", "arm", "spare")


def cells_of(studied: Study, chance: Chance, share: float, pool: list[Any]) -> Study:
    """Some answers written over."""
    frame = studied.frame.astype(dict.fromkeys(studied.cells, object))
    for name in studied.cells:
        for label in frame.index[chance.random(len(frame)) < share]:
            frame.at[label, name] = pool[chance.integers(len(pool))]
    return studied.with_rows(frame)


def one_answer(studied: Study, chance: Chance) -> Study:
    """An item that is the same for everybody, or for everybody at a wave, a village or a sex."""
    frame, name = studied.frame.copy(), studied.cells[chance.integers(len(studied.cells))]
    column = [None, "sex", "village", "wave"][chance.integers(4)]
    there = np.ones(len(frame), dtype=bool)
    if column in frame.columns and len(frame):
        there = (frame[column] == frame[column].iloc[chance.integers(len(frame))]).to_numpy()
    frame[name] = np.where(there, frame[name].iloc[0] if len(frame) else 0, frame[name])
    return studied.with_rows(frame)


def rows_lost(studied: Study, chance: Chance) -> Study:
    kept = chance.random(len(studied.frame)) < chance.choice([0.05, 0.5, 0.9])
    return studied.with_rows(studied.frame[kept])


def rows_again(studied: Study, chance: Chance) -> Study:
    """A row that is there twice, which a paired design refuses and separate samples cannot see."""
    frame = pd.concat([studied.frame, studied.frame[:1]])
    return studied.with_rows(frame.set_axis(range(2, len(frame) + 2)))


def column_blank(studied: Study, chance: Chance) -> Study:
    """Some cells of a column that describes people are empty."""
    name = COLUMNS[chance.integers(len(COLUMNS))]
    if name not in studied.frame.columns:
        return studied
    return studied.with_column(name, studied.frame[name].where(chance.random(len(studied.frame)) > 0.1, None))


def one_group(studied: Study, chance: Chance) -> Study:
    """All people of one place, or everybody of a place of their own."""
    name = ["village", "region", "sex"][chance.integers(3)]
    return studied.with_column(name, "one" if chance.random() < 0.5 else studied.frame["who"])


def weights(studied: Study, chance: Chance) -> Study:
    pool = [1.0, 1e-9, 1e9, "2", 0.5] + ([0, None] if chance.random() < 0.2 else [])
    return studied.with_column("weight", [pool[chance.integers(len(pool))] for _ in range(len(studied.frame))])


def scaled(studied: Study, chance: Chance) -> Study:
    """Answers as large or small as numbers are, or with a large level in common."""
    factor, level = [(1e30, 0), (1e-30, 0), (1, 1e9), (0.1, 0), (-1, 0), (1e-9, 1e6), (1e200, 0)][chance.integers(7)]
    frame = studied.frame.astype(dict.fromkeys(studied.cells, object))
    for name in studied.cells:
        frame[name] = [cell * factor + level if isinstance(cell, int | float) else cell for cell in frame[name]]
    return studied.with_rows(frame)


DIRT: dict[str, Callable[[Study, Chance], Study]] = {
    "blanks": lambda studied, chance: cells_of(studied, chance, chance.choice([0.1, 0.5, 0.97]), BLANKS),
    "odd": lambda studied, chance: cells_of(studied, chance, chance.choice([0.02, 0.2]), ODD),
    "one answer": one_answer,
    "lost": rows_lost,
    "again": rows_again,
    "column blank": column_blank,
    "one group": one_group,
    "weights": weights,
    "scaled": scaled,
    "shuffled": lambda studied, chance: studied.with_rows(studied.frame.iloc[chance.permutation(len(studied.frame))]),
}


def with_arms(studied: Study, chance: Chance) -> Study:
    by = ["region", "village", "who"][chance.integers(3)]
    codes = np.unique(studied.frame[by].astype(str), return_inverse=True)[1]
    names = np.array(["activity", "none", "other"][: chance.integers(1, 4)])
    return studied.with_column("arm", names[codes % len(names)]).with_design(arm="arm", comparison="none")


def three_waves(studied: Study, chance: Chance) -> Study:
    """A retention, which speaks of three waves: of a panel, or the same rows as samples or as people in sessions."""
    if studied.kind in (WIDE, BARRIER):
        return studied
    waves = ["before", "after", "later"]
    later = studied.frame[studied.frame["wave"] == "before"].assign(wave="later")
    frame = studied.frame if (studied.frame["wave"] == "later").any() else pd.concat([studied.frame, later])
    rule = {"from": "after", "to": "later", "baseline": "before", "keep_share": 0.5}
    rule |= {} if chance.random() < 0.3 else {"margin_points": float(chance.choice([0.1, 1, 10]))}
    return (
        studied.with_rows(frame.set_axis(range(2, len(frame) + 2))).with_design(waves=waves).with_plan(retention=rule)
    )


def composition(studied: Study, chance: Chance) -> Study:
    return studied.with_plan(adjust=["sex"], population={"sex": {"F": 0.7, "M": 0.3}} if chance.random() < 0.5 else {})


def exposure(studied: Study, chance: Chance) -> Study:
    doses = [["none", "some", "much"][one] for one in chance.integers(0, 3, len(studied.frame))]
    asked = studied.with_column("dose", doses)
    return asked.with_design(exposure="dose", **({"dose": ["none", "some", "much"]} if chance.random() < 0.5 else {}))


def double_coding(studied: Study, chance: Chance) -> Study:
    first = chance.integers(0, chance.integers(1, 6), len(studied.frame))
    second = np.where(chance.random(len(first)) < chance.choice([0.0, 0.3]), 0, first)
    how = str(chance.choice(["none", "linear", "quadratic"]))
    asked = studied.with_column("coder", first).with_column("other", second)
    return asked.with_plan(double_coding=[{"first": "coder", "second": "other", "weights": how}])


def sampled(studied: Study, chance: Chance) -> Study:
    """Weights, strata, clusters and population sizes, also of people who are asked again."""
    if studied.kind == BARRIER:
        return studied
    lonely = ["fail", "adjust", "remove", "average", "certainty"][chance.integers(5)]
    keys: dict[str, Any] = {"weight": "weight", "lonely_cluster": lonely}
    if chance.random() < 0.5:
        keys |= {"stratum": "region"}
    if chance.random() < 0.3:
        keys |= {"fpc": "size"}
    if studied.kind not in PAIRED and chance.random() < 0.5:
        keys |= {"cluster": "village", "clusters_in_waves": str(chance.choice(["same", "new"]))}
    if studied.kind not in PAIRED and chance.random() < 0.3:
        keys |= {"enumerator": "village"}
    return studied.with_column("size", int(chance.choice([1, 100, 10**6]))).with_design(**keys)


def several(studied: Study, chance: Chance) -> Study:
    """Indicators of other measures over the same columns, the better side down, with targets and smallest changes."""
    found = [
        about(
            measure,
            ITEMS[studied.measure],
            f"{studied.measure}_{place}",
            better=str(chance.choice(["higher", "lower"])),
        )
        | {"measure": measure, "primary": bool(chance.integers(2)), "smallest_change": {"points": 5}}
        | ({"target": {"points": 10}} if chance.random() < 0.5 else {})
        for place, measure in enumerate(["ordinal", "score", "scale"])
    ]
    return studied.with_plan(indicators=[*studied.plan["indicators"], *(found if studied.kind != BARRIER else [])])


PLANS: dict[str, Callable[[Study, Chance], Study]] = {
    "arms": with_arms,
    "three waves": three_waves,
    "composition": composition,
    "exposure": exposure,
    "double coding": double_coding,
    "sampled": sampled,
    "several": several,
    "suppression": lambda studied, chance: studied.with_plan(suppress_below=int(chance.integers(1, 12))),
    "confidence": lambda studied, chance: studied.with_plan(confidence=float(chance.choice([0.5, 0.8, 0.999]))),
    "family": lambda studied, chance: studied.with_plan(family=str(chance.choice(FAMILIES))),
    "parts": lambda studied, _chance: studied.with_plan(by=["sex", "region", ["sex", "region"]]),
    "dont_know": lambda studied, _chance: studied.with_plan(missing={"dont_know": ["dk"], "refused": [99]}),
}


@st.composite
def studies(draw: st.DrawFn) -> Study:
    kind, measure = draw(st.sampled_from(EVERY))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    made = study(kind, measure, people=2 * draw(st.integers(1, 30)), seed=int(chance.integers(1000)))
    for name in draw(st.lists(st.sampled_from(sorted(PLANS)), max_size=4, unique=True)):
        made = PLANS[name](made, chance)
    if kind != BARRIER and draw(st.booleans()):
        made = made.with_plan(methods={use: str(chance.choice(names)) for use, names in METHODS.items()})
    for name in draw(st.lists(st.sampled_from(sorted(DIRT)), max_size=4)):
        made = DIRT[name](made, chance)
    return made


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(studies())
def test_whatever_comes_is_refused_in_a_sentence_or_told_soundly(studied: Study) -> None:
    try:
        parsed = studied.parsed
        results = studied.run().to_dict()
    except AnalysisError as error:
        assert_sentence(error)
        return
    assert_sound(results, parsed)
