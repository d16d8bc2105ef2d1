"""The parent of every form: checks its CSRF token, and shows a sentence of the domain at the field it speaks of."""

from __future__ import annotations

from flask_wtf import FlaskForm

from core.errors import EveilError


class Form(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
    def show(self, error: EveilError) -> None:
        """Put the sentence at ``error.field``; an error that speaks of no field of this form goes on."""
        if error.field not in self:
            raise error
        self[error.field].errors = [error.message]
