"""A landscape: a function to descend on, with its optimum and what is stated about its smoothness."""

from __future__ import annotations

import dataclasses
import enum
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from bounds.errors import InputError
from bounds.quantities import Domain, Number, as_fraction
from synthetic.forms import Array, Form, Scaled

__all__ = ["WHOLE_SPACE", "Landscape", "Region", "StatedSmoothness", "Status"]


class Status(enum.Enum):
    """How far a claim about smoothness can be trusted."""

    STATED = "stated"
    """An argument is given (in the source or the docstring), but no certificate has been checked."""
    PROVED = "proved"
    """A certificate has been checked."""
    REFUTED = "refuted"
    """A point violates the claim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A set of points: a description, and the predicate (batch, dim) -> (batch,), None meaning every point."""

    text: str
    predicate: Callable[[Array], npt.NDArray[np.bool_]] | None = None

    def contains(self, x: Array) -> npt.NDArray[np.bool_]:
        """Which of the points x: (batch, dim) belong to the region, shape (batch,)."""
        return np.ones(len(x), dtype=np.bool_) if self.predicate is None else self.predicate(x)


WHOLE_SPACE = Region(text="R^d")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedSmoothness:
    """The claim ||Hess F(x)|| <= L0 + L1 ||grad F(x)|| (spectral norm), almost everywhere on a region.

    Attributes
    ----------
    L0 : units F/X^2, exact; rounded up when the true constant is irrational.
    L1 : units 1/X, exact.
    region : where it is claimed.
    source : the argument, or who published it.
    """

    L0: Fraction
    L1: Fraction
    region: str = WHOLE_SPACE.text
    status: Status = Status.STATED
    source: str

    def __post_init__(self) -> None:
        if self.L0 < 0 or self.L1 < 0:
            raise InputError(f"(L0, L1) = ({self.L0}, {self.L1}) is not allowed: both must be >= 0.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Landscape:
    """A function with everything an experiment needs to know about it.

    Attributes
    ----------
    form : value, gradient and Hessian.
    smoothness : claimed pairs (L0, L1), the first one being the default; empty when no pair exists.
    optimum : a minimizer, or None when the infimum is not attained or the minimizer has no closed form.
    infimum : inf F, or a lower bound of it when ``infimum_is_bound``.
    infimum_is_bound : whether ``infimum`` may lie strictly below inf F; gaps are then upper bounds of the true
        ones, which keeps every statement that needs F(x0) - inf F <= Delta valid.
    start : default starting point.
    domain : where F is defined.
    """

    key: str
    name: str
    form: Form
    smoothness: tuple[StatedSmoothness, ...]
    optimum: tuple[float, ...] | None
    infimum: Fraction
    infimum_is_bound: bool = False
    start: tuple[float, ...]
    domain: Region = WHOLE_SPACE
    summary: str
    source: str

    def __post_init__(self) -> None:
        for label, point in (("start", self.start), ("optimum", self.optimum)):
            if point is not None and (len(point) != self.dimension or not all(map(math.isfinite, point))):
                raise InputError(f"{self.key}: {label} {point} must have {self.dimension} finite coordinates.")
        start = np.array([self.start])
        if not self.domain.contains(start)[0]:
            raise InputError(f"{self.key}: start {self.start} lies outside the domain {self.domain.text}.")
        first = float(self.value(start)[0])
        if not math.isfinite(first) or first < self.infimum:
            raise InputError(f"{self.key}: F = {first} at the start; it must be finite and >= {self.infimum}.")

    @property
    def dimension(self) -> int:
        """Number of coordinates."""
        return self.form.dimension

    @property
    def constants(self) -> StatedSmoothness:
        """The default pair (L0, L1)."""
        if not self.smoothness:
            raise InputError(f"landscape {self.key!r} has no pair (L0, L1) on {self.domain.text}: {self.summary}")
        return self.smoothness[0]

    @property
    def initial_gap(self) -> float:
        """F(start) - inf F (an upper bound of it when ``infimum_is_bound``), units F."""
        return float(self.gap(np.array([self.start]))[0])

    def value(self, x: Array) -> Array:
        """F at x: (batch, dim) -> (batch,)."""
        return self.form.value(x)

    def gradient(self, x: Array) -> Array:
        """Gradient at x: (batch, dim) -> (batch, dim)."""
        return self.form.gradient(x)

    def slopes(self) -> Callable[[Array], Array]:
        """The gradient for a loop; see :meth:`synthetic.forms.Form.slopes`."""
        return self.form.slopes()

    def hessian(self, x: Array) -> Array:
        """Hessian at x: (batch, dim) -> (batch, dim, dim); one of the one-sided limits at a kink of the gradient."""
        return self.form.hessian(x)

    def gap(self, x: Array) -> Array:
        """F(x) - inf F at x: (batch, dim) -> (batch,)."""
        return self.value(x) - float(self.infimum)

    def scaled(self, *, value: Number = 1, point: Number = 1) -> Landscape:
        """The landscape a F(x / b) with a = ``value`` and b = ``point``, both positive.

        Its constants are (a L0 / b^2, L1 / b) and its special points are multiplied by b. When a and b are
        powers of two nothing is rounded, so all quantities of a run scale exactly.
        """
        a, b = _unit("value", value), _unit("point", point)
        domain = self.domain
        if domain.predicate is not None:
            domain = Region(text=f"{b} times ({domain.text})", predicate=_Shrunk(domain.predicate, float(b)))
        return dataclasses.replace(
            self,
            name=f"{self.name}, scaled by ({a}, {b})",
            form=Scaled(form=self.form, value_unit=a, point_unit=b),
            smoothness=tuple(
                dataclasses.replace(s, L0=s.L0 * a / b**2, L1=s.L1 / b, region=domain.text) for s in self.smoothness
            ),
            optimum=None if self.optimum is None else tuple(float(b) * c for c in self.optimum),
            infimum=a * self.infimum,
            start=tuple(float(b) * c for c in self.start),
            domain=domain,
        )


@dataclass(frozen=True, slots=True)
class _Shrunk:
    """A predicate at x / b; a class rather than a closure so that landscapes travel between processes."""

    predicate: Callable[[Array], npt.NDArray[np.bool_]]
    point_unit: float

    def __call__(self, x: Array) -> npt.NDArray[np.bool_]:
        return self.predicate(x / self.point_unit)


def _unit(name: str, value: Number) -> Fraction:
    domain = Domain(low_open=True)
    unit = as_fraction(name, value, domain)
    if unit not in domain:
        raise InputError(f"{name} = {value} is not allowed: it must be {domain}.")
    return unit
