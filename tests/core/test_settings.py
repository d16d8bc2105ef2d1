"""Settings come from the environment, and a wrong one stops the start with one sentence."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from app import cli
from core.settings import Settings, SettingsError

KEY = "k" * 32


def settings(tmp_path: Path, **environment: str) -> Settings:
    return Settings.from_environment({"EVEIL_DATA_DIR": str(tmp_path), **environment})


def test_the_defaults_are_an_embedded_database_in_the_data_folder(tmp_path: Path) -> None:
    found = settings(tmp_path)
    assert found.database_url == f"sqlite:///{tmp_path}/eveil.sqlite" and found.embedded
    assert (found.session_idle_minutes, found.session_hours, found.max_submission_mb) == (60, 12, 20)
    assert not found.secure_cookies and not found.testing


def test_a_secret_key_is_made_once_and_for_nobody_else_to_read(tmp_path: Path) -> None:
    first, second = settings(tmp_path), settings(tmp_path)
    assert first.secret_key == second.secret_key and len(first.secret_key) == 64
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_a_given_key_is_used_and_none_is_written(tmp_path: Path) -> None:
    assert settings(tmp_path, EVEIL_SECRET_KEY=KEY).secret_key == KEY
    assert not (tmp_path / "secret.key").exists()


def test_postgresql_gets_its_driver(tmp_path: Path) -> None:
    found = settings(tmp_path, EVEIL_DATABASE_URL="postgresql://eveil@db/eveil")
    assert found.database_url == "postgresql+psycopg://eveil@db/eveil" and not found.embedded


@pytest.mark.parametrize(("value", "meaning"), [("yes", True), ("1", True), ("No", False), ("off", False), ("", False)])
def test_yes_and_no_have_several_spellings(tmp_path: Path, value: str, meaning: bool) -> None:
    assert settings(tmp_path, EVEIL_SECURE_COOKIES=value).secure_cookies is meaning


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("EVEIL_DATABASE_URL", "mysql://db", "begins with “mysql:”. Begin it with sqlite:/// or with postgresql://."),
        ("EVEIL_SECRET_KEY", "hunter2", "EVEIL_SECRET_KEY is too short. Give at least 32 characters"),
        ("EVEIL_SECURE_COOKIES", "perhaps", "EVEIL_SECURE_COOKIES is “perhaps”. Write yes or no."),
        ("EVEIL_SESSION_IDLE_MINUTES", "0", "EVEIL_SESSION_IDLE_MINUTES is “0”. Write a whole number from 1 to 1440."),
        ("EVEIL_SESSION_HOURS", "twelve", "EVEIL_SESSION_HOURS is “twelve”. Write a whole number from 1 to 336."),
        ("EVEIL_MAX_SUBMISSION_MB", "-1", "EVEIL_MAX_SUBMISSION_MB is “-1”. Write a whole number from 1 to 200."),
        ("EVEIL_LOG_LEVEL", "LOUD", "EVEIL_LOG_LEVEL is “LOUD”. Write DEBUG, INFO, WARNING or ERROR."),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings(tmp_path, **{name: value})
    assert sentence in str(caught.value)


def test_a_secret_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        settings(tmp_path, EVEIL_SECRET_KEY="hunter2")
    assert "hunter2" not in str(caught.value)


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(SettingsError, match=r"EVEIL_DATA_DIR names .*/file/var, which cannot be made"):
        Settings.from_environment({"EVEIL_DATA_DIR": str(tmp_path / "file" / "var")})


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(SettingsError, match="cannot be written"):
        settings(tmp_path)


def test_the_command_ends_with_the_sentence_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EVEIL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("EVEIL_LOG_LEVEL", "LOUD")
    monkeypatch.setattr("sys.argv", ["eveil", "migrate"])
    with pytest.raises(SystemExit) as ended:
        cli()
    assert ended.value.code == 2
    assert capsys.readouterr().err == "eveil: EVEIL_LOG_LEVEL is “LOUD”. Write DEBUG, INFO, WARNING or ERROR.\n"
