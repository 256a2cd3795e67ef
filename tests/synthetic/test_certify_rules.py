"""Exact rules for sin and cos, roots, Gaussians and typed radial functions, and the limits of the searches."""

from __future__ import annotations

import time
from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bounds.errors import InputError
from synthetic.branches import smooth_parts
from synthetic.budget import Budget
from synthetic.certify import certify
from synthetic.charts import Exponential, Line, Power, Root, Tangent
from synthetic.curves import Unknown, make_pieces
from synthetic.expressions import form_of
from synthetic.forms import Explicit, coordinates
from synthetic.minimal import minimal_L0
from synthetic.radii import as_radial
from synthetic.sizes import MAX_TERMS, expanded, terms_bound

(X,) = coordinates(1)
PAIR = coordinates(2)


def line(formula: object) -> Explicit:
    """A function of one variable."""
    return Explicit(formula=formula, variables=(X,))


def excess(form: Explicit, point: object, L1: object) -> object:
    """||Hess F|| - L1 ||grad F|| at a point of one or two dimensions, to 40 digits, by another library."""
    xs = form.variables
    at = dict(zip(xs, (sp.Rational(str(c)) for c in point), strict=True))
    gradient = [sp.N(sp.diff(form.formula, x).subs(at), 40) for x in xs]
    rows = [[sp.N(sp.diff(form.formula, x, y).subs(at), 40) for y in xs] for x in xs]
    a, b, c = (rows[0][0], rows[0][-1], rows[-1][-1]) if len(xs) == 2 else (rows[0][0], 0, rows[0][0])
    norm = abs(a + c) / 2 + sp.sqrt(((a - c) / 2) ** 2 + b**2)
    return norm - sp.Rational(str(L1)) * sp.sqrt(sum(g**2 for g in gradient))


TIGHT = (
    ("sin(x)", 0, 1),
    ("sin(x)", "1/2", 1),
    ("cos(3*x)", "1/2", 9),
    ("sin(x) + cos(2*x)", 1, 5),
    ("cos(x) + cos(y)", "1/3", 1),
    ("x**2 + cos(x)", 0, 3),
    ("sqrt(1 + x**2)", 0, 1),
    ("sqrt(1 + x**2)", "1/2", 1),
    ("sqrt(9 + 4*x**2)", 0, "4/3"),
    ("sqrt(1 + 2*x**2)", "1/3", 2),
    ("sqrt(1 + x**2 + y**2)", "1/2", 1),
    ("sqrt(1 + x**2) + sqrt(1 + 4*y**2)", 0, 4),
    ("log(1 + exp(x)) + x**2", 0, "9/4"),
    ("exp(-x**2)", 0, 2),
    ("exp(-x**2 - y**2)", 0, 2),
    ("exp(-x**2 - y**2 - z**2)", 1, 2),
    ("(x**2 + y**2 + z**2)**2", 3, "16/9"),
    ("(x**2 + y**2)**(3/2)", 1, 3),
)


@pytest.mark.parametrize(("text", "L1", "L0"), TIGHT)
def test_tight_pairs_are_proved_and_smaller_ones_refuted(text: str, L1: object, L0: object) -> None:
    form = form_of(text)
    assert certify(form, L0, L1).verdict == "proved"
    below = Fraction(L0) * Fraction(99, 100)
    certificate = certify(form, below, L1)
    assert certificate.verdict == "refuted", certificate.method
    assert certificate.witness is not None
    if form.dimension < 3:
        assert excess(form, certificate.witness, L1) > sp.Rational(str(below))
    smallest = minimal_L0(form, L1)
    assert smallest.low <= Fraction(L0) <= smallest.high
    assert smallest.high - smallest.low <= Fraction(1, 10**12)


def test_powers_with_a_kink_of_the_curvature_are_decided() -> None:
    form = form_of("abs(x)**2.5")
    # m = (15/4) u - (5/2) L1 u^3 with u = sqrt(|x|) is largest at u = 1/sqrt(2 L1).
    smallest = minimal_L0(form, 1)
    assert sp.simplify(smallest.exact - 5 * sp.sqrt(2) / 4) == 0
    assert certify(form, "177/100", 1).verdict == "proved"
    assert certify(form, "176/100", 1).verdict == "refuted"
    # The curvature of |x|^(3/2) is unbounded at 0, where the slope is 0.
    assert minimal_L0(form_of("abs(x)**1.5"), 7).exact is sp.oo
    assert certify(form_of("abs(x)**1.5"), 1000, 1000).verdict == "refuted"


def test_a_jump_of_the_slope_is_still_seen_through_roots() -> None:
    kinked = sp.Piecewise((X ** sp.Rational(5, 2) + X, X >= 0), ((-X) ** sp.Rational(5, 2), True))
    with pytest.raises(Unknown, match="continuous at 0"):
        smooth_parts(kinked, X, -sp.oo, sp.oo)


@pytest.mark.parametrize(
    ("region", "L0", "verdict"),
    [
        ((-1, 1), "85/100", "proved"),
        ((-1, 1), "84/100", "refuted"),
        ((2, 4), "91/100", "proved"),
        ((2, 4), "90/100", "refuted"),
        ((3, 7), 1, "proved"),
        ((3, 7), "999/1000", "refuted"),
        ((0, None), "999/1000", "refuted"),
        ((None, -50), "999/1000", "refuted"),
        ((100, 101), "506/1000", "refuted"),
        ((100, 101), "507/1000", "proved"),
        ((0, 100), 1, "proved"),
    ],
)
def test_intervals_of_a_periodic_function(region: object, L0: object, verdict: str) -> None:
    """|sin| <= L0: on (2, 4) the largest value is sin 2 = 0.909..., and on (3, 7) it is attained inside."""
    certificate = certify(line(sp.sin(X)), L0, 0, region)
    assert certificate.verdict == verdict
    if certificate.witness is not None:
        low, high = region
        assert low is None or certificate.witness[0] > low
        assert high is None or certificate.witness[0] < high
        assert excess(line(sp.sin(X)), certificate.witness, 0) > sp.Rational(str(L0))


@pytest.mark.parametrize(
    ("text", "radial"),
    [
        ("(x**2 + y**2)**2", True),
        ("exp(x**2 + y**2) + x**2 + y**2", True),
        ("x**4 + 2*x**2*y**2 + y**4 + cos(x**2 + y**2)", True),
        ("(x**2 + y**2)*exp(-x**2 - y**2)", True),
        ("x**4 + x**2*y**2 + y**4", False),
        ("exp(x**2 + 2*y**2)", False),
        ("exp(x**2 + y**2) + x", False),
        ("exp(x**2)*cosh(y**2)", False),
        ("(x**2 + y)**2 + y**2", False),
    ],
)
def test_functions_of_the_radius_are_recognised(text: str, radial: bool) -> None:
    form = form_of(text)
    found = as_radial(form)
    assert (found is not None) == radial
    if found is not None:
        at = dict(zip(form.variables, (sp.Rational(1, 3), sp.Rational(-2, 5)), strict=True))
        radius = sp.sqrt(sum(c**2 for c in at.values()))
        difference = form.formula.subs(at) - found.profile.subs(found.variable, radius)
        assert abs(sp.N(difference, 30)) < 1e-25


small = st.fractions(-3, 3, max_denominator=3)


def chart_cases() -> tuple[object, ...]:
    """A chart, u as a function of t in floating point, and an interval of t."""
    return (
        (Line(), lambda t: t),
        (Exponential(rate=sp.Rational(2, 3), shift=sp.Rational(1, 2)), lambda t: mpmath.exp(2 * t / 3 + 0.5)),
        (
            Tangent(rate=sp.Rational(1, 2), shift=sp.Rational(1, 3)),
            lambda t: mpmath.tan((t / 2 + mpmath.mpf(1) / 3) / 2),
        ),
        (
            Root(center=sp.S.One, square=sp.Integer(2), constant=sp.Integer(3)),
            lambda t: mpmath.sqrt(2) * (t - 1) + mpmath.sqrt(3 + 2 * (t - 1) ** 2),
        ),
        (Power(slope=sp.Integer(-2), offset=sp.Integer(9), order=3), lambda t: mpmath.cbrt(9 - 2 * t)),
    )


@settings(max_examples=50, deadline=None)
@given(t=st.fractions(-3, 3, max_denominator=20), index=st.integers(0, 4))
def test_charts_enclose_their_unknown_and_go_back(t: Fraction, index: int) -> None:
    chart, unknown = chart_cases()[index]
    exact = sp.Rational(t.numerator, t.denominator)
    with mpmath.workdps(50):
        low, high = chart.enclosure(exact, 100)
        image = sp.Rational(str(unknown(mpmath.mpf(t.numerator) / t.denominator)))
        slack = sp.Rational(1, 10**13) if index == 1 else sp.Rational(1, 10**40)
        assert low - slack <= image <= high + slack
        assert high - low < sp.Rational(1, 10**20)
        backs = list(chart.preimages((low + high) / 2, 12, sp.Integer(-4), sp.Integer(4)))
    assert any(abs(back - exact) < sp.Rational(1, 10**9) for back in backs)


waves = st.lists(st.integers(-3, 3), min_size=4, max_size=4)


@settings(max_examples=10, deadline=None)
@given(cs=waves, L1=st.fractions(0, 2, max_denominator=2), rate=st.fractions("1/2", 2, max_denominator=2))
def test_no_sample_exceeds_the_smallest_l0_of_trigonometric_sums(cs: list[int], L1: Fraction, rate: Fraction) -> None:
    assume(any(cs))
    angle = sp.Rational(str(rate)) * X
    formula = cs[0] * sp.sin(angle) + cs[1] * sp.cos(angle) + cs[2] * sp.sin(2 * angle) + cs[3] * sp.cos(angle) ** 2
    smallest = minimal_L0(line(formula), L1)
    slope, bend = (sp.lambdify(X, sp.diff(formula, X, k)) for k in (1, 2))
    top = max(abs(bend(t / 16)) - float(L1) * abs(slope(t / 16)) for t in range(-220, 220))
    assert top <= float(smallest.high) + 1e-9
    # m changes by at most max |f'''| + L1 max |f''| per unit, and no point is farther than 1/32 from a sample.
    steepest = sum(map(abs, cs)) * ((2 * rate) ** 3 + L1 * (2 * rate) ** 2)
    assert float(smallest.low) <= top + float(steepest) / 32
    if smallest.low > 0:
        assert certify(line(formula), smallest.low * Fraction(999, 1000), L1).verdict == "refuted"
    assert certify(line(formula), smallest.high, L1).verdict == "proved"


@settings(max_examples=10, deadline=None)
@given(cs=waves, a=st.integers(-2, 2), L1=st.fractions(0, 2, max_denominator=2), square=st.booleans())
def test_no_sample_exceeds_the_smallest_l0_of_damped_polynomials(
    cs: list[int], a: int, L1: Fraction, square: bool
) -> None:
    assume(any(cs))
    formula = sp.Add(*(c * X**k for k, c in enumerate(cs))) * sp.exp(-(X**2) + a * X if square else (2 * a + 1) * X)
    region = None if square else (-2, 2)
    smallest = minimal_L0(line(formula), L1, region)
    slope, bend = (sp.lambdify(X, sp.diff(formula, X, k)) for k in (1, 2))
    top = max(abs(bend(t / 64)) - float(L1) * abs(slope(t / 64)) for t in range(-127, 128))
    assert top <= float(smallest.high) * (1 + 1e-9) + 1e-9
    assert certify(line(formula), smallest.high, L1, region).verdict == "proved"
    if smallest.low > 0:
        refuted = certify(line(formula), smallest.low * Fraction(99, 100), L1, region)
        assert refuted.verdict == "refuted"
        assert refuted.witness is not None
        assert excess(line(formula), refuted.witness, L1) > sp.Rational(str(smallest.low * Fraction(99, 100)))


@pytest.mark.parametrize(
    ("formula", "word"),
    [
        (X**2 * sp.sin(X), "mixture of polynomials and trigonometric"),
        (sp.exp(X) * sp.sin(X), "mixture of exponential, trigonometric"),
        (sp.sin(X) + sp.sin(X + 1), "different shifts"),
        (sp.sin(X) + sp.sin(100 * X), "frequencies"),
        (sp.sqrt(1 + X**2) + sp.sqrt(2 + X**2), "different polynomials"),
        (sp.cbrt(1 + X**2), "other than square roots"),
        (sp.sqrt(X) + sp.sqrt(X + 1), "different linear polynomials"),
        (sp.exp(X**2) + sp.exp(X), "exp"),
    ],
    ids=str,
)
def test_what_has_no_exact_rule_says_which_one_is_missing(formula: object, word: str) -> None:
    with pytest.raises(Unknown, match=word):
        make_pieces(formula, sp.diff(formula, X), sp.diff(formula, X, 2), X, (sp.S.One, sp.Integer(2)))


def test_witnesses_have_few_digits() -> None:
    for text, L0, L1 in (("exp(x) + exp(2*y)", 0, 1), ("sin(x)", "9/10", 0), ("sqrt(1 + x**2)", "9/10", 0)):
        certificate = certify(form_of(text), L0, L1)
        assert certificate.witness is not None
        assert all(len(str(c)) <= 6 for c in certificate.witness)


def test_powers_of_linear_forms_are_not_expanded() -> None:
    started = time.process_time()
    assert certify(form_of("(x + y + z + w)**60"), 10**50, 100).verdict == "proved"
    assert certify(form_of("(x + y + z)**60 * (x - y)**40"), 10**50, 100).verdict in {"undecided", "refuted"}
    assert time.process_time() - started < 5


def test_the_number_of_terms_is_bounded_before_expanding() -> None:
    x, y = PAIR
    for formula in ((x + y + 1) ** 5, (x + y) * (x - 2 * y) * x**3, sp.exp(x + y) * (1 + x) ** 4):
        assert terms_bound(formula) >= len(sp.Add.make_args(sp.expand(formula, power_exp=False)))
    assert terms_bound((x + y + 1) ** 1000) > MAX_TERMS
    with pytest.raises(Unknown, match="too long to expand"):
        expanded((x + y + 1) ** 1000)


def test_a_used_up_budget_is_reported_with_what_is_open() -> None:
    Budget.of(60.0).check("nothing")
    with pytest.raises(Unknown, match=r"used up its 1 s of processor time; the tail is open"):
        Budget(seconds=1.0, started=time.process_time() - 2).check("the tail is open")


@pytest.mark.parametrize("text", ["x*sin(x)", "exp(x) + x**4 + cos(x)"])
def test_the_smallest_l0_of_mixtures_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="mixture"):
        minimal_L0(form_of(text), 1)
