"""Every command of the command line, in the order of the help page."""

from __future__ import annotations

from collections.abc import Callable

from clipbounds.commands.experiments import compare, demo, landscapes, methods, run, verdicts
from clipbounds.commands.gallery import figures
from clipbounds.commands.proofs import proof, prove, verify
from clipbounds.commands.questions import invert, rank, recommend, regimes
from clipbounds.commands.smoothness import certify, minimal, worst_case
from clipbounds.commands.sweeps import sweep
from clipbounds.commands.theory import bound, theorems
from clipbounds.commands.verdict import ladder, refute_theorem, report, sandwich

__all__ = ["COMMANDS"]

COMMANDS: tuple[tuple[str, Callable[..., None]], ...] = (
    ("bound", bound),
    ("rank", rank),
    ("invert", invert),
    ("recommend", recommend),
    ("regimes", regimes),
    ("theorems", theorems),
    ("landscapes", landscapes),
    ("methods", methods),
    ("run", run),
    ("compare", compare),
    ("sweep", sweep),
    ("verify", verify),
    ("proof", proof),
    ("prove", prove),
    ("certify", certify),
    ("minimal", minimal),
    ("worst-case", worst_case),
    ("refute-theorem", refute_theorem),
    ("sandwich", sandwich),
    ("verdicts", verdicts),
    ("figures", figures),
    ("ladder", ladder),
    ("report", report),
    ("demo", demo),
)
