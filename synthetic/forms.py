r"""Functions of a batch of points, with exact derivatives from sympy.

A :class:`Form` evaluates F, its gradient and its Hessian on points of shape (batch, dim). Five final forms cover
the landscapes: a general expression, a separable sum, a radial profile of a linear image, a finite sum over
data, and a rescaled copy of another form. Derivatives are taken symbolically, compiled once on first use, and
shared by all forms with the same expression.

Numbers follow IEEE arithmetic without warnings: what overflows is infinite (or, where infinities cancel, NaN), and
a branch of a piecewise expression that is not selected never leaks. Each point is evaluated by itself, so a
result does not depend on which other points share its batch.
"""

from __future__ import annotations

import abc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from bounds.errors import InputError
from synthetic.derivatives import Array as Array
from synthetic.derivatives import compiled, derivative, gradient_entries, hessian_entries, quiet, unguarded

__all__ = ["Array", "Explicit", "FiniteSum", "Form", "Radial", "Scaled", "Separable", "coordinates", "rational"]

Rows = tuple[tuple[float, ...], ...]


def coordinates(dimension: int) -> tuple[Any, ...]:
    """The real symbols x (one dimension) or x1, ..., xd."""
    if dimension == 1:
        return (sp.Symbol("x", real=True),)
    return tuple(sp.Symbol(f"x{j}", real=True) for j in range(1, dimension + 1))


def rational(value: Fraction | float) -> Any:
    """The exact sympy rational equal to ``value``."""
    exact = Fraction(value)
    return sp.Rational(exact.numerator, exact.denominator)


class Form(abc.ABC):
    """A twice (piecewise) differentiable function on R^dim, evaluated on batches."""

    __slots__ = ()

    @property
    @abc.abstractmethod
    def dimension(self) -> int:
        """Number of coordinates."""

    @abc.abstractmethod
    def value(self, x: Array) -> Array:
        """F at x: (batch, dim) -> (batch,)."""

    @abc.abstractmethod
    def gradient(self, x: Array) -> Array:
        """Gradient of F at x: (batch, dim) -> (batch, dim)."""

    def slopes(self) -> Callable[[Array], Array]:
        """The gradient for a loop: it takes C-ordered doubles, and leaves floating-point warnings to the caller."""
        return self.gradient

    @abc.abstractmethod
    def hessian(self, x: Array) -> Array:
        """Hessian of F at x: (batch, dim) -> (batch, dim, dim)."""

    @abc.abstractmethod
    def expression(self) -> tuple[Any, tuple[Any, ...]]:
        """F as one sympy expression, and its coordinate symbols in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explicit(Form):
    """F given by any expression in the coordinates ``variables``."""

    formula: Any
    variables: tuple[Any, ...]

    def __post_init__(self) -> None:
        _check_symbols(self.formula, self.variables)

    @property
    def dimension(self) -> int:
        return len(self.variables)

    def value(self, x: Array) -> Array:
        return compiled((self.formula,), self.variables)(*_columns(x, self.dimension))[0]

    def gradient(self, x: Array) -> Array:
        with quiet():
            return self.slopes()(_points(x, self.dimension))

    def slopes(self) -> Callable[[Array], Array]:
        function = unguarded(gradient_entries(self.formula, self.variables), self.variables)
        if self.dimension == 1:
            return lambda x: function(x[:, 0])[0][:, None]
        return lambda x: np.stack(function(*x.T), axis=-1)

    def hessian(self, x: Array) -> Array:
        function = compiled(hessian_entries(self.formula, self.variables), self.variables)
        entries = function(*_columns(x, self.dimension))
        d = self.dimension
        out = np.empty((len(x), d, d))
        for entry, i, j in zip(entries, *np.triu_indices(d), strict=True):
            out[:, i, j] = out[:, j, i] = entry
        return out

    def expression(self) -> tuple[Any, tuple[Any, ...]]:
        return self.formula, self.variables


@dataclass(frozen=True, slots=True, kw_only=True)
class Separable(Form):
    """F(x) = sum_j f(x_j) with one ``profile`` f in the symbol ``variable``."""

    profile: Any
    variable: Any
    dimension: int

    def __post_init__(self) -> None:
        _check_symbols(self.profile, (self.variable,))

    def value(self, x: Array) -> Array:
        terms = derivative(self.profile, (self.variable,), 0)(_points(x, self.dimension))
        total: Array = terms.sum(axis=-1)
        return total

    def gradient(self, x: Array) -> Array:
        with quiet():
            return self.slopes()(_points(x, self.dimension))

    def slopes(self) -> Callable[[Array], Array]:
        function = unguarded(gradient_entries(self.profile, (self.variable,)), (self.variable,))
        return lambda x: function(x)[0]

    def hessian(self, x: Array) -> Array:
        out = np.zeros((len(x), self.dimension, self.dimension))
        diagonal = np.arange(self.dimension)
        out[:, diagonal, diagonal] = derivative(self.profile, (self.variable,), 2)(_points(x, self.dimension))
        return out

    def expression(self) -> tuple[Any, tuple[Any, ...]]:
        xs = coordinates(self.dimension)
        return sp.Add(*(self.profile.subs(self.variable, x) for x in xs)), xs


@dataclass(frozen=True, slots=True, kw_only=True)
class Radial(Form):
    r"""F(x) = f(||A x||) with ``profile`` f in the symbol ``variable`` r >= 0; A is the identity when absent.

    With y = A x, r = ||y||, yhat = y / r:

        grad F = f'(r) A^T yhat,        Hess F = A^T [ (f'(r)/r) (I - yhat yhat^T) + f''(r) yhat yhat^T ] A,

    and at r = 0 the limits grad F = 0, Hess F = f''(0) A^T A. This needs f'(0) = 0, which is checked.
    """

    profile: Any
    variable: Any
    dimension: int
    matrix: Rows | None = None
    _a: Array | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_symbols(self.profile, (self.variable,))
        if sp.diff(self.profile, self.variable).subs(self.variable, 0) != 0:
            raise InputError(f"the radial profile {self.profile} has a kink at 0; its slope there must be 0.")
        object.__setattr__(self, "_a", None if self.matrix is None else _matrix(self.matrix, self.dimension))

    def value(self, x: Array) -> Array:
        return self._of_radius(0, self._polar(x)[0])

    def gradient(self, x: Array) -> Array:
        r, direction = self._polar(x)
        with quiet():
            radial: Array = self._of_radius(1, r)[:, None] * direction
            return radial if self._a is None else _times(radial, self._a)

    def hessian(self, x: Array) -> Array:
        r, direction = self._polar(x)
        second = self._of_radius(2, r)
        with quiet():
            tangential = np.where(r > 0, self._of_radius(1, r) / r, second)
            ray = direction if self._a is None else _times(direction, self._a)
            metric = np.eye(self.dimension) if self._a is None else self._a.T @ self._a
            outer = ray[:, :, None] * ray[:, None, :]
            return tangential[:, None, None] * metric + (second - tangential)[:, None, None] * outer

    def expression(self) -> tuple[Any, tuple[Any, ...]]:
        xs = coordinates(self.dimension)
        image: Sequence[Any] = xs
        if self.matrix is not None:
            image = [sp.Add(*(rational(a) * x for a, x in zip(row, xs, strict=True))) for row in self.matrix]
        return self.profile.subs(self.variable, sp.sqrt(sp.Add(*(y**2 for y in image)))), xs

    def _of_radius(self, order: int, r: Array) -> Array:
        return derivative(self.profile, (self.variable,), order)(r)

    def _polar(self, x: Array) -> tuple[Array, Array]:
        y = _points(x, self.dimension)
        with quiet():
            if self._a is not None:
                y = _times(y, self._a.T)
            # Not a dot product: its rounding depends on the library, that of a sum does not.
            r = np.sqrt(np.multiply(y, y, order="C").sum(axis=1))
            return r, np.where(r[:, None] > 0, y / r[:, None], 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FiniteSum(Form):
    r"""F(x) = w sum_i f(<a_i, x>, b_i) + sum_j rho(x_j).

    Attributes
    ----------
    profile : f, an expression in ``variable`` (the product <a_i, x>) and, when there are labels, ``label``.
    rows : the vectors a_i, shape (n, dim).
    labels : the numbers b_i, shape (n,), or empty.
    weight : w, usually 1/n.
    regularizer : rho, an expression in ``variable``, or None.
    """

    profile: Any
    variable: Any
    rows: Rows
    label: Any = None
    labels: tuple[float, ...] = ()
    weight: Fraction
    regularizer: Any = None
    _a: Array = field(init=False, repr=False, compare=False)
    _b: tuple[Array, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_symbols(self.profile, self._symbols)
        if self.regularizer is not None:
            _check_symbols(self.regularizer, (self.variable,))
        if self.label is not None and len(self.labels) != len(self.rows):
            raise InputError(f"there are {len(self.labels)} labels for {len(self.rows)} rows; one each is needed.")
        object.__setattr__(self, "_a", _matrix(self.rows, self.dimension))
        object.__setattr__(self, "_b", () if self.label is None else (np.array(self.labels, dtype=np.float64),))
        for array in (self._a, *self._b):
            array.flags.writeable = False

    @property
    def dimension(self) -> int:
        return len(self.rows[0])

    @property
    def data(self) -> tuple[Array, Array]:
        """The matrix of the a_i, shape (n, dim), and the b_i, shape (n,) or empty; both read-only."""
        return self._a, self._b[0] if self._b else np.empty(0)

    @property
    def _symbols(self) -> tuple[Any, ...]:
        return (self.variable,) if self.label is None else (self.variable, self.label)

    def value(self, x: Array) -> Array:
        x = _points(x, self.dimension)
        with quiet():
            total: Array = float(self.weight) * self._of_product(0, x).sum(axis=-1)
            if self.regularizer is not None:
                total += self._rho(0, x).sum(axis=-1)
            return total

    def gradient(self, x: Array) -> Array:
        x = _points(x, self.dimension)
        with quiet():
            data = float(self.weight) * _times(self._of_product(1, x), self._a)
            return data if self.regularizer is None else data + self._rho(1, x)

    def hessian(self, x: Array) -> Array:
        x = _points(x, self.dimension)
        with quiet():
            curvature = self._of_product(2, x)
            out: Array = float(self.weight) * np.matmul(self._a.T, curvature[:, :, None] * self._a)
            if self.regularizer is not None:
                diagonal = np.arange(self.dimension)
                out[:, diagonal, diagonal] += self._rho(2, x)
            return out

    def expression(self) -> tuple[Any, tuple[Any, ...]]:
        xs = coordinates(self.dimension)
        terms = []
        for i, row in enumerate(self.rows):
            product = sp.Add(*(rational(a) * x for a, x in zip(row, xs, strict=True)))
            label = {} if self.label is None else {self.label: rational(self.labels[i])}
            terms.append(self.profile.subs(label).subs(self.variable, product))
        total = rational(self.weight) * sp.Add(*terms)
        if self.regularizer is not None:
            total += sp.Add(*(self.regularizer.subs(self.variable, x) for x in xs))
        return total, xs

    def _of_product(self, order: int, x: Array) -> Array:
        return derivative(self.profile, self._symbols, order)(_times(x, self._a.T), *self._b)

    def _rho(self, order: int, x: Array) -> Array:
        return derivative(self.regularizer, (self.variable,), order)(x)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaled(Form):
    """a F(x / b) for another form F, with a = ``value_unit`` > 0 and b = ``point_unit`` > 0."""

    form: Form
    value_unit: Fraction
    point_unit: Fraction

    @property
    def dimension(self) -> int:
        return self.form.dimension

    def value(self, x: Array) -> Array:
        return self._rescale(self.form.value, x, 0)

    def gradient(self, x: Array) -> Array:
        with quiet():
            return self.slopes()(_points(x, self.dimension))

    def slopes(self) -> Callable[[Array], Array]:
        inner, unit = self.form.slopes(), float(self.point_unit)
        factor = float(self.value_unit / self.point_unit)
        return lambda x: inner(x / unit) * factor

    def hessian(self, x: Array) -> Array:
        return self._rescale(self.form.hessian, x, 2)

    def expression(self) -> tuple[Any, tuple[Any, ...]]:
        formula, xs = self.form.expression()
        shrunk = formula.xreplace({x: x / rational(self.point_unit) for x in xs})
        return rational(self.value_unit) * shrunk, xs

    def _rescale(self, function: Callable[[Array], Array], x: Array, order: int) -> Array:
        with quiet():
            inner = function(_points(x, self.dimension) / float(self.point_unit))
            return inner * float(self.value_unit / self.point_unit**order)


def _points(x: Array, dimension: int) -> Array:
    points = np.ascontiguousarray(x, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != dimension:
        raise InputError(f"points have shape {points.shape}; they must have shape (batch, {dimension}).")
    return points


def _columns(x: Array, dimension: int) -> tuple[Array, ...]:
    return tuple(_points(x, dimension).T)


def _times(x: Array, matrix: Array) -> Array:
    # One product per point: a single large product would round differently for different batch sizes.
    product: Array = np.matmul(x[:, None, :], matrix)[:, 0, :]
    return product


def _matrix(rows: Rows, dimension: int) -> Array:
    matrix = np.array(rows, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[1] != dimension or not np.isfinite(matrix).all():
        raise InputError(f"a matrix of shape {matrix.shape} is given; finite rows of length {dimension} are needed.")
    return matrix


def _check_symbols(expression: Any, variables: tuple[Any, ...]) -> None:
    unknown = expression.free_symbols - set(variables)
    if unknown:
        raise InputError(
            f"the expression uses {sorted(map(str, unknown))}; only {list(map(str, variables))} may appear."
        )
