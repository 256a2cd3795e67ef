r"""Smoothness that grows with another function of the gradient norm, turned into (L0, L1).

Throughout g = ||grad F(x)||. A growth function l says ||Hess F(x)|| <= l(g) (l-smoothness, Li et al., arXiv
2306.01264); with l(u) = K0 + K1 u^a it is the (a, K0, K1)-smoothness of the same paper and, for a <= 1, what the
alpha-symmetric class of Chen et al. (arXiv 2303.02854) says locally. For l(u) = L0 + L1 u it is the Hessian form.

================  =========================================  ================================================
growth            holds for                                  constants
================  =========================================  ================================================
K0 + K1 u^a       0 <= a <= 1, everywhere; any u > 0         (K0 + (1-a) K1 u^a, a K1 u^(a-1)), tangent at u
K0 + K1 u^a       a >= 1, where g <= G                       (K0, K1 G^(a-1)), the chord from 0 to G
any l             where g <= G                               (l(G), 0), l non-decreasing
================  =========================================  ================================================

The tangent lies above the concave function u^a, the chord above the convex one. On the sublevel set of x0 the
gradient is bounded by :func:`gradient_bound`, so the last two rows need no knowledge of G.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from bounds.errors import InputError
from bounds.quantities import POSITIVE, Domain, Number, as_fraction

__all__ = ["Constants", "gradient_bound", "power_growth", "region_growth"]

_LARGEST_DENOMINATOR = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """Constants (L0, L1) that follow from another definition, exactly.

    Attributes
    ----------
    where : the points at which they hold, in words.
    note : the conversion, as an answer reports it.
    """

    L0: Any
    L1: Any
    where: str
    note: str


def _read(name: str, value: Number, domain: Domain = POSITIVE) -> Any:
    exact: Fraction = as_fraction(name, value, domain)
    if exact not in domain:
        raise InputError(f"{name} = {value} is not allowed: it must be {domain}.")
    return sp.Rational(exact.numerator, exact.denominator)


def power_growth(*, K0: Number, K1: Number, exponent: Number, at: Number) -> Constants:
    """(L0, L1) from ||Hess F|| <= K0 + K1 g^a.

    Parameters
    ----------
    exponent : a >= 0, a fraction with denominator at most 1000.
    at : a gradient norm. For a <= 1 the tangent touches there and the result holds everywhere; for a > 1 it is the
        largest gradient norm of the region where the result holds.

    Raises
    ------
    InputError : a constant out of its domain.
    """
    k0, k1 = _read("K0", K0, Domain()), _read("K1", K1, Domain())
    a, u = _read("exponent", exponent, Domain()), _read("gradient norm", at)
    if a.q > _LARGEST_DENOMINATOR:  # exact roots of long fractions take forever
        raise InputError(
            f"exponent = {exponent} is not allowed: its denominator must be at most {_LARGEST_DENOMINATOR}."
        )
    if a <= 1:
        where, L0, L1 = "everywhere", k0 + (1 - a) * k1 * u**a, a * k1 * u ** (a - 1)
        how = f"tangent at gradient norm {u}"
    else:
        where, L0, L1 = f"where the gradient norm is at most {u}", k0, k1 * u ** (a - 1)
        how = f"chord up to gradient norm {u}"
    note = f"stated for growth {k0} + {k1} g^{a}, used as (L0, L1) = ({L0}, {L1}): {how}"
    return Constants(L0=L0, L1=L1, where=where, note=note)


def region_growth(growth: Any, variable: Any, *, bound: Number) -> Constants:
    """(l(G), 0) from a non-decreasing growth function l on the region g <= G.

    Parameters
    ----------
    growth : sympy expression in ``variable``.
    bound : G, units F/X.

    Raises
    ------
    InputError : G is not positive.
    """
    G = _read("gradient norm", bound)
    return Constants(
        L0=growth.xreplace({variable: G}),
        L1=sp.S.Zero,
        where=f"where the gradient norm is at most {G}",
        note=f"stated for growth {growth}, used as Lipschitz gradient with L = l({G})",
    )


def gradient_bound(*, L0: Any, L1: Any, Delta: Any) -> Any:
    """G with ||grad F|| <= G on {F <= inf F + Delta}, from g^2 <= 2 l(2 g) Delta with l(u) = L0 + L1 u.

    G = 2 L1 Delta + sqrt(4 L1^2 Delta^2 + 2 L0 Delta) (Li et al. 2023, Corollary 3.6 for affine l). Lemma 3 of
    docs/theory/deterministic.md gives the smaller sqrt(2 L0 Delta) + (4/3) L1 Delta in most cases.
    """
    return 2 * L1 * Delta + sp.sqrt(4 * L1**2 * Delta**2 + 2 * L0 * Delta)
