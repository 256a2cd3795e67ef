"""Expressions as text: what is read means what it says, what is not read is refused quickly, and nothing is run."""

from __future__ import annotations

import builtins
import math
import os
import random
import runpy
import subprocess
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import sympy as sp
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bounds.errors import InputError
from synthetic.certify import certify
from synthetic.expressions import landscape_from_text, subject
from synthetic.infimum import least, line_of_descent
from synthetic.landscape import Status
from synthetic.landscapes import LANDSCAPES
from synthetic.parsing import ParsedExpression, parse
from synthetic.ranges import range_of

HOSTILE: tuple[str, ...] = runpy.run_path(str(Path(__file__).with_name("hostile.py")))["HOSTILE"]
SECONDS = 1.0


def outcome(text: str) -> ParsedExpression | InputError:
    """What parsing gives; any other error, or more than a second, fails the test."""
    began = time.thread_time()
    try:
        return parse(text)
    except InputError as refusal:
        return refusal
    finally:
        assert time.thread_time() - began < SECONDS, text


def test_hostile_texts_are_refused_and_nothing_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert len(set(HOSTILE)) >= 400
    monkeypatch.chdir(tmp_path)
    ran: list[str] = []

    def trap(name: str) -> object:
        return lambda *_args, **_kwargs: ran.append(name)

    real_import, real_compile = builtins.__import__, builtins.compile

    def watched_import(name: str, *args: object, **kwargs: object) -> object:
        # sympy imports parts of itself on first use; none of its parts are the ones an attack wants.
        if name in {"os", "sys", "subprocess", "shutil", "socket", "ctypes"}:
            ran.append(f"import {name}")
        return real_import(name, *args, **kwargs)  # type: ignore[arg-type]

    def syntax_only(*args: object, **kwargs: object) -> object:
        # ast.parse compiles to a tree; only that is allowed.
        if not (len(args) > 3 and isinstance(args[3], int) and args[3] & 0x400):
            ran.append("compile")
        return real_compile(*args, **kwargs)  # type: ignore[call-overload]

    outcomes = {}
    with monkeypatch.context() as patch:
        for name in ("eval", "exec", "open", "input", "breakpoint", "print"):
            patch.setattr(builtins, name, trap(name))
        patch.setattr(builtins, "__import__", watched_import)
        patch.setattr(builtins, "compile", syntax_only)
        patch.setattr(os, "system", trap("os.system"))
        patch.setattr(subprocess, "Popen", trap("Popen"))
        patch.setattr(sp, "sympify", trap("sympify"))
        patch.setattr(sp, "parse_expr", trap("parse_expr"))
        for text in HOSTILE:
            outcomes[text] = outcome(text)
    assert ran == []
    assert list(tmp_path.iterdir()) == []
    accepted = [text for text, result in outcomes.items() if not isinstance(result, InputError)]
    assert accepted == []
    for result in outcomes.values():
        message = str(result)
        assert message.isascii()
        assert message.isprintable()
        assert len(message) < 500


def test_the_traps_of_the_hostile_test_would_spring(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr(builtins, "eval", lambda *_: ran.append("eval"))
        sp.lambdify(sp.Symbol("x"), 1)
        builtins.eval("1")
    assert ran == ["eval"]


@pytest.mark.parametrize("text", [None, 3, 2.5, b"x", ["x"], object(), sp.Symbol("x")])
def test_only_text_is_read(text: object) -> None:
    with pytest.raises(InputError, match="must be text"):
        parse(text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "names", [[], ["x", "x"], ["exp"], ["e"], ["lambda"], ["2x"], ["__x"], ["a b"], ["х"], ["a" * 50], [3], ""]
)
def test_variable_names_are_checked(names: list[str]) -> None:
    with pytest.raises(InputError):
        parse("1", names)


PIECES = (
    *(
        "x",
        "y",
        "z",
        "w",
        "x0",
        "x7",
        "x99",
        "pi",
        "e",
        "2",
        "0",
        "1",
        "0.5",
        "3.",
        ".25",
        "1e3",
        "1e-9",
        "64",
        "9" * 30,
    ),
    *(
        "+",
        "-",
        "*",
        "/",
        "**",
        "(",
        ")",
        " ",
        "**2",
        "**-1",
        "**(1/3)",
        "**0.5",
        "1/(",
        "exp(",
        "log(",
        "sqrt(",
        "abs(",
    ),
    *("sin(", "cos(", "sinh(", "cosh(", "tanh(", "atan(", "tan(", ".", ",", "_", "=", "lambda", "__class__", "'", "j"),
)
NUMBERS = st.one_of(
    st.integers(0, 10**12).map(str),
    st.sampled_from(["0", "1", "2", "1/3", "0.1", "1e5", "1e-7", "7e39", "pi", "e", "3.25"]),
)
LEAVES = st.one_of(st.sampled_from(["x", "y", "x0", "x12"]), NUMBERS)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    functions = st.sampled_from(["exp", "log", "sqrt", "abs", "sin", "cos", "sinh", "cosh", "tanh", "atan", ""])
    exponents = st.sampled_from(["2", "3", "-1", "-2", "8", "64", "65", "0.5", "(1/3)", "-1.5", "(7/64)", "0", "(2/3)"])
    return st.one_of(
        st.builds("{}({})".format, functions, inner),
        st.builds("({}){}({})".format, inner, st.sampled_from("+-*/"), inner),
        st.builds("({})**{}".format, inner, exponents),
        st.builds("{}**({})".format, inner, inner),
        st.builds("-{}".format, inner),
    )


NEAR_VALID = st.recursive(LEAVES, _grown, max_leaves=12)
VALID = (
    "x**4/4 + cosh(2*y)",
    "log(1+exp(x)) + 0.1*x**2/(1+x**2)",
    "sqrt(1 + x0**2 + x1**2)",
    "abs(x)**3 - atan(y)*sin(z)/7",
    "exp(-x**2) + (x - 1)**2*(y + 3)**4",
)


# One number drawn for each text: drawing every piece takes ten times as long as reading the text.
SEEDS = st.integers(0, 2**64)


def jumble(seed: int) -> str:
    """Pieces of expressions in random order."""
    dice = random.Random(seed)
    return "".join(dice.choices(PIECES, k=dice.randint(1, 25)))


def mutation(seed: int) -> str:
    """A valid expression with a few random replacements."""
    dice = random.Random(seed)
    text = dice.choice(VALID)
    for _ in range(dice.randint(1, 4)):
        at = dice.randint(0, len(text))
        text = text[:at] + dice.choice(PIECES) + text[at + dice.randint(0, 3) :]
    return text


def _fuzzed(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


@_fuzzed(2000)
@given(st.text(max_size=60))
def test_random_text_is_read_or_refused(text: str) -> None:
    outcome(text)


@_fuzzed(3500)
@given(SEEDS.map(jumble))
def test_random_pieces_are_read_or_refused(text: str) -> None:
    outcome(text)


@_fuzzed(3000)
@given(SEEDS.map(mutation))
def test_mutations_are_read_or_refused(text: str) -> None:
    outcome(text)


@_fuzzed(2000)
@given(NEAR_VALID)
@example("abs((log(4)-2*log(2))*x)")
@example("(exp(x)+x)**64*(exp(x)-x)**64")
def test_nested_expressions_are_read_or_refused(text: str) -> None:
    result = outcome(text)
    if isinstance(result, ParsedExpression):
        assert result.formula.free_symbols <= set(result.variables)
        assert not result.formula.has(sp.Float, sp.I, sp.zoo, sp.nan, sp.oo)


@_fuzzed(150)
@given(st.one_of(NEAR_VALID, SEEDS.map(mutation)))
def test_landscapes_are_made_or_refused(text: str) -> None:
    _check_landscape(text)


def _check_landscape(text: str) -> None:
    began = time.thread_time()
    try:
        landscape = landscape_from_text(text)
    except InputError:
        return
    finally:
        assert time.thread_time() - began < 5 * SECONDS, text
    x = np.random.default_rng(0).normal(size=(50, landscape.dimension)) * 3
    values = landscape.value(x)
    values = values[np.isfinite(values)]
    assert (values >= float(landscape.infimum) - 1e-9 * (1 + np.abs(values))).all()


# The trees below are written as text and evaluated by Python's own floats, without sympy and without the parser.
TREES = st.recursive(
    st.one_of(
        st.sampled_from([("x", lambda x, _y: x), ("y", lambda _x, y: y)]),
        st.integers(1, 99).map(lambda k: (f"{k / 8}", lambda _x, _y: k / 8)),
    ),
    lambda inner: st.one_of(
        st.builds(
            lambda op, a, b: (
                f"({a[0]} {op} {b[0]})",
                lambda x, y: {"+": float.__add__, "-": float.__sub__, "*": float.__mul__}[op](
                    float(a[1](x, y)), float(b[1](x, y))
                ),
            ),
            st.sampled_from("+-*"),
            inner,
            inner,
        ),
        st.builds(
            lambda a: (f"(({a[0]})**2/(1 + ({a[0]})**2))", lambda x, y: a[1](x, y) ** 2 / (1 + a[1](x, y) ** 2)), inner
        ),
        st.builds(lambda a: (f"(-({a[0]})**3)", lambda x, y: -(a[1](x, y) ** 3)), inner),
        st.builds(lambda a: (f"sqrt(1 + ({a[0]})**2)", lambda x, y: math.sqrt(1 + a[1](x, y) ** 2)), inner),
        st.builds(
            lambda a: (f"log(1 + exp(sin({a[0]})))", lambda x, y: math.log(1 + math.exp(math.sin(a[1](x, y))))), inner
        ),
        st.builds(lambda a: (f"cosh(cos({a[0]}))", lambda x, y: math.cosh(math.cos(a[1](x, y)))), inner),
        st.builds(lambda a: (f"sinh(tanh({a[0]}))", lambda x, y: math.sinh(math.tanh(a[1](x, y)))), inner),
        st.builds(lambda a: (f"atan({a[0]})", lambda x, y: math.atan(a[1](x, y))), inner),
        st.builds(lambda a: (f"abs({a[0]})**1.5", lambda x, y: abs(a[1](x, y)) ** 1.5), inner),
    ),
    max_leaves=6,
)


@_fuzzed(50)
@given(TREES.map(lambda tree: f"{tree[0]} + 2*x**2 + cosh(y)"))
def test_smooth_landscapes_respect_their_bound(text: str) -> None:
    _check_landscape(text)


@_fuzzed(150)
@given(TREES, st.floats(-2, 2), st.floats(-2, 2))
def test_expressions_mean_what_python_means(tree: tuple[str, object], x: float, y: float) -> None:
    text, function = tree
    try:
        parsed = parse(text, ["x", "y"])
    except InputError as refusal:
        # Functions of constants are read for rational constants only.
        reason = str(refusal)
        if "constant" in reason or "too large" in reason:
            return
        raise
    expected = function(x, y)  # type: ignore[operator]
    point = dict(zip(parsed.variables, map(sp.Float, (x, y)), strict=True))
    actual = float(parsed.formula.xreplace(point))
    assert actual == pytest.approx(expected, rel=1e-9, abs=1e-9 * (1 + abs(expected)))


READ = {
    "0.1": sp.Rational(1, 10),
    "1e-3": sp.Rational(1, 1000),
    "2**-2": sp.Rational(1, 4),
    "-2**2": sp.Integer(-4),
    "2**3**2": sp.Integer(512),
    "6/3/2": sp.Integer(1),
    "8**(1/3)": sp.Integer(2),
    "e**2": sp.exp(2),
    "+-+1.": sp.Integer(-1),
    "pi/2": sp.pi / 2,
}


@pytest.mark.parametrize("text", READ)
def test_numbers_are_exact_and_bind_like_python(text: str) -> None:
    assert parse(text).formula == READ[text]


def test_coordinates_come_in_a_fixed_order() -> None:
    assert [v.name for v in parse("x10 + x2 + z + y*x").variables] == ["x", "y", "z", "x2", "x10"]
    assert [v.name for v in parse("a*b", ["b", "a", "unused"]).variables] == ["b", "a", "unused"]


# Text, infimum (None: irrational), whether it is exact.
SMOOTH: tuple[tuple[str, Fraction | None, bool], ...] = (
    ("x**4/4 + cosh(2*y)", Fraction(1), True),
    ("x**2", Fraction(0), True),
    ("abs(x)**3", Fraction(0), True),
    ("abs(x - 1)**3 + y**2", Fraction(0), True),
    ("abs(exp(x) - 1)**3", Fraction(0), True),
    ("x**2 + abs(x)**3", Fraction(0), True),
    ("sqrt(x**4)", Fraction(0), True),
    ("sqrt(1 + x**2)", Fraction(1), True),
    ("log(1 + exp(x))", Fraction(0), True),
    ("log(1 + exp(x)) - x/2", None, False),
    ("x**2/(1 + x**2)", Fraction(0), True),
    ("x**4 - 2*x**2", Fraction(-1), True),
    ("x**4 - 3*x + 1/7", None, False),
    ("x**2 + y**2 + x*y - x", Fraction(-1, 3), True),
    ("(1 - x)**2 + 100*(y - x**2)**2", Fraction(0), True),
    ("exp(x) - x", Fraction(1), True),
    ("exp(x) + x**2", None, False),
    ("exp(x) + exp(-x)", Fraction(2), True),
    ("1/(2 + cosh(x))", Fraction(0), True),
    ("(x**2 + y**2)**(3/2)", Fraction(0), True),
    ("(x**2 + x + 1)**0.25", None, False),
    ("tanh(x)**2 + atan(y)**2", Fraction(0), True),
    ("log(2 + sin(x))", Fraction(0), False),
    ("cos(x) + y**2", Fraction(-1), True),
    ("exp(-x**2) + x**2/4", None, False),
    ("cosh(x + y) + cosh(x - y)", Fraction(2), True),
    ("(x + y)**2 + (x - y - 2)**4", Fraction(0), False),
    ("-1/(1 + x**2)", Fraction(-1), True),
)
smooth = pytest.mark.parametrize(("text", "infimum", "exact"), SMOOTH, ids=[row[0] for row in SMOOTH])


@smooth
def test_lower_bounds_hold_and_are_sharp_where_they_say_so(text: str, infimum: Fraction | None, exact: bool) -> None:
    landscape = landscape_from_text(text)
    assert landscape.infimum_is_bound is not exact
    if infimum is not None:
        assert landscape.infimum == infimum
    rng = np.random.default_rng(1)
    d = landscape.dimension
    x = np.concatenate([rng.normal(size=(4000, d)) * s for s in (1e-3, 0.3, 1, 3, 30)])
    values = landscape.value(x)
    assert np.nanmin(values) >= float(landscape.infimum) - 1e-12
    if landscape.optimum is not None:
        assert landscape.value(np.array([landscape.optimum]))[0] == pytest.approx(float(landscape.infimum), abs=1e-12)
    elif d == 1 and not exact and "sin" not in text and "exp(-x**2)" not in text:
        grid = landscape.value(np.linspace(-4, 4, 80001)[:, None])
        assert grid.min() == pytest.approx(float(landscape.infimum), abs=1e-7)


@smooth
def test_gradients_agree_with_differences(text: str, infimum: Fraction | None, exact: bool) -> None:
    landscape = landscape_from_text(text)
    x = np.random.default_rng(2).uniform(-1.5, 1.5, size=(20, landscape.dimension))
    step = 1e-5
    for j in range(landscape.dimension):
        shift = step * np.eye(landscape.dimension)[j]
        slope = (landscape.value(x + shift) - landscape.value(x - shift)) / (2 * step)
        np.testing.assert_allclose(landscape.gradient(x)[:, j], slope, rtol=1e-6, atol=1e-6)
        bend = (landscape.gradient(x + shift) - landscape.gradient(x - shift)) / (2 * step)
        np.testing.assert_allclose(landscape.hessian(x)[:, j], bend, rtol=1e-5, atol=1e-4)


REFUSED = {
    "abs(x)": "not differentiable",
    "x**2 + abs(y - 1)": "not differentiable",
    "sqrt(x**2)": "not differentiable",
    "sqrt(x**2 + y**2)": "differentiable where",
    "abs(abs(x) - 1)**2": "not differentiable",
    "exp(abs(x))": "not differentiable",
    "(x**2)**0.4": "differentiable where",
    "log(x)": "argument of log",
    "exp(log(x))": "argument of log",
    "log(x**2)": "argument of log",
    "log(1 + exp(x) - cosh(x))": "argument of log",
    "log(cosh(x)**2 - sinh(x)**2 - 1)": "argument of log",
    "sqrt(x)": "argument of sqrt",
    "sqrt(-x**2)**2": "no finite real value|argument of sqrt",
    "(x - 1)**1.5": "base of a root",
    "1/x": "denominator",
    "x**3/x": "denominator",
    "x**-2": "denominator",
    "1/(x**2 - 2)": "denominator",
    "1/sinh(x)": "denominator",
    "x/abs(x)": "denominator",
    "x": "unbounded below",
    "x**3 + y**2": "unbounded below",
    "-x**2": "unbounded below",
    "x**2 + y**2 - 3*x*y": "unbounded below along x = y",
    "x*y": "unbounded below along x = -y",
    "sinh(x)": "unbounded below",
    "x**2 - cosh(x)": "unbounded below|no lower bound",
    "log(1 + exp(x)) - 2*x": "unbounded below",
    "x*exp(x)": "state one as infimum",
    "cos(x)*cosh(y)": "state one as infimum",
    "5": "does not depend",
    "x - x": "does not depend",
    "+".join(f"x{j}**2" for j in range(21)): "at most 20",
    "exp(1000*x)": "in an exponent",
    "1e39*1e39*x**2": "bits",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_a_landscape_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=REFUSED[text]) as refusal:
        landscape_from_text(text)
    assert str(refusal.value).isascii()


def test_a_stated_infimum_is_held_against_the_function() -> None:
    assert landscape_from_text("x*exp(x)", infimum="-1/2").infimum == Fraction(-1, 2)
    assert landscape_from_text("x*exp(x)", infimum="-1/2").infimum_is_bound
    assert landscape_from_text("x**2", infimum=-3).infimum == -3
    assert not landscape_from_text("x**2", infimum=0).infimum_is_bound
    for text, infimum in (("x**2", "1e-9"), ("exp(x) + x**3", -5), ("x*exp(x)", "-0.1"), ("log(1 + exp(x))", 1)):
        with pytest.raises(InputError, match="infimum"):
            landscape_from_text(text, infimum=infimum)
    for bad in ("nan", "inf", float("nan"), "x", True):
        with pytest.raises(InputError, match="infimum = "):
            landscape_from_text("x**2", infimum=bad)


def test_stated_constants_are_the_users() -> None:
    landscape = landscape_from_text("x**4", L0="16", L1=1)
    (claim,) = landscape.smoothness
    assert (claim.L0, claim.L1, claim.status, claim.source) == (16, 1, Status.STATED, "given by the user")
    assert certify(landscape, claim.L0, claim.L1).verdict == "proved"
    assert landscape_from_text("x**4").smoothness == ()
    for pair in ({"L0": 1}, {"L1": 1}, {"L0": -1, "L1": 1}, {"L0": "x", "L1": 1}):
        with pytest.raises(InputError, match=r"L[01] ="):
            landscape_from_text("x**4", **pair)


def test_the_start_is_usable() -> None:
    assert landscape_from_text("x**2 + y**4").start == (2.0, 2.0)
    assert landscape_from_text("(x - 2)**2").start == (1.0,)
    assert np.isfinite(landscape_from_text("cosh(9000*x)").initial_gap)
    assert landscape_from_text("x**2 + y**4", start=[1, -3]).start == (1.0, -3.0)
    assert landscape_from_text("(x - 1/3)**2 + 1/3", start=[1 / 3]).initial_gap == 0
    for start in ([1], [1, 2, 3], ["a", 1], [float("nan"), 1], 7, [1e300, 1e300]):
        with pytest.raises(InputError, match="start"):
            landscape_from_text("x**2 + y**4", start=start)  # type: ignore[arg-type]


def test_names_and_expressions_are_told_apart() -> None:
    for landscape in LANDSCAPES:
        assert subject(landscape.key) == landscape
    assert subject("cosh(x)").key == "cosh(x)"
    assert subject(" x*x ").name == "x*x"
    with pytest.raises(InputError, match="did you mean cosh"):
        subject("chos")
    with pytest.raises(InputError, match="unbounded below"):
        subject("x")
    assert subject("quartic", L0=100, L1=0, start=[5]).constants.L0 == 100
    assert subject("quartic", start=[5]).start == (5.0,)
    with pytest.raises(InputError, match="infimum"):
        subject("quartic", infimum=0)
    with pytest.raises(InputError):
        subject("")


@pytest.mark.parametrize("value", ["x", "-x**2", "x*y - 1", "exp(x) - 3*x - 3*y"])
def test_descent_lines_are_real(value: str) -> None:
    parsed = parse(value)
    assert least(parsed.formula, parsed.variables).low is None
    assert line_of_descent(parsed.formula, parsed.variables) != ""


@_fuzzed(60)
@given(TREES)
def test_ranges_enclose_sampled_values(tree: tuple[str, object]) -> None:
    text, function = tree
    try:
        proved = range_of(parse(text, ["x", "y"]).formula)
    except InputError:
        return
    rng = np.random.default_rng(4)
    values = [function(*point) for s in (0.5, 3) for point in (rng.normal(size=(15, 2)) * s).tolist()]  # type: ignore[operator]
    slack = 1e-9 * (1 + max(map(abs, values)))
    assert min(values) >= (float(proved.low) if proved.low.is_finite else -math.inf) - slack
    assert max(values) <= (float(proved.high) if proved.high.is_finite else math.inf) + slack
