"""The second checker of certificates: plain Fractions and dictionaries, no algebra system.

It shares the branches of the clause with :func:`bounds.proofs.certificate.check` (and, for derivatives, the
differentiation) and nothing else: expansion, multiplication, Sturm sequences and Bernstein coefficients are its own.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from bounds.proofs.calculus import Interval, derivative_step, intervals, trees_of
from bounds.proofs.polynomials import Polynomial, expanded, minus, plus, power, times
from bounds.proofs.record import Case, Certificate
from bounds.proofs.step import Clause
from bounds.proofs.system import Branch, branches

__all__ = ["accepts", "coefficients"]


def accepts(clause: Clause, certificate: Certificate) -> bool:
    """Whether the certificate proves the clause.

    Raises
    ------
    InputError : an unknown mode, a branch that is not polynomial, a derivative rule that does not apply.
    """
    if certificate.statement != clause.hash:
        return False
    if certificate.rule == "derivative":
        return accepts(*derivative_step(clause, certificate))
    if certificate.rule == "identity":
        parts = branches(clause, certificate.mode)
        cases = certificate.cases
        return len(parts) == len(cases) and all(map(_refutes, parts, cases))
    parts = branches(clause)
    if any(branch.goal is not None for branch in parts):
        return False
    weak = clause.relation == ">="
    if certificate.rule == "sturm":
        return len(clause.goal) == 1 and not certificate.details and all(_keeps_sign(branch, weak) for branch in parts)
    trees = trees_of(certificate)
    if certificate.rule != "bernstein" or len(trees) != len(parts):
        return False
    return all(_covered(branch, tree, weak) for branch, tree in zip(parts, trees, strict=True))


def _refutes(branch: Branch, case: Case) -> bool:
    if not all(term.coefficient > 0 and set(term.factors) <= branch.factors.keys() for term in case.terms):
        return False
    polynomials = [*(t.square for t in case.terms), *case.equalities.values()]
    if not all(v in branch.variables for p in polynomials for monomial in p for v, _ in monomial):
        return False
    if not case.equalities.keys() <= branch.equalities.keys():
        return False
    strict = [not t.square and all(branch.factors[key].strict for key in t.factors) for t in case.terms]
    if not any(strict) or (branch.goal is not None and len(case.terms) > 1):
        return False
    total: Polynomial = {}
    for term in case.terms:
        product: Polynomial = {(): Fraction(term.coefficient)}
        for key in term.factors:
            product = times(product, expanded(branch.factors[key].expr))
        if term.square:
            product = times(product, times(term.square, term.square))
        if branch.goal is not None:
            product = times(product, expanded(branch.goal))
        total = plus(total, product)
    for key, multiplier in case.equalities.items():
        total = plus(total, times(multiplier, expanded(branch.equalities[key])))
    return not total


def _ends(interval: Interval) -> tuple[Fraction | None, Fraction | None]:
    low, high = (None if x.is_infinite else Fraction(int(x.p), int(x.q)) for x in interval[:2])
    return low, high


def _keeps_sign(branch: Branch, weak: bool) -> bool:
    """Sturm's count for a goal of one variable: no zero of odd order inside, none at all for a strict goal."""
    goal = minus(expanded(branch.factors["neg:1"].expr))
    names = {v for monomial in goal for v, _ in monomial}
    if len(names) != 1:
        return False
    name = names.pop()
    dense = [
        goal.get(((name, n),) if n else (), Fraction(0)) for n in range(1 + max(sum(e for _, e in m) for m in goal))
    ]
    domain = intervals(branch)[name]
    low, high = _ends(domain)
    if low is not None and high is not None and low >= high:
        single = low == high and not (domain.low_open or domain.high_open)
        return not single or _at(dense, low) > 0 or (weak and _at(dense, low) == 0)
    # All real roots lie within the Cauchy bound.
    bound = 1 + max(abs(c / dense[-1]) for c in dense)
    low, high = (-bound if low is None else low), (bound if high is None else high)
    if low >= high:
        low, high = (high - 1, high) if domain.low.is_infinite else (low, low + 1)
    chain = _sturm_chain(dense)
    roots = _changes(chain, low) - _changes(chain, high) + (_at(dense, low) == 0)
    inside = roots - sum(_at(dense, x) == 0 and o for x, o in ((low, domain.low_open), (high, domain.high_open)))
    return (weak or inside == 0) and _nonnegative(dense, chain, low, high, 0)


def _nonnegative(p: list[Fraction], chain: list[list[Fraction]], low: Fraction, high: Fraction, depth: int) -> bool:
    """Whether p >= 0 on [low, high], by halving until no part has more than one root inside."""
    inner = _changes(chain, low) - _changes(chain, high) - (_at(p, high) == 0)
    middle = (low + high) / 2
    if inner == 0:
        return _at(p, middle) > 0
    if inner == 1 and _at(p, low) and _at(p, high):
        return _at(p, low) > 0 and _at(p, high) > 0
    return depth < 200 and all(_nonnegative(p, chain, a, b, depth + 1) for a, b in ((low, middle), (middle, high)))


def _sturm_chain(p: list[Fraction]) -> list[list[Fraction]]:
    """Sturm's sequence of the square-free part of p, coefficients from the constant one up."""
    common, rest = p, _slope(p)
    while rest:
        common, rest = rest, _divided(common, rest)[1]
    q = _divided(p, common)[0]
    chain = [q, _slope(q)]
    while len(chain[-1]) > 1:
        chain.append([-c for c in _divided(chain[-2], chain[-1])[1]])
    return chain


def _slope(p: list[Fraction]) -> list[Fraction]:
    return [n * c for n, c in enumerate(p)][1:]


def _divided(p: list[Fraction], q: list[Fraction]) -> tuple[list[Fraction], list[Fraction]]:
    """Quotient and remainder, without leading zeros."""
    rest, quotient = list(p), [Fraction(0)] * max(1, len(p) - len(q) + 1)
    while len(rest) >= len(q):
        shift, scale = len(rest) - len(q), rest[-1] / q[-1]
        quotient[shift] = scale
        rest = [c - scale * q[n - shift] if n >= shift else c for n, c in enumerate(rest)][:-1]
    while rest and not rest[-1]:
        rest.pop()
    return quotient, rest


def _at(p: list[Fraction], x: Fraction) -> Fraction:
    return sum((c * x**n for n, c in enumerate(p)), Fraction(0))


def _changes(chain: list[list[Fraction]], x: Fraction) -> int:
    """Sign changes of the chain at x, zeros skipped; differences count distinct roots in half-open (low, high]."""
    values = [v for v in (_at(p, x) for p in chain) if v]
    return sum(a * b < 0 for a, b in itertools.pairwise(values))


def _covered(branch: Branch, tree: Any, weak: bool) -> bool:
    domain = intervals(branch)
    goals = {s.name for key, f in branch.factors.items() if key.startswith("neg:") for s in f.expr.free_symbols}
    box = {v: _ends(domain[v]) for v in domain if v in goals}
    rows = [(key, expanded(f.expr)) for key, f in branch.factors.items()]
    rows = [(key, p) for key, p in rows if all(v in box for monomial in p for v, _ in monomial)]
    words = iter(tree)

    def settled(part: dict[str, Any], left: int) -> bool:
        word = next(words, None)
        if isinstance(word, str) and word in part and left:
            low, high = part[word]
            halves = ((low, (low + high) / 2), ((low + high) / 2, high))
            return all(settled({**part, word: half}, left - 1) for half in halves)
        return word == "." and any(
            all(c < 0 or (weak and key.startswith("neg:") and c == 0) for c in coefficients(p, part)) for key, p in rows
        )

    return all(None not in ends for ends in box.values()) and settled(box, 60) and next(words, None) is None


def coefficients(p: Polynomial, box: Mapping[str, tuple[Fraction, Fraction]]) -> Iterator[Fraction]:
    """Bernstein coefficients of a polynomial on a box, of the degrees it has in each variable."""
    moved: Polynomial = {}
    for monomial, coefficient in p.items():
        product: Polynomial = {(): coefficient}
        for name, exponent in monomial:
            low, high = box[name]
            line: Polynomial = plus({(): low} if low else {}, {((name, 1),): high - low} if high != low else {})
            product = times(product, power(line, exponent))
        moved = plus(moved, product)
    rows = [(dict(monomial), coefficient) for monomial, coefficient in moved.items()]
    degrees = {name: max((m.get(name, 0) for m, _ in rows), default=0) for name in box}
    for index in itertools.product(*(range(d + 1) for d in degrees.values())):
        total = Fraction(0)
        for exponents, coefficient in rows:
            for i, (name, d) in zip(index, degrees.items(), strict=True):
                n = exponents.get(name, 0)
                coefficient *= Fraction(math.comb(i, n), math.comb(d, n))
            total += coefficient
        yield total
