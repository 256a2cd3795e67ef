r"""A grid of runs as data: landscapes x settings of methods x noise levels x accuracies x seeds.

The noise of a run is a function of the grid's seed, the run's own entry in ``seeds``, and the iteration, and of nothing
else: the same entry gives common random numbers across the grid, and enlarging a grid changes no run that was in it.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import numpy as np
import numpy.typing as npt

from bounds.errors import InputError
from bounds.quantities import Number, quantity
from synthetic.expressions import subject
from synthetic.landscape import Landscape
from synthetic.oracles import EXACT, Oracle, oracle_named
from synthetic.runs import Backend, Criterion
from synthetic.schemes import Scheme, Setting, distinct, value_of
from synthetic.step import parameter_rows

__all__ = ["Grid", "Place", "Stop"]

Float = npt.NDArray[np.float64]
Stop = Literal["each", "together"]

_MOST_RUNS: Final = 20_000_000
_MOST_POINTS: Final = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A landscape and a starting point.

    Attributes
    ----------
    function : name of a shipped landscape, or an expression such as ``"x**4/4 + cosh(2*y)"``.
    name : label in the results; by default the function itself.
    start : starting point, by default that of the landscape.
    L0, L1, infimum : as in :func:`synthetic.expressions.subject`; L0 and L1 are used in formulas only.
    """

    function: str
    name: str = ""
    start: tuple[float, ...] | None = None
    L0: Number | None = None
    L1: Number | None = None
    infimum: Number | None = None

    @property
    def label(self) -> str:
        """How the results call it."""
        return self.name or self.function

    @property
    def landscape(self) -> Landscape:
        """The landscape, built once per process."""
        return _landscape(self)

    @property
    def data(self) -> dict[str, Any]:
        """The JSON object that tells two places apart."""
        optional = {key: None if (v := getattr(self, key)) is None else str(v) for key in ("L0", "L1", "infimum")}
        start = None if self.start is None else list(self.start)
        return {"function": self.function, "name": self.label, "start": start, **optional}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """All combinations of the axes below, and what the runs have in common.

    Attributes
    ----------
    sigmas : noise levels [F/X]; all 0 with the exact oracle.
    epsilons : target gradient norms [F/X].
    seeds : one nonnegative integer per repetition: the run id of :func:`synthetic.solve.solve`.
    seed : seed of all noise.
    stop : with "together", the repetitions of one point of the grid stop when the criterion holds on average.
    criterion, first, max_iterations, oracle : as in :func:`synthetic.solve.solve`.
    cell_runs : most runs in a cell; by default, cells are sized by the work in them.
    backend : of the solver; "auto" is resolved for each landscape and method when the grid is planned.
    """

    places: tuple[Place, ...]
    schemes: tuple[Scheme, ...]
    epsilons: tuple[Number, ...]
    sigmas: tuple[Number, ...] = (0,)
    seeds: tuple[int, ...] | range = (0,)
    seed: int = 0
    oracle: str = EXACT.key
    stop: Stop = "each"
    criterion: Criterion = "mean"
    first: Literal[0, 1] = 0
    max_iterations: int = 1_000_000
    cell_runs: int | None = None
    backend: Backend = "auto"

    def __post_init__(self) -> None:
        for name, value, allowed in (
            ("criterion", self.criterion, get_args(Criterion)),
            ("stop", self.stop, get_args(Stop)),
            ("first", self.first, (0, 1)),
            ("backend", self.backend, get_args(Backend)),
        ):
            if value not in allowed or isinstance(value, bool):
                raise InputError(
                    f"{name} = {value!r} is not allowed: it must be one of {', '.join(map(str, allowed))}."
                )
        for name, count, least, most in (
            ("max_iterations", self.max_iterations, 1, _MOST_POINTS),
            ("seed", self.seed, 0, 2**64 - 1),
            ("cell_runs", 1 if self.cell_runs is None else self.cell_runs, 1, _MOST_RUNS),
            *(("seeds", s, 0, 2**63 - 1) for s in self.seeds),
        ):
            if not isinstance(count, int) or isinstance(count, bool) or not least <= count <= most:
                raise InputError(f"{name} = {count!r} is not allowed: it must be an integer in [{least}, {most}].")
        distinct("epsilons", self.epsilon_values)
        distinct("sigmas", self.sigma_values)
        distinct("seeds", self.seeds)
        # As a range, a million numbers travel to a worker as three.
        listed, counted = tuple(self.seeds), range(len(self.seeds))
        object.__setattr__(self, "seeds", counted if listed == tuple(counted) else listed)
        distinct("landscapes", [p.label for p in self.places])
        distinct("methods", [s.label for s in self.settings])
        if self.law is EXACT and any(self.sigma_values):
            raise InputError(f"sigmas = {max(self.sigma_values):g} is not allowed: the exact oracle has sigma = 0.")
        if self.law is EXACT and len(self.seeds) > 1:
            raise InputError(
                f"{len(self.seeds)} seeds are not allowed: without noise all repetitions are the same run."
            )
        if self.runs > _MOST_RUNS:
            raise InputError(f"the grid has {self.runs:,} runs; at most {_MOST_RUNS:,} fit into one sweep: split it.")

    @property
    def epsilon_values(self) -> tuple[float, ...]:
        """The accuracies as the doubles that are used."""
        return tuple(float(quantity("epsilon").validate(e)) for e in self.epsilons)

    @property
    def sigma_values(self) -> tuple[float, ...]:
        """The noise levels as the doubles that are used."""
        return tuple(float(quantity("sigma").validate(s)) for s in self.sigmas)

    @property
    def law(self) -> Oracle:
        """The gradient oracle."""
        return oracle_named(self.oracle)

    @property
    def settings(self) -> tuple[Setting, ...]:
        """The settings of all schemes in order."""
        return tuple(setting for scheme in self.schemes for setting in scheme.settings)

    @property
    def shape(self) -> tuple[int, int, int, int, int]:
        """Lengths of the axes (landscape, setting, sigma, epsilon, seed); runs are numbered in C order."""
        return (len(self.places), len(self.settings), len(self.sigmas), len(self.epsilons), len(self.seeds))

    @property
    def runs(self) -> int:
        """Number of runs."""
        return int(np.prod(self.shape, dtype=object))

    def parameters(self, place: Place, setting: Setting) -> dict[str, Float]:
        """The parameters of a setting on a landscape, (sigmas, epsilons) each.

        Raises
        ------
        InputError : a formula needs constants that the landscape does not have, or a value outside its range.
        """
        values: dict[str, Float] = {
            "sigma": np.array(self.sigma_values)[:, None],
            "epsilon": np.array(self.epsilon_values)[None, :],
            "Delta": np.array(place.landscape.initial_gap),
        }
        for name in ("L0", "L1") if place.landscape.smoothness else ():
            values[name] = np.array(float(getattr(place.landscape.constants, name)))
        shape = (len(self.sigmas), len(self.epsilons))
        table = {
            name: np.broadcast_to(value_of(name, text, values, place.label), shape).copy()
            for name, text in setting.values
        }
        try:
            parameter_rows(setting.method, {n: t.ravel() for n, t in table.items()}, shape[0] * shape[1])
        except InputError as error:
            raise InputError(f"{setting.label} on {place.label}: {error}") from None
        return table

    @property
    def data(self) -> dict[str, Any]:
        """The JSON object that tells two grids apart: equal data, equal results."""
        return {
            "landscapes": [p.data for p in self.places],
            "methods": [s.data for s in self.schemes],
            "epsilons": list(self.epsilon_values),
            "sigmas": list(self.sigma_values),
            "seeds": len(self.seeds) if isinstance(self.seeds, range) else list(self.seeds),
            **{k: getattr(self, k) for k in ("seed", "oracle", "stop", "criterion", "first", "max_iterations")},
            **{k: getattr(self, k) for k in ("cell_runs", "backend")},
        }


@functools.lru_cache(maxsize=256)
def _landscape(place: Place) -> Landscape:
    return subject(place.function, L0=place.L0, L1=place.L1, infimum=place.infimum, start=place.start)
