r"""How each hypothesis of the stochastic theory that bears the name of an earlier clause follows from that clause."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from bounds.proofs.citations import Citation
from bounds.proofs.stochastic_bias import huber
from bounds.proofs.stochastic_far import CS, K2
from bounds.proofs.stochastic_momentum import DELTA, DELTA_BAR
from bounds.proofs.stochastic_soft_tracking import hub

__all__ = ["LINKS"]

Row = tuple[tuple[str, str], Citation]

eta, tau, gamma, sigma, eps, l0, l1, L1, q, nu, om, rho, v, G, R, n, p, x, y, z = sp.symbols(
    "eta tau gamma sigma eps l0 l1 L1 q nu om rho v G R n p x y z"
)
w, s, a, f, d, k, u, W, X, Y, Q, H, HG, Hn, B, Gb, Hb, S, hm, A0 = sp.symbols(
    "w s a f d k u W X Y Q H HG Hn B Gb Hb S hm A0"
)
A1, dp, lamm, psi, quad, room, chi, c, vt, al, dP, costY, costQ, cost, bt, Lam, T, Delta, fe, p1 = sp.symbols(
    "A1 dp lamm psi quad room chi c vt al dP costY costQ cost bt Lam T Delta fe p1"
)
a1, a2, a3, a4, a5, drop, Bn, r, N, V, U, mean, shifted, Y0, Y1, k0, k1, b, K = sp.symbols(
    "a1 a2 a3 a4 a5 drop Bn r N V U mean shifted Y0 Y1 k0 k1 b K"
)
_HALF = sp.Rational(1, 2)
_D = DELTA_BAR
_R = sigma + _D * (tau + G)
_SLOPE = (l0 + l1 * G) * tau * eta
_OMEGA = {om: nu * (1 - q)}
_SHIFT = (l0 + l1 * G) * nu * (1 - q) / q * hm
_QUADRATIC = (1 + om * DELTA) / 2


def _rows(users: str, name: str, **fields: Any) -> Iterator[Row]:
    return (((user, name), Citation(**fields)) for user in users.split())


def _exponential(user: str, at: sp.Rational) -> Iterator[Row]:
    return _rows(user, "exp-upper", user={z: sp.exp(at)}, lemma={x: at}, times=sp.exp(-at))


def _all() -> Iterator[Row]:
    for user, at in (
        ("A-factor", "3/4"),
        ("L1-factor", "0.0365"),
        ("K-factor", "0.102"),
        ("R-factor", "0.0073"),
        ("T-factor", "0.027"),
        ("N-factor", "1/8"),
        ("FB-factor", "0.805"),
        ("G-variance", "1/2"),
    ):
        yield from _exponential(user, sp.Rational(at))
    yield from _rows("B7 K7 B10 B11-cost T4-hub T3-soft T8 E3", "E3-omega", user=_OMEGA)
    yield from _clipped()
    yield from _momentum()
    yield from _far()
    yield from _slides()
    yield from _soft()
    yield from _soft_momentum()
    yield from _soft_far()
    yield from _plain()


def _clipped() -> Iterator[Row]:
    yield from _rows("C0-shrink", "C0", lemma={x: (N**2 - 1 - G**2) / (2 * G), V: V**2}, times=N + V)
    yield from _rows("A2-l0 A2-l1", "A1", user={X: eta**2 * sp.Min(G**2 + v, tau**2)}, times=1 / eta**2)
    pieces = {w: sp.Min(G, tau), psi: eta * G * sp.Min(G, tau)}
    yield from _rows("A2", "A2-l0", user=pieces)
    yield from _rows("A2", "A2-l1", user=pieces)
    yield from _rows("A-step", "A2", user={quad: (l0 + l1 * G) * X / 2})
    value = (1 - (l0 + l1 * tau) * eta / 2) * eps**2 - eta * v / 2 * (l0 + l1 * eps)
    bias = sigma / (2 * tau)
    yield from _rows("A5-count", "A5", user={room: value})
    yield from _rows("A5b-count", "A5b", user={room: value - bias * eps**2, chi: 1 - bias})
    clip, potential = sp.Min(eta * u, gamma), huber(u)
    yield from _rows("E2-potential", "E1a", user={H: potential, hm: clip})
    yield from _rows("B7-potential", "E1d", user={HG: potential, G: u})
    yield from _rows("A-mean", "A-count", lemma={room: a * eps**2 - eta * v / 2 * (l0 + l1 * eps)})


def _momentum() -> Iterator[Row]:
    yield from _rows("D2 D3 D4-change", "D1", user={X: _SLOPE})
    potential = rho * l0 * eta * nu * (1 - q) / q**2 * (Hn - H)
    load = {**_OMEGA, A0: l0 * eta / q}
    yield from _rows("B-near", "B-near-steps", user={Q: (l0 + l1 * G) * eta**2}, times=1 / (_QUADRATIC * eta))
    yield from _rows("B-near", "B-potential", user={**load, dP: potential}, lemma={HG: eta * G**2 / 2})
    noise = rho * om * l0 * eta**2 * v / 2
    yield from _rows(
        "B-far-potential",
        "B-potential",
        user={x: rho * nu * (1 - q) * l0 * eta / q * (HG - H), y: noise.subs(om, nu * (1 - q)), dP: potential},
    )


def _far() -> Iterator[Row]:
    yield from _rows("B5-gamma", "B5", user={R: _R})
    yield from _rows("B6-gamma", "B6", user={R: _R, x: G - _R})
    yield from _rows("B-clipped", "B-angle", user={x: gamma * p / n}, lemma={x: CS * G}, times=n / gamma)
    yield from _rows("B7-shift Z-loss", "B-Y", user={**_OMEGA, Y: _SHIFT})
    yield from _rows("B7-quadratic", "D1", user={Q: _SLOPE})
    yield from _rows("B7-noise", "B7b", user={gamma: tau * eta, v: sigma**2})
    yield from _rows("B-far-potential", "B7-potential", user={x: rho * om * A0 * (HG - H)})
    yield from _rows("B-far-potential", "B7-noise", user={y: rho * om * q * A0 * eta * v / 2})
    yield from _rows("B-far", "B7-shift", user={costY: Y * W})
    yield from _rows("B-far", "B7-quadratic", user={costQ: _QUADRATIC * Q * W**2 / gamma})
    yield from _rows("B-far", "B-mix", user={p: nu * x + (1 - nu) * y})
    bracket = (1 + om * (rho + DELTA)) * l0 + (1 + om * DELTA) * l1 * eps
    yield from _rows("B-mean", "B-count", lemma={room: a * eps**2 - eta * v / 2 * bracket})
    rho_b = sp.Rational(1, 38)
    yield from _rows("L1-room", "L1-rho", user={c: (1 + om * (rho_b + DELTA)) * l0 + (1 + om * DELTA) * l1 * eps})
    inner = dp * lamm * (1 + q * DELTA) + q * DELTA
    yield from _rows("D4-new D4-old", "D4-change", user={y: inner})
    yield from _rows("D4-new D4-old", "D4", user={y: inner})
    yield from _rows("Z-loss", "D1", user={x: _SLOPE})
    yield from _rows("Z-loss", "Z-length", times=1 / q)
    loss = sp.Rational(1016, 10000)
    yield from _rows("Z-step", "B10", user={drop: (1 + vt) * (CS - loss) - K2 * (1 + loss)})


def _slides() -> Iterator[Row]:
    step = {eta: gamma / (5 * sigma)}
    yield from _rows("R-H0 R-a R-a-tenth", "R-step", user=step)
    yield from _rows("R-radius", "R-H1", lemma={l1: sp.Rational(101, 100) * L1})
    noise0, noise1 = l0 * gamma / (5 * sigma) * sigma**2, l1 * gamma / (5 * sigma) * sigma**2
    yield from _rows("R-n", "R-noise0", user={p: noise0})
    yield from _rows("R-p", "R-noise1", user={p: noise1})
    least = 1 - (sp.Rational(1, 8) + 8) / 2 * (l0 * eta + l1 * gamma) / q
    yield from _rows("R1 R2 R-slope", "R-a", user={a: least})
    yield from _rows("R1-tenth R2-tenth", "R-a-tenth", user={a: least})
    bracket = 1 + om * (sp.Rational(1, 8) + DELTA)
    yield from _rows("R1 R2 R1-tenth R2-tenth", "R-n", user={n: bracket * p / 2})
    yield from _rows("R1 R2 R1-tenth R2-tenth R-slope", "R-p", user={p: (1 + om * DELTA) * p / 2})
    yield from _rows("R1 R1-tenth", "R-T", user={Lam: Delta / (eta * T)})
    n41 = (1 + om * (rho + DELTA)) * l0 * eta * v / 2
    p41 = (1 + om * DELTA) * l1 * eta * v / 2
    for user, point in (("R1", "0.67"), ("R1-tenth", "0.64")):
        yield from _rows(
            user,
            "B-average",
            user={Lam: Delta / (eta * T), n: n41, p: p41},
            lemma={eps: sp.Rational(point) * eps},
        )
    yield from _rows(
        "R-points",
        "B-average",
        user={n: n41 + a * eps**2 / 4, k: a * eps - p41},
        lemma={eps: eps / 2, T: T + 1},
    )
    yield from _rows("R-points", "B-shifted", user={S: mean, U: shifted}, times=1 / T)
    yield from _rows("R2 R2-tenth", "R-points", lemma={n: n + a * eps**2 / 4, k: a * eps - p})


def _soft() -> Iterator[Row]:
    yield from _rows("S1-correction", "S1-soft", user={d: n - G}, times=2 * G)
    moment = {y: 1 / (1 + G), v: n**2 - G**2, X: n**2 / (1 + n) ** 2}
    yield from _rows("S2-l0 S2-l1", "S2-soft", user=moment)
    terms = {s: 4 * (l0 + l1 * tau) * eta, n: sp.Rational(5, 3) * (l0 + l1 * eps) * eta * v / eps**2, x: eps / tau}
    yield from _rows("S3-soft", "S3-share", user=terms)
    yield from _rows("S3-left", "S3-soft", lemma={x: eps / tau})
    yield from _rows("S3-left", "S3-b", user={u: l1 * eps * eta * v}, times=1 / eps)
    yield from _rows("S3-jensen", "S3-left", user={chi: 1 - s / 8})
    yield from _rows("S3-positive", "S3-left", user={K: (1 - s / 8) * eps - b})
    yield from _rows("S3-mean", "S3-positive", lemma={K: chi * eps - b})
    yield from _rows("S3-jensen", "S3-count", user={Lam: Delta / (eta * T)})
    yield from _rows("T2-far", "T-far", user={gamma: tau * eta})
    yield from _rows("T1-drift", "D3", lemma={sigma: 0, f: B})
    averaged = (1 - (1 - DELTA) * q) * Gb + (1 - DELTA) * q * G
    yield from _rows("T1-soft", "T2-soft", user={Gb: averaged}, lemma={Bn: _D * B}, times=_D)
    yield from _rows("T1-soft", "T1-drift", lemma={B: _D * B}, times=_D)


def _soft_momentum() -> Iterator[Row]:
    huber = {Hb: hub(Gb, tau)}
    yield from _rows("T4-bias", "T1-soft", user=huber, lemma={B: B / _D}, times=1 / _D**2)
    squares = {v: sigma**2, x: B**2}
    yield from _rows("T4-b2-noise", "T1-soft", user={**huber, **squares}, lemma={B: B / _D}, times=1 / _D**2)
    bias = {S: (5 + 8 * _D**2) * sigma**2 / tau, bt: eta / tau * (5 * sigma**2 + 4 * B**2)}
    yield from _rows("T4-G T4-Y0b", "T4-bias", user=bias)
    yield from _rows("T4-Y0b", "T4-shift0", user={**_OMEGA, Y0: l0 * nu * (1 - q) / q * hm})
    yield from _rows("T4-Y1h T4-Y1b", "T4-shift1", user={**_OMEGA, Y1: l1 * G * nu * (1 - q) / q * hm})
    yield from _rows("T4-b2", "T1-drift", user={x: B**2}, times=1 / (2 * _D * tau + B))
    yield from _rows("T4-b2-noise", "T4-b2", user={y: (5 * v + 4 * x) ** 2 / tau**2}, times=tau**2)
    yield from _rows("T4-b2-quadratic", "T-near", user={Q: (l0 + l1 * G) * eta})
    share = sp.Rational(50, 900) + 256 * _D**4
    yield from _rows("T4-b2-quadratic", "T4-b2-noise", user={z: v * share, bt: eta * sp.sqrt(y)}, times=1 / eta**2)
    user = "T-near-step"
    yield from _rows(user, "T4-soft", user={a1: om * A0 * (_HALF + om * A0) * H}, times=1 / H)
    load = 16 + 16 * om * (A0 + A1) + (1 + om * DELTA) * 512 * q * DELTA * _D**2
    yield from _rows(user, "T4-hub", user={a2: _D**2 * eta * Hb * load}, times=1 / (_D**2 * eta * Hb))
    yield from _rows(
        user, "T3-soft", user={a3: psi * (om * (A0 + A1) + (1 + om * DELTA) * q * (A0 + A1))}, times=1 / psi
    )
    yield from _rows(user, "T5", user={a4: Q * eta * v * (1 + om * DELTA) * (_HALF + share)}, times=1 / (Q * eta * v))
    yield from _rows(user, "T5-S", user={a5: (1 + om * A1) * eta * S * G})


def _soft_far() -> Iterator[Row]:
    yield from _rows("T7-cosine", "T7-ratio", user={R: _R})
    yield from _rows("T7-monotone", "B-inner", user={n: p, r: G - R})
    yield from _rows("T7-buffer", "T7", user={r: G - _R, R: _R})
    yield from _rows("T7-mix", "T7-buffer", user={x: eta * p, gamma: tau * eta}, times=1 / eta)
    gradient = gamma * sp.Rational(999, 1000) * (G - sigma) / (tau + G - sigma)
    yield from _rows("T7-mix", "T7c", user={y: gradient}, times=(tau + G - sigma) / gamma)
    length = gamma * (1 + (sigma + _R) / (tau + G - _R))
    yield from _rows("T8-shift T8-quadratic", "T7-length", user={W: length}, times=(tau + G - _R) / gamma)
    shift = (l0 + l1 * G) * nu * (1 - q) / q * sp.Symbol("hh")
    yield from _rows("T8-shift", "T8-Y", user={**_OMEGA, Y: shift})
    yield from _rows("T8-quadratic", "T-far", user={Q: _SLOPE, gamma: tau * eta})
    user = "T-far-step"
    yield from _rows(user, "T7-mix", user={p: nu * x + (1 - nu) * y})
    yield from _rows(user, "T8-shift", user={costY: Y * W})
    yield from _rows(user, "T8-quadratic", user={costQ: _QUADRATIC * Q * W**2 / gamma}, times=1 / _QUADRATIC)
    noise = sp.Rational(21, 80) * om * q * A0 * eta * sigma**2
    yield from _rows(user, "T8-noise", user={cost: noise, gamma: tau * eta})
    loss = sp.Rational(61, 40) * (A0 + A1) + 17 * _D**2
    yield from _rows("T9 T6", "T3-loss", user={y: loss})
    ratio = eps / tau
    slope, value = {p1: (2 + ratio) * eps / (1 + ratio) ** 2}, {fe: eps**2 / (1 + ratio)}
    yield from _rows("T9", "T9-slope", user=slope)
    yield from _rows("T9 T10-mean", "T9-origin", user={**slope, **value})
    yield from _rows("T10-room", "T10-T", user={Lam: Delta / (eta * T)})
    yield from _rows("T6", "T9-value", user=value)
    bias = 5 + 8 * _D**2
    yield from _rows("T6", "T6-S", user={S: bias * v / tau})
    terms = {
        s: 40 * (l0 + l1 * tau) * eta / q,
        n: sp.Rational(5, 2) * (l0 + l1 * eps) * eta * v / eps**2,
        x: ratio,
        w: v / (tau * eps),
    }
    yield from _rows("T10", "T6-share", user=terms)
    placed = {
        y: sp.Rational(61, 1600) * s + 17 * _D**2,
        fe: eps**2 / (1 + x),
        S: bias * w * eps,
        k0: n * eps**2 / 3 - k1 * eps,
    }
    yield from _rows("T10-room", "T10", user=placed, times=(1 + x) / eps**2)


def _plain() -> Iterator[Row]:
    yield from _rows("N-average", "N-sum", user={Lam: Delta / (k * q * T)}, lemma={gamma: k * q})
    left = eps - x - 2 * k * (l0 + l1 * eps)
    yield from _rows("N-mean", "N-count", user={Lam: Delta / (gamma * T)}, lemma={z: left})
    yield from _rows("N-mean", "N-average", user={x: 2 * sigma * w})
    yield from _rows("N4", "N-average", lemma={k: gamma / q, Lam: Delta / (gamma * T)})
    yield from _rows("F-mean", "F-average", user={Lam: Delta / (eta * T)})
    yield from _rows("F-mean", "F-count", user={Lam: Delta / (eta * T)})
    at = sp.Rational(805, 1000)
    yield from _rows("FB-step", "FB-factor", user={c: 2 * (z - 1 - at) / at**2})
    yield from _rows("H-unclipped", "H-stay", lemma={x: z})
    yield from _rows("H-large", "H-variance", user={V: al * (1 - w**2) / (2 - al) * sigma**2})


LINKS: dict[tuple[str, str], Citation] = dict(_all())
"""(clause, hypothesis) -> citation; one that is not listed is literal."""
