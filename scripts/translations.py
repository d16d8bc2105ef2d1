"""Brings the catalogues up to date with the texts of the sources: ``make translations``."""

from __future__ import annotations

from scripts.catalogues import TARGET_LANGUAGES, messages, missing, read, template, updated, write


def main() -> None:
    wanted = template()
    for language in TARGET_LANGUAGES:
        catalog = updated(wanted, read(language))
        write(catalog)
        print(f"{language}: {len(list(messages(catalog)))} texts, {len(missing(catalog))} to translate")


if __name__ == "__main__":
    main()
