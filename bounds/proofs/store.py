"""Proof data on disk: one JSON file per proof, {clause id: {hash, certificate, witness, mutations}}."""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bounds.errors import InputError
from bounds.proofs.certificate import Certificate, check
from bounds.proofs.step import Clause
from bounds.proofs.witness import Mutation, Witness, mutants, settled

__all__ = ["Entry", "load", "problems", "save"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is stored about one clause.

    Attributes
    ----------
    statement : hash of the clause.
    certificate, witness : None when none was found.
    mutations : one per key of :func:`bounds.proofs.witness.mutants`.
    """

    statement: str
    certificate: Certificate | None
    witness: Witness | None
    mutations: tuple[Mutation, ...] = ()

    @property
    def data(self) -> dict[str, Any]:
        """The JSON object that :meth:`from_data` reads."""
        return {
            "hash": self.statement,
            "certificate": self.certificate and self.certificate.data,
            "witness": self.witness and self.witness.data,
            "mutations": [m.data for m in self.mutations],
        }

    @classmethod
    def from_data(cls, data: Any) -> Entry:
        """Read one entry.

        Raises
        ------
        InputError : not of the documented form.
        """
        try:
            return cls(
                statement=data["hash"],
                certificate=Certificate.from_data(data["certificate"]) if data["certificate"] else None,
                witness=Witness.from_data(data["witness"]) if data["witness"] else None,
                mutations=tuple(Mutation.from_data(m) for m in data["mutations"]),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise InputError(f"not a proof entry: {type(error).__name__} {error}.") from None

    def problems(self, clause: Clause) -> tuple[str, ...]:
        """Sentences on everything that does not stand: certificate, witness, each mutation; empty when all is well."""
        found = []
        result = check(clause, self.certificate) if self.certificate else None
        if result is None or not result.ok:
            found.append(f"{clause.id}: there is no certificate" if result is None else result.reason)
        if self.witness is None or not self.witness.confirms(clause):
            found.append(f"{clause.id}: no stored point satisfies its hypotheses")
        known = mutants(clause)
        open_ = known.keys() - {m.change for m in self.mutations if settled(clause, m, known) != "open"}
        found += [f"{clause.id}: mutation {change!r} is open" for change in sorted(open_)]
        return tuple(found)


def problems(clauses: Iterable[Clause], entries: Mapping[str, Entry]) -> tuple[str, ...]:
    """Everything that does not stand in a proof: missing or failing entries, lemmas that are not earlier clauses."""
    found: list[str] = []
    earlier: dict[str, Clause] = {}
    for clause in clauses:
        for lemma in clause.lemmas:
            known = earlier.get(lemma.clause.id)
            if known is None or known.hash != lemma.clause.hash:
                found.append(f"{clause.id}: lemma {lemma.clause.id} is not an earlier clause of this proof")
        if clause.id in earlier:
            found.append(f"{clause.id}: two clauses have this id")
        earlier[clause.id] = clause
        entry = entries.get(clause.id)
        found += entry.problems(clause) if entry else [f"{clause.id}: nothing is stored about it"]
    return tuple(found)


def load(proof: str, folder: Path | None = None) -> dict[str, Entry]:
    """The stored entries of a proof, from the package or another folder.

    Raises
    ------
    InputError : there is no such file, or it is not of the documented form.
    """
    root = importlib.resources.files("bounds.proofs").joinpath("data") if folder is None else folder
    file = root.joinpath(f"{proof}.json")
    if not proof.isidentifier() or not file.is_file():
        raise InputError(f"there is no proof data named {proof!r}.")
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"the data of proof {proof!r} is not JSON: {error}.") from None
    if not isinstance(rows, dict):
        raise InputError(f"the data of proof {proof!r} is not a JSON object.")
    return {name: Entry.from_data(row) for name, row in rows.items()}


def save(proof: str, entries: Mapping[str, Entry], folder: Path) -> Path:
    """Write the entries of a proof, one clause a line, and return the file."""
    lines = [f"{json.dumps(name)}: {json.dumps(entry.data)}" for name, entry in entries.items()]
    path = folder / f"{proof}.json"
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    return path
