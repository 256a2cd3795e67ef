r"""What an upper bound of the catalogue promises after a fixed number of steps, as a function of the gap.

A record says "T >= N(Delta, eps) points give criterion <= c eps". For fixed T this promises the level

    P(gap) = c inf{eps > 0 : N(gap, eps) <= T},

which is what the worst-case game (:mod:`synthetic.game`) plays against. N decreases in eps, so P is found by
bisection; the end on the safe side is returned, a level that is promised, at most 1e-12 (relative) too large. Where
step sizes are made for one eps, that eps is fixed, and P(gap) = c eps if N(gap, eps) <= T and infinite otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import sympy as sp

from bounds import symbols
from bounds.applicability import Application, apply, read_parameters, substitute
from bounds.enclosure import float_below
from bounds.errors import InputError
from bounds.functions import NamedFunction
from bounds.methods import Method, method_named
from bounds.problem import Problem
from bounds.quantities import Number
from bounds.smoothness import Noise
from bounds.theorem import Criterion, Kind, Theorem

__all__ = ["TheoremPromise", "promise_of"]

Float = npt.NDArray[np.float64]
# Levels are searched over this range, in units of the problem; 60 halvings leave nothing a double could resolve.
_GAP, _TARGET = symbols.Delta, symbols.epsilon
_LOWEST, _HIGHEST, _HALVINGS = 1e-150, 1e150, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class TheoremPromise:
    """The promise of one theorem for fixed constants, parameters and number of points.

    Attributes
    ----------
    application : the theorem with its constants and parameters.
    method : the row of the family that the game plays.
    steps : T, the number of inspected points.
    epsilon : the target the step sizes are made for, or None when they do not depend on it.
    """

    application: Application
    method: Method
    steps: int
    epsilon: float | None
    _count: Callable[[Float, Float], Float] = field(repr=False, compare=False)
    _share: float = field(repr=False, compare=False)

    @property
    def theorem(self) -> Theorem:
        """The theorem behind the promise."""
        return self.application.theorem

    @property
    def parameters(self) -> dict[str, float]:
        """The method's parameters as doubles, step sizes rounded down."""
        values = self.application.values
        return {s.name: float_below(v) for s, v in values.items() if s.name in self.method.parameters}

    def __call__(self, gap: Float) -> Float:
        """The promised level at these gaps (B,), units F/X; infinite where nothing is promised."""
        if self.epsilon is not None:
            with np.errstate(all="ignore"):
                covered = self._count(gap, np.full(gap.shape, self.epsilon)) <= self.steps
            return np.asarray(np.where(covered, self._share * self.epsilon, np.inf))
        low, high = np.full(gap.shape, np.log(_LOWEST)), np.full(gap.shape, np.log(_HIGHEST))
        with np.errstate(all="ignore"):
            promised = self._count(gap, np.exp(high)) <= self.steps
            for _ in range(_HALVINGS):
                middle = (low + high) / 2
                enough = self._count(gap, np.exp(middle)) <= self.steps
                low, high = np.where(enough, low, middle), np.where(enough, middle, high)
            return np.asarray(np.where(promised, self._share * np.exp(high), np.inf))


def promise_of(
    theorem: Theorem,
    *,
    L0: Number,
    L1: Number,
    steps: int,
    epsilon: Number | None = None,
    parameters: Mapping[str, Number] | None = None,
    method: str | None = None,
) -> TheoremPromise:
    """The promise of an upper bound after ``steps`` points in dimension one.

    Parameters
    ----------
    epsilon : the target for which step sizes are made, units F/X; ignored when they do not depend on it.
    parameters : as in :func:`bounds.calculator.evaluate`; missing ones take the theorem's recommended values.
    method : one of the theorem's methods; by default the most general one.

    Raises
    ------
    InputError : a lower bound, a noisy or order-only record, a foreign method, step sizes that depend on the target
        without one being given, or parameters that depend on the gap, which the game chooses.
    """
    if theorem.kind is not Kind.UPPER or theorem.noise is not Noise.EXACT or theorem.order_only:
        raise InputError(f"{theorem.key} is not an upper bound with exact gradients and a count: no game to play.")
    if theorem.convex or not any(isinstance(m, Method) for m in theorem.methods):
        raise InputError(f"{theorem.key} is about convex functions or a method outside the family: no game to play.")
    given = read_parameters(parameters or {})
    targeted = _depends_on_target(theorem, given)
    if targeted and epsilon is None:
        raise InputError(f"{theorem.key}: its steps are made for one target accuracy; give one (eps).")
    criterion = Criterion.MEAN if theorem.criterion is Criterion.MEAN_SQUARED else theorem.criterion
    problem = Problem.of(
        L0=L0,
        L1=L1,
        Delta=1,
        epsilon=epsilon if targeted and epsilon is not None else 1,
        criterion=criterion,
        smoothness=theorem.smoothness,
        dimension=1,
    )
    application = apply(theorem, problem, given)
    fixed = {s: v for s, v in application.values.items() if s not in (_GAP, _TARGET)}
    count = substitute(theorem.iterations, fixed)
    while count.has(NamedFunction):  # closed forms use other named functions
        count = count.replace(lambda e: isinstance(e, NamedFunction), lambda e: e.explicit())
    return TheoremPromise(
        application=application,
        method=_method(theorem, method, application),
        steps=steps,
        epsilon=float(problem.epsilon) if targeted else None,
        _count=sp.lambdify((_GAP, _TARGET), count, "numpy"),
        _share=float(theorem.guarantee / _TARGET),
    )


def _depends_on_target(theorem: Theorem, given: Mapping[Any, Any]) -> bool:
    """Whether a parameter or a hypothesis depends on the target; refuses when one depends on the gap."""
    chosen = [
        (f"{symbol} = {value}", value.free_symbols) for symbol, value in theorem.parameters if symbol not in given
    ]
    conditions = [(str(c), c.left.free_symbols | c.right.free_symbols) for c in theorem.requires]
    for text, names in (*chosen, *conditions):
        if _GAP in names:
            raise InputError(f"{theorem.key}: {text} depends on the gap, which the worst-case game chooses.")
    return any(_TARGET in names for _, names in (*chosen, *conditions))


def _method(theorem: Theorem, key: str | None, application: Application) -> Method:
    weight = {s.name: v for s, v in application.values.items()}.get("nu")
    rows = [m for m in theorem.methods if isinstance(m, Method)]
    covered = [m for m in rows if m.nu is None or weight is None or m.nu == weight]
    if key is None:
        return max(covered, key=lambda m: len(m.parameters))
    chosen = method_named(key)
    if chosen not in covered:
        raise InputError(f"{theorem.key} is not about {key!r} here; it covers {', '.join(m.key for m in covered)}.")
    return chosen
