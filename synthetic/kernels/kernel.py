"""What a kind of kernel is: which forms it takes, how it is built, and when it is worth it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from synthetic.forms import Form, Scaled
from synthetic.kernels.source import Variant

__all__ = ["Kernel", "Kind", "unscaled"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kernel:
    """Code for one variant.

    Attributes
    ----------
    source : text of a module whose function ``run`` takes the arguments of :func:`synthetic.kernels.lanes.run`, and
        ``data`` after them.
    data : arrays: what differs between landscapes that share the code.
    """

    source: str
    data: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kind:
    """A kind of kernels.

    Attributes
    ----------
    form : the forms it takes, rescaled or not.
    build : the kernel of a variant; raises :class:`bounds.errors.InputError` for what it does not cover.
    weight : time of a run-iteration of the numpy driver on such a form, in those of a run on the line.
    fewest : with fewer runs than this it gains nothing.
    multiplies : whether it calls the linear algebra library, which must then use one thread for each of ours.
    """

    form: type
    build: Callable[[Variant], Kernel]
    weight: Callable[[Form], float]
    fewest: int
    multiplies: bool = False


def unscaled(form: Form) -> tuple[Form, float, float]:
    """The form inside all rescalings, the point unit, and the unit of the gradient."""
    point, slope = Fraction(1), Fraction(1)
    while isinstance(form, Scaled):
        point *= form.point_unit
        slope *= form.value_unit / form.point_unit
        form = form.form
    return form, float(point), float(slope)
