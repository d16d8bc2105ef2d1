"""``eveil analyse``: from a plan and data files to results.json, without web application or database."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import click

from analysis.errors import N_, AnalysisError, listed

if TYPE_CHECKING:
    from analysis.plan import Plan
    from analysis.results import Results
    from surveys.files import Source

SUPPRESS_BELOW = {"team": 0, "shared": 5, "public": 10}
CHANGE_KEYS = ("key", "old", "new", "reason", "date")
BAD_INPUT = 2


class CommandError(AnalysisError):
    """Something about the command, the plan's file or the folder of the results."""

    sentences: ClassVar[Mapping[str, str]] = {
        "no_plan": N_("There is no plan “%(file)s”; check its name and folder."),
        "closed_plan": N_("The plan “%(file)s” cannot be opened; check that you are allowed to read it."),
        "plan_not_utf8": N_("The plan “%(file)s” is not written in UTF-8; save it again as UTF-8."),
        "plan_not_yaml": N_("Line %(line)s of “%(file)s” is not YAML; look at the indents, colons and quotes there."),
        "key_twice": N_("Line %(line)s of “%(file)s” writes the key “%(key)s” a second time; keep one of the two."),
        "no_data": N_("The plan names no data files; add “data” to it, or name a file with --data."),
        "plan_changes": N_(
            "Entry %(entry)s of “%(file)s” is not a change to the plan; each one needs the keys: %(keys)s."
        ),
        "no_such_language": N_("There is no language “%(language)s” here; choose one of: %(languages)s."),
        "no_such_format": N_(
            "This version writes results.json and no “%(format)s” files yet; leave “--formats” out and read the "
            "results as a page of the web application."
        ),
        "cannot_write": N_("The results cannot be written to “%(folder)s”; choose a folder that you may write to."),
        "written": N_("The results are in %(file)s."),
    }


@click.command()
@click.argument("plan_file", metavar="PLAN", required=False, type=click.Path(path_type=Path))
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), help="Folder for the results; made if missing.")
@click.option(
    "--data", metavar="FILE", multiple=True, type=click.Path(path_type=Path), help="Instead of the plan's files."
)
@click.option("--lang", default="en", show_default=True, help="Language of messages: en, fr, es or ar.")
@click.option("--formats", default="", help="Reports beside results.json; none in this version.")
@click.option("--audience", type=click.Choice(list(SUPPRESS_BELOW)), help="Hide small groups: none, below 5, below 10.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of a plan and stop.")
def analyse(
    plan_file: Path | None,
    out: Path | None,
    data: tuple[Path, ...],
    lang: str,
    formats: str,
    audience: str | None,
    schema: bool,
) -> None:
    """Analyse the data of a PLAN (YAML or JSON) and write DIR/results.json.

    A file PLAN.changes.yaml beside the plan lists what was changed after it was locked, each with key, old, new, reason
    and date. A change of a target, of the smallest change or of what may be lost is followed where the plan holds its
    old value; none makes a headline easier to confirm.
    """
    if schema:
        click.echo(_schema())
        return
    if plan_file is None or out is None:
        raise click.UsageError("Name a plan and a folder: eveil analyse PLAN --out DIR")
    try:
        _check_options(lang, formats)
        written = _analyse(plan_file, out, data, audience)
    except AnalysisError as error:
        click.echo(_in_language(error, lang), err=True)
        raise SystemExit(BAD_INPUT) from error
    click.echo(_in_language(CommandError("written", file=str(written)), lang))


def _analyse(plan_file: Path, out: Path, data: tuple[Path, ...], audience: str | None) -> Path:
    import os
    from concurrent.futures import ThreadPoolExecutor
    from dataclasses import replace

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # matrices are small here: starting threads takes longer
    from analysis import run
    from analysis.amending import amended_plan
    from analysis.frame import number_columns, optional_columns, required_columns
    from surveys.files import read_sources, sha256_of

    written, changes = _read_yaml(plan_file), _changes_to_plan(plan_file)
    plan = amended_plan(written, changes)
    if audience:
        plan = replace(plan, suppress_below=SUPPRESS_BELOW[audience])
    sources = _sources(plan, plan_file.parent, data)
    with ThreadPoolExecutor(max_workers=1) as beside:  # while the same files are read
        digest = beside.submit(sha256_of, [source.path for source in sources])
        columns = required_columns(plan), plan.design.wave, number_columns(plan), optional_columns(plan)
        frame = read_sources(sources, *columns)
    return _write(run(plan, frame, data_sha256=digest.result(), changes_to_plan=changes), out)


def _check_options(lang: str, formats: str) -> None:
    if lang != "en":
        from core.languages import LANGUAGES

        if lang not in LANGUAGES:
            raise CommandError("no_such_language", language=lang, languages=listed(LANGUAGES))
    for name in filter(None, map(str.strip, formats.split(","))):
        raise CommandError("no_such_format", format=name)


def _in_language(sentence: AnalysisError, lang: str) -> str:
    if lang == "en":
        return str(sentence)
    from core.languages import catalogue

    return catalogue(lang).gettext(sentence.template) % sentence.params


def _sources(plan: Plan, folder: Path, data: tuple[Path, ...]) -> list[Source]:
    from surveys.files import Source

    sources = [Source(path) for path in data] or [Source(folder / file.file, file.wave) for file in plan.data]
    if not sources:
        raise CommandError("no_data")
    return sources


def _changes_to_plan(plan_file: Path) -> list[dict[str, Any]]:
    path = plan_file.with_name(f"{plan_file.stem}.changes.yaml")
    if not path.exists():
        return []
    changes = _read_yaml(path)
    changes = changes if isinstance(changes, list) else [changes]
    for entry, change in enumerate(changes, start=1):
        if not isinstance(change, dict) or set(change) != set(CHANGE_KEYS):
            raise CommandError("plan_changes", file=path.name, entry=entry, keys=listed(CHANGE_KEYS))
    return [{key: change[key] for key in CHANGE_KEYS} for change in changes]


def _read_yaml(path: Path) -> Any:
    """YAML, of which JSON is a part. A key that is written twice would silently lose one of its values: refused."""
    import yaml

    class Loader(yaml.SafeLoader):
        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
            mapping: dict[Any, Any] = super().construct_mapping(node, deep)
            seen = set()
            for key_node, _value in node.value:
                if key_node.value in seen:
                    line = key_node.start_mark.line + 1
                    raise CommandError("key_twice", file=path.name, line=line, key=key_node.value)
                seen.add(key_node.value)
            return mapping

    try:
        return yaml.load(path.read_text(encoding="utf-8-sig"), Loader)  # noqa: S506 - a SafeLoader
    except FileNotFoundError as error:
        raise CommandError("no_plan", file=str(path)) from error
    except OSError as error:
        raise CommandError("closed_plan", file=path.name) from error
    except UnicodeDecodeError as error:
        raise CommandError("plan_not_utf8", file=path.name) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise CommandError("plan_not_yaml", file=path.name, line=mark.line + 1 if mark else 1) from error


def _write(results: Results, out: Path) -> Path:
    """Write results.json whole or not at all: a reader never meets half of it."""
    import os

    from reports.results_file import results_text

    path, draft = out / "results.json", out / "results.json.part"
    text = results_text(results.to_dict())
    try:
        out.mkdir(parents=True, exist_ok=True)
        with draft.open("w", encoding="utf-8") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise CommandError("cannot_write", folder=str(out)) from error
    return path


def _schema() -> str:
    import json

    from analysis.plan import json_schema

    return json.dumps(json_schema(), indent=2, ensure_ascii=False)
