"""Commands about theorems: bound, theorems."""

from __future__ import annotations

import enum
from typing import Annotated

import typer

from bounds.errors import InputError
from clipbounds.commands.shared import Json
from clipbounds.setting import Setting, with_setting

__all__ = ["bound", "theorems"]


class TableForm(enum.StrEnum):
    """How the comparison table is written."""

    markdown = "markdown"
    latex = "latex"


class Export(enum.StrEnum):
    """How one record is written."""

    latex = "latex"
    markdown = "markdown"
    json = "json"
    python = "python"
    bibtex = "bibtex"


@with_setting()
def bound(
    setting: Setting,
    *,
    json: Json = False,
    latex: Annotated[bool, typer.Option("--latex", help="print the bounds as LaTeX")] = False,
    cite: Annotated[bool, typer.Option("--cite", help="print BibTeX entries of the sources used")] = False,
) -> None:
    """Iteration counts of every applicable theorem for given constants."""
    from bounds import evaluate, rank
    from bounds.report import bound_latex, ranking_json
    from clipbounds import questions, show

    if json + latex + cite > 1:
        raise InputError("--json, --latex and --cite exclude each other: choose one output format.")
    problem, theorems, given = setting.problem(), setting.theorems, setting.parameters
    if problem.R is not None:
        given = {"R": setting.constants["R"]} | given
    if len(theorems) == 1:
        evaluate(theorems[0], problem, setting.parameters, setting.start)  # refuses with the reason
    ranking = rank(theorems, problem, setting.parameters, setting.start)
    if json:
        show.json(ranking_json(ranking) | {"given": given})
    elif latex:
        show.text("\n\n".join(bound_latex(b) for b in (*ranking.upper, *ranking.lower)))
    elif cite:
        questions.cite((*ranking.upper, *ranking.lower))
    else:
        show.ranking(ranking, given)


def theorems(
    key: Annotated[str | None, typer.Argument(help="one theorem in full")] = None,
    *,
    json: Json = False,
    table: Annotated[TableForm | None, typer.Option("--table", help="the comparison table of the field")] = None,
    summary: Annotated[bool, typer.Option("--summary", help="one line per theorem, as Markdown")] = False,
    page: Annotated[bool, typer.Option("--page", help="all records in full, as Markdown")] = False,
    export: Annotated[Export | None, typer.Option("--export", help="one record, in this form")] = None,
) -> None:
    """List the theorems, or show one in full."""
    from bounds import THEOREMS, theorem_named
    from bounds.export import catalogue_markdown, table_latex
    from bounds.report import comparison_rows, markdown_table, theorem_json, theorem_table
    from clipbounds import questions, show

    chosen = THEOREMS if key is None else (theorem_named(key),)
    forms = {"--json": json, "--table": table, "--summary": summary, "--page": page, "--export": export}
    asked = [name for name, value in forms.items() if value]
    if len(asked) > 1:
        raise InputError(f"{' and '.join(asked)} exclude each other: choose one output format.")
    if export is not None:
        if key is None:
            raise InputError("--export needs the key of one theorem.")
        questions.export(chosen[0], export.value)
    elif json:
        show.json({"theorems": [theorem_json(t) for t in chosen]} if key is None else theorem_json(chosen[0]))
    elif table is TableForm.latex:
        show.text(table_latex(chosen))
    elif table is not None:
        show.text(markdown_table(comparison_rows(chosen)))
    elif page:
        show.text(catalogue_markdown(chosen))
    elif summary:
        show.text(markdown_table(theorem_table(chosen)))
    elif key is None:
        show.theorems(chosen)
    else:
        show.theorem(chosen[0])
