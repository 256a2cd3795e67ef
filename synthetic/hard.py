r"""Hard instances: the functions behind the lower bounds, ready to run.

``HARD_INSTANCES`` pairs each construction with the theorem it proves. From a problem, a method and its parameters it
makes a landscape, an oracle and the number of first points at which the criterion cannot hold yet. Beside it:

The *hidden-link oracle* of a chain shows the last nonzero coordinate of the gradient with probability p only, times
1/p, when it is small enough to be a new link. A point supported in {1..k} has its gradient in {1..k+1} and
|d_{k+1} F| <= opening, so a new coordinate costs a success of the coin. The answer is unbiased, with variance at most
opening^2 (1-p)/p and noise at most opening max(1/p - 1, 1).

The *fixed-step pair*, h* = 2 z(M)/M with z(M) = ln(1 + L1 M/L0)/L1: every step h >= h* jumps between the arms of the
truncated exponential bowl for ever, and every smaller one walks down the arm of a Huber slope in steps of h eps.

Source: the records named in the registry; the probabilistic oracle is that of Arjevani, Carmon, Duchi, Foster, Srebro,
Woodworth, 2019, arXiv 1912.02365, in a form that needs to see the gradient only.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

import numpy as np
from scipy.optimize import brentq

from bounds.catalogue import theorem_named
from bounds.enclosure import compare
from bounds.errors import InputError
from bounds.functions import gap, turn_length
from bounds.methods import Method
from bounds.problem import Problem
from bounds.quantities import Number, quantity
from bounds.smoothness import Noise
from bounds.theorem import Theorem
from synthetic.chains import ChainInstance, chain, longest_chain
from synthetic.extremal import ExtremalLandscape, potential, representable, slope_of
from synthetic.forms import Array, rational
from synthetic.landscape import Landscape
from synthetic.landscapes.exponential import hard_exponential
from synthetic.landscapes.huber import huber
from synthetic.oracles import EXACT, Oracle
from synthetic.randomness import Streams
from synthetic.resisting import resist

__all__ = [
    "HARD_INSTANCES",
    "FixedStepFailure",
    "HardInstance",
    "HardRun",
    "HiddenLink",
    "fixed_step_failure",
    "hidden_link",
    "noisy_queries",
]

# Room for rounding: of a link's slope around its bound, of a slope above eps, and of a gap below Delta.
_MARGIN: Final = Fraction(1, 10**9)
_SLACK: Final = Fraction(1, 2**20)


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenLink:
    """The draw of the hidden-link oracle, for noise of variance sigma^2 or bounded by sigma.

    Attributes
    ----------
    opening : largest gradient coordinate that is hidden, units F/X.
    """

    opening: float
    bounded: bool

    @property
    def oracle(self) -> Oracle:
        """The oracle for the solver."""
        noise: Literal["bounded", "variance"] = "bounded" if self.bounded else "variance"
        return Oracle(key="hidden-link", name="last link shown rarely", noise=noise, draw=self)

    def probability(self, sigma: Array) -> Array:
        """p of each run: 1/(1 + (sigma/opening)^2), or 1/(1 + sigma/opening) for bounded noise; shape of ``sigma``."""
        if self.bounded and (sigma < self.opening).any():
            raise InputError(
                f"sigma = {sigma.min():g} is not allowed: noise bounded by sigma hides a link of size "
                f"{self.opening:g}, so sigma must be at least that."
            )
        return np.asarray(1.0 / (1.0 + (sigma / self.opening) ** (1 if self.bounded else 2)))

    def __call__(self, gradient: Array, sigma: Array, streams: Streams, iteration: int) -> Array:
        rows = np.arange(len(gradient))
        last = gradient.shape[1] - 1 - (gradient[:, ::-1] != 0).argmax(axis=1)
        p = self.probability(sigma)
        shown = np.where(streams.uniforms(iteration, 1)[:, 0] < p, 1.0 / p, 0.0)
        noisy = gradient.copy()
        noisy[rows, last] *= np.where(np.abs(gradient[rows, last]) <= self.opening, shown, 1.0)
        return noisy


def hidden_link(instance: ChainInstance, noise: Noise = Noise.VARIANCE) -> HiddenLink:
    """The hidden-link law of a chain, with noise VARIANCE (exact at sigma = 0) or BOUNDED."""
    if noise is Noise.EXACT:
        raise InputError("noise = 'exact' is not allowed: the hidden-link oracle needs 'variance' or 'bounded'.")
    return HiddenLink(opening=float(instance.opening * (1 + _MARGIN)), bounded=noise is Noise.BOUNDED)


def noisy_queries(instance: ChainInstance, probability: float, *, exact_start: bool = True) -> int:
    """The n for which x_0, ..., x_n all have gradient norm above the chain's target with probability >= 1/2.

    Links show themselves with this probability; ``exact_start`` gives one away (a buffer that starts at the gradient).
    """
    links = instance.queries - int(exact_start)
    return math.floor(max(links / 2, links - 1) / probability * (1 - float(_MARGIN)))


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedStepFailure:
    """A landscape on which gradient descent with one step size fails.

    Attributes
    ----------
    queries : number of first points with |F'| = ``slope`` > epsilon, or None for an exact 2-cycle.
    edge : F'(x) = slope sgn(x) for |x| >= edge, exact.
    """

    landscape: Landscape
    step_size: Fraction
    slope: Fraction
    edge: Fraction
    queries: int | None
    Delta: Fraction
    epsilon: Fraction

    @property
    def start(self) -> Fraction:
        """x_0, exact."""
        return Fraction(self.landscape.start[0])

    def orbit(self, count: int) -> tuple[Fraction, ...]:
        """x_0, ..., x_{count-1} in exact arithmetic; all but the last have been checked to lie on an arm."""
        points = [self.start]
        while len(points) < count:
            here = points[-1]
            if abs(here) < self.edge:
                raise InputError(f"count = {count} is not allowed: the arm ends after {len(points) - 1} points.")
            points.append(here - self.step_size * (self.slope if here > 0 else -self.slope))
        return tuple(points)

    def certified(self) -> bool:
        """Whether gap <= Delta, slope > epsilon and the stated orbit hold, by exact arithmetic and enclosures."""
        pair = self.landscape.constants
        l0, l1, slope, start, edge = map(rational, (pair.L0, pair.L1, self.slope, self.start, self.edge))
        turn = turn_length(l0, l1, slope)
        rise = gap(l0, l1, slope) + slope * (start - turn)
        if self.queries is None:
            stays = self.edge <= self.start <= self.step_size * self.slope - self.edge
        else:
            stays = self.start - (self.queries - 1) * self.step_size * self.slope >= self.edge
        inside = compare(turn, edge) <= 0 and compare(rise, rational(self.Delta)) <= 0
        return stays and inside and self.slope > self.epsilon


def fixed_step_failure(
    *, L0: Number, L1: Number, delta: Number, epsilon: Number, step_size: Number, M: Number | None = None
) -> FixedStepFailure:
    """The member of the fixed-step pair on which gradient descent with ``step_size`` (units X^2/F) fails.

    Its gradient norms are at most M on {F <= F(x_0)}; by default M is nearly the largest that the gap allows.

    Raises
    ------
    InputError : a constant out of range, D(M) > delta, epsilon too near M or sqrt(2 L0 delta), or a step too long.
    """
    given = {"L0": L0, "L1": L1, "Delta": delta, "epsilon": epsilon, "eta": step_size}
    l0, l1, Delta, eps, eta = (quantity(name).validate(value) for name, value in given.items())
    if l0 == 0 or l1 == 0:
        raise InputError(f"(L0, L1) = ({L0}, {L1}) is not allowed: the fixed-step pair needs L0 > 0 and L1 > 0.")
    a, b, fall = map(representable, ("L0", "L1", "delta"), (l0, l1, Delta * (1 - _SLACK)))
    scale = representable("L1^2 delta/L0", l1**2 * Delta / l0)
    farthest = min(math.sqrt(2 * fall / a), math.log1p(4 / 3 * scale + math.sqrt(2 * scale)) / b)
    steepest = brentq(lambda z: float(potential(z, a, b)) - fall, 0.0, farthest * (1 + 1e-12), xtol=farthest * 1e-12)
    slope = Fraction(float(slope_of(steepest, a, b)))
    if M is not None:
        bound = quantity("M").validate(M)
        if compare(gap(*map(rational, (l0, l1, bound))), rational(Delta)) > 0:
            raise InputError(f"M = {M} is not allowed: with delta = {delta} no function of the class reaches it.")
        slope = min(slope, bound)
    if eps * (1 + 2 * _SLACK) >= slope or eps**2 * (1 + 2 * _SLACK) >= 2 * l0 * Delta:
        raise InputError(f"epsilon = {epsilon} is not allowed: it must lie below M and sqrt(2 L0 delta).")
    edge = math.log1p(float(l1 * slope / l0)) / b
    jump = eta * slope
    if jump > 2**24 * Fraction(edge):  # doubles would no longer resolve the starting point
        raise InputError(f"step_size = {step_size} is not allowed: it is too long to be simulated in doubles.")
    start = Fraction(edge * (1 + 2.0**-46) + float(jump) * 2.0**-50)
    if jump < 2 * start:
        return _huber_arm(L0=l0, delta=Delta, epsilon=eps, step_size=eta)
    bowl = dataclasses.replace(hard_exponential(L0=l0, L1=l1, M=slope), start=(float(start),))
    return FixedStepFailure(
        landscape=bowl, step_size=eta, slope=slope, edge=start, queries=None, Delta=Delta, epsilon=eps
    )


def _huber_arm(*, L0: Fraction, delta: Fraction, epsilon: Fraction, step_size: Fraction) -> FixedStepFailure:
    slope = epsilon * (1 + _MARGIN)
    edge = slope / L0
    start = math.nextafter(float(delta / slope + edge / 2), 0.0)
    queries = math.floor((Fraction(start) - edge) / (step_size * slope)) + 1
    arm = dataclasses.replace(huber(L0=L0, slope=slope), start=(start,))
    return FixedStepFailure(
        landscape=arm, step_size=step_size, slope=slope, edge=edge, queries=queries, Delta=delta, epsilon=epsilon
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HardRun:
    """What to run, from ``landscape.start``, and how long it must fail.

    Attributes
    ----------
    queries : at the first ``queries`` points ||grad F|| > epsilon (with noise: E ||grad F|| > epsilon); None for ever.
    """

    landscape: Landscape | ExtremalLandscape
    queries: int | None
    oracle: Oracle = EXACT


Build = Callable[[Problem, Method, Mapping[str, float]], HardRun]


@dataclass(frozen=True, slots=True, kw_only=True)
class HardInstance:
    """A construction and the lower bound that it proves; ``build`` takes the method's parameters by name."""

    key: str
    name: str
    theorem_key: str
    build: Build

    @property
    def theorem(self) -> Theorem:
        """The record of the lower bound; it says which methods are bound and which oracle it is about."""
        return theorem_named(self.theorem_key)


def _constants(problem: Problem) -> dict[str, Fraction]:
    return {"L0": problem.L0, "L1": problem.L1, "delta": problem.Delta, "epsilon": problem.epsilon}


def _chain(key: str | None, problem: Problem, method: Method, parameters: Mapping[str, float]) -> HardRun:
    made = longest_chain(**_constants(problem)) if key is None else chain(key, **_constants(problem))
    return HardRun(landscape=made.landscape, queries=made.queries)


def _hidden(problem: Problem, method: Method, parameters: Mapping[str, float]) -> HardRun:
    # E ||grad F|| > eps follows from ||grad F|| > 2 eps with probability 1/2.
    made = longest_chain(**(_constants(problem) | {"epsilon": 2 * problem.epsilon}))
    law = hidden_link(made, problem.noise)
    shown = float(law.probability(np.array([float(problem.sigma)]))[0])
    return HardRun(landscape=made.landscape, queries=noisy_queries(made, shown) + 1, oracle=law.oracle)


def _resisting(problem: Problem, method: Method, parameters: Mapping[str, float]) -> HardRun:
    L0, L1, Delta, epsilon = _constants(problem).values()
    made = resist(method, parameters, L0=L0, L1=L1, delta=Delta, epsilon=epsilon)
    return HardRun(landscape=made.landscape, queries=made.queries)


def _fixed_step(problem: Problem, method: Method, parameters: Mapping[str, float]) -> HardRun:
    made = fixed_step_failure(**_constants(problem), step_size=parameters["eta"])
    return HardRun(landscape=made.landscape, queries=made.queries)


def _slope(problem: Problem, method: Method, parameters: Mapping[str, float]) -> HardRun:
    # The arm has gradient eps, so clipping is the step size min(eta, gamma/eps) there.
    step = min(Fraction(parameters["eta"]), Fraction(parameters["gamma"]) / (problem.epsilon * (1 + _MARGIN)))
    made = _huber_arm(L0=problem.L0, delta=problem.Delta, epsilon=problem.epsilon, step_size=step)
    return HardRun(landscape=made.landscape, queries=made.queries)


HARD_INSTANCES: tuple[HardInstance, ...] = tuple(
    HardInstance(key=key, name=name, theorem_key=theorem, build=build)
    for key, name, theorem, build in (
        ("chain-L0", "zero-chain, L0 term", "chain-lower", functools.partial(_chain, "L0")),
        ("chain-L1", "zero-chain, L1 term", "chain-lower", functools.partial(_chain, "L1")),
        ("chain-combined", "zero-chain, both terms", "chain-lower", functools.partial(_chain, "combined")),
        ("chain-longest", "longest zero-chain", "chain-lower", functools.partial(_chain, None)),
        ("chain-classical", "classical zero-chain", "zero-chain-lower", functools.partial(_chain, "classical")),
        ("hidden-link-variance", "rarely shown links, bounded variance", "stochastic-chain-lower", _hidden),
        ("hidden-link-bounded", "rarely shown links, bounded noise", "stochastic-chain-lower-bounded", _hidden),
        ("resisting", "resisting landscape of the method", "gradient-only-lower", _resisting),
        ("huber-slope", "Huber slope", "clipping-own-lower", _slope),
        ("fixed-step", "truncated bowl or Huber slope", "gd-fixed-step-lower", _fixed_step),
    )
)
