r"""Which steps prove which record: clause identifiers and written lemmas, in the order of the proof.

A written lemma is a step of analysis with a complete proof in words, at the place given in :data:`WRITTEN`; every other
name is the identifier of a clause of :mod:`bounds.proofs.deterministic`.
"""

from __future__ import annotations

from bounds.proofs.deterministic_growth import DOC

__all__ = ["STATEMENTS", "STEPS", "WRITTEN"]

WRITTEN: dict[str, tuple[str, str]] = {
    "dini-comparison": (
        "a continuous function whose upper right Dini derivative is nowhere positive is nonincreasing; "
        "mirrored, nowhere negative lower derivatives make it nondecreasing",
        DOC + "Lemma 1 and Lemma 3",
    ),
    "segment-integral": (
        "F(y) - F(x) - <g, y - x> is the integral of <grad F - g, y - x> along the segment from x to y",
        DOC + "Section 1, (D), and Lemma 2",
    ),
    "monotone-derivative": ("a function with nonnegative derivative is nondecreasing", DOC + "Section 2, (2.1)"),
    "small-radius": ("(R) implies (S) with the same constants: let y tend to x", DOC + "Section 1"),
    "gradient-flow": (
        "the unit-speed antigradient flow exists while p > 0, and F drops along it by the integral of p",
        DOC + "Lemma 3",
    ),
    "change-of-variables": ("the integral of p(t) over time is the integral of p/(L0 + L1 p) over p", DOC + "Lemma 3"),
    "structure-1d": ("in dimension one (S) holds exactly when z is 1-Lipschitz", DOC + "Section 3"),
    "well-primitive": ("along a stretch on which z has slope one, f changes by W(end) - W(start)", DOC + "Section 3"),
    "cauchy-schwarz": ("|<v, w>| <= |v| |w|, and the triangle inequality", DOC + "Section 5, (h2)"),
    "vanishing-constant": (
        "(S) with (L0, L1) implies (S) with larger constants, so L0, L1 > 0 may be assumed: the other cases are limits",
        DOC + "Section 1",
    ),
    "radial-convexity": (
        "a convex nondecreasing function of the norm is convex, with the gradient h; at v0 = 0 it is least",
        DOC + "Section 5, (h2)",
    ),
    "monotone-integral": ("an integral is monotone in its integrand", DOC + "Theorem 1, step 5, and Theorem 4"),
    "unrolling": ("e_t <= beta (e_(t-1) + a_(t-1)), e_0 = 0 gives e_t <= sum of beta^(t-s) a_s", DOC + "(6.6)"),
    "geometric-double-sum": (
        "the sum over s < t < T of beta^(t-s) a_s is at most beta/q times the sum of a_s, and likewise with a_t",
        DOC + "Theorem 1, steps 3 and 6",
    ),
    "telescoping": ("summing E_(t+1) <= E_t - d_t over t < T gives the sum of d_t <= E_0 - E_T", DOC + "Theorem 1"),
    "potential-nonnegative": ("E_T >= inf F because H >= 0", DOC + "Theorem 1, step 4"),
    "jensen": ("phi(mean) <= mean of phi for convex phi", DOC + "Theorem 1, step 7"),
    "all-above": ("if every G_t > eps, then the sum of psi(G_t) > T psi(eps)", DOC + "Theorem 2"),
    "T2-close": ("the decreases, the potential and the condition on T give mean G_t <= eps", DOC + "Theorem 2"),
    "mean-above-min": ("the smallest of T numbers is at most their mean", DOC + "Theorem 1, remark 4"),
    "segment-continuity": ("the segment of a step cannot leave the sublevel set while F decreases", DOC + "Theorem 6"),
    "slope-limit": ("n(e) tends to n(eps) as e decreases to eps", DOC + "Theorem 7"),
    "reflection": ("f(-x) has the same constants, so f'(x0) < 0 may be assumed", "docs/theory/lower.md, Theorem 10"),
    "tridiagonal-norm": (
        "a symmetric tridiagonal matrix has norm at most its largest diagonal entry plus twice the largest other one",
        DOC + "Theorem 8, smoothness",
    ),
    "one-sided-links": (
        "Psi(x) Psi(-x) = 0, so at most one term of each link is active, and the other is nonnegative",
        DOC + "Theorem 8, gap and smoothness",
    ),
    "first-small-coordinate": (
        "at the first coordinate below one all contributions to the partial derivative have one sign",
        DOC + "Theorem 8, large gradient",
    ),
    "support-induction": ("zero-respecting iterates have support in the first t coordinates", DOC + "Theorem 8, chain"),
    "pi-enclosure": ("pi <= 3.1416", DOC + "Theorem 8, gap"),
    "integer-part": ("floor(x) <= x < floor(x) + 1", DOC + "Theorem 8"),
}


def _chain(*parts: tuple[str, ...]) -> tuple[str, ...]:
    """The parts in order, each step once, at its first place."""
    return tuple(dict.fromkeys(step for part in parts for step in part))


_LEMMA_1 = ("vanishing-constant", "cauchy-schwarz", "L1-triangle", "L1-rate", "dini-comparison", "L1-unwind")
_LEMMA_2 = (*_LEMMA_1, "L2-primitive", "segment-integral")
_CONVERT_B = (*_LEMMA_1, "P1a", "monotone-derivative", "conv-B")
_CONVERT_C = (*_LEMMA_2, "P1b", "monotone-derivative", "conv-C")
_LEMMA_3 = (
    *_LEMMA_1,
    "L3-flow",
    "dini-comparison",
    "L3-compare",
    "L3-ode",
    "L3-positive",
    "gradient-flow",
    "L3-integrand",
    "change-of-variables",
    "S8a",
    "L3-gap",
)
_GRADIENT_BOUND = (*_LEMMA_3, "L3-square", "S14")
_ENERGY = ("T1-buffer", "T1-inner", "segment-integral", "T1-energy")
_FIRST_FOUR = (
    *_ENERGY,
    *("S4b", "T1-step", "S4c", "S4e", "S5", "T1-second"),
    *("T1-error", "cauchy-schwarz", "unrolling", "S4f", "T1-pair", "geometric-double-sum", "T1-cross", "S6a"),
    *("telescoping", "P2", "T1-sum", "potential-nonnegative"),
)
_RATIO = ("S4d", "T1-linear", "geometric-double-sum", "T1-triangle", "S7")
_HARD = ("S1a", "S1b", "S1c", "S1d", "S2", "S2d", "cauchy-schwarz", "S15", "radial-convexity")
_HARD_MEAN = ("S3a", "S3b", "T1-jensen", "jensen")
_START = ("S2e", "T1-scale", "S8a", "S8b", "T1-huber", "small-radius", *_LEMMA_3, "T1-start", "T1-budget")
_THEOREM_1 = _chain(_CONVERT_B, ("P1e", "radius"), _HARD, _FIRST_FOUR, _START, _RATIO, _HARD_MEAN)
_CLOSE = ("T1-invert", "S3c", "S3h", "S3f", "T1-close")
_CAPS = ("exp-above", "value-B", "C11-step", "C11-clip", "C11-radius")
_SLIDES = ("S9a", "S9b", "C12-eps", "S10c", "C12-branch")
_HUBER = ("log-tangent", "log-above", "log-value", "S8a", "T1p-huber")
_TWO = ("S1a", "S1b", *_CONVERT_C, "T2-decrease", "T2-progress", "telescoping")
_BEST = ("T3-convex", "jensen")

STEPS: dict[str, tuple[str, ...]] = {
    "framework-deterministic": _chain(_CAPS, _THEOREM_1, ("S9a", "S9b", "S17a", "S17b", "C11-T"), _CLOSE),
    "framework-deterministic-sharp": _chain(
        _CONVERT_B,
        _CONVERT_C,
        _HARD,
        ("T1-buffer", "T1-inner", "T1-energy", "S4b", "T1-step", "S4c", "S4e", "S5", "T1-second", "T1p-second"),
        ("T1-error", "unrolling", "S4f", "T1-pair", "geometric-double-sum", "T1p-cross", "T1p-total"),
        ("telescoping", "T1p-sum", "T1p-progress", "potential-nonnegative"),
        ("S2e", "T1-scale", *_HUBER, *_LEMMA_3, "T1p-start", "T1p-budget"),
        ("S4d", "T1-linear", "T1p-shift", "T1-triangle", "T1p-contraction", "T1p-ratio"),
        _HARD_MEAN,
        _CLOSE,
    ),
    "framework-deterministic-slides-first": _chain(_CAPS, _THEOREM_1, _SLIDES, ("S10b", "C12-mean")),
    "framework-deterministic-slides-proved": _chain(_CAPS, _THEOREM_1, _SLIDES, ("S10a-sharp", "C12-shifted")),
    "soft-clipping-deterministic": _chain(
        _CONVERT_B,
        ("P1e", "radius"),
        ("S11a", "S11a-cap", "T4-slope", "S11d", "monotone-integral", "cauchy-schwarz", "T4-vector"),
        ("radial-convexity",),
        _FIRST_FOUR,
        ("T4-grows", "monotone-integral", "T4-scale", "small-radius", *_LEMMA_3, "T4-start", "T4-budget"),
        _RATIO,
        ("S11c", "T1-jensen", "jensen", "S20", "T4-T", "S11e", "T1-close"),
    ),
    "normalized-momentum-deterministic": _chain(
        ("T5-theta", "T5-reach"),
        _CONVERT_B,
        ("T5-vector", "radial-convexity", "T1-buffer", "T1-inner", "segment-integral", "T5-energy", "telescoping"),
        ("T1-error", "unrolling", "geometric-double-sum", "T1-triangle", "T5-shift", "S19"),
        _GRADIENT_BOUND,
        ("T5-choice", "T5-displayed", "T5-clip", "T5-radius", "T5-budget", "T5-T"),
    ),
    "clipped-gd": _chain(
        _TWO,
        ("exp-above", "T2-C", "S23", "T2-constant"),
        ("S3a", "S3b", "jensen", "S3c", "S3h", "S3f", "T2-mean", "T2-close"),
    ),
    "clipped-gd-min": _chain(_TWO, ("T2-balance", "exp-tangent", "T2-best", "T2-increasing", "all-above", "T2-min")),
    "normalized-gd": _chain(_CONVERT_C, ("T3-normalized", "exp-tangent", "T3-best", "telescoping", "T3-normalized-T")),
    "best-step-gd": _chain(
        _LEMMA_2, ("T3-optimum", "S8d", "T3-log", "S22", "T3-decrease", "telescoping"), _BEST, ("T3-T",)
    ),
    "reciprocal-gd": _chain(
        _LEMMA_2,
        ("P1b", "monotone-derivative", "T4r-short", "T4r-growth", "T4r-decrease", "exp-one", "T4r-e", "telescoping"),
        _BEST,
        ("T4r-T",),
    ),
    "gd-gradient-bound": _chain(
        _GRADIENT_BOUND,
        ("T6-local", "segment-integral", "T6-segment", "segment-continuity", "S18", "T6-decrease", "telescoping"),
        ("T6-largest", "T6-T"),
    ),
    "gd-fixed-step-lower": (
        *("structure-1d", "D1-structure", "T7-gap", "T7-start", "T7-cycle", "T7-return"),
        *("T7-room", "T7-slope", "P13-distance", "T7-steps", "T7-count", "slope-limit"),
    ),
    "normalized-gd-one-dimension": _chain(
        ("structure-1d", "reflection", "T10-direction", "T10-between", "well-primitive", "D1-structure"),
        ("T10-halves", "T10-drop", "telescoping"),
        _LEMMA_3,
        ("T10-well", "T10-exact", "T10-count"),
    ),
    "zero-chain-lower": (
        *("P4-first", "P4-phi", "P4-right", "P4-left", "P4-at-high", "P4-at-low"),
        *("P4-second-small", "P4-second-high", "P4-second-low", "exp-one", "pi-enclosure"),
        *("T8-area", "T8-gap", "one-sided-links", "T8-diagonal", "T8-off", "tridiagonal-norm", "T8-norm"),
        *("T8-gradient", "first-small-coordinate", "support-induction", "T8-scaling", "integer-part"),
    ),
}
"""Record key -> its steps. A step occurs once, where it is first needed."""

STATEMENTS: dict[str, tuple[str, ...]] = {
    "Section 2, conversion factors": ("P1c", "P1d", "P1f", "P1g", "exp-below", "value-A", "P3"),
    "Section 3, exact decrease": ("structure-1d", "D1-decrease", "well-primitive"),
    "Lemma 3, third inequality and sharpness": ("S8a-rate", "S8c", "L3-third", "log-taylor", "S21"),
    "Section 5, further facts": ("S2b", "S2c", "S3d", "S16"),
    "Theorem 1, single steps and remarks": ("S4a", "S6b", "T1-nu0", "mean-above-min", "T1-small-nu"),
    "Per-step Lyapunov function": (
        *("LY-track", "LY-a", "LY-b-square", "LY-b", "LY-c", "LY-d-change", "T1-step", "S4c", "LY-d"),
        *("T1-energy", "T1-second", "LY-e", "telescoping"),
    ),
    "Proposition 1.3": ("P13-distance", "P13-count"),
    "Corollary 1.1, largest steps": ("S9c", "C11-largest"),
    "Corollary 1.2, printed conclusion and remarks": (
        *("S10a", "C12-remark-b", "C12-remark-c-B", "C12-remark-c-KR", "C12-remark-c-K", "S10d"),
    ),
    "Theorem 1', how large kappa": (
        *("log-below", "T1p-huber-best", "T1p-join", "exp-tangent", "T1p-join-best", "T1p-join-value"),
        *(f"T1p-c{n}-{beta}" for beta in ("0", "0.5", "0.9", "0.99", "0.999") for n in (1, 2)),
    ),
    "Theorem 2, remarks": ("S12", *(f"T2-k-{ratio}" for ratio in ("0.01", "0.1", "1", "10", "100"))),
    "Section 8, soft clip": ("S11b",),
    "Theorem 6, equality": ("S13",),
    "Theorem 7, remark 2": ("P1a", "T7-growth"),
    "Theorem 8, remark": ("T8-gap-sharp",),
}
"""Statements of the document that no record asserts -> their further steps."""
