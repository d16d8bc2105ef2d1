"""The contract of a plan: what is accepted, what is refused and in which words."""

from __future__ import annotations

import copy
from typing import Any

import jsonschema
import pytest

from analysis import choices, score_tests
from analysis.multiplicity import FAMILIES
from analysis.plan import Methods, PlanError, Target, json_schema, parse_plan, plan_sha256
from analysis.plan_schema import FAMILIES as SCHEMA_FAMILIES
from analysis.plan_schema import METHODS
from tests.analysis.plans import indicator, plan, written

WHOLE: dict[str, Any] = {
    "version": 1,
    "title": "Training of community leaders",
    "data": [{"file": "training.csv"}],
    "design": {
        "kind": "panel",
        "layout": "long",
        "waves": ["before", "after", "followup"],
        "wave": "wave",
        "person": "person",
        "date": "interview_date",
        "windows": {"followup": {"after": "after", "anchor": "end", "months": [6, 12]}},
    },
    "indicators": [
        {
            "id": "signs3",
            "dimension": "knowledge",
            "measure": "binary",
            "item": "k1",
            "scoring": {"at_least": 3, "of": ["debt", "passport", "no_pay"]},
            "better": "higher",
            "primary": True,
            "target": {"points": 15},
        },
        {
            "id": "refuses",
            "measure": "binary",
            "items": ["a", "b"],
            "scoring": {"at_least": 1},
            "better": "lower",
            "target": {"share": 0.6},
            "smallest_change": {"points": 5},
        },
    ],
    "by": ["sex", "age_group", ["sex", "age_group"]],
    "confidence": 0.9,
    "family": "bh",
    "retention": {"from": "after", "to": "followup", "baseline": "before", "margin_points": 10, "keep_share": 0.5},
    "smallest_change": {"points": 10},
    "missing": {"dont_know": ["dk", 8], "refused": "ref", "dont_know_as": "exclude"},
    "exclude": [{"column": "consent", "equals": "no", "reason": "no consent"}],
    "seed": 20261122,
    "locks": [{"name": "wording", "sha256": "aa", "at": "2026-11-22"}],
    "suppress_below": 5,
    "methods": {"paired_interval": "newcombe8", "paired_test": "mcnemar_exact"},
}
SCALE = {"id": "scale", "measure": "scale", "items": ["a", "b"]}


def changed(path: str, value: object) -> dict[str, Any]:
    """The whole plan with one key written otherwise; ``indicators.0.id`` reaches into lists."""
    plan = copy.deepcopy(WHOLE)
    *parents, last = path.split(".")
    place: Any = plan
    for name in parents:
        place = place[int(name)] if isinstance(place, list) else place[name]
    place[int(last) if isinstance(place, list) else last] = value
    return plan


def refusal(mapping: Any) -> PlanError:
    with pytest.raises(PlanError) as caught:
        parse_plan(mapping)
    return caught.value


def test_every_part_of_a_plan_arrives() -> None:
    parsed = parse_plan(WHOLE)
    assert parsed.design.waves == ("before", "after", "followup")
    assert parsed.design.paired
    first, second = parsed.indicators
    assert first.scoring.of == ("debt", "passport", "no_pay")
    assert first.target == Target("points", 0.15)
    assert first.smallest_change == 0.10
    assert second.target == Target("share", 0.6)
    assert second.smallest_change == 0.05
    assert parsed.by == (("sex",), ("age_group",), ("sex", "age_group"))
    assert parsed.missing.dont_know == ("dk", "8")
    assert parsed.retention is not None
    assert (first.margin, second.margin) == (0.10, 0.10)
    assert parsed.exclude[0].equals == ("no",)
    assert parsed.locks[0].sha256 == "aa"


def test_a_short_plan_gets_the_defaults_of_the_contract() -> None:
    short = plan()
    assert (short.confidence, short.family, short.suppress_below) == (0.95, "holm", 0)
    assert short.design.layout == "long"
    assert short.missing.dont_know_as == "not_endorsing"
    assert short.methods.paired_test == "mcnemar_midp"


def test_a_key_with_an_empty_value_counts_as_not_written() -> None:
    assert parse_plan(changed("design.site", None)).design.site is None
    assert refusal(changed("design.kind", None)).code == "missing_key"


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        (
            {**WHOLE, "indicatros": []},
            "The plan has a key “indicatros” that is not known here; did you mean “indicators”?",
        ),
        (
            changed("indicators.0.beter", "higher"),
            "The plan has a key “indicators[signs3].beter” that is not known here; did you mean “better”?",
        ),
        (changed("indicators.0.measure", None), "The plan lacks the key “indicators[signs3].measure”; add it."),
        (changed("seed", "many"), "The plan's “seed” must be a whole number; write digits, without quotes."),
        (
            changed("methods.paired_test", "t_test"),
            "The plan's “methods.paired_test” is “t_test”; choose one of: "
            "mcnemar_midp, mcnemar_exact, mcnemar, mcnemar_corrected.",
        ),
        (
            changed("retention.to", "later"),
            "The plan's “retention.to” names the wave “later”; the waves of the plan are: before, after, followup.",
        ),
        (changed("confidence", 95), "The plan's “confidence” is 95; it must lie between 0.5 and 0.999."),
    ],
)
def test_a_wrong_key_is_named_with_its_remedy(mapping: dict[str, Any], sentence: str) -> None:
    assert str(refusal(mapping)) == sentence


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("zzz", 1, "unknown_key"),
        ("title", 3, "not_text"),
        ("confidence", "high", "not_number"),
        ("confidence", float("nan"), "not_number"),
        ("indicators.0.primary", "yes", "not_true_or_false"),
        ("by", "sex", "not_list"),
        ("by", [3], "not_column"),
        ("design", [], "not_mapping"),
        ("exclude.0.equals", False, "not_code"),
        ("version", 2, "not_allowed"),
        ("indicators", [], "too_few"),
        ("indicators.0.id", " ", "too_few"),
        ("indicators.0.target", {}, "too_few"),
        ("indicators.0.target", {"points": 1, "share": 0.5}, "too_many"),
        ("design.windows.followup.months", [6], "too_few"),
        ("design.windows.followup.after", "never", "unknown_wave"),
        ("data", [{"file": "a.csv", "wave": "later"}], "unknown_wave"),
        ("design.waves", ["before", "before"], "repeated"),
        ("by", ["sex", "sex"], "repeated"),
        ("indicators.1.id", "signs3", "repeated"),
        ("indicators.0.items", ["a"], "item_or_items"),
        ("indicators.0.item", None, "item_or_items"),
        ("indicators.0.scoring", {"at_least": 1, "equals": "a"}, "one_scoring"),
        ("indicators.0.scoring", {"of": ["a"]}, "of_without_at_least"),
        ("indicators.1.scoring", None, "items_need_at_least"),
        ("indicators.0.scoring", {"mean": True}, "rule_of_scores"),
        ("indicators.0.scoring", {"any_of": ["a"], "levels": [1]}, "one_scoring"),
        ("indicators.0.measure", "score", "rule_of_yes_no"),
        ("indicators.1", SCALE | {"scoring": {}}, "items_need_sum"),
        ("indicators.1", SCALE | {"scoring": {"sum": True, "mean": True}}, "sum_or_mean"),
        ("indicators.1", SCALE | {"scoring": {"sum": True, "min_items": 1}}, "min_items_without_mean"),
        ("indicators.1", SCALE | {"scoring": {"mean": True, "of": ["a"]}}, "of_without_sum"),
        ("indicators.1", SCALE | {"scoring": {"mean": True, "range": [5, 1]}}, "range_upside_down"),
        ("indicators.1", SCALE | {"scoring": {"mean": True, "reversed": ["c"]}}, "unknown_item"),
        ("indicators.1", SCALE | {"scoring": {"weights": {"c": 2}}}, "unknown_item"),
        ("indicators.1", SCALE | {"scoring": {"mean": True}, "target": {"share": 0.5}}, "share_of_a_score"),
        ("design.selected_on", ["signs4"], "unknown_indicator"),
        ("design.person", None, "person_needed"),
        ("design.waves", ["before"], "two_waves_needed"),
        ("design.layout", "wide", "suffix_for_every_wave"),
        ("design.arm", "treated", "needs_key"),
        ("design.comparison", "control", "needs_key"),
        ("design.dose", ["none", "full"], "needs_key"),
        ("adjust", ["sex"], "key_of_samples"),
        ("population", {"sex": {"F": 0.5, "M": 0.5}}, "key_of_samples"),
    ],
)
def test_a_contradiction_is_refused(path: str, value: object, code: str) -> None:
    error = refusal(changed(path, value))
    assert error.code == code
    assert error.key.split("[")[0].split(".")[0] == path.split(".")[0]
    assert str(error).endswith((".", "?"))


SAMPLES: dict[str, Any] = {
    "version": 1,
    "design": {"kind": "cross_sections", "waves": ["before", "after"]},
    "indicators": [{"id": "knows", "measure": "binary", "item": "knows"}],
}


@pytest.mark.parametrize(
    ("keys", "code", "key"),
    [
        ({"population": {"sex": {"F": 0.5, "M": 0.4}}}, "shares_not_whole", "population.sex"),
        ({"population": {"sex": {"F": 0.5, "M": 0.5}}, "adjust": ["age"]}, "missing_key", "population.age"),
        (
            {"population": {"sex": {"F": 1}, "age": {"18+": 1}}, "adjust": ["sex"]},
            "column_not_adjusted",
            "population.age",
        ),
    ],
)
def test_a_population_that_cannot_be_followed_is_refused(keys: dict[str, Any], code: str, key: str) -> None:
    error = refusal(SAMPLES | keys)
    assert (error.code, error.key) == (code, key)


def test_a_population_alone_says_what_is_adjusted_for() -> None:
    parsed = parse_plan(SAMPLES | {"population": {"sex": {"F": 0.5, "M": 0.5}}})
    assert (parsed.adjust, parsed.population) == (("sex",), {"sex": {"F": 0.5, "M": 0.5}})


def test_a_margin_in_percentage_points_does_not_speak_of_scores() -> None:
    score = {"id": "score", "measure": "score", "item": "score"}
    design = {"kind": "panel", "waves": ["a", "b", "c"], "person": "who"}
    kept = {"retention": {"baseline": "a", "from": "b", "to": "c", "margin_points": 5}, "design": design}
    mixed = parse_plan(SAMPLES | kept | {"indicators": [*SAMPLES["indicators"], score]})
    own = parse_plan(SAMPLES | kept | {"indicators": [*SAMPLES["indicators"], score | {"margin_points": 1}]})
    alone = parse_plan(SAMPLES | kept | {"indicators": [score]})
    assert [one.margin for one in mixed.indicators] == [0.05, None]
    assert [one.margin for one in own.indicators] == [0.05, 1]
    assert alone.indicators[0].margin == 5


def test_the_same_people_may_have_weights_strata_and_a_population_size() -> None:
    for key in ("weight", "stratum", "fpc"):
        assert parse_plan(changed(f"design.{key}", "column")).design.sampled


@pytest.mark.parametrize("nothing", [None, [], "plan", 3])
def test_something_else_than_a_plan_is_called_so(nothing: object) -> None:
    assert refusal(nothing).code == "not_a_plan"


def test_the_hash_leaves_out_data_and_locks_and_nothing_else() -> None:
    whole = plan_sha256(WHOLE)
    assert plan_sha256({**WHOLE, "data": [], "locks": []}) == whole
    assert plan_sha256(dict(reversed(WHOLE.items()))) == whole
    assert plan_sha256(changed("seed", 1)) != whole
    assert parse_plan(WHOLE).sha256 == whole


def test_the_published_schema_is_a_schema_and_agrees_with_the_checks() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid(WHOLE)
    assert not validator.is_valid({**WHOLE, "indicatros": []})
    assert not validator.is_valid(changed("exclude.0.equals", False))


def test_clusters_of_separate_samples_are_the_same_or_new() -> None:
    error = refusal(written(design={"cluster": "village"}))
    assert (error.code, error.key) == ("same_or_new_clusters", "design.clusters_in_waves")
    assert parse_plan(written(design={"cluster": "village", "clusters_in_waves": "same"})).design.sampled
    assert not plan().design.sampled


@pytest.mark.parametrize(
    ("key", "value"), [("enumerator", "who"), ("clusters_in_waves", "same"), ("lonely_cluster", "adjust")]
)
def test_keys_of_samples_are_refused_for_the_same_people(key: str, value: str) -> None:
    assert refusal(changed(f"design.{key}", value)).code == "key_of_samples"


def test_the_schema_lists_every_method_that_can_be_computed() -> None:
    registries = {
        "share_interval": choices.SHARE_INTERVALS,
        "paired_interval": choices.PAIRED_INTERVALS,
        "paired_test": choices.PAIRED_TESTS,
        "independent_interval": choices.INDEPENDENT_INTERVALS,
        "independent_test": choices.INDEPENDENT_TESTS,
        "ordinal_paired_test": score_tests.PAIRED_TESTS["ordinal"],
        "ordinal_independent_test": score_tests.INDEPENDENT_TESTS["ordinal"],
        "score_paired_test": score_tests.PAIRED_TESTS["score"],
        "score_independent_test": score_tests.INDEPENDENT_TESTS["score"],
    }
    for use, registry in registries.items():
        assert METHODS[use] == tuple(registry), use
        chosen = getattr(parse_plan(WHOLE | {"methods": {use: METHODS[use][-1]}}).methods, use)
        assert chosen == METHODS[use][-1]
    assert tuple(FAMILIES) == SCHEMA_FAMILIES
    assert set(METHODS) == set(Methods.__slots__)


def test_the_points_of_a_score_are_its_own() -> None:
    score = {"id": "s", "measure": "score", "item": "s"}
    first, second = parse_plan(
        written(indicators=[score, score | {"id": "t", "smallest_change": {"points": 2}, "target": {"points": 3}}])
        | {"smallest_change": {"points": 10}}
    ).indicators
    assert first.smallest_change is None
    assert (second.smallest_change, second.target) == (2.0, Target("points", 3.0))


def test_waves_may_be_numbers() -> None:
    years = parse_plan(written(design={"waves": [2024, 2025]}))
    assert years.design.waves == ("2024", "2025")


def test_indicators_may_not_repeat_an_id() -> None:
    assert refusal(written(indicators=[indicator("a"), indicator("a")])).params["value"] == "a"
