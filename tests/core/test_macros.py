"""The parts of pages: fields that explain themselves, states, progress."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, get_template_attribute, render_template_string
from lxml import html
from wtforms import BooleanField, RadioField, SelectChoice, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired
from wtforms.widgets import CheckboxInput, ListWidget

from core.forms import Form
from tests.visitor import inspect_page

CHOICES = [SelectChoice("a", "First"), SelectChoice("b", "Second")]
NEEDED = [DataRequired("Answer this.")]
PAGE = """{% extends "base.html" %}{% from "macros.html" import error_summary, field, submit %}
{% block title %}Form{% endblock %}{% block content %}<h1>Form</h1>{{ error_summary(form) }}<form method="post">
{% for control in form if control.name != "csrf_token" %}{{ field(control, class="own") }}{% endfor %}{{ submit("Go") }}
</form>{% endblock %}"""


class EveryKind(Form):
    line = StringField("Line", NEEDED, description="A hint.")
    text = TextAreaField("Text", NEEDED, description="A hint.")
    drop_down = SelectField("Drop-down", NEEDED, choices=CHOICES, validate_choice=False, description="A hint.")
    tick = BooleanField("Tick", NEEDED, description="A hint.")
    one_of = RadioField("One of", NEEDED, choices=CHOICES, validate_choice=False, description="A hint.")
    some_of = SelectMultipleField(
        "Some of",
        NEEDED,
        choices=CHOICES,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        description="A hint.",
    )


def show(app: Flask, *, sent: bool) -> Any:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context(method="POST" if sent else "GET"):
        form = EveryKind()
        if sent:
            assert not form.validate_on_submit()
        source = render_template_string(PAGE, form=form)
    page = html.document_fromstring(source)
    inspect_page(page, source)
    return page


def described(page: Any, element: str) -> list[str]:
    return [page.get_element_by_id(name).text_content().strip() for name in element.split()]


@pytest.mark.parametrize("name", ["line", "text", "drop_down", "tick", "one_of", "some_of"])
def test_a_field_is_described_by_its_hint_and_its_error(app: Flask, name: str) -> None:
    fresh, refused = show(app, sent=False), show(app, sent=True)
    control, wrong = fresh.get_element_by_id(name), refused.get_element_by_id(name)
    assert described(fresh, control.get("aria-describedby")) == ["A hint."]
    assert described(refused, wrong.get("aria-describedby")) == ["A hint.", "Answer this."]
    assert control.get("aria-invalid") is None and "own" in control.get("class").split()
    if wrong.tag == "fieldset":
        assert wrong.findtext("legend") and len(wrong.findall(".//input")) == 2
    else:
        assert wrong.get("aria-invalid") == "true"


def test_a_refused_form_begins_with_links_to_what_is_wrong(app: Flask) -> None:
    assert not show(app, sent=False).find_class("error-summary")
    page = show(app, sent=True)
    summary = page.find_class("error-summary")[0]
    assert summary.get("role") == "alert" and "6 entries need a look" in summary.text_content()
    targets = [page.get_element_by_id(link.get("href")[1:]) for link in summary.findall(".//a")]
    assert [target.tag for target in targets] == ["input", "textarea", "select", "input", "input", "input"]


@pytest.mark.parametrize(
    "state", ["to_do", "in_progress", "done", "cannot_start", "known", "assumed", "not_known", "not_relevant"]
)
def test_each_state_has_a_word_and_not_only_a_colour(app: Flask, state: str) -> None:
    with app.test_request_context():
        tag = html.fragment_fromstring(get_template_attribute("macros.html", "tag")(state).strip())
    assert tag.text_content().strip() and state.replace("_", "-") in tag.get("class")


def test_progress_is_said_in_words_and_nothing_to_do_is_no_error(app: Flask) -> None:
    with app.test_request_context():
        progress = get_template_attribute("macros.html", "progress")
        assert html.fragment_fromstring(progress(3, 15).strip()).text_content().strip() == "3 of 15 done"
        assert 'max="1"' in progress(0, 0)
