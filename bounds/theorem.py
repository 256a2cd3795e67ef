"""The theorem record: a bound as data that checks itself on construction."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from bounds.dimensions import DimensionError, dimension_of
from bounds.methods import METHODS, CatalogueMethod, Method, MomentumStart
from bounds.quantities import DIMENSIONLESS, QUANTITIES, quantity
from bounds.smoothness import POINTWISE, Noise, SmoothnessClass
from bounds.symbols import epsilon, epsilon_F

__all__ = ["Criterion", "Kind", "Limit", "Provenance", "Relation", "Requirement", "Source", "Theorem"]


class Kind(enum.Enum):
    """Whether a record promises success after T iterations, or failure before."""

    UPPER = "upper"
    LOWER = "lower"


class Criterion(enum.Enum):
    """What is made small; G_t is the norm of the true gradient at iterate t, expectations where there is noise."""

    # Strongest first among the gradient norms; a function value is a goal of its own.

    MEAN_SQUARED = "mean-squared"
    """(1/T) sum G_t^2 <= eps^2."""
    MEAN = "mean"
    """(1/T) sum G_t <= eps."""
    MIN = "min"
    """min G_t <= eps."""
    VALUE = "value"
    """min F(x_t) - inf F <= eps_F."""

    def implies(self, other: Criterion) -> bool:
        """mean of squares => mean (Jensen) => min; a small gap says something about the gap only."""
        if Criterion.VALUE in (self, other):
            return self is other
        order = list(Criterion)
        return order.index(self) <= order.index(other)

    @property
    def target(self) -> Any:
        """The symbol of the accuracy asked for: a gradient norm, or a gap for :attr:`VALUE`."""
        return epsilon_F if self is Criterion.VALUE else epsilon

    @property
    def phrase(self) -> str:
        """What is made small, in words."""
        return "gap F(x) - inf F" if self is Criterion.VALUE else f"{self.value} gradient norm"


class Provenance(enum.Enum):
    """How we know a statement, strongest first; shown wherever its number is shown."""

    PROVED_HERE = "proved here"
    QUOTED = "quoted"
    AUTHOR = "author's slides"
    RESTATED = "restated"
    RECALLED = "recalled"

    @property
    def phrase(self) -> str:
        """One sentence for reports."""
        return {
            Provenance.PROVED_HERE: "Our proof is written out in this repository's documentation.",
            Provenance.QUOTED: "Read in the paper itself.",
            Provenance.AUTHOR: "As printed in an author's slides or poster; the paper itself was not consulted.",
            Provenance.RESTATED: "Taken from another text that states it; the paper itself was not consulted.",
            Provenance.RECALLED: "From memory: check the constants against the paper before citing a number.",
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a statement comes from."""

    authors: str
    year: int
    title: str
    venue: str
    locator: str
    arxiv: str | None = None

    def __str__(self) -> str:
        return f"{self.authors} ({self.year}), {self.locator}" + (f", arXiv {self.arxiv}" if self.arxiv else "")


class Relation(enum.Enum):
    """The relation of a requirement."""

    AT_MOST = "<="
    LESS = "<"
    AT_LEAST = ">="
    EQUAL = "="

    def holds(self, order: int) -> bool:
        """Whether the relation holds when left - right has this sign."""
        return {
            Relation.AT_MOST: order <= 0,
            Relation.LESS: order < 0,
            Relation.AT_LEAST: order >= 0,
            Relation.EQUAL: order == 0,
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A condition ``left relation right`` of a theorem; both sides are kept, so that a refusal can show them."""

    left: Any
    relation: Relation
    right: Any
    why: str

    def __str__(self) -> str:
        return f"{self.left} {self.relation.value} {self.right}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A limit that a record declares: its iteration count with recommended parameters tends to ``value``."""

    symbol: Any
    to: int
    value: Any
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Theorem:
    """A bound on the number of iterations.

    An upper bound says: for every function of class ``smoothness`` with inf F > -inf and F(x0) - inf F <= Delta,
    every oracle of kind ``noise`` and every integer T >= ``iterations``, the method with parameters that satisfy
    ``requires`` has ``criterion`` at most ``guarantee``. A lower bound says: for some such function every listed
    method needs T >= ``iterations``. T counts the points x_first, ..., x_(first + T - 1).

    Attributes
    ----------
    iterations : dimensionless expression in the declared symbols.
    guarantee : the value that is reached, as a multiple of the target (printed statements bound 2 eps or 3 eps).
    methods : the methods covered; a lower bound holds for each of them.
    convex : upper bounds need a convex F that attains its minimum; lower bounds have a convex hard instance.
    parameters : recommended values of the method's parameters, in order; later ones may use earlier ones.
    requires : conditions under which the statement holds.
    assumes : hypotheses in words that no formula can check.
    dimension : the only dimension the statement covers, or None for every dimension.
    least_dimension : the hard instance needs at least this many coordinates (an expression), or None.
    order_only : only the order of growth is known, so no count is ever given.
    scope : for lower bounds, the class of methods in words.

    Raises
    ------
    ValueError : a symbol is undeclared, units do not match, or a parameter depends on a later one.
    """

    key: str
    title: str
    kind: Kind
    criterion: Criterion
    iterations: Any
    methods: tuple[Method | CatalogueMethod, ...]
    source: Source
    provenance: Provenance
    note: str
    smoothness: SmoothnessClass = POINTWISE
    noise: Noise = Noise.EXACT
    convex: bool = False
    guarantee: Any = epsilon
    first: int = 0
    parameters: tuple[tuple[Any, Any], ...] = ()
    requires: tuple[Requirement, ...] = ()
    assumes: tuple[str, ...] = ()
    momentum_start: tuple[MomentumStart, ...] = (MomentumStart.GRADIENT,)
    dimension: int | None = None
    least_dimension: Any = None
    order_only: bool = False
    scope: str = ""
    proof: str | None = None
    limits: tuple[Limit, ...] = ()

    def __post_init__(self) -> None:
        try:
            self._check_units()
        except DimensionError as error:
            raise ValueError(f"theorem {self.key}: {error}") from None
        self._check_parameters()
        if self.first not in (0, 1):
            raise ValueError(f"theorem {self.key}: the first counted iterate is 0 or 1, not {self.first}")
        if (self.kind is Kind.LOWER) == (not self.scope):
            raise ValueError(f"theorem {self.key}: exactly the lower bounds name the scope of methods they cover")
        if (self.provenance is Provenance.PROVED_HERE) != (self.proof is not None):
            raise ValueError(f"theorem {self.key}: exactly the statements proved here point to a proof")
        target = self.criterion.target
        if not (self.guarantee / target).is_number:
            raise ValueError(f"theorem {self.key}: the guarantee must be a multiple of {target}")

    def _check_units(self) -> None:
        wanted = quantity(self.criterion.target.name).dimension
        kind = "gap" if self.criterion is Criterion.VALUE else "gradient norm"
        if dimension_of(self.guarantee) != wanted:
            raise DimensionError(f"guarantee {self.guarantee} is not a {kind} ({wanted})")
        for name, count in (("iterations", self.iterations), ("hard-instance coordinates", self.least_dimension)):
            if count is not None and (found := dimension_of(count)) not in (DIMENSIONLESS, None):
                raise DimensionError(f"{name} have units {found}")
        for condition in self.requires:
            left, right = dimension_of(condition.left), dimension_of(condition.right)
            if left is not None and right is not None and left != right:
                raise DimensionError(f"requirement {condition} compares units {left} with {right}")
        for symbol, value in self.parameters:
            if dimension_of(value) not in (dimension_of(symbol), None):
                raise DimensionError(f"parameter {symbol} = {value} has units {dimension_of(value)}")

    def _check_parameters(self) -> None:
        declared = {q.symbol for q in QUANTITIES}
        names = [symbol for symbol, _ in self.parameters]
        for position, (symbol, value) in enumerate(self.parameters):
            if late := value.free_symbols & set(names[position:]):
                raise ValueError(f"theorem {self.key}: {symbol} is recommended in terms of {sorted(map(str, late))}")
        known_names = {str(s) for s in names}
        needed = {"eta", "gamma", "beta", "nu"} & {str(s) for s in self.symbols}
        if self.kind is Kind.UPPER and (missing := needed - known_names):
            raise ValueError(f"theorem {self.key}: no recommended value for {sorted(missing)}")
        if unknown := self.symbols - declared:
            raise ValueError(f"theorem {self.key}: undeclared symbols {sorted(map(str, unknown))}")

    @property
    def symbols(self) -> frozenset[Any]:
        """All symbols of the statement."""
        found: set[Any] = set(self.iterations.free_symbols) | {s for s, _ in self.parameters}
        for _, value in self.parameters:
            found |= value.free_symbols
        for condition in self.requires:
            found |= condition.left.free_symbols | condition.right.free_symbols
        return frozenset(found)

    @property
    def complexity(self) -> Any:
        """``iterations`` with the recommended parameters inserted."""
        expr = self.iterations
        for symbol, value in reversed(self.parameters):
            expr = expr.xreplace({symbol: value})
        return expr

    @property
    def covers_every_method(self) -> bool:
        """Whether every method of the family is covered: a statement about a class, not about one method."""
        return self.methods[: len(METHODS)] == METHODS

    @property
    def points(self) -> str:
        """The counted iterates in words."""
        return f"t = {self.first}..{'T' if self.first else 'T-1'}"

    @property
    def statement(self) -> str:
        """The criterion in words, e.g. ``mean of ||grad F(x_t)|| over t = 0..T-1 <= eps``."""
        what = {
            Criterion.MEAN: "mean of {e}||grad F(x_t)||",
            Criterion.MIN: "min of {e}||grad F(x_t)||",
            Criterion.MEAN_SQUARED: "mean of {e}||grad F(x_t)||^2",
            Criterion.VALUE: "value, min of {e}F(x_t) - inf F",
        }[self.criterion].format(e="" if self.noise is Noise.EXACT else "E ")
        goal = self.guarantee if self.criterion is not Criterion.MEAN_SQUARED else self.guarantee**2
        text = str(goal).replace("epsilon", "eps").replace("**", "^")
        return f"{what} over {self.points} <= {text}"
