"""Proofs in words of the written lemmas of the lower bounds."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ARGUMENTS"]

ARGUMENTS: Mapping[str, str] = {
    "constant-answers": (
        "A deterministic method computes each query from the answers before it. If every answer is the same vector, "
        "induction over t determines all queries from that vector alone. So they are fixed points, known before a "
        "function is chosen, and any function whose gradient at these points is that vector produces exactly this "
        "run."
    ),
    "continuity": (
        "A strict inequality between continuous functions of (G, delta) that holds at (eps, 0) holds in a "
        "neighbourhood of it, which contains points with G > eps and delta > 0."
    ),
    "mollification": (
        "The convolution k * z with a smooth even kernel k >= 0 of mass one supported in [-r, r] is smooth "
        "(derivatives fall on k). |k * z(x) - k * z(y)| is at most the average of |z(x - s) - z(y - s)| <= |x - y|. "
        "It is an average of values of z, so it stays within the same bounds, equals z wherever z is constant on "
        "the window of radius r, and is at least a 1-Lipschitz lower bound of z reduced by r."
    ),
    "structure-1d": (
        "Let S(z) = sgn(z)(e^(L1 |z|) - 1), a C^1 bijection of the line with S'(z) = L1 e^(L1 |z|), and let z be "
        "defined by f' = (L0/L1) S(z). The local Lipschitz constants satisfy lip f' = (L0/L1) S'(z) lip z = (L0 + "
        "L1 |f'|) lip z. So (S) says lip z <= 1 at every point, which on an interval means that z is 1-Lipschitz."
    ),
    "well-primitive": (
        "Where z has slope 1 or -1 the derivative of W(z(x)) is W'(z) z' = f' z' with z' constant, so f changes by "
        "the difference of W up to sign; where z = 0, f' = 0. Going from z = -z_G up to z = -z_G + h and back costs "
        "2 (W(z_G) - W(z_G - h)) in all."
    ),
    "monotone-integral": (
        "If k1 <= k2 on an interval, the difference of their integrals over it is the integral of the nonnegative "
        "function k2 - k1."
    ),
    "monotone-tail": (
        "z <= 0 means f' <= 0, so f is nonincreasing, its infimum is its limit at +infinity, and only the part to "
        "the right of x_0 matters: at most N - 1 gaps between neighbours and one last descent."
    ),
    "no-L0": (
        "Let L0 = 0 and f'(x) = -G exp(-L1 dist(x)), with dist the distance to the nearest query to the right of "
        "the first query, and 0 to the left of it. dist is 1-Lipschitz, so the local Lipschitz constant of ln |f'| "
        "is at most L1, which is (S). At the queries f' = -G, and integrals of the exponential replace those of the "
        "well."
    ),
    "ridge": (
        "grad F(x) = f'(<e1, x - x0>) e1, so ||grad F(y) - grad F(x)|| = |f'(b) - f'(a)| with |b - a| <= ||y - x||: "
        "(S) and the Hessian form are inherited, the infimum of F is that of f, and the answers are -G e1."
    ),
    "crossed-gaps": (
        "The first coordinates of x_0, ..., x_(N-1) form a path that starts at x_0 and visits every y_i. Between "
        "two neighbours y_i < y_(i+1) to the right of x_0 the path has to pass from one side to the other, in a "
        "single step, because no query lies strictly between. So their distance is at most the length of that step."
    ),
    "right-continuity": (
        "The step lengths listed are continuous in the gradient norm, W is continuous, and so d_G(l(G)) tends to "
        "d(l(eps)) as G decreases to eps. The strict inequality at eps then holds at some G > eps."
    ),
    "chain-derivatives": (
        "Differentiate f(x) = sum of P(x_i) - Psi(x_(i-1)) Phi(x_i). The variable x_i occurs in link i and in link "
        "i + 1 only: the partial derivative is P'(x_i) - Psi(x_(i-1)) Phi'(x_i) - Psi'(x_i) Phi(x_(i+1)), three "
        "nonpositive terms because P' <= 0 and Psi, Psi', Phi, Phi' >= 0. Differentiating once more on a closed "
        "cell gives the diagonal entries P'' - Psi Phi'' - Psi'' Phi, the neighbours -Psi'(x_i) Phi'(x_(i+1)), and "
        "zero elsewhere."
    ),
    "chain-support": (
        "For i >= k + 2 both x_i and x_(i-1) are 0, and the three terms of the partial derivative are P'(0), Psi(0) "
        "Phi'(0) and Psi'(0) Phi(x_(i+1)), all of them zero."
    ),
    "chain-infimum": (
        "As all coordinates tend to +infinity, P is 0, Psi tends to 1 and Phi to D, so f tends to -N D, and by the "
        "clause before f is nowhere smaller."
    ),
    "telescoped-levels": (
        "In the sum of Psi_(i-1)^2 - Psi_i^2 over i = 1, ..., k all intermediate terms cancel; Psi_0 = 1."
    ),
    "first-nonpositive": (
        "If x_N = 0, the set of indices with x_i <= 0 is not empty; let j be its least element. All coordinates "
        "before j are positive, so the bounds for positive coordinates apply up to j - 2, and the two terms j - 1 "
        "and j are bounded by (C2), by the first coordinate, or by the coordinate far on the negative side."
    ),
    "row-sums": (
        "|y' H y| <= sum |H_jj| y_j^2 + 2 sum |H_(j,j+1)| |y_j y_(j+1)|, and 2 |y_j y_(j+1)| <= y_j^2/tau + tau "
        "y_(j+1)^2 by the clause before. Collecting the coefficient of each y_j^2 gives S_j. For a symmetric matrix "
        "the norm is the largest |y' H y| over unit vectors."
    ),
    "exponential-tail": (
        "On u >= u_T put theta = exp(-(u - u_T)/2), which decreases from 1 to 0 as u goes from u_T to infinity. "
        "Then exp(-(u - u_T)) = theta^2 and exp(-(5/2)(u - u_T)) = theta^5, so Phi', Phi'', Psi', Psi'' and, by "
        "integration, Phi = D - V theta^2 and Psi = 1 - (2/5) s theta^5 are polynomials in theta."
    ),
    "separated-maximum": (
        "On an open linear piece Phi''(u) and Psi''(u) are constants and Phi'(u), Psi'(u) are affine. For fixed "
        "signs the row is a bracket in p plus a bracket in v, each affine in u for fixed p and v. A supremum of "
        "affine functions is convex, and a convex function on an interval is largest at an end; there the suprema "
        "over p and v are separate."
    ),
    "cells-to-class": (
        "The gradient is continuous and on each closed cell C^1 with a Hessian that is continuous up to the "
        "boundary. A segment from x to a near y meets finitely many cells, all of which contain x in their closure "
        "if y is close enough. Integrating the Hessian along the segment bounds ||grad F(y) - grad F(x)||/||y - x|| "
        "by the largest one-sided Hessian norm at x plus a quantity that tends to 0."
    ),
    "rescaling": (
        "For F(x) = A f(x/r) with A = eps r/gamma_c the chain rule gives grad F(x) = (A/r) grad f(x/r) = "
        "(eps/gamma_c) grad f(x/r) and, on cells, Hess F(x) = (A/r^2) H(x/r) = (eps/(gamma_c r)) H(x/r)."
    ),
    "support-induction": (
        "x_0 = 0. If x_0, ..., x_t have support in the first t coordinates, their gradients have support in the "
        "first t + 1 (chain-support), and the next iterate is supported in the union of these. So for t <= N - 1 "
        "the N-th coordinate of x_t is 0."
    ),
    "fresh-directions": (
        "Let x_0 = 0. At query t = 0, ..., N - 1 choose a unit vector u_(t+1) orthogonal to u_1, ..., u_t and to "
        "x_1, ..., x_t: at most 2 t <= 2 N - 2 linear conditions in dimension 2 N - 1. Let y_t have the coordinates "
        "<u_i, x_t> for i <= t and 0 beyond, and answer F(y_t) and the sum of the partial derivatives of F at y_t "
        "times u_i, i <= t + 1. Later u_i are orthogonal to x_t, and the partial derivatives beyond t + 1 vanish, "
        "so these are the true answers of F_U(x) = F(<u_1, x>, ..., <u_N, x>). The system is orthonormal, so F_U "
        "inherits the class and the gap, and ||grad F_U(x_t)|| = ||grad F(y_t)|| > eps, as the N-th coordinate of "
        "y_t is 0."
    ),
    "integer-part": "floor(x) is by definition the largest integer that is at most x.",
    "revealed-coordinates": (
        "Let K_t be the largest coordinate in the supports of the first t answers. x_t is supported in the first "
        "K_t coordinates, so answer t reaches coordinate K_t + 1 at most, and only if its coin shows 1. Hence K_t "
        "is at most the sum of the coins of the first t answers. While this sum is at most N - 1, the N-th "
        "coordinate of x_t is 0 and the gradient norm exceeds the target. An oracle that treats the last nonzero "
        "coordinate of the gradient in this way needs a success for every new coordinate as well."
    ),
    "markov": (
        "A nonnegative variable X satisfies X >= N on the event {X >= N}, so E X >= N P(X >= N). The mean of the "
        "sum of n coins is n p."
    ),
    "binomial-median": (
        "Let X be binomial with parameters n and p and let m >= n p be an integer; to show is P(X >= m + 1) <= 1/2. "
        "For m >= n it is 0. Otherwise P(X >= m + 1) is a constant times the integral of k(t) = t^m (1 - t)^(n-m-1) "
        "over [0, p], and the same constant times the integral over [0, 1] is 1 (differentiate the binomial sum in "
        "p; it telescopes). So the integral over [p, 1] has to be at least that over [0, p]. For p <= 1/2 compare p "
        "- s with p + s, 0 <= s < p: the derivative in s of ln k(p + s) - ln k(p - s) is 2 m p/(p^2 - s^2) - 2 (n - "
        "m - 1)(1 - p)/((1 - p)^2 - s^2) >= 2 n/(1 - s^2/p^2) - 2 n/(1 - s^2/(1 - p)^2) >= 0, because m >= n p, n - "
        "m - 1 <= n (1 - p) and p <= 1 - p. For p >= 1/2 substitute t = w/(1 + w), w = e^x p/(1 - p): the integrand "
        "becomes w^(m+1) (1 + w)^(-n-1) dx. Compare x with -x, x > 0: the derivative of the logarithm of the "
        "quotient is 2 (m + 1) - (n + 1)(t(x) + t(-x)), where t(x) + t(-x) has the derivative t(x)(1 - t(x)) - "
        "t(-x)(1 - t(-x)) <= 0, as t(x) is at least as far from 1/2 as t(-x). So t(x) + t(-x) <= 2 p and the "
        "derivative is at least 2 (n p + 1) - 2 (n + 1) p >= 0. In both cases the right half outweighs the left "
        "one. (The fact is due to R. Kaas and J. M. Buhrman, Statistica Neerlandica, 1980.)"
    ),
    "exact-first-answer": (
        "The exact gradient at x_0 = 0 is supported in the first coordinate and is one more answer; it reveals that "
        "coordinate without a coin. The remaining N - 1 coordinates need a success each, so the count applies with "
        "N - 1 in place of N."
    ),
    "conditional-descent": (
        "Apply the descent inequality of Lemma 2 to the step of length s and take conditional expectations. The "
        "noise of a mean of b independent answers has second moment at most sigma^2/b and, by Jensen, mean norm at "
        "most sigma/sqrt(b). Summing over t < T, the values of E F cancel and E F(x_T) >= inf F."
    ),
    "conversion-factor": (
        "Lemma 2 bounds the remainder by (L0 + L1 G)(e^w - 1 - w)/L1^2 with w = L1 s, and (e^w - 1 - w)/w^2 "
        "increases in w; its value at w = 1/2 is C(1/2)/2."
    ),
    "optimal-rates": (
        "If an upper bound holds with T >= X and a lower bound requires T > Y, the complexity lies between Y and "
        "the least integer that is at least X; the quotient is X/Y up to rounding. The limits follow from ln(1 + x) "
        "= x - x^2/2 + x^3/3 + o(x^3) at 0 and ln(1 + x)/x -> 0 at infinity."
    ),
}
