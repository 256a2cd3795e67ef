"""The command line. Each command is thin: read options, ask the rooms, print.

Results go to standard output, everything else to standard error. Exit codes: 0 fine, 1 something claimed was found
false, 2 bad input (one sentence, no traceback), 3 undecided (certify).
"""

from __future__ import annotations

import os
import sys
from typing import Any

import typer

from bounds.errors import FalseClaim, InputError
from clipbounds.commands import COMMANDS

__all__ = ["app", "main"]

app = typer.Typer(
    name="clipbounds",
    help="How many steps does clipped (momentum) gradient descent need here, is that provable, and does it happen?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for _name, _function in COMMANDS:
    app.command(name=_name)(_function)


def main() -> None:
    """Entry point of ``clipbounds``: bad input becomes one sentence on standard error and exit code 2."""
    command: Any = typer.main.get_command(app)
    try:
        code = command.main(standalone_mode=False)
    except FalseClaim as error:
        _refuse(str(error), 1)
    except InputError as error:
        _refuse(str(error))
    except KeyboardInterrupt:
        _refuse("interrupted.", 130)
    except BrokenPipeError:
        # The reader of a pipe (head, less) has gone. Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except Exception as error:
        # typer raises its own usage errors; they carry a ready sentence.
        message = getattr(error, "format_message", None)
        if message is None:
            raise
        lost = message().startswith("No such option: -") and not message().startswith("No such option: --")
        hint = " (an expression that begins with a minus goes last, after --)" if lost else ""
        _refuse((message() or "nothing to do; see --help.") + hint, int(getattr(error, "exit_code", 2)))
    else:
        sys.exit(code if isinstance(code, int) else 0)


def _refuse(message: str, code: int = 2) -> None:
    sys.stderr.write(f"clipbounds: {message}\n")
    sys.exit(code)
