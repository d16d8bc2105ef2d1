"""Numbered cards to cut out: a number, and a check digit that tells when it was copied wrongly."""

from __future__ import annotations

MOST = 300
USUAL = 30

# H. M. Damm's table (2004): every wrong digit and every two neighbours swapped give another check digit
DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def check_digit(digits: str) -> str:
    """Of a number in plain digits, by Damm's scheme. Example: ``check_digit("572") == "4"``."""
    interim = 0
    for digit in digits:
        interim = DAMM[interim][int(digit)]
    return str(interim)


def card_numbers(count: int) -> list[str]:
    """Numbers of three digits from 1 on, each with its check digit, as the questionnaire takes them."""
    return [f"{number:03d}{check_digit(f'{number:03d}')}" for number in range(1, min(count, MOST) + 1)]


def miscopied(card: str) -> bool:
    """Whether a number that looks like one of ours has a wrong check digit."""
    return len(card) == 4 and card.isascii() and card.isdigit() and check_digit(card[:3]) != card[3]
