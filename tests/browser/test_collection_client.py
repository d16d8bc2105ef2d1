"""The collection client in a real browser against the real server: nothing that was answered may be lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

from playwright.sync_api import expect

from tests.browser.fieldwork import Fieldwork
from tests.browser.live import LiveServer
from tests.browser.tablet import PHONE, Tablet

FULL_DISK = """() => {
  const put = IDBObjectStore.prototype.put;
  window.restoreDisk = () => { IDBObjectStore.prototype.put = put; };
  IDBObjectStore.prototype.put = function (...values) {
    if (["drafts", "outbox"].includes(this.name)) throw new DOMException("full", "QuotaExceededError");
    return put.apply(this, values);
  };
}"""


STORED = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("eveil-collection");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const all = opening.result.transaction("outbox").objectStore("outbox").getAll();
    all.onsuccess = async () => {
      opening.result.close();
      resolve(await Promise.all(all.result.map(async (record) => ({
        state: record.state, instance: record.instanceId, xml: await record.files[0].blob.text(),
      }))));
    };
  };
})"""

REWRITE = """([from, to]) => new Promise((resolve, reject) => {
  const opening = indexedDB.open("eveil-collection");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = async () => {
    const db = opening.result;
    const read = db.transaction("outbox").objectStore("outbox").getAll();
    read.onsuccess = async () => {
      const record = read.result.sort((a, b) => a.finishedAt - b.finishedAt)[0];
      const text = (await record.files[0].blob.text()).replace(from, to);
      record.files[0].blob = new Blob([text], { type: "text/xml" });
      const writing = db.transaction("outbox", "readwrite");
      writing.objectStore("outbox").put(record);
      writing.oncomplete = () => { db.close(); resolve(); };
    };
  };
})"""


def stored_on(tablet: Tablet) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = tablet.page.evaluate(STORED)
    return records


def test_an_interview_begun_offline_survives_a_closed_tab_and_reaches_the_server_once(
    tablet: Tablet, fieldwork: Fieldwork
) -> None:
    tablet.go_offline()
    tablet.begin(fieldwork.training)
    tablet.choose("screen_consent/consent", "yes")
    tablet.next()
    tablet.choose("screen_about_you/age_group", "25_34")
    tablet.write("screen_about_you/card_number", "0417")
    expect(tablet.page.get_by_text(tablet.says("interview.saved"))).to_be_visible()

    tablet.close_tab_and_open_again()
    tablet.press("home.draft_continue")
    expect(tablet.question("screen_about_you/card_number").locator("input")).to_have_value("0417")
    expect(tablet.question("screen_about_you/age_group").locator("input:checked")).to_have_value("25_34")
    tablet.choose("screen_about_you/sex", "male")
    for _ in range(3):
        tablet.next()
    tablet.finish()

    tablet.close_tab_and_open_again()
    tablet.expect_waiting(1)
    expect(tablet.page.get_by_text(tablet.says("home.drafts"))).to_have_count(0)
    assert fieldwork.submissions() == []

    tablet.go_online()
    tablet.expect_waiting(0)
    tablet.send()
    expect(tablet.page.get_by_role("button", name=tablet.says("home.send"))).to_be_enabled()
    (submission,) = fieldwork.submissions()
    assert submission.answers["consent"] == "yes"
    assert submission.answers["age_group"] == "25_34"
    assert submission.answers["sex"] == "male"


def test_the_token_leaves_the_address_bar_and_outlives_the_tab(tablet: Tablet, fieldwork: Fieldwork) -> None:
    assert tablet.page.url == f"{tablet.url}/collect/"
    expect(tablet.page.get_by_role("heading", level=1)).to_have_text(fieldwork.title)
    expect(tablet.page.get_by_text(tablet.says("home.simulated"))).to_be_visible()

    tablet.close_tab_and_open_again()
    expect(tablet.page.get_by_role("heading", level=1)).to_have_text(fieldwork.title)


def test_a_device_that_is_not_set_up_says_what_to_do(new_tablet: Callable[..., Tablet], live: LiveServer) -> None:
    fresh = new_tablet(locale="fr")
    fresh.open()
    expect(fresh.page.get_by_role("heading", level=1)).to_have_text(fresh.says("enrol.title"))
    expect(fresh.page.get_by_text(fresh.says("enrol.how"))).to_be_visible()
    fresh.inspect()


def test_every_screen_is_accessible_and_fits_a_phone_in_arabic_from_right_to_left(
    new_tablet: Callable[..., Tablet], fieldwork: Fieldwork
) -> None:
    phone = new_tablet(locale="ar", viewport=PHONE)
    phone.enrol(fieldwork.token)
    document = phone.page.locator("html")
    expect(document).to_have_attribute("dir", "rtl")
    phone.inspect()
    phone.page.get_by_role("button", name=fieldwork.training).click()
    expect(phone.page.get_by_role("button", name="English")).to_have_attribute("dir", "ltr")
    phone.inspect()

    phone.press("interview.back")
    phone.begin(fieldwork.training, "English")
    expect(document).to_have_attribute("dir", "ltr")
    phone.press("interview.stop")
    phone.inspect()
    phone.leave("interview.stop", phone.page.get_by_role("dialog"))

    phone.begin(fieldwork.training, "العربية")
    expect(document).to_have_attribute("dir", "rtl")
    expect(document).to_have_attribute("lang", "ar")
    phone.next()
    expect(phone.page.get_by_role("alert").first).to_be_visible()
    phone.inspect()
    phone.choose("screen_consent/consent", "yes")
    phone.next()
    phone.choose("screen_about_you/age_group", "25_34")
    for _ in range(3):
        phone.inspect()
        phone.next()
    phone.inspect()
    phone.finish()
    phone.inspect()
    phone.leave("done.home")
    phone.expect_waiting(0)
    assert len(fieldwork.submissions()) == 1


def test_a_missing_answer_is_asked_for_at_its_question_in_the_language_of_the_interview(
    tablet: Tablet, fieldwork: Fieldwork
) -> None:
    tablet.begin(fieldwork.training, "Français")
    tablet.next()
    consent = tablet.question("screen_consent/consent")
    expect(consent.get_by_role("alert")).to_be_visible()
    expect(consent.locator("input").first).to_be_focused()
    tablet.choose("screen_consent/consent", "no")
    expect(tablet.page.get_by_role("alert")).to_have_count(0)
    tablet.next()  # to the words of parting: everything between is skipped
    tablet.next()
    tablet.finish()


def test_a_refusal_is_a_record_too(tablet: Tablet, fieldwork: Fieldwork) -> None:
    tablet.begin(fieldwork.training)
    tablet.choose("screen_consent/consent", "no")
    tablet.next()
    tablet.next()
    tablet.finish()
    tablet.press("done.next")
    expect(tablet.page.get_by_role("button", name="English")).to_be_visible()
    tablet.press("interview.back")
    tablet.expect_waiting(0)
    (submission,) = fieldwork.submissions()
    assert submission.answers == {"consent": "no"}


def test_finishing_twice_in_haste_makes_one_interview(tablet: Tablet, fieldwork: Fieldwork) -> None:
    tablet.go_offline()
    tablet.begin(fieldwork.training)
    tablet.choose("screen_consent/consent", "no")
    tablet.next()
    tablet.next()
    tablet.page.get_by_role("button", name=tablet.says("end.finish")).dblclick()
    tablet.leave("done.home")
    tablet.expect_waiting(1)
    tablet.go_online()
    tablet.expect_waiting(0)
    assert len(fieldwork.submissions()) == 1
    assert fieldwork.set_aside() == []


def test_stopping_asks_first_and_a_discarded_draft_is_gone(tablet: Tablet, fieldwork: Fieldwork) -> None:
    tablet.begin(fieldwork.training)
    tablet.choose("screen_consent/consent", "yes")
    tablet.press("interview.stop")
    tablet.press("stop.go_on")
    expect(tablet.question("screen_consent/consent")).to_be_visible()
    tablet.press("interview.stop")
    tablet.leave("stop.keep")

    tablet.press("home.draft_discard")
    tablet.press("dialog.cancel")
    tablet.press("home.draft_continue")
    expect(tablet.question("screen_consent/consent").locator("input:checked")).to_have_value("yes")
    tablet.press("interview.stop")
    tablet.leave("stop.discard")
    expect(tablet.page.get_by_role("heading", name=tablet.says("home.start"))).to_be_visible()
    expect(tablet.page.get_by_text(tablet.says("home.drafts"))).to_have_count(0)


def test_the_back_key_of_the_device_turns_a_page_back_and_never_leaves_the_interview(
    tablet: Tablet, fieldwork: Fieldwork
) -> None:
    tablet.begin(fieldwork.training)
    tablet.choose("screen_consent/consent", "yes")
    tablet.next()
    tablet.page.go_back()
    expect(tablet.question("screen_consent/consent")).to_be_visible()
    tablet.page.go_back()
    expect(tablet.page.get_by_role("dialog")).to_be_visible()


def test_an_interview_is_open_in_one_window_only(tablet: Tablet, fieldwork: Fieldwork) -> None:
    tablet.begin(fieldwork.training)
    tablet.choose("screen_consent/consent", "yes")
    expect(tablet.page.get_by_text(tablet.says("interview.saved"))).to_be_visible()
    second = tablet.context.new_page()
    second.goto(f"{tablet.url}/collect/")
    second.get_by_role("button", name=tablet.says("home.draft_continue")).click()
    expect(second.get_by_role("heading", level=1)).to_have_text(tablet.says("interview.elsewhere"))


def test_a_full_device_says_so_and_keeps_the_interview_open(tablet: Tablet, fieldwork: Fieldwork) -> None:
    tablet.go_offline()
    tablet.begin(fieldwork.training)
    tablet.page.evaluate(FULL_DISK)
    tablet.choose("screen_consent/consent", "no")
    warning = tablet.page.get_by_role("alert").filter(has_text=tablet.says("interview.not_saved"))
    expect(warning).to_be_visible()
    tablet.next()
    tablet.next()
    tablet.press("end.finish")
    expect(warning).to_be_visible()
    expect(tablet.page.get_by_role("button", name=tablet.says("end.finish"))).to_be_visible()

    # in one step: with room again the page saves by itself, and the button may be gone before a hand reaches it
    button = tablet.page.get_by_role("button", name=tablet.says("interview.save_again"), exact=True)
    button.evaluate("button => { window.restoreDisk(); button.click(); }")
    expect(warning).to_have_count(0)
    tablet.finish()
    tablet.leave("done.home")
    tablet.expect_waiting(1)


def test_a_server_that_was_killed_gets_everything_when_it_is_back(
    tablet: Tablet, fieldwork: Fieldwork, live: LiveServer
) -> None:
    live.stop()
    tablet.interview(fieldwork.training)
    tablet.interview(fieldwork.training, sex="male")
    tablet.expect_waiting(2)
    expect(tablet.page.get_by_text(tablet.says("problem.network"))).to_be_visible()
    live.start()
    tablet.send()
    tablet.expect_waiting(0)
    assert sorted(found.answers["sex"] for found in fieldwork.submissions()) == ["female", "male"]


def test_a_conflict_stays_on_the_device_and_does_not_hold_up_the_others(
    tablet: Tablet, fieldwork: Fieldwork, live: LiveServer
) -> None:
    tablet.go_offline()
    tablet.interview(fieldwork.training)
    (record,) = stored_on(tablet)
    other = record["xml"].replace("<sex>female</sex>", "<sex>male</sex>")
    assert post(live, fieldwork.token, other) == 201
    tablet.interview(fieldwork.training, age_group="50_plus")
    tablet.go_online()

    expect(tablet.page.get_by_text(tablet.says("attention.set_aside"))).to_be_visible()
    tablet.expect_waiting(0)
    tablet.inspect()
    assert [(kept["state"], kept["instance"]) for kept in stored_on(tablet)] == [("set_aside", record["instance"])]
    first, second = fieldwork.submissions()
    assert first.answers["sex"] == "male"
    assert second.answers["age_group"] == "50_plus"
    assert [item.kind for item in fieldwork.set_aside()] == ["conflict"]


def test_a_refused_interview_stays_on_the_device_with_the_words_of_the_server(
    tablet: Tablet, fieldwork: Fieldwork
) -> None:
    tablet.go_offline()
    tablet.interview(fieldwork.training)
    tablet.interview(fieldwork.training, sex="male")
    tablet.page.evaluate(REWRITE, [f'id="{form_id(stored_on(tablet)[0]["xml"])}"', 'id="from_elsewhere"'])
    tablet.go_online()

    expect(tablet.page.get_by_text(tablet.says("attention.refused"))).to_be_visible()
    expect(tablet.page.get_by_text("There is no such questionnaire on this server.")).to_be_visible()
    tablet.expect_waiting(0)
    tablet.inspect()
    assert [kept["state"] for kept in stored_on(tablet)] == ["refused"]
    assert [found.answers["sex"] for found in fieldwork.submissions()] == ["male"]

    with tablet.page.expect_response("**/door/submission"):
        tablet.press("attention.again")
    expect(tablet.page.get_by_text(tablet.says("attention.refused"))).to_be_visible()
    assert [kept["state"] for kept in stored_on(tablet)] == ["refused"]


def test_a_withdrawn_device_keeps_everything_until_it_is_set_up_again(tablet: Tablet, fieldwork: Fieldwork) -> None:
    fieldwork.withdraw_device()
    tablet.interview(fieldwork.training)
    expect(tablet.page.get_by_text(tablet.says("problem.token"))).to_be_visible()
    tablet.expect_waiting(1)
    tablet.inspect()

    tablet.enrol(fieldwork.enrol_again())
    tablet.expect_waiting(0)
    assert len(fieldwork.submissions()) == 1


def test_a_new_version_of_a_questionnaire_does_not_touch_a_draft(tablet: Tablet, fieldwork: Fieldwork) -> None:
    fieldwork.bring_in("guests", "1", "Guests", one_question("How many guests?"))
    tablet.send()
    tablet.page.get_by_role("button", name="Guests").click()
    tablet.write("guests", "٤")
    tablet.press("interview.stop")
    tablet.leave("stop.keep")
    fieldwork.bring_in("guests", "2", "Guests, shorter", one_question("Any guests?"))
    tablet.send()
    expect(tablet.page.get_by_role("button", name="Guests, shorter")).to_be_visible()

    tablet.press("home.draft_continue")
    expect(tablet.page.get_by_text("How many guests?")).to_be_visible()
    expect(tablet.question("guests").locator("input")).to_have_value("4")
    tablet.next()
    tablet.finish()
    tablet.press("done.next")
    expect(tablet.page.get_by_text("Any guests?")).to_be_visible()
    tablet.press("interview.stop")
    tablet.leave("interview.stop", tablet.page.get_by_role("dialog"))
    tablet.expect_waiting(0)
    assert len(fieldwork.submissions()) == 1


def test_a_questionnaire_that_cannot_be_read_gives_a_sentence_and_the_others_still_work(
    tablet: Tablet, fieldwork: Fieldwork
) -> None:
    fieldwork.bring_in("broken", "1", "Broken form", "<h:html xmlns:h='http://www.w3.org/1999/xhtml'/>")
    tablet.send()
    tablet.page.get_by_role("button", name="Broken form").click()
    expect(tablet.page.get_by_role("heading", level=1)).to_have_text(tablet.says("interview.failed"))
    tablet.complaints.clear()  # the engine's own words, for a developer
    tablet.leave("done.home")
    tablet.interview(fieldwork.training)
    tablet.expect_waiting(0)


def post(live: LiveServer, token: str, xml: str) -> int:
    """What another client does with the same interview."""
    headers = {"Authorization": f"Bearer {token}", "X-OpenRosa-Version": "1.0"}
    files = {"xml_submission_file": (BytesIO(xml.encode()), "xml_submission_file", "text/xml")}
    with live.application() as app:
        return app.test_client().post("/door/submission", data=files, headers=headers).status_code


def form_id(xml: str) -> str:
    found = re.search(r'<data id="([^"]+)"', xml)
    assert found
    return found[1]


def one_question(label: str) -> dict[str, Any]:
    return {"survey": [{"type": "integer", "name": "guests", "label": label}]}
