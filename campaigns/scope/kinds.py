"""The kinds of entries about the scope of a campaign, with their forms."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from campaigns.content import say
from campaigns.entries.forms import EntryForm, EvidenceForm, one_of, passage, several_of
from campaigns.entries.kind import Kind
from campaigns.scope.contents import CONTEXT, TAGS, ContextNote, Tags
from campaigns.terms import terms


class TagsForm(EntryForm):
    four_p = several_of(_l("To which part of the work against trafficking does it belong?"), "four_p")
    exploitation = several_of(_l("Which forms of exploitation is it about?"), "exploitation")
    objectives = several_of(_l("What is the awareness work to achieve?"), "objectives")
    actors = several_of(_l("Whose behaviour may change?"), "actors")


class ContextForm(EvidenceForm):
    question = one_of(_l("Which question is it?"), "national_context")
    text = passage(_l("What do you know about it?"), "", _l("Write what you know, even if it is little."))


def _title(note: ContextNote) -> str:
    term = terms("national_context").get(note.question)
    return say(term, "title") if term else note.text


KINDS = (
    Kind(
        TAGS,
        Tags,
        TagsForm,
        _l("What the campaign is about"),
        _l("Choose what fits. Others find the campaign by it, and the brief says it at its beginning."),
        "campaigns.context",
        lambda _tags: "",
        single=True,
    ),
    Kind(
        CONTEXT,
        ContextNote,
        ContextForm,
        _l("What is known about the country"),
        _l("A few sentences are enough. Who keeps the figures, and since when?"),
        "campaigns.context",
        _title,
    ),
)
