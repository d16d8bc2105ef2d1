"""Pages to take a whole design out of Éveil, to bring one in, and to copy one as a template."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from accounts.access import SIGNED_IN, allow, current_campaign
from campaigns.forms import tidy
from campaigns.packing.checking import NotADesign
from campaigns.packing.packed import NOT_OURS, packed, template, unpacked
from campaigns.routes import READERS, blueprint, signed_in
from core.database import session, transaction
from core.forms import Form
from core.plain_text import plain

LARGEST = 5_000_000  # bytes; the demonstration's design has about 60,000
TOO_LARGE = _l("This file is larger than 5 MB, which no design is. Take the file that “Download the design” gave you.")


class BringInForm(Form):
    file = FileField(_l("The file of the design"), [FileRequired(_l("Choose the file."))])


class CopyForm(Form):
    title = StringField(
        _l("Title of the new campaign"),
        [DataRequired(_l("Write a title.")), Length(max=160, message=_l("Shorten the title to 160 characters."))],
        filters=[tidy],
    )


@blueprint.get("/campaigns/<slug>/design.json")
@allow(*READERS)
def design_file() -> ResponseReturnValue:
    campaign = current_campaign()
    body = json.dumps(packed(session(), campaign.id), ensure_ascii=False, indent=1)
    headers = {"Content-Disposition": f'attachment; filename="{campaign.slug}.eveil.json"'}
    return Response(body, mimetype="application/json", headers=headers)


@blueprint.route("/campaigns/<slug>/copy", methods=["GET", "POST"])
@allow("designer")
def copy_design() -> ResponseReturnValue:
    form, campaign = CopyForm(), current_campaign()
    if not form.validate_on_submit():
        return render_template("campaigns/copy.html", form=form), 422 if form.errors else 200
    with transaction() as writing:
        made = unpacked(writing, template(packed(writing, campaign.id)), signed_in().id, form.title.data)
    flash(_("The copy is made. Days, owners, pre-tests and comments were left out."))
    return redirect(url_for("campaigns.overview", slug=made.slug))


@blueprint.route("/campaigns/import", methods=["GET", "POST"])
@allow(SIGNED_IN)
def bring_in() -> ResponseReturnValue:
    form = BringInForm()
    if not form.validate_on_submit():
        return render_template("campaigns/bring_in.html", form=form), 422 if form.errors else 200
    try:
        content = _read(form.file.data.read(LARGEST + 1))
        with transaction() as writing:
            made = unpacked(writing, content, signed_in().id)
    except NotADesign as error:
        form.show(error)
        return render_template("campaigns/bring_in.html", form=form), 422
    flash(_("The design is here. Its plan is a draft: freeze it when you have read it."))
    return redirect(url_for("campaigns.overview", slug=made.slug))


def _read(body: bytes) -> object:
    if len(body) > LARGEST:
        raise NotADesign(TOO_LARGE)
    try:
        found = _plain(json.loads(body))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise NotADesign(NOT_OURS) from error
    return found


def _plain(value: Any) -> Any:
    """The same with texts that every database and document can hold."""
    if isinstance(value, dict):
        return {plain(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return plain(value) if isinstance(value, str) else value
