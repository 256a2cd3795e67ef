r"""How a hypothesis that bears the name of an earlier clause follows from that clause.

A hypothesis may be named after a clause, or after it with a suffix (``exp-above-B``). Then, with the variables of the
clause that uses it replaced by what they stand for (``user``), and the variables of the cited clause by the
expressions it is applied to (``lemma``),

    goal of the cited clause = times * hypothesis,        times > 0 (of any sign when the cited goal is an equation).

Variables that stand for sums over t are replaced by one summand: such hypotheses are linear in the sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from bounds.proofs.deterministic import CLAUSES
from bounds.proofs.deterministic_clipping import huber
from bounds.proofs.deterministic_momentum import HUB

__all__ = ["LINKS", "Link", "citations", "residue"]

_BY_ID = {clause.id: clause for clause in CLAUSES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Substitutions under which a hypothesis is the goal of the clause that it cites."""

    user: Mapping[str, Any] = field(default_factory=dict)
    lemma: Mapping[str, Any] = field(default_factory=dict)
    times: Any = 1


_IDENTICAL = Link()


def _cited(name: str) -> str | None:
    if name in _BY_ID:
        return name
    longest_first = sorted(_BY_ID, key=len, reverse=True)
    return next((i for i in longest_first if name.startswith(f"{i}-")), None)


def citations() -> Iterator[tuple[str, str, str]]:
    """(clause, hypothesis, cited clause) for every hypothesis named after a clause."""
    for clause in CLAUSES:
        for name in clause.hypotheses():
            if (cited := _cited(name)) is not None:
                yield clause.id, name, cited


def residue(clause: str, hypothesis: str, cited: str) -> Any:
    """goal of the cited clause - times * hypothesis, simplified; zero when the citation is right."""
    link = LINKS.get((clause, hypothesis), _IDENTICAL)
    stated = _placed(_BY_ID[clause].hypotheses()[hypothesis], link.user)
    proved = _placed(_BY_ID[cited].goal[0], link.lemma)
    difference = sp.expand(proved - link.times * stated)
    if difference == 0 or difference.has(sp.Min):
        return difference
    return sp.simplify(sp.expand_log(difference, force=True))


def _placed(expr: Any, at: Mapping[str, Any]) -> Any:
    return expr.subs({sp.Symbol(name): value for name, value in at.items()}, simultaneous=True)


def _rows(clauses: str, hypothesis: str, **fields: Any) -> Iterator[tuple[tuple[str, str], Link]]:
    return (((clause, hypothesis), Link(**fields)) for clause in clauses.split())


b, q, k, nu, eta, gamma, l0, l1, L0, L1 = sp.symbols("b q k nu eta gamma l0 l1 L0 L1")
G, M, D, S, e, x, y, z, hM, hG, u, v, s, lg, ell = sp.symbols("G M D S e x y z hM hG u v s lg ell")
F, V, Vn, W, Wn, B, C, E, E0, En, H = sp.symbols("F V Vn W Wn B C E E0 En H")
T, K, Delta, PP, GG, eps, area, r, dV, dW, Mn = sp.symbols("T K Delta PP GG eps area r dV dW Mn")

_MIX = nu * hM + (1 - nu) * hG
_NORM = nu * M + (1 - nu) * G
_GAIN = nu * M * hM + (1 - nu) * G * hG
_CURVE = (l0 + l1 * G) * S**2 / 2
_SCALED = huber(u, k * q / l0, k * q / l1)
_TOUCH, _TWO_FIFTHS = sp.Rational(250, 179), sp.Rational(2, 5)
_K = (1 + sp.Rational(8, 45) * nu * b) * (10 - b) / 9
_R = (1 + nu * b / 10) / (1 - nu * b / 10)
_BRANCH = 1 - C * k * q / (1 - B * k * b)
_SOFT = k * q / l1 * (u - l0 / l1 * lg)


def _exponential(c: Any, **user: Any) -> dict[str, Any]:
    return {"lemma": {"s": c}, "user": user}


def _descent(c: Any) -> dict[str, Any]:
    """The bound on C(c) from exp-above at c."""
    value = 2 * (sp.exp(c) - 1 - c) / c**2
    return {**_exponential(c, C=value), "times": c**2 / 2 * sp.exp(-c)}


def _factors(clauses: str, c: Any) -> Iterator[tuple[tuple[str, str], Link]]:
    """The bounds on B(c) and C(c) from exp-above at c."""
    growth = _exponential(c, B=(sp.exp(c) - 1) / c)
    yield from _rows(clauses, "exp-above-B", **growth, times=c * sp.exp(-c))
    yield from _rows(clauses, "exp-above-C", **_descent(c))


def _all() -> Iterator[tuple[tuple[str, str], Link]]:
    yield from _rows("L3-gap T1-huber", "S8a", user={"ell": s - sp.log(1 + s)})
    yield from _momentum()
    yield from _lyapunov()
    yield from _explicit()
    yield from _sharp()
    yield from _plain()
    yield from _numbers()


def _momentum() -> Iterator[tuple[tuple[str, str], Link]]:
    step = {"D": _GAIN, "S": _MIX, "u": _MIX, "x": nu * e * hM}
    yield from _rows("S5 T1-step", "S4b", user=step)
    yield from _rows("T1-second", "S5", lemma={"u": S})
    yield from _rows("T1-second LY-d", "S4c", user=step)
    yield from _rows("T1-pair", "S4f", user={"u": _MIX, "y": nu * hM})
    yield from _rows("LY-a", "S4f", user={"S": _MIX, "y": nu * hM})
    yield from _rows("T1-cross T1p-cross", "S4c", user={"DD": _GAIN, "XX": nu * e * hM, "GS": G * _MIX})
    yield from _rows("T1-linear", "S4d", user={"P": _NORM, "S": _MIX})
    yield from _rows("T1-linear", "S4e", user={"S": _MIX})
    yield from _rows("T1-start T1p-start", "T1-scale", user={"v": l0 / l1**2, "y": HUB, "H": _SCALED})
    yield from _rows("T1-start", "T1-huber", user={"y": HUB})
    yield from _rows("T1-budget T4-budget", "T1-sum", user={"start": E0 - En})
    yield from _rows("T1-budget", "T1-start", user={"start": Delta + nu * b / q * H})
    yield from _rows("T4-budget", "T4-start", user={"start": Delta + nu * b / q * H})
    yield from _rows("S7 T1p-ratio T5-shift", "T1-triangle", user={"GG": G, "PP": _NORM, "EE": e})
    tracked = b / q * (l0 + l1 * G) * S
    yield from _rows("S7", "T1-linear", user={"GG": G, "PP": sp.Symbol("P"), "EE": tracked}, times=q / b)
    normalized = {"psiM": gamma * Mn, "H": gamma * M, "Hn": gamma * Mn}
    yield from _rows("T5-energy", "T1-inner", lemma=normalized)
    yield from _rows("T4-start", "T4-scale", user={"v": l0 / l1**2, "ell": s - lg, "H": _SOFT}, times=-1)


def _lyapunov() -> Iterator[tuple[tuple[str, str], Link]]:
    yield from _rows("LY-a", "LY-track", lemma={"Vn": V, "Wn": W, "en": e})
    yield from _rows("LY-d", "LY-a", user={"x": y * e})
    yield from _rows("LY-d", "LY-b", user={"dV": (Vn**2 - V**2) / (2 * b)})
    yield from _rows("LY-d", "LY-c", user={"dW": (Wn - W) / q})
    yield from _rows("LY-e", "T1-second", user={"En": E - D + _CURVE})
    yield from _rows("LY-e", "LY-d", user={"Bn": B + l0 * dV + l1 * gamma * dW})
    yield from _rows("T7-steps", "P13-distance", lemma={"X0": x, "eps": e})
    well, gap = L0 / L1**2 * (v - 1 - lg), L0 / L1**2 * (L1 * sp.Symbol("M") / L0 - lg)
    yield from _rows("T7-start", "T7-gap", user={"v": well, "x": gap})


def _explicit() -> Iterator[tuple[tuple[str, str], Link]]:
    users = "S17a S17b C12-mean C12-shifted C12-remark-b"
    yield from _rows(users, "S9a", user={"K": _K})
    yield from _rows(users, "S9b", user={"R": _R}, times=9 * (1 - nu * b / 10))
    smaller = sp.Min(eps, gamma / (5 * eta))
    yield from _rows("S10a S10a-sharp S10b S10c C12-mean C12-shifted", "C12-eps", user={"e": smaller})
    yield from _rows("C12-branch", "S10c", user={"y": sp.Rational(53, 45) * Delta / T}, times=4 * eta * T)
    ratio = (1 + k * nu * b) / (1 - k * nu * b)
    yield from _rows("C12-mean", "S7", user={"R": ratio, "m": PP, "mean": GG}, times=1 - k * nu * b)
    shifted = {"R": ratio, "m": PP / (T + 1), "mean": GG / T}
    yield from _rows("C12-shifted", "S7", user=shifted, times=T * (1 - k * nu * b))
    yield from _rows("C12-mean", "C12-branch", lemma={"y": K * Delta / T})
    yield from _rows("C12-shifted", "C12-branch", lemma={"y": K * Delta / (T + 1)})


def _sharp() -> Iterator[tuple[tuple[str, str], Link]]:
    la = sp.log(1 + _TOUCH)
    yield from _rows("log-value", "log-above", user={"la": la}, lemma={"y": _TOUCH})
    yield from _rows("T1p-huber", "log-tangent", user={"lg": sp.log(1 + s), "la": la})
    yield from _rows("T1p-huber", "S8a", user={"lg": sp.log(1 + s)})
    yield from _rows("T1p-start", "T1p-huber", user={"ell": s - lg, "y": HUB})
    yield from _rows("T1p-budget", "T1p-sum", user={"w": _BRANCH, "start": E0 - En})
    yield from _rows("T1p-budget", "T1p-start", user={"start": Delta + nu * b / q * H})
    yield from _rows("T1p-shift", "T1-linear", user={"GG": G, "PP": sp.Symbol("P"), "LS": (l0 + l1 * G) * S})


def _plain() -> Iterator[tuple[tuple[str, str], Link]]:
    remainder = (L0 + L1 * G) * z / L1**2
    yield from _rows("T2-decrease", "conv-C", user={"Fn": F - G * S + remainder}, lemma={"c": C, "rho": S})
    yield from _rows("T3-normalized", "conv-C", user={"Fn": F - G * gamma + remainder}, lemma={"c": C, "rho": gamma})
    yield from _rows("S23", "T2-C", user={"C": 2 * (z - 1 - _TWO_FIFTHS) / _TWO_FIFTHS**2})
    yield from _rows("T2-constant", "S23", user={"w": 1 - _TWO_FIFTHS * C})
    change = -G * S + (L0 + L1 * G) * (z - 1 - L1 * S) / L1**2
    yield from _rows("T3-decrease", "T3-optimum", user={"Fn": F + change, "y": (1 + u) * ell - u}, times=-1)
    yield from _rows("T3-decrease", "T3-log", user={"y": (1 + u) * sp.log(1 + u) - u})
    short = L1 * G / (L0 + L1 * G)
    yield from _rows("T4r-decrease", "T4r-growth", user={"y": z - 1 - short}, lemma={"v": short})
    yield from _rows("T5-budget", "S19", user={"mean": GG / T, "v": (sp.Rational(1, 2) + y) * gamma})
    start = sp.Rational(4, 3) * L1 * Delta + r
    yield from _rows("T5-budget", "S14", user={"start": start}, lemma={"G": sp.Symbol("G0")})


def _numbers() -> Iterator[tuple[tuple[str, str], Link]]:
    for clause, c in (("value-B", "1/10"), ("T2-C", "2/5"), ("C12-remark-c-B", "8/25")):
        value = sp.Rational(c)
        yield from _rows(clause, "exp-above", **_exponential(value, z=sp.exp(value)), times=sp.exp(-value))
    tenth = sp.Rational(1, 10)
    yield from _rows("value-A", "exp-below", **_exponential(tenth, z=sp.exp(tenth)))
    yield from _rows("T1p-c1-0 T1p-c2-0", "exp-above-C", **_descent(sp.Rational("0.405")))
    for beta, kappa in (("0.5", "0.257"), ("0.9", "0.195"), ("0.99", "0.185"), ("0.999", "0.184")):
        yield from _factors(f"T1p-c1-{beta} T1p-c2-{beta}", sp.Rational(kappa) * (1 - sp.Rational(beta)))
    for ratio in ("0.01", "0.1", "1", "10", "100"):
        t = sp.Rational(ratio) / (1 + sp.Rational(ratio))
        yield from _rows(f"T2-k-{ratio}", "log-below", user={"lg": sp.log(1 + t)}, lemma={"y": t})
    for clause, text in (("T1p-huber-best", "1.397"), ("T1p-join-value", "0.5")):
        t = sp.Rational(text)
        yield from _rows(clause, "log-below", user={"lg": sp.log(1 + t)}, lemma={"y": t})
    one = _exponential(sp.Integer(1), x=sp.E)
    yield from _rows("T4r-e T8-area T8-gap T8-gap-sharp T8-diagonal", "exp-one", **one, times=sp.exp(-1))
    root, low = sp.Rational(43, 128), sp.Rational(3, 16)
    yield from _rows("P4-at-high", "P4-right", **_exponential(root, h=sp.exp(root)), times=sp.exp(-root))
    yield from _rows("P4-at-low", "P4-left", user={"h": sp.exp(-low)}, lemma={"y": low}, times=sp.exp(low))
    yield from _rows("T8-norm", "T8-diagonal", user={"diag": x + sp.Rational(32387, 1000) * area})


LINKS: dict[tuple[str, str], Link] = dict(_all())
"""(clause, hypothesis) -> link; a citation that is not listed is literal."""
