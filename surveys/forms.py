"""The forms of surveys."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from core.forms import Form


class DeviceForm(Form):
    label = StringField(
        _l("Name of the device"),
        [
            DataRequired(_l("Write a name that tells this device from the others.")),
            Length(max=80, message=_l("This name is too long. Use at most 80 characters.")),
        ],
        description=_l("For instance “Tablet 3”. Do not use the name of a person."),
        filters=[lambda text: text.strip() if text else text],
    )
