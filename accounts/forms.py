"""The forms of accounts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired

from accounts import roles
from core.forms import Form


class SignInForm(Form):
    user_name = StringField(_l("User name"), [DataRequired(_l("Write your user name."))])
    password = PasswordField(_l("Password"), [DataRequired(_l("Write your password."))])


class NewPersonForm(Form):
    display_name = StringField(
        _l("Name"),
        [DataRequired(_l("Write the name that others will see."))],
        description=_l("As others in the campaign will see it. A first name or an alias is enough."),
    )
    user_name = StringField(
        _l("User name"),
        [DataRequired(_l("Write a user name."))],
        description=_l("For signing in: letters, digits, dots, hyphens or underscores; capitals do not matter."),
    )
    password = PasswordField(
        _l("Password"),
        [DataRequired(_l("Write a password."))],
        description=_l("At least 10 characters. Several words that do not belong together are good."),
    )
    administrator = BooleanField(
        _l("Administrator"),
        description=_l("Adds people and gives roles. Does not by this see answers, results or contacts."),
    )


class NewPasswordForm(Form):
    password = PasswordField(
        _l("New password"),
        [DataRequired(_l("Write a password."))],
        description=_l("At least 10 characters. The person is signed out everywhere."),
    )


class RoleForm(Form):
    person = SelectField(
        _l("Person"),
        coerce=int,
        invalid_choice_message=_l("There is no such person. Choose one from the list."),
        invalid_value_message=_l("There is no such person. Choose one from the list."),
    )
    role = SelectField(
        _l("Role"),
        choices=[SelectChoice(*role) for role in roles.LABELS.items()],
        invalid_choice_message=_l("There is no such role. Choose one from the list."),
    )
