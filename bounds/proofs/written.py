"""The written lemmas: their proofs in words, complete, without formulas that a machine could check instead.

The statement of a lemma and its place in docs/theory are in the map of its document; here is why it is true. A lemma of
another document than the deterministic one is looked up there first, then here.
"""

from __future__ import annotations

from collections.abc import Mapping

from bounds.errors import InputError
from bounds.proofs import written_literature, written_lower, written_stochastic

__all__ = ["ARGUMENTS", "argument"]

ARGUMENTS: Mapping[str, str] = {
    "dini-comparison": (
        "Let f be continuous on [a, b] with upper right Dini derivative <= 0 everywhere, and let c > 0. Suppose "
        "f(y) - f(a) > c (y - a) for some y, and let x be the supremum of the s <= y with f(s) - f(a) <= c (s - a). "
        "By continuity equality holds at x < y, and f(s) - f(x) > c (s - x) for x < s <= y, so the upper right Dini "
        "derivative at x is at least c > 0, a contradiction. So f(y) <= f(a) + c (y - a) for every c > 0, that is "
        "f(y) <= f(a). Applied to -f this gives the second claim."
    ),
    "segment-integral": (
        "The function s -> F(x + s (y - x)) is C^1 on [0, 1] with derivative <grad F(x + s (y - x)), y - x>. By the "
        "fundamental theorem F(y) - F(x) is its integral; subtract <grad F(x), y - x>. By Cauchy-Schwarz the "
        "remainder is at most the integral of ||grad F(x + s (y - x)) - grad F(x)|| ||y - x||, into which a bound "
        "on the growth of the gradient is inserted: (l0 + l1 G) s ||y - x|| gives (l0 + l1 G) ||y - x||^2/2, and "
        "the bound of Lemma 1 gives (L0 + L1 G)(e^(L1 rho) - 1 - L1 rho)/L1^2 with rho = ||y - x||."
    ),
    "monotone-derivative": (
        "By the mean value theorem f(y) - f(x) = f'(s)(y - x) for some s between x and y, which is >= 0 when y > x. "
        "At w = 0 the two functions (e^w - 1)/w and (e^w - 1 - w)/w^2 are continued by their limits 1 and 1/2."
    ),
    "small-radius": (
        "For y within r of x, (R) bounds the quotient ||grad F(y) - grad F(x)||/||y - x|| by l0 + l1 ||grad F(x)||. "
        "So its limit superior as y tends to x has the same bound, which is (S)."
    ),
    "gradient-flow": (
        "By Lemma 1 grad F is locally Lipschitz, so v = -grad F/||grad F|| is locally Lipschitz where grad F is not "
        "0. Let x(t), 0 <= t < t*, be the maximal solution of x' = v(x) and G(t) the gradient norm along it. As the "
        "speed is 1, (S) bounds the lower right Dini derivative of G below by -(L0 + L1 G), and G >= p by the two "
        "steps before. Suppose t* is smaller than the time t_0 up to which p is positive. Unit speed makes x(t) a "
        "Cauchy family, so x(t*) exists, and by maximality grad F(x(t*)) = 0; but G(t*) >= p(t*) > 0 by continuity, "
        "a contradiction. So the flow exists up to t_0, and F drops along it by the integral of G >= p."
    ),
    "change-of-variables": (
        "On [0, t_0) the function p is C^1 with p' = -(L0 + L1 p) < 0, so t -> p(t) is a decreasing substitution "
        "from [0, t_0) onto (0, G], and the integral of p(t) dt is the integral of p/(L0 + L1 p) dp over (0, G]."
    ),
    "structure-1d": (
        "Let S(z) = sgn(z)(e^(L1 |z|) - 1), a C^1 bijection of the line with S'(z) = L1 e^(L1 |z|), and let z be "
        "defined by f' = (L0/L1) S(z). The local Lipschitz constants satisfy lip f' = (L0/L1) S'(z) lip z = L0 "
        "e^(L1 |z|) lip z = (L0 + L1 |f'|) lip z. So (S) says lip z <= 1 at every point. On an interval that is the "
        "same as z being 1-Lipschitz: the set of s for which |z(s) - z(x)| <= (1 + c)(s - x) on [x, s] is closed, "
        "and open to the right, for every c > 0."
    ),
    "well-primitive": (
        "Where z has slope 1 or -1, the derivative of W(z(x)) is W'(z) z' = (L0/L1) S(z) z' = f' z', and z' is "
        "constantly 1 or -1; integrate."
    ),
    "cauchy-schwarz": (
        "||w||^2 ||v||^2 - <v, w>^2 = ||v||^2 ||w - (<v, w>/||v||^2) v||^2 >= 0 for v not 0. Hence ||v + w||^2 = "
        "||v||^2 + 2 <v, w> + ||w||^2 <= (||v|| + ||w||)^2."
    ),
    "vanishing-constant": (
        "The hypotheses with (L0, L1) imply those with larger constants. So the proof applies to L0 + c and L1 + c "
        "for every small c > 0 (the steps of a method stay as they are), and all bounds are continuous in the "
        "constants."
    ),
    "radial-convexity": (
        "Let H(v) = k(||v||) with k convex and nondecreasing. By the triangle inequality and monotonicity H(s v + "
        "(1 - s) w) <= k(s ||v|| + (1 - s) ||w||) <= s H(v) + (1 - s) H(w). For v0 not 0 the tangent inequality is "
        "the clause before, with c = <v0, v> bounded by Cauchy-Schwarz. At v0 = 0 the gradient (for the norm "
        "itself, the chosen subgradient) is 0 and H(v) >= H(0)."
    ),
    "monotone-integral": (
        "If k1(t) <= k2(t) for 0 <= t <= u, the difference of the integrals over [0, u] is the integral of a "
        "nonnegative function. H(v) is the integral of the step length as a function of t from 0 to ||v||."
    ),
    "unrolling": (
        "Induction over t. The claim holds at t = 0, where both sides are 0. If e_(t-1) is at most the sum over s < "
        "t - 1 of beta^(t-1-s) a_s, then e_t <= beta e_(t-1) + beta a_(t-1) is at most the sum over s < t of "
        "beta^(t-s) a_s."
    ),
    "geometric-double-sum": (
        "Exchange the sums: for fixed s the factors beta^(t-s), s < t < T, add up to at most beta + beta^2 + ... = "
        "beta/(1 - beta) = beta/q, and likewise for fixed t the factors beta^(t-s), s < t."
    ),
    "telescoping": (
        "Add the inequalities E_(t+1) <= E_t - d_t for t = 0, ..., T - 1: all intermediate values cancel and E_T <= "
        "E_0 - d_0 - ... - d_(T-1) remains."
    ),
    "potential-nonnegative": (
        "E_T is F(x_T) plus a nonnegative multiple of H(m_T) (or of ||m_T||), and H >= 0. So E_T >= F(x_T) >= inf F."
    ),
    "jensen": (
        "A convex phi on [0, inf) lies above a tangent at the mean: phi(u_t) >= phi(mean) + d (u_t - mean) for each "
        "t. Average over t; the linear terms cancel."
    ),
    "all-above": (
        "psi is strictly increasing, so each of the T terms psi(G_t) exceeds psi(eps); add them. This contradicts "
        "an upper bound T psi(eps) on the sum, so some G_t is at most eps."
    ),
    "T2-close": (
        "Let S_t = min(eta G_t, gamma) be the length of step t and w > 0 the progress factor of T2-progress. By "
        "T2-decrease F(x_t) - F(x_(t+1)) >= w G_t S_t; the sum over t < T is at most F(x_0) - F(x_T) <= "
        "F(x_0) - inf F <= Delta. By S3a G_t S_t >= phi(G_t) with phi(u) = u h - h^2/(4 eta), h = min(2 eta u, gamma), "
        "and by S3b phi is convex, so T w phi(mean of G_t) <= w sum phi(G_t) <= Delta. By T2-mean Delta <= "
        "T w phi(eps). Hence phi(mean) <= phi(eps), and since phi is strictly increasing (S3f) the mean is at most eps."
    ),
    "mean-above-min": "If all T numbers exceeded their mean, so would their mean.",
    "segment-continuity": (
        "Let s* be the largest s in [0, 1] such that F <= F(x_0) on the part of the segment up to s. On it the "
        "gradient norm is at most M, so the gradient is (L0 + L1 M)-Lipschitz, and by the clauses before F is below "
        "F(x_0) for 0 < s <= s*. If s* < 1, continuity of F would extend the inequality beyond s* (for s* = 0 "
        "because F at first decreases along -g), a contradiction. So s* = 1 and the next iterate is again in the "
        "sublevel set."
    ),
    "slope-limit": (
        "The number of steps n(e) is a continuous function of the slope e. Any t below n(eps) is below n(e) for e "
        "close enough to eps, and for e > eps all gradients up to step t have norm e > eps."
    ),
    "reflection": (
        "Let h(x) = f(-x). Then |h'(x)| = |f'(-x)|, the local Lipschitz constants of h' and f' agree at mirrored "
        "points and the iterates of the method are mirrored, so the statement for h is the statement for f."
    ),
    "tridiagonal-norm": (
        "For a symmetric matrix the spectral norm is at most the largest absolute row sum (apply the matrix to an "
        "eigenvector and look at its largest entry). A row has one diagonal and at most two other entries."
    ),
    "one-sided-links": (
        "Psi vanishes on (-inf, 1/2], so Psi(x) and Psi(-x) are never both positive, and the same holds for their "
        "derivatives. So in each link of the chain at most one of the two products is not 0. The mirrored product "
        "Psi(-x) Phi(-y) enters with a plus sign and is nonnegative."
    ),
    "first-small-coordinate": (
        "Let j be the first index with |x_j| < 1 and put x_0 = 1. The partial derivative in x_j is a sum of four "
        "terms, each minus a product of the nonnegative functions Psi, Psi', Phi and Phi' (for j = 1 and j = N some "
        "are absent). As |x_(j-1)| >= 1, one of Psi(x_(j-1)), Psi(-x_(j-1)) is at least Psi(1), and its term alone "
        "has the size of the clause before."
    ),
    "support-induction": (
        "At t = 0 the iterate is 0. If x_t has support in the first t coordinates, the gradient there has support "
        "in the first t + 1, because Psi and Psi' vanish on [-1/2, 1/2]. The method is zero-respecting, so x_(t+1) "
        "has its support in the union of the supports of the gradients seen, that is in the first t + 1 "
        "coordinates."
    ),
    "pi-enclosure": (
        "Machin's formula: pi = 16 arctan(1/5) - 4 arctan(1/239), because the argument of (5 + i)^4/(239 + i) is "
        "that of 1 + i. The arctangent series alternates with decreasing terms, so arctan(1/5) is below its sum up "
        "to a positive term and arctan(1/239) above its sum up to a negative one: pi <= 16 (1/5 - 1/375 + 1/15625 - "
        "1/546875 + 1/17578125) - 4 (1/239 - 1/(3 * 239^3)) = 3.1415926... < 3.1416."
    ),
    "integer-part": "floor(x) is by definition the largest integer that is at most x.",
}


_OWN: Mapping[str, Mapping[str, str]] = {
    "stochastic": written_stochastic.ARGUMENTS,
    "lower": written_lower.ARGUMENTS,
    "literature": written_literature.ARGUMENTS,
}


def argument(theory: str, name: str) -> str:
    """The proof of a written lemma of a document.

    Raises
    ------
    InputError : there is none.
    """
    own = _OWN.get(theory, {})
    found = own.get(name) or ARGUMENTS.get(name)
    if found is None:
        raise InputError(f"the written lemma {name} of the {theory} theory has no proof.")
    return found
