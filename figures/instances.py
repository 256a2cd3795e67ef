r"""One run that can be written down and run again: a landscape of dimension one, a method, a start and a noise law.

Noise is two-valued and acts along the gradient: with s = sign of F'(x) (+1 where it vanishes) the method sees
F'(x) + s v, where v is ``high`` with probability ``share`` and ``low`` otherwise. The law is unbiased when
share high + (1 - share) low = 0; it is bounded by max(|high|, |low|).
"""

from __future__ import annotations

import dataclasses
import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bounds.errors import InputError
from bounds.methods import MomentumStart, method_named
from bounds.theorem import Criterion
from synthetic.extremal import ExtremalLandscape
from synthetic.landscape import Landscape
from synthetic.landscapes import exponential_bowl, huber
from synthetic.randomness import Streams
from synthetic.step import Stepper, parameter_rows

__all__ = ["SILENT", "Instance", "Law", "measure"]

Float = npt.NDArray[np.float64]
# Stands for "beyond the range of doubles" in files, which know no infinity.
_HUGE = 1e300


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """A two-valued noise law along the gradient, units F/X (module docstring)."""

    high: float
    low: float
    share: float

    def scaled(self, factor: float) -> Law:
        """The law of ``factor`` times this noise."""
        return Law(high=factor * self.high, low=factor * self.low, share=self.share)


SILENT = Law(high=0.0, low=0.0, share=0.5)
"""No noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A run and what a theorem says about it.

    Attributes
    ----------
    landscape : ``{"family": "huber", "L0", "slope"}``, ``{"family": "exponential-bowl", "L0", "L1"}`` or the JSON form
        of an extremal landscape under ``{"family": "extremal"}``.
    start : x_0, units X.
    buffer : m_0, "gradient", "zero" or a number (units F/X).
    steps : T, the number of inspected points x_first, ..., x_(first + T - 1).
    promised : what the theorem promises for the criterion, units F/X.
    runs, seed : independent runs behind the expectation, and the seed of their noise.
    """

    theorem: str
    dropped: str | None
    landscape: dict[str, Any]
    start: float
    method: str
    parameters: dict[str, float]
    buffer: str | float
    law: Law
    criterion: str
    first: int
    steps: int
    promised: float
    runs: int
    seed: int

    def to_json(self) -> str:
        """All data as one JSON object; doubles survive the round trip, an infinite step parameter is null."""
        record = dataclasses.asdict(self)
        record["parameters"] = {k: v if math.isfinite(v) else None for k, v in self.parameters.items()}
        return json.dumps(record, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Instance:
        """The instance written by :meth:`to_json`.

        Raises
        ------
        InputError : not such a text.
        """
        try:
            record = json.loads(text)
            record["law"] = Law(**record["law"])
            record["parameters"] = {k: math.inf if v is None else float(v) for k, v in record["parameters"].items()}
            made = cls(**record)
            made.place()
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise InputError(f"the text is not a saved instance ({type(error).__name__}).") from None
        return made

    def place(self) -> Landscape | ExtremalLandscape:
        """The landscape itself."""
        data = dict(self.landscape)
        family = data.pop("family")
        if family == "extremal":
            return ExtremalLandscape.from_json(json.dumps(data))
        if family == "huber":
            return huber(**data)
        if family == "exponential-bowl":
            return exponential_bowl(**data)
        raise InputError(f"landscape family {family!r} is unknown; known: huber, exponential-bowl, extremal.")


def measure(instance: Instance) -> tuple[float, float]:
    """Criterion over promise, and the standard error of this quotient (0 without noise).

    With noise the criterion is about expectations: the mean over runs of G_t (of G_t^2 for mean squares) is averaged
    over t, or minimised over t. Overflow counts as 1e300.
    """
    place, method, noisy = instance.place(), method_named(instance.method), instance.law != SILENT
    batch = instance.runs if noisy else 1
    stepper = Stepper(method=method, rows=parameter_rows(method, instance.parameters, batch), dimension=1)
    streams = Streams(instance.seed, np.arange(batch))
    x, m = np.full((batch, 1), instance.start), np.zeros((batch, 1))
    total, least = np.zeros(batch), math.inf
    squared = instance.criterion == Criterion.MEAN_SQUARED.value
    with np.errstate(all="ignore"):
        for t in range(instance.steps + instance.first):
            g = place.gradient(x)
            if not (np.isfinite(g).all() and np.isfinite(x).all()):
                return _HUGE, 0.0
            if t >= instance.first:
                size = g[:, 0] ** 2 if squared else np.abs(g[:, 0])
                total += size
                least = min(least, float(size.mean()))
            if t == 0:
                m = _buffer(instance.buffer, g)
            seen = g + _noise(instance.law, g, streams, t) if noisy else g
            x, m = stepper(x, m, seen)
    means = total / instance.steps
    level = least if instance.criterion == Criterion.MIN.value else float(means.mean())
    spread = float(means.std(ddof=1)) / math.sqrt(batch) if batch > 1 else 0.0
    promised = instance.promised**2 if squared else instance.promised
    return min(level / promised, _HUGE), min(spread / promised, _HUGE)


def _buffer(start: str | float, gradient: Float) -> Float:
    if isinstance(start, str):
        return gradient if MomentumStart(start) is MomentumStart.GRADIENT else np.zeros_like(gradient)
    return np.full_like(gradient, start)


def _noise(law: Law, gradient: Float, streams: Streams, iteration: int) -> Float:
    drawn = np.where(streams.uniforms(iteration, 1) < law.share, law.high, law.low)
    return np.where(gradient < 0, -1.0, 1.0) * drawn
