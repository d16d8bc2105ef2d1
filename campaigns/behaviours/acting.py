"""On which lacks each kind of response can act: the matrix of the behaviour change wheel.

Source: Michie, van Stralen & West (2011), The behaviour change wheel, Implementation Science 6:42, table 2; only where
a function can act is a response of that kind worth trying.
"""

from __future__ import annotations

from collections.abc import Sequence

from campaigns.behaviours.contents import Barrier

OPPORTUNITY = frozenset({"physical_opportunity", "social_opportunity"})
INFORMING = frozenset({"education", "persuasion"})  # neither acts on opportunity
ACTS_ON = {
    "education": frozenset({"psychological_capability", "reflective_motivation"}),
    "persuasion": frozenset({"reflective_motivation", "automatic_motivation"}),
    "incentivisation": frozenset({"reflective_motivation", "automatic_motivation"}),
    "coercion": frozenset({"reflective_motivation", "automatic_motivation"}),
    "training": frozenset(
        {"physical_capability", "psychological_capability", "physical_opportunity", "automatic_motivation"}
    ),
    "restriction": OPPORTUNITY,
    "environmental_restructuring": OPPORTUNITY | {"automatic_motivation"},
    "modelling": frozenset({"social_opportunity", "automatic_motivation"}),
    "enablement": OPPORTUNITY | {"physical_capability", "psychological_capability", "automatic_motivation"},
}


def can_act(function: str, com_b: str) -> bool:
    """Whether a response of this kind can act on this lack.

    >>> can_act("education", "physical_opportunity"), can_act("enablement", "physical_opportunity")
    (False, True)
    """
    return com_b in ACTS_ON[function]


def mostly_opportunity(barriers: Sequence[Barrier]) -> bool:
    """Whether more than half of the barriers are a lack of opportunity, which informing cannot mend."""
    return 2 * sum(barrier.com_b in OPPORTUNITY for barrier in barriers) > len(barriers)
