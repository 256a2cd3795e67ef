"""The scalar steps of docs/theory/literature.md, in the order in which they are used.

a, b, c stand for |g|^2, |g+|^2 and <g, g+>, and phi for F(x) - F(z).
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.step import Clause, signs

__all__ = ["CLAUSES", "DOC"]

DOC = "docs/theory/literature.md, "
_NORM, _CONVEX, _EXACT = DOC + "Theorem 11", DOC + "Theorem 12", DOC + "Theorem 13"
_HALF = sp.Rational(1, 2)

eta, gamma, L0, L1, L, G, S, F, Fn, m, T, w, p, r, x, y, eps, Delta = sp.symbols(
    "eta gamma L0 L1 L G S F Fn m T w p r x y eps Delta"
)
phi, phin, h, d, dn, inner, R, dist, u, v, N, lg, lgN = sp.symbols("phi phin h d dn inner R dist u v N lg lgN")
i, iD, i0, iN = sp.symbols("i iD i0 iN")
a, b, c, gy, dF, drop, last, total = sp.symbols("a b c gy dF drop last total")
_LENGTH = sp.Min(eta * G, gamma)

_ANY_NORM = (
    Clause(
        id="C-radius",
        place=_NORM + ": steps stay within 1/L1",
        variables=signs(nonneg="eta gamma L0 L1"),
        weak={"step": 1 - eta * L0 - gamma * L1},
        goal=1 - gamma * L1,
    ),
    Clause(
        id="C-curve",
        place=_NORM + ": (L0 + L1 G) s <= G, both cases, times s = min(eta G, gamma)",
        variables=signs(pos="eta gamma", nonneg="L0 L1 G"),
        weak={"step": 1 - eta * L0 - gamma * L1},
        goal=_LENGTH * G - (L0 + L1 * G) * _LENGTH**2,
        rivals={"eta <= 1/L0": {"weak": {"step": 1 - eta * L0}}},
    ),
    Clause(
        id="C-decrease",
        place=_NORM + ": F(x_(t+1)) <= F(x_t) - s G/2",
        variables=signs(nonneg="L0 L1 G S", free="F Fn"),
        weak={"descent": F - S * G + (L0 + L1 * G) * S**2 / 2 - Fn, "C-curve": S * G - (L0 + L1 * G) * S**2},
        goal=F - S * G / 2 - Fn,
    ),
    Clause(
        id="C-least",
        place=_NORM + ": min(eta G, gamma) G >= min(eta m, gamma) m for the smallest m",
        variables=signs(pos="eta gamma", nonneg="m G"),
        weak={"least": G - m},
        goal=_LENGTH * G - sp.Min(eta * m, gamma) * m,
    ),
    Clause(
        id="C-sum",
        place=_NORM + ": T min(eta m^2, gamma m) <= 2 Delta, total the sum of s_t G_t",
        variables=signs(pos="eta gamma T", nonneg="m Delta total"),
        weak={"telescoped": Delta - total / 2, "each": total - T * sp.Min(eta * m, gamma) * m},
        goal=2 * Delta - T * sp.Min(eta * m**2, gamma * m),
        rivals={"Delta, as printed": {"goal": Delta - T * sp.Min(eta * m**2, gamma * m)}},
    ),
    Clause(
        id="C-either",
        place=_NORM + ": m^2 is at most x^2, or m at most y",
        variables=signs(pos="eta gamma T", nonneg="m Delta x y"),
        weak={"C-sum": 2 * Delta - T * sp.Min(eta * m**2, gamma * m)},
        eq={"first": eta * T * x**2 - 2 * Delta, "second": gamma * T * y - 2 * Delta},
        goal=sp.Max(x**2 - m**2, y - m),
    ),
    Clause(
        id="C-root",
        place=_NORM + ": so m is at most the sum x + y",
        variables=signs(nonneg="m x y"),
        weak={"C-either": sp.Max(x**2 - m**2, y - m)},
        goal=x + y - m,
    ),
    Clause(
        id="C-steps",
        place=_NORM + ": the condition on T = w^2, p = sqrt(2 Delta/eta), r the root in the record",
        variables=signs(pos="eps w", nonneg="p r"),
        weak={"T": w**2 - (p + r) ** 2 / (4 * eps**2)},
        goal=2 * eps * w - p - r,
    ),
    Clause(
        id="C-count",
        place=_NORM + ": then the two terms p/w and 2 Delta/(gamma w^2) add up to at most eps",
        variables=signs(pos="eta gamma eps w", nonneg="Delta p r"),
        weak={"C-steps": 2 * eps * w - p - r},
        eq={"root": r**2 - p**2 - 8 * Delta * eps / gamma},
        goal=eps - p / w - 2 * Delta / (gamma * w**2),
    ),
    Clause(
        id="C-close",
        place=_NORM + ": the last line",
        variables=signs(nonneg="eps x y m"),
        weak={"C-root": x + y - m, "C-count": eps - x - y},
        goal=eps - m,
    ),
)

_RATE = L0 * R**2 + L1 * R * phi
_VALUES = (
    Clause(
        id="V-short",
        place=_CONVEX + ": the step length is at most 1/L1",
        variables=signs(pos="L1 G", nonneg="L0"),
        goal=1 / L1 - G / (L0 + L1 * G),
    ),
    Clause(
        id="V-decrease",
        place=_CONVEX + ": F(x_(t+1)) <= F(x_t) - h G^2/2 with h = 1/(L0 + L1 G)",
        variables=signs(nonneg="L0 L1 G h", free="phi phin"),
        weak={"descent": phi - h * G**2 + (L0 + L1 * G) * (h * G) ** 2 / 2 - phin},
        eq={"step": h * (L0 + L1 * G) - 1},
        goal=phi - h * G**2 / 2 - phin,
    ),
    Clause(
        id="V-gap",
        place=_CONVEX + ": phi_t >= h G^2/2 while phi_(t+1) > 0",
        variables=signs(pos="phin", nonneg="G h", free="phi"),
        weak={"V-decrease": phi - h * G**2 / 2 - phin},
        goal=phi - h * G**2 / 2,
    ),
    Clause(
        id="V-distance",
        place=_CONVEX + ": the squared distances d to z do not increase, inner = <grad F(x), x - z>",
        variables=signs(nonneg="G h d dn phi", free="inner"),
        weak={"convex": inner - phi, "V-gap": phi - h * G**2 / 2},
        eq={"expand": dn - (d - 2 * h * inner + h**2 * G**2)},
        goal=d - dn,
    ),
    Clause(
        id="V-slope",
        place=_CONVEX + ": phi_t <= R G",
        variables=signs(nonneg="G dist R phi", free="inner"),
        weak={"convex": inner - phi, "cauchy": G * dist - inner, "distance": R - dist},
        goal=R * G - phi,
    ),
    Clause(
        id="V-monotone",
        place=_CONVEX + ": G^2/(L0 + L1 G) increases, so it is at least its value at phi/R",
        variables=signs(pos="L1 R G phi", nonneg="L0"),
        weak={"V-slope": R * G - phi},
        goal=G**2 / (L0 + L1 * G) - phi**2 / _RATE,
    ),
    Clause(
        id="V-step",
        place=_CONVEX + ": phi_(t+1) <= phi_t - psi(phi_t)",
        variables=signs(pos="L1 R G phi", nonneg="L0", free="phin"),
        weak={
            "V-decrease": phi - G**2 / (2 * (L0 + L1 * G)) - phin,
            "V-monotone": G**2 / (L0 + L1 * G) - phi**2 / _RATE,
        },
        goal=phi - phi**2 / (2 * _RATE) - phin,
    ),
    Clause(
        id="V-psi",
        place=_CONVEX + ": psi increases, u <= v",
        variables=signs(pos="L1 R u v", nonneg="L0"),
        weak={"order": v - u},
        goal=v**2 / (2 * (L0 * R**2 + L1 * R * v)) - u**2 / (2 * (L0 * R**2 + L1 * R * u)),
    ),
    Clause(
        id="V-unit",
        place=_CONVEX + ": (phi_t - phi_(t+1))/psi(phi_t) >= 1, y = psi(phi_t)",
        variables=signs(pos="y", free="phi phin"),
        weak={"V-step": phi - y - phin},
        goal=(phi - phin) / y - 1,
    ),
    Clause(
        id="V-primitive",
        place=_CONVEX + ": 1/psi",
        variables=signs(pos="phi R", nonneg="L0 L1"),
        goal=2 * _RATE / phi**2 - (2 * L0 * R**2 / phi**2 + 2 * L1 * R / phi),
        relation="=",
    ),
    Clause(
        id="V-count",
        place=_CONVEX + ": N as in the theorem and phi_N > eps exclude each other; i is 1/eps, iD 1/Delta, i0 1/phi_0,"
        " iN 1/phi_N, lg ln(Delta/eps), lgN ln(phi_0/phi_N)",
        variables=signs(pos="L1 R i iD i0 iN", nonneg="L0 N", free="lg lgN"),
        weak={
            "T": N - 2 * L0 * R**2 * (i - iD) - 2 * L1 * R * lg,
            "integral": 2 * L0 * R**2 * (iN - i0) + 2 * L1 * R * lgN - N,
            "start": i0 - iD,
        },
        goal=(iN - i, lgN - lg),
        rivals={"half the steps": {"weak": {"T": N - L0 * R**2 * (i - iD) - L1 * R * lg}}},
    ),
)

_SHIFTED = (1 + L * eta) ** 2 * a - 2 * (1 + L * eta) * c + b
_RATE_3 = sp.Rational(3, 4) * m / L
_SMOOTH = (
    Clause(
        id="E-step",
        place=_EXACT + ": F(x) - F(y) = dF for y = x - eta g, gy = <g, y>",
        variables=signs(pos="L eta", nonneg="a b", free="c gy dF"),
        weak={"cocoercive": dF + L * (eta * gy + eta**2 * a / 2) - eta * (c + L * gy) - _SHIFTED / (4 * L)},
        eq={"step": eta * L - 1},
        goal=dF - a / (2 * L) - b / (4 * L),
    ),
    Clause(
        id="E-each",
        place=_EXACT + ": each step decreases F by 3 m/(4 L)",
        variables=signs(pos="L", nonneg="a b m", free="dF"),
        weak={"E-step": dF - a / (2 * L) - b / (4 * L), "now": a - m, "next": b - m},
        goal=dF - _RATE_3,
    ),
    Clause(
        id="E-last",
        place=_EXACT + ": the gap at the last point, last = F(x_N) - inf F",
        variables=signs(pos="L", nonneg="a m last"),
        weak={"descent": last - a / (2 * L), "least": a - m},
        goal=last - m / (2 * L),
    ),
    Clause(
        id="E-sum",
        place=_EXACT + ": (3 N + 2) m <= 4 L Delta, drop = F(x_0) - F(x_N)",
        variables=signs(pos="L", nonneg="N m last Delta", free="drop"),
        weak={"gap": Delta - drop - last, "telescoped": drop - N * _RATE_3, "E-last": last - m / (2 * L)},
        goal=4 * L * Delta - (3 * N + 2) * m,
        rivals={"3 N + 3": {"goal": 4 * L * Delta - (3 * N + 3) * m}},
    ),
    Clause(
        id="E-count",
        place=_EXACT + ": T = N + 1 inspected points",
        variables=signs(pos="L T eps Delta", nonneg="N m"),
        weak={
            "T": T - 4 * Delta * L / (3 * eps**2) - sp.Rational(1, 3),
            "E-sum": 4 * L * Delta - (3 * N + 2) * m,
        },
        eq={"points": T - N - 1},
        goal=eps**2 - m,
    ),
    Clause(
        id="E-root",
        place=_EXACT + ": from the square to the norm",
        variables=signs(pos="eps", nonneg="G"),
        weak={"E-count": eps**2 - G**2},
        goal=eps - G,
    ),
)

CLAUSES: tuple[Clause, ...] = (*_ANY_NORM, *_VALUES, *_SMOOTH)
