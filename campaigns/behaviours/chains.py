"""The thread of a design from group to barrier, response, behaviour and contribution, and where it is weak."""

from __future__ import annotations

from dataclasses import dataclass

from campaigns.audience.contents import SEGMENT, Segment
from campaigns.behaviours.acting import INFORMING, OPPORTUNITY, can_act, mostly_opportunity
from campaigns.behaviours.contents import BARRIER, BEHAVIOUR, RESPONSE, Barrier, Behaviour, Response
from campaigns.entries.saving import Entries, Entry


@dataclass(frozen=True, slots=True)
class Answered:
    """A barrier with the responses to it."""

    barrier: Entry[Barrier]
    responses: tuple[Entry[Response], ...]

    @property
    def kept(self) -> tuple[Entry[Response], ...]:
        """The responses that were not dropped."""
        return tuple(one for one in self.responses if one.content.decision != "drop")

    @property
    def useless(self) -> tuple[Entry[Response], ...]:
        """Responses that cannot act on what is lacking here."""
        lack = self.barrier.content.com_b
        return tuple(one for one in self.kept if not can_act(one.content.function, lack))

    @property
    def only_informs(self) -> bool:
        """Whether a lack of opportunity is met by information and persuasion alone."""
        informing = all(one.content.function in INFORMING for one in self.kept)
        return bool(self.kept) and informing and self.barrier.content.com_b in OPPORTUNITY


@dataclass(frozen=True, slots=True)
class Wanted:
    """A behaviour with what keeps people from it."""

    behaviour: Entry[Behaviour]
    barriers: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """A target group with what it is to do."""

    segment: Entry[Segment]
    behaviours: tuple[Wanted, ...]


def chains(entries: Entries) -> tuple[Chain, ...]:
    """The whole thread, in the order in which it was written down."""
    return tuple(
        Chain(segment, tuple(_wanted(entries, one) for one in entries.of(BEHAVIOUR, Behaviour, segment.id)))
        for segment in entries.of(SEGMENT, Segment)
    )


def all_barriers(found: tuple[Chain, ...]) -> list[Answered]:
    return [answered for chain in found for wanted in chain.behaviours for answered in wanted.barriers]


def rests_on_information(found: tuple[Chain, ...]) -> bool:
    """Whether most barriers are a lack of opportunity, on which information and persuasion do not act."""
    return mostly_opportunity([one.barrier.content for one in all_barriers(found)])


def information_will_not_do(found: tuple[Chain, ...]) -> bool:
    """Whether that is so, and one of these barriers has no response that can act on it."""
    lacking = [one for one in all_barriers(found) if one.barrier.content.com_b in OPPORTUNITY]
    return rests_on_information(found) and any(len(one.useless) == len(one.kept) for one in lacking)


def _wanted(entries: Entries, behaviour: Entry[Behaviour]) -> Wanted:
    return Wanted(
        behaviour,
        tuple(
            Answered(barrier, tuple(entries.of(RESPONSE, Response, barrier.id)))
            for barrier in entries.of(BARRIER, Barrier, behaviour.id)
        ),
    )
