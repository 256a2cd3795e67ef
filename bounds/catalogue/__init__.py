"""Every theorem of the toolkit: one file per paper or topic, one explicit tuple."""

from __future__ import annotations

from bounds.catalogue import (
    abbaszadehpeivasti2021,
    arjevani2019,
    carmon2017,
    chen2023,
    chewi2023,
    crawshaw2025,
    cutkosky2020,
    cutkosky2021,
    drori2014,
    drori2020,
    fang2018,
    framework_deterministic,
    framework_stochastic,
    gaash2025,
    ghadimi2013,
    gorbunov2024,
    gradient_methods,
    hubler2023,
    hubler2025,
    jin2021,
    kim2016,
    koloskova2023,
    li2023,
    li2023adam,
    liu2024,
    lobanov2024,
    lower_bounds,
    nesterov1983,
    nguyen2023,
    pethick2025,
    reisizadeh2023,
    sgd,
    takezawa2024,
    textbook,
    tyurin2024,
    tyurin2025,
    vankov2024,
    wang2023,
    zhang2019,
    zhang2020,
    zhang2020attention,
)
from bounds.errors import unknown_name
from bounds.theorem import Theorem

__all__ = ["THEOREMS", "theorem_named"]

THEOREMS: tuple[Theorem, ...] = (
    *framework_deterministic.THEOREMS,
    *gradient_methods.THEOREMS,
    *framework_stochastic.THEOREMS,
    *sgd.THEOREMS,
    *lower_bounds.THEOREMS,
    *zhang2020.THEOREMS,
    *zhang2019.THEOREMS,
    *chewi2023.THEOREMS,
    *textbook.THEOREMS,
    *abbaszadehpeivasti2021.THEOREMS,
    *koloskova2023.THEOREMS,
    *vankov2024.THEOREMS,
    *tyurin2024.THEOREMS,
    *hubler2023.THEOREMS,
    *pethick2025.THEOREMS,
    *li2023.THEOREMS,
    *ghadimi2013.THEOREMS,
    *cutkosky2020.THEOREMS,
    *jin2021.THEOREMS,
    *drori2014.THEOREMS,
    *nesterov1983.THEOREMS,
    *kim2016.THEOREMS,
    *takezawa2024.THEOREMS,
    *gorbunov2024.THEOREMS,
    *lobanov2024.THEOREMS,
    *tyurin2025.THEOREMS,
    *gaash2025.THEOREMS,
    *carmon2017.THEOREMS,
    *arjevani2019.THEOREMS,
    *drori2020.THEOREMS,
    *crawshaw2025.THEOREMS,
    *fang2018.THEOREMS,
    *reisizadeh2023.THEOREMS,
    *chen2023.THEOREMS,
    *zhang2020attention.THEOREMS,
    *cutkosky2021.THEOREMS,
    *nguyen2023.THEOREMS,
    *hubler2025.THEOREMS,
    *liu2024.THEOREMS,
    *wang2023.THEOREMS,
    *li2023adam.THEOREMS,
)


def theorem_named(key: str) -> Theorem:
    """The theorem with this key, or an error that suggests the nearest ones."""
    for theorem in THEOREMS:
        if theorem.key == key:
            return theorem
    raise unknown_name("theorem", key, (t.key for t in THEOREMS))
