"""How many interviews a second the door takes in, beside the floor beneath it: bare SQLite commits of the same bytes.

    python bench/receiving.py [number of interviews]

Both run in this process, one after the other, so the ratio means something on any machine; the absolute numbers mean
something on this one only.
"""

from __future__ import annotations

import io
import sqlite3
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles

from flask import Flask
from lxml import etree

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # else bench/analysis.py would hide the package of that name

from accounts import devices  # noqa: E402
from app import create_app  # noqa: E402
from campaigns.models import Campaign  # noqa: E402
from core.database import database, transaction  # noqa: E402
from core.migrating import upgrade  # noqa: E402
from core.settings import Settings  # noqa: E402
from surveys.authoring.publishing import InstrumentRequest, publish  # noqa: E402
from surveys.bank import load_bank  # noqa: E402

NUMBER = 500
XFORMS = "{http://www.w3.org/2002/xforms}"


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else NUMBER
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            Path(folder), f"sqlite:///{folder}/eveil.sqlite", "for measuring only" * 3, log_level="ERROR"
        )
        app = create_app(settings)
        token, template = prepared(app)
        documents = [template.replace(b"INSTANCE", str(uuid.uuid4()).encode()) for _number in range(number)]
        door = measured("the door", sender(app, token), documents)
        floor = measured("bare commits", committer(Path(folder) / "floor.sqlite"), documents)
        print(f"{len(documents[0])} bytes each; a received interview costs as much as {door / floor:.0f} bare commits")


def prepared(app: Flask) -> tuple[str, bytes]:
    """A device's token, and an answered instance in which only the id is still to be filled in."""
    indicators = tuple(dict.fromkeys(item.indicator for item in load_bank().items if item.indicator))
    with app.app_context():
        upgrade(database().engine)
        with transaction() as session:
            campaign = Campaign(slug="bench", title="Measuring", simulated=True)
            session.add(campaign)
            session.flush()
            request = InstrumentRequest(campaign.id, "bench", "Measuring", "training", ("before",), indicators)
            [version] = publish(session, request)
            return devices.enrol(session, campaign.id, "Bench", None), answered(version.xform)


def answered(xform: str) -> bytes:
    instance = etree.fromstring(xform.encode()).find(f".//{XFORMS}model/{XFORMS}instance")
    if instance is None:
        raise ValueError("The form has no primary instance.")
    values = {item.id: item.options[0].code for item in load_bank().items if item.options}
    values |= {"card_number": "K017", "interview_date": "2026-02-03", "instanceID": "uuid:INSTANCE"}
    for element in instance[0].iter():
        element.text = values.get(etree.QName(element).localname)
    return etree.tostring(instance[0])


def sender(app: Flask, token: str) -> Callable[[bytes], None]:
    client = app.test_client()

    def send(document: bytes) -> None:
        form = {"xml_submission_file": (io.BytesIO(document), "interview.xml")}
        reply = client.post("/door/submission", data=form, headers={"Authorization": f"Bearer {token}"})
        if reply.status_code != 201:
            raise RuntimeError(f"The door answered {reply.status_code}.")

    return send


def committer(path: Path) -> Callable[[bytes], None]:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE document (xml BLOB)")

    def commit(document: bytes) -> None:
        connection.execute("INSERT INTO document VALUES (?)", (document,))

    return commit


def measured(name: str, work: Callable[[bytes], None], documents: list[bytes]) -> float:
    """Do the work for each document; prints the rate and the percentiles, returns the mean seconds of one."""
    for document in documents[:10]:
        work(document.replace(b"uuid:", b"uuid:warm-up-"))
    times = []
    for document in documents:
        began = time.perf_counter()
        work(document)
        times.append(time.perf_counter() - began)
    percentiles = quantiles(times, n=100)
    mean = sum(times) / len(times)
    print(
        f"{name:>13}: {1 / mean:8.0f} a second, p50 {percentiles[49] * 1e3:.2f} ms, p95 {percentiles[94] * 1e3:.2f} ms"
    )
    return mean


if __name__ == "__main__":
    main()
