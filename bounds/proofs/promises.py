"""What the last step of each proof gives, stated a second time and independently of the catalogue.

The iteration count and the requirements of a record are compared with hypotheses of clauses; the rest of its claim
(criterion, guarantee, class, noise, methods, start of the buffer, counted iterates) is compared with this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from bounds.methods import METHODS, MomentumStart
from bounds.smoothness import FIRST_ORDER, HESSIAN, LIPSCHITZ, POINTWISE, Noise
from bounds.symbols import L0, L1, Delta, epsilon, epsilon_F
from bounds.theorem import Criterion, Kind

__all__ = ["PROMISES"]

Promise = Mapping[str, Any]

_FAMILY = " ".join(method.key for method in METHODS)
_GRADIENT_ONLY = f"{_FAMILY} any-norm-clipped-gd short-reciprocal-gd nesterov ogm"
_FIRST_ORDER = f"{_GRADIENT_ONLY} backtracking-gd polyak-gd agmsdr"
_GRADIENT, _ZERO = MomentumStart.GRADIENT, MomentumStart.ZERO
_HARD = "clipped-gd momentum-clipping mixed-clipping"
_SOFT = "soft-clipped-gd soft-momentum-clipping soft-mixed-clipping"


def _promise(kind: Kind, criterion: Criterion, methods: str, **changed: Any) -> Promise:
    fields = {
        "kind": kind,
        "criterion": criterion,
        "methods": frozenset(methods.split()),
        "convex": False,
        "smoothness": POINTWISE,
        "noise": Noise.EXACT,
        "guarantee": epsilon,
        "first": 0,
        "momentum_start": (_GRADIENT,),
        "dimension": None,
        "least_dimension": None,
        "order_only": False,
    }
    return fields | changed


def _mean(methods: str, **changed: Any) -> Promise:
    return _promise(Kind.UPPER, Criterion.MEAN, methods, **changed)


def _min(methods: str, **changed: Any) -> Promise:
    return _promise(Kind.UPPER, Criterion.MIN, methods, **changed)


def _squares(methods: str, **changed: Any) -> Promise:
    return _promise(Kind.UPPER, Criterion.MEAN_SQUARED, methods, **changed)


def _lower(methods: str, **changed: Any) -> Promise:
    return _promise(Kind.LOWER, Criterion.MIN, methods, **changed)


def _part(numerator: int, denominator: int) -> Any:
    return sp.Rational(numerator, denominator) * epsilon


def _links(target: Any) -> Any:
    """The length of the longest of the three chains for a target."""
    costs = (
        sp.Rational(7, 2) * target**2 / L0,
        sp.Rational(35, 8) * target / L1,
        sp.Rational(13, 2) * target**2 / (L0 + L1 * target),
    )
    return sp.floor(sp.Max(*(Delta / cost for cost in costs), evaluate=False))


_CLASSICAL = sp.floor(Delta * L0 / (1824 * epsilon**2))
_SLIDES = {"noise": Noise.BOUNDED, "momentum_start": (_GRADIENT, _ZERO)}

PROMISES: Mapping[str, Promise] = {
    "framework-deterministic": _mean(_HARD),
    "framework-deterministic-sharp": _mean(_HARD),
    "framework-deterministic-slides-first": _mean(_HARD, guarantee=_part(766, 1000)),
    "framework-deterministic-slides-proved": _mean(_HARD, guarantee=_part(1084, 1000), first=1),
    "soft-clipping-deterministic": _mean(_SOFT),
    "normalized-momentum-deterministic": _mean("normalized-gd normalized-momentum normalized-mixed"),
    "clipped-gd": _mean("clipped-gd"),
    "clipped-gd-min": _min("clipped-gd"),
    "normalized-gd": _mean("normalized-gd"),
    "best-step-gd": _mean("log-step-gd"),
    "reciprocal-gd": _mean("reciprocal-gd"),
    "gd-gradient-bound": _squares("gd"),
    "gd-fixed-step-lower": _lower("gd"),
    "normalized-gd-one-dimension": _min("normalized-gd", dimension=1),
    "zero-chain-lower": _lower(_FIRST_ORDER, smoothness=LIPSCHITZ, least_dimension=_CLASSICAL),
    "clipped-sgd": _mean("clipped-gd", noise=Noise.BOUNDED),
    "clipped-sgd-small-threshold": _mean("clipped-gd", noise=Noise.BOUNDED),
    "framework-stochastic": _mean(_HARD, noise=Noise.BOUNDED),
    "framework-stochastic-zero-start": _mean(_HARD, noise=Noise.BOUNDED, momentum_start=(_ZERO,)),
    "framework-stochastic-slides-first": _mean(_HARD, guarantee=_part(67, 100), **_SLIDES),
    "framework-stochastic-slides-proved": _mean(_HARD, guarantee=_part(102, 100), first=1, **_SLIDES),
    "soft-clipped-sgd": _mean("soft-clipped-gd", noise=Noise.VARIANCE),
    "soft-framework-stochastic": _mean(_SOFT, noise=Noise.BOUNDED),
    "normalized-sgd-momentum": _mean("normalized-momentum", noise=Noise.VARIANCE),
    "sgd": _squares("gd", smoothness=LIPSCHITZ, noise=Noise.VARIANCE),
    "sgd-gradient-bound": _squares("gd", noise=Noise.BOUNDED),
    "clipped-sgd-own-lower": _lower("clipped-gd", smoothness=LIPSCHITZ, noise=Noise.BOUNDED),
    "gradient-only-lower": _lower(_GRADIENT_ONLY, smoothness=HESSIAN),
    "clipping-own-lower": _lower(_HARD, smoothness=HESSIAN),
    "soft-clipping-own-lower": _lower(_SOFT, smoothness=HESSIAN),
    "normalized-own-lower": _lower("normalized-gd normalized-momentum normalized-mixed", smoothness=HESSIAN),
    "gd-own-lower": _lower("gd momentum-gd", smoothness=HESSIAN),
    "chain-lower": _lower(_FIRST_ORDER, least_dimension=_links(epsilon)),
    "stochastic-chain-lower": _lower(_FAMILY, noise=Noise.VARIANCE, least_dimension=_links(2 * epsilon)),
    "stochastic-chain-lower-bounded": _lower(_FAMILY, noise=Noise.BOUNDED, least_dimension=_links(2 * epsilon)),
    "any-norm-clipping": _min("clipped-gd any-norm-clipped-gd", smoothness=FIRST_ORDER),
    "reciprocal-gd-convex": _promise(
        *(Kind.UPPER, Criterion.VALUE, "reciprocal-gd"), smoothness=FIRST_ORDER, convex=True, guarantee=epsilon_F
    ),
    "gd-exact": _min("gd", smoothness=LIPSCHITZ),
}
