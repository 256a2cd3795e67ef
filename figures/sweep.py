"""What a comparison runs over: one landscape and many accuracies, or a family of landscapes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bounds.errors import InputError
from bounds.quantities import Number, quantity
from synthetic.landscape import Landscape

__all__ = ["Setting", "Sweep", "over_L1", "over_delta", "over_epsilon"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One point of a sweep: a landscape, where to start, and the target gradient norm (units F/X)."""

    landscape: Landscape
    start: tuple[float, ...]
    epsilon: Number
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Settings along one axis.

    Attributes
    ----------
    axis : name of the swept quantity: ``epsilon``, ``L1`` or ``Delta``.
    """

    name: str
    axis: str
    settings: tuple[Setting, ...]

    def __post_init__(self) -> None:
        if not self.settings:
            raise InputError(f"the sweep over {self.axis} for {self.name!r} is empty: give at least one value.")

    @property
    def values(self) -> tuple[float, ...]:
        """The swept values."""
        return tuple(s.value for s in self.settings)


def over_epsilon(landscape: Landscape, epsilons: Sequence[Number]) -> Sweep:
    """One landscape from its default start, one run per target gradient norm."""
    return Sweep(
        name=landscape.key,
        axis="epsilon",
        settings=tuple(
            Setting(
                landscape=landscape,
                start=landscape.start,
                epsilon=epsilon,
                value=float(quantity("epsilon").validate(epsilon)),
            )
            for epsilon in epsilons
        ),
    )


def over_L1(
    family: Callable[[Number], tuple[Landscape, tuple[float, ...]]], values: Sequence[Number], epsilon: Number
) -> Sweep:
    """A family of landscapes indexed by L1; ``family(L1)`` gives the landscape and its start."""
    settings = []
    for value in values:
        landscape, start = family(value)
        settings.append(
            Setting(landscape=landscape, start=start, epsilon=epsilon, value=float(quantity("L1").validate(value)))
        )
    return Sweep(name=settings[0].landscape.key if settings else "L1", axis="L1", settings=tuple(settings))


def over_delta(landscape: Landscape, starts: Sequence[tuple[float, ...]], epsilon: Number) -> Sweep:
    """One landscape from several starts; the swept value is the gap F(start) - inf F."""
    import numpy as np

    gaps = landscape.gap(np.array(starts, dtype=float))
    return Sweep(
        name=landscape.key,
        axis="Delta",
        settings=tuple(
            Setting(landscape=landscape, start=tuple(start), epsilon=epsilon, value=float(gap))
            for start, gap in zip(starts, gaps, strict=True)
        ),
    )
