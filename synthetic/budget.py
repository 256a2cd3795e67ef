"""A limit of processor time for searches that need not end."""

from __future__ import annotations

import time
from dataclasses import dataclass

from synthetic.brackets import Unknown

__all__ = ["Budget"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """``seconds`` of processor time of this process, counted from ``started``; asked for at every step of a search."""

    seconds: float
    started: float

    @classmethod
    def of(cls, seconds: float) -> Budget:
        """A budget that starts now."""
        return cls(seconds=seconds, started=time.process_time())

    def check(self, open_part: str) -> None:
        """Raise Unknown, with the part that is open, when the time is used up."""
        if time.process_time() - self.started > self.seconds:
            raise Unknown(f"ball arithmetic used up its {self.seconds:g} s of processor time; {open_part}")
