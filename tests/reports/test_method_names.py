"""Whatever a plan may choose: each method that the report names has words."""

from __future__ import annotations

import pytest

from analysis.plan_schema import METHODS
from reports.pages import methods_used
from reports.wording import load_sentences
from tests.analysis.studies import BARRIER, EVERY, study

STUDIES = [(kind, measure) for kind, measure in EVERY if kind != BARRIER]


@pytest.mark.parametrize(("kind", "measure"), STUDIES)
def test_every_method_that_a_report_names_has_words(kind: str, measure: str) -> None:
    used: set[str] = set()
    for name, choices in METHODS.items():
        for choice in choices:
            used |= set(methods_used(study(kind, measure).with_plan(methods={name: choice}).run().to_dict()))
    assert used
    assert {name for name in used if f"method.{name}" not in load_sentences()} == set()
