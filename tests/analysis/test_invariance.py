"""What must not matter: the order of rows, names, the unit of weights, strata of nobody, which wave or answer is which.

Every design kind and measure goes through ``analysis.run`` with all the parts that its kind allows.
"""

from __future__ import annotations

import pytest

from tests.analysis.studies import BARRIER, EVERY, assert_alike
from tests.analysis.turned import as_it_is, by_content, named_back, renamed, renamings, rich, shuffled, told

CASES = [(*case, arms) for case in EVERY for arms in (False, True) if case[0] != BARRIER or not arms]
every_case = pytest.mark.parametrize(("kind", "measure", "arms"), CASES)


@every_case
def test_the_order_of_rows_does_not_matter(kind: str, measure: str, arms: bool) -> None:
    made = rich(kind, measure, arms=arms)
    assert_alike(told(made.with_rows(shuffled(made.frame, 1))), as_it_is(kind, measure, arms))


@every_case
def test_other_names_change_nothing_but_the_names(kind: str, measure: str, arms: bool) -> None:
    made = rich(kind, measure, arms=arms)
    names = renamings(made)
    there = named_back(told(renamed(made, names)), names)
    assert_alike(by_content(there), by_content(as_it_is(kind, measure, arms)))
