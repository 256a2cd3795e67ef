r"""The worst-case game in dimension one: an adversary answers a method so as to make a theorem look bad.

At every visited point the adversary picks z_t, the transformed slope (:mod:`synthetic.extremal`), from the interval
that the earlier answers allow. The data are then feasible, the smallest gap they allow is known in closed form, and

    ratio = (mean of |f'| over T points) / (what the theorem promises for that gap and T)

is a rigorous lower estimate of the true worst case: above 1 it refutes the promise. The search over answers is a
heuristic (structured starts, random starts, mutation and selection), the landscape it ends with is not.

Source: docs/theory/deterministic.md, sections 2, 5 and 13.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from bounds.errors import InputError
from bounds.methods import Method
from bounds.quantities import Number
from synthetic.extremal import ExtremalLandscape, class_constants, slope_of, smallest_gap
from synthetic.step import Stepper, parameter_rows

__all__ = ["FrameworkPromise", "Promise", "SlidesPromise", "WorstCase", "worst_case"]

Float = npt.NDArray[np.float64]
Promise = Callable[[Float], Float]
"""From gaps (B,) to what is promised about the criterion after T points, (B,)."""

# Answers keep this relative distance from the edge of the class, so that membership survives rounding.
_SLACK: Final = 1e-8
# Transformed slopes of the start that are tried, in units of 1/L1 (of 1 when L1 = 0).
_STARTS: Final = (-3.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameworkPromise:
    r"""mean |f'| <= R phi^-1(K Delta/T) over t = 0..T-1, the sharp form of the momentum theorem.

    K = (1 + (16/9) kappa nu beta)(1 - kappa beta)/(1 - kappa), R = (1 + kappa nu beta)/(1 - kappa nu beta);
    phi(u) = eta u^2 up to tau/2 and gamma u - gamma^2/(4 eta) beyond, tau = gamma/eta.
    Source: docs/theory/deterministic.md, Theorem 1, (5.3); it holds when eta theta L0 and gamma theta L1 are at most
    kappa (1 - beta), theta = (e^c - 1)/c with c = kappa (1 - beta).
    """

    eta: float
    gamma: float
    kappa: float
    beta: float
    nu: float
    steps: int

    @classmethod
    def longest_steps(
        cls, *, L0: float, L1: float, kappa: float, beta: float, nu: float, steps: int
    ) -> FrameworkPromise:
        """The promise for the largest steps that the theorem allows."""
        c = kappa * (1 - beta)
        theta = np.expm1(c) / c
        eta, gamma = float(c / (theta * L0)), float(c / (theta * L1))
        return cls(eta=eta, gamma=gamma, kappa=kappa, beta=beta, nu=nu, steps=steps)

    def __call__(self, gap: Float) -> Float:
        mixed = self.kappa * self.nu * self.beta
        K = (1 + 16 / 9 * mixed) * (1 - self.kappa * self.beta) / (1 - self.kappa)
        y = K * gap / self.steps
        square = np.sqrt(y / self.eta)
        level = np.where(square <= self.gamma / self.eta / 2, square, y / self.gamma + self.gamma / (4 * self.eta))
        return np.asarray((1 + mixed) / (1 - mixed) * level)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlidesPromise:
    r"""mean |f'| <= 2 eps over t = 1..T for the smallest eps with T >= 3 Delta max{1/(eta eps^2), 25 eta/gamma^2}.

    Nothing (infinity) is promised when the second term exceeds T. Proved for steps with the factor 1 - beta only.
    Source: docs/theory/deterministic.md, sections 0 and 15.
    """

    eta: float
    gamma: float
    steps: int

    def __call__(self, gap: Float) -> Float:
        covered = 75 * gap * self.eta <= self.steps * self.gamma**2
        return np.asarray(np.where(covered, 2 * np.sqrt(3 * gap / (self.eta * self.steps)), np.inf))


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstCase:
    """What the game found.

    Attributes
    ----------
    measured : the criterion over the T inspected points, units F/X.
    gap : f(x_0) - inf f of the landscape, rounded up, units F.
    promised : the promise at that gap.
    first : 0 or 1, the index of the first inspected point.
    """

    measured: float
    gap: float
    promised: float
    first: int
    landscape: ExtremalLandscape

    @property
    def ratio(self) -> float:
        """Measured over promised; above 1 the promise is false."""
        return self.measured / self.promised


def worst_case(
    method: Method,
    parameters: Mapping[str, npt.ArrayLike],
    *,
    L0: Number,
    L1: Number,
    steps: int,
    promise: Promise,
    criterion: Literal["mean", "min"] = "mean",
    first: Literal[0, 1] = 0,
    seed: int,
    batch: int = 64,
    rounds: int = 100,
) -> WorstCase:
    """Search for the member of the class on which ``method`` looks worst against ``promise``.

    The buffer starts at the first gradient. Equal arguments give equal results.

    Parameters
    ----------
    steps : T, the number of inspected points, x_0 .. x_{T-1} with ``first=0`` and x_1 .. x_T with ``first=1``.
    seed : of the random search.
    batch, rounds : candidates per generation, and generations.

    Raises
    ------
    InputError : a parameter, count or name that is not allowed, or a promise that covers no candidate.
    """
    l0, l1 = class_constants(L0, L1)
    if criterion not in ("mean", "min"):
        raise InputError(f"criterion = {criterion!r} is not allowed: it must be 'mean' or 'min'.")
    if first not in (0, 1):
        raise InputError(f"first = {first!r} is not allowed: averages start at t = 0 or t = 1.")
    for name, count, least in (("steps", steps, 1), ("batch", batch, 4), ("rounds", rounds, 0)):
        if not isinstance(count, int) or isinstance(count, bool) or count < least:
            raise InputError(f"{name} = {count!r} is not allowed: it must be an integer >= {least}.")
    game = _Game(
        method=method,
        parameters=parameters,
        L0=float(l0),
        L1=float(l1),
        points=steps + first,
        first=first,
        least=criterion == "min",
        promise=promise,
    )
    rng = np.random.default_rng(seed)
    answers = game.openings(batch, rng)
    scores = game.score(*game.play(answers))[0]
    for _ in range(rounds):
        children = _mutated(answers, scores, rng)
        found = game.score(*game.play(children))[0]
        pool, pool_scores = np.concatenate([answers, children]), np.concatenate([scores, found])
        best = np.argsort(-pool_scores, kind="stable")[:batch]
        answers, scores = pool[best], pool_scores[best]
    x, z = game.play(answers)
    ratios, measured, _ = game.score(x, z)
    for k in np.argsort(-ratios, kind="stable"):
        if ratios[k] <= 0:
            break
        slopes = slope_of(z[k], float(l0), float(l1))
        try:
            landscape = ExtremalLandscape(points=tuple(x[k].tolist()), slopes=tuple(slopes.tolist()), L0=l0, L1=l1)
        except InputError:
            # A method that returns to a point was given two slopes there, one rounding apart.
            continue
        gap = landscape.gap_above()
        promised = float(promise(np.array([gap]))[0])
        if landscape.in_class() and np.isfinite(promised):
            return WorstCase(measured=float(measured[k]), gap=gap, promised=promised, first=first, landscape=landscape)
    raise InputError("the promise covers no landscape that was tried: take more steps or another class.")


def _mutated(answers: Float, scores: Float, rng: np.random.Generator) -> Float:
    """One child of every candidate, from better parents more often."""
    batch, columns = answers.shape
    parents = answers[np.minimum(rng.geometric(4 / batch, size=batch) - 1, batch - 1)]
    share = rng.choice([0.02, 0.1, 0.5, 1.0], size=(batch, 1))
    size = 10.0 ** rng.uniform(-3.0, 0.0, size=(batch, 1))
    moved = parents + np.where(rng.random((batch, columns)) < share, size * rng.normal(size=(batch, columns)), 0.0)
    # The tail of a run tends to want one common answer, which single mutations find slowly.
    tail = np.arange(columns) >= rng.integers(1, columns + 1, size=(batch, 1))
    moved = np.where(tail & (rng.random((batch, 1)) < 0.3), rng.random((batch, 1)), moved)
    moved[:, 1:] = np.clip(moved[:, 1:], 0.0, 1.0)
    return moved


@dataclass(frozen=True, slots=True, kw_only=True)
class _Game:
    """Answers are (B, points): log10 of z_0 in units of 1/L1, then positions in [0, 1] of z_t in its interval.

    Position 1 is the end that makes f' grow in the direction of the last step (a bowl), 0 the opposite end (a
    slope that steepens), 1/2 on fresh ground the slope of the point left behind.
    """

    method: Method
    parameters: Mapping[str, npt.ArrayLike]
    L0: float
    L1: float
    points: int
    first: int
    least: bool
    promise: Promise

    def openings(self, batch: int, rng: np.random.Generator) -> Float:
        """Half of the candidates with one answer throughout, half with random answers."""
        answers = rng.random((batch, self.points))
        constant = np.repeat([[0.5], [1.0], [0.5], [0.9]], -(-batch // 8), axis=0)[: batch // 2]
        answers[: batch // 2] = constant
        answers[:, 0] = rng.uniform(*_STARTS, size=batch)
        return answers

    def play(self, answers: Float) -> tuple[Float, Float]:
        """Points and transformed slopes (B, points) when the method meets these answers; started at 0."""
        batch = len(answers)
        stepper = Stepper(method=self.method, rows=parameter_rows(self.method, self.parameters, batch), dimension=1)
        # Time runs along the first axis here: whole rows are contiguous.
        xs, zs = np.zeros((2, self.points, batch))
        x = m = np.zeros((batch, 1))
        with np.errstate(all="ignore"):
            zs[0] = 10.0 ** np.clip(answers[:, 0], -9.0, 1.2) / (self.L1 or 1.0)
            for t in range(self.points):
                if t:
                    distance = (1 - _SLACK) * np.abs(xs[:t] - x[:, 0])
                    low, up = (zs[:t] - distance).max(axis=0), (zs[:t] + distance).min(axis=0)
                    forward = x[:, 0] >= xs[t - 1]
                    position = np.where(forward, answers[:, t], 1 - answers[:, t])
                    xs[t], zs[t] = x[:, 0], np.minimum(np.maximum(low, low + position * (up - low)), up)
                g = slope_of(zs[t], self.L0, self.L1)[:, None]
                m = g if t == 0 else m
                x, m = stepper(x, m, g)
        return xs.T, zs.T

    def score(self, x: Float, z: Float) -> tuple[Float, Float, Float]:
        """Ratio, criterion and gap of every candidate (B,); ratio -1 where something overflowed."""
        with np.errstate(all="ignore"):
            slopes = np.abs(slope_of(z[:, self.first :], self.L0, self.L1))
            measured = slopes.min(axis=1) if self.least else slopes.mean(axis=1)
            gap = smallest_gap(x, z, self.L0, self.L1)
            ratio = measured / self.promise(gap)
        return np.where(np.isfinite(ratio) & np.isfinite(gap), ratio, -1.0), measured, gap
