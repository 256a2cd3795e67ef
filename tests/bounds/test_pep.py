r"""Second opinion at L1 = 0 and for one clipped step: exact worst cases by semidefinite programming.

For L1 = 0 the class is that of the L-smooth functions, whose exact worst cases PEPit (Goujaud et al., 2022,
arXiv 2201.04040) computes from interpolation conditions, by a solver that knows nothing of the proofs here.
"""

from __future__ import annotations

import functools
import math
from fractions import Fraction

import pytest
import sympy as sp
from PEPit import PEP
from PEPit.functions import SmoothFunction

from bounds.applicability import NotCovered
from bounds.calculator import evaluate
from bounds.catalogue import THEOREMS, theorem_named
from bounds.functions import descent_factor
from bounds.methods import Method, method_named
from bounds.problem import Problem
from bounds.smoothness import Noise
from bounds.symbols import L0, L1, eta, gamma
from bounds.theorem import Criterion, Kind

# The interior-point answers were within 1e-4 of every closed form below.
ACCURACY = 1e-3
# More points only lower the least norm, and a program of this many takes a fraction of a second.
MOST_POINTS = 8


@functools.cache
def worst_case(points, *, L=1.0, gap=1.0, size=1.0, beta=0.0, nu=0.0, first=0, metric="min"):
    """The worst case over L-smooth F with F(x_0) - inf F <= gap, x_first the first of ``points`` inspected points.

    The method is x' = x - size (nu m' + (1 - nu) g), m' = beta m + (1 - beta) g, m_0 = g_0. The metric is the least
    ||g_t||^2, or the sum of D_t = size (nu ||m_{t+1}||^2 + (1 - nu) ||g_t||^2). An L-smooth F has
    inf F <= F(x) - ||grad F(x)||^2/(2 L) at every x, and interpolation attains the least of these values.
    """
    problem = PEP()
    function = problem.declare_function(SmoothFunction, L=L)
    x = problem.set_initial_point()
    m, start = function.oracle(x)
    total = 0
    for t in range(points + first):
        g, value = function.oracle(x)
        problem.set_initial_condition(start - value + g**2 / (2 * L) <= gap)
        m = beta * m + (1 - beta) * g
        if metric == "min" and t >= first:
            problem.set_performance_metric(g**2)
        total += size * (nu * m**2 + (1 - nu) * g**2)
        x = x - size * (nu * m + (1 - nu) * g)
    if metric == "sum":
        problem.set_performance_metric(total)
    return problem.solve(verbose=0)


def exact_count(epsilon):
    """The least T with 4/(3 (T - 1) + 2) <= epsilon^2: gradient descent with step 1/L, for L = Delta = 1."""
    return max(1, math.ceil((4 / Fraction(epsilon) ** 2 + 1) / 3))


@pytest.mark.parametrize("steps", range(6))
@pytest.mark.parametrize(("L", "gap"), [(1.0, 1.0), (4.0, 0.5)])
def test_gradient_descent_with_step_one_over_L(steps, L, gap):
    """min over t = 0..N of ||g_t||^2 is exactly 4 L Delta/(3 N + 2)."""
    found = worst_case(steps + 1, L=L, gap=gap, size=1 / L)
    assert found == pytest.approx(4 * L * gap / (3 * steps + 2), rel=ACCURACY)


@pytest.mark.parametrize("points", [2, 4])
@pytest.mark.parametrize("size", ["0.3", "1", "1.15", "1.5"])
def test_the_recalled_exact_rate_for_any_step(size, points):
    """The record's count for a target just above the exact worst case is this number of points, and one more below."""
    record = theorem_named("gd-exact-any-step")
    found = math.sqrt(worst_case(points, size=float(size)))
    for factor, extra in ((1 + ACCURACY, 0), (1 - ACCURACY, 1)):
        assert flat(record, found * factor, {"eta": size}).iterations == points + extra


@pytest.mark.parametrize("epsilon", ["0.9", "0.7"])
def test_the_exact_count_is_the_least(epsilon):
    count, target = exact_count(epsilon), float(epsilon) ** 2
    assert worst_case(count) <= target
    assert worst_case(count - 1) > target


def flat(theorem, epsilon, parameters):
    """The record at L1 = 0 and L0 = Delta = 1, where every form of smoothness says the same; None if not covered."""
    problem = Problem.of(
        L0=1, L1=0, Delta=1, epsilon=epsilon, criterion=theorem.criterion, smoothness=theorem.smoothness
    )
    try:
        return evaluate(theorem, problem, parameters)
    except NotCovered:
        return None


def exact_records(kind):
    """Deterministic records about gradient norms, without upper bounds that need more than L-smoothness."""
    return [
        t
        for t in THEOREMS
        if t.kind is kind
        and t.noise is Noise.EXACT
        and t.criterion is not Criterion.VALUE
        and not (t.convex and kind is Kind.UPPER)
    ]


def linear_records():
    """Deterministic upper bounds with a constant step size at L1 = 0, for each of their methods."""
    for theorem in exact_records(Kind.UPPER):
        names = {str(s) for s, _ in theorem.parameters}
        for method in (m for m in theorem.methods if isinstance(m, Method)):
            beta, nu = ("1/2", "7/10" if method.nu is None else method.nu) if method.momentum else (0, 0)
            bound = flat(theorem, "1.3", {"beta": beta, "nu": nu} if "beta" in names else {})
            if bound is not None and (size := constant_step(method, bound)) is not None:
                options = {"size": size, "beta": float(Fraction(beta)), "nu": float(Fraction(nu))}
                yield pytest.param(bound, options, id=f"{theorem.key}-{method.key}")


def constant_step(method, bound):
    """The step size of the method at L1 = 0, or None where it depends on the gradient norm."""
    if method.rule.parameters == (L0, L1):
        return float(sp.limit(method.rule.factor, L1, 0).subs(L0, 1))
    values = bound.application.values
    return float(values[eta]) if eta in values and values.get(gamma, sp.oo).is_infinite else None


LINEAR = tuple(linear_records())


@pytest.mark.parametrize(("bound", "options"), LINEAR)
def test_no_record_promises_less_than_the_exact_worst_case(bound, options):
    """After the promised count the exact least norm is at most eps, with every method's own steps and momentum.

    The least norm is at most the mean, so this is necessary for each criterion.
    """
    points = min(bound.iterations, MOST_POINTS)
    found = worst_case(points, first=bound.theorem.first, **options)
    assert found <= float(bound.problem.epsilon) ** 2 * (1 + ACCURACY)


def test_many_records_are_judged():
    judged = {p.values[0].theorem.key for p in LINEAR}
    assert {"framework-deterministic", "framework-deterministic-sharp", "soft-clipping-deterministic"} <= judged
    assert {"clipped-gd", "best-step-gd", "reciprocal-gd", "gd-gradient-bound"} <= judged


@pytest.mark.parametrize("epsilon", ["1.3", "1", "1/3", "1/10", "1/97"])
def test_upper_and_lower_records_enclose_the_exact_count_of_step_one_over_L(epsilon):
    exact, upper, lower = exact_count(epsilon), {}, {}
    for theorem in exact_records(Kind.UPPER):
        if theorem.key in ("gd-exact", "gd-gradient-bound", "best-step-gd", "reciprocal-gd"):
            upper[theorem.key] = flat(theorem, epsilon, {}).iterations
    for theorem in exact_records(Kind.LOWER):
        if method_named("gd") in theorem.methods:
            needs = "M" if "fixed-step" in theorem.key else "eta" if "own" in theorem.key else None
            bound = flat(theorem, epsilon, {"M": "1.4"} if needs == "M" else {"eta": 1} if needs else {})
            if bound is not None:
                lower[theorem.key] = bound.iterations
    assert min(upper.values()) == upper["gd-exact"] == exact
    assert upper["gd-gradient-bound"] <= Fraction(3, 2) * exact + 1
    assert len(lower) >= 4
    assert max(lower.values()) <= exact


@pytest.mark.parametrize("points", [1, 2, 4])
@pytest.mark.parametrize(("beta", "nu", "kappa"), [(0, 0, 0.3), (0.5, 1, 0.3), (0.5, 0.5, 0.6), (0.9, 1, 0.9)])
def test_the_sum_of_the_main_theorem(beta, nu, kappa, points):
    """sum D_t <= K Delta, the inequality (6.1) of Theorem 1, for l0 = L0 at L1 = 0 and eta = kappa (1 - beta)/L0."""
    K = (1 + 16 / 9 * kappa * nu * beta) * (1 - kappa * beta) / (1 - kappa)
    found = worst_case(points, size=kappa * (1 - beta), beta=beta, nu=nu, metric="sum")
    assert 0 < found <= K


def least_decrease(*, curvature, slope, length):
    """The least F(x) - F(y) for one step of this length along the negative gradient, ||grad F(x)|| = slope given.

    With the norm frozen, clipping is a constant factor and the curvature bound L0 + L1 ||grad F(x)|| a constant.
    """
    problem = PEP()
    function = problem.declare_function(SmoothFunction, L=curvature)
    x = problem.set_initial_point()
    g, value = function.oracle(x)
    problem.add_constraint(g**2 == slope**2)
    problem.set_performance_metric(function(x - length / slope * g) - value)
    return -problem.solve(verbose=0)


@pytest.mark.parametrize("slope", [0.2, 0.5, 1.0, 2.0, 8.0])
@pytest.mark.parametrize(("a", "c"), [(0.4, 0.4), (0.7, 0.2)])
def test_one_clipped_step_with_the_norm_frozen(a, c, slope):
    """The decrease w psi(G) proved for a clipped step is below the exact one, and equal to it at the threshold.

    Here eta = a/L0, gamma = c/L1, w = 1 - C(c)(a + c)/2, and the frozen curvature is C(c)(L0 + L1 G).
    """
    curvature, growth = 1.0, 2.0
    step, longest = a / curvature, c / growth
    factor = float(descent_factor(sp.Float(c)))
    length = min(step * slope, longest)
    frozen = factor * (curvature + growth * slope)
    found = least_decrease(curvature=frozen, slope=slope, length=length)
    assert found == pytest.approx(slope * length - frozen * length**2 / 2, rel=ACCURACY, abs=1e-6)
    promised = (1 - factor * (a + c) / 2) * slope * length
    assert promised <= found + ACCURACY * abs(found)
    threshold = longest / step
    at_threshold = least_decrease(curvature=factor * (curvature + growth * threshold), slope=threshold, length=longest)
    assert at_threshold == pytest.approx((1 - factor * (a + c) / 2) * threshold * longest, rel=ACCURACY)
