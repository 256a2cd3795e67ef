r"""The algorithms as data: a momentum mixture and one radial factor.

Every method of the toolkit is a row of one family. With stochastic or exact gradient g at x, buffer m,

    m' = beta m + (1 - beta) g,
    x' = x - nu h(m') - (1 - nu) h(g),        h(v) = s(||v||) v,  h(0) = 0,

where the radial factor s is a single sympy expression in u = ||v||. The numerical solver, the documentation
and the theorem records all read the same expression.

References
----------
The mixture is Algorithm 1 of Zhang, Jin, Fang, Wang, "Improved Analysis of Clipping Algorithms for Non-convex
Optimization", NeurIPS 2020, arXiv 2010.02519.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from bounds.errors import unknown_name
from bounds.symbols import L0, L1, eta, gamma, u

__all__ = [
    "CATALOGUE_METHODS",
    "METHODS",
    "RULES",
    "CatalogueMethod",
    "Method",
    "MomentumStart",
    "StepRule",
    "catalogue_method",
    "method_named",
]


class MomentumStart(enum.Enum):
    """How the momentum buffer begins; the theory mostly needs the gradient at the starting point."""

    GRADIENT = "gradient"
    """m_0 = gradient at x_0."""
    ZERO = "zero"
    """m_0 = 0, without bias correction (as in the published training code)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRule:
    """A radial step h(v) = s(||v||) v.

    Attributes
    ----------
    factor : s as a sympy expression in u = ||v|| (units X^2/F).
    parameters : the symbols that s needs besides u.
    """

    key: str
    name: str
    factor: sp.Expr
    parameters: tuple[Any, ...]

    def __post_init__(self) -> None:
        extra = self.factor.free_symbols - {u, *self.parameters}
        if extra:
            raise ValueError(f"step rule {self.key}: undeclared symbols {sorted(map(str, extra))}")

    @property
    def clips(self) -> bool:
        """Whether the step length stays below gamma."""
        return gamma in self.parameters


CONSTANT = StepRule(key="constant", name="constant step", factor=eta, parameters=(eta,))
HARD = StepRule(key="hard", name="hard clipping", factor=sp.Min(eta, gamma / u), parameters=(eta, gamma))
SOFT = StepRule(key="soft", name="soft clipping", factor=eta / (1 + eta * u / gamma), parameters=(eta, gamma))
NORMALIZED = StepRule(key="normalized", name="normalized step", factor=gamma / u, parameters=(gamma,))
RECIPROCAL = StepRule(key="reciprocal", name="1/(L0 + L1 |g|) step", factor=1 / (L0 + L1 * u), parameters=(L0, L1))
SIMPLIFIED = StepRule(
    key="simplified",
    name="1/(L0 + 3/2 L1 |g|) step",
    factor=1 / (L0 + sp.Rational(3, 2) * L1 * u),
    parameters=(L0, L1),
)
LOGARITHMIC = StepRule(
    key="logarithmic",
    name="logarithmic step",
    factor=sp.log(1 + L1 * u / (L0 + L1 * u)) / (L1 * u),
    parameters=(L0, L1),
)

RULES: tuple[StepRule, ...] = (CONSTANT, HARD, SOFT, NORMALIZED, RECIPROCAL, SIMPLIFIED, LOGARITHMIC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A row of the family.

    Attributes
    ----------
    nu : fixed mixing weight, or None when it is a free parameter.
    momentum : whether the buffer is used at all (False means nu = 0, and beta is irrelevant).
    """

    key: str
    name: str
    rule: StepRule
    nu: int | None
    momentum: bool

    def __post_init__(self) -> None:
        if self.nu not in (None, 0, 1):
            raise ValueError(f"method {self.key}: nu must be free (None), 0 or 1, not {self.nu}")
        if (self.nu == 0) == self.momentum:
            raise ValueError(f"method {self.key}: the buffer is unused exactly when nu = 0")

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the quantities a run must be given."""
        names = tuple(str(p) for p in self.rule.parameters)
        return names + (("beta",) if self.momentum else ()) + (("nu",) if self.nu is None else ())


def _family(rule: StepRule, prefix: str, gd: str, label: str) -> tuple[Method, ...]:
    return (
        Method(key=gd, name=f"{label} gradient descent", rule=rule, nu=0, momentum=False),
        Method(key=f"{prefix}momentum-clipping", name=f"{label} momentum", rule=rule, nu=1, momentum=True),
        Method(
            key=f"{prefix}mixed-clipping",
            name=f"{label} mixture of momentum and gradient",
            rule=rule,
            nu=None,
            momentum=True,
        ),
    )


METHODS: tuple[Method, ...] = (
    Method(key="gd", name="gradient descent", rule=CONSTANT, nu=0, momentum=False),
    Method(key="momentum-gd", name="momentum gradient descent", rule=CONSTANT, nu=1, momentum=True),
    *_family(HARD, "", "clipped-gd", "clipped"),
    *_family(SOFT, "soft-", "soft-clipped-gd", "softly clipped"),
    Method(key="normalized-gd", name="normalized gradient descent", rule=NORMALIZED, nu=0, momentum=False),
    Method(key="normalized-momentum", name="normalized momentum", rule=NORMALIZED, nu=1, momentum=True),
    Method(
        key="normalized-mixed",
        name="normalized mixture of momentum and gradient",
        rule=NORMALIZED,
        nu=None,
        momentum=True,
    ),
    Method(key="reciprocal-gd", name="(L0, L1)-gradient descent", rule=RECIPROCAL, nu=0, momentum=False),
    Method(key="simplified-gd", name="simplified-step gradient descent", rule=SIMPLIFIED, nu=0, momentum=False),
    Method(key="log-step-gd", name="best-step gradient descent", rule=LOGARITHMIC, nu=0, momentum=False),
)


def method_named(key: str) -> Method:
    """The method with this key, or an error that suggests the nearest ones."""
    for method in METHODS:
        if method.key == key:
            return method
    raise unknown_name("method", key, (m.key for m in METHODS))


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueMethod:
    """A method that theorems are about but the toolkit does not run: its step is not a row of the family.

    It has the attributes of a :class:`Method` that a bound asks for, and no step rule.

    Attributes
    ----------
    step : the step in words.
    deterministic : it sees exact gradients (and function values) only.
    """

    key: str
    name: str
    step: str
    deterministic: bool = True

    nu: ClassVar[None] = None
    momentum: ClassVar[bool] = False
    parameters: ClassVar[tuple[str, ...]] = ()


CATALOGUE_METHODS: tuple[CatalogueMethod, ...] = (
    CatalogueMethod(
        key="any-norm-clipped-gd",
        name="clipped gradient descent in a general norm",
        step="x - eta min{1, gamma/(eta |g|*)} g#, with <g, g#> = |g|*^2 and |g#| = |g|*",
    ),
    CatalogueMethod(
        key="backtracking-gd",
        name="gradient descent with backtracking",
        step="the largest eta = beta^k eta_previous with F(x - eta g) <= F(x) - c eta |g|^2",
    ),
    CatalogueMethod(key="polyak-gd", name="gradient descent with Polyak's step", step="x - (F(x) - inf F)/|g|^2 g"),
    CatalogueMethod(
        key="short-reciprocal-gd",
        name="(L0, L1)-gradient descent, shortened",
        step="x - (nu/2)/(L0 + L1 |g|) g with nu = exp(-nu)",
    ),
    CatalogueMethod(
        key="nesterov", name="Nesterov's accelerated gradient method", step="gradient step and extrapolation"
    ),
    CatalogueMethod(key="ogm", name="optimized gradient method", step="gradient step and two extrapolations"),
    CatalogueMethod(
        key="agmsdr",
        name="accelerated gradient method with small-dimensional relaxation",
        step="gradient step from the best point of a segment, found by line search",
    ),
    CatalogueMethod(
        key="double-sampling-clipped-sgd",
        name="clipped SGD with an independent sample in the clip factor",
        step="x - eta min{1, c/|g'|} g, projected on a ball",
        deterministic=False,
    ),
    CatalogueMethod(
        key="adagrad-norm", name="AdaGrad-Norm", step="x - eta g/sqrt(b^2 + sum |g|^2)", deterministic=False
    ),
    CatalogueMethod(key="adam", name="Adam", step="coordinates of m/(sqrt(v) + lambda)", deterministic=False),
    CatalogueMethod(
        key="spider",
        name="recursive variance reduction (SPIDER)",
        step="gradient differences, same sample",
        deterministic=False,
    ),
    CatalogueMethod(
        key="clipped-spider",
        name="recursive variance reduction with clipped steps",
        step="clipped step along the SPIDER estimate",
        deterministic=False,
    ),
)


def catalogue_method(key: str) -> CatalogueMethod:
    """The method outside the family with this key."""
    for method in CATALOGUE_METHODS:
        if method.key == key:
            return method
    raise unknown_name("method", key, (m.key for m in CATALOGUE_METHODS))
