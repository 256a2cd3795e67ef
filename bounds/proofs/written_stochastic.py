"""Proofs in words of the written lemmas of the stochastic theory."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ARGUMENTS"]

ARGUMENTS: Mapping[str, str] = {
    "smooth-relaxed": (
        "Lemma 1 bounds ||grad F(y) - grad F(x)|| by (L0 + L1 G)(e^(L1 rho) - 1)/L1 with rho = ||y - x||: the upper "
        "right Dini derivative of p(s) = ||grad F(x + s u) - grad F(x)|| is at most L0 + L1 G + L1 p(s) by (S), so "
        "e^(-L1 s) p(s) - (L0 + L1 G)(1 - e^(-L1 s))/L1 is nonincreasing and starts at 0. As (e^w - 1)/w increases "
        "in w = L1 rho <= c, the bound is at most B(c)(L0 + L1 G) rho."
    ),
    "smooth-descent": (
        "F(y) - F(x) - <grad F(x), y - x> is the integral of <grad F(x + s u) - grad F(x), u> over 0 <= s <= rho. "
        "Insert Lemma 1 and integrate: at most (L0 + L1 G)(e^(L1 rho) - 1 - L1 rho)/L1^2. As (e^w - 1 - w)/w^2 "
        "increases in w = L1 rho <= c, this is at most C(c)(L0 + L1 G) rho^2/2."
    ),
    "factor-monotone": (
        "B(c) is the sum of c^k/(k + 1)! and C(c) the sum of 2 c^k/(k + 2)! over k >= 0: power series with positive "
        "coefficients. So a bound on B or C at one number holds at every smaller argument."
    ),
    "finite-expectations": (
        "Steps of clipped and normalized methods have length at most gamma, so x_t lies in the ball of radius t "
        "gamma around x_0, where the continuous functions F and grad F are bounded. For plain SGD with a gradient "
        "bound the steps are at most eta (M + sigma)."
    ),
    "cauchy-schwarz": (
        "||w||^2 ||v||^2 - <v, w>^2 = ||v||^2 ||w - (<v, w>/||v||^2) v||^2 >= 0 for v not 0. Hence ||v + w||^2 = "
        "||v||^2 + 2 <v, w> + ||w||^2 <= (||v|| + ||w||)^2."
    ),
    "orthogonal-split": (
        "Write v + xi = s u + w with s = <u, v + xi> and w orthogonal to the unit vector u. Then ||v + xi||^2 = s^2 "
        "+ ||w||^2, and as v is a multiple of u, w is the part of xi orthogonal to u, whose squared norm is "
        "||xi||^2 - <u, xi>^2."
    ),
    "mean-zero": (
        "The affine function minorizes <u, h(v + xi)> for every value of x = <u, xi> in [-sigma, sigma]. Take "
        "expectations: they preserve inequalities, and an affine function of x has the expectation of its value at "
        "E x = <u, E xi> = 0."
    ),
    "jensen-concave": (
        "E||g||^2 = G^2 + 2 <grad F, E xi> + E||xi||^2 <= G^2 + sigma^2. The function y -> min(y, tau^2) is at most "
        "y and at most tau^2, so E min(||g||^2, tau^2) <= min(E||g||^2, tau^2)."
    ),
    "telescoping": (
        "Take full expectations of E_t Phi_(t+1) <= Phi_t - d_t (the tower property) and add them over t < T: all E "
        "Phi_t with 0 < t < T cancel, and E sum d_t <= Phi_0 - E Phi_T <= Phi_0 - inf F, because Phi_T is F at a "
        "point plus a nonnegative quantity."
    ),
    "induction": (
        "The set of t for which the bound holds contains 0, and with t it contains t + 1 by the clauses before. "
        "(For the buffer started at zero the induction begins at t = 1 with a_1 = g_0.)"
    ),
    "projection-lipschitz": (
        "h/eta is the projection onto the ball of radius tau. For the projection P onto a closed convex set, <v - P "
        "v, P w - P v> <= 0 and <w - P w, P v - P w> <= 0; their sum gives ||P v - P w||^2 <= <v - w, P v - P w>, "
        "so P is nonexpansive. On vectors of norm at least r >= tau, h/eta is tau/r times the projection onto the "
        "ball of radius r (radial projections compose), so it contracts by the further factor tau/r."
    ),
    "convex-potential": (
        "H is convex by the triangle inequality, being a convex nondecreasing function of the norm, and its "
        "gradient h is eta-Lipschitz. Hence H(y + q xi) <= H(y) + q <h(y), xi> + eta q^2 ||xi||^2/2 (integrate h "
        "along the segment); take expectations with E xi = 0. With y = beta m + q grad F, convexity gives H(y) <= "
        "beta H(m) + q H(grad F)."
    ),
    "conditional-mean": (
        "z_t is a function of x_t and m_t, which are determined by x_0 and xi_0, ..., xi_(t-1). Given these, grad "
        "F(z_t) is a fixed vector and the conditional mean of xi_t is 0."
    ),
    "potential-nonnegative": "Phi_T is F(z_T) plus a nonnegative multiple of H(m_T), and H >= 0. So Phi_T >= inf F.",
    "superadditive": (
        "Let l(v) = <u, v> - Z ||v|| with Z >= 0. Then l(s v) = s l(v) for s >= 0, and l(v + w) >= l(v) + l(w) by "
        "the triangle inequality. So l of a sum of pieces is at least the sum of l of the pieces."
    ),
    "variance-bound": (
        "Both | ||g|| - G | and |e| are at most ||xi|| by the triangle inequality and because h is 1-Lipschitz at "
        "eta = tau = 1. So the expectation of their product is at most E||xi||^2 <= v. By Cauchy-Schwarz for "
        "expectations (E||g||)^2 <= E||g||^2 <= G^2 + v, and E||g|| >= ||E g|| = G."
    ),
    "jensen-pi": (
        "A convex pi lies above its tangent at the mean: pi(G_t) >= pi(mean) + d (G_t - mean) for each value of "
        "G_t. Take expectations and average over t; the linear terms cancel."
    ),
    "taylor": (
        "Let eta = tau = 1, r = ||v|| > 0, and let the unit vector e have component c along v and s orthogonal to "
        "it, c^2 + s^2 = 1. Differentiating h(v) = v/(1 + r) twice, D^2 h(v)[e, e] has the component -2 c^2/(1 + "
        "r)^3 - s^2/(1 + r)^2 along v and -2 c s/(1 + r)^2 orthogonal to it. Its squared norm is at most (2 c^2 + "
        "s^2)^2 + 4 c^2 s^2 = 1 + 6 c^2 - 3 c^4 <= 4. For a symmetric bilinear map this bounds the operator norm, "
        "and Dh is continuous at 0, so Dh is 2-Lipschitz (2 eta/tau in general units). Integrate Dh along the "
        "segment from v to v': the remainder is at most (1/2)(2 eta/tau) ||v' - v||^2."
    ),
    "lipschitz-variance": (
        "The variance of w(xi) is the least E||w(xi) - c||^2 over constant vectors c. Take c = w(0): it is at most "
        "eta^2 E||xi||^2 <= eta^2 sigma^2. The step is eta-Lipschitz in xi_t because its coefficients nu (1 + "
        "theta) q = nu (for h(m_(t+1)), whose argument contains q xi_t) and 1 - nu add up to 1 and h is "
        "eta-Lipschitz."
    ),
    "mean-value-jacobian": (
        "h(m') - h(m) = A (m' - m) with A the integral of Dh(m + s (m' - m)) over 0 <= s <= 1. Each Dh(v) is "
        "symmetric with eigenvalues eta/(1 + ||v||/tau)^2 and eta/(1 + ||v||/tau), so 0 <= Dh(v) <= eta/(1 + r/tau) "
        "where ||v|| >= r, and an average of such matrices has the same bounds."
    ),
    "martingale-orthogonality": (
        "For s < t, E <xi_s, xi_t> = E <xi_s, E_t xi_t> = 0, because xi_s is determined before time t. So in the "
        "expectation of the square of the sum all mixed terms vanish, and each c_s^2 E||xi_s||^2 is at most c_s^2 "
        "sigma^2. By Cauchy-Schwarz for expectations the mean norm is at most the root of the second moment."
    ),
    "geometric-double-sum": (
        "Exchange the sums: for fixed s the factors beta^(t-s), s < t < T, add up to at most beta + beta^2 + ... = "
        "beta/(1 - beta) = beta/q."
    ),
    "gradient-integrable": (
        "For an L-smooth F, the descent inequality at x - grad F(x)/L gives inf F <= F(x) - G^2/(2 L). So G_t^2 is "
        "at most 2 L (F(x_t) - inf F). If E F(x_t) is finite, so is E G_t^2, and by the one-step inequality E "
        "F(x_(t+1)); E F(x_0) = F(x_0). Under a gradient bound the iterates stay in a bounded set."
    ),
    "symmetric-mean": (
        "By Jensen E|c + X| >= |c + E X| = |c|. By symmetry E|c + X| = E|c - X|, and |c + X| + |c - X| >= 2 |X|."
    ),
    "sign-moments": (
        "Let X = sum of a_k s_k with independent signs. In E X^4 only products with even powers survive: E X^4 = 3 "
        "(sum a_k^2)^2 - 2 sum a_k^4 <= 3 (E X^2)^2. Hoelder with exponents 3/2 and 3 gives E X^2 = E |X|^(2/3) "
        "|X|^(4/3) <= (E|X|)^(2/3) (E X^4)^(1/3), that is E|X| >= (E X^2)^(3/2) (E X^4)^(-1/2)."
    ),
    "huber-slope": (
        "f(x) = L0 x^2/2 for |x| <= e/L0 and e |x| - e^2/(2 L0) otherwise is C^1, L0-smooth, and has slope e to the "
        "right of e/L0. Clipping only shortens a step, so each step there moves by at most eta e."
    ),
    "slope-limit": (
        "For every slope e slightly above eps, T has to exceed a number that depends continuously on e. So T is at "
        "least its limit as e decreases to eps."
    ),
    "rare-progress": (
        "Let J_t be the largest coordinate in the supports of the first t answers. The iterate x_t is supported in "
        "the first J_t coordinates, so an answer increases J_t by at most one, and only if its fresh coin shows 1. "
        "So J_t is at most a sum of t coins with mean t p, and P(J_t >= N) <= t p/N by Markov's inequality."
    ),
}
