"""Sign-in, sign-out and the language; what every page knows about its visitor."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, flash, g, redirect, render_template, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts import passwords, sessions, signing_in
from accounts.access import ADMINISTRATOR, PUBLIC, SIGNED_IN, allow, current_person, held_roles
from accounts.forms import SignInForm
from core import navigation
from core.errors import EveilError
from core.languages import LANGUAGES
from core.navigation import NavigationItem

blueprint = Blueprint("accounts", __name__)

WRONG = _l(
    "The user name or the password is not right. Check both and try again; "
    "after five failed attempts you have to wait, from a minute to an hour."
)


def init_app(app: Flask) -> None:
    from accounts import people_pages  # noqa: F401 - its routes are on the same blueprint

    passwords.init_app(app)
    app.register_blueprint(blueprint)
    app.context_processor(_visitor)
    navigation.register(app, NavigationItem("accounts.campaign_people", _l("People"), {ADMINISTRATOR}, 90))


def _visitor() -> dict[str, Any]:
    """For templates: who is signed in, the campaign of the page and its tabs."""
    campaign = g.get("campaign")
    tabs = navigation.tabs(campaign.slug, held_roles()) if campaign else []
    this_page = request.full_path.removesuffix("?") if request.method == "GET" else request.path
    return {"person": current_person(), "campaign": campaign, "tabs": tabs, "this_page": this_page}


@blueprint.route("/sign-in", methods=["GET", "POST"])
@allow(PUBLIC)
def sign_in() -> ResponseReturnValue:
    onward = own_address(request.args.get("next"))
    if current_person() is not None:
        return redirect(onward)
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 422 if form.errors else 200
    person = signing_in.authenticate(form.user_name.data, form.password.data)
    if person is None:
        return render_template("accounts/sign_in.html", form=form, refusal=WRONG), 401
    sessions.begin(person)
    return redirect(onward)


@blueprint.post("/sign-out")
@allow(SIGNED_IN)
def sign_out() -> ResponseReturnValue:
    sessions.end()
    flash(_("You are signed out."))
    return redirect("/sign-in")


@blueprint.post("/language")
@allow(PUBLIC)
def choose_language() -> ResponseReturnValue:
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        raise EveilError(_("There is no such language here. Choose one from the list at the top of the page."))
    cookie["language"] = language
    return redirect(own_address(request.form.get("next")))


def own_address(address: str | None) -> str:
    """The address when it is a page of this site, else the start page: nobody is sent elsewhere by a link."""
    if not address or not address.startswith("/") or "\\" in address or not address.isprintable():
        return "/"
    parts = urlsplit(address)
    return "/" if parts.scheme or parts.netloc or address.startswith("//") else address
