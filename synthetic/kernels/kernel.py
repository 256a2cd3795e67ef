"""A kind of kernels: which forms it takes, its code and its data, and when it is worth while."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from types import ModuleType
from typing import Any

from synthetic.forms import Form, Scaled
from synthetic.kernels.source import Variant

__all__ = ["Kind", "unscaled"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kind:
    """A kind of kernels.

    Attributes
    ----------
    form : the forms it takes, rescaled or not.
    source : text of a module whose function ``run`` takes the arguments of :func:`synthetic.kernels.lanes.run`, and the
        data after them; raises :class:`bounds.errors.InputError` for what it does not cover.
    data : arrays: what differs between forms that share their code.
    scratch : for a loaded module, the arrays that every thread gets for itself, after the data.
    weight : time of a run-iteration of the numpy driver on such a form, in those of a run on the line.
    fewest : with fewer runs than this it gains nothing.
    multiplies : whether it calls the linear algebra library, which must then use one thread for each of ours.
    """

    form: type
    source: Callable[[Variant], str]
    data: Callable[[Form], tuple[Any, ...]] = lambda form: ()
    scratch: Callable[[ModuleType], tuple[Any, ...]] = lambda module: ()
    weight: Callable[[Form], float] = lambda form: 1.0
    fewest: int = 1
    multiplies: bool = False


def unscaled(form: Form) -> tuple[Form, float, float]:
    """The form inside all rescalings, the point unit, and the unit of the gradient."""
    point, slope = Fraction(1), Fraction(1)
    while isinstance(form, Scaled):
        point *= form.point_unit
        slope *= form.value_unit / form.point_unit
        form = form.form
    return form, float(point), float(slope)
