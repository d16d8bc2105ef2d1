"""Pages of the calendar: what happens when, the days to write down, and addresses for calendar programs."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.access import PUBLIC, allow, current_campaign
from campaigns.calendar import feeds
from campaigns.calendar.dates import dates_of, save_days, stored_days
from campaigns.calendar.events import calendar_events, entries
from campaigns.calendar.forms import DaysForm
from campaigns.calendar.icalendar import MEDIA_TYPE, icalendar
from campaigns.calendar.timeline import timeline
from campaigns.calendar.warnings import warnings_of
from campaigns.history.versioned import Clash
from campaigns.indicator_plan.planned import planned_indicators
from campaigns.models import Campaign
from campaigns.routes import READERS, blueprint, signed_in
from core.database import now, session, transaction
from core.errors import NotFound
from core.languages import current_language

MEANWHILE = _l(
    "Somebody else changed these days while you were writing. What you wrote still stands here; open the calendar in "
    "another window to read theirs, then save again."
)
NO_FEED = _l("There is no calendar at this address, or it was withdrawn. Make a new address in the campaign.")


@blueprint.get("/campaigns/<slug>/calendar")
@allow(*READERS)
def calendar() -> ResponseReturnValue:
    campaign = current_campaign()
    events = calendar_events(session(), campaign.id)
    today = now().date()
    dates, rows = dates_of(session(), campaign.id), planned_indicators(session(), campaign.id)
    return render_template(
        "campaigns/calendar.html",
        events=events,
        line=timeline(events, today),
        today=today,
        warnings=warnings_of(dates, rows),
        dates=dates,
        feeds=feeds.feeds_of(session(), campaign.id),
    )


@blueprint.route("/campaigns/<slug>/calendar/days", methods=["GET", "POST"])
@allow("designer")
def calendar_days() -> ResponseReturnValue:
    campaign, form = current_campaign(), DaysForm()
    if not form.is_submitted():
        form = DaysForm(formdata=None, obj=stored_days(session(), campaign.id))
    ends_on = dates_of(session(), campaign.id).ends_on
    if not form.validate_on_submit():
        page = render_template("campaigns/calendar_days.html", form=form, ends_on=ends_on)
        return page, 422 if form.errors else 200
    try:
        with transaction() as writing:
            save_days(writing, campaign.id, form.days, form.based_on, signed_in().id)
    except Clash as clash:
        form.version.data = str(clash.stored.version)  # saved once more, knowing theirs, it counts
        return render_template("campaigns/calendar_days.html", form=form, ends_on=ends_on, clash=MEANWHILE), 409
    flash(_("Recorded."))
    return redirect(url_for("campaigns.calendar", slug=campaign.slug))


@blueprint.get("/campaigns/<slug>/calendar.ics")
@allow(*READERS)
def calendar_file() -> ResponseReturnValue:
    campaign = session().get_one(Campaign, current_campaign().id)
    return _feed(campaign, current_language(), public=False)


@blueprint.post("/campaigns/<slug>/calendar/feeds")
@allow(*READERS)
def make_calendar_feed() -> ResponseReturnValue:
    """The page shows the address once and never again: only a digest of it is kept."""
    person_id, language = signed_in().id, current_language()
    with transaction() as writing:
        token = feeds.make_feed(writing, current_campaign().id, person_id, language)
    address = url_for("campaigns.calendar_feed", token=token, _external=True)
    return render_template("campaigns/calendar_feed.html", address=address)


@blueprint.post("/campaigns/<slug>/calendar/feeds/<int:feed_id>/revoke")
@allow(*READERS)
def revoke_calendar_feed(feed_id: int) -> ResponseReturnValue:
    campaign = current_campaign()
    with transaction() as writing:
        found = feeds.revoke(writing, campaign.id, feed_id)
    if not found:
        raise NotFound(NO_FEED)
    flash(_("The address is withdrawn. Calendar programs that used it fetch nothing from now on."))
    return redirect(url_for("campaigns.calendar", slug=campaign.slug))


@blueprint.get("/calendar/<token>.ics")
@allow(PUBLIC)
def calendar_feed() -> ResponseReturnValue:
    """For calendar programs, which cannot sign in: whoever has the address reads titles and days, nothing typed."""
    token = (request.view_args or {}).get("token", "")
    found = feeds.feed_for_token(session(), token, frozenset(READERS))
    if found is None:
        raise NotFound(NO_FEED)
    feed, campaign = found
    return _feed(campaign, feed.language, public=True)


def _feed(campaign: Campaign, language: str, *, public: bool) -> Response:
    with force_locale(language):
        events = calendar_events(session(), campaign.id)
        name = "Éveil" if public else campaign.title
        body = icalendar(name, entries(campaign, events, public=public), now(), language)
    headers = {"Cache-Control": "private, no-store"}
    if not public:
        headers["Content-Disposition"] = f'attachment; filename="{campaign.slug}.ics"'
    return Response(body, content_type=MEDIA_TYPE, headers=headers)
