r"""Scalar steps of the noisy oracles: the counting step and Theorems S, S-bounded and S'.

e = eps' is the target the chain is built for, q = |partial_{k+1} F| <= e/gamma_c, p the probability of the coin,
level = gamma_c^2. In Theorem S' w is the norm of the noise in one averaged answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import sympy as sp

from bounds.proofs.chain_data import CHAINS
from bounds.proofs.lower_gradient_only import DOC
from bounds.proofs.step import Clause, signs

__all__ = ["CLAUSES"]

_ORACLE = DOC + "Noisy oracles"
_COUNTING = _ORACLE + ", counting step"
_S, _BOUNDED, _UPPER = DOC + "Theorem S", DOC + "Theorem S-bounded", DOC + "Theorem S'"

p, q, e, level, gamma, sigma, eps, N, n, x, mean, prob = sp.symbols("p q e level gamma sigma eps N n x mean prob")
Delta, L0, L1, T, X, b, s, mu, y, E, w, wm = sp.symbols("Delta L0 L1 T X b s mu y E w wm")
F, Fn, G, inner, size, C, EF, EFn, m, total = sp.symbols("F Fn G inner size C EF EFn m total")

_UNBIASED = Clause(
    id="NO-unbiased",
    place=_ORACLE + ": the coordinate k + 1 in the mean",
    variables=signs(pos="p", nonneg="q"),
    goal=p * (q / p) + (1 - p) * 0 - q,
    relation="=",
    rivals={"without 1/p": {"goal": p * q - q}},
)
_VARIANCE = Clause(
    id="NO-variance",
    place=_ORACLE + ": the variance of the coin's answer is q^2 (1 - p)/p",
    variables=signs(pos="p", nonneg="q"),
    goal=p * (q / p - q) ** 2 + (1 - p) * q**2 - q**2 * (1 - p) / p,
    relation="=",
    rivals={"success alone": {"goal": p * (q / p - q) ** 2 - q**2 * (1 - p) / p}},
)
_MARKOV = Clause(
    id="NO-markov",
    place=_COUNTING + ": Markov's inequality, n <= N/(2p)",
    variables=signs(pos="p N", nonneg="n"),
    weak={"queries": N / (2 * p) - n},
    goal=sp.Rational(1, 2) - n * p / N,
)
_MEDIAN = Clause(
    id="NO-median",
    place=_COUNTING + ": the median, n <= (N - 1)/p",
    variables=signs(pos="p", nonneg="n N"),
    weak={"queries": (N - 1) / p - n},
    goal=N - 1 - n * p,
)
_EXPECTED = Clause(
    id="NO-mean",
    place=_COUNTING + ": from probability 1/2 to the mean, x the mean norm on the event",
    variables=signs(pos="e", nonneg="x prob mean"),
    weak={"event": prob - sp.Rational(1, 2), "rest": mean - prob * x},
    strict={"large": x - e},
    goal=mean - e / 2,
    relation=">",
)
_EITHER = Clause(
    id="NO-queries",
    place=_S + ": one of the two counts applies, p = 1/rarity with rarity written x",
    variables=signs(pos="p x", nonneg="n N"),
    eq={"coin": p * x - 1},
    weak={"queries": sp.Max(N / 2, N - 1) * x - n},
    goal=(N / 2 - n * p, N - 1 - n * p),
)
_T10 = Clause(
    id="S-T10",
    place=_S + ": the variance is at most sigma^2",
    variables=signs(pos="p e level", nonneg="q sigma"),
    weak={"LD-next": e**2 - level * q**2},
    eq={"p": p * (1 + level * sigma**2 / e**2) - 1},
    goal=sigma**2 - q**2 * (1 - p) / p,
)
_FULL = Clause(
    id="SB-success",
    place=_BOUNDED + ": the noise when the coordinate shows itself",
    variables=signs(pos="p e gamma", nonneg="q sigma"),
    weak={"LD-next": e - gamma * q},
    eq={"p": p * (1 + gamma * sigma / e) - 1},
    goal=sigma - q * (1 / p - 1),
)
_EMPTY = Clause(
    id="SB-failure",
    place=_BOUNDED + ": the noise when it does not",
    variables=signs(pos="e gamma", nonneg="q sigma"),
    weak={"LD-next": e - gamma * q, "large": gamma * sigma - e},
    goal=sigma - q,
)
_THRESHOLD = Clause(
    id="SB-threshold",
    place=_BOUNDED + ": the record asks for 0.943 sigma >= 2 eps, and every gamma_c is at least 0.943",
    variables=signs(pos="gamma", nonneg="sigma eps"),
    weak={"level": gamma - sp.Rational(943, 1000), "record": sp.Rational(943, 1000) * sigma - 2 * eps},
    goal=gamma * sigma - 2 * eps,
)


def _rates() -> Iterator[Clause]:
    """The displayed numbers: N = Delta x/(links) without rounding at the target 2 eps.

    x is L0/eps^2, L1/eps and (L0 + 2 L1 eps)/eps^2 in turn, y is sigma/eps.
    """
    links = (Fraction(14), Fraction(35, 4), Fraction(26))
    variance, bounded = (126, 72, 223), (60, 36, 108)
    for n, chain in enumerate(CHAINS):
        count = Delta * x / links[n]
        yield Clause(
            id=f"NO-{chain.key}-level",
            place=f"{_BOUNDED}: 0.943 <= gamma_c of {chain.key}",
            variables={},
            goal=chain.level - Fraction(943, 1000) ** 2,
            rivals={"0.943 -> 0.99": {"goal": chain.level - Fraction(99, 100) ** 2}},
        )
        yield Clause(
            id=f"S-{chain.key}-rate",
            place=f"{_S}: the term of {chain.key}",
            variables=signs(pos="Delta x y"),
            goal=count / 2 * (1 + chain.level * y**2 / 4) - Delta * x * y**2 / variance[n],
            relation=">",
        )
        yield Clause(
            id=f"SB-{chain.key}-rate",
            place=f"{_BOUNDED}: the term of {chain.key}",
            variables=signs(pos="Delta x y gamma"),
            weak={"level": gamma**2 - chain.level},
            goal=count / 2 * (1 + gamma * y / 2) - Delta * x * y / bounded[n],
            relation=">",
        )


def _alternating(z: sp.Expr) -> sp.Expr:
    return 1 - z + z**2 / 2 - z**3 / 6 + z**4 / 24 - z**5 / 120


_TAYLOR = Clause(
    id="SP-taylor",
    place=_UPPER + ": a Taylor sum below e^(-y), times e^y",
    variables=signs(nonneg="y"),
    goal=1 - _alternating(y) * sp.exp(y),
)
_FACTOR = Clause(
    id="SP-factor",
    place=_UPPER + ": C(1/2) = 8 (E - 3/2) <= 6/5, E = e^(1/2)",
    variables=signs(pos="E"),
    weak={"SP-taylor": 1 - _alternating(sp.Rational(1, 2)) * E},
    goal=sp.Rational(6, 5) - 8 * (E - sp.Rational(3, 2)),
    rivals={"6/5 -> 1.18": {"goal": sp.Rational(118, 100) - 8 * (E - sp.Rational(3, 2))}},
)
_RADIUS = Clause(
    id="SP-radius",
    place=_UPPER + ": L1 s <= 1/2",
    variables=signs(pos="eps s L0", nonneg="L1"),
    eq={"step": 2 * s * (L0 + L1 * eps) - eps},
    goal=sp.Rational(1, 2) - L1 * s,
)
_ANGLE = Clause(
    id="SP-angle",
    place=_UPPER + ": <grad F, g/||g||> >= G - 2 e, inner the product, size = ||g||",
    variables=signs(nonneg="size G w", free="inner"),
    weak={"noise": inner - size + w, "triangle": size - G + w},
    goal=inner - (G - 2 * w),
)
_B3 = Clause(
    id="SP-B3",
    place=_UPPER + " (B.3)",
    variables=signs(pos="s", nonneg="L0 L1 G w C", free="F Fn inner"),
    weak={
        "L2": F - s * inner + C / 2 * s**2 * (L0 + L1 * G) - Fn,
        "SP-factor": sp.Rational(6, 5) - C,
        "SP-angle": inner - (G - 2 * w),
    },
    goal=F - s * (G - 2 * w) + sp.Rational(3, 5) * s**2 * (L0 + L1 * G) - Fn,
)
_REST = Clause(
    id="SP-rest",
    place=_UPPER + " (B.3) when g = 0: x does not move and the noise is as large as the gradient",
    variables=signs(pos="s", nonneg="L0 L1 G w"),
    eq={"noise": w - G},
    goal=-s * (G - 2 * w) + sp.Rational(3, 5) * s**2 * (L0 + L1 * G),
)
_BATCH = Clause(
    id="SP-batch",
    place=_UPPER + ": the mean noise of b answers, wm^2 <= sigma^2/b",
    variables=signs(pos="eps b", nonneg="sigma wm"),
    weak={"batch": b * eps**2 - 64 * sigma**2, "variance": sigma**2 - b * wm**2},
    goal=eps / 8 - wm,
)
_STEP = Clause(
    id="SP-T11",
    place=_UPPER + ": s (L0 + L1 G) = ((1 - mu) eps + mu G)/2",
    variables=signs(pos="eps s L0", nonneg="L1 G mu"),
    eq={"step": 2 * s * (L0 + L1 * eps) - eps, "mu": mu * (L0 + L1 * eps) - L1 * eps},
    goal=s * (L0 + L1 * G) - ((1 - mu) * eps + mu * G) / 2,
    relation="=",
)
_DROP = Clause(
    id="SP-T12",
    place=_UPPER + ": one step in expectation, G and wm the means",
    variables=signs(pos="s eps", nonneg="G wm mu L0 L1", free="EF EFn"),
    weak={
        "SP-B3": EF - s * (G - 2 * wm) + sp.Rational(3, 5) * s**2 * (L0 + L1 * G) - EFn,
        "SP-batch": eps / 8 - wm,
    },
    eq={"SP-T11": s * (L0 + L1 * G) - ((1 - mu) * eps + mu * G) / 2},
    goal=EF - s * ((1 - 3 * mu / 10) * G - (sp.Rational(1, 4) + sp.Rational(3, 10) * (1 - mu)) * eps) - EFn,
)
_T = Clause(
    id="SP-T14",
    place=_UPPER + ": the mean m is at most eps",
    variables=signs(pos="s eps T Delta L0", nonneg="L1 mu m"),
    weak={
        "sum": Delta / (s * T) + (sp.Rational(11, 20) - 3 * mu / 10) * eps - (1 - 3 * mu / 10) * m,
        "T": T - sp.Rational(40, 9) * Delta * (L0 + L1 * eps) / eps**2,
        "mu": 1 - mu,
    },
    eq={"step": 2 * s * (L0 + L1 * eps) - eps},
    goal=eps - m,
    rivals={"40/9 -> 4": {"weak": {"T": T - 4 * Delta * (L0 + L1 * eps) / eps**2}}},
)
_TOTAL = Clause(
    id="SP-total",
    place=_UPPER + ": the number of answers, T and b rounded up",
    variables=signs(pos="eps", nonneg="T X b sigma"),
    weak={"T": sp.Rational(40, 9) * X + 1 - T, "b": 64 * sigma**2 / eps**2 + 1 - b},
    goal=(sp.Rational(40, 9) * X + 1) * (64 * sigma**2 / eps**2 + 1) - T * b,
)

CLAUSES: tuple[Clause, ...] = (
    _UNBIASED,
    _VARIANCE,
    _MARKOV,
    _MEDIAN,
    _EXPECTED,
    _EITHER,
    _T10,
    _FULL,
    _EMPTY,
    _THRESHOLD,
    *_rates(),
    _TAYLOR,
    _FACTOR,
    _RADIUS,
    _ANGLE,
    _B3,
    _REST,
    _BATCH,
    _STEP,
    _DROP,
    _T,
    _TOTAL,
)
