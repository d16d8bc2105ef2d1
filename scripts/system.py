"""What pip and npm cannot bring: Chromium for the browser tests, Pango and fonts for PDF reports.

``python scripts/system.py chromium`` prints the path of a Chromium and installs one where there is none;
``python scripts/system.py pdf`` sees to Pango and fonts. Everything but the path goes to standard error.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PDF_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fontconfig", "fonts-noto-core")


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def runs(*command: str) -> bool:
    """Whether the command ends well; what it prints goes to standard error."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        return subprocess.run(command, stdout=sys.stderr, env=environment, check=False).returncode == 0
    except OSError:
        return False


def installed_by_apt(*packages: str) -> bool:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    say(f"==> Installing {', '.join(packages)} with apt-get")
    install = ("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *packages)
    # a fresh machine has no package lists yet
    return runs(*install) or (runs("apt-get", "update", "--quiet") and runs(*install))


def chromium() -> str | None:
    """The path of a Chromium: the one that is named, one already there, Debian's, or Playwright's own."""
    named = os.environ.get("EVEIL_CHROMIUM")
    if named:
        return shutil.which(named)
    return (
        chromium_on_path()
        or playwrights_chromium()
        or (chromium_on_path() if is_debian() and installed_by_apt("chromium") else None)
        or (playwrights_chromium() if installed_by_playwright() else None)
    )


def chromium_on_path() -> str | None:
    return next((path for path in map(shutil.which, CHROMIUM_NAMES) if path), None)


def playwrights_chromium() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def installed_by_playwright() -> bool:
    say("==> Installing Playwright's own Chromium")
    with_libraries = ["--with-deps"] if os.geteuid() == 0 else []
    return runs(sys.executable, "-m", "playwright", "install", *with_libraries, "chromium")


def is_debian() -> bool:
    """Debian itself: on Ubuntu the package only stands for a snap, which containers cannot run."""
    try:
        return platform.freedesktop_os_release().get("ID") == "debian"
    except OSError:
        return False


def can_make_pdf() -> bool:
    fonts = (
        subprocess.run(["fc-list", ":lang=ar"], capture_output=True, check=False) if shutil.which("fc-list") else None
    )
    return bool(find_library("pango-1.0") and find_library("pangoft2-1.0") and fonts and fonts.stdout)


def see_to_chromium() -> int:
    path = chromium()
    if path is None:
        say(
            "No Chromium for the browser tests was found, and none could be installed. "
            "Install one (Debian: apt-get install chromium) or name one in EVEIL_CHROMIUM; then run make test again."
        )
        return 1
    print(path)
    return 0


def see_to_pdf() -> int:
    if not can_make_pdf() and not installed_by_apt(*PDF_PACKAGES):
        # all else works without them, so this does not stop the set-up
        say(f"PDF reports need Pango and fonts. Install them with: sudo apt-get install {' '.join(PDF_PACKAGES)}")
    return 0


if __name__ == "__main__":
    sys.exit({"chromium": see_to_chromium, "pdf": see_to_pdf}[sys.argv[1]]())
