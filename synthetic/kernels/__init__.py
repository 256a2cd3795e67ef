"""Compiled kernels for whole batches of runs (extra ``fast``), generated from the expressions of the numpy path."""

from __future__ import annotations

from synthetic.kernels.launching import Batch as Batch
from synthetic.kernels.launching import available as available
from synthetic.kernels.launching import launch as launch
from synthetic.kernels.launching import refusal as refusal
from synthetic.kernels.launching import usable_cpus as usable_cpus
from synthetic.kernels.launching import worthwhile as worthwhile
from synthetic.kernels.source import Variant as Variant

__all__ = ["Batch", "Variant", "available", "launch", "refusal", "usable_cpus", "worthwhile"]
