"""Proofs in words of the written lemmas behind the restated results of the literature."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ARGUMENTS"]

ARGUMENTS: Mapping[str, str] = {
    "norm-descent": (
        "Let x+ = x - s g#/||g#||, so ||x+ - x|| = s <= 1/L1 and <grad F(x), x+ - x> = -s G, where G is the dual "
        "norm of the gradient. F(x+) - F(x) + s G is the integral over [0, 1] of <grad F(x + r (x+ - x)) - grad "
        "F(x), x+ - x> dr, and the integrand is at most (L0 + L1 G) r s^2 by the first-order form."
    ),
    "telescoping": (
        "Add the inequalities F(x_(t+1)) <= F(x_t) - d_t over the steps: all intermediate values cancel, and the "
        "last value is at least inf F."
    ),
    "square-root": (
        "T >= 1 has the positive root w = sqrt(T). The numbers p = sqrt(2 Delta/eta) and r = sqrt(p^2 + 8 Delta "
        "eps/gamma) are the nonnegative solutions of the equations that the steps state; x = p/w and y = 2 "
        "Delta/(gamma w^2) solve the two equations of C-either."
    ),
    "convexity": (
        "For convex F and 0 < s < 1, F(x + s (z - x)) <= F(x) + s (F(z) - F(x)). Subtract F(x), divide by s and let "
        "s tend to 0: <grad F(x), z - x> <= F(z) - F(x)."
    ),
    "cauchy-schwarz": "||w||^2 ||v||^2 - <v, w>^2 = ||v||^2 ||w - (<v, w>/||v||^2) v||^2 >= 0 for v not 0.",
    "distance-induction": (
        "||x_0 - z|| <= R, and the step before says that the distance to z does not increase as long as phi_(t+1) > "
        "0. If phi_(t+1) <= 0 for some t, the claim holds from there on, because F(x_t) decreases."
    ),
    "integral-comparison": (
        "psi increases, so 1/psi is at least 1/psi(phi_t) on [phi_(t+1), phi_t], an interval of length phi_t - "
        "phi_(t+1). Hence each step contributes at least 1 to the integral of 1/psi over [phi_N, phi_0], and N is "
        "at most that integral. By the formula for 1/psi it is 2 L0 R^2 (1/phi_N - 1/phi_0) + 2 L1 R "
        "ln(phi_0/phi_N)."
    ),
    "log-monotone": (
        "phi_0 <= Delta and phi_N > eps give phi_0/phi_N < Delta/eps, and the logarithm increases strictly. So the "
        "second alternative of V-count is excluded, and the first one contradicts phi_N > eps: phi_N <= eps in "
        "every case. For L1 = 0 let L1 decrease to 0."
    ),
    "cocoercivity": (
        "<grad h(x) - grad h(y), x - y> = <grad F(x) - grad F(y), x - y> + L ||x - y||^2 >= 0, so h is convex, and "
        "its gradient is 2L-Lipschitz. For fixed y let k(u) = h(u) - <grad h(y), u>, convex and 2L-smooth with its "
        "minimum at y. By the descent inequality at u = x - grad k(x)/(2L), k(y) <= k(u) <= k(x) - ||grad "
        "k(x)||^2/(4L), that is h(x) >= h(y) + <grad h(y), x - y> + ||grad h(x) - grad h(y)||^2/(4L). Insert h = F "
        "+ (L/2)||.||^2, y = x - eta g, with (L/2)(||x||^2 - ||y||^2) = L (eta <g, y> + eta^2 |g|^2/2) and grad "
        "h(x) - grad h(y) = (1 + L eta) g - g+."
    ),
    "descent-lemma": "By L-smoothness inf F <= F(x - grad F(x)/L) <= F(x) - ||grad F(x)||^2/L + ||grad F(x)||^2/(2L).",
    "smallest": "By definition of a minimum over finitely many iterates.",
}
