"""Properties of certificates: sound proofs, witnesses that hold up on their own, refusals where no rule applies."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from bounds.errors import InputError
from synthetic import landscapes as factories
from synthetic.certify import Certificate, certify
from synthetic.forms import Explicit, Form, Radial, Separable, coordinates
from synthetic.landscapes import LANDSCAPES, landscape_named

(X,) = coordinates(1)
PAIR = coordinates(2)
R = sp.Symbol("r", nonnegative=True)


def line(formula: object) -> Explicit:
    """A function of one variable."""
    return Explicit(formula=formula, variables=(X,))


def plane(formula: object) -> Explicit:
    """A function of two variables."""
    return Explicit(formula=formula, variables=PAIR)


def label(parameter: object) -> str:
    """A short name in the test report."""
    return str(parameter.expression()[0])[:60] if isinstance(parameter, Form) else str(parameter)


def fails_at(form: Form, certificate: Certificate) -> bool:
    """Whether the claim fails at the witness, by 60-digit evaluation of the whole gradient and Hessian.

    v^T Hess F v / v^T v bounds ||Hess F|| from below, for the unit vectors and for the gradient direction.
    """
    assert certificate.witness is not None
    formula, xs = form.expression()
    at = dict(zip(xs, (sp.Rational(c.numerator, c.denominator) for c in certificate.witness), strict=True))
    gradient = [sp.N(sp.diff(formula, x).subs(at), 60) for x in xs]
    square = sum(g**2 for g in gradient)
    quotients = [sp.N(sp.diff(formula, x, 2).subs(at), 60) for x in xs]
    if square > 0 and len(xs) == 2:
        entries = [[sp.diff(formula, x, y).subs(at) for y in xs] for x in xs]
        quotients.append(sp.N(sum(entries[i][j] * gradient[i] * gradient[j] for i in (0, 1) for j in (0, 1)) / square))
    l0, l1 = (sp.Rational(c.numerator, c.denominator) for c in (certificate.L0, certificate.L1))
    return bool(max(map(abs, quotients)) > l0 + l1 * sp.sqrt(square))


def test_every_shipped_pair_is_proved() -> None:
    certificates = [(each.key, certify(each, pair.L0, pair.L1)) for each in LANDSCAPES for pair in each.smoothness]
    assert {key for key, _ in certificates} == {each.key for each in LANDSCAPES if each.smoothness}
    assert [(key, c.method) for key, c in certificates if c.verdict != "proved"] == []
    assert sum(c.seconds for _, c in certificates) < 20


@pytest.mark.parametrize(
    ("form", "L0", "L1"),
    [
        (line(sp.exp(X) + sp.exp(-X)), 0, 1),
        (line(sp.exp(X) + sp.exp(-X)), 0, 1000),
        (line(sp.log(sp.exp(X) + sp.exp(-X))), 0, 1),
        (line(sp.log(sp.exp(X) + sp.exp(-X))), 0, 10**6),
        (line(X**2), "1/10", "1/2"),
        (line(X**4), "16/10", 3),
        (plane(sp.exp(PAIR[0] + PAIR[1])), 0, "7/5"),
        (plane((PAIR[0] + 2 * PAIR[1]) ** 4), 399, 1),
        (plane(PAIR[0] ** 4 / 4 + sp.cosh(2 * PAIR[1])), 100, "3/2"),
        (plane(sp.exp(PAIR[0]) + sp.exp(PAIR[1])), 5, "1/2"),
        (Separable(profile=X**4, variable=X, dimension=7), "15", 1),
        (Separable(profile=X**4 - X**3 + X, variable=X, dimension=3), 3, 1),
        (Radial(profile=R**3, variable=R, dimension=4), "29/10", 1),
        (Radial(profile=sp.log(1 + R**2), variable=R, dimension=2), "19/10", 5),
        (Radial(profile=sp.cosh(R), variable=R, dimension=3), 2, "1/2"),
        (factories.quartic().scaled(value=3, point=7).form, "1/2", "1/7"),
    ],
    ids=label,
)
def test_wrong_pairs_are_refuted_by_a_point(form: Form, L0: object, L1: object) -> None:
    certificate = certify(form, L0, L1)
    assert certificate.verdict == "refuted"
    assert certificate.witness is not None
    assert len(certificate.witness) == form.dimension
    assert fails_at(form, certificate)


def test_the_anisotropic_quartic_is_refuted_in_rational_arithmetic() -> None:
    certificate = certify(factories.anisotropic_quartic(dimension=20), 4, 3)
    assert certificate.verdict == "refuted"
    assert certificate.witness is not None
    # F = (sum_j a_j^2 x_j^2)^2 with the very floats of the landscape.
    squares = [Fraction((j + 1) / 20) ** 2 for j in range(20)]
    q = sum(a * x**2 for a, x in zip(squares, certificate.witness, strict=True))
    gradient = sum((4 * q * a * x) ** 2 for a, x in zip(squares, certificate.witness, strict=True))
    bend = max(4 * q * a + 8 * (a * x) ** 2 for a, x in zip(squares, certificate.witness, strict=True))
    assert bend > 4
    assert (bend - 4) ** 2 > 9 * gradient


@pytest.mark.parametrize(
    ("form", "L0", "L1"),
    [
        (line(X**4), 4, 3),
        (line(X**4), "16/9", 3),
        (line(X**2), 2, 0),
        (line(3 * X - 7), 0, 0),
        (line(sp.atan(X)), 0, 2),
        (line(sp.Abs(X) * X**2), 6, 1),
        (line(sp.cosh(2 * X) + sp.exp(-3 * X)), 13, 3),
        (plane(sp.exp(PAIR[0] + PAIR[1])), 0, "142/100"),
        (plane(PAIR[0] ** 4 / 4 + sp.cosh(2 * PAIR[1])), 4, 2),
        (Radial(profile=R**4, variable=R, dimension=3), 4, 3),
        (Radial(profile=sp.cosh(R), variable=R, dimension=3), 1, 1),
        (Radial(profile=sp.log(1 + R**2), variable=R, dimension=3), 2, 0),
        (Radial(profile=R**3, variable=R, dimension=1), 3, 1),
        (factories.quartic().scaled(value=3, point=7).form, "48/49", "1/7"),
        (factories.anisotropic_quartic(dimension=7, L1="1/3").form, 144 * 9, "1/3"),
    ],
    ids=label,
)
def test_valid_pairs_are_proved(form: Form, L0: object, L1: object) -> None:
    certificate = certify(form, L0, L1)
    assert (certificate.verdict, certificate.witness) == ("proved", None)


@pytest.mark.parametrize(
    ("formula", "word"),
    [
        (0.1 * X**2, "floats"),
        (sp.gamma(X**2 + 1), "gamma"),
        (X * sp.atan(X) * sp.log(1 + X**2), "tail"),
        (sp.Piecewise((X, X < 0), (2 * X, True)), "continuous"),
        (sp.Piecewise((X**2, X**2 < 1), (2 * X, True)), "condition"),
    ],
    ids=str,
)
def test_what_no_rule_covers_is_undecided_and_says_why(formula: object, word: str) -> None:
    certificate = certify(line(formula), 10**6, 10**6)
    assert certificate.verdict == "undecided"
    assert word in certificate.method


def test_a_region_changes_the_answer() -> None:
    quartic = landscape_named("quartic")
    assert certify(quartic, 1, 1).verdict == "refuted"
    assert certify(quartic, 1, 1, region=("-1/4", "1/4")).verdict == "proved"
    inside = certify(quartic, 1, 1, region=(0, None))
    assert inside.witness is not None
    assert inside.witness[0] > 0
    # x^4 has f'' <= f' from x = 3 on, and not before.
    assert certify(quartic, 0, 1, region=(3, None)).verdict == "proved"
    assert certify(quartic, 0, 1, region=("299/100", None)).verdict == "refuted"
    assert certify(quartic, 0, 1, region=(None, -3)).verdict == "proved"


def test_a_region_with_irrational_image_is_enclosed() -> None:
    cosh = landscape_named("cosh")
    bound = Fraction(np.cosh(1.0))
    assert certify(cosh, bound + Fraction(1, 10**12), 0, region=(-1, 1)).verdict == "proved"
    refuted = certify(cosh, bound - Fraction(1, 10**12), 0, region=(-1, 1))
    assert refuted.verdict == "refuted"
    assert refuted.witness is not None
    assert abs(refuted.witness[0]) < 1


def test_poles_outside_the_region_do_not_matter() -> None:
    assert certify(line(1 / X), 1, 1, region=(1, 3)).verdict == "proved"
    assert certify(line(-sp.log(X)), 0, 1, region=(1, None)).verdict == "proved"
    assert certify(line(-sp.log(X)), 0, 1, region=("1/2", None)).verdict == "refuted"


rationals = st.fractions(min_value=-5, max_value=5, max_denominator=8)


@settings(max_examples=60, deadline=None)
@given(coefficients=st.lists(rationals, min_size=1, max_size=6), L0=rationals.map(abs), L1=rationals.map(abs))
def test_verdicts_on_random_polynomials(coefficients: list[Fraction], L0: Fraction, L1: Fraction) -> None:
    """Polynomials are always decided; a refutation fails exactly, and no sample contradicts a proof."""
    formula = sp.Add(*(sp.Rational(c.numerator, c.denominator) * X**k for k, c in enumerate(coefficients)))
    certificate = certify(line(formula), L0, L1)

    def violated(x: Fraction) -> bool:
        first = sum(k * c * x ** (k - 1) for k, c in enumerate(coefficients) if k > 0)
        second = sum(k * (k - 1) * c * x ** (k - 2) for k, c in enumerate(coefficients) if k > 1)
        return abs(second) > L0 + L1 * abs(first)

    samples = [Fraction(n, 16) for n in range(-160, 161)] + [Fraction(s * 10**k) for s in (1, -1) for k in range(1, 9)]
    if certificate.verdict == "refuted":
        assert certificate.witness is not None
        assert violated(*certificate.witness)
    else:
        assert certificate.verdict == "proved"
        assert not any(map(violated, samples))


@settings(max_examples=20, deadline=None)
@given(L0=rationals.map(abs), L1=rationals.map(abs), a=st.sampled_from([1, 4]), b=st.sampled_from([2, 3]))
def test_verdicts_do_not_depend_on_units(L0: Fraction, L1: Fraction, a: int, b: int) -> None:
    plain = certify(landscape_named("sextic"), L0 * 100, L1)
    scaled = certify(landscape_named("sextic").scaled(value=a, point=b), L0 * 100 * a / b**2, L1 / b)
    assert plain.verdict == scaled.verdict


@pytest.mark.parametrize(
    ("L0", "L1", "region", "part"),
    [
        (-1, 1, None, "L0 = -1"),
        (1, float("nan"), None, "L1 = nan"),
        (1, "many", None, "L1 = 'many'"),
        (1, 1, (2, 1), "low end"),
        (1, 1, (1, 1), "low end"),
        (1, 1, (0, float("inf")), "inf"),
        (1, 1, (0, 1, 2), "pair"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(L0: object, L1: object, region: object, part: str) -> None:
    with pytest.raises(InputError, match="not allowed") as refusal:
        certify(landscape_named("quartic"), L0, L1, region)
    assert part in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("region", [(0, 1), ((0, 1),), ((0, 1), (1, 0)), (None, (0, 1)), ((0, 1), (0, float("inf")))])
def test_a_region_of_the_plane_is_a_box(region: object) -> None:
    with pytest.raises(InputError, match="not allowed"):
        certify(landscape_named("cosh-sum"), 1, 1, region)


@pytest.mark.parametrize(("L0", "verdict"), [("12", "proved"), ("119/10", "refuted")])
def test_separable_sum_on_a_box_is_decided_term_by_term(L0, verdict):
    x, y = coordinates(2)
    form = Explicit(formula=x**2 + y**4, variables=(x, y))
    found = certify(form, L0, 0, ((-1, 1), (-1, 1)))
    assert found.verdict == verdict
    if found.witness is not None:
        assert all(-1 <= c <= 1 for c in found.witness)
