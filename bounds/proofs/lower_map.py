r"""Which steps prove which lower bound: clause identifiers, written lemmas and computations, in the order of the proof.

A written lemma is a step of analysis with a complete proof in words, at the place given in :data:`WRITTEN`; a
computation is a finite exact one that runs on demand (:data:`COMPUTATIONS`); every other name is the identifier of a
clause of :mod:`bounds.proofs.lower`. Theorems 7, 8 and 10 are in :mod:`bounds.proofs.deterministic_map`, Theorem H is
in :mod:`bounds.proofs.stochastic_map`.
"""

from __future__ import annotations

from bounds.proofs import lower_profiles, lower_rows
from bounds.proofs.lower_gradient_only import DOC

__all__ = ["COMPUTATIONS", "STATEMENTS", "STEPS", "WRITTEN"]

_NINTH, _METHOD, _NOISE = DOC + "Theorem 9", DOC + "Corollary 9.2", DOC + "Noisy oracles, counting step"

WRITTEN: dict[str, tuple[str, str]] = {
    "constant-answers": (
        "a deterministic method that receives the same gradient every time makes fixed queries, "
        "known before the function is chosen",
        _NINTH + ", order of choices",
    ),
    "continuity": (
        "D is continuous, so a strict inequality at eps holds at some G > eps and leaves room for some delta > 0",
        _NINTH + ", order of choices",
    ),
    "mollification": (
        "the convolution of a 1-Lipschitz function with an even kernel of mass one is smooth, 1-Lipschitz, "
        "stays within the same bounds and keeps constants on windows",
        _NINTH + ", a smooth version",
    ),
    "structure-1d": ("in dimension one (S) holds exactly when z is 1-Lipschitz", _NINTH + ", dimension one"),
    "well-primitive": (
        "along a stretch on which z has slope one, f changes by W(end) - W(start); where z = 0 it is constant",
        _NINTH + ", the gap",
    ),
    "monotone-integral": (
        "|f'| decreases as z grows, so a lower bound of z gives an upper bound of the drop, the integral of |f'|",
        _NINTH + ", a smooth version",
    ),
    "monotone-tail": ("f is nonincreasing, so inf f is its limit at +infinity", _NINTH + ", the gap"),
    "no-L0": ("for L0 = 0 the construction with f' = -G exp(-L1 dist) replaces the well", _NINTH + ", L0 = 0"),
    "ridge": ("F(x) = f(<e1, x - x0>) inherits the class, the gap and the answers", _NINTH + ", every dimension"),
    "crossed-gaps": (
        "the path crosses every gap between neighbours, so neighbours are at most one step apart",
        _METHOD,
    ),
    "right-continuity": (
        "the longest step is right-continuous in the gradient norm, and so is the drop d",
        _METHOD,
    ),
    "chain-derivatives": (
        "the partial derivatives (B.1) and the tridiagonal Hessian (B.2) of the chain, and their signs",
        DOC + "Part B, the chain",
    ),
    "chain-support": (
        "x_i = 0 for i > k makes the partial derivatives beyond k + 1 vanish, since Psi(0) = Psi'(0) = P'(0) = 0",
        DOC + "Lemma A",
    ),
    "chain-infimum": ("f tends to -N D as all coordinates tend to infinity", DOC + "Lemma A"),
    "telescoped-levels": ("the sum of psi_(i-1)^2 - psi_i^2 from psi_0 = 1 is 1 - psi_k^2", DOC + "Lemma B"),
    "first-nonpositive": (
        "the proof runs up to the first nonpositive coordinate; if x_N = 0 there is one",
        DOC + "Lemma B",
    ),
    "row-sums": ("y' H y <= sum of S_j y_j^2, so ||H|| <= max S_j", DOC + "Lemma C"),
    "exponential-tail": (
        "with q = exp(-(u - T)/2) the tail functions are polynomials in q, and u = infinity is q = 0",
        DOC + "Proposition E, reduction",
    ),
    "separated-maximum": (
        "p and v separate in a row of I0, and a maximum of functions affine in u is largest at an end of the piece",
        DOC + "Proposition E, by hand",
    ),
    "cells-to-class": (
        "where the gradient is Lipschitz on closed cells, the limsup in (S) obeys the bound of the cell Hessians",
        DOC + "Lemma D",
    ),
    "rescaling": ("grad F = (eps/gamma) grad f and Hess F = (eps/(gamma r)) H at x/r", DOC + "Lemma D"),
    "support-induction": (
        "zero-respecting iterates have support in the first t coordinates",
        DOC + "Theorem L",
    ),
    "fresh-directions": (
        "answering along directions orthogonal to all queries so far is consistent with F of the rotated coordinates",
        DOC + "Theorem R",
    ),
    "integer-part": ("floor(x) <= x < floor(x) + 1", DOC + "Theorem L"),
    "revealed-coordinates": (
        "the largest revealed coordinate grows by at most the coin of the query, so K_t is at most the sum of coins",
        _NOISE,
    ),
    "markov": ("Markov's inequality for the sum of n independent coins", _NOISE),
    "binomial-median": ("a median of a binomial variable is at most its mean rounded up (Kaas, Buhrman 1980)", _NOISE),
    "exact-first-answer": (
        "a buffer that starts at the exact gradient reveals one coordinate without noise: N - 1 in place of N",
        _NOISE + ", last paragraph",
    ),
    "conditional-descent": (
        "Lemma 2 for a step of length s, then conditional expectation, Jensen for the noise, and summation over t < T",
        DOC + "Theorem S'",
    ),
    "conversion-factor": (
        "(S) implies the descent inequality with factor C(1/2) up to the distance 1/(2 L1)",
        DOC + "Theorem S'",
    ),
    "optimal-rates": ("the quotient of two proved iteration counts; limits by Taylor's formula", DOC + "Corollary 9.1"),
}

COMPUTATIONS: dict[str, tuple[str, str]] = {
    f"{key}-rows": (
        f"the Hessian rows u >= 0 of {key}, chain {key} of branch_and_bound",
        DOC + "Proposition E, rows u >= 0",
    )
    for key in ("I1", "I01")
}


def _chain(*parts: tuple[str, ...]) -> tuple[str, ...]:
    """The parts in order, each step once, at its first place."""
    return tuple(dict.fromkeys(step for part in parts for step in part))


_RESIST = (
    *("constant-answers", "A-rate", "A-increasing", "continuity"),
    *("A-distance", "A-lipschitz", "A-window", "A-flat", "mollification", "A-class", "structure-1d"),
    *("A-primitive", "well-primitive", "A-well", "A-exp", "A-drop", "monotone-integral", "monotone-tail"),
    *("no-L0", "A-class-0", "A-drop-0", "ridge"),
)
_OWN = (*_RESIST, "crossed-gaps", "A2-min", "A2-max", "A2-record", "right-continuity", "A2-room", "A2-count")
_BUFFER = ("A2-stays", "A2-builds")

_LEMMAS = (
    *("chain-derivatives", "LA-term", "chain-infimum", "LA-gap", "chain-support"),
    *("LB-partial", "LB-T1", "LB-level", "telescoped-levels", "first-nonpositive"),
    *("LB-first", "LB-at", "LB-pair", "LB-far", "LB-sum", "LB-T2", "LB-mixed"),
    *("LC-T3", "row-sums", "LC-left", "LC-gradient"),
)
_PROFILES = tuple(clause.id for clause in lower_profiles.CLAUSES)
_ROWS = ("separated-maximum", *(clause.id for clause in lower_rows.CLAUSES))
_SCALED = (
    *("rescaling", "cells-to-class", "LD-L0", "LD-L1", "LD-T4", "LD-L01"),
    *("LD-gap-L0", "LD-gap-L1", "LD-gap-L01", "LD-gradient"),
)
_INSTANCES = _chain(_LEMMAS, ("exponential-tail", *_PROFILES), _ROWS, tuple(COMPUTATIONS), _SCALED)
_LINKS = ("integer-part", "TL-instance", "TL-links")
_COUNTING = (
    *("LD-next", "NO-unbiased", "revealed-coordinates", "markov", "NO-markov", "binomial-median", "NO-median"),
    *("NO-mean", "exact-first-answer", "NO-queries"),
)
_LEVELS = ("NO-I0-level", "NO-I1-level", "NO-I01-level")

STEPS: dict[str, tuple[str, ...]] = {
    "gradient-only-lower": (*_RESIST, "A-choice", "A-room", "A-gap-smooth"),
    "clipping-own-lower": (*_OWN, *_BUFFER, "A2-hard"),
    "soft-clipping-own-lower": (*_OWN, *_BUFFER, "A2-soft"),
    "normalized-own-lower": (*_OWN, *_BUFFER, "A2-normalized"),
    "gd-own-lower": (*_OWN, *_BUFFER, "A2-constant"),
    "chain-lower": (*_INSTANCES, *_LINKS, "support-induction", "fresh-directions", "TR-dimension"),
    "stochastic-chain-lower": (*_INSTANCES, *_LINKS, *_COUNTING, "NO-variance", "S-T10"),
    "stochastic-chain-lower-bounded": (
        *(*_INSTANCES, *_LINKS, *_COUNTING, *_LEVELS),
        *("SB-threshold", "SB-success", "SB-failure"),
    ),
}
"""Record key -> its steps. A step occurs once, where it is first needed."""

STATEMENTS: dict[str, tuple[str, ...]] = {
    "Theorem 9, pointwise class": ("A-gap",),
    "Theorem 9, the two numbers": (
        *("A-D-square", "A-D-linear", "A-log-square", "A-log-positive", "A-T-square", "A-T-linear"),
    ),
    "Corollary 9.1": (
        *("A1-upper", "A1-gap", "A1-ratio", "optimal-rates", "A1-least", "A1-log", "A1-log-rate", "A1-most"),
    ),
    "Corollary 9.2, pointwise class": ("A2-gap",),
    "Corollary 9.2, remarks": ("A2-plain", "A2-exp", "A2-tangent"),
    "Theorems S and S-bounded, displayed numbers": (
        *("S-I0-rate", "S-I1-rate", "S-I01-rate", "SB-I0-rate", "SB-I1-rate", "SB-I01-rate"),
    ),
    "Theorem S'": (
        *("SP-taylor", "SP-factor", "SP-radius", "conversion-factor", "SP-angle", "SP-B3", "SP-rest"),
        *("SP-batch", "SP-T11", "conditional-descent", "SP-T12", "SP-T14", "SP-total"),
    ),
}
"""Statements of the document that no record asserts -> their further steps."""
