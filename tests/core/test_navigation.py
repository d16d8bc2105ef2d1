"""The tabs of a campaign: those that one's roles allow, in their order, the current one marked."""

from __future__ import annotations

from flask import Flask

from core.navigation import NavigationItem, register, tabs


def test_roles_decide_which_tabs_are_shown_and_the_address_which_is_current(app: Flask) -> None:
    app.extensions["navigation"] = []
    for path, roles, order in (
        ("/plan", {"designer"}, 20),
        ("/", {"designer", "evaluator"}, 10),
        ("/report", {"evaluator"}, 30),
    ):
        app.add_url_rule(f"/test/<slug>{path}", f"test{order}", lambda slug: slug)
        register(app, NavigationItem(f"test{order}", path, roles, order))

    def shown(address: str, *roles: str) -> list[tuple[str, bool]]:
        with app.test_request_context(address):
            return [(tab.url, tab.current) for tab in tabs("harbour", roles)]

    assert shown("/test/harbour/", "designer") == [("/test/harbour/", True), ("/test/harbour/plan", False)]
    assert shown("/test/harbour/plan/freeze", "designer") == [("/test/harbour/", False), ("/test/harbour/plan", True)]
    assert shown("/test/harbour/plans", "evaluator") == [("/test/harbour/", True), ("/test/harbour/report", False)]
    assert shown("/test/harbour/plan", "translator") == []
