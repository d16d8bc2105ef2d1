"""What becomes of an interview: stored once, or set aside whole with the reason. Never lost, never doubled."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import structlog
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Campaign
from core.settings import Settings
from surveys.collection.attachments import safe_name
from surveys.models import Attachment, FormVersion, InstanceDocument, LinkDigest, SetAside, Submission
from tests.builders import add_campaign
from tests.surveys.fieldwork import WHOLE, Tablet, filled, published, sentence
from tests.surveys.test_door import counted

ID = "uuid:00000000-0000-4000-8000-000000000001"


@pytest.fixture
def before(versions: list[FormVersion]) -> FormVersion:
    return versions[0]


def the_submission(session: Session) -> Submission:
    session.rollback()
    return session.scalars(select(Submission)).one()


def the_one_set_aside(session: Session) -> SetAside:
    session.rollback()
    return session.scalars(select(SetAside)).one()


def test_answers_are_coded_and_the_raw_document_is_kept(session: Session, tablet: Tablet, before: FormVersion) -> None:
    xml = filled(before, ID, **WHOLE)
    assert tablet.send(xml).status_code == 201
    stored = the_submission(session)
    assert stored.answers == {key: value for key, value in WHOLE.items() if key != "interview_date"}
    assert (stored.instrument, stored.wave, stored.instance_id) == ("training", "before", ID)
    assert stored.interviewed_on == date(2026, 2, 3) and stored.unreadable == []
    assert (stored.document.xml, stored.document.sha256) == (xml, hashlib.sha256(xml).hexdigest())
    assert stored.form_version_id == before.id and stored.device_id is not None and stored.link is None


def test_a_refusal_is_a_record_too(session: Session, tablet: Tablet, before: FormVersion) -> None:
    assert tablet.send(filled(before, consent="no", interview_date="2026-02-03")).status_code == 201
    assert the_submission(session).answers == {"consent": "no"}


def test_the_same_interview_again_is_accepted_again_and_stored_once(
    session: Session, tablet: Tablet, before: FormVersion
) -> None:
    xml = filled(before, ID, **WHOLE)
    assert [tablet.send(xml).status_code for _again in range(3)] == [201, 201, 201]
    assert counted(session, Submission) == 1 and counted(session, SetAside) == 0


def test_other_answers_under_the_same_id_are_set_aside_and_the_first_stay(
    session: Session, tablet: Tablet, before: FormVersion
) -> None:
    first, other = filled(before, ID, **WHOLE), filled(before, ID, **{**WHOLE, "sex": "male"})
    tablet.send(first)
    refused = [tablet.send(other), tablet.send(other)]
    assert [answer.status_code for answer in refused] == [409, 409]
    assert "The first stays" in sentence(refused[0])
    assert the_submission(session).answers["sex"] == "female"
    kept = the_one_set_aside(session)
    assert (kept.kind, kept.reason, kept.instance_id, kept.body) == ("conflict", "other_answers", ID, other)


def test_an_edit_of_a_sent_interview_is_set_aside_not_counted_twice(
    session: Session, tablet: Tablet, before: FormVersion
) -> None:
    tablet.send(filled(before, ID, **WHOLE))
    again = filled(before, **WHOLE).replace(b"<instanceID>", f"<deprecatedID>{ID}</deprecatedID><instanceID>".encode())
    assert tablet.send(again).status_code == 409
    assert counted(session, Submission) == 1 and the_one_set_aside(session).reason == "edited"


def test_files_may_arrive_later_with_the_same_interview(
    session: Session, tablet: Tablet, before: FormVersion, settings: Settings
) -> None:
    xml = filled(before, ID, **WHOLE)
    assert tablet.send(xml, [("a.jpg", b"first")], incomplete=True).status_code == 202
    assert tablet.send(xml, [("a.jpg", b"first"), ("b.jpg", b"second")]).status_code == 201
    session.rollback()
    files = {file.name: file for file in session.scalars(select(Attachment))}
    assert {name: file.size for name, file in files.items()} == {"a.jpg": 5, "b.jpg": 6}
    for name, content in (("a.jpg", b"first"), ("b.jpg", b"second")):
        path = settings.data_dir / "attachments" / files[name].sha256
        assert path.read_bytes() == content and path.stat().st_mode & 0o077 == 0


def test_another_file_under_the_same_name_is_kept_beside_the_first(
    session: Session, tablet: Tablet, before: FormVersion, settings: Settings
) -> None:
    xml = filled(before, ID, **WHOLE)
    tablet.send(xml, [("a.jpg", b"first")])
    assert tablet.send(xml, [("a.jpg", b"other")]).status_code == 409
    kept = the_one_set_aside(session)
    assert kept.reason == "other_file" and [file["name"] for file in kept.files] == ["a.jpg"]
    assert (settings.data_dir / "attachments" / kept.files[0]["sha256"]).read_bytes() == b"other"
    assert session.scalars(select(Attachment.sha256)).all() == [hashlib.sha256(b"first").hexdigest()]


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\me.jpg", "me.jpg"),
        ("..", "file"),
        ("a\x00b\n.jpg", "ab.jpg"),
        ("x" * 400 + ".jpg", "x" * 251 + ".jpg"),
    ],
)
def test_a_file_name_is_cut_to_what_is_harmless(sent: str, stored: str) -> None:
    assert safe_name(sent) == stored


def test_a_file_name_leads_nowhere(session: Session, tablet: Tablet, before: FormVersion, settings: Settings) -> None:
    files = [("../../etc/passwd", b"first"), ("صورة.jpg", b"second")]
    assert tablet.send(filled(before, **WHOLE), files).status_code == 201
    assert set(session.scalars(select(Attachment.name))) == {"passwd", "صورة.jpg"}
    names = {path.name for path in (settings.data_dir / "attachments").iterdir()}
    assert names == {hashlib.sha256(content).hexdigest() for _name, content in files}


def test_files_without_their_interview_are_kept(session: Session, tablet: Tablet, settings: Settings) -> None:
    assert tablet.send(None, [("a.jpg", b"first")]).status_code == 400
    assert tablet.send(None, [("b.jpg", b"second")]).status_code == 400
    kept = the_one_set_aside(session)
    assert kept.reason == "no_document" and [file["name"] for file in kept.files] == ["a.jpg", "b.jpg"]
    assert (settings.data_dir / "attachments" / kept.files[1]["sha256"]).read_bytes() == b"second"


@pytest.mark.parametrize("kind", ["identical", "different"])
def test_interviews_sent_at_the_same_moment_make_one_row(
    app: Flask, session: Session, campaign: Campaign, before: FormVersion, kind: str
) -> None:
    tablets = [Tablet(app, session, campaign) for _number in range(8)]
    documents = [filled(before, ID, **WHOLE, card_number="K1") for _tablet in tablets]
    if kind == "different":
        documents[1::2] = [filled(before, ID, **WHOLE, card_number="K2")] * 4
    barrier, statuses = threading.Barrier(len(tablets)), []

    def send(tablet: Tablet, xml: bytes) -> None:
        barrier.wait()
        statuses.append(tablet.send(xml, [("a.jpg", b"first")]).status_code)

    threads = [threading.Thread(target=send, args=pair) for pair in zip(tablets, documents, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == ([201] * 8 if kind == "identical" else [201] * 4 + [409] * 4)
    counts = [counted(session, table) for table in (Submission, InstanceDocument, LinkDigest, Attachment, SetAside)]
    assert counts == [1, 1, 1, 1, 0 if kind == "identical" else 1]


BOMB = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">%s]><data id="x"><v>&z;</v></data>""" % b"".join(
    b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10) for letter in range(ord("b"), ord("z") + 1)
)
ATTRIBUTE_BOMB = BOMB.replace(b"<v>&z;</v>", b'<v a="&z;"/>')
EXTERNAL = b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]><data id="x"><v>&e;</v></data>'
REMOTE_DTD = b'<!DOCTYPE d SYSTEM "http://192.0.2.1/evil.dtd"><data id="x"/>'


HOSTILE = [
    (b"", {"not_xml"}),
    (b"consent=yes&sex=female", {"not_xml"}),
    (b"<data><unclosed></data>", {"not_xml"}),
    (b"<data>" * 5000 + b"</data>" * 5000, {"not_xml"}),
    (b"\x00\xff\xfe\x00", {"not_xml"}),
    ('<?xml version="1.0" encoding="UTF-8"?><data>é</data>'.encode("latin-1"), {"not_xml"}),
    (b'<?xml version="1.0" encoding="no-such-encoding"?><data/>', {"not_xml"}),
    (BOMB, {"not_xml", "declarations"}),
    (ATTRIBUTE_BOMB, {"not_xml", "declarations"}),
    (EXTERNAL, {"declarations"}),
    (REMOTE_DTD, {"declarations"}),
    ("<!DOCTYPE d><data/>".encode("utf-16"), {"declarations"}),
    (b"<data id='x' version='1'><sex>female</sex></data>", {"no_instance_id"}),
    (b"<data id='x'><meta><instanceID> </instanceID></meta></data>", {"no_instance_id"}),
    (b"<data id='x'><meta><instanceID>" + b"9" * 201 + b"</instanceID></meta></data>", {"no_instance_id"}),
]


def test_hostile_and_broken_documents_are_kept_unopened_with_the_reason(session: Session, tablet: Tablet) -> None:
    for body, _reasons in HOSTILE:
        began = time.monotonic()
        refused = tablet.send(body, [("a.jpg", b"first")])
        assert refused.status_code == 400 and len(sentence(refused)) > 40, body[:60]
        assert time.monotonic() - began < 5
    session.rollback()
    kept = {row.body: row for row in session.scalars(select(SetAside))}
    assert len(kept) == len(HOSTILE) and counted(session, Submission) == 0
    for body, reasons in HOSTILE:
        assert kept[body].kind == "unreadable" and kept[body].reason in reasons
        assert [file["name"] for file in kept[body].files] == ["a.jpg"]


def test_other_encodings_that_xml_allows_are_read(session: Session, tablet: Tablet, before: FormVersion) -> None:
    document = filled(before, **WHOLE).decode().split("?>", 1)[1]
    assert tablet.send(('<?xml version="1.0" encoding="UTF-16"?>' + document).encode("utf-16")).status_code == 201
    assert the_submission(session).answers["sex"] == "female"


def test_too_large_a_request_is_refused_before_it_is_read(session: Session, tablet: Tablet) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="xml_submission_file"; filename="a.xml"\r\n\r\n<data>'
    body = head + b"x" * (50 << 20) + b"</data>\r\n--x--\r\n"
    refused = tablet.open("/submission", "POST", data=body, content_type="multipart/form-data; boundary=x")
    assert refused.status_code == 413 and "too large" in sentence(refused)
    assert counted(session, SetAside) == 0


def change_form(xml: bytes) -> bytes:
    return xml.replace(b'id="harbour_training_before"', b'id="from_elsewhere"')


def change_version(xml: bytes) -> bytes:
    return xml.replace(b'version="', b'version="9')


@pytest.mark.parametrize(("change", "reason"), [(change_form, "unknown_form"), (change_version, "unknown_version")])
def test_an_unknown_questionnaire_is_set_aside(
    session: Session, tablet: Tablet, before: FormVersion, change: Callable[[bytes], bytes], reason: str
) -> None:
    xml = change(filled(before, ID, **WHOLE))
    refused = tablet.send(xml)
    assert refused.status_code == 422 and "kept" in sentence(refused)
    kept = the_one_set_aside(session)
    assert (kept.kind, kept.reason, kept.body, kept.instance_id) == ("unknown_form", reason, xml, ID)


def test_an_interview_of_another_campaign_is_kept_under_the_campaign_of_the_device(
    app: Flask, session: Session, before: FormVersion
) -> None:
    hills = add_campaign(session, "hills")
    refused = Tablet(app, session, hills).send(filled(before, **WHOLE))
    assert refused.status_code == 422 and "another campaign" in sentence(refused)
    kept = the_one_set_aside(session)
    assert (kept.kind, kept.campaign_id) == ("other_campaign", hills.id)
    assert counted(session, Submission) == 0


def test_what_cannot_be_read_is_reported_and_the_rest_is_counted(
    session: Session, tablet: Tablet, before: FormVersion
) -> None:
    answers = {**WHOLE, "sex": "Amina Diallo", "warning_signs": "debt passport", "interview_date": "3 Feb"}
    assert tablet.send(filled(before, **answers)).status_code == 201
    stored = the_submission(session)
    assert "sex" not in stored.answers and stored.answers["hotline_number"] == "right"
    assert stored.interviewed_on is None
    assert stored.unreadable == [
        {"item": "interview_date", "kind": "text", "problem": "not_a_date"},
        {"item": "sex", "kind": "text", "problem": "unknown_code"},
        {"item": "warning_signs", "kind": "text", "problem": "unknown_code"},
    ]


def test_the_card_number_becomes_a_digest_and_stays_out_of_the_answers(
    session: Session, tablet: Tablet, versions: list[FormVersion], settings: Settings
) -> None:
    for version, number in zip(versions, ("K-017", " k٠١٧ "), strict=True):
        assert tablet.send(filled(version, **WHOLE, card_number=number)).status_code == 201
    first, again = session.scalars(select(LinkDigest.digest)).all()
    assert first == again and len(first) == 64
    assert all("card_number" not in answers for answers in session.scalars(select(Submission.answers)))
    key = next((settings.data_dir / "keys").iterdir())
    assert key.stat().st_mode & 0o077 == 0 and len(key.read_bytes()) == 32


def test_the_same_card_number_has_another_digest_in_another_campaign(
    app: Flask, session: Session, tablet: Tablet, before: FormVersion
) -> None:
    hills = add_campaign(session, "hills")
    tablet.send(filled(before, **WHOLE, card_number="K017"))
    Tablet(app, session, hills).send(filled(published(session, hills)[0], **WHOLE, card_number="K017"))
    assert len(set(session.scalars(select(LinkDigest.digest)))) == 2


def test_a_lost_key_stops_the_linking_instead_of_breaking_it_unseen(
    session: Session, tablet: Tablet, before: FormVersion, settings: Settings
) -> None:
    tablet.send(filled(before, **WHOLE, card_number="K017"))
    next((settings.data_dir / "keys").iterdir()).unlink()
    refused = tablet.send(filled(before, **WHOLE, card_number="K018"))
    assert refused.status_code == 503 and "backup" in sentence(refused)
    assert counted(session, Submission) == 1
    assert tablet.send(filled(before, **WHOLE)).status_code == 201


@pytest.mark.parametrize("number", ["K", "Amina Diallo", "--"])
def test_what_is_no_card_number_is_reported_and_not_kept(
    session: Session, tablet: Tablet, before: FormVersion, number: str
) -> None:
    tablet.send(filled(before, **WHOLE, card_number=number))
    stored = the_submission(session)
    assert stored.link is None and [entry["problem"] for entry in stored.unreadable] == ["not_a_card_number"]


def test_no_answer_and_no_token_reaches_the_log(
    app: Flask, session: Session, campaign: Campaign, before: FormVersion
) -> None:
    tablet = Tablet(app, session, campaign, in_path=True)
    with structlog.testing.capture_logs() as events:
        tablet.send(filled(before, **WHOLE, card_number="K017"))
        tablet.send(b"<data>K017")
        tablet.open("/no/such/place")
    written = str(events)
    assert "interview_received" in written and "interview_set_aside" in written
    assert "K017" not in written and "female" not in written and tablet.token not in written


def test_a_failure_while_storing_leaves_nothing_half_done(
    session: Session, tablet: Tablet, before: FormVersion, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> bool:
        raise OSError("disk full")

    xml = filled(before, ID, **WHOLE)
    with monkeypatch.context() as patch:
        patch.setattr("surveys.collection.receiving._attached", fail)
        assert tablet.send(xml, [("a.jpg", b"first")]).status_code == 500
    assert counted(session, Submission) == 0 and counted(session, InstanceDocument) == 0
    assert tablet.send(xml, [("a.jpg", b"first")]).status_code == 201
    assert [path.name for path in Path(settings.data_dir / "attachments").iterdir()] == [
        hashlib.sha256(b"first").hexdigest()
    ]
