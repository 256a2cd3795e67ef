"""Every landscape of the toolkit, one family per module, and the default instance of each in one tuple."""

from __future__ import annotations

from bounds.errors import unknown_name
from synthetic.landscape import Landscape
from synthetic.landscapes.cosh import cosh as cosh
from synthetic.landscapes.cosh import cosh_sum as cosh_sum
from synthetic.landscapes.exponential import exponential as exponential
from synthetic.landscapes.exponential import exponential_bowl as exponential_bowl
from synthetic.landscapes.exponential import hard_exponential as hard_exponential
from synthetic.landscapes.exponential import quadratic_exponential as quadratic_exponential
from synthetic.landscapes.huber import huber as huber
from synthetic.landscapes.logistic import logistic as logistic
from synthetic.landscapes.logistic import regularized_logistic as regularized_logistic
from synthetic.landscapes.phase_retrieval import phase_retrieval as phase_retrieval
from synthetic.landscapes.phase_retrieval import population_phase_retrieval as population_phase_retrieval
from synthetic.landscapes.powers import anisotropic_quartic as anisotropic_quartic
from synthetic.landscapes.powers import even_power as even_power
from synthetic.landscapes.powers import norm_power as norm_power
from synthetic.landscapes.powers import quartic as quartic
from synthetic.landscapes.powers import quartic_bowl as quartic_bowl
from synthetic.landscapes.rosenbrock import rosenbrock as rosenbrock

__all__ = [
    "LANDSCAPES",
    "anisotropic_quartic",
    "cosh",
    "cosh_sum",
    "even_power",
    "exponential",
    "exponential_bowl",
    "hard_exponential",
    "huber",
    "landscape_named",
    "logistic",
    "norm_power",
    "phase_retrieval",
    "population_phase_retrieval",
    "quadratic_exponential",
    "quartic",
    "quartic_bowl",
    "regularized_logistic",
    "rosenbrock",
]

LANDSCAPES: tuple[Landscape, ...] = (
    quartic(),
    even_power(),
    norm_power(),
    anisotropic_quartic(),
    cosh(),
    cosh_sum(),
    exponential(),
    exponential_bowl(),
    hard_exponential(),
    quadratic_exponential(),
    huber(),
    logistic(),
    regularized_logistic(),
    phase_retrieval(),
    population_phase_retrieval(),
    rosenbrock(),
)


def landscape_named(key: str) -> Landscape:
    """The default landscape with this key, or an error that suggests the nearest ones."""
    for landscape in LANDSCAPES:
        if landscape.key == key:
            return landscape
    raise unknown_name("landscape", key, (each.key for each in LANDSCAPES))
