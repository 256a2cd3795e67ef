"""The problems of the sandwich: which theorem with which method, and over which range."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from bounds.errors import unknown_name
from bounds.methods import method_named
from bounds.quantities import Number
from figures.steps import Entry

__all__ = ["CASES", "LAMBDAS", "Case", "case_of"]

LAMBDAS: tuple[float, ...] = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)
"""The default range of lambda = L1 epsilon/L0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A theorem with the method and the free parameters it is tested at.

    Attributes
    ----------
    noise : sigma/epsilon; 0 for exact gradients.
    gaps : Delta/D(epsilon) of the sweep over lambda; 2 N - 1/2 makes N points the general lower bound.
    delta, epsilons : Delta (units F) and targets (F/X) of the sweep over epsilon, where L0 = L1 = 1.
    """

    theorem: str
    method: str
    parameters: dict[str, Number] = field(default_factory=dict)
    noise: int = 0
    gaps: Number = Fraction(47, 2)
    delta: float = 4.0
    epsilons: tuple[str, ...] = ("1", "0.5", "0.25", "0.15")

    @property
    def entry(self) -> Entry:
        """The method as the comparer knows it."""
        return Entry(method=method_named(self.method), theorem=self.theorem, parameters=self.parameters)


_HALF: dict[str, Number] = {"beta": "1/2"}
# Counts of thousands of points at the usual gaps: smaller ones keep the runs short.
_NOISY: dict[str, Any] = {"noise": 2, "gaps": Fraction(7, 2), "delta": 1.0, "epsilons": ("1", "0.7", "0.5", "0.35")}
_LONG: dict[str, Any] = {"gaps": Fraction(3, 2), "delta": 0.5, "epsilons": ("1", "0.8", "0.65", "0.5")}

CASES: tuple[Case, ...] = (
    Case(theorem="normalized-gd-one-dimension", method="normalized-gd"),
    Case(theorem="normalized-gd", method="normalized-gd"),
    Case(theorem="best-step-gd", method="log-step-gd"),
    Case(theorem="clipped-gd-min", method="clipped-gd"),
    Case(theorem="clipped-gd", method="clipped-gd"),
    Case(theorem="any-norm-clipping", method="clipped-gd"),
    Case(theorem="reciprocal-gd", method="reciprocal-gd"),
    Case(theorem="soft-clipping-deterministic", method="soft-momentum-clipping", parameters=_HALF),
    Case(theorem="framework-deterministic-sharp", method="momentum-clipping", parameters=_HALF),
    Case(theorem="framework-deterministic", method="mixed-clipping", parameters=_HALF | {"nu": "1/2"}),
    Case(theorem="framework-deterministic-slides-first", method="momentum-clipping", parameters=_HALF),
    Case(theorem="framework-deterministic-slides-proved", method="momentum-clipping", parameters=_HALF),
    Case(theorem="framework-deterministic-slides", method="momentum-clipping", parameters=_HALF),
    Case(theorem="normalized-momentum-deterministic", method="normalized-momentum", parameters=_HALF),
    Case(theorem="gd-gradient-bound", method="gd"),
    Case(theorem="gd-exact", method="gd"),
    Case(theorem="clipped-sgd", method="clipped-gd", noise=2),
    Case(theorem="clipped-sgd-small-threshold", method="clipped-gd", **_NOISY),
    Case(theorem="framework-stochastic", method="momentum-clipping", parameters=_HALF, **_NOISY),
    Case(theorem="soft-clipped-sgd", method="soft-clipped-gd", **_NOISY),
    Case(theorem="normalized-sgd-momentum", method="normalized-momentum", **_NOISY),
    Case(theorem="sgd", method="gd", **_NOISY),
    Case(theorem="soft-framework-stochastic", method="soft-momentum-clipping", parameters=_HALF, noise=2, **_LONG),
    Case(theorem="framework-stochastic-slides-first", method="momentum-clipping", parameters=_HALF, noise=8, **_LONG),
    Case(theorem="framework-stochastic-slides-proved", method="momentum-clipping", parameters=_HALF, noise=4, **_LONG),
    Case(theorem="gd-generalized-smoothness", method="gd"),
    Case(theorem="gd-textbook", method="gd"),
    Case(theorem="gd-exact-any-step", method="gd"),
    Case(theorem="sgd-ghadimi-lan", method="gd", **_NOISY),
    Case(theorem="best-step-gd-vankov", method="log-step-gd"),
    Case(theorem="simplified-gd-vankov", method="simplified-gd"),
    Case(theorem="best-step-gd-tyurin", method="log-step-gd"),
    Case(theorem="normalized-gd-pethick", method="normalized-gd"),
    Case(theorem="normalized-gd-half-ball", method="normalized-gd"),
)
"""Every theorem that has a lower bound for its method and needs no further constants, and its sandwich; the
theorems that are proved here come first."""


def case_of(theorem: str) -> Case:
    """The sandwich of the theorem with this key.

    Raises
    ------
    InputError : it has none.
    """
    for case in CASES:
        if case.theorem == theorem:
            return case
    raise unknown_name("sandwich", theorem, (c.theorem for c in CASES))
