"""The administrator's pages: people, and their roles in a campaign."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Row, select
from sqlalchemy.orm import Session
from wtforms import SelectChoice

from accounts import people
from accounts.access import ADMINISTRATOR, allow, current_campaign
from accounts.forms import NewPasswordForm, NewPersonForm, RoleForm
from accounts.models import Membership, Person
from accounts.roles import DUTIES, LABELS
from accounts.routes import blueprint
from core.database import Base, session, transaction
from core.errors import EveilError, NotFound


@blueprint.route("/people", methods=["GET", "POST"])
@allow(ADMINISTRATOR)
def all_people() -> ResponseReturnValue:
    form = NewPersonForm()
    if form.validate_on_submit() and _added(form):
        flash(_("%(name)s can sign in now.", name=form.display_name.data))
        return redirect(url_for("accounts.all_people"))
    everybody = session().scalars(select(Person).order_by(Person.display_name, Person.id)).all()
    page = render_template("accounts/people.html", form=form, people=everybody, campaigns=_all_campaigns(session()))
    return page, 422 if form.errors else 200


@blueprint.route("/people/<int:person_id>", methods=["GET", "POST"])
@allow(ADMINISTRATOR)
def one_person(person_id: int) -> ResponseReturnValue:
    person, form = _person(person_id), NewPasswordForm()
    if form.validate_on_submit() and _given_password(person, form):
        flash(_("%(name)s has a new password and is signed out everywhere.", name=person.display_name))
        return redirect(url_for("accounts.all_people"))
    return render_template("accounts/person.html", form=form, somebody=person), 422 if form.errors else 200


@blueprint.post("/people/<int:person_id>/sign-out-everywhere")
@allow(ADMINISTRATOR)
def sign_out_everywhere(person_id: int) -> ResponseReturnValue:
    person = _person(person_id)
    with transaction() as writing:
        people.end_sessions(writing, person)
    flash(_("%(name)s is signed out everywhere.", name=person.display_name))
    return redirect(url_for("accounts.all_people"))


@blueprint.route("/campaigns/<slug>/people", methods=["GET", "POST"])
@allow(ADMINISTRATOR)
def campaign_people() -> ResponseReturnValue:
    campaign, form = current_campaign(), RoleForm()
    everybody = session().scalars(select(Person).order_by(Person.display_name, Person.id)).all()
    form.person.choices = [
        SelectChoice(person.id, f"{person.display_name} ({person.user_name})") for person in everybody
    ]
    if form.validate_on_submit():
        with transaction() as writing:
            people.grant(writing, form.person.data, campaign.id, form.role.data)
        flash(_("The role is given."))
        return redirect(url_for("accounts.campaign_people", slug=campaign.slug))
    members = _members(session(), campaign.id)
    page = render_template("accounts/campaign_people.html", form=form, members=members, labels=LABELS, duties=DUTIES)
    return page, 422 if form.errors else 200


@blueprint.post("/campaigns/<slug>/people/<int:person_id>/<role>/take-back")
@allow(ADMINISTRATOR)
def take_role_back(person_id: int, role: str) -> ResponseReturnValue:
    campaign = current_campaign()
    with transaction() as writing:
        people.revoke(writing, person_id, campaign.id, role)
    flash(_("The role is taken back."))
    return redirect(url_for("accounts.campaign_people", slug=campaign.slug))


def _added(form: NewPersonForm) -> bool:
    try:
        with transaction() as writing:
            people.add_person(
                writing,
                form.user_name.data,
                form.display_name.data,
                form.password.data,
                administrator=form.administrator.data,
            )
    except EveilError as error:
        form.show(error)
        return False
    return True


def _given_password(person: Person, form: NewPasswordForm) -> bool:
    try:
        with transaction() as writing:
            people.set_password(writing, person, form.password.data)
    except EveilError as error:
        form.show(error)
        return False
    return True


def _person(person_id: int) -> Person:
    person = session().get(Person, person_id)
    if person is None:
        raise NotFound(_("There is no such person. Go back to the list of people."))
    return person


def _members(reading: Session, campaign_id: int) -> list[tuple[Person, list[str]]]:
    """Everybody with a role in the campaign, and their roles."""
    query = select(Person, Membership.role).join(Membership).where(Membership.campaign_id == campaign_id)
    rows = reading.execute(query.order_by(Person.display_name, Person.id, Membership.role)).all()
    return [(person, [role for _, role in group]) for person, group in groupby(rows, key=itemgetter(0))]


def _all_campaigns(reading: Session) -> Sequence[Row[str, str]]:
    table = Base.metadata.tables["campaign"]
    return reading.execute(select(table.c.slug, table.c.title).order_by(table.c.title)).all()
