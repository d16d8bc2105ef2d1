"""Pages of the history: who changed what and when, the versions of one part, and comments."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from accounts.access import allow, current_campaign
from campaigns.forms import TOO_LONG, tidy
from campaigns.history import commenting, reading
from campaigns.history.differences import changes
from campaigns.history.things import shown, thing_named
from campaigns.routes import READERS, blueprint, signed_in
from core.database import session, transaction
from core.errors import NotFound
from core.forms import Form

NO_HISTORY = _l("Nothing is kept about such a part of the design. Go back to the history and choose one from the list.")
NO_COMMENT = _l("There is no such comment in this campaign. Reload the page.")


class CommentForm(Form):
    text = TextAreaField(
        _l("Your comment"),
        [DataRequired(_l("Write your comment.")), Length(max=4_000, message=TOO_LONG)],
        filters=[tidy],
    )
    thing = HiddenField()
    back = HiddenField()


@blueprint.get("/campaigns/<slug>/history")
@allow(*READERS)
def history() -> ResponseReturnValue:
    campaign = current_campaign()
    found = reading.latest(session(), campaign.id, request.args.get("before", None, int))
    lines = [(line, name, thing_named(line.thing, line.content, campaign.slug)) for line, name in found]
    older = lines[-1][0].id if len(lines) == reading.PAGE else None
    return render_template("campaigns/history.html", lines=lines, older=older)


@blueprint.get("/campaigns/<slug>/history/<path:thing>")
@allow(*READERS)
def versions(thing: str) -> ResponseReturnValue:
    campaign = current_campaign()
    found = reading.versions(session(), campaign.id, thing)
    if not found:
        raise NotFound(NO_HISTORY)
    said = [shown(thing, line.content) for line, _name in found]
    steps = [
        (line, name, changes(earlier, later))
        for (line, name), later, earlier in zip(found, said, [*said[1:], {}], strict=True)
    ]
    about = thing_named(thing, found[0][0].content, campaign.slug)
    return render_template("campaigns/versions.html", about=about, steps=steps, thing=thing)


@blueprint.post("/campaigns/<slug>/comments")
@allow(*READERS)
def comment() -> ResponseReturnValue:
    form, campaign = CommentForm(), current_campaign()
    if not reading.versions(session(), campaign.id, form.thing.data or ""):
        raise NotFound(NO_HISTORY)
    if form.validate():
        with transaction() as writing:
            commenting.add_comment(writing, campaign.id, form.thing.data, form.text.data, signed_in().id)
        flash(_("Your comment stands at the end of the page."))
        return redirect(url_for("campaigns.versions", slug=campaign.slug, thing=form.thing.data))
    return render_template("campaigns/comment.html", form=form), 422


@blueprint.post("/campaigns/<slug>/comments/<int:comment_id>")
@allow(*READERS)
def settle_comment(comment_id: int) -> ResponseReturnValue:
    campaign = current_campaign()
    with transaction() as writing:
        settled = request.form.get("settled") == "yes"
        found = commenting.settle_comment(writing, campaign.id, comment_id, signed_in().id, settled=settled)
        if found is None:
            raise NotFound(NO_COMMENT)
    return redirect(url_for("campaigns.versions", slug=campaign.slug, thing=found.thing))


@blueprint.app_context_processor
def _comments() -> dict[str, Any]:
    def comments_on(thing: str) -> Any:
        return commenting.comments_on(session(), current_campaign().id, thing)

    return {"comments_on": comments_on}
