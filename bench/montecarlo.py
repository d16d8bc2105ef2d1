"""Do intervals cover, do tests keep their level, and do planned samples have the power they were planned for?

    python bench/montecarlo.py                # three to four minutes
    python bench/montecarlo.py --draws 20000  # finer where chance is drawn
    python bench/montecarlo.py --only gee     # the parts that are about this word
    python bench/montecarlo.py --markdown     # the table of docs/statistics.md

Yes/no answers of small samples need no chance: every table that can happen is weighed by its probability, so those
figures are exact. All else is drawn from a seed; “±” is twice the standard error of the drawing. "aim" is what a
method promises, "mean" and "worst" what it does over the settings named (many true shares). Lines that end in "change"
or "mean" tell the true value and the mean of the estimates instead. Where a method falls short by its nature, a note
says why.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent
if sys.path[0] == str(BENCH):
    sys.path[0] = str(BENCH.parent)  # else bench/analysis.py would hide the package of the same name

from bench.chances import (  # noqa: E402
    attrition,
    comparison_groups,
    composition,
    effect_sizes,
    families,
    ordered_answers,
    panels,
    planned,
    planned_groups,
    retention,
    samples,
    scales,
    sessions,
    weighed,
    whole_plans,
)
from bench.chances.lines import HEADING, Part, as_markdown, as_text  # noqa: E402

PARTS = (
    Part(
        "Yes/no answers: coverage, every table weighed",
        "wilson, clopper_pearson; newcombe, miettinen_nurminen, mee, agresti_caffo, wald; newcombe10, newcombe8, "
        "tango, bonett_price, agresti_min; odds ratio, risk ratio, conditional odds ratio, relative risk of barriers",
        lambda _draws: weighed.coverage(),
    ),
    Part(
        "Yes/no answers: size at 5 %, every table weighed",
        "mcnemar; chi2, fisher, boschloo, barnard; barrier; non-inferiority: tango, miettinen_nurminen, "
        "farrington_manning",
        lambda _draws: weighed.size(),
    ),
    Part(
        "Ordered answers and scores",
        "brunner_munzel, mann_whitney, proportional odds, welch, signed_rank, sign, stuart_maxwell, paired_t, cochran",
        ordered_answers.lines,
    ),
    Part("Effect sizes", "d_z, g_z, d_av, g_av, rank_biserial, hedges_g", effect_sizes.lines),
    Part(
        "People in sessions",
        "linearised_t, fixed_strata_t, sign_flip, obuchowski, durkalski, linearised_t_noninferiority",
        sessions.lines,
    ),
    Part(
        "Samples with strata, clusters and weights",
        "linearised_t, logit, arcsine, beta, jackknife (JKn), rao_scott, wald, rank_test, svyglm, finite population, "
        "interviewers, difference in differences, heterogeneity",
        samples.lines,
    ),
    Part(
        "Comparison groups",
        "difference in differences by CR0, CR1, CR1S, CR2, CR3; wild_cluster_bootstrap, cluster_permutation, "
        "cluster_means_welch, did_logit, ancova, difference_of_changes",
        comparison_groups.lines,
    ),
    Part(
        "Panels", "gee exchangeable: independence, weighted (IPAW), Mancl–DeRouen; mixed logistic, linear", panels.lines
    ),
    Part("Attrition", "inverse probability weights, worst and best cases (bounds), losses by arm", attrition.lines),
    Part("Composition", "raked, standardised, g_computation, mix of both waves", composition.lines),
    Part(
        "Retention",
        "share kept: fieller, delta; non-inferiority of means, equivalence (TOST)",
        retention.lines,
    ),
    Part("Scales and coders", "cronbach_alpha, kr20, omega, cohens_kappa", scales.lines),
    Part(
        "Several tests at once",
        "holm, hochberg, bonferroni, bh, by: family-wise errors, false discoveries",
        families.lines,
    ),
    Part(
        "Whole analyses, as told",
        "default intervals, heterogeneity (interactions) from plan and data",
        whole_plans.lines,
    ),
    Part(
        "Power of planned samples, every table weighed",
        "TwoShares, PairedShares, RetentionPairs, RetentionSamples, Precision",
        lambda _draws: planned.exact(),
    ),
    Part("Power of planned samples", "DidSamples, DidPairs, losses, finite population", planned.drawn),
    Part(
        "Power of samples planned in groups",
        "TwoShares, PairedShares, RetentionPairs, RetentionSamples, DidSamples, DidPairs, Precision: clusters",
        planned_groups.lines,
    ),
)


def main() -> int:
    words = argparse.ArgumentParser(description="Coverage of intervals, size of tests, power against the planner.")
    words.add_argument("--draws", type=int, default=2000, help="samples drawn where not every table can be weighed")
    words.add_argument("--only", metavar="WORD", default="", help="parts whose title or methods have this in them")
    words.add_argument("--markdown", action="store_true", help="print a table for a text")
    asked = words.parse_args()
    parts = [part for part in PARTS if asked.only.lower() in f"{part.title} {part.about}".lower()]
    if not parts:
        words.error(f"no part is about “{asked.only}”; there are: " + "; ".join(part.title for part in PARTS))
    for part in parts:
        show(part, asked.draws, markdown=asked.markdown)
    return 0


def show(part: Part, draws: int, *, markdown: bool) -> None:
    if markdown:
        print(as_markdown(part.title, list(part.lines(draws))), flush=True)
        return
    print(f"\n{part.title}\n{part.about}\n{HEADING}")
    for line in part.lines(draws):
        print(as_text(line), flush=True)


if __name__ == "__main__":
    sys.exit(main())
