r"""Ball-arithmetic proofs of ||Hess F|| <= L0 + L1 ||grad F||, for what no exact rule covers (extra ``prove``).

A box is cut in halves until the claim is proved on every part or fails, provably, at the middle of one. Functions are
enclosed on a part X with middle m by f(X) and by the mean value form f(m) + grad f(X) (X - m), whichever is tighter.
What is tested is stated in :mod:`synthetic.ball_lines` (one variable) and :mod:`synthetic.ball_space` (two and three).
Radial and separable functions are reduced to one variable as in :mod:`synthetic.certify`. Where a tail has no argument,
and where the limit on the number of parts or on the processor time is reached, as it is where a claim is an equality,
the answer is :class:`~synthetic.curves.Unknown`.
"""

from __future__ import annotations

from fractions import Fraction

from synthetic.ball_lines import violation_on_line
from synthetic.ball_programs import arithmetic
from synthetic.ball_space import violation_in_space
from synthetic.budget import Budget
from synthetic.curves import Unknown
from synthetic.forms import Explicit, Form, Radial, Separable
from synthetic.radii import as_radial
from synthetic.reductions import Box, Point, line_formula

__all__ = ["prove_or_refute"]

_SECONDS = 5.0
_WITNESSED = "fails at a rational point, checked in ball arithmetic"


def prove_or_refute(form: Form, L0: Fraction, L1: Fraction, box: Box | None) -> tuple[Point | None, str]:
    """A point of the region at which the claim fails, or None when it is proved there, and the argument in words.

    Raises
    ------
    Unknown : neither was achieved; the message names the part of the region that is open.
    """
    if isinstance(form, Explicit) and box is None:
        form = as_radial(form) or form
    budget = Budget.of(_SECONDS)
    with arithmetic() as flint:
        if form.dimension == 1:
            formula, t = line_formula(form)
            low, high = (None, None) if box is None else box[0]
            at = violation_on_line(flint, formula, t, L0, L1, low, high, budget)
            tails = "" if box is not None and None not in box[0] else ", dominant terms on the tails"
            return (None, f"one variable, ball arithmetic{tails}") if at is None else ((at,), _WITNESSED)
        if isinstance(form, Radial) and form.matrix is None and box is None:
            at = violation_on_line(flint, form.profile, form.variable, L0, L1, Fraction(0), None, budget)
            if at is not None:
                return (at, *(Fraction(0),) * (form.dimension - 1)), _WITNESSED
            return None, "radial function, spectral norm max(|f''|, |f'|/r), ball arithmetic for its profile"
        if isinstance(form, Separable) and box is None:
            if violation_on_line(flint, form.profile, form.variable, L0, L1, None, None, budget) is not None:
                raise Unknown("one term violates its claim, and no point of the whole space was built from it")
            return None, "separable sum, spectral norm max_j |f_j''|, ball arithmetic for its terms"
        whole: Box = ((None, None),) * form.dimension
        witness, argument = violation_in_space(flint, form, L0, L1, whole if box is None else box, budget)
        return witness, argument if witness is None else _WITNESSED
