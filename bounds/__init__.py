"""Theory: quantities, smoothness classes, methods, theorems and the calculator.

Names are loaded on first use, so that ``import bounds.quantities`` does not pay for sympy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bounds.applicability import NotCovered as NotCovered
    from bounds.calculator import Bound as Bound
    from bounds.calculator import Ranking as Ranking
    from bounds.calculator import Refusal as Refusal
    from bounds.calculator import evaluate as evaluate
    from bounds.calculator import rank as rank
    from bounds.catalogue import THEOREMS as THEOREMS
    from bounds.catalogue import theorem_named as theorem_named
    from bounds.errors import InputError as InputError
    from bounds.errors import NoStepNeeded as NoStepNeeded
    from bounds.methods import CATALOGUE_METHODS as CATALOGUE_METHODS
    from bounds.methods import METHODS as METHODS
    from bounds.methods import CatalogueMethod as CatalogueMethod
    from bounds.methods import Method as Method
    from bounds.methods import MomentumStart as MomentumStart
    from bounds.methods import StepRule as StepRule
    from bounds.methods import method_named as method_named
    from bounds.problem import Problem as Problem
    from bounds.quantities import QUANTITIES as QUANTITIES
    from bounds.quantities import Quantity as Quantity
    from bounds.smoothness import EXPONENTIAL as EXPONENTIAL
    from bounds.smoothness import FIRST_ORDER as FIRST_ORDER
    from bounds.smoothness import HESSIAN as HESSIAN
    from bounds.smoothness import LIPSCHITZ as LIPSCHITZ
    from bounds.smoothness import MEAN_SQUARED as MEAN_SQUARED
    from bounds.smoothness import POINTWISE as POINTWISE
    from bounds.smoothness import SYMMETRIC as SYMMETRIC
    from bounds.smoothness import Noise as Noise
    from bounds.smoothness import SmoothnessClass as SmoothnessClass
    from bounds.smoothness import conversion as conversion
    from bounds.theorem import Criterion as Criterion
    from bounds.theorem import Kind as Kind
    from bounds.theorem import Provenance as Provenance
    from bounds.theorem import Source as Source
    from bounds.theorem import Theorem as Theorem

_HOME = {
    "applicability": ("NotCovered",),
    "calculator": ("Bound", "Ranking", "Refusal", "evaluate", "rank"),
    "catalogue": ("THEOREMS", "theorem_named"),
    "errors": ("InputError", "NoStepNeeded"),
    "methods": (
        "CATALOGUE_METHODS",
        "METHODS",
        "CatalogueMethod",
        "Method",
        "MomentumStart",
        "StepRule",
        "method_named",
    ),
    "problem": ("Problem",),
    "quantities": ("QUANTITIES", "Quantity"),
    "smoothness": (
        "EXPONENTIAL",
        "FIRST_ORDER",
        "HESSIAN",
        "LIPSCHITZ",
        "MEAN_SQUARED",
        "POINTWISE",
        "SYMMETRIC",
        "Noise",
        "SmoothnessClass",
        "conversion",
    ),
    "theorem": ("Criterion", "Kind", "Provenance", "Source", "Theorem"),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "CATALOGUE_METHODS",
    "EXPONENTIAL",
    "FIRST_ORDER",
    "HESSIAN",
    "LIPSCHITZ",
    "MEAN_SQUARED",
    "METHODS",
    "POINTWISE",
    "QUANTITIES",
    "SYMMETRIC",
    "THEOREMS",
    "Bound",
    "CatalogueMethod",
    "Criterion",
    "InputError",
    "Kind",
    "Method",
    "MomentumStart",
    "NoStepNeeded",
    "Noise",
    "NotCovered",
    "Problem",
    "Provenance",
    "Quantity",
    "Ranking",
    "Refusal",
    "SmoothnessClass",
    "Source",
    "StepRule",
    "Theorem",
    "conversion",
    "evaluate",
    "method_named",
    "rank",
    "theorem_named",
]


def __getattr__(name: str) -> Any:
    try:
        module = _MODULE_OF[name]
    except KeyError:
        raise AttributeError(f"module 'bounds' has no attribute {name!r}") from None
    return getattr(importlib.import_module(f"bounds.{module}"), name)
