"""What rows of results must become when the two waves, or yes and no, change places."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]

COUNTS = (  # statistics that count one of two sides: they have no sign to change
    "mcnemar_midp", "mcnemar_exact", "signed_rank", "signed_rank_exact", "signed_rank_pratt", "signed_rank_pratt_exact",
    "sign", "mann_whitney_exact", "boschloo",
)  # fmt: skip
SQUARES = (  # statistics that have lost their sign
    "mcnemar", "mcnemar_corrected", "stuart_maxwell", "durkalski", "obuchowski", "chi2", "chi2_n_minus_1",
    "chi2_yates", "rao_scott_f", "rao_scott_first_order", "wald_f", "adjusted_wald_f",
)  # fmt: skip
RATIOS = ("conditional_odds_ratio", "odds_ratio", "risk_ratio")
NOT_SYMMETRIC = ("ancova", "monte_carlo")  # the earlier wave as a covariate; random draws
OTHER_SIDE = {"improved": "worsened", "worsened": "improved"}


def waves_swapped(row: Row) -> Row:
    """A row of ``changes`` or ``comparison`` with the waves the other way round.

    Left out: the slope on the baseline, which has a wave of its own; warnings of a ceiling at the earlier wave; whether
    a gain is smaller than planned.
    """
    row = {key: value for key, value in row.items() if key not in ("slope_on_baseline", "warnings")}
    row = _ends_swapped({key: value for key, value in row.items() if key != "smaller_than_planned"})
    if row.get("pairs"):
        row["pairs"] = row["pairs"] | {"yes_no": row["pairs"]["no_yes"], "no_yes": row["pairs"]["yes_no"]}
    row = _negated(row)
    row["verdict"] = OTHER_SIDE.get(row["verdict"], row["verdict"])
    return _effects_turned(row) if "effect" in row else row


def answers_swapped(row: Row) -> Row:
    """A row of ``changes`` with yes and no the other way round, and with them which is the better: the verdict stays.

    The risk ratio of yes says nothing of that of no, and is left out.
    """
    row = _negated({key: value for key, value in row.items() if key not in ("warnings", "target")})
    for end in ("from", "to"):
        row[f"estimate_{end}"] = _one_less(row[f"estimate_{end}"])
        row[f"interval_{end}"] = _limits(row[f"interval_{end}"], _one_less)
        row[f"x_{end}"] = row[f"n_{end}"] - row[f"x_{end}"]
    if row["pairs"]:
        row["pairs"] = dict(zip(row["pairs"], reversed(row["pairs"].values()), strict=True))
    row["more_effects"] = [size for size in row["more_effects"] if size["name"] != "risk_ratio"]
    return _effects_turned(row)


def composition_swapped(row: Row) -> Row:
    """A row of ``composition`` with the waves the other way round; both were turned into a stated population."""
    row = _ends_swapped({key: value for key, value in row.items() if key != "mix"})
    return row | {name: _negated(row[name]) for name in ("raw", "raked", "standardised", "regression")}


def comparable(row: Row) -> Row:
    """A row without the numbers that no mirror turns round, tests in the order of their names."""
    left_out = ("slope_on_baseline", "warnings", "smaller_than_planned", "mix")
    row = {key: value for key, value in row.items() if key not in left_out}
    for key in ("test", "more_tests"):
        if isinstance(row.get(key), dict):
            row[key] = _told(row[key])
        elif key in row:
            row[key] = [_told(test) for test in row[key] if not any(word in test["method"] for word in NOT_SYMMETRIC)]
    return row


def _told(test: Row) -> Row:
    return test | ({"statistic": None} if test["method"] in COUNTS else {})


def _ends_swapped(value: Any) -> Any:
    """Every key and row that speaks of the earlier wave speaks of the later, and the other way round."""
    if isinstance(value, list):
        return [_ends_swapped(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    names = {"from": "to", "to": "from"} | {
        f"{what}_{end}": f"{what}_{other}"
        for what in ("n", "x", "estimate", "interval", "sd", "median")
        for end, other in (("from", "to"), ("to", "from"))
    }
    return {names.get(key, key): _ends_swapped(inner) for key, inner in value.items()}


def _negated(row: Row) -> Row:
    """Differences, limits and signed statistics with the other sign, in a row and in its tests."""
    made = dict(row)
    for key in ("difference", "difference_unweighted"):
        if key in made:
            made[key] = _minus(made[key])
    if "interval" in made:
        made["interval"] = _limits(made["interval"], _minus)
    if "odds_ratio" in made:
        made["odds_ratio"] = _inverse(made["odds_ratio"])
    if "statistic" in made and made["method"] not in SQUARES:
        made["statistic"] = _minus(made["statistic"])
    if "test" in made:
        made["test"] = _negated(made["test"])
    if "more_tests" in made:
        made["more_tests"] = [_negated(test) for test in made["more_tests"]]
    return made


def _effects_turned(row: Row) -> Row:
    return row | {"effect": _turned(row["effect"]), "more_effects": [_turned(size) for size in row["more_effects"]]}


def _turned(size: Row) -> Row:
    if size["name"] in RATIOS:
        return _turned_over(size)
    turn = _one_less if size["name"] == "superiority" else _minus
    made = size | {"value": turn(size["value"])}
    return made | {"interval": _limits(size["interval"], turn)} if "interval" in size else made


def _turned_over(size: Row) -> Row:
    """A ratio of 0 becomes an infinite one, which is told as null with a reason, and the other way round."""
    made = {key: value for key, value in size.items() if value != "infinite"} | {"value": _inverse(size["value"])}
    if size["value"] == 0:
        made["reason"] = "infinite"
    elif size.get("reason") == "infinite":
        made["value"] = 0.0
    if "interval" in size:
        limits = size["interval"]
        made["interval"] = {key: value for key, value in limits.items() if value != "infinite"}
        made["interval"] |= {"low": _inverse(limits["high"]), "high": _inverse(limits["low"])}
        if limits["low"] == 0:
            made["interval"]["reason"] = "infinite"
        if limits.get("reason") == "infinite":
            made["interval"]["low"] = 0.0
    return made


def _limits(interval: Row, turn: Any) -> Row:
    return interval | {"low": turn(interval["high"]), "high": turn(interval["low"])}


def _minus(number: float | None) -> float | None:
    return None if number is None else -number


def _one_less(number: float | None) -> float | None:
    return None if number is None else 1 - number


def _inverse(number: float | None) -> float | None:
    return 1 / number if number else None
