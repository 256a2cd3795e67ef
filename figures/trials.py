"""One trial of a refutation search: constants, method, landscape, start and noise, drawn and measured."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from bounds.applicability import NotCovered
from bounds.calculator import Bound, evaluate
from bounds.errors import InputError
from bounds.methods import Method, MomentumStart
from bounds.problem import Problem
from bounds.quantities import Number
from bounds.smoothness import LIPSCHITZ, Noise
from bounds.theorem import Criterion, Theorem
from figures.hypotheses import relaxed
from figures.instances import SILENT, Instance, Law, measure
from figures.steps import Entry, runnable
from synthetic.game import worst_case
from synthetic.landscapes import exponential_bowl
from synthetic.promises import promise_of
from synthetic.resisting import resist

__all__ = ["Scored", "trial"]

_ERRORS = 5.0
_EPSILON = Fraction(1, 10)
_LONGEST = 6000
_RUNS = 48
# Unbiased laws bounded by 1, and one of variance 1 that is not.
_BOUNDED = (
    Law(high=1.0, low=-1.0, share=0.5),
    Law(high=1.0, low=-1 / 3, share=0.25),
    Law(high=1.0, low=-2 / 3, share=0.4),
    Law(high=1 / 3, low=-1.0, share=0.75),
)
_SPIKES = Law(high=7.0, low=-1 / 7, share=0.02)
_GAME_DROPS = (None, "smoothness", "step-size", "max-step", "momentum-factor")
Rng = np.random.Generator


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    ratio: float
    error: float
    instance: Instance | None

    @property
    def score(self) -> float:
        return self.ratio - _ERRORS * self.error

    @property
    def violated(self) -> bool:
        return self.score > 1 + 1e-9


def trial(theorem: Theorem, drop: str | None, rng: Rng, count: int) -> Scored | None:
    plays = theorem.noise is Noise.EXACT and drop in _GAME_DROPS and count % 2 == 0
    try:
        instance = _game(theorem, drop, rng) if plays else _run(theorem, drop, rng)
    except (NotCovered, InputError):
        # The draw lies outside what is left of the theorem, or outside what doubles can simulate.
        return None
    if instance is None:
        return None
    ratio, error = measure(instance)
    return Scored(ratio=ratio, error=error, instance=instance)


def _log(rng: Rng, low: float, high: float) -> float:
    return float(10 ** rng.uniform(math.log10(low), math.log10(high)))


def _fraction(value: float) -> Fraction:
    return Fraction(f"{value:.6g}")


def _class(theorem: Theorem, rng: Rng) -> tuple[Fraction, Fraction]:
    return Fraction(1), Fraction(0) if theorem.smoothness == LIPSCHITZ else _fraction(_log(rng, 0.1, 100))


def _method(theorem: Theorem, drop: str | None, rng: Rng) -> Method:
    rows = [m for m in theorem.methods if isinstance(m, Method)]
    if drop in ("momentum-factor", "momentum-start"):
        rows = [m for m in rows if m.momentum and m.nu != 0]
    return rows[rng.integers(len(rows))]


def _free(theorem: Theorem, method: Method, drop: str | None, rng: Rng) -> dict[str, Number]:
    """beta and nu."""
    names = {s.name for s, _ in theorem.parameters}
    chosen: dict[str, Number] = {}
    if "beta" in names and (method.momentum or method.nu == 0):
        heavy = ("0.9", "0.99", "0.999") if drop == "momentum-factor" else ("0", "0.5", "0.9", "0.99")
        # A recommended momentum that is made for the noise stays as it is.
        if next(v for s, v in theorem.parameters if s.name == "beta").is_number:
            chosen["beta"] = heavy[rng.integers(len(heavy))] if method.momentum else "0"
    if "nu" in names:
        chosen["nu"] = method.nu if method.nu is not None else ("0.3", "0.7", "1")[rng.integers(3)]
    return chosen


def _steps(
    theorem: Theorem, problem: Problem, free: dict[str, Number], drop: str | None, start: MomentumStart, rng: Rng
) -> dict[str, Number]:
    """Free parameters, and step sizes where the dropped hypothesis lets them grow or shrink."""
    if drop not in ("step-size", "max-step", "momentum-factor", "threshold"):
        return free
    source = free | {"beta": "0"} if drop == "momentum-factor" else free
    values = {s.name: v for s, v in evaluate(theorem, problem, source, start).application.values.items()}
    steps = {n: values[n] for n in ("eta", "gamma") if n in values and not values[n].is_infinite}
    factor = _log(rng, 30, 1e4) if drop == "max-step" else _log(rng, 2, 1000)
    if drop == "step-size":
        # With noise the threshold gamma/eta is a hypothesis of its own and stays.
        moved = ("eta", "gamma") if theorem.noise is not Noise.EXACT else ("eta",)
        steps = {n: v * _rational(factor) if n in moved else v for n, v in steps.items()}
    elif drop == "max-step":
        steps["gamma"] = steps["gamma"] * _rational(factor)
    elif drop == "threshold":
        level = rng.choice([0.25, 0.5, 0.75])
        steps["gamma"] = steps["eta"] * _rational(level * float(problem.sigma))
    return free | {n: Fraction(int(v.p), int(v.q)) if v.is_Rational else _fraction(float(v)) for n, v in steps.items()}


def _rational(value: float) -> Any:
    import sympy as sp

    exact = _fraction(value)
    return sp.Rational(exact.numerator, exact.denominator)


def _game(theorem: Theorem, drop: str | None, rng: Rng) -> Instance | None:
    """The worst landscape that a short game finds against what is left of the theorem."""
    L0, L1 = _class(theorem, rng)
    method = _method(theorem, drop, rng)
    free = _free(theorem, method, drop, rng)
    steps = int(rng.choice([8, 16, 32, 60]))
    problem = Problem.of(L0=L0, L1=L1, Delta=1000, epsilon=_EPSILON, dimension=1, smoothness=theorem.smoothness)
    chosen = _steps(theorem, problem, free, drop, MomentumStart.GRADIENT, rng)
    promise = promise_of(
        relaxed(theorem, drop), L0=L0, L1=L1, steps=steps, epsilon=_EPSILON, parameters=chosen, method=method.key
    )
    wider = _fraction(_log(rng, 4, 256)) if drop == "smoothness" else Fraction(1)
    found = worst_case(
        method,
        promise.parameters,
        L0=L0 * wider,
        L1=L1 * wider,
        steps=steps,
        promise=promise,
        criterion="min" if theorem.criterion is Criterion.MIN else "mean",
        first=1 if theorem.first else 0,
        seed=int(rng.integers(2**31)),
        batch=24,
        rounds=25,
    )
    return Instance(
        theorem=theorem.key,
        dropped=drop,
        landscape={"family": "extremal", **json.loads(found.landscape.to_json())},
        start=found.landscape.points[0],
        method=method.key,
        parameters=promise.parameters,
        buffer=MomentumStart.GRADIENT.value,
        law=SILENT,
        criterion=theorem.criterion.value,
        first=theorem.first,
        steps=steps,
        promised=found.promised,
        runs=1,
        seed=0,
    )


def _run(theorem: Theorem, drop: str | None, rng: Rng) -> Instance | None:
    """The method on a drawn landscape of the class, for as many points as the theorem asks for."""
    L0, L1 = _class(theorem, rng)
    method = _method(theorem, drop, rng)
    noisy = theorem.noise is not Noise.EXACT
    sigma = _EPSILON * int(rng.choice([3, 6, 10])) if noisy else Fraction(0)
    wider = _fraction(_log(rng, 4, 256)) if drop == "smoothness" else Fraction(1)
    family, start, slope, delta = _place(L0 * wider, L1 * wider, float(sigma), drop, rng)
    problem = Problem.of(
        L0=L0,
        L1=L1,
        Delta=Fraction(delta) * (1 + Fraction(1, 2**40)),
        epsilon=_EPSILON,
        sigma=sigma,
        noise=theorem.noise if noisy else None,
        dimension=1,
        smoothness=theorem.smoothness,
        criterion=Criterion.MIN if theorem.criterion is Criterion.MIN else Criterion.MEAN,
    )
    begin = theorem.momentum_start[rng.integers(len(theorem.momentum_start))]
    free = _free(theorem, method, drop, rng)
    if "M" in {s.name for s in theorem.symbols}:
        bound = slope / _log(rng, 3, 100) if drop == "gradient-bound" else slope * 1.001
        free["M"] = _fraction(max(bound, float(_EPSILON)))
    chosen = _steps(theorem, problem, free, drop, begin, rng)
    bound_found = _covered(theorem, drop, problem, method, chosen, begin)
    if not 1 <= bound_found.iterations <= _LONGEST:
        return None
    values = {s.name: v for s, v in bound_found.application.values.items()}
    parameters = {n: math.inf if values[n].is_infinite else float(values[n]) for n in method.parameters}
    if rng.random() < 0.3 and not noisy and drop is None:
        made = resist(method, parameters, L0=L0, L1=L1, delta=problem.Delta, epsilon=_EPSILON)
        family, start = {"family": "extremal", **json.loads(made.landscape.to_json())}, made.landscape.points[0]
    return Instance(
        theorem=theorem.key,
        dropped=drop,
        landscape=family,
        start=start,
        method=method.key,
        parameters=parameters,
        buffer=-_log(rng, 1e2, 1e200) * slope if drop == "momentum-start" else begin.value,
        law=_law(theorem, drop, float(sigma), rng),
        criterion=theorem.criterion.value,
        first=theorem.first,
        steps=bound_found.iterations,
        promised=float(_EPSILON),
        runs=_RUNS if noisy or drop == "exact-gradients" else 1,
        seed=int(rng.integers(2**31)),
    )


def _covered(
    theorem: Theorem,
    drop: str | None,
    problem: Problem,
    method: Method,
    chosen: dict[str, Number],
    begin: MomentumStart,
) -> Bound:
    if drop is None:
        return runnable(theorem, problem, Entry(method=method, parameters=chosen, momentum_start=begin))
    return evaluate(relaxed(theorem, drop), problem, chosen, begin)


def _place(
    L0: Fraction, L1: Fraction, sigma: float, drop: str | None, rng: Rng
) -> tuple[dict[str, Any], float, float, float]:
    """A Huber slope or an exponential bowl: its data, a start, the gradient norm there and the gap, rounded up."""
    flat = L1 == 0 or drop in ("threshold", "noise-bound", "unbiased", "momentum-start") or rng.random() < 0.5
    if flat:
        # Noise can hold a method on slopes up to its own size.
        top = (0.8 if drop == "threshold" else 1.0) * sigma if sigma and rng.random() < 0.7 else 30 * float(_EPSILON)
        slope = _fraction(_log(rng, 1.01 * float(_EPSILON), max(top, 1.1 * float(_EPSILON))))
        edge = float(slope / L0)
        # Noisy runs are long; a short arm keeps their count small.
        start = edge * (1 + _log(rng, 0.01, 10 if sigma else 100))
        level = float(slope)
        family = {"family": "huber", "L0": str(L0), "slope": str(slope)}
        return family, start, level, level * start - level * edge / 2
    bowl = exponential_bowl(L0=L0, L1=L1)
    start = (_log(rng, 3, 8) if drop == "max-step" else _log(rng, 0.01, 6)) / float(L1)
    point = np.array([[start]])
    family = {"family": "exponential-bowl", "L0": str(L0), "L1": str(L1)}
    return family, start, abs(float(bowl.gradient(point)[0, 0])), float(bowl.gap(point)[0])


def _law(theorem: Theorem, drop: str | None, sigma: float, rng: Rng) -> Law:
    if drop == "exact-gradients":
        return _BOUNDED[rng.integers(len(_BOUNDED))].scaled(float(_EPSILON) * _log(rng, 3, 30))
    if theorem.noise is Noise.EXACT:
        return SILENT
    if drop == "unbiased":
        return Law(high=-sigma, low=-sigma, share=0.5)
    laws = (*_BOUNDED, _SPIKES) if theorem.noise is Noise.VARIANCE else _BOUNDED
    law = laws[rng.integers(len(laws))]
    return law.scaled(sigma * (_log(rng, 64, 4096) if drop == "noise-bound" else 1))
