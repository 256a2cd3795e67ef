"""Properties of the ball-arithmetic proofs: enclosures, tails, boxes, agreement with exact rules, honest refusals."""

from __future__ import annotations

import sys
from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from synthetic.ball_programs import Program, arithmetic, ball, hull
from synthetic.balls import prove_or_refute
from synthetic.certify import certify
from synthetic.curves import Unknown
from synthetic.forms import Explicit, Form, Radial, Separable, coordinates
from synthetic.landscapes import landscape_named
from synthetic.tails import Quotient

(X,) = coordinates(1)
PAIR = coordinates(2)
TRIPLE = coordinates(3)
R = sp.Symbol("r", nonnegative=True)


def line(formula: object) -> Explicit:
    """A function of one variable."""
    return Explicit(formula=formula, variables=(X,))


def plane(formula: object) -> Explicit:
    """A function of two variables."""
    return Explicit(formula=formula, variables=PAIR)


def label(parameter: object) -> str:
    """A short name in the test report."""
    return str(parameter.expression()[0])[:50] if isinstance(parameter, Form) else str(parameter)


def excess(form: Form, point: tuple[Fraction, ...], L0: object, L1: object) -> float:
    """||Hess F|| - L0 - L1 ||grad F|| at a point of one or two dimensions, to 60 digits, by another library."""
    formula, xs = form.expression()
    at = dict(zip(xs, (sp.Rational(c.numerator, c.denominator) for c in point), strict=True))
    gradient = [sp.N(sp.diff(formula, x).subs(at), 60) for x in xs]
    rows = [[sp.N(sp.diff(formula, x, y).subs(at), 60) for y in xs] for x in xs]
    a, b, c = (rows[0][0], rows[0][-1], rows[-1][-1]) if len(xs) == 2 else (rows[0][0], 0, rows[0][0])
    norm = abs(a + c) / 2 + sp.sqrt(((a - c) / 2) ** 2 + b**2)
    return float(norm - sp.Rational(L0) - sp.Rational(L1) * sp.sqrt(sum(g**2 for g in gradient)))


def powers_of_two(count: int) -> list[Fraction]:
    """1, 2, 4, ..."""
    return [Fraction(2**k) for k in range(count)]


FORMULAS = (
    sp.exp(X) * sp.sin(3 * X) + X**3,
    sp.sqrt(1 + X**2) / (2 + sp.cos(X)),
    sp.tanh(X) + sp.atan(X**2) - sp.cosh(X / 2),
    (1 + X**2) ** sp.Rational(-5, 3) + sp.log(3 + X**2) * sp.pi,
    X**-3 + sp.tan(X / 4) + sp.sinh(X) ** 4,
)


@given(
    formula=st.sampled_from(FORMULAS),
    low=st.fractions(-3, 3, max_denominator=50),
    width=st.fractions(0, 1, max_denominator=50),
    part=st.fractions(0, 1, max_denominator=10),
)
def test_a_ball_contains_the_values_at_all_points(
    formula: object, low: Fraction, width: Fraction, part: Fraction
) -> None:
    inside = low + part * width
    assume(inside != 0)
    with arithmetic() as flint:
        (found,) = Program(flint, (formula,), (X,))((hull(flint, low, low + width),))
        (exact,) = Program(flint, (formula,), (X,))((ball(flint, inside),))
        assert not found.is_finite() or found.overlaps(exact)
        value = sp.N(formula.subs(X, sp.Rational(inside.numerator, inside.denominator)), 40)
        assert mpmath.almosteq(mpmath.mpf(str(exact.mid()).split(" ")[0].strip("[")), mpmath.mpf(str(value)), 1e-12)


def test_what_is_undefined_on_the_box_is_never_compared() -> None:
    with arithmetic() as flint:
        box = (hull(flint, Fraction(-1), Fraction(1)),)
        for formula in (1 / X, sp.log(X), sp.sqrt(X), X ** sp.Rational(1, 3), sp.tan(2 * X), X**-2):
            (found,) = Program(flint, (formula,), (X,))(box)
            assert not found <= 10**9
            assert not found >= -(10**9)


@pytest.mark.parametrize(
    ("formula", "verdicts"),
    [
        (X**2 - sp.exp(X), (True, False)),
        (5 - X**2 + X, (True, True)),
        (X**9 * sp.exp(-X) - 1, (True, True)),
        (sp.exp(3 * X - X**2) - sp.exp(-X), (True, True)),
        ((sp.sin(X) * X - X**2) / (1 + sp.exp(-X)), (True, True)),
        ((sp.sin(X) - X) / (1 + sp.exp(-X)), (True, False)),
        (sp.sin(X), (False, False)),
        (sp.cosh(X) - sp.exp(X) + 1, (True, False)),
        (sp.cosh(X) - sp.exp(X) / 2 + 1, (False, False)),
        (sp.cosh(X) - sp.exp(X) / 2 - sp.exp(-X) / 2, (True, True)),
    ],
    ids=str,
)
def test_tails_have_the_sign_of_their_dominant_term(formula: object, verdicts: tuple[bool, bool]) -> None:
    with arithmetic() as flint:
        for image, expected in zip((formula, formula.subs(X, -X)), verdicts, strict=True):
            quotient = Quotient.of(flint, image, X)
            radius = next((r for r in powers_of_two(20) if quotient.is_nonpositive_beyond(flint, r)), None)
            assert (radius is not None) == expected
            if radius is not None:
                assert all(sp.N(image.subs(X, sp.Rational(radius) * k / 7), 30) <= 1e-20 for k in range(7, 70, 3))


@pytest.mark.parametrize(
    ("formula", "first"),
    [
        (5 * sp.log(X) ** 3 - X / 10, 2**17),
        (X * sp.log(X) - X * sp.log(X) ** 2, 4),
        (1 / sp.log(X) - 1, 4),
        (sp.log(X) / X - sp.log(X), 2),
        (X * sp.log(X) - 100 * X, None),
        (X * sp.log(X) ** 2 - X ** sp.Rational(11, 10), None),
    ],
    ids=str,
)
def test_logarithms_grow_slower_than_powers(formula: object, first: int | None) -> None:
    with arithmetic() as flint:
        quotient = Quotient.of(flint, formula, X)
        radius = next((r for r in powers_of_two(20) if quotient.is_nonpositive_beyond(flint, r)), None)
        assert radius == first


def test_a_tail_is_not_claimed_too_early() -> None:
    # x^9 e^-x exceeds 1 between about 1.3 and 31.
    with arithmetic() as flint:
        quotient = Quotient.of(flint, X**9 * sp.exp(-X) - 1, X)
        assert [quotient.is_nonpositive_beyond(flint, Fraction(r)) for r in (2, 9, 20, 30, 32)] == [False] * 4 + [True]


@pytest.mark.parametrize(
    ("form", "L0", "L1", "region"),
    [
        (line(X**2 + sp.exp(X)), 4, 1, None),
        (line(X**4 / 4 + sp.cosh(2 * X)), 5, 3, None),
        (line(X**2 + sp.cos(X)), "31/10", "1/10", None),
        (line(sp.cos(X) + sp.atan(X)), "18/10", "1/10", None),
        (line(sp.sqrt(1 + X**2) + sp.exp(-X)), 2, 1, (-3, 3)),
        (line(sp.pi * X**2), 7, 0, None),
        (line(X * sp.log(X)), 2, "1/2", (1, None)),
        (line(sp.exp(X) + sp.exp(2 * X + 1)), 0, 2, None),
        (line(sp.exp(-(X**2)) + X**2), 5, 1, None),
        (line(X**2 / 10 + sp.log(1 + sp.exp(X))), "1/2", "1/100", None),
        (line(sp.Abs(X) ** 3 + sp.exp(X)), 10, 2, None),
        (line(sp.tan(X) + X**2), 30, 1, (-1, 1)),
        (plane(sp.exp(-(PAIR[0] ** 2) - PAIR[1] ** 2) + PAIR[0] ** 2 + PAIR[1] ** 2), 5, 1, None),
        (Radial(profile=R**2 + sp.cosh(R), variable=R, dimension=5), 4, 1, None),
        (Separable(profile=X**2 + sp.exp(X), variable=X, dimension=9), 4, 1, None),
        (plane((PAIR[0] ** 2 + PAIR[1] - 11) ** 2 + (PAIR[0] + PAIR[1] ** 2 - 7) ** 2), 600, 5, None),
        (plane(PAIR[0] ** 4 / 100 + PAIR[0] * PAIR[1] + PAIR[1] ** 4), 3000, 6, None),
        (plane(PAIR[0] ** 2 * PAIR[1] ** 2 + sp.cosh(PAIR[0])), 50, 2, ((-2, 2), (-2, 2))),
        (plane(sp.exp(PAIR[0] + PAIR[1]) + PAIR[0] ** 2), 9, 2, ((-1, 1), (-1, 1))),
        (landscape_named("rosenbrock").form, 3000, 1, ((-1, 1), (-1, 1))),
        (Explicit(formula=sp.Add(*(v**4 for v in TRIPLE)) + sp.Mul(*TRIPLE), variables=TRIPLE), 30, 3, None),
    ],
    ids=label,
)
def test_valid_pairs_are_proved(form: Form, L0: object, L1: object, region: object) -> None:
    certificate = certify(form, L0, L1, region)
    assert certificate.verdict == "proved", certificate.method
    assert "ball arithmetic" in certificate.method


@pytest.mark.parametrize(
    ("form", "L0", "L1", "region"),
    [
        (line(X**2 + sp.exp(X)), "5/2", 1, None),
        (line(sp.cos(X)), "9/10", 0, None),
        (line(sp.sqrt(1 + X**2)), "1/2", 0, None),
        (line(sp.exp(X**2)), 10**3, 10**3, None),
        (line(X**2 * sp.sin(X)), 30, 1, None),
        (line(1 / (X**2 - 2)), 100, 100, None),
        (line(X**2 / 10 + sp.log(1 + sp.exp(X))), "1/4", 0, (-2, 5)),
        (plane((PAIR[0] ** 2 + PAIR[1] - 11) ** 2 + (PAIR[0] + PAIR[1] ** 2 - 7) ** 2), 40, 1, None),
        (plane(PAIR[0] ** 2 * PAIR[1] ** 2 + sp.cosh(PAIR[0])), 1, 1, ((-2, 2), (-2, 2))),
        (landscape_named("rosenbrock").form, 3000, 1, None),
        (landscape_named("rosenbrock").form, 700, "1/10", ((-1, 1), (-1, 1))),
        (landscape_named("population-phase-retrieval").form, 4, 3, None),
    ],
    ids=label,
)
def test_wrong_pairs_are_refuted_by_a_point_of_the_region(form: Form, L0: object, L1: object, region: object) -> None:
    certificate = certify(form, L0, L1, region)
    assert certificate.verdict == "refuted", certificate.method
    assert certificate.witness is not None
    assert excess(form, certificate.witness, L0, L1) > 0
    boxes = (region,) if form.dimension == 1 else region
    if region is not None:
        assert all(low <= c <= high for c, (low, high) in zip(certificate.witness, boxes, strict=True))


@pytest.mark.parametrize(
    ("form", "L0", "L1", "word"),
    [
        (plane(PAIR[0] ** 2 * PAIR[1] ** 2 + sp.cosh(PAIR[0]) + sp.cosh(PAIR[1])), 50, 2, "unbounded part"),
        (plane(sp.Abs(PAIR[0] * PAIR[1]) ** 3), 50, 2, "smooth"),
        (line(sp.sqrt(1 + sp.exp(X))), 50, 2, "tail"),
        (line(sp.cos(X) + sp.exp(-(X**2))), 3, 0, "open"),
        (Explicit(formula=sp.exp(sp.Mul(*coordinates(4))), variables=coordinates(4)), 1, 1, "3 dimensions"),
    ],
    ids=label,
)
def test_undecided_names_what_is_open(form: Form, L0: object, L1: object, word: str) -> None:
    certificate = certify(form, L0, L1)
    assert certificate.verdict == "undecided"
    assert word in certificate.method


def test_the_number_of_parts_is_limited_and_an_open_part_is_named() -> None:
    # Equality at 0: no finite number of parts proves it, and it does not fail.
    with pytest.raises(Unknown, match=r"limit of .* parts; open are .*\["):
        prove_or_refute(line(sp.cos(X)), Fraction(1), Fraction(0), ((Fraction(-1), Fraction(1)),))


def test_boxes_are_read_exactly_and_follow_the_units() -> None:
    rosenbrock = landscape_named("rosenbrock")
    box = ((-1, "1/2"), (0, None))
    plain = certify(rosenbrock, 1, 0, box)
    assert plain.region == ((Fraction(-1), Fraction(1, 2)), (Fraction(0), None))
    assert plain.witness is not None
    # The curvature is below 1500 on this box, and grows with the second coordinate.
    assert certify(rosenbrock, 2000, 0, ((-1, "1/2"), (0, 1))).verdict == "proved"
    scaled = rosenbrock.scaled(value=3, point=2)
    assert certify(scaled, Fraction(2000 * 3, 4), 0, ((-2, 1), (0, 2))).verdict == "proved"
    assert certify(scaled, Fraction(2000 * 3, 4), 0, ((-2, 1), (0, 20))).verdict == "refuted"


def test_without_the_extra_the_answer_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "flint", None)
    certificate = certify(line(X**2 + sp.exp(X)), 4, 1)
    assert certificate.verdict == "undecided"
    assert 'pip install "clipbounds[prove]"' in certificate.method
    assert certify(landscape_named("phase-retrieval"), 163, 8).verdict == "proved"


coefficients = st.integers(-3, 3)


@settings(max_examples=40, deadline=None)
@given(cs=st.lists(coefficients, min_size=5, max_size=5), L0=st.integers(1, 20), L1=st.integers(0, 3))
def test_balls_never_contradict_exact_roots(cs: list[int], L0: int, L1: int) -> None:
    form = line(sp.Add(*(c * X**k for k, c in enumerate(cs))))
    region = ((Fraction(-2), Fraction(3)),)
    exact = certify(form, L0, L1, region[0])
    # Just above and just below, equalities leave the way.
    for l0, expected in ((L0 + Fraction(1, 50), "proved"), (L0 - Fraction(1, 50), "refuted")):
        if exact.verdict == expected:
            witness, _ = prove_or_refute(form, l0, Fraction(L1), region)
            assert (witness is None) == (expected == "proved")


@settings(max_examples=15, deadline=None)
@given(cs=st.lists(coefficients, min_size=6, max_size=6), L0=st.integers(5, 60), L1=st.integers(0, 3))
def test_verdicts_on_random_polynomials_of_the_plane(cs: list[int], L0: int, L1: int) -> None:
    x, y = PAIR
    shapes = (x**3, x**2 * y, x * y**2, x * y, x**2, y**2)
    form = plane(x**4 + y**4 + sp.Add(*(c * shape for c, shape in zip(cs, shapes, strict=True))))
    certificate = certify(form, L0, L1, ((-1, 1), (-1, 1)))
    if certificate.verdict == "refuted":
        assert certificate.witness is not None
        assert excess(form, certificate.witness, L0, L1) > 0
    elif certificate.verdict == "proved":
        grid = [Fraction(k, 4) for k in range(-4, 5)]
        assert all(excess(form, (a, b), L0, L1) <= 1e-12 for a in grid[::2] for b in grid[::2])
