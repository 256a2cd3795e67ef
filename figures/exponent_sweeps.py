"""The sweeps whose slopes are fitted: one axis moves, everything else is fixed deep in one regime of the bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from bounds.quantities import Number

__all__ = ["FITS", "Line"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sweep: a theorem, its method, and the values of one axis.

    Attributes
    ----------
    axis : ``epsilon``, ``L0``, ``L1``, ``Delta``, ``sigma`` or ``heaviness`` = 1/(1 - beta).
    base : the other constants (L0, L1, Delta, epsilon, sigma).
    slope : slope of the hard instance over epsilon.
    """

    theorem: str
    method: str
    axis: str
    values: tuple[str, ...]
    base: dict[str, Number]
    parameters: dict[str, Number] = field(default_factory=dict)
    regime: str = ""


# Deep in the regime where curvature is L0 (L1 epsilon << L0), and in the one where it is L1 times the gradient.
_ROUND: dict[str, Number] = {"L0": 1, "L1": "1/1000", "Delta": 8, "epsilon": "1/2", "sigma": 0}
_STEEP: dict[str, Number] = {"L0": "1/100", "L1": 10, "Delta": 4, "epsilon": 1, "sigma": 0}
_NOISY: dict[str, Number] = {"L0": 1, "L1": "1/1000", "Delta": "1/2", "epsilon": "1/4", "sigma": 4}
_UP = ("1", "2", "4", "8")


def _scaled(name: str, base: dict[str, Number], factors: Sequence[str] = _UP) -> tuple[str, ...]:
    return tuple(str(Fraction(str(base[name])) * Fraction(f)) for f in factors)


def _lines(theorem: str, method: str, parameters: dict[str, Number], beta_values: tuple[str, ...]) -> list[Line]:
    # Momentum needs several times the iterations; a smaller gap keeps the runs short.
    share = 4 if parameters else 1
    made = [
        Line(
            theorem=theorem,
            method=method,
            axis=axis,
            values=_scaled(axis, base, ("1", "1/2", "1/4", "1/8") if axis == "epsilon" else _UP),
            base=base,
            parameters=parameters,
            regime=regime,
        )
        for axis, constants, regime in (
            ("epsilon", _ROUND, "L1 eps << L0"),
            ("L0", _ROUND, "L1 eps << L0"),
            ("Delta", _ROUND, "L1 eps << L0"),
            ("epsilon", _STEEP, "L1 eps >> L0"),
            ("L1", _STEEP, "L1 eps >> L0"),
        )
        for base in (constants | {"Delta": Fraction(str(constants["Delta"])) / share},)
    ]
    if beta_values:
        made.append(
            Line(
                theorem=theorem,
                method=method,
                axis="heaviness",
                values=beta_values,
                base=_ROUND | {"Delta": 2},
                parameters=parameters,
                regime="L1 eps << L0",
            )
        )
    return made


_HEAVY = ("8", "16", "32")
FITS: tuple[Line, ...] = (
    *_lines("clipped-gd", "clipped-gd", {}, ()),
    *_lines("best-step-gd", "log-step-gd", {}, ()),
    *_lines("normalized-gd", "normalized-gd", {}, ()),
    *_lines("reciprocal-gd", "reciprocal-gd", {}, ()),
    *_lines("framework-deterministic-sharp", "momentum-clipping", {"beta": "1/2"}, _HEAVY),
    *_lines("soft-clipping-deterministic", "soft-momentum-clipping", {"beta": "1/2"}, _HEAVY),
    *(
        Line(theorem="clipped-sgd", method="clipped-gd", axis=axis, values=values, base=_NOISY, regime="sigma >> eps")
        for axis, values in (
            ("sigma", ("2", "4", "8")),
            ("epsilon", ("1/2", "3/8", "1/4")),
            ("L0", ("1", "2", "4")),
            ("Delta", ("1/4", "1/2", "1")),
        )
    ),
)
"""The sweeps of the ladder."""
