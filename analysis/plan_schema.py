"""The keys of an evaluation plan as a JSON Schema: the one description that validation and publication share."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

KINDS = ("paired", "cross_sections", "panel", "barrier")
MEASURES = ("binary", "ordinal", "score", "scale")
LOCK_MARKS = ("set_after_baseline", "set_after_answers")
DIMENSIONS = ("knowledge", "attitude", "intended_action", "skill", "reach", "behaviour", "determinant")


def _text(description: str, *choices: str) -> Schema:
    schema: Schema = {"type": "string", "description": description, "minLength": 1}
    return schema | {"enum": list(choices)} if choices else schema


def _number(description: str, low: float, high: float) -> Schema:
    return {"type": "number", "description": description, "minimum": low, "maximum": high}


def _whole(description: str, low: int, high: int) -> Schema:
    return {"type": "integer", "description": description, "minimum": low, "maximum": high}


def _flag(description: str) -> Schema:
    return {"type": "boolean", "description": description}


def _mapping(description: str, properties: Schema, required: tuple[str, ...] = ()) -> Schema:
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _mapping_of(description: str, values: Schema) -> Schema:
    return {"type": "object", "description": description, "additionalProperties": values}


def _list(description: str, items: Schema, least: int = 0) -> Schema:
    return {"type": "array", "description": description, "items": items, "minItems": least}


_CODE: Schema = {"type": ["string", "number"]}


def _codes(description: str) -> Schema:
    return {"type": ["string", "number", "array"], "description": description, "items": _CODE}


def _one_of(description: str, properties: Schema) -> Schema:
    return _mapping(description, properties) | {"minProperties": 1, "maxProperties": 1}


_POINTS = _number("percentage points", 0, 100)
_SMALLEST_CHANGE = _mapping("the smallest change that matters", {"points": _POINTS}, ("points",))

_WINDOW = _mapping(
    "when a wave should take place",
    {
        "after": _CODE,
        "anchor": _text("counted from the start or the end of the activity", "start", "end"),
        "months": _list("first and last month", {"type": "number", "minimum": 0, "maximum": 240}, 2) | {"maxItems": 2},
    },
)

_REPLICATE_WEIGHTS = _mapping(
    "weights that the provider of the data made for the variance, in place of strata and clusters",
    {
        "columns": _list("their columns", {"type": "string", "minLength": 1}, 2),
        "prefix": _text("beginning of their columns, which end in a number from 1 to 999"),
        "type": _text("how they were made", "jk1", "jkn", "brr", "fay", "bootstrap"),
        "scale": _number("what all squares are multiplied by, in place of what the type says", 1e-12, 1e12),
        "rscales": _list("how much each column counts; 1 unless said otherwise", {"type": "number", "minimum": 0}, 2),
        "rho": _number("fay only: the share of its weight that a half left out keeps", 0, 0.999),
    },
    ("type",),
)

_DESIGN = _mapping(
    "who was asked when",
    {
        "kind": _text("how the waves hang together", *KINDS),
        "layout": _text("wide: a row per person; long: a row per person and wave", "wide", "long"),
        "waves": _list("names of the waves, in order of time; none in a barrier analysis", _CODE, 1),
        "suffix": _mapping_of("wide only: wave -> ending of its columns", {"type": "string", "minLength": 1}),
        "wave": _text("long only: column that names the wave"),
        "person": _text("column that tells who is who across waves"),
        "cluster": _text("column of the unit treated or sampled together"),
        "stratum": _text("column of the sampling stratum"),
        "weight": _text("column of the sampling weight"),
        "replicate_weights": _REPLICATE_WEIGHTS,
        "fpc": _text("column of the size of the population or stratum"),
        "site": _text("column of the place of the interview"),
        "enumerator": _text("column of the interviewer"),
        "clusters_in_waves": _text("same clusters in every wave, or new ones", "same", "new"),
        "lonely_cluster": _text("a stratum with one cluster", "fail", "adjust", "remove", "average", "certainty"),
        "date": _text("column of the date of the interview; in a wide file without the ending of the wave"),
        "windows": _mapping_of("wave -> when it should take place", _WINDOW),
        "exposure": _text(
            "column of self-reported exposure (of a wide file, the person's): described, never an effect"
        ),
        "dose": _list("values of exposure from the least to the most, where they have an order", _CODE, 2),
        "arm": _text("column of the comparison group"),
        "selected_on": _list(
            "indicators by whose low answers persons or sessions were chosen", {"type": "string", "minLength": 1}
        ),
        "comparison": _CODE | {"description": "the value of arm that means comparison group"},
        "group": _text("barrier only: column with doer or non-doer"),
        "doer": _CODE | {"description": "barrier only: the value that means doer"},
        "non_doer": _CODE | {"description": "barrier only: the value that means non-doer; else the only other one"},
        "neither": _CODE | {"description": "barrier only: the value of people who are neither; else “neither”"},
        "prevalence": _number("barrier only: share of people who do the behaviour, above 0 and below 1", 0, 1),
    },
    ("kind",),
)

_SCORING = _mapping(
    "how answers become the indicator",
    {
        "at_least": _whole("so many of the codes, or of the items", 1, 1000),
        "any_of": _codes("at least one of these codes is in the cell"),
        "of": _codes("the codes that count, with at_least or sum"),
        "equals": _codes("the whole cell is one of these codes"),
        "levels": _codes("top boxes: the levels that count"),
        "order": _list("codes of an ordered answer from the lowest up; they count as 1, 2, 3 and so on", _CODE, 2),
        "range": _list("lowest and highest answer that an item allows", {"type": "number"}, 2) | {"maxItems": 2},
        "reversed": {
            "type": ["boolean", "array"],
            "description": "high answers are low: true for all items, or the list of those",
            "items": {"type": "string", "minLength": 1},
        },
        "mean": _flag("the mean of the items"),
        "sum": _flag("the sum of the items"),
        "weights": _mapping_of("item -> its weight in the sum or mean", {"type": "number"}),
        "min_items": _whole("with mean: so many answered items are enough", 1, 1000),
    },
)

_INDICATOR = _mapping(
    "something that is measured",
    {
        "id": _text("a short name that stays the same for ever"),
        "dimension": _text("what kind of thing it is", *DIMENSIONS),
        "measure": _text("how it is measured", *MEASURES),
        "item": _text("column; in a wide file without the ending of the wave"),
        "items": _list("columns that are scored together", {"type": "string", "minLength": 1}, 1),
        "scoring": _SCORING,
        "better": _text("which direction is the good one", "higher", "lower"),
        "primary": _flag("one of the few indicators that a headline may rest on"),
        "target": _one_of(
            "what was aimed at",
            {"points": _POINTS, "share": _number("share of people at the later wave", 0, 1)},
        ),
        "smallest_change": _SMALLEST_CHANGE,
        "margin_points": _number("loss of points since the activity that still counts as kept", 0, 1e6),
    },
    ("id", "measure"),
)

METHODS: dict[str, tuple[str, ...]] = {  # the default first; None where it depends on the counts
    "share_interval": ("wilson", "clopper_pearson"),
    "paired_interval": ("newcombe", "newcombe8", "tango", "bonett_price", "agresti_min", "wald"),
    "paired_test": ("mcnemar_midp", "mcnemar_exact", "mcnemar", "mcnemar_corrected"),
    "independent_interval": ("newcombe", "miettinen_nurminen", "mee", "agresti_caffo", "wald"),
    "independent_test": ("chi2_n_minus_1", "chi2", "chi2_yates", "fisher", "fisher_midp", "boschloo", "barnard"),
    "ordinal_paired_test": ("signed_rank", "signed_rank_pratt", "sign", "stuart_maxwell", "paired_t"),
    "ordinal_independent_test": (
        "brunner_munzel",
        "mann_whitney",
        "mann_whitney_corrected",
        "mann_whitney_exact",
        "proportional_odds",
        "welch",
    ),
    "score_paired_test": ("paired_t", "signed_rank", "signed_rank_pratt", "sign"),
    "score_paired_effect": ("d_z", "d_av", "g_z", "g_av"),
    "score_independent_test": ("welch", "brunner_munzel", "mann_whitney", "mann_whitney_corrected"),
    "clustered_pairs_test": ("linearised_t", "sign_flip", "durkalski", "obuchowski"),
    "sample_variance": ("linearised", "jackknife"),
    "sample_share_interval": ("logit_t", "beta", "t", "arcsine"),
    "comparison_variance": ("cr2", "cr3", "cr1s", "cr1", "cr0"),
    "comparison_test": ("t", "cluster_permutation", "wild_cluster_bootstrap", "cluster_means_welch"),
}
FAMILIES = ("holm", "hochberg", "bonferroni", "bh", "by", "none")

_RETENTION = _mapping(
    "whether a gain was kept",
    {
        "from": _CODE,
        "to": _CODE,
        "baseline": _CODE,
        "margin_points": _number("loss of points that still counts as kept, where an indicator names none", 0, 1e6),
        "keep_share": _number("share of the gain to keep", 0, 1),
    },
    ("from", "to", "baseline"),
)

_MISSING = _mapping(
    "codes that are not answers",
    {
        "dont_know": _codes("don't know"),
        "refused": _codes("would not say"),
        "not_asked": _codes("the question was not put"),
        "blank": _codes("text that stands for an empty cell; NA unless said otherwise"),
        "dont_know_as": _text("how don't know counts on a yes/no indicator", "not_endorsing", "exclude"),
    },
)

PLAN_SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Éveil evaluation plan",
} | _mapping(
    "An evaluation plan: what is measured, on whom, and how it will be judged.",
    {
        "version": {"type": "integer", "enum": [1], "description": "version of this contract"},
        "title": _text("title of the evaluation"),
        "data": _list(
            "files, relative to the plan",
            _mapping(
                "a file",
                {"file": _text("csv, xlsx, parquet, sav or dta"), "wave": _CODE | {"description": "file of one wave"}},
                ("file",),
            ),
        ),
        "design": _DESIGN,
        "indicators": _list("what is measured", _INDICATOR, 1),
        "by": _list(
            "parts of the respondents shown beside all: columns, or lists of columns that are crossed",
            {"type": ["string", "array"], "minLength": 1, "minItems": 1, "items": {"type": "string", "minLength": 1}},
        ),
        "confidence": _number("level of the intervals", 0.5, 0.999),
        "family": _text("adjustment over the primary indicators", *FAMILIES),
        "retention": _RETENTION,
        "smallest_change": _SMALLEST_CHANGE,
        "missing": _MISSING,
        "exclude": _list(
            "rows that are left out, with the reason",
            _mapping(
                "rows to leave out",
                {"column": _text("column"), "equals": _codes("values"), "reason": _text("why")},
                ("column", "equals", "reason"),
            ),
        ),
        "seed": _whole("start of the random numbers", 0, 2**63 - 1),
        "locks": _list(
            "what was frozen when",
            _mapping(
                "a lock",
                {
                    "name": _text("name"),
                    "sha256": _text("hash of the plan; of a lock before the last, of the plan as it was then"),
                    "at": {},
                    "mark": _text("set after answers had come: of the first wave, or of a later one", *LOCK_MARKS),
                },
                ("sha256",),
            ),
        ),
        "adjust": _list("columns of the composition to standardise", {"type": "string", "minLength": 1}),
        "population": _mapping_of(
            "column -> value -> share of the population",
            _mapping_of("value -> share", _number("share", 0, 1)),
        ),
        "double_coding": _list(
            "answers that two people coded: columns of the two codes",
            _mapping(
                "one answer coded twice",
                {
                    "first": _text("column of the first coder; in a wide file without the ending of the wave"),
                    "second": _text("column of the second coder"),
                    "weights": _text("how far apart codes count", "none", "linear", "quadratic"),
                },
                ("first", "second"),
            ),
        ),
        "suppress_below": _whole("hide results of fewer people than this; 0 is off", 0, 1000),
        "methods": _mapping(
            "another method than the default, by name",
            {use: _text(use.replace("_", " "), *names) for use, names in METHODS.items()},
        ),
    },
    ("version", "design", "indicators"),
)
