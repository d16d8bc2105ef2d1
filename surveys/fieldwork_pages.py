"""Pages of the fieldwork: setting up devices, withdrawing them, and what was set aside."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import devices as accounts_devices
from accounts.access import allow, current_campaign, current_person
from core.database import session, transaction
from core.errors import NotFound
from surveys import labels
from surveys.collection import setting_aside
from surveys.collection.reasons import REASONS
from surveys.forms import DeviceForm
from surveys.listing import device_lines, own_counts, waiting
from surveys.routes import blueprint


@blueprint.route("/campaigns/<slug>/collect", methods=["GET", "POST"])
@allow("enumerator")
def collect() -> ResponseReturnValue:
    form = DeviceForm()
    if form.validate_on_submit():
        # the fragment of an address stays in the browser: the key reaches no server and no log
        return redirect(f"{url_for('collect.index')}#key={_enrol(form)}")
    counted = own_counts(session(), current_campaign().id, _person_id())
    page = render_template("surveys/collect.html", form=form, counts=counted, labels=labels)
    return page, 422 if form.errors else 200


@blueprint.route("/campaigns/<slug>/devices", methods=["GET", "POST"])
@allow("supervisor")
def devices() -> ResponseReturnValue:
    form = DeviceForm()
    if form.validate_on_submit():
        return _show_key(form.label.data, _enrol(form))
    page = render_template("surveys/devices.html", form=form, lines=device_lines(session(), current_campaign().id))
    return page, 422 if form.errors else 200


@blueprint.post("/campaigns/<slug>/devices/<int:device_id>/revoke")
@allow("supervisor")
def revoke_device(device_id: int) -> ResponseReturnValue:
    campaign = current_campaign()
    with transaction() as writing:
        device = accounts_devices.revoke(writing, campaign.id, device_id)
    if device is None:
        raise NotFound(_("There is no such device in this campaign. Go back to the list of devices."))
    flash(_("“%(device)s” is withdrawn: it can send no more.", device=device.label))
    return redirect(url_for("surveys.devices", slug=campaign.slug))


@blueprint.get("/campaigns/<slug>/set-aside")
@allow("supervisor")
def set_aside() -> ResponseReturnValue:
    total, rows = waiting(session(), current_campaign().id)
    return render_template("surveys/set_aside.html", total=total, rows=rows, reasons=REASONS, labels=labels)


@blueprint.post("/campaigns/<slug>/set-aside/<int:set_aside_id>/settle")
@allow("supervisor")
def settle(set_aside_id: int) -> ResponseReturnValue:
    campaign = current_campaign()
    with transaction() as writing:
        found = setting_aside.settle(writing, campaign.id, set_aside_id)
    if not found:
        raise NotFound(_("There is nothing set aside under this number. Go back to the list."))
    flash(_("It is settled. It stays kept as it came."))
    return redirect(url_for("surveys.set_aside", slug=campaign.slug))


def _enrol(form: DeviceForm) -> str:
    person_id, campaign = _person_id(), current_campaign()
    with transaction() as writing:
        return accounts_devices.enrol(writing, campaign.id, form.label.data, person_id)


def _show_key(label: str, token: str) -> ResponseReturnValue:
    """Once and never again: only a digest of the key is kept."""
    from surveys.collection.collect_settings import qr_code

    address = f"{request.host_url}key/{token}"
    code = qr_code(address, current_campaign().title)
    return render_template("surveys/device_key.html", label=label, address=address, code=code)


def _person_id() -> int:
    person = current_person()
    assert person is not None  # noqa: S101 - every route here asks for a role
    return person.id
