r"""Three rules for clauses that one polynomial identity does not reach. All are exact.

``derivative``  {"variable": s, "base": b, "order": k, "form": "right" | "both", "last": certificate}.
    right: f(b), f'(b), ..., f^(k-1)(b) >= 0 evidently, and f^(k) >= 0 for s >= b, so f >= 0 there (Taylor's formula
    with integral remainder). both: f(b) >= 0 and (s - b) f'(s) >= 0 for all s, so f is smallest at b. The checker
    differentiates itself, verifies that logarithms and denominators are evidently positive on the domain, and treats
    exp(..) as a positive variable with exp(x) >= 1 + x.
``sturm``  {}.  A polynomial goal of one variable on an interval, by counting real roots.
``bernstein``  {"trees": [[..], ..]}.  Polynomial goals of a few variables on a box: after bisections all Bernstein
    coefficients of one goal are >= 0 (> 0 for a strict goal) on each part, or those of a hypothesis < 0. A tree lists
    the bisections in preorder, a variable's name for a cut at the middle and "." for a part that is done.

References
----------
Bernstein coefficients bound a polynomial on a box: Garloff, "Convergent bounds for the range of multivariate
polynomials", 1986. Root counts: Sturm 1829.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import sympy as sp

from bounds.errors import InputError
from bounds.proofs.polynomials import rational_from
from bounds.proofs.record import Certificate
from bounds.proofs.step import Clause
from bounds.proofs.system import Branch, branches, evident

__all__ = ["Interval", "check_bernstein", "check_sturm", "derivative_step", "derived_clause", "intervals", "trees_of"]

_DEEPEST = 60
Box = dict[str, tuple[Any, Any]]


def derivative_step(clause: Clause, certificate: Certificate) -> tuple[Clause, Certificate]:
    """The clause on the last derivative, and its certificate, once everything else of the rule is verified.

    Raises
    ------
    InputError : the rule does not apply, with the reason.
    """
    d = certificate.details
    form, order, name = d.get("form"), d.get("order"), d.get("variable")
    if (
        form not in ("right", "both")
        or type(order) is not int
        or order not in ((1,) if form == "both" else range(1, 9))
    ):
        raise InputError(f"form {form!r} of order {order!r}; allowed: 'right' of order 1..8, 'both' of order 1")
    last = derived_clause(clause, str(name), sp.Rational(rational_from(d.get("base"))), order, str(form))
    return last, Certificate.from_data(d.get("last"))


def derived_clause(clause: Clause, name: str, base: Any, order: int, form: str) -> Clause:
    """What remains to be shown about the derivative of this order; see :func:`derivative_step`."""
    if name not in clause.variables or len(clause.goal) != 1 or clause.relation == "=" or clause.lemmas:
        raise InputError("the rule needs one inequality goal, no lemmas, and a variable of the clause")
    s, goal = sp.Symbol(name), clause.goal[0]
    if goal.has(sp.Min, sp.Max):
        raise InputError("Min and Max cannot be differentiated")
    strict = clause.relation == ">"
    variables = dict(clause.variables)
    shift = s + base if form == "right" else s
    if form == "right":
        _require_start(clause, s, base, strict)
        variables[name] = "pos" if strict else "nonneg"
    elif strict or variables[name] == "free" or base < 0 or (base == 0 and variables[name] == "pos"):
        raise InputError(f"base {base} must lie in the domain of {name}, and the goal must be weak")
    f = goal.xreplace({s: shift})
    _require_smooth(f, {**variables, name: "nonneg" if form == "right" else variables[name]})
    for k in range(order):
        value = sp.diff(f, s, k).subs(s, 0 if form == "right" else base)
        numerator, denominator = sp.fraction(sp.together(sp.expand(value)))
        if not (evident(numerator, variables, strict=False) and evident(denominator, variables, strict=True)):
            raise InputError(f"derivative {k} at {name} = {base} is {value}, not evidently >= 0")
    last = sp.diff(f, s, order) if form == "right" else (s - base) * sp.diff(f, s)
    right = form == "right"
    rows = {
        "weak": _kept(clause.weak, s, shift, variables, falling=right),
        "strict": _kept(clause.strict, s, shift, variables, falling=right),
        "eq": _kept(clause.eq, s, shift, variables, falling=False),
    }
    last, exponentials = _without_exp(last)
    for n, (symbol, argument) in enumerate(exponentials, start=1):
        if symbol.name in variables:
            raise InputError(f"the name {symbol} is reserved for an exponential")
        variables[symbol.name] = "pos"
        rows["weak"][f"exp-{n}"] = symbol - 1 - argument
    return Clause(
        id=clause.id,
        place=f"{clause.place}, derivative",
        variables=variables,
        weak=rows["weak"],
        strict=rows["strict"],
        eq=rows["eq"],
        goal=last,
        relation=clause.relation,
    )


def _require_start(clause: Clause, s: Any, base: Any, strict: bool) -> None:
    signed = base == 0 and clause.variables[s.name] in (("pos",) if strict else ("pos", "nonneg"))
    rows = clause.strict if strict else {**clause.weak, **clause.strict}
    if not signed and not any(sp.expand(expr - (s - base)) == 0 for expr in rows.values()):
        raise InputError(f"{s} {'>' if strict else '>='} {base} is not among the hypotheses")


def _require_smooth(f: Any, variables: Mapping[str, str]) -> None:
    f, exponentials = _without_exp(f)
    signs = {**variables, **{symbol.name: "pos" for symbol, _ in exponentials}}
    denominators = [p.base for p in f.atoms(sp.Pow) if p.exp.is_negative]
    arguments = [part for log in f.atoms(sp.log) for part in sp.fraction(sp.together(log.args[0]))]
    for expr in [*denominators, *arguments]:
        if not all(evident(part, signs, strict=True) for part in sp.fraction(sp.together(expr))):
            raise InputError(f"{expr} is not evidently positive on the domain")


def _kept(
    rows: Mapping[str, Any], s: Any, shift: Any, variables: Mapping[str, str], *, falling: bool
) -> dict[str, Any]:
    """Hypotheses that, true at s, are true on the whole segment from the base to s; the others are forgotten.

    They do not depend on s, or (``falling``, for a base to the left of s) evidently do not increase with s.
    """
    kept = {}
    for name, expr in rows.items():
        moved = expr.xreplace({s: shift})
        if s not in moved.free_symbols or (falling and evident(-sp.diff(moved, s), variables, strict=False)):
            kept[name] = moved
    return kept


def _without_exp(expr: Any) -> tuple[Any, list[tuple[Any, Any]]]:
    """The expression with exponentials replaced by powers of new symbols, and (symbol, argument of exp) pairs."""
    groups: dict[Any, list[Any]] = {}
    for atom in expr.atoms(sp.exp):
        coefficient, rest = sp.expand(atom.args[0]).as_coeff_Mul()
        groups.setdefault(rest, []).append(coefficient)
    pairs = []
    for n, rest in enumerate(sorted(groups, key=str), start=1):
        if not rest.is_polynomial():
            raise InputError(f"exp({rest}) is not the exponential of a polynomial")
        unit = sp.Rational(1, math.lcm(*(int(c.q) for c in groups[rest])))
        symbol = sp.Symbol(f"exp_{n}")
        pairs.append((symbol, unit * rest))
        expr = expr.replace(
            lambda e, rest=rest: isinstance(e, sp.exp) and sp.expand(e.args[0]).as_coeff_Mul()[1] == rest,
            lambda e, symbol=symbol, unit=unit: symbol ** (sp.expand(e.args[0]).as_coeff_Mul()[0] / unit),
        )
    return expr, pairs


class Interval(NamedTuple):
    """An interval of one variable, with infinite ends allowed; open ends exclude their point."""

    low: Any
    high: Any
    low_open: bool
    high_open: bool


def intervals(branch: Branch) -> dict[str, Interval]:
    """For each variable, the interval that its sign and the hypotheses affine in it alone confine it to."""
    found = {name: Interval(-sp.oo, sp.oo, True, True) for name in branch.variables}
    for key, factor in branch.factors.items():
        symbols = factor.expr.free_symbols
        if key.startswith("neg:") or len(symbols) != 1:
            continue
        symbol = symbols.pop()
        slope = sp.diff(factor.expr, symbol)
        if not slope.is_Rational or slope == 0:
            continue
        end, old = -factor.expr.subs(symbol, 0) / slope, found[symbol.name]
        if slope > 0 and (end > old.low or (end == old.low and factor.strict)):
            found[symbol.name] = old._replace(low=end, low_open=factor.strict)
        elif slope < 0 and (end < old.high or (end == old.high and factor.strict)):
            found[symbol.name] = old._replace(high=end, high_open=factor.strict)
    return found


def check_sturm(clause: Clause, certificate: Certificate) -> str:
    """The rule ``sturm``: why it does not prove the clause, or an empty string."""
    if certificate.details:
        return f"the rule takes no details, not {sorted(certificate.details)}"
    for branch in branches(clause):
        if len(clause.goal) != 1 or branch.goal is not None or len(branch.factors["neg:1"].expr.free_symbols) > 1:
            return "the rule needs one inequality goal in one variable"
        goal = -branch.factors["neg:1"].expr
        symbol = next(iter(goal.free_symbols), None)
        if symbol is None:
            return "the goal is constant"
        domain = intervals(branch)[symbol.name]
        if not _keeps_sign(sp.Poly(goal, symbol, domain="QQ"), domain, strict=clause.relation == ">"):
            return f"{goal} is not {clause.relation} 0 for {symbol} from {domain.low} to {domain.high}"
    return ""


def _keeps_sign(p: Any, domain: Interval, *, strict: bool) -> bool:
    low, high = domain.low, domain.high
    if low > high or (low == high and (domain.low_open or domain.high_open)):
        return True
    if p.is_zero:
        return not strict
    if low == high:
        return bool(p.eval(low) > 0 or (not strict and p.eval(low) == 0))
    # A weak goal may touch zero: only roots of odd multiplicity inside the interval change its sign.
    odd = [q for q, multiplicity in p.sqf_list()[1] if strict or multiplicity % 2]
    ends = [(low, domain.low_open or not strict), (high, domain.high_open or not strict)]
    for q in odd:
        inside = q.count_roots(None if low.is_infinite else low, None if high.is_infinite else high)
        inside -= sum(1 for end, excluded in ends if excluded and end.is_finite and q.eval(end) == 0)
        if inside:
            return False
    return any(p.eval(x) > 0 for x in _inside(low, high, p.degree() + 1))


def _inside(low: Any, high: Any, count: int) -> Iterator[Any]:
    """More rational points of an open interval than the polynomial has roots."""
    if low.is_infinite and high.is_infinite:
        low, high = sp.Integer(0), sp.Integer(1)
    elif low.is_infinite:
        low = high - 1
    elif high.is_infinite:
        high = low + 1
    return (low + (high - low) * sp.Rational(n, count + 1) for n in range(1, count + 1))


def check_bernstein(clause: Clause, certificate: Certificate) -> str:
    """The rule ``bernstein``: why it does not prove the clause, or an empty string."""
    parts, trees = branches(clause), trees_of(certificate)
    if len(trees) != len(parts):
        return f"the rule needs one list 'trees' with {len(parts)} trees"
    for branch, tree in zip(parts, trees, strict=True):
        if branch.goal is not None:
            return "the rule needs an inequality goal"
        box = {name: (i.low, i.high) for name, i in intervals(branch).items() if _matters(branch, name)}
        unbounded = [name for name, (low, high) in box.items() if (high - low).is_infinite]
        if unbounded:
            return f"variable {unbounded[0]} has no bounds"
        words = iter(tree)
        if reason := _check_part(branch, box, words, _DEEPEST, strict=clause.relation == ">"):
            return reason
        if next(words, None) is not None:
            return "the tree goes on after its last part"
    return ""


def trees_of(certificate: Certificate) -> list[list[Any]]:
    """The bisections of a Bernstein certificate, one list per branch; empty when it is not of that form."""
    trees = certificate.details.get("trees")
    if set(certificate.details) != {"trees"} or not isinstance(trees, list):
        return []
    return trees if all(isinstance(tree, list) for tree in trees) else []


def _matters(branch: Branch, name: str) -> bool:
    return any(sp.Symbol(name) in f.expr.free_symbols for key, f in branch.factors.items() if key.startswith("neg:"))


def _check_part(branch: Branch, box: Box, words: Iterator[Any], left: int, *, strict: bool) -> str:
    word = next(words, None)
    if isinstance(word, str) and word in box and left:
        low, high = box[word]
        middle = (low + high) / 2
        reason = _check_part(branch, {**box, word: (low, middle)}, words, left - 1, strict=strict)
        return reason or _check_part(branch, {**box, word: (middle, high)}, words, left - 1, strict=strict)
    if word != ".":
        return f"the tree has {word!r} where a variable or '.' belongs"
    for key, factor in branch.factors.items():
        if not factor.expr.free_symbols <= {sp.Symbol(name) for name in box}:
            continue
        values = list(_coefficients(factor.expr, box))
        # A negated goal -g that is never > 0 (>= 0), or a hypothesis that is never >= 0, settles the part.
        if all(v <= 0 for v in values) if key.startswith("neg:") and not strict else all(v < 0 for v in values):
            return ""
    return f"no goal is settled on {box}"


def _coefficients(expr: Any, box: Mapping[str, tuple[Any, Any]]) -> Iterator[Any]:
    """Bernstein coefficients of a polynomial on a box: their least and largest enclose its values there."""
    symbols = [sp.Symbol(name) for name in box] or [sp.Symbol("one")]
    moved = expr.xreplace({sp.Symbol(v): low + (high - low) * sp.Symbol(v) for v, (low, high) in box.items()})
    p = sp.Poly(moved, *symbols, domain="QQ")
    degrees = [max(0, p.degree(s)) for s in symbols]
    terms = p.terms()
    for index in itertools.product(*(range(d + 1) for d in degrees)):
        total = sp.Integer(0)
        for exponents, coefficient in terms:
            weight = sp.Integer(1)
            for i, a, d in zip(index, exponents, degrees, strict=True):
                weight *= sp.Rational(math.comb(i, a), math.comb(d, a))
            total += coefficient * weight
        yield total
