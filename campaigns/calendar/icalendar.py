"""A calendar as other programs read it: iCalendar, RFC 5545, for events that last whole days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MEDIA_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Eveil//Campaign calendar//EN"
LINE_END = "\r\n"
LONGEST_LINE = 75  # octets, without the line end
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Entry:
    """``uid`` stays the same for the same thing, for good and on every machine; ``last`` is its last day."""

    uid: str
    title: str
    first: date
    last: date


def icalendar(name: str, entries: Sequence[Entry], made_at: datetime, language: str = "") -> str:
    """The whole calendar; ``made_at`` has a zone. Raises ValueError where an entry ends before it begins."""
    return "".join(fold(line) + LINE_END for line in _lines(name, entries, made_at, language))


def fold(line: str) -> str:
    """The line in parts of at most 75 octets, each further one after a line end and a space; no letter is cut."""
    parts, part, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LONGEST_LINE:
            parts.append(part)
            part, size = " ", 1
        part, size = part + letter, size + octets
    return LINE_END.join([*parts, part])


def escape(text: str) -> str:
    """Text as a value: backslash, semicolon, comma and line ends are written with a backslash."""
    text = CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _lines(name: str, entries: Sequence[Entry], made_at: datetime, language: str) -> Iterator[str]:
    stamp = made_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    spoken = f";LANGUAGE={language}" if language else ""
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH")
    # the name twice: RFC 7986, and what programs understood before it
    yield from (f"NAME{spoken}:{escape(name)}", f"X-WR-CALNAME:{escape(name)}")
    yield from ("REFRESH-INTERVAL;VALUE=DURATION:PT12H", "X-PUBLISHED-TTL:PT12H")
    for entry in entries:
        if entry.last < entry.first:
            raise ValueError(f"The event {entry.uid} ends before it begins: put its days in order.")
        yield from ("BEGIN:VEVENT", f"UID:{escape(entry.uid)}", f"DTSTAMP:{stamp}")
        yield f"DTSTART;VALUE=DATE:{_digits(entry.first)}"
        if entry.last < date.max:
            yield f"DTEND;VALUE=DATE:{_digits(entry.last + timedelta(days=1))}"  # the first day that is free again
        yield f"SUMMARY{spoken}:{escape(entry.title)}"
        yield from ("TRANSP:TRANSPARENT", "END:VEVENT")
    yield "END:VCALENDAR"


def _digits(day: date) -> str:
    return day.isoformat().replace("-", "")  # strftime writes the year 7 with one digit
