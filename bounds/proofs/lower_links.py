r"""How each hypothesis of the lower-bound theory that bears the name of an earlier clause follows from that clause."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from bounds.proofs.citations import Citation

__all__ = ["LINKS"]

L0, L1, G, s, v, lg, lam, eps, gamma, w, h, b, c, zeta, d, f1, s1, q = sp.symbols(
    "L0 L1 G s v lg lam eps gamma w h b c zeta d f1 s1 q"
)
dn, head, pair, E, t, F, Fn, wm, level, P = sp.symbols("dn head pair E t F Fn wm level P")
_HALF = sp.Rational(1, 2)
_WELL, _GAP = L0 / L1**2 * (v - 1 - lg), L0 / L1**2 * (L1 * G / L0 - lg)


def _link(clause: str, name: str, **fields: Any) -> tuple[tuple[str, str], Citation]:
    return (clause, name), Citation(**fields)


def _all() -> Iterator[tuple[tuple[str, str], Citation]]:
    yield _link("A-increasing", "A-rate", user={"r": (1 - L0 / (L0 + L1 * G)) / L1}, times=1 / (L0 + L1 * G))
    yield _link("A-drop", "A-well", user={"W": _WELL, "D": _GAP})
    ratio = {"D": L0 / L1**2 * (lam - lg)}
    yield _link("A1-ratio", "A1-gap", user=ratio, times=1 / (L0 * lam**2))
    yield _link("A1-most", "A1-log", user={"lg": sp.log(1 + lam)})
    yield _link("A2-tangent", "A2-exp", user={"w": sp.exp(-L1 * h)}, lemma={"x": L1 * h})
    yield _link("LB-level", "LB-partial", user={"c": f1 + w / 2 * s1})
    yield _link("LB-sum", "LB-pair", user={"pair": d**2 + dn**2})
    yield _link("LB-mixed", "LB-sum", user={"head": head + pair})
    bent = {"S": (c + b * t) ** 2, "A": c**2 - b**2 * zeta**2, "B": 2 * b * c + 2 * b**2 * zeta}
    yield _link("C2-wide", "C2-bend", user=bent)
    yield _link("C2-wide", "C2-least", lemma={"a": sp.Symbol("A") + 1 - level})
    straight = {"S": (c + b * t) ** 2, "A": c**2, "B": 2 * b * c}
    yield _link("C2-narrow", "C2-bend", user=straight, lemma={"zeta": sp.Integer(0)})
    # q is the partial derivative of F, which is eps/gamma times that of f.
    revealed = {"q": eps / gamma * d, "e": eps}
    yield _link("S-T10", "LD-next", user={**revealed, "level": gamma**2}, times=1 / (gamma * eps * (1 + d)))
    for clause in ("SB-success", "SB-failure"):
        yield _link(clause, "LD-next", user=revealed, times=1 / gamma)
    yield _link("SP-factor", "SP-taylor", user={"E": sp.exp(_HALF)}, lemma={"y": _HALF})
    yield _link("SP-B3", "SP-factor", user={"C": 8 * (E - sp.Rational(3, 2))})
    yield _link("SP-T12", "SP-B3", user={"EF": F, "EFn": Fn, "wm": sp.Symbol("w")})


LINKS: dict[tuple[str, str], Citation] = dict(_all())
"""(clause, hypothesis) -> its citation; an absent pair is the goal of the cited clause word for word."""
