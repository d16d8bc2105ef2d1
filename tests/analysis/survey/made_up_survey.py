"""Makes survey.csv, the invented two-wave survey on which every survey function is compared with R.

Run as ``python -m tests.analysis.survey.made_up_survey``, then ``Rscript tests/analysis/survey/reference.R``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
STRATA = ("coast", "hills", "town")
CLUSTERS = {"coast": 40, "hills": 25, "town": 12}  # in the population


def main() -> None:
    rng = np.random.default_rng(20261122)
    rows = [
        _answers(rng, {"wave": wave, "stratum": stratum, "cluster": cluster, "fpc": CLUSTERS[stratum]}, level)
        for stratum in STRATA
        for cluster in range(1, 7)
        for level in [rng.normal(0, 0.6)]
        for wave in _visits(stratum, cluster)
        for _ in range(rng.integers(4, 14))
    ]
    frame = pd.DataFrame(rows)
    frame["lonely"] = np.where((frame["stratum"] == "town") & (frame["cluster"] == 6), "port", frame["stratum"])
    frame.to_csv(HERE / "survey.csv", index=False)


def _visits(stratum: str, cluster: int) -> tuple[int, ...]:
    """Most clusters are visited in both waves, some in one; cluster names are used again in every stratum."""
    return {("coast", 1): (0,), ("hills", 2): (1,), ("town", 3): (1,)}.get((stratum, cluster), (0, 1))


def _answers(rng: np.random.Generator, place: dict[str, object], level: float) -> dict[str, object]:
    woman, age = bool(rng.random() < 0.55), int(rng.integers(0, 3))
    later = place["wave"] == 1
    drive = level + 0.5 * later + 0.3 * woman - 0.2 * age
    attitude = int(np.clip(np.round(3 + drive + rng.normal(0, 1)), 1, 5))
    return place | {
        "weight": round(float(np.exp(rng.normal(3, 0.5))), 3),
        "sex": "F" if woman else "M",
        "age": ("18-24", "25-44", "45+")[age],
        "arm": int(rng.random() < 0.5),
        "knows": _or_missing(rng, int(rng.random() < 1 / (1 + np.exp(-drive))), 0.08),
        "would_report": _or_missing(rng, int(rng.random() < 1 / (1 + np.exp(1.5 - drive))), 0.0),
        "attitude": _or_missing(rng, attitude, 0.05),
        "score": _or_missing(rng, round(float(10 + 3 * drive + rng.normal(0, 2)), 2), 0.03),
    }


def _or_missing(rng: np.random.Generator, value: float, share: float) -> float | None:
    return None if rng.random() < share else value


if __name__ == "__main__":
    main()
