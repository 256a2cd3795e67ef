"""Experiments: landscapes with stated smoothness constants, gradient oracles and the batched solver."""

from __future__ import annotations

from synthetic.landscape import Landscape as Landscape
from synthetic.landscape import StatedSmoothness as StatedSmoothness
from synthetic.landscape import Status as SmoothnessStatus
from synthetic.landscapes import LANDSCAPES as LANDSCAPES
from synthetic.landscapes import landscape_named as landscape_named
from synthetic.oracles import EXACT as EXACT
from synthetic.oracles import ORACLES as ORACLES
from synthetic.oracles import Oracle as Oracle
from synthetic.oracles import oracle_named as oracle_named
from synthetic.solve import Runs as Runs
from synthetic.solve import Status as RunStatus
from synthetic.solve import Trace as Trace
from synthetic.solve import solve as solve

__all__ = [
    "EXACT",
    "LANDSCAPES",
    "ORACLES",
    "Landscape",
    "Oracle",
    "RunStatus",
    "Runs",
    "SmoothnessStatus",
    "StatedSmoothness",
    "Trace",
    "landscape_named",
    "oracle_named",
    "solve",
]
