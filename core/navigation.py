"""The tabs of a campaign: each package registers its own, and a page shows those that one's roles allow."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask import Flask, current_app, request, url_for


@dataclass(frozen=True)
class NavigationItem:
    """A tab; its endpoint takes the campaign's ``slug``. ``roles`` are the words of ``accounts.access.allow``."""

    endpoint: str
    label: str
    roles: Collection[str]
    order: int


@dataclass(frozen=True)
class Tab:
    """An item as this request shows it."""

    label: str
    url: str
    current: bool


def register(app: Flask, item: NavigationItem) -> None:
    app.extensions.setdefault("navigation", []).append(item)


def tabs(slug: str, held: Collection[str]) -> list[Tab]:
    """The tabs for somebody who holds these roles; the current one is the longest that this address lies below."""
    items: list[NavigationItem] = sorted(current_app.extensions.get("navigation", []), key=lambda item: item.order)
    shown = [(item.label, url_for(item.endpoint, slug=slug)) for item in items if set(item.roles) & set(held)]
    current = max((url for _label, url in shown if _lies_below(request.path, url)), key=len, default="")
    return [Tab(label, url, url == current) for label, url in shown]


def _lies_below(path: str, url: str) -> bool:
    return path == url or path.startswith(url.rstrip("/") + "/")
