"""The stated pairs (L0, L1) of landscapes, each with its certificate."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

from synthetic.certify import Certificate, certify
from synthetic.landscape import Landscape, StatedSmoothness, Status

__all__ = ["CertifiedPair", "certificate_rows", "certified", "certified_pairs"]

_STATUS = {"proved": Status.PROVED, "refuted": Status.REFUTED, "undecided": Status.STATED}


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifiedPair:
    """A landscape, one of its stated pairs, and the certificate."""

    landscape: Landscape
    stated: StatedSmoothness
    certificate: Certificate


def certified_pairs(landscapes: Iterable[Landscape]) -> tuple[CertifiedPair, ...]:
    """Certify every stated pair of every landscape."""
    return tuple(
        CertifiedPair(landscape=item, stated=pair, certificate=certify(item, pair.L0, pair.L1))
        for item in landscapes
        for pair in item.smoothness
    )


def certified(landscape: Landscape) -> Landscape:
    """The landscape with the status of each stated pair replaced by the verdict of :func:`certify`."""
    pairs = certified_pairs((landscape,))
    smoothness = tuple(dataclasses.replace(p.stated, status=_STATUS[p.certificate.verdict]) for p in pairs)
    return dataclasses.replace(landscape, smoothness=smoothness)


def certificate_rows(pairs: Iterable[CertifiedPair]) -> list[dict[str, str]]:
    """The pairs as a table, constants exact."""
    return [
        {
            "landscape": pair.landscape.key,
            "L0": str(pair.certificate.L0),
            "L1": str(pair.certificate.L1),
            "region": pair.stated.region,
            "verdict": pair.certificate.verdict,
            "method": pair.certificate.method,
            "time": f"{pair.certificate.seconds:.3f} s",
        }
        for pair in pairs
    ]
