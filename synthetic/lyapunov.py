r"""The per-step Lyapunov function of momentum clipping, evaluated along a run.

For m_0 = g_0, q = 1 - beta, hbar(u) = min(eta u, gamma), G_t = ||g_t|| and
S_t = nu hbar(||m_{t+1}||) + (1 - nu) hbar(G_t) let V_0 = W_0 = 0,

    V_{t+1} = beta (V_t + S_t),   W_{t+1} = beta (W_t + G_t S_t),   B_t = l0 V_t^2/(2 beta) + l1 gamma W_t/q,
    Lambda_t = F(x_t) + nu (beta/q) H(m_t) + kappa q/(2 (1 - beta kappa)) B_t,

with the Huber potential H of the clipping map. If eta l0 <= kappa q, gamma l1 <= kappa q and kappa < 1, each step has

    Lambda_{t+1} <= Lambda_t - (1 - kappa)/(1 - kappa beta) D_t,   D_t = nu psi(||m_{t+1}||) + (1 - nu) psi(G_t),

with psi(u) = u hbar(u): docs/theory/deterministic.md, "Per-step Lyapunov function", (6.8). On steps of length at most
gamma the gradient obeys the constants l_i = B(c) L_i with B(c) = (e^c - 1)/c and c = L1 gamma (the same page, (2.1)).
Without momentum (nu = 0 or beta = 0) Lambda is F itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from bounds.applicability import NotCovered
from bounds.errors import InputError
from bounds.methods import HARD, METHODS, Method, MomentumStart
from bounds.quantities import Number, quantity
from synthetic.estimate import Trajectory
from synthetic.oracles import EXACT, Oracle
from synthetic.solve import Differentiable
from synthetic.step import norms, parameter_rows

__all__ = ["Lyapunov", "LyapunovRun", "lyapunov_for"]

Float = npt.NDArray[np.float64]

# 512 roundings: the longest chain of operations behind one term is some dozens of them.
_RELATIVE: Final = 2.0**-44
# Neighbouring points show the rounding of F up to sign; a difference of two values has two of them.
_NOISE: Final = 8.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LyapunovRun:
    """The Lyapunov function along x_0 .. x_{n-1}, all in units F.

    Attributes
    ----------
    value : (n,) F(x_t).
    momentum : (n,) nu (beta/q) H(m_t), the energy of the buffer.
    memory : (n,) kappa q/(2 (1 - beta kappa)) B_t, what past steps may still cost.
    promised : (n-1,) (1 - kappa)/(1 - kappa beta) D_t, the decrease that is proved for step t.
    tolerance : (n-1,) the rounding allowed at step t; see :meth:`Lyapunov.along`.
    """

    value: Float
    momentum: Float
    memory: Float
    promised: Float
    tolerance: Float

    @property
    def total(self) -> Float:
        """(n,) Lambda_t."""
        return self.value + self.momentum + self.memory

    @property
    def decrease(self) -> Float:
        """(n-1,) Lambda_t - Lambda_{t+1}, summed from the differences of the three terms."""
        lost: Float = -(np.diff(self.value) + np.diff(self.momentum) + np.diff(self.memory))
        return lost

    @property
    def excess(self) -> Float:
        """(n-1,) promised minus actual decrease: positive where a step decreased too little."""
        return self.promised - self.decrease

    @property
    def worst_step(self) -> int:
        """The step with the largest excess in units of its tolerance."""
        return int(np.argmax(self.excess / self.tolerance))

    @property
    def worst(self) -> float:
        """The largest excess in units of its tolerance, dimensionless; at most 1 when the certificate holds."""
        return float((self.excess / self.tolerance)[self.worst_step])

    @property
    def tightest(self) -> float:
        """The largest promised/actual decrease, dimensionless, over the steps that promise more than their tolerance.

        At most 1 up to rounding when the certificate holds; NaN when every promise drowns in rounding.
        """
        told = self.promised > self.tolerance
        if not told.any():
            return math.nan
        actual = self.decrease[told]
        return float(np.where(actual > 0, self.promised[told] / np.where(actual > 0, actual, 1.0), np.inf).max())

    @property
    def holds(self) -> bool:
        """Whether no step decreased less than promised, beyond rounding."""
        return self.worst <= 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Lyapunov:
    """The constants of the Lyapunov function of one method on one class; made by :func:`lyapunov_for`.

    Attributes
    ----------
    eta, gamma, beta, nu : of the method; beta = 0 when nu = 0, as the buffer is then idle.
    l0, l1 : units F/X^2 and 1/X, B(L1 gamma) times L0 and L1.
    """

    eta: float
    gamma: float
    beta: float
    nu: float
    l0: float
    l1: float

    @property
    def q(self) -> float:
        """1 - beta."""
        return 1.0 - self.beta

    @property
    def reach(self) -> float:
        """l1 gamma, which is 0 for l1 = 0 however long the steps."""
        return self.l1 * self.gamma if self.l1 else 0.0

    @property
    def kappa(self) -> float:
        """The least kappa with eta l0 <= kappa q and gamma l1 <= kappa q."""
        return max(self.eta * self.l0 if self.l0 else 0.0, self.reach) / self.q

    @property
    def share(self) -> float:
        """(1 - kappa)/(1 - kappa beta), the share of D_t by which Lambda decreases."""
        return (1 - self.kappa) / (1 - self.kappa * self.beta)

    def along(self, landscape: Differentiable, run: Trajectory) -> LyapunovRun:
        """Evaluate along a run of the method, as recorded by :func:`synthetic.estimate.trajectory`.

        The tolerance of a step is 2^-44 (512 roundings of doubles) times the sum of the terms of Lambda at the larger
        end, of D_t and of ||x_t|| (G_t + (l0 + l1 G_t) S_t), by which a relative change of the point enters F and
        <g_t, x_{t+1} - x_t>; plus 8 times the noise of F as it is evaluated, the largest |F(y) - F(x)| over the
        points x of the run and their neighbours y among the doubles. It covers gradients and values that are accurate
        as doubles go; it is no bound for a landscape whose gradient suffers from cancellation.

        Raises
        ------
        InputError : a run without a step, or a value of F that is not finite.
        """
        if len(run.points) < 2:
            raise InputError(f"the run has {len(run.points)} point: the certificate needs at least one step.")
        value = np.asarray(landscape.value(run.points), dtype=np.float64)
        if not np.isfinite(value).all():
            raise InputError(f"F = {value[~np.isfinite(value)][0]} on the run: the certificate needs finite values.")
        buffers = self._buffers(run.gradients)
        g, m = norms(run.gradients[:-1]), norms(buffers)
        step = self.nu * self._length(m[1:]) + (1 - self.nu) * self._length(g)
        decrease = self.nu * m[1:] * self._length(m[1:]) + (1 - self.nu) * g * self._length(g)
        momentum = self.nu * self.beta / self.q * self._potential(m)
        memory = self.kappa * self.q / (2 * (1 - self.beta * self.kappa)) * self._memory(g, step)
        size = np.abs(value) + momentum + memory
        moved = norms(run.points[:-1]) * (g + (self.l0 + self.l1 * g) * step)
        rounded = _RELATIVE * (np.maximum(size[:-1], size[1:]) + decrease + moved)
        noise = np.abs(landscape.value(np.nextafter(run.points, np.inf)) - value).max()
        return LyapunovRun(
            value=value,
            momentum=momentum,
            memory=memory,
            promised=self.share * decrease,
            # The smallest double keeps quotients defined where everything else underflows.
            tolerance=rounded + _NOISE * noise + np.finfo(np.float64).tiny,
        )

    def _length(self, u: Float) -> Float:
        # eta = inf is the normalized step: length gamma, and 0 at u = 0.
        return np.minimum(self.eta * u, self.gamma) if math.isfinite(self.eta) else np.where(u > 0, self.gamma, 0.0)

    def _potential(self, u: Float) -> Float:
        # With s = hbar(u), both branches of the Huber function are s (u - s/(2 eta)).
        s = self._length(u)
        return s * (u - s / (2 * self.eta))

    def _buffers(self, gradients: Float) -> Float:
        """m_0 .. m_{n-1} by the operations of the driver, so that they are its numbers."""
        buffers = np.empty_like(gradients)
        buffers[0] = gradients[0]
        for t in range(len(gradients) - 1):
            buffers[t + 1] = self.beta * buffers[t] + (1.0 - self.beta) * gradients[t]
        return buffers

    def _memory(self, g: Float, step: Float) -> Float:
        """B_0 .. B_{n-1}."""
        memory = np.zeros(len(g) + 1)
        if not self.beta:
            return memory
        V = W = 0.0
        for t, (length, product) in enumerate(zip(step.tolist(), (g * step).tolist(), strict=True), start=1):
            V, W = self.beta * (V + length), self.beta * (W + product)
            memory[t] = self.l0 * V * V / (2 * self.beta) + self.reach * W / self.q
        return memory


def lyapunov_for(
    method: Method,
    parameters: Mapping[str, float],
    *,
    L0: Number,
    L1: Number,
    momentum_start: MomentumStart = MomentumStart.GRADIENT,
    oracle: Oracle = EXACT,
) -> Lyapunov:
    """The Lyapunov function of a method with hard clipping on the class with constants L0 and L1.

    Parameters
    ----------
    parameters : exactly ``method.parameters``; gamma = inf is allowed for L1 = 0, and eta = inf for L0 = 0, where
        H(v) = gamma ||v|| is convex with h(v) among its subgradients, which is all that the proof uses.
    L0, L1 : units F/X^2 and 1/X.

    Raises
    ------
    NotCovered : another step rule, a noisy oracle, a buffer that does not start at the gradient, or steps too long.
    InputError : a parameter that is missing or out of its range.
    """
    if method.rule != HARD:
        known = ", ".join(m.key for m in METHODS if m.rule == HARD)
        raise NotCovered(f"{method.key} has no Lyapunov certificate: it is proved for hard clipping ({known}).")
    if oracle is not EXACT:
        raise NotCovered(f"oracle {oracle.key!r} has no Lyapunov certificate: it is proved for exact gradients.")
    numbers = {name: float(row[0]) for name, row in parameter_rows(method, parameters, 1).items()}
    nu = numbers.get("nu", float(method.nu or 0))
    beta = numbers.get("beta", 0.0) if nu else 0.0
    if beta and momentum_start is not MomentumStart.GRADIENT:
        raise NotCovered("momentum that starts at 0 has no Lyapunov certificate: it is proved for m_0 = grad F(x_0).")
    eta, gamma = numbers["eta"], numbers["gamma"]
    curvature, growth = float(quantity("L0").validate(L0)), float(quantity("L1").validate(L1))
    theta = _growth(growth * gamma) if growth else 1.0
    found = Lyapunov(eta=eta, gamma=gamma, beta=beta, nu=nu, l0=theta * curvature, l1=theta * growth)
    if not found.kappa < 1:
        raise NotCovered(
            f"the Lyapunov certificate needs kappa = B(L1 gamma) max(eta L0, gamma L1)/(1 - beta) < 1 and here kappa = "
            f"{found.kappa:.4g}: use shorter steps."
        )
    return found


def _growth(c: float) -> float:
    """B(c) = (e^c - 1)/c, infinite where it overflows."""
    return math.expm1(c) / c if c < 700 else math.inf
