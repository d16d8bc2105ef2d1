"""The page of one entry, whatever its kind: written, changed, and taken out again."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.access import allow, current_campaign
from campaigns.entries.forms import EntryForm
from campaigns.entries.kind import Kind
from campaigns.entries.models import DesignEntry
from campaigns.entries.saving import find, remove_entry, save_entry, single
from campaigns.forms import version_number
from campaigns.history.versioned import Clash
from campaigns.kinds import KINDS
from campaigns.routes import blueprint, signed_in
from core.database import session, transaction
from core.errors import EveilError, NotFound

NO_ENTRY = _l("There is no such entry in this campaign; somebody may have taken it out. Go back to the list.")
MEANWHILE = _l(
    "Somebody else changed this while you were writing. What you wrote still stands here, and theirs below; bring "
    "both together, then save again."
)
GONE = _l(
    "Somebody took this out while you were writing. What you wrote stands here once more: copy what you want to keep, "
    "go back to the list, and write it down as a new entry."
)
CHANGED = _l("Somebody changed this in the meantime. Read it as it is now, and take it out then.")


@blueprint.route("/campaigns/<slug>/entries/<kind>/new", methods=["GET", "POST"])
@allow("designer")
def new_entry(kind: str) -> ResponseReturnValue:
    asked = _kind(kind)
    parent = _parent(asked, request.args.get("under", 0, int))
    stored = single(session(), current_campaign().id, asked.name) if asked.single else None
    return _entry(asked, stored, parent)


@blueprint.route("/campaigns/<slug>/entries/<kind>/<int:entry_id>", methods=["GET", "POST"])
@allow("designer")
def entry(kind: str, entry_id: int) -> ResponseReturnValue:
    asked = _kind(kind)
    stored = find(session(), current_campaign().id, asked.name, entry_id)
    if stored is None and request.method == "POST":  # what was typed is shown once more, not lost
        page = render_template("campaigns/entry.html", form=asked.form(), kind=asked, clash=GONE)
        return page, 409
    return _entry(asked, _there(stored), _above(asked, _there(stored)))


@blueprint.post("/campaigns/<slug>/entries/<kind>/<int:entry_id>/remove")
@allow("designer")
def take_out_entry(kind: str, entry_id: int) -> ResponseReturnValue:
    asked, campaign = _kind(kind), current_campaign()
    with transaction() as writing:
        stored = _there(find(writing, campaign.id, asked.name, entry_id))
        try:
            remove_entry(writing, campaign.id, stored, version_number(request.form.get("version", "")))
        except Clash as clash:
            raise EveilError(CHANGED, status=409) from clash
    flash(_("Taken out. What it said stays in the history."))
    return redirect(url_for(asked.home, slug=campaign.slug))


def _entry(asked: Kind, stored: DesignEntry | None, parent: DesignEntry | None) -> ResponseReturnValue:
    campaign, form = current_campaign(), _form(asked, stored)
    about = {"kind": asked, "stored": stored, "parent": parent and _named(parent)}
    if not form.validate_on_submit():
        return render_template("campaigns/entry.html", form=form, **about), 422 if form.errors else 200
    try:
        with transaction() as writing:
            save_entry(
                writing,
                campaign.id,
                asked,
                form.content_as(asked.content),
                signed_in().id,
                entry_id=stored.id if stored else None,
                parent_id=parent.id if parent else None,
                based_on=form.based_on,
            )
    except Clash as clash:
        form.version.data = str(clash.stored.version)  # saved once more, knowing theirs, it counts
        theirs = _form(asked, clash.stored, showing=True)
        return render_template("campaigns/entry.html", form=form, clash=MEANWHILE, theirs=theirs, **about), 409
    flash(_("Recorded."))
    return redirect(url_for(asked.home, slug=campaign.slug))


def _form(asked: Kind, stored: DesignEntry | None, *, showing: bool = False) -> EntryForm:
    """As it was sent, or showing what is stored."""
    form = None if showing else asked.form()
    if form is not None and form.is_submitted():
        return form
    if stored is None:
        return _begun(asked)
    content = asked.content.stored(stored.content)
    values: dict[str, Any] = {name: getattr(content, name) for name in stored.content if hasattr(content, name)}
    return asked.form(formdata=None, data=values | {"version": str(stored.version)})


def _begun(asked: Kind) -> EntryForm:
    """An empty form; a link may say what the entry is about, where there are answers to choose from."""
    form = asked.form(formdata=None)
    for name in set(request.args) & set(form._fields):
        if form[name].type == "RadioField":
            form[name].data = request.args[name]
    return form


def _kind(name: str) -> Kind:
    found: Kind = _there(KINDS.get(name))
    return found


def _parent(asked: Kind, parent_id: int) -> DesignEntry | None:
    return _there(find(session(), current_campaign().id, asked.parent, parent_id)) if asked.parent else None


def _above(asked: Kind, stored: DesignEntry) -> DesignEntry | None:
    if stored.parent_id is None:
        return None
    return find(session(), current_campaign().id, asked.parent, stored.parent_id)


def _named(parent: DesignEntry) -> Any:
    """The entry above, as the page names it; it keeps its number."""
    kind = KINDS[parent.kind]
    return {"heading": kind.heading, "title": kind.title(kind.content.stored(parent.content))}


def _there(found: Any) -> Any:
    if found is None:
        raise NotFound(NO_ENTRY)
    return found
