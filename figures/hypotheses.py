"""What can be taken away from a theorem, and how a search then chooses step sizes that only this hypothesis forbids."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from bounds.errors import unknown_name
from bounds.methods import Method, MomentumStart
from bounds.smoothness import Noise
from bounds.symbols import sigma
from bounds.theorem import Criterion, Kind, Theorem

__all__ = ["HYPOTHESES", "Hypothesis", "hypothesis_named", "refutable", "relaxed", "removable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """A hypothesis that a search can drop.

    Attributes
    ----------
    reasons : parts of the sentences by which the records explain the requirements that go with it.
    """

    key: str
    meaning: str
    instead: str
    reasons: tuple[str, ...] = ()


HYPOTHESES: tuple[Hypothesis, ...] = (
    Hypothesis(
        key="smoothness",
        meaning="F is (L0, L1)-smooth with the constants that the steps are made for",
        instead="the constants of F are up to 256 times larger",
    ),
    Hypothesis(key="exact-gradients", meaning="gradients are exact", instead="unbiased noise of up to 30 eps"),
    Hypothesis(key="noise-bound", meaning="the noise obeys its bound sigma", instead="noise 64 to 4096 times larger"),
    Hypothesis(key="unbiased", meaning="the noise has mean zero", instead="constant noise of size sigma"),
    Hypothesis(
        key="step-size",
        meaning="the cap on the step size",
        instead="a step size up to 1000 times larger",
        reasons=("step size", "step 1/L", "steps exceed"),
    ),
    Hypothesis(
        key="max-step",
        meaning="the cap on the largest step",
        instead="a largest step 30 to 10000 times longer",
        reasons=("largest step", "may jump", "steps exceed"),
    ),
    Hypothesis(
        key="momentum-factor",
        meaning="the factor 1 - beta in the caps on the steps",
        instead="the steps of beta = 0 with beta up to 0.999",
        reasons=("step size is too large", "largest step is too long"),
    ),
    Hypothesis(
        key="momentum-start",
        meaning="the momentum buffer starts at the gradient",
        instead="any m_0",
    ),
    Hypothesis(
        key="gradient-bound",
        meaning="M bounds the gradient norm",
        instead="an M below the gradient norm at the start",
    ),
    Hypothesis(
        key="threshold",
        meaning="the clip threshold is large enough for the noise",
        instead="a threshold down to a quarter of the noise level",
        reasons=("clip threshold",),
    ),
)
"""Every hypothesis that some theorem can be asked to do without."""

# Where the formula for T stays meaningful without the cap; where it turns negative there is nothing to test.
_CAPPED = {
    "framework-deterministic": ("step-size", "max-step", "momentum-factor"),
    "framework-deterministic-sharp": ("step-size", "max-step", "momentum-factor"),
    "framework-deterministic-slides-first": ("step-size", "max-step", "momentum-factor"),
    "framework-deterministic-slides-proved": ("step-size", "max-step", "momentum-factor"),
    "framework-deterministic-slides": ("step-size", "max-step", "momentum-factor"),
    "soft-clipping-deterministic": ("step-size", "max-step", "momentum-factor"),
    "normalized-gd-one-dimension": ("max-step",),
    "gd-gradient-bound": ("step-size", "gradient-bound"),
    "gd-exact": (),
    "gd-textbook": ("step-size",),
    "any-norm-clipping": ("step-size", "max-step"),
    "clipped-sgd": ("threshold",),
    "clipped-sgd-small-threshold": ("threshold",),
    "framework-stochastic": ("step-size", "threshold"),
    "framework-stochastic-zero-start": ("step-size", "threshold"),
    "soft-clipped-sgd": ("step-size", "threshold"),
    "soft-framework-stochastic": ("step-size",),
    "sgd": ("step-size",),
}


def refutable(theorem: Theorem) -> bool:
    """Whether a search can try to refute it: a counted upper bound on gradient norms for methods that can be run."""
    return (
        theorem.kind is Kind.UPPER
        and not theorem.order_only
        and not theorem.convex
        and theorem.criterion is not Criterion.VALUE
        and theorem.noise is not Noise.HEAVY
        and any(isinstance(m, Method) for m in theorem.methods)
    )


def removable(theorem: Theorem) -> tuple[Hypothesis, ...]:
    """The hypotheses that a search can drop from this theorem."""
    if not refutable(theorem):
        return ()
    exact = theorem.noise is Noise.EXACT
    keys = ["smoothness", *(["exact-gradients"] if exact else ["noise-bound", "unbiased"])]
    keys += _CAPPED.get(theorem.key, ())
    momentum = any(m.momentum for m in theorem.methods)
    # With noise, a buffer that starts at zero is covered by a theorem of its own.
    if exact and momentum and theorem.momentum_start == (MomentumStart.GRADIENT,):
        keys.append("momentum-start")
    return tuple(hypothesis_named(k) for k in keys)


def relaxed(theorem: Theorem, dropped: str | None) -> Theorem:
    """The record without the requirements that belong to the hypothesis; all others are still checked."""
    if dropped is None:
        return theorem
    reasons = hypothesis_named(dropped).reasons
    gone = [r for r in theorem.requires if any(part in r.why for part in reasons)]
    if dropped == "threshold":  # a threshold has to be large for the target, too; that stays
        gone = [r for r in gone if sigma in r.left.free_symbols | r.right.free_symbols]
    kept = tuple(r for r in theorem.requires if r not in gone)
    return dataclasses.replace(theorem, requires=kept)


def hypothesis_named(key: str) -> Hypothesis:
    """The hypothesis with this key, or an error that suggests the nearest ones."""
    for hypothesis in HYPOTHESES:
        if hypothesis.key == key:
            return hypothesis
    raise unknown_name("hypothesis", key, (h.key for h in HYPOTHESES))
