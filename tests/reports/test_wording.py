"""Sentences of the report: content that is complete, and chosen by the verdict alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.choices import INDEPENDENT_INTERVALS, INDEPENDENT_TESTS, PAIRED_INTERVALS, PAIRED_TESTS
from analysis.multiplicity import FAMILIES
from analysis.plan import Plan
from analysis.plan_schema import DIMENSIONS
from analysis.verdicts import RULES
from analysis.warning_codes import WARNING_CODES
from core.extraction import translatable
from core.languages import LANGUAGES, content_text
from reports.wording import DIRECTED, KNOWN_COMPARISONS, Worded, Wording, load_sentences, say
from tests.reports.plans import TITLES, pairs_row, plan_of, samples_row

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
TITLE = TITLES["names_three_signs"]
PAIRS = (("before", "after"), ("before", "followup"), ("after", "followup"), ("pre", "post"))
CLAIMS_TOO_MUCH = re.compile(r"\b(impact|caused?|effect|because of|thanks to|led to|raised|% (increase|rise))\b", re.I)

counts = st.integers(0, 60)
pairs = st.sampled_from(PAIRS)


def texts() -> list[tuple[str, str]]:
    """Every (context, English text) of the sentence files."""
    return [found for entry in load_sentences().values() for found in translatable(entry)]


def wording(plan: Plan, language: str = "en") -> Wording:
    return Wording(plan, language, TITLES)


def paired_plan(**changes: Any) -> Plan:
    return plan_of("panel", ("before", "after", "followup", "pre", "post"), **changes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_can_be_filled_in_every_language(language: str) -> None:
    for context, english in texts():
        names = set(PLACEHOLDER.findall(english))
        translated = content_text(language, context, english)
        assert set(PLACEHOLDER.findall(translated)) == names, f"{language}: {context}"
        filled = translated % dict.fromkeys(names, "X")
        assert "%(" not in filled and filled.strip(), f"{language}: {context}"


def test_there_is_an_entry_for_every_verdict_design_and_comparison() -> None:
    outcomes = [f"{rule}_{way}" for rule in DIRECTED for way in ("higher", "lower")]
    outcomes += [rule for rule, _function in RULES if rule not in DIRECTED]
    for people in ("same_people", "different_people"):
        for comparison in (*KNOWN_COMPARISONS, "other"):
            for outcome in outcomes:
                assert f"change.{people}.{comparison}.{outcome}" in load_sentences()
    assert all(f"rule.{rule}" in load_sentences() for rule, _function in RULES)


def test_whatever_the_analysis_names_has_words() -> None:
    methods = {"wilson", *PAIRED_TESTS, *INDEPENDENT_INTERVALS, *INDEPENDENT_TESTS, *FAMILIES}
    methods |= {name for name, _function in PAIRED_INTERVALS.values()}
    assert {f"method.{name}" for name in methods} <= load_sentences().keys()
    assert {f"dimension.{name}" for name in DIMENSIONS} <= load_sentences().keys()
    for code, parameters in WARNING_CODES.items():
        found = set(PLACEHOLDER.findall(load_sentences()[f"warning.{code}"]["sentence"]))
        assert found <= set(parameters), code


def test_no_sentence_claims_more_than_the_design_allows() -> None:
    said = [(context, text) for context, text in texts() if not context.startswith("limit.")]
    assert [context for context, text in said if CLAIMS_TOO_MUCH.search(text)] == []


def test_the_interval_comes_before_the_p_value() -> None:
    for context, text in texts():
        if "%(p)s" in text and context.startswith("change."):
            assert text.index("%(low)s") < text.index("%(high)s") < text.index("%(p)s"), context


def test_every_share_stands_beside_its_count_and_denominator() -> None:
    for context, text in texts():
        for end in ("from", "to"):
            if f"%(share_{end})s" in text:
                assert re.search(rf"%\(share_{end}\)s[^,;]*?\(%\(count_{end}\)s of %\(n_{end}\)s\)", text), context


def check_words(row: dict[str, Any], worded: Worded) -> None:
    """The English sentence agrees with sign, interval and verdict of its row."""
    sentence, low, high = worded.sentence, row["interval"]["low"], row["interval"]["high"]
    if worded.rule == "not_measured":
        assert "cannot be compared" in sentence and not re.search(r"\d", sentence)
        return
    assert f"{row['x_from']} of {row['n_from']}" in sentence and f"{row['x_to']} of {row['n_to']}" in sentence
    if min(row["n_from"], row["n_to"]) < 10:
        assert worded.rule == "counts_only"
        assert "%" not in sentence and "points" not in sentence and "p\u00a0" not in sentence
        return
    assert ("was higher" in sentence) == (low > 0)
    assert ("was lower" in sentence) == (high < 0)
    assert ("no clear change" in sentence) == (worded.rule == "no_clear_change")
    assert ("practically the same" in sentence) == (worded.rule == "practically_unchanged")
    assert ("too uncertain" in sentence) == (worded.rule == "too_uncertain")
    if worded.rule not in DIRECTED:
        assert low <= 0 <= high
    assert ("Confirmed:" in worded.claim) == row["confirmed"]


def check_side(row: dict[str, Any], worded: Worded, better: str) -> None:
    if worded.rule in DIRECTED:
        rose = row["difference"] > 0
        assert (worded.rule == "improved") == (rose == (better == "higher"))
        assert ("opposite of what the plan hoped" in worded.sentence) == (worded.rule == "worsened")


@settings(max_examples=150, deadline=None)
@given(counts, counts, counts, counts, pairs, st.sampled_from(["higher", "lower"]))
def test_words_of_linked_answers_agree_with_sign_interval_and_verdict(
    yes_yes: int, yes_no: int, no_yes: int, no_no: int, waves: tuple[str, str], better: str
) -> None:
    indicator = {"id": "names_three_signs", "measure": "binary", "item": "x", "better": better, "primary": True}
    plan = paired_plan(indicators=[indicator])
    row = pairs_row(plan, yes_yes, yes_no, no_yes, no_no, waves)
    worded = wording(plan).change(row)
    check_words(row, worded)
    check_side(row, worded, better)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 400), st.integers(0, 400), st.floats(0, 1), st.floats(0, 1), pairs)
def test_words_of_separate_samples_agree_with_sign_interval_and_verdict(
    n_from: int, n_to: int, share_from: float, share_to: float, waves: tuple[str, str]
) -> None:
    plan = plan_of("cross_sections", ("before", "after", "followup", "pre", "post"))
    row = samples_row(plan, round(n_from * share_from), n_from, round(n_to * share_to), n_to, waves)
    worded = wording(plan).change(row)
    check_words(row, worded)
    check_side(row, worded, "higher")


def test_a_sentence_reads_as_a_person_would_say_it() -> None:
    row = pairs_row(paired_plan(), 31, 7, 41, 29, ("before", "after"))
    worded = wording(paired_plan()).change(row)
    assert worded.entry == "change.same_people.before_after.improved_higher"
    assert worded.sentence == (
        f"The share of people counted under “{TITLE}” was higher after the activity than before it. "
        "The same people were asked both times: it was 35.2% before (38 of 108) and 66.7% after (72 of 108): "
        "a difference of +31.5 points (95% interval from +19.7 to +41.9; p\u00a0<\u00a00.001)."
    )
    assert (worded.rule, worded.finding) == ("improved", "Improved")
    assert worded.claim.startswith("Confirmed: the plan names this indicator as primary")


def test_waves_of_another_plan_go_by_their_own_names() -> None:
    worded = wording(paired_plan()).change(pairs_row(paired_plan(), 31, 7, 41, 29, ("pre", "post")))
    assert "was higher at “post” than at “pre”" in worded.sentence


def test_an_indicator_that_is_not_primary_is_called_exploratory() -> None:
    plan = paired_plan(indicators=[{"id": "knows_hotline", "measure": "binary", "item": "x"}])
    row = pairs_row(plan, 31, 7, 41, 29, ("before", "after"))
    assert wording(plan).change(row).claim.startswith("Exploratory:")


def test_an_improvement_that_is_too_small_says_so() -> None:
    row = pairs_row(paired_plan(), 3000, 10, 100, 3000, ("before", "after"))
    worded = wording(paired_plan()).change(row)
    assert worded.rule == "improved"
    assert worded.further == (
        "The change is clear but smaller than planned: the whole interval is smaller than the smallest change that "
        "matters in the plan, 10 points.",
    )


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ({"points": 15}, "The target was reached: the plan aimed at +15 points"),
        ({"points": 60}, "The target was not reached: the plan aimed at +60 points"),
        ({"points": 30}, "Whether the target was reached is undecided: the plan aimed at +30 points"),
        ({"share": 0.5}, "The target was reached: the plan aimed at a share of 50.0%"),
    ],
)
def test_a_target_is_told_with_what_was_aimed_at(target: dict[str, float], words: str) -> None:
    plan = paired_plan(indicators=[{"id": "knows_hotline", "measure": "binary", "item": "x", "target": target}])
    from_the_start = wording(plan).change(pairs_row(plan, 31, 7, 41, 29, ("before", "after")))
    assert from_the_start.further[-1].startswith(words)
    later = wording(plan).change(pairs_row(plan, 31, 7, 41, 29, ("after", "followup")))
    assert later.further == (), "a target counts from the first wave"


def test_a_hidden_row_tells_no_number() -> None:
    row = pairs_row(paired_plan(), 3, 1, 4, 2, ("before", "after"))
    emptied = dict.fromkeys(row) | {key: row[key] for key in ("indicator", "from", "to", "segment")}
    worded = wording(paired_plan()).change(emptied | {"hidden": True, "warnings": []})
    assert worded.rule == "hidden" and not re.search(r"\d", worded.sentence) and worded.claim == ""


def test_warnings_are_worded_with_the_names_that_people_know() -> None:
    words = wording(paired_plan())
    params = {"indicator": "knows_hotline", "column": "q", "codes": ["a"]}
    warned = words.warning({"code": "no_code_seen", "params": params})
    assert f"“{TITLES['knows_hotline']}”" in warned
    taught = words.warning({"code": "test_retest", "params": {"indicators": "names_three_signs, knows_hotline"}})
    assert f"“{TITLES['names_three_signs']}” and “{TITLES['knows_hotline']}”" in taught
    season = words.warning({"code": "season", "params": {"earlier": "before", "later": "followup"}})
    assert "“Before” and “Follow-up”" in season
    assert "“Follow-up”" in words.warning({"code": "wave_without_rows", "params": {"wave": "followup"}})


@pytest.mark.parametrize(
    ("p", "hidden", "words"),
    [
        (0.01, False, "Before to after: the parts changed differently (adjusted p = 0.010)."),
        (
            0.4,
            False,
            "Before to after: no clear difference between the parts in how they changed (adjusted p = 0.400).",
        ),
        (None, False, ""),
        (None, True, ""),
    ],
)
def test_whether_parts_changed_differently_is_told_where_it_was_tested(
    p: float | None, hidden: bool, words: str
) -> None:
    row = {"from": "before", "to": "after", "by": ["sex"], "p_adjusted": p, "hidden": hidden}
    assert wording(paired_plan()).parts(row).replace("\u00a0", " ") == words


def test_a_missing_entry_is_an_error_and_not_silence() -> None:
    with pytest.raises(KeyError):
        say("change.nowhere", "en")
