r"""Scalar steps of Theorem 10: normalized gradient descent in dimension one, exactly.

z = z_eps, v = e^(L1 z_eps) = 1 + L1 eps/L0, and D, d the gap and the drop between two points (d = d(l), l the length).
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.step import Clause, signs

__all__ = ["CLAUSES"]

_THEOREM = "docs/theory/lower.md, Theorem 10, "

L0, L1, eps, z, zt, zn, l, t, h, v, w, D, d, Delta, N, lg = sp.symbols("L0 L1 eps z zt zn l t h v w D d Delta N lg")

_DIRECTION = Clause(
    id="T10-direction",
    place=_THEOREM + "the direction never changes: zt < -z before a step of length l gives zn < z after it",
    variables=signs(pos="z l", free="zt zn"),
    weak={"lipschitz": zt + l - zn, "length": 2 * z - l},
    strict={"before": -z - zt},
    goal=z - zn,
    relation=">",
)
_BETWEEN = Clause(
    id="T10-between",
    place=_THEOREM + "between two points: min(t, l - t) <= l/2 <= z",
    variables=signs(pos="z l", nonneg="t"),
    weak={"length": 2 * z - l},
    goal=z - sp.Min(t, l - t),
)
_DROP = Clause(
    id="T10-drop",
    place=_THEOREM + "2 (W(z) - W(z - h)) in closed form, h = l/2 and w = e^(-L1 h)",
    variables=signs(pos="L0 L1 v w z", nonneg="eps h"),
    eq={"v": L0 * v - L0 - L1 * eps},
    goal=2 * L0 / L1**2 * ((v - 1 - L1 * z) - (v * w - 1 - L1 * (z - h)))
    - 2 * ((L0 + L1 * eps) * (1 - w) / L1**2 - L0 * h / L1),
    relation="=",
)
_SYMMETRIC = Clause(
    id="T10-halves",
    place=_THEOREM + "the two halves of a stretch drop equally: W'(z - t) at distance t from either end",
    variables=signs(pos="L0 L1 v w", nonneg="eps"),
    eq={"v": L0 * v - L0 - L1 * eps},
    goal=L0 / L1 * (v * w - 1) - ((L0 + L1 * eps) * w - L0) / L1,
    relation="=",
)
_COUNT = Clause(
    id="T10-count",
    place=_THEOREM + "N points cannot all have |f'| > eps: the drops would exceed Delta",
    variables=signs(pos="d", nonneg="D Delta N"),
    weak={"T": N - ((Delta - D) / d + 1)},
    goal=(N - 1) * d + D - Delta,
)
_EXACT = Clause(
    id="T10-exact",
    place=_THEOREM + "(i): with l = 2 z the drop is 2 D and the number is (Delta/D + 1)/2",
    variables=signs(pos="D d", nonneg="Delta"),
    eq={"drop": d - 2 * D},
    goal=(Delta - D) / d + 1 - (Delta / D + 1) / 2,
    relation="=",
)
_WELL = Clause(
    id="T10-well",
    place=_THEOREM + "(i): W(z) = D(eps), lg = L1 z = ln(1 + L1 eps/L0)",
    variables=signs(pos="L0 L1 v", nonneg="eps z lg"),
    eq={"v": L0 * v - L0 - L1 * eps, "length": lg - L1 * z},
    goal=L0 / L1**2 * (v - 1 - L1 * z) - L0 / L1**2 * (L1 * eps / L0 - lg),
    relation="=",
)

CLAUSES: tuple[Clause, ...] = (_DIRECTION, _BETWEEN, _DROP, _SYMMETRIC, _COUNT, _EXACT, _WELL)
