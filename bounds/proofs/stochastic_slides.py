r"""Scalar steps of Theorem R': the slides' stochastic statement in clean units.

l0 = A L0, l1 = A L1 with A = 1.01, tau = 5 sigma, gamma = 5 sigma eta. The tangent point of (4.1) is mu eps;
S is the mean of E G_t over t < T, U the one over t = 1..T.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from bounds.proofs.step import Clause, signs
from bounds.proofs.stochastic_bias import DOC
from bounds.proofs.stochastic_corollaries import factor_b
from bounds.proofs.stochastic_far import KW
from bounds.proofs.stochastic_momentum import DELTA

__all__ = ["CLAUSES"]

_THEOREM = DOC + "Theorem R', "
_LITERAL = DOC + "Section 5, the literal form under a normalisation, "

eta, gamma, sigma, eps, l0, l1, L1, q, om, a, n, p = sp.symbols("eta gamma sigma eps l0 l1 L1 q om a n p")
S, U, T, Delta, Lam, k = sp.symbols("S U T Delta Lam k")
_A = sp.Rational(101, 100)
_P = (sp.Rational(1, 8) + 8) / 2
_BETA = {"beta": 1 - q}
_QUARTER = {"accuracy": sigma - 4 * eps}
_TENTH = {"accuracy": sigma - 10 * eps}
_NOISE, _SLOPE = sp.Rational(575, 10000), sp.Rational(205, 100000)

_FIRST = Clause(
    id="R-noise0",
    place=_THEOREM + "first entry: l0 eta sigma^2 <= eps^2/10",
    variables=signs(pos="sigma eps gamma l0"),
    weak={"entry": eps**2 / (2 * sigma * l0) - gamma},
    goal=eps**2 / 10 - l0 * gamma / (5 * sigma) * sigma**2,
)
_SECOND = Clause(
    id="R-step",
    place=_THEOREM + "middle entry: l0 eta <= q eps/(10 sigma)",
    variables=signs(pos="sigma eps gamma l0 q"),
    weak={"entry": eps * q / (2 * l0) - gamma},
    goal=q * eps / (10 * sigma) - l0 * gamma / (5 * sigma),
)
_THIRD = Clause(
    id="R-clip",
    place=_THEOREM + "last entry: l1 gamma <= q eps/(50 sigma)",
    variables=signs(pos="sigma eps gamma l1 q"),
    weak={"entry": eps * q / (50 * sigma * l1) - gamma},
    goal=q * eps / (50 * sigma) - l1 * gamma,
)
_FOURTH = Clause(
    id="R-noise1",
    place=_THEOREM + "last entry: l1 eta sigma^2 <= eps/250",
    variables=signs(pos="sigma eps gamma q", nonneg="l1"),
    weak={**_BETA, "R-clip": q * eps / (50 * sigma) - l1 * gamma},
    goal=eps / 250 - l1 * gamma / (5 * sigma) * sigma**2,
)
_H0 = Clause(
    id="R-H0",
    place=_THEOREM + "(H): l0 eta <= q/40",
    variables=signs(pos="sigma eps eta q", nonneg="l0"),
    weak={**_QUARTER, "R-step": q * eps / (10 * sigma) - l0 * eta},
    goal=q * DELTA - l0 * eta,
)
_H1 = Clause(
    id="R-H1",
    place=_THEOREM + "(H): l1 gamma <= q/200",
    variables=signs(pos="sigma eps gamma q", nonneg="l1"),
    weak={**_QUARTER, "R-clip": q * eps / (50 * sigma) - l1 * gamma},
    goal=q / 200 - l1 * gamma,
)
_RADIUS = Clause(
    id="R-radius",
    place=_THEOREM + "from (S): L1 Kw gamma/q <= 0.0073",
    variables=signs(pos="gamma q", nonneg="L1"),
    weak={"R-H1": q / 200 - _A * L1 * gamma},
    goal=sp.Rational(73, 10000) - L1 * KW * gamma / q,
)
_FACTOR = factor_b("R-factor", _THEOREM + "from (S): B(0.0073) <= 1.01 with z = e^0.0073", sp.Rational(73, 10000), _A)
_TAU = Clause(
    id="R-tau",
    place=_THEOREM + "tau = 5 sigma >= 6 mu eps, mu <= 0.67",
    variables=signs(nonneg="sigma eps"),
    weak=_QUARTER,
    goal=5 * sigma - 6 * sp.Rational(67, 100) * eps,
)


def _a(name: str, accuracy: Mapping[str, sp.Expr], least: sp.Rational, case: str) -> Clause:
    return Clause(
        id=name,
        place=_THEOREM + f"a >= {float(least):g}, {case}",
        variables=signs(pos="sigma eps eta gamma q", nonneg="l0 l1"),
        weak={
            **accuracy,
            "R-step": q * eps / (10 * sigma) - l0 * eta,
            "R-clip": q * eps / (50 * sigma) - l1 * gamma,
        },
        goal=1 - _P * (l0 * eta + l1 * gamma) / q - least,
    )


_LEAST_4, _LEAST_10 = sp.Rational(878125, 10**6), sp.Rational(95125, 10**5)
_A4 = _a("R-a", _QUARTER, _LEAST_4, "eps <= sigma/4")
_A10 = _a("R-a-tenth", _TENTH, _LEAST_10, "eps <= sigma/10")
_N = Clause(
    id="R-n",
    place=_THEOREM + "noise term n <= 0.0575 eps^2; rho = 1/8",
    variables=signs(nonneg="eps om p"),
    weak={"omega": 1 - om, "R-noise0": eps**2 / 10 - p},
    goal=_NOISE * eps**2 - (1 + om * (sp.Rational(1, 8) + DELTA)) * p / 2,
)
_SLOPE_CLAUSE = Clause(
    id="R-p",
    place=_THEOREM + "noise term p <= 0.00205 eps",
    variables=signs(nonneg="eps om p"),
    weak={"omega": 1 - om, "R-noise1": eps / 250 - p},
    goal=_SLOPE * eps - (1 + om * DELTA) * p / 2,
)
_T = Clause(
    id="R-T",
    place=_THEOREM + "Delta/(eta T) <= eps^2/3",
    variables=signs(pos="eta T Delta eps"),
    weak={"T": T - 3 * Delta / (eps**2 * eta)},
    goal=eps**2 / 3 - Delta / (eta * T),
)


def _first(name: str, mu: sp.Rational, least: sp.Rational, bound: sp.Rational, sharper: sp.Rational) -> Clause:
    name_a = "R-a-tenth" if least == _LEAST_10 else "R-a"
    return Clause(
        id=name,
        place=_THEOREM + f"mean over t < T is at most {float(bound):g} eps, from (4.1) with mu = {float(mu):g}",
        variables=signs(pos="eps a", nonneg="S n p Lam"),
        weak={
            name_a: a - least,
            "R-n": _NOISE * eps**2 - n,
            "R-p": _SLOPE * eps - p,
            "R-T": eps**2 / 3 - Lam,
            "B-average": Lam + a * mu**2 * eps**2 + n - (2 * a * mu * eps - p) * S,
        },
        goal=bound * eps - S,
        rivals={f"{float(sharper):g}": {"goal": sharper * eps - S}},
    )


def _shifted(name: str, least: sp.Rational, bound: sp.Rational, sharper: sp.Rational) -> Clause:
    name_a = "R-a-tenth" if least == _LEAST_10 else "R-a"
    half = sp.Rational(1, 2)
    return Clause(
        id=name,
        place=_THEOREM + f"mean over t = 1..T is at most {float(bound):g} eps, mu = 1/2, (T + 1)/T <= 2",
        variables=signs(pos="eps a", nonneg="U n p"),
        weak={
            name_a: a - least,
            "R-n": _NOISE * eps**2 - n,
            "R-p": _SLOPE * eps - p,
            "R-points": eps**2 / 3 + 2 * (a * half**2 * eps**2 + n) - (a * eps - p) * U,
        },
        goal=bound * eps - U,
        rivals={f"{float(sharper):g}": {"goal": sharper * eps - U}},
    )


def _h(percent: int) -> sp.Rational:
    return sp.Rational(percent, 100)


_R1 = _first("R1", _h(67), _LEAST_4, _h(67), _h(66))
_R1T = _first("R1-tenth", _h(64), _LEAST_10, _h(65), _h(64))
_POINTS = Clause(
    id="R-points",
    place=_THEOREM
    + "shifted mean: (4.1) for T + 1 points, multiplied by (T + 1)/T <= 2; k = a eps - p, n is n + a eps^2/4",
    variables=signs(pos="T eta eps Delta", nonneg="S U n k"),
    weak={
        "one": T - 1,
        "R-T": eps**2 / 3 - Delta / (eta * T),
        "B-average": Delta / (eta * (T + 1)) + n - k * S,
        "B-shifted": (T + 1) * S - T * U,
    },
    goal=eps**2 / 3 + 2 * n - k * U,
)
_POSITIVE = Clause(
    id="R-slope",
    place=_THEOREM + "shifted mean: 2 a mu eps - p = a eps - p > 0",
    variables=signs(pos="eps", nonneg="a p"),
    weak={"R-a": a - _LEAST_4, "R-p": _SLOPE * eps - p},
    goal=a * eps - p,
    relation=">",
)
_R2 = _shifted("R2", _LEAST_4, _h(102), _h(101))
_R2T = _shifted("R2-tenth", _LEAST_10, _h(98), _h(97))
_NORMAL = {"small": sp.Rational(1, 10) - eps, "unit": sigma**2 - 4 * eps}
_LIT_STEP = Clause(
    id="R-literal-step",
    place=_LITERAL + "l0 eta <= q eps/(10 sigma^2) <= q/40",
    variables=signs(pos="sigma eps eta q", nonneg="l0"),
    weak={"unit": sigma**2 - 4 * eps, "entry": q * eps / (10 * sigma**2) - l0 * eta},
    goal=q * DELTA - l0 * eta,
)
_LIT_RATIO = Clause(
    id="R-literal-ratio",
    place=_LITERAL + "eps < 0.159 sigma, so eps <= sigma/4",
    variables=signs(pos="sigma eps"),
    weak=_NORMAL,
    goal=sp.Rational(159, 1000) * sigma - eps,
)
_LIT_A = Clause(
    id="R-literal-a",
    place=_LITERAL + "a >= 0.878125",
    variables=signs(pos="sigma eps eta gamma q", nonneg="l0 l1"),
    weak={
        "R-literal-step": q * DELTA - l0 * eta,
        "R-literal-ratio": sp.Rational(159, 1000) * sigma - eps,
        "R-clip": q * eps / (50 * sigma) - l1 * gamma,
    },
    goal=1 - _P * (l0 * eta + l1 * gamma) / q - _LEAST_4,
)

CLAUSES: tuple[Clause, ...] = (
    _FIRST,
    _SECOND,
    _THIRD,
    _FOURTH,
    _H0,
    _H1,
    _RADIUS,
    _FACTOR,
    _TAU,
    _A4,
    _A10,
    _N,
    _SLOPE_CLAUSE,
    _T,
    _R1,
    _R1T,
    _POSITIVE,
    _POINTS,
    _R2,
    _R2T,
    _LIT_STEP,
    _LIT_RATIO,
    _LIT_A,
)
