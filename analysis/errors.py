"""Errors of the analysis: a code, its parameters and the English sentence that callers translate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import ClassVar


def N_(sentence: str) -> str:  # noqa: N802  (the name gettext extraction looks for)
    """Mark a sentence for translation without translating it here."""
    return sentence


SENTENCES: dict[str, str] = {
    # the plan: its shape
    "not_a_plan": N_("This is not a plan: it must hold keys with values, such as version, design and indicators."),
    "unknown_key": N_("The plan has a key “%(key)s” that is not known here; the keys known here are: %(known)s."),
    "misspelt_key": N_("The plan has a key “%(key)s” that is not known here; did you mean “%(closest)s”?"),
    "missing_key": N_("The plan lacks the key “%(key)s”; add it."),
    "not_text": N_("The plan's “%(key)s” must be a text; write one, in quotes if it looks like a number."),
    "not_number": N_("The plan's “%(key)s” must be a number; write digits, without quotes."),
    "not_whole_number": N_("The plan's “%(key)s” must be a whole number; write digits, without quotes."),
    "not_true_or_false": N_("The plan's “%(key)s” must be true or false; write one of the two, without quotes."),
    "not_list": N_("The plan's “%(key)s” must be a list; write it in square brackets, like [a, b]."),
    "not_mapping": N_("The plan's “%(key)s” must hold keys with values; write it in braces, like {key: value}."),
    "not_code": N_("The plan's “%(key)s” must be a code or a list of codes; put words such as yes and no in quotes."),
    "not_column": N_("The plan's “%(key)s” must be the name of a column or a list of such names."),
    "not_allowed": N_("The plan's “%(key)s” is “%(value)s”; choose one of: %(allowed)s."),
    "out_of_range": N_("The plan's “%(key)s” is %(value)s; it must lie between %(low)s and %(high)s."),
    "too_few": N_("The plan's “%(key)s” is empty or too short; it needs at least %(least)s."),
    "too_many": N_("The plan's “%(key)s” has too many entries; it takes %(most)s at most."),
    "repeated": N_("The plan's “%(key)s” names “%(value)s” more than once; keep it once."),
    # the plan: its meaning
    "item_or_items": N_("The plan's “%(key)s” needs either “item” or “items”, not both; name the column or columns."),
    "one_scoring": N_("The plan's “%(key)s” gives more than one rule; keep one of “at_least”, “equals” and “levels”."),
    "of_without_at_least": N_(
        "The plan's “%(key)s” lists codes but not how many are enough; add “at_least” beside it."
    ),
    "items_need_at_least": N_(
        "The plan's “%(key)s” has several items; say in “scoring” how many are enough, like {at_least: 3}."
    ),
    "rule_of_scores": N_(
        "The plan's “%(key)s” belongs to scores and scales, not to a yes/no indicator; "
        "use at_least, any_of, equals or levels, or change “measure”."
    ),
    "rule_of_yes_no": N_(
        "The plan's “%(key)s” makes a yes/no indicator; use sum, mean, weights or order, or write “measure: binary”."
    ),
    "sum_or_mean": N_("The plan's “%(key)s” asks for the sum and the mean; keep one of the two."),
    "items_need_sum": N_(
        "The plan's “%(key)s” has several items; say how they make one score, like {sum: true} or {mean: true}."
    ),
    "of_without_sum": N_("The plan's “%(key)s” lists codes to be counted; add “sum: true” beside them."),
    "code_with_space": N_(
        "The plan's “%(key)s” has the code “%(value)s” with a space in it, but cells of several answers are split at "
        "spaces; give that answer a code without spaces, or use “equals” where a cell holds one answer."
    ),
    "min_items_without_mean": N_(
        "The plan's “%(key)s” says how many items are enough, which only a mean allows; add “mean: true” beside it."
    ),
    "range_upside_down": N_("The plan's “%(key)s” must give the lowest answer first and a higher one second."),
    "unknown_item": N_("The plan's “%(key)s” names “%(value)s”, which is no item here; the items are: %(items)s."),
    "unknown_indicator": N_(
        "The plan's “%(key)s” names “%(value)s”, which is no indicator of the plan; these are: %(known)s."
    ),
    "share_of_a_score": N_(
        "The plan's “%(key)s” is a share, but the indicator is a score; "
        "write the points to be gained, like {points: 1}."
    ),
    "same_or_new_clusters": N_(
        "The plan's samples come in clusters, so “%(key)s” must say whether each wave went back to the same ones "
        "or drew new ones; write same or new."
    ),
    "key_of_samples": N_(
        "The plan's “%(key)s” belongs to separate samples (kind: cross_sections), not to people seen twice; "
        "take it out."
    ),
    "needs_key": N_("The plan's “%(other)s” says nothing without “%(key)s”; add it."),
    "shares_not_whole": N_(
        "The shares in the plan's “%(key)s” add up to %(total)s and not to 1; correct them, as fractions of 1."
    ),
    "column_not_adjusted": N_(
        "The plan's “%(key)s” gives shares of a column that “adjust” does not name; add it there, or take it out."
    ),
    "columns_or_prefix": N_(
        "The plan's “%(key)s” needs either “columns” or “prefix”, not both; name the columns of the replicate weights."
    ),
    "beside_replicates": N_(
        "The plan's “%(key)s” cannot stand beside “design.replicate_weights”, which say already how people were drawn; "
        "take one of the two out."
    ),
    "not_with_replicates": N_(
        "The plan's “%(key)s” cannot be computed with replicate weights; take it out, or describe the sample by its "
        "strata and clusters."
    ),
    "rscales_needed": N_(
        "The plan's replicate weights are of type jkn, so “%(key)s” must say how much each of them counts; "
        "copy the numbers from the provider, one for each column."
    ),
    "rho_of_fay": N_(
        "The plan's “%(key)s” belongs to replicate weights of type fay, and to these alone; "
        "add it there, take it out elsewhere."
    ),
    "unknown_wave": N_("The plan's “%(key)s” names the wave “%(value)s”; the waves of the plan are: %(waves)s."),
    "suffix_for_every_wave": N_(
        "The plan's layout is wide, so “%(key)s” must give the ending of the columns of each wave: %(waves)s."
    ),
    "person_needed": N_(
        "The plan pairs people in a long file, so it must name the column that tells who is who; add “%(key)s”."
    ),
    "wide_cross_sections": N_(
        "The plan's “%(key)s” is wide, but separate samples have no person with both waves in one row; use long."
    ),
    "two_waves_needed": N_("The plan's “%(key)s” has one wave, but pairs need two at the least; name them in order."),
    # the data
    "few_replicate_columns": N_(
        "The data have fewer than two columns named “%(prefix)s” and a number from 1 to 999; correct the prefix of the "
        "replicate weights in the plan, or list their columns."
    ),
    "rscales_for_every_column": N_(
        "The plan's “rscales” have another length (%(n)s) than there are columns of replicate weights (%(columns)s); "
        "give one number for each column."
    ),
    "replicate_weight_unusable": N_(
        "Column “%(column)s” of the replicate weights is empty, infinite or below 0 in some rows (%(rows)s); "
        "correct it, or leave such rows out with “exclude”."
    ),
    "replicate_weights_sum_to_nothing": N_(
        "The replicate weights in column “%(column)s” sum to 0, so it stands for nobody; take it out of the plan "
        "or correct it."
    ),
    "cluster_in_two_strata": N_(
        "The group “%(cluster)s” of column “%(column)s” lies in more than one stratum (rows %(rows)s); "
        "correct the stratum, or give groups of different strata different names."
    ),
    "unreadable_level": N_(
        "Column “%(column)s” has answers that “order” does not name (rows %(rows)s); "
        "add them to the order or list them under “missing”."
    ),
    "row_without_cluster": N_(
        "Column “%(column)s”, which says who belongs together, is empty in some rows (%(rows)s); fill it, "
        "with a name of its own for a person who belongs to no group."
    ),
    "no_comparison_group": N_(
        "Nobody is in the comparison group: column “%(column)s” has no “%(value)s”, only: %(values)s; "
        "correct “comparison” in the plan, or the data."
    ),
    "value_without_share": N_(
        "Column “%(column)s” has values without a share in the plan's population: %(values)s; "
        "give each its share, or leave such rows out with “exclude”."
    ),
    "share_without_value": N_(
        "The plan's population gives a share of “%(column)s” to values that nobody has at the wave “%(wave)s”: "
        "%(values)s; join them with others, in the data and in the plan."
    ),
    "row_without_enumerator": N_(
        "Column “%(column)s”, which says who asked, is empty in some rows (%(rows)s); fill it, "
        "or take “enumerator” out of the plan."
    ),
    "spreadsheet_error": N_(
        "Column “%(column)s” has errors of a spreadsheet such as %(value)s (rows %(rows)s); correct the formula, "
        "or empty these cells."
    ),
    "missing_column": N_(
        "The data have no column “%(column)s” that the plan names; correct the name in the plan "
        "or in the data, where there are: %(columns)s."
    ),
    "repeated_column": N_("The data have two columns named “%(column)s”; give each column a name of its own."),
    "unreadable_yes_no": N_(
        "Column “%(column)s” has values other than 0 and 1 (rows %(rows)s); correct them, "
        "say in the plan which code means yes, or list them under “missing”."
    ),
    "unreadable_number": N_(
        "Column “%(column)s” has values that are not numbers (rows %(rows)s); "
        "correct them or list them under “missing”."
    ),
    "unreadable_date": N_(
        "Column “%(column)s” has dates that cannot be read without guessing (rows %(rows)s); "
        "write them as year-month-day, like 2026-03-31."
    ),
    "exposure_without_dose": N_(
        "Column “%(column)s” has values that the plan's “dose” does not name: %(values)s; its order is: %(dose)s. "
        "Add them where they belong, or list them under “missing”."
    ),
    "person_twice": N_(
        "Column “%(column)s” has the same person more than once in the wave “%(wave)s” (rows %(rows)s); "
        "keep one row of each."
    ),
    "person_again": N_("Column “%(column)s” has the same person more than once (rows %(rows)s); keep one row of each."),
    "no_row_in_waves": N_(
        "No row belongs to a wave of the plan: column “%(column)s” has %(values)s, the plan's waves are: %(waves)s."
    ),
}


class AnalysisError(Exception):
    """Something a person can mend: a code and parameters for callers to translate; ``str()`` is the English."""

    sentences: ClassVar[Mapping[str, str]] = SENTENCES

    def __init__(self, code: str, **params: str | int | float) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    @property
    def template(self) -> str:
        return self.sentences[self.code]

    def __str__(self) -> str:
        return self.template % self.params


class PlanError(AnalysisError):
    """The plan cannot be followed as it is written; ``key`` is the path of the key at fault."""

    def __init__(self, code: str, key: str, **params: str | int | float) -> None:
        super().__init__(code, key=key, **params)
        self.key = key


class DataError(AnalysisError):
    """The data cannot be read the way the plan asks."""


def listed(names: Iterable[object]) -> str:
    return ", ".join(str(name) for name in names)


def closest(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known names that look most like a misspelt one, best first; upper and lower case count alike."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    return [by_folded[match] for match in get_close_matches(name.casefold(), by_folded, n=most, cutoff=0.6)]
