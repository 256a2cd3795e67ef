"""Properties of the landscapes: derivatives, optima, stated constants, scaling."""

from __future__ import annotations

import dataclasses
import pickle
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy as sp

from bounds.errors import InputError
from synthetic import landscapes as factories
from synthetic.forms import Array, Explicit, FiniteSum, Radial, Separable, coordinates
from synthetic.landscape import Landscape, Region, StatedSmoothness, Status
from synthetic.landscapes import LANDSCAPES, landscape_named

every_landscape = pytest.mark.parametrize("landscape", LANDSCAPES, ids=lambda each: each.key)

# Other parameters than the defaults, so that the formulas behind the stated constants are tested as formulas.
VARIANTS = (
    factories.quartic(L1=3),
    factories.quartic(L1="1/7"),
    factories.even_power(power=8, L1=5),
    factories.norm_power(power=4, dimension=3, L1="1/2"),
    factories.norm_power(power=5, dimension=1, L1=2),
    factories.anisotropic_quartic(dimension=2, L1=1),
    factories.anisotropic_quartic(dimension=7, L1="1/3"),
    factories.cosh(L0="1/5", L1=3),
    factories.cosh_sum(dimension=3, L0=7, L1="1/2"),
    factories.exponential(L1="5/2"),
    factories.exponential_bowl(L0=3, L1="1/4"),
    factories.hard_exponential(L0="1/2", L1=4, M=100),
    factories.quadratic_exponential(L0=5, L1=2),
    factories.huber(L0=4, slope="1/3"),
    factories.logistic(norm=3, L1=1, dimension=1),
    factories.regularized_logistic(samples=20, dimension=3, regularization=2, seed=5),
    factories.phase_retrieval(samples=9, dimension=2, L1=1, seed=1),
    factories.phase_retrieval(samples=40, dimension=5, L1=50, seed=4),
)


def directions(rng: np.random.Generator, number: int, dimension: int) -> Array:
    """Unit vectors: random ones, some of them on the coordinate axes or nearly so."""
    u = rng.standard_normal((number, dimension))
    axis = rng.integers(dimension, size=number)
    tilt = rng.choice([1.0, 1e-2, 0.0], size=number)
    u *= tilt[:, None]
    u[np.arange(number), axis] += np.where(tilt < 1, rng.choice([-1.0, 1.0], size=number), 0.0)
    return u / np.linalg.norm(u, axis=1, keepdims=True)


def wide_sample(landscape: Landscape, number: int = 3000) -> Array:
    """Points at every scale from 1e-3 to 1e3 around the origin and around the optimum."""
    rng = np.random.default_rng(7)
    radius = 10 ** rng.uniform(-3, 3, size=(number, 1))
    center = np.zeros(landscape.dimension) if landscape.optimum is None else np.array(landscape.optimum)
    return rng.integers(2, size=(number, 1)) * center + radius * directions(rng, number, landscape.dimension)


def near_sample(landscape: Landscape, number: int) -> Array:
    """A few points of moderate size, for comparisons of digits."""
    rng = np.random.default_rng(3)
    x = rng.uniform(-2, 2, size=(number, landscape.dimension))
    x[-1] = landscape.start
    return x


def slack(landscape: Landscape, claim: StatedSmoothness, x: Array) -> tuple[Array, Array]:
    """The two sides ||Hess F|| and L0 + L1 ||grad F|| at the points where neither overflows."""
    hessian, gradient = landscape.hessian(x), landscape.gradient(x)
    finite = (np.abs(hessian) < 1e100).all(axis=(1, 2)) & (np.abs(gradient) < 1e100).all(axis=1)
    curvature = np.abs(np.linalg.eigvalsh(hessian[finite])).max(axis=1)
    return curvature, float(claim.L0) + float(claim.L1) * np.linalg.norm(gradient[finite], axis=1)


@pytest.mark.parametrize("landscape", [*LANDSCAPES, *VARIANTS], ids=lambda each: each.name)
def test_stated_constants_hold_at_every_scale(landscape: Landscape) -> None:
    x = wide_sample(landscape)
    for claim in landscape.smoothness:
        curvature, bound = slack(landscape, claim, x)
        assert len(curvature) > len(x) / 3
        # The absolute term covers squares that underflow inside the norms.
        assert (curvature <= bound * (1 + 1e-9) + 1e-150).all()


@pytest.mark.parametrize(
    "landscape",
    [
        factories.quartic(L1=1),
        factories.even_power(power=6, L1=2),
        factories.norm_power(power=3, L1=1),
        factories.norm_power(power=4, dimension=3, L1="1/2"),
        factories.cosh(),
        factories.cosh_sum(),
        factories.exponential_bowl(),
        factories.hard_exponential(),
        factories.quadratic_exponential(),
        factories.huber(),
        factories.logistic(),
        factories.logistic(norm=3, L1=1, dimension=1),
    ],
    ids=lambda each: each.name,
)
def test_smaller_l0_is_refuted_where_the_constant_is_tight(landscape: Landscape) -> None:
    smaller = dataclasses.replace(landscape.constants, L0=landscape.constants.L0 * Fraction(99, 100))
    curvature, bound = slack(landscape, smaller, wide_sample(landscape))
    assert (curvature > bound).any()


@pytest.mark.parametrize("key", ["cosh", "exponential", "exponential-bowl", "quadratic-exponential"])
def test_smaller_l1_is_refuted_where_the_constant_is_tight(key: str) -> None:
    landscape = landscape_named(key)
    smaller = dataclasses.replace(landscape.constants, L1=landscape.constants.L1 * Fraction(99, 100))
    curvature, bound = slack(landscape, smaller, wide_sample(landscape))
    assert (curvature > bound).any()


def test_pair_of_the_quartic_is_not_valid_for_the_anisotropic_quartic() -> None:
    landscape = factories.anisotropic_quartic(dimension=20)
    published = StatedSmoothness(L0=Fraction(4), L1=Fraction(3), source="valid for x^4")
    x = np.zeros((200, 20))
    x[:, 0] = np.linspace(1, 400, 200)
    curvature, bound = slack(landscape, published, x)
    assert (curvature > 1.8 * bound).any()


@pytest.mark.parametrize("dimension", [1, 2, 5, 20])
def test_anisotropic_constant_is_nearly_the_smallest(dimension: int) -> None:
    landscape = factories.anisotropic_quartic(dimension=dimension, L1=1)
    x = np.zeros((2, 4000, dimension))
    x[0, :, 0] = x[1, :, -1] = np.geomspace(1e-2, 1e4, 4000)
    x = x.reshape(-1, dimension)
    needed = np.abs(landscape.hessian(x)).max(axis=(1, 2)) - np.linalg.norm(landscape.gradient(x), axis=1)
    assert needed.max() >= 0.85 * float(landscape.constants.L0)


def test_rosenbrock_has_an_unbounded_hessian_where_its_gradient_is_below_one() -> None:
    landscape = landscape_named("rosenbrock")
    formula, (x, y) = landscape.form.expression()
    s = sp.Symbol("s", positive=True)
    curve = {x: s, y: s**2 + (s - 1) / (200 * s)}
    assert sp.simplify(sp.diff(formula, x).subs(curve)) == 0
    assert sp.simplify(sp.diff(formula, y).subs(curve) - (1 - 1 / s)) == 0
    assert sp.simplify(sp.diff(formula, x, 2).subs(curve) - (800 * s**2 + 2 / s)) == 0
    assert landscape.smoothness == ()
    with pytest.raises(InputError, match="has no pair"):
        _ = landscape.constants


@every_landscape
def test_values_and_derivatives_agree_with_the_expression_at_thirty_digits(landscape: Landscape) -> None:
    formula, symbols = landscape.form.expression()
    exact = sp.lambdify(symbols, formula, modules="mpmath")
    x = near_sample(landscape, 3)
    u = directions(np.random.default_rng(1), len(x), landscape.dimension)
    value = landscape.value(x)
    slope = np.vecdot(landscape.gradient(x), u)
    curvature = np.einsum("bi,bij,bj->b", u, landscape.hessian(x), u)
    with mpmath.workdps(30):
        for k in range(len(x)):

            def line(t: object, k: int = k) -> object:
                return exact(*(mpmath.mpf(p) + t * mpmath.mpf(q) for p, q in zip(x[k], u[k], strict=True)))

            scale = 1 + abs(value[k])
            assert float(line(mpmath.mpf(0))) == pytest.approx(value[k], rel=1e-12, abs=1e-14 * scale)
            if landscape.key == "hard-exponential" and k == len(x) - 1:
                continue  # the start lies on a kink of the gradient, where differences mix both sides
            assert float(mpmath.diff(line, 0)) == pytest.approx(slope[k], rel=1e-9, abs=1e-11 * scale)
            assert float(mpmath.diff(line, 0, 2)) == pytest.approx(curvature[k], rel=1e-9, abs=1e-11 * scale)


@every_landscape
def test_hessian_is_the_derivative_of_the_gradient(landscape: Landscape) -> None:
    x = np.random.default_rng(11).uniform(-2, 2, size=(40, landscape.dimension))
    h = 1e-6
    hessian = landscape.hessian(x)
    scale = 1 + np.abs(hessian).max()
    for j in range(landscape.dimension):
        step = h * np.eye(landscape.dimension)[j]
        difference = (landscape.gradient(x + step) - landscape.gradient(x - step)) / (2 * h)
        assert np.abs(difference - hessian[:, :, j]).max() <= 1e-7 * scale
    assert np.array_equal(hessian, hessian.transpose(0, 2, 1)) or np.allclose(
        hessian, hessian.transpose(0, 2, 1), rtol=0, atol=1e-13 * scale
    )


@every_landscape
def test_optimum_is_stationary_and_attains_the_infimum(landscape: Landscape) -> None:
    if landscape.optimum is None:
        # Then the infimum is approached far away or only bounded from below.
        assert landscape.gap(wide_sample(landscape)).min() < (1 if landscape.infimum_is_bound else 1e-9)
        return
    optimum = np.array([landscape.optimum])
    assert np.linalg.norm(landscape.gradient(optimum)) <= 1e-13
    assert landscape.gap(optimum)[0] == pytest.approx(0, abs=1e-15)
    assert np.linalg.eigvalsh(landscape.hessian(optimum)).min() >= 0


@every_landscape
def test_value_never_falls_below_the_infimum(landscape: Landscape) -> None:
    value = landscape.value(wide_sample(landscape))
    assert not np.isnan(value).any()
    assert value.min() >= float(landscape.infimum)
    assert landscape.initial_gap > 0


@every_landscape
def test_powers_of_two_scale_exactly(landscape: Landscape) -> None:
    a, b = Fraction(8), Fraction(1, 4)
    big = landscape.scaled(value=a, point=b)
    x = np.concatenate([near_sample(landscape, 20), wide_sample(landscape, 50)])
    assert np.array_equal(big.value(x / 4), 8 * landscape.value(x))
    assert np.array_equal(big.gradient(x / 4), 32 * landscape.gradient(x), equal_nan=True)
    assert np.array_equal(big.hessian(x / 4), 128 * landscape.hessian(x), equal_nan=True)
    assert big.initial_gap == 8 * landscape.initial_gap
    assert big.start == tuple(c / 4 for c in landscape.start)
    for before, after in zip(landscape.smoothness, big.smoothness, strict=True):
        assert before.L0 * a / b**2 == after.L0
        assert before.L1 / b == after.L1
        assert after.status is Status.STATED


@every_landscape
def test_scaled_expression_agrees_with_scaled_values(landscape: Landscape) -> None:
    scaled = landscape.scaled(value="3/5", point="7/3")
    formula, symbols = scaled.form.expression()
    x = near_sample(scaled, 2)
    exact = sp.lambdify(symbols, formula, modules="mpmath")
    expected = [float(exact(*map(mpmath.mpf, point))) for point in x]
    assert scaled.value(x) == pytest.approx(expected, rel=1e-12)


@every_landscape
def test_a_point_has_the_same_numbers_in_every_batch(landscape: Landscape) -> None:
    x = near_sample(landscape, 37)
    for function in (landscape.value, landscape.gradient, landscape.hessian):
        whole = function(x)
        assert np.array_equal(whole, np.concatenate([function(x[k : k + 1]) for k in range(len(x))]))
        assert np.array_equal(whole, np.concatenate([function(x[:5]), function(x[5:])]))
        assert np.array_equal(whole[::2], function(x[::2]))
        assert np.array_equal(whole, function(np.asfortranarray(x)))


@every_landscape
def test_shapes_and_empty_batches(landscape: Landscape) -> None:
    d = landscape.dimension
    for batch in (0, 1, 4):
        x = np.ones((batch, d))
        assert landscape.value(x).shape == (batch,)
        assert landscape.gradient(x).shape == (batch, d)
        assert landscape.hessian(x).shape == (batch, d, d)
    for wrong in (np.ones(d), np.ones((2, d + 1)), np.ones((1, 1, d))):
        with pytest.raises(InputError, match=r"must have shape \(batch"):
            landscape.value(wrong)


@every_landscape
def test_huge_points_overflow_without_warning_and_nan_stays_nan(landscape: Landscape) -> None:
    far = np.concatenate([np.full((1, landscape.dimension), s * 10.0**k) for k in (5, 200, 308) for s in (-1, 1)])
    for function in (landscape.value, landscape.gradient, landscape.hessian):
        function(far)
    nan = np.full((1, landscape.dimension), np.nan)
    assert np.isnan(landscape.value(nan)).all()
    assert np.isnan(landscape.gradient(nan)).all()


def test_unselected_branches_do_not_leak() -> None:
    far = np.array([[-1e6], [1e6]])
    hard = landscape_named("hard-exponential")
    assert np.array_equal(hard.gradient(far), [[-10.0], [10.0]])
    assert np.array_equal(hard.hessian(far), np.zeros((2, 1, 1)))
    assert np.isfinite(hard.value(far)).all()
    logistic = factories.logistic(norm=1, dimension=1)
    assert logistic.value(far) == pytest.approx([0, 1e6])
    assert logistic.gradient(np.array([[-700.0]]))[0, 0] == pytest.approx(np.exp(-700.0), rel=1e-13)
    bowl = landscape_named("exponential-bowl")
    assert np.array_equal(bowl.gradient(np.array([[-1e6], [1e6]])), [[-np.inf], [np.inf]])


def test_gradients_keep_their_digits_near_the_minimum() -> None:
    tiny = np.array([[1e-12], [-1e-12]])
    for key in ("cosh", "exponential-bowl", "hard-exponential"):
        assert landscape_named(key).gradient(tiny) == pytest.approx(tiny, rel=1e-11)


def test_hard_exponential_repeats_an_exact_two_cycle() -> None:
    landscape = factories.hard_exponential(L0=1, L1=1, M=10)
    x = np.array([landscape.start])
    step = 2 * x[0, 0] / 10
    for _ in range(50):
        gradient = landscape.gradient(x)
        assert abs(gradient[0, 0]) == 10
        x = x - step * gradient
    assert abs(x[0, 0]) == pytest.approx(landscape.start[0])


def test_keys_are_unique_kebab_case_and_found() -> None:
    keys = [each.key for each in LANDSCAPES]
    assert len(set(keys)) == len(keys)
    assert all(key == key.lower() and key.replace("-", "").isalnum() for key in keys)
    assert all(landscape_named(each.key) is each for each in LANDSCAPES)
    with pytest.raises(InputError, match="did you mean quartic"):
        landscape_named("quartik")


@every_landscape
def test_landscapes_travel_between_processes(landscape: Landscape) -> None:
    scaled = landscape.scaled(value=3, point=5)
    copy = pickle.loads(pickle.dumps(scaled))
    assert copy == scaled
    assert hash(copy) == hash(scaled)
    x = near_sample(landscape, 4)
    assert np.array_equal(copy.gradient(x), scaled.gradient(x))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: factories.quartic(L1=0), "L1 = 0 is not allowed"),
        (lambda: factories.quartic(L1="big"), "L1 = 'big' is not allowed"),
        (lambda: factories.cosh(L0=float("nan")), "L0 = nan is not allowed"),
        (lambda: factories.even_power(power=5), "even integer >= 4"),
        (lambda: factories.norm_power(power=2), "integer >= 3"),
        (lambda: factories.cosh_sum(dimension=0), "integer >= 1"),
        (lambda: factories.logistic(norm=1, L1=2), r"must lie in \[0, 1\]"),
        (lambda: factories.phase_retrieval(samples=3, dimension=4), "integer >= 4"),
        (lambda: factories.quartic().scaled(value=-1), "value = -1 is not allowed"),
        (lambda: factories.quartic().scaled(point=0), "point = 0 is not allowed"),
        (lambda: StatedSmoothness(L0=Fraction(-1), L1=Fraction(1), source=""), "both must be >= 0"),
        (lambda: dataclasses.replace(factories.quartic(), start=(1.0, 2.0)), "must have 1 finite coordinates"),
        (lambda: dataclasses.replace(factories.cosh(), start=(1e6,)), "it must be finite"),
        (lambda: dataclasses.replace(factories.cosh(), infimum=Fraction(10**6)), "it must be finite and >="),
    ],
)
def test_bad_input_is_refused_in_one_sentence(build: object, message: str) -> None:
    assert callable(build)
    with pytest.raises(InputError, match=message):
        build()


R = sp.Symbol("r", nonnegative=True)
Z = sp.Symbol("z", real=True)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Explicit(formula=R + Z, variables=(Z,)), "uses"),
        (lambda: Radial(profile=sp.exp(R), variable=R, dimension=2), "kink at 0"),
        (lambda: Radial(profile=R**2, variable=R, dimension=2, matrix=((1.0,),)), "length 2"),
        (lambda: Radial(profile=R**2, variable=R, dimension=1, matrix=((float("inf"),),)), "finite rows"),
        (
            lambda: FiniteSum(
                profile=R * Z, variable=Z, label=R, labels=(1.0,), rows=((1.0,), (2.0,)), weight=Fraction(1)
            ),
            "1 labels for 2 rows",
        ),
    ],
)
def test_malformed_forms_are_refused(build: object, message: str) -> None:
    assert callable(build)
    with pytest.raises(InputError, match=message):
        build()


def test_four_forms_of_the_same_function_agree() -> None:
    xs = coordinates(3)
    forms = (
        Explicit(formula=sp.Add(*(2 * x**2 for x in xs)), variables=xs),
        Separable(profile=2 * Z**2, variable=Z, dimension=3),
        Radial(profile=2 * R**2, variable=R, dimension=3),
        FiniteSum(profile=2 * Z**2, variable=Z, rows=((1.0, 0, 0), (0, 1.0, 0), (0, 0, 1.0)), weight=Fraction(1)),
    )
    x = np.concatenate([np.random.default_rng(0).standard_normal((6, 3)), np.zeros((1, 3))])
    for form in forms:
        assert form.value(x) == pytest.approx(2 * (x**2).sum(axis=1))
        assert form.gradient(x) == pytest.approx(4 * x)
        assert form.hessian(x) == pytest.approx(np.broadcast_to(4 * np.eye(3), (7, 3, 3)))
        formula, symbols = form.expression()
        assert sp.expand(formula - 2 * sum(s**2 for s in symbols)) == 0


def test_results_are_fresh_arrays() -> None:
    x = np.ones((3, 2))
    half_square = Separable(profile=Z**2 / 2, variable=Z, dimension=2)
    for result in (half_square.gradient(x), half_square.value(x), landscape_named("exponential").value(x)):
        result += 1
    assert np.array_equal(x, np.ones((3, 2)))


def inside_unit_disc(x: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return np.linalg.norm(x, axis=1) < 1


def test_domain_is_respected_and_scales() -> None:
    xs = coordinates(2)
    barrier = Landscape(
        key="barrier",
        name="barrier",
        form=Explicit(formula=-sp.log(1 - xs[0] ** 2 - xs[1] ** 2), variables=xs),
        smoothness=(),
        optimum=(0.0, 0.0),
        infimum=Fraction(0),
        start=(0.5, 0.5),
        domain=Region(text="the open unit disc", predicate=inside_unit_disc),
        summary="not (L0, L1)-smooth.",
        source="standard",
    )
    big = barrier.scaled(point=4)
    x = np.array([[3.0, 0.0], [4.5, 0.0]])
    assert list(big.domain.contains(x)) == [True, False]
    assert list(barrier.domain.contains(x / 4)) == [True, False]
    assert big.domain.text == "4 times (the open unit disc)"
    with pytest.raises(InputError, match="outside the domain"):
        dataclasses.replace(barrier, start=(1.0, 1.0))
