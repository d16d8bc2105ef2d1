"""Was a gain kept? What a row of ``retention`` says in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.verdicts import FEWEST_FOR_SHARES
from core import numbers
from reports.wording import Row, Wording, indicator_of, say

WITHOUT_NUMBERS = frozenset({"no_verdict", "too_few", "no_gain"})


@dataclass(frozen=True)
class Kept:
    """The verdict in a word or two, and the sentences that give its reason."""

    verdict: str
    title: str
    sentences: tuple[str, ...]


def kept_view(row: Row, words: Wording) -> Kept | None:
    """None where the row is hidden or nobody was asked at both times."""
    if row["hidden"] or not row["n"] or row["interval"]["low"] is None:
        return None
    verdict = _verdict(row, words)
    entry = verdict if verdict in WITHOUT_NUMBERS else f"{_people(words)}.{verdict}"
    title = say(f"kept.{entry}", words.language, "title")
    sentence = say(f"kept.{entry}", words.language, **_values(row, words))
    further = () if verdict in WITHOUT_NUMBERS else _further(row, words)
    return Kept(verdict, title, (sentence, *further))


def _verdict(row: Row, words: Wording) -> str:
    """The verdict of the analysis, and of what it leaves undecided whether there was anything to keep."""
    if row["n"] < FEWEST_FOR_SHARES:
        return "too_few"
    if row["verdict"] == "undecided" and not _gained(row, words):
        return "no_gain"
    return str(row["verdict"] or "no_margin")


def _gained(row: Row, words: Wording) -> bool:
    limits = row["first_gain"]["interval"]
    if limits["low"] is None:
        return False
    better = indicator_of(words.plan, row).better
    return bool(limits["low"] > 0 if better == "higher" else limits["high"] < 0)


def _people(words: Wording) -> str:
    return "same_people" if words.plan.design.paired else "different_people"


def _values(row: Row, words: Wording) -> dict[str, str]:
    language, interval = words.language, row["interval"]
    return {
        "indicator": words.indicator(row["indicator"]),
        "n": numbers.whole(row["n"], language),
        "difference": numbers.points(row["difference"], language),
        "low": numbers.signed(interval["low"], language),
        "high": numbers.signed(interval["high"], language),
        "confidence": numbers.share(words.plan.confidence, language, 0),
        "margin": numbers.planned_points(row["margin"], language),
        "found": numbers.share(row["found_share"], language, 0),
    }


def _further(row: Row, words: Wording) -> Iterator[str]:
    """Of whom it speaks, and how much of the gain was kept, where there was a gain to speak of."""
    language, part = words.language, row["share_kept"]
    if row["among_those_found"]:
        yield say("kept.among_found", language, found=numbers.share(row["found_share"], language, 0))
    if part["unbounded"]:
        yield say("kept.share_unbounded", language)
    elif part["low"] is not None:
        low, high = (numbers.share(part[end], language, 0) for end in ("low", "high"))
        confidence = numbers.share(words.plan.confidence, language, 0)
        share = numbers.share(part["value"], language, 0)
        yield say("kept.share", language, share=share, low=low, high=high, confidence=confidence)
