"""What a plan must mean beyond its shape, and what this version honestly refuses to analyse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from analysis.barrier_plan import check_barrier, refuse_groups
from analysis.codes import as_codes, as_text
from analysis.errors import PlanError, listed

Mapped = Mapping[str, Any]

PAIRED_KINDS = ("paired", "panel")
WHOLE = 0.01  # how far shares of a population may be from adding up to 1


def check_meaning(plan: Mapped) -> None:
    """Raise PlanError where well-formed keys contradict each other or ask for what is not computed yet."""
    if plan["design"]["kind"] == "barrier":
        _check_indicators(plan["indicators"])
        check_barrier(plan)
        return
    refuse_groups(plan["design"])
    _check_together(plan["design"])
    _check_composition(plan)
    if "waves" not in plan["design"]:
        raise PlanError("missing_key", "design.waves")
    _check_design(plan["design"])
    _check_clusters(plan["design"])
    _check_replicates(plan)
    _check_indicators(plan["indicators"])
    _check_selected(plan)
    waves = as_codes(plan["design"]["waves"])
    for key, names in _waves_named(plan):
        _check_waves(key, names, waves)
    _check_repeated("by", (listed(part) if isinstance(part, list) else part for part in plan.get("by", [])))


def _check_together(design: Mapped) -> None:
    """Keys that say nothing without each other."""
    for key, needs in (("arm", "comparison"), ("comparison", "arm"), ("dose", "exposure")):
        if key in design and needs not in design:
            raise PlanError("needs_key", f"design.{needs}", other=f"design.{key}")


def _check_composition(plan: Mapped) -> None:
    """Both waves are turned into one population only where other people were asked at each."""
    population = plan.get("population", {})
    for key in ("adjust", "population"):
        if plan.get(key) and plan["design"]["kind"] in PAIRED_KINDS:
            raise PlanError("key_of_samples", key)
    for column, shares in population.items():
        if abs(sum(shares.values()) - 1) > WHOLE:
            raise PlanError("shares_not_whole", f"population.{column}", total=f"{sum(shares.values()):g}")
    for column in plan.get("adjust", population):
        if population and column not in population:
            raise PlanError("missing_key", f"population.{column}")
    for column in population:
        if column not in plan.get("adjust", population):
            raise PlanError("column_not_adjusted", f"population.{column}")


def _check_design(design: Mapped) -> None:
    waves = as_codes(design["waves"])
    paired = design["kind"] in PAIRED_KINDS
    _check_repeated("design.waves", waves)
    if paired and len(waves) < 2:
        raise PlanError("two_waves_needed", "design.waves")
    if design.get("layout") == "wide":
        _check_wide(design, waves, paired)
    elif paired and "person" not in design:
        raise PlanError("person_needed", "design.person")


def _check_clusters(design: Mapped) -> None:
    """Sessions of the same people go by their number; samples of other people by how they were drawn."""
    if design["kind"] not in PAIRED_KINDS:
        if "cluster" in design and "clusters_in_waves" not in design:
            raise PlanError("same_or_new_clusters", "design.clusters_in_waves")
        return
    for key in ("enumerator", "clusters_in_waves"):
        if key in design:
            raise PlanError("key_of_samples", f"design.{key}")
    if "lonely_cluster" in design and not any(key in design for key in ("weight", "fpc", "stratum")):
        raise PlanError("key_of_samples", "design.lonely_cluster")


def _check_replicates(plan: Mapped) -> None:
    """Replicate weights stand for strata, clusters and all else that a variance would be made from."""
    design = plan["design"]
    written, key = design.get("replicate_weights"), "design.replicate_weights"
    if written is None:
        return
    if design["kind"] in PAIRED_KINDS:
        raise PlanError("key_of_samples", key)
    if "weight" not in design:
        raise PlanError("needs_key", "design.weight", other=key)
    for name in ("stratum", "cluster", "clusters_in_waves", "lonely_cluster", "fpc", "enumerator"):
        if name in design:
            raise PlanError("beside_replicates", f"design.{name}")
    if "sample_variance" in plan.get("methods", {}):
        raise PlanError("beside_replicates", "methods.sample_variance")
    unserved = (("design.arm", design.get("arm")), *((name, plan.get(name)) for name in ("adjust", "population")))
    for name, value in unserved:
        if value:
            raise PlanError("not_with_replicates", name)
    if ("columns" in written) == ("prefix" in written):
        raise PlanError("columns_or_prefix", key)
    _check_repeated(f"{key}.columns", written.get("columns", []))
    if written["type"] == "jkn" and "rscales" not in written:
        raise PlanError("rscales_needed", f"{key}.rscales")
    if (written["type"] == "fay") != ("rho" in written):
        raise PlanError("rho_of_fay", f"{key}.rho")


def _check_selected(plan: Mapped) -> None:
    known = [indicator["id"] for indicator in plan["indicators"]]
    for name in plan["design"].get("selected_on", []):
        if name not in known:
            raise PlanError("unknown_indicator", "design.selected_on", value=name, known=listed(known))


def _check_wide(design: Mapped, waves: tuple[str, ...], paired: bool) -> None:
    if not paired:
        raise PlanError("wide_cross_sections", "design.layout")
    if {as_text(wave) for wave in design.get("suffix", {})} != set(waves):
        raise PlanError("suffix_for_every_wave", "design.suffix", waves=listed(waves))
    _check_repeated("design.suffix", design["suffix"].values())


def _check_indicators(indicators: list[Mapped]) -> None:
    _check_repeated("indicators", (indicator["id"] for indicator in indicators))
    for indicator in indicators:
        key = f"indicators[{indicator['id']}]"
        if ("item" in indicator) == ("items" in indicator):
            raise PlanError("item_or_items", key)
        scoring, items = indicator.get("scoring", {}), indicator.get("items", [indicator.get("item")])
        _check_items_named(f"{key}.scoring", scoring, items)
        if indicator["measure"] == "binary":
            _check_yes_no(f"{key}.scoring", scoring, len(items))
        else:
            _check_score(f"{key}.scoring", scoring, len(items))
            if "share" in indicator.get("target", {}):
                raise PlanError("share_of_a_score", f"{key}.target")


def _check_items_named(key: str, scoring: Mapped, items: list[str]) -> None:
    turned = scoring.get("reversed", False)
    for rule, names in (
        ("reversed", turned if isinstance(turned, list) else []),
        ("weights", scoring.get("weights", {})),
    ):
        for name in names:
            if name not in items:
                raise PlanError("unknown_item", f"{key}.{rule}", value=name, items=listed(items))


def _check_yes_no(key: str, scoring: Mapped, items: int) -> None:
    for name in ("mean", "sum", "weights", "order", "range", "min_items"):
        if name in scoring:
            raise PlanError("rule_of_scores", f"{key}.{name}")
    rules = [rule for rule in ("at_least", "any_of", "equals", "levels") if rule in scoring]
    if len(rules) > 1:
        raise PlanError("one_scoring", key)
    if "of" in scoring and "at_least" not in scoring:
        raise PlanError("of_without_at_least", key)
    if items > 1 and rules not in (["at_least"], ["any_of"]):
        raise PlanError("items_need_at_least", key)
    if items == 1:
        _check_codes_of_several(key, scoring)


def _check_score(key: str, scoring: Mapped, items: int) -> None:
    for name in ("at_least", "any_of", "equals", "levels"):
        if name in scoring:
            raise PlanError("rule_of_yes_no", f"{key}.{name}")
    if scoring.get("mean") and scoring.get("sum"):
        raise PlanError("sum_or_mean", key)
    if items > 1 and not (scoring.get("mean") or scoring.get("sum") or "weights" in scoring):
        raise PlanError("items_need_sum", key)
    if "of" in scoring and not scoring.get("sum"):
        raise PlanError("of_without_sum", key)
    _check_codes_of_several(key, scoring)
    if "min_items" in scoring and not scoring.get("mean"):
        raise PlanError("min_items_without_mean", key)
    if "range" in scoring and scoring["range"][0] >= scoring["range"][1]:
        raise PlanError("range_upside_down", f"{key}.range")


def _check_codes_of_several(key: str, scoring: Mapped) -> None:
    """A cell of several answers is split at spaces, so a code with a space in it would never be found."""
    for rule in ("of", "any_of"):
        for code in as_codes(scoring.get(rule, [])):
            if len(code.split()) > 1:
                raise PlanError("code_with_space", f"{key}.{rule}", value=code)


def _waves_named(plan: Mapped) -> Iterable[tuple[str, list[Any]]]:
    """Every place outside design.waves that names waves, with the names."""
    for wave, window in plan["design"].get("windows", {}).items():
        yield "design.windows", [wave]
        yield f"design.windows.{wave}.after", [window["after"]] if "after" in window else []
    for name in ("from", "to", "baseline"):
        yield f"retention.{name}", [plan["retention"][name]] if "retention" in plan else []
    for position, file in enumerate(plan.get("data", []), start=1):
        yield f"data[{position}].wave", [file["wave"]] if "wave" in file else []


def _check_waves(key: str, names: list[Any], waves: tuple[str, ...]) -> None:
    for name in as_codes(names):
        if name not in waves:
            raise PlanError("unknown_wave", key, value=name, waves=listed(waves))


def _check_repeated(key: str, names: Iterable[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise PlanError("repeated", key, value=name)
