r"""Which steps prove which stochastic record: clause identifiers and written lemmas, in the order of the proof.

A written lemma is a step of analysis with a complete proof in words, at the place given in :data:`WRITTEN`; every other
name is the identifier of a clause of :mod:`bounds.proofs.stochastic`.
"""

from __future__ import annotations

from bounds.proofs.stochastic_bias import DOC

__all__ = ["STATEMENTS", "STEPS", "WRITTEN"]

_DETERMINISTIC = "docs/theory/deterministic.md, "

WRITTEN: dict[str, tuple[str, str]] = {
    "smooth-relaxed": (
        "(S) implies (R) with l_i = B(c) L_i up to the distance c/L1",
        _DETERMINISTIC + "Lemma 1 and Section 2, (2.1)",
    ),
    "smooth-descent": (
        "(S) implies the descent inequality with l_i = C(c) L_i up to the distance c/L1",
        _DETERMINISTIC + "Lemma 2 and Section 2, (2.1)",
    ),
    "segment-integral": (
        "(R) implies (D): F(y) - F(x) - <g, y - x> is the integral of <grad F - g, y - x> along the segment",
        _DETERMINISTIC + "Section 1, (D)",
    ),
    "factor-monotone": ("B and C increase with c", _DETERMINISTIC + "Section 2, conversion factors"),
    "finite-expectations": ("all expectations are finite", DOC + "Section 1; for plain SGD Theorem F"),
    "cauchy-schwarz": ("|<v, w>| <= |v| |w|, and the triangle inequality", _DETERMINISTIC + "Section 5"),
    "orthogonal-split": ("|v|^2 is the sum of the squares along u and orthogonal to u", DOC + "Lemma C"),
    "mean-zero": ("E l(<u, xi>) = l(0) for affine l, since E xi = 0", DOC + "Lemma C"),
    "jensen-concave": ("E min(|g|^2, tau^2) <= min(E|g|^2, tau^2), and E|g|^2 <= G^2 + sigma^2", DOC + "Section 3"),
    "telescoping": (
        "conditional expectations of E_t Phi_{t+1} <= Phi_t - d_t, summed over t < T, give E sum d_t <= Phi_0 - inf F",
        DOC + "Theorem A",
    ),
    "induction": ("a bound that holds at 0 and passes from t to t + 1 holds for all t", DOC + "Theorem B, step 1"),
    "projection-lipschitz": (
        "h/eta is the projection onto a ball, so it is nonexpansive, and by the further factor tau/r beyond radius r",
        DOC + "Section 1, (h5), and Theorem B, step 4",
    ),
    "convex-potential": (
        "H is convex with an eta-Lipschitz gradient h: E H(y + q xi) <= H(y) + eta q^2 sigma^2/2, and H of an average",
        DOC + "Theorem B, (4.6)",
    ),
    "conditional-mean": ("z_t does not depend on xi_t, so E_t <grad F(z_t), xi_t> = 0", DOC + "Theorem B, step 3"),
    "potential-nonnegative": ("Phi_T >= inf F because H >= 0", DOC + "Theorem B, step 5"),
    "superadditive": ("v -> <u, v> - Z |v| is superadditive and positively homogeneous", DOC + "Theorem B', decrease"),
    "variance-bound": ("E|| |g| - G | |xi| | <= E|xi|^2 <= v, and E|g| <= sqrt(G^2 + v)", DOC + "Section 6, (6.2)"),
    "jensen-pi": ("pi(mean) <= mean of pi for the convex pi", DOC + "Theorem D"),
    "taylor": ("|h(v') - h(v) - Dh(v)(v' - v)| <= (eta/tau)|v' - v|^2", DOC + "Theorem D', step 2"),
    "lipschitz-variance": (
        "a function that is eta-Lipschitz in xi has variance at most eta^2 sigma^2",
        DOC + "Theorem D'",
    ),
    "mean-value-jacobian": (
        "h(m') - h(m) = A (m' - m) with 0 <= A <= eta/(1 + r/tau) where the segment stays beyond radius r",
        DOC + "Theorem D', step 5",
    ),
    "martingale-orthogonality": ("E|sum c_s xi_s|^2 <= sum c_s^2 sigma^2", DOC + "Theorem E"),
    "geometric-double-sum": (
        "the sum over s < t < T of beta^(t-s) a_s is at most beta/q sum of a_s",
        DOC + "Theorem E",
    ),
    "gradient-integrable": ("G^2 <= 2 L (F - inf F), so E G_t^2 is finite", DOC + "Theorem F"),
    "symmetric-mean": ("E|c + X| >= max(|c|, E|X|) for symmetric X", DOC + "Theorem H, (I)"),
    "sign-moments": ("E X^4 <= 3 (E X^2)^2 for sums of signs, and Hoelder's inequality", DOC + "Theorem H, (I)"),
    "huber-slope": (
        "the Huber function has slope e to the right of e/L0, and steps are at most eta e",
        DOC + "Theorem H",
    ),
    "slope-limit": ("the bound is continuous in the slope e as e decreases to eps", DOC + "Theorem H, (II)"),
    "rare-progress": ("P(J_t >= N) <= t p/N by Markov's inequality; support grows by one", DOC + "Theorem G, progress"),
}


def _chain(*parts: tuple[str, ...]) -> tuple[str, ...]:
    """The parts in order, each step once, at its first place."""
    return tuple(dict.fromkeys(step for part in parts for step in part))


_SETTING = ("exp-upper", "finite-expectations")
_RELAXED = (*_SETTING, "smooth-relaxed", "factor-monotone", "segment-integral")
_BIAS = (
    *("orthogonal-split", "C0", "C0-shrink", "C0-back", "C1", "C1b", "C2-factor", "C2", "C2b"),
    *("C3-factor", "C3", "C3b", "C-join", "mean-zero", "C4", "C4b"),
)
_CLIPPED = (
    *_SETTING,
    *("A-radius", "A-factor", "smooth-descent", "factor-monotone"),
    *_BIAS,
    *("A-threshold", "jensen-concave", "A1", "A2-l0", "A2-l1", "A2", "A-step"),
)
_CLIPPED_END = ("telescoping", "A-sum", "A-count", "A6", "A-mean")
_HARD = ("E1a", "E1b", "E1c", "E1d", "projection-lipschitz", "convex-potential", "cauchy-schwarz")
_DRIFT = ("D1", "D2-sign", "D2-fixed", "D2-start", "D2", "D3", "D3-rate", "induction")
_ENERGY = ("B-unclipped", "B-shift", "B-Y", "B-Y-slope", "B-radius", "B-potential")
_NEAR = (
    *("B1", "conditional-mean", "E2", "E2-potential", "E3P", "E3-omega", "E3", "B-near-steps", "B-near"),
    "B-near-noise",
)
_FAR_START = ("B2", "B3", "B-angle", "B-inner", "B4", "B5", "B6")
_FAR = (
    *_FAR_START,
    *("B5-gamma", "B6-gamma", "B-half-clipped", "B-clipped", "B8", "B8-gradient", "B-mix", "B-length", "B7b", "B7"),
    *("B7-shift", "B7-quadratic", "B7-potential", "B7-noise", "B-far-potential", "B-far", "B9"),
)
_START = ("I1-quadratic", "I1-potential", "I1")
_FRAMEWORK_END = ("B9-near", "telescoping", "potential-nonnegative", "B-average")
_B1 = ("L1-a", "L1-rho", "L1", "L1-room", "L1-count", "B-count", "A6", "B-mean")
_HYPOTHESES = (*_RELAXED, "L1-step", "L1-clip", "L1-radius", "L1-factor", "L1-balls")
_ZERO = (
    *("D1", "D4-sign", "D4", "D4-average", "D4-change", "D4-new", "D4-old", "induction"),
    *_ENERGY,
    *_NEAR,
    *("B2", "B3", "B-angle", "B-inner", "B4", "Z-R", "Z-change", "Z-split", "Z-short", "Z-long", "Z-contract"),
    *("B-half-clipped", "B8", "B8-gradient", "Z-length", "Z-loss", "superadditive", "B10", "B11", "B11-cost"),
    *("Z-pieces", "B7b", "B7-potential", "B7-noise", "B-far-potential", "Z-step", "B12"),
)
_SLIDES = (
    *_RELAXED,
    *("R-noise0", "R-step", "R-clip", "R-noise1", "R-H0", "R-H1", "R-radius", "R-factor", "L1-balls", "R-tau"),
    *_HARD,
    *_DRIFT,
    *_ENERGY,
    *_NEAR,
    *_FAR,
    *_START,
    *_ZERO,
    *_FRAMEWORK_END,
    *("R-a", "R-n", "R-p", "R-T"),
)
_SOFT_H = ("E1a-soft", "E1b-soft", "E1c-soft", "E-soft-slope")
_SOFT_FRAMEWORK = (
    *_RELAXED,
    *("T10-condition", "T-radius", "T-factor"),
    *_SOFT_H,
    *("cauchy-schwarz", "convex-potential", "T11", "T-near", "T-far", "B-unclipped", "B-shift", "D1", "B-Y"),
    *("B-Y-slope", "B-radius", "B-potential", "D2-sign", "D2-fixed", "D2", "D3", "D3-rate", "induction"),
    *("T-split", "T-noise", "T-length", "T2-near", "T2-far", "T2-soft", "T1-drift", "T1-soft"),
    *("T1-tangent", "T1-convex", "T-buffer", "T-jacobian", "T-jacobian-shrink", "taylor", "conditional-mean", "T-bias"),
    *(
        "T-square",
        "lipschitz-variance",
        "T-near-length",
        "T4-shift0",
        "T4-shift1",
        "T4-bias",
        "T4-G",
        "T4-Y0h",
        "T4-Y1h",
        "T4-Y0b",
        "T4-Y0",
    ),
    *("T4-Y1b", "T4-quadratic", "T4-b2", "T4-b2-noise", "T4-b2-quadratic", "E3-omega", "T4-soft", "T4-hub", "T3-soft"),
    *("T3-loss", "T5", "T5-hub", "T5-S", "T-near-step"),
    *("T7-ratio", "T7-cosine", "B-angle", "B-inner", "T7-monotone", "mean-value-jacobian", "T7", "T7-buffer"),
    *(
        "T7c-cosine",
        "T7c",
        "T7-mix",
        "T7-length",
        "T8-Y",
        "T8-shift",
        "T8-quadratic",
        "T8-noise",
        "T8-potential",
        "T8",
        "T-far-step",
    ),
    *("T9-tangent", "T9-slope", "T9-origin", "T9", *_START),
    *("telescoping", "potential-nonnegative", "T6-share", "T10", "T10-T", "T10-room", "T10-mean"),
)
_SGD = ("segment-integral", "gradient-integrable", "F-step", "telescoping", "F-average", "F-count", "G1", "F-mean")

STEPS: dict[str, tuple[str, ...]] = {
    "clipped-sgd": _chain(_CLIPPED, ("A-chi", "A4", "A4-near"), _CLIPPED_END),
    "clipped-sgd-small-threshold": _chain(_CLIPPED, ("A-chi", "A3", "A-bias-small"), _CLIPPED_END),
    "framework-stochastic": _chain(_HYPOTHESES, _HARD, _DRIFT, _ENERGY, _NEAR, _FAR, _START, _FRAMEWORK_END, _B1),
    "framework-stochastic-zero-start": _chain(_HYPOTHESES, _HARD, _ZERO, _FRAMEWORK_END, _B1),
    "framework-stochastic-slides-first": _chain(_SLIDES, ("R1",)),
    "framework-stochastic-slides-proved": _chain(_SLIDES, ("R-slope", "B-shifted", "R-points", "R2")),
    "soft-clipped-sgd": _chain(
        (*_SETTING, "S-radius", "A-factor", "smooth-descent", "factor-monotone", "cauchy-schwarz"),
        ("E-soft-slope", "variance-bound", "S1-soft", "S1-split", "S1-correction"),
        ("S2-soft", "S2-shrink", "S2-l0", "S2-l1", "S-step", "telescoping", "S-convex", "S-tangent", "jensen-pi"),
        (
            "S3-b",
            "S3-share",
            "S3-soft",
            "S3-left",
            "S3-positive",
            "S3-count",
            "S3-jensen",
            "S3-mean",
        ),
    ),
    "soft-framework-stochastic": _chain(_SOFT_FRAMEWORK),
    "normalized-sgd-momentum": _chain(
        (*_RELAXED, "N-range", "N-factor", "cauchy-schwarz", "N1", "N-step", "N-unroll"),
        ("martingale-orthogonality", "N-variance", "geometric-double-sum", "N2", "telescoping", "N-sum", "N-average"),
        ("N-count", "N-mean"),
    ),
    "sgd": _chain(_SGD),
    "sgd-gradient-bound": _chain(
        (*_SETTING, "FB-radius", "smooth-descent", "factor-monotone", "FB-c", "FB-c-max", "FB-factor", "FB-step"),
        ("FB-smooth", *_SGD),
    ),
    "clipped-sgd-own-lower": (
        *("H-step", "H-stay", "H-unclipped", "symmetric-mean", "H-start", "H-series", "H-variance", "sign-moments"),
        *("H-moment", "H-large", "H-room", "huber-slope", "H-walk", "slope-limit", "H-count"),
    ),
}
"""Record key -> its steps. A step occurs once, where it is first needed."""

STATEMENTS: dict[str, tuple[str, ...]] = {
    "Lemma C, equality": ("C-sharp",),
    "Theorem A, cases 3 and 4 (explicit steps)": (
        *("A5-step", "A5-short", "A5", "A5-count", "A5b", "A5b-count", "A5b-eight"),
    ),
    "Corollary B1, remark 1": ("L1-leading",),
    "Corollary B1, remark 3": (
        *("K1", "K2", "K3", "K4", "K5", "K6", "E3-omega", "K7", "K8", "K8-rho", "K9", "exp-upper", "K-factor"),
    ),
    "Theorem R', eps <= sigma/10": ("R-a-tenth", "R1-tenth", "R2-tenth"),
    "Section 5, the literal form under a normalisation": ("R-literal-step", "R-literal-ratio", "R-literal-a"),
    "Theorem D', the general claim": ("T9-value", "T6-S", "T6", "T6-room"),
    "Theorem E, explicit parameters": ("N3", "N3-beta", "N3-noise", "N4-count", "N-radius", "N-average", "N4"),
    "Theorem H, long steps": ("H-long-step", "H-long-unclipped", "H-long-mean"),
    "Section 5, the literal form without a normalisation": ("R-cycle-slope", "R-cycle"),
    "Section 6, a soft threshold proportional to the noise": ("stall-soft",),
    "Section 10, thresholds below the noise level": ("stall-walk", "stall-skew", "stall-skew-low"),
    "Theorem G": ("exp-upper", "G-variance", "G-oracle", "G-gap", "rare-progress", "G-count"),
}
"""Statements of the document that no record asserts -> their further steps."""
