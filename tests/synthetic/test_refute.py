"""Properties of refutations: published wrong pairs fail at a confirmed point, and true pairs are never refuted."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from bounds.errors import InputError
from bounds.quantities import Number
from synthetic import landscapes as factories
from synthetic.certify import certify
from synthetic.forms import Explicit, Form, Radial, Separable, coordinates
from synthetic.landscape import Landscape, Region
from synthetic.landscapes import LANDSCAPES, landscape_named
from synthetic.minimal import minimal_L0
from synthetic.refute import Refutation, refute

(X,) = coordinates(1)
PAIR = coordinates(2)
R = sp.Symbol("r", nonnegative=True)
Subject = Landscape | Form


def line(formula: object) -> Explicit:
    """A function of one variable."""
    return Explicit(formula=formula, variables=(X,))


def plane(formula: object) -> Explicit:
    """A function of two variables."""
    return Explicit(formula=formula, variables=PAIR)


def label(parameter: object) -> str:
    """A short name in the test report."""
    if isinstance(parameter, Landscape):
        return parameter.key
    return str(parameter.expression()[0])[:50] if isinstance(parameter, Form) else str(parameter)


def fails_there(subject: Subject, found: Refutation) -> bool:
    """Whether the claim fails at the witness, by 60-digit evaluation of the whole expression; also its record."""
    formula, xs = (subject.form if isinstance(subject, Landscape) else subject).expression()
    x, u = ([sp.Rational(c.numerator, c.denominator) for c in v] for v in (found.point, found.direction))
    at, t = dict(zip(xs, x, strict=True)), sp.Dummy("t", real=True)
    slope = sp.sqrt(sum(sp.N(sp.diff(formula, s).subs(at), 60) ** 2 for s in xs))
    along = formula.subs({s: a + t * b for s, a, b in zip(xs, x, u, strict=True)}, simultaneous=True)
    bend = abs(sp.N(sp.diff(along, t, 2).subs(t, 0), 60)) / sum(c**2 for c in u)
    l0, l1 = (sp.Rational(c.numerator, c.denominator) for c in (found.L0, found.L1))
    allowed = l0 + l1 * slope
    tiny = sp.Rational(1, 10**40) * bend
    size, most = sp.Rational(found.hessian_norm), sp.Rational(found.allowed)
    assert bend * (1 - sp.Rational(1, 10**14)) <= size <= bend + tiny
    assert most >= allowed - tiny
    assert found.excess >= 1
    assert found.excess == math.inf or sp.Rational(found.excess) * allowed <= bend + tiny
    return bool(bend > allowed)


PUBLISHED = (
    *((line(sp.exp(X) + sp.exp(-X)), 0, L1) for L1 in (1, 10, 1000)),
    *((line(sp.log(sp.exp(X) + sp.exp(-X))), 0, L1) for L1 in (1, 10, 1000)),
    (line(X**2), "0.1", "0.5"),
    (factories.anisotropic_quartic(dimension=20), 4, 3),
)


@pytest.mark.parametrize(("subject", "L0", "L1"), PUBLISHED, ids=label)
def test_published_wrong_constants_are_refuted(subject: Subject, L0: Number, L1: Number) -> None:
    found = refute(subject, L0, L1)
    assert found is not None
    assert fails_there(subject, found)
    assert found.seconds < 5


def test_the_anisotropic_quartic_fails_far_out_along_its_flattest_axis() -> None:
    found = refute(factories.anisotropic_quartic(dimension=20), 4, 3)
    assert found is not None
    assert "exact rational" in found.method
    assert math.hypot(*map(float, found.point)) > 10
    assert max(range(20), key=lambda j: abs(found.point[j])) == 0


OTHER_WRONG = (
    (line(X**4 - X), 0, 1000),
    (line(sp.cos(X) + X**2), "1/10", 1),
    (line(sp.sin(3 * X) + X**2), 1, 1),
    (line(sp.Max(X, 0) ** 2), "19/10", 0),
    (line(sp.exp(X**2)), 1, 1),
    (plane(sp.exp(PAIR[0] + PAIR[1])), 0, "7/5"),
    (plane((PAIR[0] + 2 * PAIR[1]) ** 4), "399.9", 1),
    (plane(sp.cosh(PAIR[0] - PAIR[1]) + PAIR[0] ** 4 - PAIR[0]), "1/10", 2),
    (Separable(profile=X**4, variable=X, dimension=7), "15.99", 1),
    (Separable(profile=X**4 - X**3 + X, variable=X, dimension=20), 3, 1),
    (Separable(profile=sp.Abs(X) ** 3, variable=X, dimension=4), "1/10", 1),
    (Radial(profile=R**3, variable=R, dimension=20), "2.999", 1),
    (Radial(profile=sp.cosh(R), variable=R, dimension=3), 2, "1/2"),
    (factories.quartic().scaled(value=3, point=7), "1/2", "1/7"),
    (factories.cosh(L1=2), 10**9, "19/10"),
    (factories.rosenbrock(), 10**6, 10),
    (factories.phase_retrieval(samples=8, dimension=2), 1, 8),
    (factories.population_phase_retrieval(), 5, 3),
    (factories.regularized_logistic(samples=6, dimension=2), "0.2", 0),
)


@pytest.mark.parametrize(("subject", "L0", "L1"), OTHER_WRONG, ids=label)
def test_wrong_constants_of_every_form_are_refuted(subject: Subject, L0: Number, L1: Number) -> None:
    found = refute(subject, L0, L1)
    assert found is not None
    assert fails_there(subject, found)


TIGHT = tuple(
    (each, pair.L1)
    for each in (*LANDSCAPES, factories.even_power(power=12), factories.norm_power(power=5, dimension=20))
    if each.key not in ("rosenbrock", "anisotropic-quartic", "regularized-logistic")
    and "phase-retrieval" not in each.key
    for pair in each.smoothness
    if pair.L0 > 0
)


@pytest.mark.parametrize(("landscape", "L1"), TIGHT, ids=label)
def test_slightly_less_than_the_smallest_l0_is_refuted_and_slightly_more_is_not(
    landscape: Landscape, L1: Fraction
) -> None:
    smallest = minimal_L0(landscape, L1)
    found = refute(landscape, smallest.low * Fraction(999, 1000), L1)
    assert found is not None
    assert fails_there(landscape, found)
    assert refute(landscape, smallest.high * Fraction(1001, 1000), L1, starts=20, seconds=0.1) is None


@pytest.mark.parametrize("landscape", [each for each in LANDSCAPES if each.smoothness], ids=label)
def test_stated_pairs_are_not_refuted(landscape: Landscape) -> None:
    for pair in landscape.smoothness:
        assert refute(landscape, pair.L0, pair.L1, starts=100, seconds=0.4) is None


rationals = st.fractions(min_value=-5, max_value=5, max_denominator=8)


@settings(max_examples=20, deadline=None)
@given(coefficients=st.lists(rationals, min_size=1, max_size=6), L0=rationals.map(abs), L1=rationals.map(abs))
def test_random_polynomials_are_never_both_proved_and_refuted(
    coefficients: list[Fraction], L0: Fraction, L1: Fraction
) -> None:
    form = line(sp.Add(*(sp.Rational(c.numerator, c.denominator) * X**k for k, c in enumerate(coefficients))))
    found = refute(form, L0, L1, starts=50, seconds=0.1)
    verdict = certify(form, L0, L1).verdict
    if found is None:
        # What fails by more than a hundredth of L0 is found.
        assert L0 == 0 or verdict == "proved" or certify(form, L0 * Fraction(101, 100), L1).verdict == "proved"
    else:
        assert verdict == "refuted"
        assert fails_there(form, found)


def test_the_same_seed_finds_the_same_point() -> None:
    first, second = (refute(factories.phase_retrieval(), 5, 8, seed=3) for _ in range(2))
    assert first is not None
    assert second is not None
    assert (first.point, first.direction) == (second.point, second.direction)


def test_only_points_of_the_domain_count() -> None:
    quartic = landscape_named("quartic")
    region = Region(text="x > 5", predicate=lambda x: x[:, 0] > 5)
    far = Landscape(
        **{
            name: getattr(quartic, name)
            for name in ("key", "name", "form", "smoothness", "infimum", "summary", "source")
        },
        optimum=None,
        start=(6.0,),
        domain=region,
    )
    # For x > 5, f'' = 12 x^2 exceeds f' - 1 = 4 x^3 - 1 nowhere, and 4 x^3/2 up to x = 6.
    assert refute(far, 0, 1) is None
    found = refute(far, 0, "1/2")
    assert found is not None
    assert 5 < found.point[0] < 6


def test_witnesses_are_short() -> None:
    found = refute(line(X**2), "0.1", "0.5")
    assert found is not None
    assert all(c.denominator <= 10 and abs(c.numerator) <= 10 for c in (*found.point, *found.direction))


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ({"L0": -1}, "L0 = -1"),
        ({"L1": float("nan")}, "L1 = nan"),
        ({"L0": "many"}, "L0 = 'many'"),
        ({"starts": 0}, "starts = 0"),
        ({"starts": 2.5}, "starts = 2.5"),
        ({"seconds": 0}, "seconds = 0"),
        ({"seconds": float("nan")}, "seconds = nan"),
    ],
    ids=str,
)
def test_bad_input_is_refused_in_one_sentence(arguments: dict[str, object], part: str) -> None:
    with pytest.raises(InputError, match="not allowed") as refusal:
        refute(landscape_named("quartic"), **({"L0": 1, "L1": 1} | arguments))
    assert part in str(refusal.value)
    assert "\n" not in str(refusal.value)
