r"""Gradient methods for (L0, L1)-smooth functions with three explicit steps, and their convex rates.

Setting: F twice differentiable with ||Hess F|| <= L0 + L1 ||grad F||, F(x0) - inf F <= Delta; or convex with a
minimizer at distance R.
Metric: min of ||grad F(x_t)||; min of F(x_t) - inf F for convex F.
Algorithm: optimal step ln(1 + L1 g/(L0 + L1 g))/(L1 g), simplified step 1/(L0 + 3/2 L1 g), clipping step min{1/(2 L0),
1/(3 L1 g)}, each with progress a g^2/(2 L0 + 3 L1 g), a = 1, 1, 1/2; normalized steps; Polyak's step; acceleration
with line search.
Guarantee: (2 L0 Delta/eps^2 + 3 L1 Delta/eps)/a; (2 L0 R^2/eps_F + 3 L1 R ln(Delta/eps_F))/a for convex F.
References: D. Vankov, A. Rodomanov, A. Nedich, L. Sankar, S. Stich, "Optimizing (L0, L1)-smooth functions by gradient
methods", ICLR 2025, arXiv 2410.10800 (version 3); restated in course notes, the first bound in a second source too.

Example
-------
>>> from bounds import HESSIAN, Criterion, Problem, evaluate, theorem_named
>>> problem = Problem.of(L0=1, L1=10, Delta=5, epsilon="0.01", smoothness=HESSIAN, criterion=Criterion.MIN)
>>> evaluate(theorem_named("best-step-gd-vankov"), problem).iterations
115000
"""

from __future__ import annotations

import functools

import sympy as sp

from bounds.catalogue.writing import equal, largest, methods, outside
from bounds.smoothness import HESSIAN
from bounds.symbols import L0, L1, Delta, R, epsilon, epsilon_F, eta, gamma
from bounds.theorem import Criterion, Kind, Limit, Provenance, Source, Theorem

__all__ = ["THEOREMS"]


def _source(locator: str) -> Source:
    return Source(
        authors="Vankov, Rodomanov, Nedich, Sankar, Stich",
        year=2025,
        title="Optimizing (L0, L1)-smooth functions by gradient methods",
        venue="ICLR 2025",
        locator=locator,
        arxiv="2410.10800",
    )


_upper = functools.partial(Theorem, kind=Kind.UPPER, smoothness=HESSIAN, provenance=Provenance.RESTATED)
_convex = functools.partial(_upper, criterion=Criterion.VALUE, convex=True, guarantee=epsilon_F)
_CLIP = (
    equal(eta, 1 / (2 * L0), "the published step size is 1/(2 L0)"),
    equal(gamma, 1 / (3 * L1), "the published largest step is 1/(3 L1)"),
)
_STEPS = (
    # (name, methods, a, parameters, requirements): progress a g^2/(2 L0 + 3 L1 g) per step.
    ("best-step-gd", "optimal step", methods("log-step-gd"), sp.Integer(1), (), ()),
    ("simplified-gd", "simplified step", methods("simplified-gd"), sp.Integer(1), (), ()),
    (
        "clipped-gd",
        "clipping step",
        methods("clipped-gd"),
        sp.Rational(1, 2),
        ((eta, 1 / (2 * L0)), (gamma, 1 / (3 * L1))),
        _CLIP,
    ),
)

_NONCONVEX = tuple(
    _upper(
        key=f"{key}-vankov",
        title=f"Gradient method with the {name}",
        criterion=Criterion.MIN,
        methods=covered,
        parameters=parameters,
        requires=requires,
        iterations=(2 * L0 * Delta / epsilon**2 + 3 * L1 * Delta / epsilon) / a,
        source=_source("Theorem 3.1"),
        note=f"Progress {a} g^2/(2 L0 + 3 L1 g) per step. Only the upper model is used, which pointwise smoothness "
        f"has.",
        limits=(
            Limit(
                symbol=L1,
                to=0,
                value=2 * L0 * Delta / (a * epsilon**2),
                meaning=f"the L0-smooth rate with factor {2 / a}",
            ),
        ),
    )
    for key, name, covered, a, parameters, requires in _STEPS
)

_CONVEX = tuple(
    _convex(
        key=f"{key}-convex-vankov",
        title=f"Gradient method with the {name} on convex functions",
        methods=covered,
        parameters=parameters,
        requires=requires,
        iterations=(2 * L0 * R**2 / epsilon_F + 3 * L1 * R * sp.log(Delta / epsilon_F)) / a + 1,
        source=_source("convex rate of the gradient method"),
        note="F decreases, so the last iterate is the best; the logarithm replaces (L1 R)^2 of other analyses.",
        limits=(
            Limit(
                symbol=L1,
                to=0,
                value=2 * L0 * R**2 / (a * epsilon_F) + 1,
                meaning=f"the L0-smooth rate with factor {2 / a}",
            ),
        ),
    )
    for key, name, covered, a, parameters, requires in _STEPS
)

_NORMALIZED_COUNT = largest(L0 * R**2 / epsilon_F, sp.Rational(4, 9) * L1**2 * R**2)

_NORMALIZED = _convex(
    key="normalized-gd-convex-vankov",
    title="Normalized gradient method on convex functions",
    methods=methods("normalized-gd"),
    parameters=((gamma, R / sp.sqrt(_NORMALIZED_COUNT)),),
    requires=(equal(gamma, R / sp.sqrt(_NORMALIZED_COUNT), "the step length is R/sqrt(T)"),),
    iterations=_NORMALIZED_COUNT,
    source=_source("convex rate of the normalized gradient method"),
    note="With a guess Rg of the distance and steps Rg/sqrt(T), R is replaced by (R^2/Rg + Rg)/2.",
)

_POLYAK = _convex(
    key="polyak-gd-vankov",
    title="Polyak's step on convex (L0, L1)-smooth functions",
    methods=outside("polyak-gd"),
    iterations=largest(4 * L0 * R**2 / epsilon_F, 36 * L1**2 * R**2),
    source=_source("convex rate of Polyak's step"),
    note="Needs inf F and no other constant; no L-smoothness, unlike polyak-gd-takezawa.",
    limits=(Limit(symbol=L1, to=0, value=4 * L0 * R**2 / epsilon_F, meaning="the L0-smooth rate 4 L0 R^2/eps_F"),),
)

_ACCELERATED = _convex(
    key="agmsdr-vankov",
    title="Accelerated method with line search on convex (L0, L1)-smooth functions",
    methods=outside("agmsdr"),
    iterations=sp.sqrt(48 * L0 * R**2 / epsilon_F)
    + sp.ceiling(3 * (2 * L1 * R) ** sp.Rational(2, 3)) * sp.ceiling(sp.log(2 * Delta / epsilon_F) / sp.log(2))
    + 1,
    source=_source("accelerated rate, version 3"),
    note="Counts iterations; each needs a line search (nu + 1 oracle calls). Constants differ between versions of the "
    "paper.",
    limits=(
        Limit(symbol=L1, to=0, value=sp.sqrt(48 * L0 * R**2 / epsilon_F) + 1, meaning="the accelerated L0-smooth rate"),
    ),
)

THEOREMS: tuple[Theorem, ...] = (*_NONCONVEX, *_CONVEX, _NORMALIZED, _POLYAK, _ACCELERATED)
