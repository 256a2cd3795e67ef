r"""Scalar steps of Lemmas A to D and Theorems L and R: what every zero-chain has in common.

psi = Psi(x_{i-1}), Y = Psi(x_i), s1 = Psi'(x_i), f1 = Phi'(x_i), phi = Phi(x_{i+1}), pull = |P'(x_i)|, d the size of
the i-th derivative, level = gamma_c^2.
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.lower_gradient_only import DOC
from bounds.proofs.step import Clause, signs

__all__ = ["CLAUSES"]

_A, _B, _C, _D = (DOC + f"Lemma {name}" for name in "ABCD")
_L, _R = DOC + "Theorem L", DOC + "Theorem R"

w, D, N, P, psi, phi, Y, s1, f1, pull, d, dn, c, e, y = sp.symbols("w D N P psi phi Y s1 f1 pull d dn c e y")
level, head, pair, a, b, g, x, t, tau, row, own, pre = sp.symbols("level head pair a b g x t tau row own pre")
L0, L1, eps, gamma, K, r, H, G, A, Delta, cost, bound, gp = sp.symbols("L0 L1 eps gamma K r H G A Delta cost bound gp")

_TERM = Clause(
    id="LA-term",
    place=_A + ": every term of f is at least -D",
    variables=signs(pos="D", nonneg="P psi phi"),
    weak={"gate": 1 - psi, "reward": D - phi},
    goal=P - psi * phi + D,
)
_GAP = Clause(
    id="LA-gap",
    place=_A + ": N D - w/2 < N D, where Phi(0) is the integral of 1 + x/w over [-w, 0]",
    variables=signs(pos="D N w"),
    goal=N * D - (N * D - (w - w**2 / (2 * w))),
    relation=">",
    rivals={"Phi(0) = -w/2": {"goal": N * D - (N * D - (w - 3 * w**2 / (2 * w)))}},
)
_PARTIAL = Clause(
    id="LB-partial",
    place=_B + " (i): d >= psi (Phi' + w Psi'/2)",
    variables=signs(pos="w", nonneg="psi phi s1 f1 pull", free="d"),
    weak={"gate": 1 - psi, "next": phi - w / 2},
    eq={"B.1": d - pull - psi * f1 - s1 * phi},
    goal=d - psi * (f1 + w / 2 * s1),
)
_T1 = Clause(
    id="LB-T1",
    place=_B + " (i): a^2 (1 - b^2) >= a^2 - b^2",
    variables=signs(nonneg="a b"),
    weak={"a": 1 - a},
    goal=a**2 * (1 - b**2) - a**2 + b**2,
)
_LEVEL = Clause(
    id="LB-level",
    place=_B + " (i): d^2 >= level (psi^2 - Y^2), c = Phi' + w Psi'/2",
    variables=signs(nonneg="level psi Y c d"),
    weak={"LB-partial": d - psi * c, "C1": c**2 - level * (1 - Y**2), "gate": 1 - psi},
    goal=d**2 - level * (psi**2 - Y**2),
)
_FIRST = Clause(
    id="LB-first",
    place=_B + " (ii): |P'| + Phi' >= 1 at x = -w y, y >= 0",
    variables=signs(nonneg="y"),
    goal=sp.Min(1, y) + sp.Max(0, 1 - y) - 1,
)
_PAIR = Clause(
    id="LB-pair",
    place=_B + " (ii): the two terms at the first nonpositive coordinate x_j = -w y, y <= 1",
    variables=signs(nonneg="level psi c e d dn"),
    weak={"before": d - psi * c, "at": dn - e, "gate": 1 - psi, "C2": c**2 + e**2 - level},
    goal=d**2 + dn**2 - level * psi**2,
)
_AT = Clause(
    id="LB-at",
    place=_B + " (ii): d_j >= y + Psi(u)(1 - y), as Psi'(x_j) = 0",
    variables=signs(nonneg="y Y", free="d"),
    eq={"B.1": d - y - Y * (1 - y)},
    goal=d - (Y * (1 - y) + y),
)
_FAR = Clause(
    id="LB-far",
    place=_B + " (ii): y > 1",
    variables=signs(nonneg="level psi d"),
    weak={"far": d - 1, "level": 1 - level, "gate": 1 - psi},
    goal=d**2 - level * psi**2,
)
_SUM = Clause(
    id="LB-sum",
    place=_B + " (ii): the sum of the squares up to j",
    variables=signs(nonneg="level psi head pair"),
    weak={"telescoped": head - level * (1 - psi**2), "LB-pair": pair - level * psi**2},
    goal=head + pair - level,
)
_T2 = Clause(
    id="LB-T2",
    place=_B + " (iii): Q(psi) >= min(Q(0), Q(1))",
    variables=signs(nonneg="g a b psi"),
    weak={"gate": 1 - psi},
    goal=g**2 * (1 - psi**2) + (psi * a + b) ** 2 - sp.Min(g**2 + b**2, (a + b) ** 2),
)
_MIXED = Clause(
    id="LB-mixed",
    place=_B + " (iii): some coordinate before j - 1 is nonpositive",
    variables=signs(nonneg="level head b d"),
    weak={"LB-sum": head - level, "B.1": d - b},
    goal=head + d**2 - (level + b**2),
)
_T3 = Clause(
    id="LC-T3",
    place=_C + ": 2 b x y <= b (x^2/t + t y^2)",
    variables=signs(pos="t", nonneg="b", free="x y"),
    goal=b * (x**2 / t + t * y**2) - 2 * b * x * y,
)
_LEFT = Clause(
    id="LC-left",
    place=_C + ", u <= 0: the row is at most (1 - Psi(p))/w + tau Psi'(p)",
    variables=signs(pos="w tau", nonneg="psi s1 f1", free="row"),
    weak={"slope": 1 - f1},
    eq={"B.2": row - (1 / w - psi / w) - tau * s1 * f1},
    goal=(1 - psi) / w + tau * s1 - row,
)
_GRADIENT = Clause(
    id="LC-gradient",
    place=_C + ", u >= 0: the three parts of the gradient bound",
    variables=signs(nonneg="head pre own e d dn"),
    weak={"LB-iii": head - pre, "B.1": d - own, "next": dn - e},
    goal=head + d**2 + dn**2 - (pre + own**2 + e**2),
)
_LEVEL_0 = Clause(
    id="LD-L0",
    place=_D + ", case L0",
    variables=signs(pos="eps gamma K L0 r", nonneg="H"),
    weak={"hessian": K - H},
    eq={"scale": r * gamma * L0 - eps * K},
    goal=L0 - eps / (gamma * r) * H,
)
_LEVEL_1 = Clause(
    id="LD-L1",
    place=_D + ", case L1: g and G the norms of grad f and grad F",
    variables=signs(pos="eps gamma K L1 r", nonneg="H g G"),
    weak={"hessian": K * g - H},
    eq={"scale": r * L1 - K, "gradient": gamma * G - eps * g},
    goal=L1 * G - eps / (gamma * r) * H,
)
_T4 = Clause(
    id="LD-T4",
    place=_D + ", case L0 + L1",
    variables=signs(nonneg="L0 L1 eps G"),
    goal=eps * (L0 + L1 * G) - (L0 + L1 * eps) * sp.Min(eps, G),
)
_LEVEL_01 = Clause(
    id="LD-L01",
    place=_D + ", case L0 + L1: from the chain to F",
    variables=signs(pos="eps gamma K r", nonneg="L0 L1 H g G"),
    weak={"hessian": K * sp.Min(gamma, g) - H},
    lemmas=(_T4,),
    eq={"scale": r * (L0 + L1 * eps) - eps * K, "gradient": gamma * G - eps * g},
    goal=L0 + L1 * G - eps / (gamma * r) * H,
)
_COST_0 = Clause(
    id="LD-gap-L0",
    place=_D + ", case L0: the gap is below A N D",
    variables=signs(pos="eps gamma K L0 r N D A"),
    eq={"scale": r * gamma * L0 - eps * K, "A": A * gamma - eps * r},
    goal=N * D * K / gamma**2 * eps**2 / L0 - A * N * D,
    relation="=",
)
_COST_1 = Clause(
    id="LD-gap-L1",
    place=_D + ", case L1: the gap is below A N D",
    variables=signs(pos="eps gamma K L1 r N D A"),
    eq={"scale": r * L1 - K, "A": A * gamma - eps * r},
    goal=N * D * K / gamma * eps / L1 - A * N * D,
    relation="=",
)
_COST_01 = Clause(
    id="LD-gap-L01",
    place=_D + ", case L0 + L1: the gap is below A N D",
    variables=signs(pos="eps gamma K r N D A L0", nonneg="L1"),
    eq={"scale": r * (L0 + L1 * eps) - eps * K, "A": A * gamma - eps * r},
    goal=N * D * K / gamma * eps**2 / (L0 + L1 * eps) - A * N * D,
    relation="=",
)
_LARGE = Clause(
    id="LD-gradient",
    place=_D + ": x_N = 0 implies a gradient above eps, gp = gamma_+",
    variables=signs(pos="eps gamma gp", nonneg="g"),
    weak={"LB-ii": g - gp},
    strict={"room": gp - gamma},
    goal=eps / gamma * g - eps,
    relation=">",
)
_NEXT = Clause(
    id="LD-next",
    place=_D + ": the first derivative that may be revealed is at most eps/gamma",
    variables=signs(pos="eps gamma", nonneg="psi d"),
    weak={"gate": 1 - psi},
    eq={"B.1": d - psi},
    goal=eps / gamma - eps / gamma * d,
)
_LINKS = Clause(
    id="TL-links",
    place=_L + ": N links fit into the gap; cost is the product of Lemma D, b the constant, r the order of one link",
    variables=signs(pos="cost b r", nonneg="Delta N"),
    weak={"product": b - cost, "floor": Delta / (b * r) - N},
    goal=Delta - N * cost * r,
)
_INSTANCE = Clause(
    id="TL-instance",
    place=_L + ": a number below the largest of three is below one of them; N links fit into one of the instances",
    variables=signs(nonneg="a b x Delta N"),
    weak={"floor": Delta * sp.Max(a, b, x) - N},
    goal=(Delta * a - N, Delta * b - N, Delta * x - N),
)
_DIMENSION = Clause(
    id="TR-dimension",
    place=_R + ": at most 2t <= 2N - 2 conditions leave a direction in dimension 2N - 1",
    variables=signs(nonneg="t N"),
    weak={"query": N - 1 - t},
    goal=(2 * N - 1) - 2 * t,
    relation=">",
)

CLAUSES: tuple[Clause, ...] = (
    _TERM,
    _GAP,
    _PARTIAL,
    _T1,
    _LEVEL,
    _FIRST,
    _AT,
    _PAIR,
    _FAR,
    _SUM,
    _T2,
    _MIXED,
    _T3,
    _LEFT,
    _GRADIENT,
    _LEVEL_0,
    _LEVEL_1,
    _T4,
    _LEVEL_01,
    _COST_0,
    _COST_1,
    _COST_01,
    _LARGE,
    _NEXT,
    _LINKS,
    _INSTANCE,
    _DIMENSION,
)
