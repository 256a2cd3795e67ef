"""What happens without each hypothesis: the table of docs/refutations.md, from searches."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bounds.catalogue import THEOREMS
from bounds.report import markdown_table
from bounds.theorem import Provenance, Theorem
from figures.hypotheses import HYPOTHESES, removable
from figures.refutation import Refutation, refute_theorem

__all__ = ["PAIRS", "find_all", "refutation_rows", "refutations_markdown"]

PAIRS: tuple[tuple[Theorem, str], ...] = tuple(
    (theorem, hypothesis.key)
    for theorem in THEOREMS
    if theorem.provenance is Provenance.PROVED_HERE
    for hypothesis in removable(theorem)
)
"""Every theorem that is proved here with every hypothesis that a search can drop from it."""


def find_all(
    pairs: Sequence[tuple[Theorem, str]] = PAIRS,
    *,
    seconds: float = 30.0,
    seed: int = 0,
    progress: Callable[[int, int, str], None] | None = None,
) -> tuple[Refutation, ...]:
    """Search for a violation of each theorem without each hypothesis, until one is found or the time is up."""
    found = []
    for k, (theorem, key) in enumerate(pairs):
        if progress:
            progress(k, len(pairs), f"{theorem.key} without {key}")
        found.append(refute_theorem(theorem, seconds, key, seed))
    return tuple(found)


def refutation_rows(found: Sequence[Refutation]) -> list[dict[str, str]]:
    """One row per theorem and hypothesis."""
    rows = []
    for item in found:
        instance = item.instance
        place = (
            "-" if instance is None else f"{instance.landscape['family']}, {instance.method}, T = {instance.steps:,}"
        )
        rows.append(
            {
                "theorem": item.theorem,
                "dropped": item.dropped or "",
                "verdict": "violated" if item.violated else "not found",
                "criterion/promise": "-" if instance is None else _shown(item),
                "trials": f"{item.trials:,}",
                "instance": place,
            }
        )
    return rows


def refutations_markdown(found: Sequence[Refutation]) -> str:
    """What each word means, and the table of violations, as Markdown."""
    legend = [
        {"dropped": f"`{h.key}`", "the hypothesis": h.meaning, "what the search does instead": h.instead}
        for h in HYPOTHESES
    ]
    return f"{markdown_table(legend)}\n{markdown_table(refutation_rows(found))}"


def _shown(item: Refutation) -> str:
    if item.ratio >= 1e6:
        return "> 10^6"
    return f"{item.ratio:.3g}" + (f" (s.e. {item.error:.1g})" if item.error > 1e-9 else "")
