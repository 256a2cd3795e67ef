"""Two spellings of a generated text: Markdown (formulas as plain text) and LaTeX (plain amsmath)."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, final

from bounds.proofs.record import Certificate
from bounds.proofs.render import render, statement
from bounds.proofs.step import Clause
from bounds.report import plain, to_latex

__all__ = ["FORMS", "Latex", "Markdown", "Markup"]

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "$": r"\$",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
}


class Markup(ABC):
    """How a text is put together; every method returns source that ends without a line break."""

    name: str

    @abstractmethod
    def prose(self, text: str) -> str:
        """Words, with special characters protected; back quotes mark code."""

    @abstractmethod
    def heading(self, level: int, text: str) -> str:
        """A heading of level 1, 2 or 3."""

    @abstractmethod
    def listed(self, items: Iterable[str]) -> str:
        """A list of finished sources."""

    @abstractmethod
    def expression(self, expr: Any) -> str:
        """A formula in the symbols of the records."""

    @abstractmethod
    def strong(self, text: str) -> str:
        """Words in bold."""

    @abstractmethod
    def claim(self, clause: Clause) -> str:
        """The statement of a clause."""

    @abstractmethod
    def certificate(self, clause: Clause, certificate: Certificate) -> str:
        """The certificate of a clause."""

    def document(self, blocks: Iterable[str]) -> str:
        """Blocks with blank lines between them."""
        return "\n\n".join(blocks) + "\n"


@final
class Markdown(Markup):
    """Markdown; formulas are code, so that they read the same in a terminal."""

    name = "markdown"

    def prose(self, text: str) -> str:
        parts = text.split("`")
        words = [re.sub(r"([*<\\])", r"\\\1", part) if n % 2 == 0 else f"`{part}`" for n, part in enumerate(parts)]
        return "".join(words)

    def heading(self, level: int, text: str) -> str:
        return f"{'#' * level} {self.prose(text)}"

    def listed(self, items: Iterable[str]) -> str:
        return "\n".join(f"- {item}" for item in items)

    def expression(self, expr: Any) -> str:
        return f"`{plain(expr)}`"

    def strong(self, text: str) -> str:
        return f"**{self.prose(text)}**"

    def claim(self, clause: Clause) -> str:
        return f"`{statement(clause)}`"

    def certificate(self, clause: Clause, certificate: Certificate) -> str:
        return "\n".join(["```text", *map(_closed, render(clause, certificate).splitlines()), "```"])


@final
class Latex(Markup):
    """A LaTeX document that needs amsmath and amssymb only; long formulas break at their signs."""

    name = "latex"

    def prose(self, text: str) -> str:
        parts = text.split("`")
        safe = ["".join(_SPECIAL.get(c, c) for c in part) for part in parts]
        return "".join(part if n % 2 == 0 else rf"\texttt{{{part}}}" for n, part in enumerate(safe))

    def heading(self, level: int, text: str) -> str:
        return rf"\{('title', 'section*', 'subsection*')[level - 1]}{{{self.prose(text)}}}" + (
            "\n\\maketitle" if level == 1 else ""
        )

    def listed(self, items: Iterable[str]) -> str:
        return "\n".join([r"\begin{itemize}", *(rf"\item {item}" for item in items), r"\end{itemize}"])

    def expression(self, expr: Any) -> str:
        return f"${to_latex(expr)}$"

    def strong(self, text: str) -> str:
        return rf"\textbf{{{self.prose(text)}}}"

    def claim(self, clause: Clause) -> str:
        return f"${_quoted(statement(clause, form='latex'))}$"

    def certificate(self, clause: Clause, certificate: Certificate) -> str:
        lines = [_quoted(_closed(line)) for line in render(clause, certificate, form="latex").splitlines()]
        return "\\\\\n".join(rf"\hspace*{{1em}}${line}$" for line in lines)

    def document(self, blocks: Iterable[str]) -> str:
        head = [r"\documentclass{article}", r"\usepackage{amsmath,amssymb}", r"\usepackage[T1]{fontenc}", r"\date{}"]
        body = super().document(blocks)
        return "\n".join([*head, r"\begin{document}", r"\raggedright", body, r"\end{document}", ""])


def _closed(line: str) -> str:
    """A case in which the goal does not occur: the nonnegative terms add up to zero, a contradiction."""
    head, empty, identity = line.partition("() ")
    return f"{head}0 = {identity.partition(' = ')[2]}" if empty else line


def _quoted(line: str) -> str:
    r"""Characters with a meaning in LaTeX, protected inside of \text{...}."""
    return re.sub(r"\\text\{([^{}]*)\}", lambda m: rf"\text{{{''.join(_SPECIAL.get(c, c) for c in m[1])}}}", line)


FORMS: dict[str, Markup] = {form.name: form for form in (Markdown(), Latex())}
