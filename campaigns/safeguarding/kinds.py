"""The kinds of entries of the safeguarding plan."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from campaigns.entries.kind import Kind
from campaigns.safeguarding.contents import REFERRAL, RULES, SITE, Referral, Rules, SiteRisk
from campaigns.safeguarding.forms import ReferralForm, RulesForm, SiteRiskForm

HOME = "campaigns.safeguarding"
KINDS = (
    Kind(
        RULES,
        Rules,
        RulesForm,
        _l("Rules for everybody's safety"),
        _l("Fill in what your setting asks for; the rest is shown as open. No names of survivors, and no stories."),
        HOME,
        lambda _rules: "",
        single=True,
    ),
    Kind(
        REFERRAL,
        Referral,
        ReferralForm,
        _l("Place to turn to"),
        _l("Everybody who is asked gets this on a card, also those who say no. The card does not mention trafficking."),
        HOME,
        lambda referral: referral.name,
    ),
    Kind(
        SITE,
        SiteRisk,
        SiteRiskForm,
        _l("Risks at one site"),
        _l("Go there once before the first interview and write down what you saw."),
        HOME,
        lambda risk: risk.site,
    ),
)
