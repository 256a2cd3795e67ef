"""Dictionaries of products for the search: graded monomials, products of hypotheses, squares."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from bounds.proofs.gradings import Dense, gradings, quotient
from bounds.proofs.linear import Column, Number, Terms, combination, pruned
from bounds.proofs.monomials import (
    BITS,
    Coded,
    Grade,
    Level,
    Multiple,
    Part,
    Product,
    encode,
    encoded,
    lowered,
    multiplied,
    negations,
    shifted,
    value_at,
)
from bounds.proofs.points import tight_points
from bounds.proofs.polynomials import Monomial, Polynomial, expanded, plus, times
from bounds.proofs.record import Case, Term
from bounds.proofs.system import Branch

__all__ = ["Problem"]


class Problem:
    """A branch prepared for the search."""

    def __init__(self, branch: Branch) -> None:
        self._branch = branch
        self._names = list(branch.variables)
        self._signed = [n for n, v in enumerate(self._names) if v in branch.factors]
        self._strict = {n for n, v in enumerate(self._names) if branch.variables[v] == "pos"}
        factors = {k: self._dense(expanded(f.expr)) for k, f in branch.factors.items() if k not in branch.variables}
        factors = {key: terms for key, terms in factors.items() if terms}
        equalities = {key: self._dense(expanded(e)) for key, e in branch.equalities.items()}
        equalities = {key: terms for key, terms in equalities.items() if terms}
        self._removed = self._take_out(factors)
        self._factors, self._dense_equalities = factors, list(equalities.values())
        self.goal = None if branch.goal is None else self._dense(expanded(branch.goal))
        extra = [self.goal] if self.goal else []
        self._weights = gradings([*factors.values(), *self._dense_equalities, *extra], len(self._names))
        self._equalities = {key: (encoded(p), self._grade_of(next(iter(p)))) for key, p in equalities.items()}
        self._parts = [
            Part((k,), encoded(p), branch.factors[k].strict, int(k.startswith("neg:")), self._grade_of(next(iter(p))))
            for k, p in factors.items()
        ]
        self._tables: dict[tuple[int, bool], dict[Grade, list[Coded]]] = {}
        self._tight: list[tuple[Fraction, ...]] | None = None

    def _dense(self, polynomial: Polynomial) -> Dense:
        index = {name: n for n, name in enumerate(self._names)}
        result = {}
        for monomial, coefficient in polynomial.items():
            exponents = [0] * len(self._names)
            for name, exponent in monomial:
                exponents[index[name]] = exponent
            result[tuple(exponents)] = coefficient
        return result

    def _take_out(self, factors: dict[str, Dense]) -> tuple[str, ...]:
        """Divide the only negated goal by every factor that divides it; the keys of these factors."""
        negated = [key for key in factors if key.startswith("neg:")]
        if len(negated) != 1:
            return ()
        terms, removed = factors[negated[0]], []
        for n in self._signed:
            common = min(m[n] for m in terms)
            removed += [self._names[n]] * common
            terms = {(*m[:n], m[n] - common, *m[n + 1 :]): c for m, c in terms.items()}
        for key, divisor in factors.items():
            while key not in negated and len(divisor) > 1 and (shorter := quotient(terms, divisor)) is not None:
                terms = shorter
                removed.append(key)
        factors[negated[0]] = terms
        return tuple(removed)

    def _grade_of(self, exponents: Iterable[int]) -> Grade:
        return tuple(sum(w * e for w, e in zip(weight, exponents, strict=True)) for weight in self._weights)

    def _by_grade(self, degree: int, *, signed: bool) -> dict[Grade, list[Coded]]:
        """Monomials up to a degree, in the signed variables or in all, by grade."""
        if (degree, signed) not in self._tables:
            table: dict[Grade, list[Coded]] = {}
            for exponents in self._up_to(degree, self._signed if signed else range(len(self._names))):
                coded = Coded(exponents, encode(exponents), sum(exponents))
                table.setdefault(self._grade_of(exponents), []).append(coded)
            self._tables[degree, signed] = table
        return self._tables[degree, signed]

    def _up_to(self, degree: int, places: Sequence[int]) -> Iterator[tuple[int, ...]]:
        for size in range(degree + 1):
            for chosen in itertools.combinations_with_replacement(places, size):
                exponents = [0] * len(self._names)
                for n in chosen:
                    exponents[n] += 1
                yield tuple(exponents)

    def _products(self, most: int) -> list[Part]:
        unit = Part((), {0: 1}, True, 0, (0,) * len(self._weights))
        layer, found = [(0, unit)], [unit]
        for _ in range(most):
            layer = [
                (
                    n,
                    Part(
                        (*part.keys, *other.keys),
                        multiplied(part.terms, other.terms),
                        part.strict and other.strict,
                        part.negated + other.negated,
                        tuple(map(int.__add__, part.grade, other.grade)),
                    ),
                )
                for start, part in layer
                for n, other in enumerate(self._parts[start:], start=start)
                if part.negated + other.negated <= 2
            ]
            found += [part for _, part in layer]
        return found

    def programs(self, level: Level) -> Iterator[list[Column]]:
        """The columns of one linear program per grade that has an anchor, lowest anchors first."""
        degree, anchor, most = level.degree, level.anchor, level.most
        if math.comb(len(self._parts) + level.hypotheses, level.hypotheses) > most:
            return
        parts = self._products(level.hypotheses)
        table = self._by_grade(degree, signed=True)
        # Without a negated goal in the strict product the hypotheses alone would have to be contradictory.
        need = any(p.negated and p.strict for p in self._parts)
        anchors: dict[Grade, int] = {}
        for part in parts:
            if part.strict and bool(part.negated) == need:
                for monomial in self._up_to(anchor, sorted(self._strict)):
                    grade = tuple(map(int.__add__, part.grade, self._grade_of(monomial)))
                    anchors[grade] = min(anchors.get(grade, 99), sum(monomial) + 2 * len(part.keys))
        for grade in sorted(anchors, key=lambda g: (anchors[g], g)):
            columns = [
                self._column(part, monomial, need, anchor)
                for part in parts
                for monomial in table.get(lowered(grade, part.grade), ())
            ]
            columns += self._multiples(grade, degree + 1)
            if level.squares and len(columns) < most:
                columns += self._squares(grade, parts, tight=level.squares > 1)
            if len(columns) <= most:
                yield columns

    def _column(self, part: Part, monomial: Coded, need: bool, anchor: int) -> Column:
        strict = part.strict and all(n in self._strict for n, e in enumerate(monomial.exponents) if e)
        return Column(
            name=Product(monomial.exponents, part.keys),
            terms=shifted(part.terms, monomial.code),
            cost=1 + 0.2 * monomial.degree + 0.6 * len(part.keys) + 0.5 * part.negated,
            anchor=strict and bool(part.negated) == need and monomial.degree <= anchor,
        )

    def _multiples(self, grade: Grade, degree: int) -> Iterator[Column]:
        for key, (terms, own) in self._equalities.items():
            for monomial in self._by_grade(degree, signed=False).get(lowered(grade, own), ()):
                yield Column(
                    name=Multiple(monomial.exponents, key),
                    terms=shifted(terms, monomial.code),
                    cost=1.5 + 0.2 * monomial.degree,
                    signed=True,
                )

    def _squares(self, grade: Grade, parts: Sequence[Part], *, tight: bool) -> Iterator[Column]:
        table = self._by_grade(2, signed=True)
        small = [part for part in parts if len(part.keys) <= 1]
        for own, form in self._forms(tight=tight):
            square = multiplied(form, form)
            for part in small:
                wanted = lowered(grade, tuple(a + 2 * b for a, b in zip(part.grade, own, strict=True)))
                product = multiplied(square, part.terms) if wanted in table else {}
                for monomial in table.get(wanted, ()):
                    yield Column(
                        name=Product(monomial.exponents, part.keys, tuple(form.items())),
                        terms=shifted(product, monomial.code),
                        cost=2.5 + 0.2 * monomial.degree + 0.6 * len(part.keys),
                    )

    def _forms(self, *, tight: bool) -> Iterator[tuple[Grade, Terms]]:
        """Polynomials worth squaring, with their grades: free monomials and binomials of equal grade."""
        degree = 2 if len(self._weights) >= len(self._names) - 3 else 1
        free = [n for n in range(len(self._names)) if n not in self._signed]
        for grade, monomials in self._by_grade(degree, signed=False).items():
            for x in monomials:
                if any(x.exponents[n] for n in free):
                    yield grade, {x.code: 1}
            for x, y in itertools.combinations(monomials, 2):
                # A common factor of the two is left to the multiplier.
                if any(x.exponents[n] and y.exponents[n] for n in self._signed):
                    continue
                pairs: set[tuple[Number, Number]] = {(1, -1), (1, -2), (2, -1)}
                if len(self._names) <= 2:
                    pairs |= {(1, -3), (3, -1), (2, -3), (3, -2)}
                if any(x.exponents[n] or y.exponents[n] for n in free):
                    pairs |= {(1, 1), (1, 2), (2, 1)}
                if tight:
                    pairs |= set(self._tight_pairs(x.exponents, y.exponents))
                yield from ((grade, {x.code: a, y.code: b}) for a, b in sorted(pairs))
        if tight and not self._weights and len(self._names) <= 3:
            yield from (((), form) for form in self._tight_forms())

    def _tight_forms(self) -> Iterator[Terms]:
        """Affine forms in two variables, with small whole coefficients, that vanish where the goal does."""
        for v, w in itertools.combinations(range(len(self._names)), 2):
            codes = (0, 1 << (BITS * v), 1 << (BITS * w))
            for c, a, b in itertools.product((-2, -1, 1, 2), (1, 2), (-2, -1, 1, 2)):
                if math.gcd(a, b, c) == 1 and any(c + a * p[v] + b * p[w] == 0 for p in self._tight_points()):
                    yield dict(zip(codes, (c, a, b), strict=True))

    def _tight_pairs(self, x: Sequence[int], y: Sequence[int]) -> Iterator[tuple[Number, Number]]:
        """Coefficients that make a x + b y vanish at a point where the goal does."""
        for point in self._tight_points():
            a, b = (value_at(monomial, point) for monomial in (x, y))
            if a and b:
                yield b / abs(a), -a / abs(a)

    def _tight_points(self) -> list[tuple[Fraction, ...]]:
        if self._tight is None:
            self._tight = self._find_tight()
        return self._tight

    def _find_tight(self) -> list[tuple[Fraction, ...]]:
        goals = [p for key, p in self._factors.items() if key.startswith("neg:")]
        if len(goals) != 1:
            return []
        goal = {m: -c for m, c in goals[0].items()}
        hypotheses = [p for key, p in self._factors.items() if not key.startswith("neg:")]
        return tight_points(goal, hypotheses, self._dense_equalities, self._signed)

    def case(self, combination: Iterable[tuple[Column, Fraction]]) -> Case:
        """The combination as a certificate's case, with the factors taken out of the goal multiplied back."""
        pairs = list(combination)
        most = max(negations(column.name) for column, _ in pairs)
        terms: list[Term] = []
        equalities: dict[str, Polynomial] = {}
        for column, value in pairs:
            missing = self._removed * (most - negations(column.name))
            keys = [name for n, name in enumerate(self._names) for _ in range(column.name.monomial[n])]
            if isinstance(column.name, Multiple):
                polynomial: Polynomial = {(): value}
                for key in (*keys, *missing):
                    polynomial = times(polynomial, self._expanded(key))
                row = equalities.get(column.name.equality, {})
                equalities[column.name.equality] = plus(row, polynomial)
            else:
                square = {self._named(m): Fraction(c) for m, c in column.name.square}
                terms.append(Term(coefficient=value, factors=(*keys, *column.name.factors, *missing), square=square))
        # The multiple of the goal first, then by length: the order in which one reads the identity.
        terms.sort(key=lambda t: (not any(k.startswith("neg:") for k in t.factors), bool(t.square), len(t.factors)))
        return Case(terms=tuple(terms), equalities={key: p for key, p in equalities.items() if p})

    def _expanded(self, key: str) -> Polynomial:
        factor = self._branch.factors.get(key)
        return expanded(factor.expr) if factor else {((key, 1),): Fraction(1)}

    def equality(self, degree: int) -> Case | None:
        """For a goal that is to vanish: it as a combination of the equalities, or None."""
        if not self.goal:
            return Case(terms=(Term(coefficient=Fraction(1), factors=()),))
        goal, own = encoded(self.goal), self._grade_of(next(iter(self.goal)))
        for monomials in self._by_grade(min(degree, 2), signed=True).values():
            for monomial in monomials:
                if all(n in self._strict for n, e in enumerate(monomial.exponents) if e):
                    anchor = Column(
                        name=Product(monomial.exponents, ()), terms=shifted(goal, monomial.code), cost=1, anchor=True
                    )
                    grade = tuple(map(int.__add__, own, self._grade_of(monomial.exponents)))
                    columns = pruned([anchor, *self._multiples(grade, degree)])
                    exact = combination(columns, tries=4) if columns else None
                    if exact is not None:
                        return self.case(exact)
        return None

    def _named(self, code: int) -> Monomial:
        exponents = [(name, code >> (BITS * n) & (1 << BITS) - 1) for n, name in enumerate(self._names)]
        return tuple(sorted((name, e) for name, e in exponents if e))
