"""Words for a planned sample: its groups, what it rests on, what to be careful with, and what cannot be planned."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from analysis.errors import N_
from analysis.planning.errors import PlanningError
from campaigns.sizes.computing import Planned
from campaigns.sizes.inputs import KEPT, Inputs
from core import numbers
from core.errors import EveilError
from core.languages import current_language

BEFORE_AND_AFTER, AFTER_AND_LATER = ("before", "after"), ("after", "followup")
GROUPS = {
    "pairs": _l("The same people, before and after"),
    "earlier": _l("Before the activity"),
    "later": _l("After the activity, other people"),
    "people": _l("Everybody asked"),
    "programme_earlier": _l("With the campaign, before"),
    "programme_later": _l("With the campaign, after"),
    "comparison_earlier": _l("Comparison group, before"),
    "comparison_later": _l("Comparison group, after"),
    "programme_pairs": _l("With the campaign: the same people, before and after"),
    "comparison_pairs": _l("Comparison group: the same people, before and after"),
}
GROUPS_OF_KEPT = {
    "pairs": _l("The same people, right after and 6 to 12 months later"),
    "earlier": _l("Right after the activity"),
    "later": _l("6 to 12 months later, other people"),
}
ASSUMPTIONS = {
    "separate_people": _l("Other people are asked each time, so nobody's two answers are compared."),
    "drawn_alike_at_both_waves": _l(
        "People are found in the same way each time: the same places, hours and rules for whom to ask. Else a change "
        "of the crowd looks like a change of minds."
    ),
    "same_people_linked": _l("The two answers of each person can be put together, by a numbered card for instance."),
    "share_of_changers": _l(
        "As many people change their answer, in either direction, as was supposed. If more of them do, more people are "
        "needed; a small trial can tell."
    ),
    "true_loss_as_expected": _l(
        "People really lose no more than was supposed until the follow-up. If they lose more, the study will often "
        "remain undecided."
    ),
    "same_trend_without_programme": _l(
        "Without the campaign, both groups would have changed by the same amount. Choose a comparison group for which "
        "this can be believed."
    ),
    "drawn_at_random": _l("People are drawn at random from all those about whom you want to speak."),
    "people_answer_independently": _l(
        "People answer as if each had come alone. Those of one session, village or interviewer answer more alike: fill "
        "in the part on sessions or places if people come in groups."
    ),
    "icc": _l("The answers within a session or place are as much alike as was supposed, and no more."),
    "cluster_sizes_alike": _l("The sessions or places are about equally large."),
    "cluster_sizes_vary": _l("The sessions or places are as unequal in size as was supposed."),
    "same_clusters": _l(
        "The same places are visited each time. What stays the same in a place is not counted in your favour here, "
        "which is the careful choice."
    ),
    "new_clusters": _l("Other places are visited the second time, drawn in the same way."),
    "claim_about_this_population_only": _l(
        "The finding is about this population and nobody else; it says nothing about next year's participants."
    ),
    "those_lost_are_like_those_kept": _l(
        "Those who decline or are lost would have answered like those who stay. More people make up for their number, "
        "not for the difference: compare both when the answers are in."
    ),
}
CAVEATS = {
    "too_few_clusters_to_speak_for_others": _l(
        "With fewer than six sessions or places the report will speak of these participants only, not of a campaign."
    ),
    "few_clusters": _l(
        "There are fewer than forty sessions or places. The calculation allows for that, but everything hangs on how "
        "much alike answers are within them: try a larger figure too."
    ),
    "normal_approximation_is_poor": _l(
        "Fewer than five people are expected to give the rarest answer, so this calculation is rough: take clearly "
        "more people than it says."
    ),
}
BEYOND_POPULATION = _l(
    "More people would have to be approached than there are. Ask everybody, lose fewer, or aim at a larger change."
)

# what cannot be planned, in the units of the form
REFUSALS = {
    "out_of_range": N_("This figure does not go with the others. Look at its usual values, and try again."),
    "no_change": N_("No sample can find a gain of nothing. Write a gain of one point or more."),
    "share_beyond_ends": N_(
        "A share of %(share)s cannot rise by %(gain)s: it must stay below 100 per cent. Plan a smaller gain, or expect "
        "a smaller share before."
    ),
    "too_few_changers": N_("For such a change at least %(least)s of people must change their answer. Raise this."),
    "too_many_changers": N_("With these shares, %(most)s of people at the most can change their answer. Lower this."),
    "loss_beyond_margin": N_(
        "If you expect to lose as much as you allow, no sample can show that little was lost. Allow more, or expect "
        "less."
    ),
    "size_or_count": N_(
        "Say either how many people a session or place has, or how many there are, and leave the other empty."
    ),
    "too_few_clusters": N_(
        "With so few sessions or places no number of people in them is enough. Take at least %(needed)s, or aim at a "
        "larger change."
    ),
    "too_few_people": N_(
        "With so few people even the largest possible change would be missed too often. Reach more people, or be "
        "content with less power."
    ),
    "no_sample_enough": N_("No sample can show this. Aim at a larger change, or be content with less power."),
}
TREND_BEYOND_ENDS = N_("With this change, the comparison group's share would leave the range from 0 to 100 per cent.")
LOSS_BEYOND_ENDS = N_("More would be lost than there is. Expect a smaller loss.")
TOO_MUCH_ALIKE = N_("Two answers cannot be so much alike when the share changes that much. Lower this figure.")

# which field of the form a figure of the analysis comes from
FIELDS = {
    "earlier": "share",
    "programme": "share",
    "after": "gain",
    "share": "share",
    "width": "width",
    "margin": "margin",
    "comparison": "comparison",
    "discordant": "changers",
    "correlation": "correlation",
    "icc": "icc",
    "cv": "cv",
    "size": "cluster_size",
    "count": "cluster_count",
    "n": "people",
    "population": "population",
    "answering": "declining",
    "found_again": "not_found",
    "matched": "unmatched",
    "power": "power",
    "confidence": "confidence",
}


def group_name(name: str, inputs: Inputs) -> str:
    names = GROUPS_OF_KEPT if inputs.study in KEPT else GROUPS
    return str(names[name])


def caveats(found: Planned) -> list[str]:
    """What to be careful with, the gravest first."""
    codes = [sentence for code, sentence in CAVEATS.items() if code in found.plan.assumptions]
    return [BEYOND_POPULATION, *codes] if found.beyond_population else codes


def assumptions(found: Planned) -> list[str]:
    return [ASSUMPTIONS[code] for code in found.plan.assumptions if code in ASSUMPTIONS]


def refusal(error: PlanningError, inputs: Inputs) -> EveilError:
    """What cannot be planned, as a sentence at the field of the form where it is mended."""
    field, sentence = _place(error, inputs)
    return EveilError(gettext(sentence, **_figures(error, inputs)), field=field)


def _place(error: PlanningError, inputs: Inputs) -> tuple[str, str]:
    """The field, and the sentence at it."""
    code, change = error.code, error.params.get("change")
    aim = "width" if inputs.study == "once" else "margin" if inputs.study in KEPT else "gain"
    changers = "correlation" if inputs.changers is None else "changers"
    fields = {
        "loss_beyond_margin": "margin",
        "size_or_count": "cluster_count",
        "too_few_clusters": "cluster_count",
        "too_few_people": "people",
        "too_few_changers": changers,
        "too_many_changers": changers,
        "no_sample_enough": aim,
    }
    if code == "out_of_range":
        return FIELDS.get(str(error.params["name"]), aim), REFUSALS[code]
    if code == "too_few_changers" and changers == "correlation":
        return changers, TOO_MUCH_ALIKE
    if code == "share_beyond_ends" and inputs.compared and change == inputs.trend / 100:
        return "trend", TREND_BEYOND_ENDS
    if code == "share_beyond_ends" and inputs.study in KEPT and change == -inputs.loss / 100:
        return "loss", LOSS_BEYOND_ENDS
    return fields.get(code, "gain"), REFUSALS[code]


def _figures(error: PlanningError, inputs: Inputs) -> dict[str, str]:
    """What the sentences name, in the units of the form."""
    language, params = current_language(), error.params
    shares = {
        name: numbers.planned_share(float(params[name]), language) for name in ("least", "most") if name in params
    }
    return shares | {
        "share": numbers.planned_share(inputs.share / 100, language),
        "gain": numbers.planned_points((inputs.gain or 0.0) / 100, language),
        "needed": numbers.whole(int(params.get("needed", 0)), language),
    }
