r"""Exponents: how measured iterations grow with one constant, beside the exponents of the theorem.

One axis is swept geometrically, everything else is fixed deep in one regime of the bound. At every point the method
runs with the theorem's steps on its own hard instance until the theorem's criterion holds. The slope of
log(iterations) against log(constant) is fitted by least squares,

    confidence = slope +- t_{0.975} (standard error)   (exact gradients),
    confidence = 2.5 % .. 97.5 % of the slopes over resampled runs (noise, bootstrap with a seed).

The theorem's exponent is the power of the constant in the term that dominates its count at the middle of the sweep; for
1/(1 - beta) it is the leading power of the count as beta -> 1. An upper bound caps the exponent, and the hard instance
has to show it: the two agree when the interval, widened by 0.1 for the rounding of small counts and for the other
terms of the bound, contains the exponent.

Crossing points: two power laws with the exponents -2 and -1 in epsilon, fitted at both ends of a long sweep, meet where
the measured regimes change; the theorem's boundary is where its two terms are equal.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import sympy as sp
from scipy import stats

from bounds.asymptotics import asymptotics, corner_terms
from bounds.calculator import Bound
from bounds.catalogue import theorem_named
from bounds.enclosure import float_near
from bounds.functions import gap
from bounds.leading import leading_term
from bounds.methods import method_named
from bounds.problem import Problem
from bounds.quantities import Number, quantity
from bounds.smoothness import Noise
from bounds.symbols import beta
from bounds.theorem import Criterion
from figures.exponent_sweeps import FITS, Line
from figures.sandwich_search import run_values
from figures.steps import Entry, runnable
from synthetic.extremal import ExtremalLandscape
from synthetic.forms import rational
from synthetic.landscape import Landscape
from synthetic.landscapes import huber
from synthetic.oracles import EXACT, TWO_POINT
from synthetic.resisting import resist
from synthetic.solve import solve

__all__ = ["CROSSINGS", "FITS", "Crossing", "Fit", "Line", "crossing", "fit"]

Float = npt.NDArray[np.float64]
_ROOM = 0.1
_RESAMPLES = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Measured exponents with a confidence interval beside the theorem's.

    Attributes
    ----------
    counts : measured iterations at ``values``.
    bounds : the theorem's iterations there.
    exponent : the theorem's exponent, exact.
    """

    theorem: str
    method: str
    axis: str
    regime: str
    values: tuple[float, ...]
    counts: tuple[float, ...]
    bounds: tuple[int, ...]
    slope: float
    low: float
    high: float
    exponent: Fraction
    runs: int

    @property
    def agrees(self) -> bool:
        """Whether the interval, widened by 0.1, contains the theorem's exponent."""
        return self.low - _ROOM <= float(self.exponent) <= self.high + _ROOM

    @property
    def within(self) -> bool:
        """Whether no measured count exceeds its bound."""
        return all(c <= b for c, b in zip(self.counts, self.bounds, strict=True))


def fit(line: Line, *, runs: int = 48, seed: int = 0) -> Fit:
    """Run the sweep and fit its slope; ``runs`` and ``seed`` matter where there is noise."""
    bounds = [_bound(line, value) for value in line.values]
    values = [float(Fraction(v)) for v in line.values]
    noisy = Fraction(str(line.base["sigma"])) > 0
    x = np.log(values)
    if noisy:
        traces = [_noisy_means(b, line, runs, seed + k) for k, b in enumerate(bounds)]
        counts = [
            float(_first_below(t.mean(axis=1), float(b.problem.epsilon))) for t, b in zip(traces, bounds, strict=True)
        ]
        draw = np.random.default_rng(seed)
        slopes = []
        for _ in range(_RESAMPLES):
            chosen = draw.integers(runs, size=runs)
            again = [
                _first_below(t[:, chosen].mean(axis=1), float(b.problem.epsilon))
                for t, b in zip(traces, bounds, strict=True)
            ]
            slopes.append(float(stats.linregress(x, np.log(again)).slope))
        slope = float(stats.linregress(x, np.log(counts)).slope)
        low, high = (float(q) for q in np.quantile(slopes, (0.025, 0.975)))
    else:
        counts = [float(_exact_count(b, line)) for b in bounds]
        found = stats.linregress(x, np.log(counts))
        slope = float(found.slope)
        reach = float(stats.t.ppf(0.975, len(x) - 2) * found.stderr)
        low, high = slope - reach, slope + reach
    return Fit(
        theorem=line.theorem,
        method=line.method,
        axis=line.axis,
        regime=line.regime,
        values=tuple(values),
        counts=tuple(counts),
        bounds=tuple(b.iterations for b in bounds),
        slope=slope,
        low=low,
        high=high,
        exponent=_exponent(line, bounds[len(bounds) // 2]),
        runs=len(values) * (runs if noisy else 1),
    )


def _bound(line: Line, value: str) -> Bound:
    theorem = theorem_named(line.theorem)
    constants, parameters = dict(line.base), dict(line.parameters)
    if line.axis == "heaviness":
        parameters["beta"] = 1 - 1 / Fraction(value)
    else:
        constants[line.axis] = value
    problem = Problem.of(
        L0=constants["L0"],
        L1=constants["L1"],
        Delta=constants["Delta"],
        epsilon=constants["epsilon"],
        sigma=constants["sigma"],
        noise=Noise.BOUNDED if Fraction(str(constants["sigma"])) else None,
        dimension=1,
        criterion=Criterion.MIN if theorem.criterion is Criterion.MIN else Criterion.MEAN,
    )
    return runnable(theorem, problem, Entry(method=method_named(line.method), parameters=parameters))


def _exponent(line: Line, bound: Bound) -> Fraction:
    values = bound.application.values
    if line.axis == "heaviness":
        q, free = sp.Symbol("q", positive=True), ("beta", "nu")
        expr = bound.theorem.iterations
        for symbol, recommended in reversed(bound.theorem.parameters):
            expr = expr if symbol.name in free else expr.xreplace({symbol: recommended})
        others = {s: v for s, v in values.items() if s != beta}
        power = leading_term(expr.xreplace({beta: 1 - q}).xreplace(others), {q: sp.Integer(-1)}).power
    else:
        # The steps are recommended ones up to rounding, so the record's own terms decide.
        term = max(corner_terms(bound.theorem), key=lambda t: float_near(t.xreplace(dict(values))))
        power = term.as_powers_dict().get(quantity(line.axis).symbol, sp.Integer(0))
    return Fraction(int(power.p), int(power.q))


def _hard(bound: Bound, line: Line) -> Landscape | ExtremalLandscape:
    problem, method = bound.problem, method_named(line.method)
    return resist(
        method,
        run_values(bound, method),
        L0=problem.L0,
        L1=problem.L1,
        delta=problem.Delta,
        epsilon=problem.epsilon,
    ).landscape


def _exact_count(bound: Bound, line: Line) -> int:
    place = _hard(bound, line)
    result = _solved(place, bound, line, runs=1, epsilon=float(bound.problem.epsilon), seed=0)
    return int(result.iterations[0])


def _solved(place: Any, bound: Bound, line: Line, *, runs: int, epsilon: float, seed: int, every: int = 0) -> Any:
    method = method_named(line.method)
    sigma = float(bound.problem.sigma)
    return solve(
        place,
        method,
        np.tile(np.array([place.start]), (runs, 1)),
        epsilon=epsilon,
        max_iterations=bound.iterations,
        parameters=run_values(bound, method),
        criterion="min" if bound.theorem.criterion is Criterion.MIN else "mean",
        oracle=TWO_POINT if sigma else EXACT,
        sigma=sigma,
        seed=seed,
        record_every=every,
    )


def _noisy_means(bound: Bound, line: Line, runs: int, seed: int) -> Float:
    """(T, runs): the mean of G over the first t points, on the Huber slope just above the target."""
    level = bound.problem.epsilon * Fraction(1001, 1000) * 2
    start = float(bound.problem.Delta / level + level / bound.problem.L0 / 2)
    place = dataclasses.replace(huber(L0=bound.problem.L0, slope=level), start=(start,))
    trace = _solved(place, bound, line, runs=runs, epsilon=1e-300, seed=seed, every=1).trace
    means: Float = trace.mean
    return means


def _first_below(means: Float, epsilon: float) -> int:
    """The first number of points after which the averaged mean is at most epsilon (all of them when it never is)."""
    below = np.flatnonzero(means <= epsilon)
    return int(below[0]) + 1 if len(below) else len(means)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """Where two regimes of epsilon meet, over the theorem's own boundary.

    Attributes
    ----------
    predicted : epsilon at which the two terms of the theorem are equal, units F/X.
    measured : epsilon at which the fitted power laws meet.
    """

    theorem: str
    method: str
    predicted: float
    measured: float

    @property
    def quotient(self) -> float:
        """measured/predicted."""
        return self.measured / self.predicted


CROSSINGS: tuple[tuple[str, str, dict[str, Number]], ...] = (
    ("best-step-gd", "log-step-gd", {}),
    ("clipped-gd", "clipped-gd", {}),
    ("reciprocal-gd", "reciprocal-gd", {}),
    ("normalized-gd", "normalized-gd", {}),
)
"""Theorem, method and parameters of the crossing points."""


def crossing(theorem: str, method: str, parameters: dict[str, Number]) -> Crossing:
    """Power laws with slopes -2 and -1 through measured counts far below and far above the boundary.

    L0 = L1 = 1, and every problem has Delta = 60 D(epsilon), so that counts stay moderate; they are divided by Delta.
    """
    rates = []
    for epsilon in (Fraction(1, 200), Fraction(200)):
        delta = 60 * float_near(gap(rational(Fraction(1)), rational(Fraction(1)), rational(epsilon)))
        line = Line(
            theorem=theorem,
            method=method,
            axis="epsilon",
            values=(str(epsilon),),
            base={"L0": 1, "L1": 1, "Delta": f"{delta:.9g}", "epsilon": 1, "sigma": 0},
            parameters=parameters,
        )
        bound = _bound(line, str(epsilon))
        rates.append(
            _exact_count(bound, line) / float(bound.problem.Delta) * float(epsilon) ** (2 if epsilon < 1 else 1)
        )
    boundaries = asymptotics(theorem_named(theorem), "epsilon").boundaries
    ones = {quantity(n).symbol: sp.Integer(1) for n in ("L0", "L1", "Delta")}
    predicted = float_near(boundaries[0].at.xreplace(ones)) if boundaries else math.nan
    return Crossing(theorem=theorem, method=method, predicted=predicted, measured=rates[0] / rates[1])
