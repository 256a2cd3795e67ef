"""The ways in which the toolkit says no."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["FalseClaim", "InputError", "NoStepNeeded", "unknown_name"]


class InputError(ValueError):
    """Bad input: the message is one sentence with what was wrong, the value, and what is allowed."""


class NoStepNeeded(InputError):
    """The accuracy asked for holds at every admissible starting point, so there is nothing to bound."""


class FalseClaim(InputError):
    """A claim in the input was refuted; the message names the claim and the point at which it fails."""


def unknown_name(kind: str, name: str, known: Iterable[str]) -> InputError:
    """The error for a name that is in no registry, with the nearest names that are."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.4)
    hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(names)}."
    return InputError(f"unknown {kind} {name!r}; {hint}")
