"""Baselines and targets in sentences: whatever the kind of a target, the reader sees what it comes to."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_decimal, format_percent
from flask_babel import gettext as _

from campaigns.indicator_plan.targets import SHARE, Consequence, Target, consequence
from core.languages import current_language, direction

LEFT_TO_RIGHT = "\u200e"
TENTH, HUNDREDTH = Decimal("0.1"), Decimal("0.01")


def target_sentence(unit: str, baseline: Decimal | None, target: Target) -> str:
    """One sentence: from where to where, how far that is, and what it is of the baseline."""
    found = consequence(baseline, target)
    if found.before is None or found.after is None:
        return _from_nowhere(unit, target)
    return _share_sentence(found) if unit == SHARE else _number_sentence(found)


def amount(value: Decimal, unit: str) -> str:
    """A value as the reader writes it; a share with its sign."""
    return per_cent(value) if unit == SHARE else number(value)


def per_cent(value: Decimal) -> str:
    shown: str = format_percent(_rounded(value, TENTH) / 100, locale=current_language(), decimal_quantization=False)
    if direction(current_language()) == "rtl":  # else the sign would jump to the other side of its digits
        return shown.replace("%", f"{LEFT_TO_RIGHT}%{LEFT_TO_RIGHT}")
    return shown


def number(value: Decimal) -> str:
    shown: str = format_decimal(_rounded(value, HUNDREDTH), locale=current_language(), decimal_quantization=False)
    return shown


def _share_sentence(found: Consequence) -> str:
    words = _words(found, SHARE)
    if not found.difference:
        return str(_("It stays at %(before)s.", **words))
    if found.relative is None:
        return str(_("From %(before)s to %(after)s: %(points)s percentage points more.", **words))
    if found.difference > 0:
        more = _(
            "From %(before)s to %(after)s: %(points)s percentage points more, which is %(relative)s more than before.",
            **words,
        )
        return str(more)
    less = _(
        "From %(before)s to %(after)s: %(points)s percentage points less, which is %(relative)s less than before.",
        **words,
    )
    return str(less)


def _number_sentence(found: Consequence) -> str:
    words = _words(found, "")
    if not found.difference:
        return str(_("It stays at %(before)s.", **words))
    rises = found.difference > 0
    if found.relative is None or (found.before is not None and found.before < 0):
        more, less = (
            _("From %(before)s to %(after)s: %(difference)s more.", **words),
            _("From %(before)s to %(after)s: %(difference)s less.", **words),
        )
    else:
        more = _("From %(before)s to %(after)s: %(difference)s more, which is %(relative)s more than before.", **words)
        less = _("From %(before)s to %(after)s: %(difference)s less, which is %(relative)s less than before.", **words)
    return str(more if rises else less)


def _from_nowhere(unit: str, target: Target) -> str:
    if target.kind == "level":
        return str(
            _(
                "To reach %(after)s. How far that is nobody knows until the baseline is measured.",
                after=amount(target.value, unit),
            )
        )
    points = number(abs(target.value))
    if target.kind == "points" and target.value > 0:
        return str(
            _("%(points)s percentage points more than the baseline, which is still to be measured.", points=points)
        )
    if target.kind == "points":
        return str(
            _("%(points)s percentage points less than the baseline, which is still to be measured.", points=points)
        )
    raise ValueError("A target in per cent of an unknown baseline cannot be stored.")


def _words(found: Consequence, unit: str) -> dict[str, str]:
    """How far apart is written without signs: the sentences say more or less."""
    return {
        "before": amount(found.before or Decimal(0), unit),
        "after": amount(found.after or Decimal(0), unit),
        "points": number(abs(found.difference or Decimal(0))),
        "difference": number(abs(found.difference or Decimal(0))),
        "relative": "" if found.relative is None else per_cent(abs(found.relative)),
    }


def _rounded(value: Decimal, step: Decimal) -> Decimal:
    rounded = value.quantize(step, ROUND_HALF_UP)
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded.normalize()
