"""What the plan of a barrier analysis says about its groups, and what has no place in such a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from analysis.codes import as_text
from analysis.errors import N_, PlanError

Mapped = Mapping[str, Any]

NEITHER = "neither"
NEEDED = ("group", "doer", "prevalence")
ABOUT_GROUPS = (*NEEDED, "non_doer", "neither")
IN_THE_DESIGN = ("kind", "layout", "person", *ABOUT_GROUPS)
NOT_IN_THE_PLAN = ("by", "retention", "smallest_change", "adjust", "population", "double_coding", "methods")
NOT_IN_AN_INDICATOR = ("target", "smallest_change")

SENTENCES: dict[str, str] = {
    "group_needed": N_(
        "A barrier analysis compares doers with non-doers, so “%(key)s” must name the column that tells them apart; "
        "add it."
    ),
    "doer_needed": N_("A barrier analysis needs “%(key)s”: add the code that means doer in the column “%(column)s”."),
    "prevalence_needed": N_(
        "A barrier analysis needs “%(key)s”: add the share of all people who do the behaviour, like 0.10; "
        "an informed guess will do."
    ),
    "prevalence_no_share": N_(
        "The plan's “%(key)s” is %(value)s; give the share of all people who do the behaviour, "
        "above 0 and below 1, like 0.10."
    ),
    "same_code_twice": N_(
        "The plan's “%(key)s” is “%(value)s”, which has another meaning in the plan already; "
        "give doers, non-doers and neither codes of their own."
    ),
    "no_place_in_barrier": N_(
        "The plan's “%(key)s” has no place in a barrier analysis, which compares people who were asked once, "
        "each on their own; take it out."
    ),
    "determinant_yes_no": N_(
        "The plan's “%(key)s” must be a yes/no indicator: a barrier analysis counts who mentions it; "
        "write “measure: binary”, with “scoring” where several answers count."
    ),
    "determinant_only": N_(
        "The plan's “%(key)s” is “%(value)s”, but a barrier analysis compares determinants only; write “determinant”."
    ),
    "key_of_barrier": N_(
        "The plan's “%(key)s” belongs to a barrier analysis; take it out, or write “kind: barrier” in the design."
    ),
}


class BarrierPlanError(PlanError):
    """The plan of a barrier analysis cannot be followed as it is written."""

    sentences: ClassVar[Mapping[str, str]] = SENTENCES


@dataclass(frozen=True, slots=True)
class Groups:
    """Who is compared: the column of the screening questions, what its codes mean, and how common the behaviour is."""

    column: str
    doer: str
    prevalence: float  # fraction of 1
    non_doer: str | None = None  # the only other code
    neither: str = NEITHER


def groups_of(design: Mapped) -> Groups | None:
    """The groups of a checked design; None where it is not a barrier analysis."""
    if design["kind"] != "barrier":
        return None
    return Groups(
        column=design["group"],
        doer=as_text(design["doer"]),
        prevalence=float(design["prevalence"]),
        non_doer=as_text(design["non_doer"]) if "non_doer" in design else None,
        neither=as_text(design.get("neither", NEITHER)),
    )


def check_barrier(plan: Mapped) -> None:
    """Raise PlanError where the plan of a barrier analysis lacks something, or asks for what is not done there."""
    design = plan["design"]
    for key in NEEDED:
        if key not in design:
            raise BarrierPlanError(f"{key}_needed", f"design.{key}", column=design.get("group", ""))
    if not 0 < design["prevalence"] < 1:
        raise BarrierPlanError("prevalence_no_share", "design.prevalence", value=design["prevalence"])
    _check_codes(design)
    for key in _out_of_place(plan):
        raise BarrierPlanError("no_place_in_barrier", key)
    for indicator in plan["indicators"]:
        _check_determinant(f"indicators[{indicator['id']}]", indicator)


def refuse_groups(design: Mapped) -> None:
    """Raise PlanError where a design of another kind speaks of doers."""
    for key in ABOUT_GROUPS:
        if key in design:
            raise BarrierPlanError("key_of_barrier", f"design.{key}")


def _check_codes(design: Mapped) -> None:
    seen = []
    for key in ("doer", "non_doer", "neither"):
        if key in design:
            code = as_text(design[key])
            if code in seen:
                raise BarrierPlanError("same_code_twice", f"design.{key}", value=code)
            seen.append(code)


def _out_of_place(plan: Mapped) -> Iterator[str]:
    design = plan["design"]
    yield from (f"design.{key}" for key in design if key not in IN_THE_DESIGN)
    if design.get("layout") == "long":
        yield "design.layout"
    yield from (key for key in NOT_IN_THE_PLAN if plan.get(key))
    for position, file in enumerate(plan.get("data", []), start=1):
        if "wave" in file:
            yield f"data[{position}].wave"
    for indicator in plan["indicators"]:
        yield from (f"indicators[{indicator['id']}].{key}" for key in NOT_IN_AN_INDICATOR if key in indicator)


def _check_determinant(key: str, indicator: Mapped) -> None:
    if indicator["measure"] != "binary":
        raise BarrierPlanError("determinant_yes_no", key)
    dimension = indicator.get("dimension", "determinant")
    if dimension != "determinant":
        raise BarrierPlanError("determinant_only", f"{key}.dimension", value=dimension)
