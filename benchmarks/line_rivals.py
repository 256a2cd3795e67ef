"""Other ways to run clipped gradient descent on the line; each imports its package only when it is asked for."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import sinh
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

__all__ = ["Line", "installed", "jax_blocks", "jax_while", "naive_numpy", "optax_steps", "python_loop", "scalar_numba"]
__all__ += ["torch_steps"]

Float = npt.NDArray[np.float64]
Work = Callable[[], float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    """B runs of x - clip(f'(x)), f = x^4 or cosh x - 1, until the mean of |f'| is at most epsilon; rows are (B,)."""

    function: Literal["quartic", "cosh"]
    x: Float
    epsilon: Float
    eta: Float
    gamma: Float
    cap: int

    def first(self, count: int) -> Line:
        """The first runs only."""
        rows = {name: getattr(self, name)[:count] for name in ("x", "epsilon", "eta", "gamma")}
        return Line(function=self.function, cap=self.cap, **rows)


def installed(*packages: str) -> bool:
    """Whether all of these can be imported."""
    return all(importlib.util.find_spec(p) is not None for p in packages)


def python_loop(line: Line) -> float:
    """One run after the other, in floats of Python."""
    total_work = 0
    slope = (lambda x: 4 * x * x * x) if line.function == "quartic" else sinh
    for x, epsilon, eta, gamma in zip(*(a.tolist() for a in (line.x, line.epsilon, line.eta, line.gamma)), strict=True):
        total, count = 0.0, 0
        while True:
            g = slope(x)
            total, count = total + abs(g), count + 1
            if total <= epsilon * count or count >= line.cap:
                break
            x -= min(eta, gamma / abs(g)) * g
        total_work += count
    return total_work


@np.errstate(all="ignore")
def naive_numpy(line: Line) -> float:
    """The whole batch at every iteration until its last run has ended."""
    x, total, running = line.x.copy(), np.zeros(len(line.x)), np.ones(len(line.x), bool)
    work = 0
    for count in range(1, line.cap + 1):
        g = 4 * x * x * x if line.function == "quartic" else np.sinh(x)
        size = np.abs(g)
        total = np.where(running, total + size, total)
        work += int(running.sum())
        running = running & (total > line.epsilon * count)
        if not running.any():
            break
        x = np.where(running, x - np.minimum(line.eta, line.gamma / size) * g, x)
    return work


def scalar_numba(line: Line, threads: int) -> Work:
    """One run after the other, compiled, on threads."""
    from numba import njit

    quartic = line.function == "quartic"

    @njit(nogil=True, error_model="numpy")
    def runs(start: Any, epsilon: Any, eta: Any, gamma: Any, cap: Any) -> Any:
        work = 0
        for i in range(len(start)):
            x, total, count = start[i], 0.0, 0
            while True:
                g = 4 * x * x * x if quartic else np.sinh(x)
                total += abs(g)
                count += 1
                if total <= epsilon[i] * count or count >= cap:
                    break
                x -= min(eta[i], gamma[i] / abs(g)) * g
            work += count
        return work

    def part(k: int) -> float:
        rows = (np.ascontiguousarray(a[k::threads]) for a in (line.x, line.epsilon, line.eta, line.gamma))
        return float(runs(*rows, line.cap))

    def work() -> float:
        with ThreadPoolExecutor(threads) as pool:
            return sum(pool.map(part, range(threads)))

    return work


def _jax_step(line: Line) -> Any:
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    def step(state: Any, epsilon: Any, eta: Any, gamma: Any) -> Any:
        x, total, count, running = state
        g = 4 * x * x * x if line.function == "quartic" else jnp.sinh(x)
        total, count = jnp.where(running, total + jnp.abs(g), total), jnp.where(running, count + 1, count)
        running = running & (total > epsilon * count) & (count < line.cap)
        return jnp.where(running, x - jnp.minimum(eta, gamma / jnp.abs(g)) * g, x), total, count, running

    return step


def jax_while(line: Line) -> Work:
    """vmap of a while loop, jitted."""
    step = _jax_step(line)
    import jax

    def one(x: Any, *rows: Any) -> Any:
        return jax.lax.while_loop(lambda s: s[3], lambda s: step(s, *rows), (x, 0.0, 0, True))[2]

    whole = jax.jit(jax.vmap(one))
    return lambda: float(np.asarray(whole(line.x, line.epsilon, line.eta, line.gamma)).sum())


def jax_blocks(line: Line, block: int = 64) -> Work:
    """Blocks of iterations under jit, the unfinished runs compacted in between to the next power of two."""
    step = _jax_step(line)
    import jax

    @jax.jit
    def advance(state: Any, rows: Any) -> Any:
        return jax.lax.fori_loop(0, block, lambda _, s: step(s, *rows), state)

    def work() -> float:
        rows = [line.epsilon, line.eta, line.gamma]
        batch = len(line.x)
        state = [line.x, np.zeros(batch), np.zeros(batch, np.int64), np.ones(batch, bool)]
        done = 0
        while len(state[0]):
            size = 1 << (len(state[0]) - 1).bit_length()
            padded = [np.pad(a, (0, size - len(a))) for a in state]
            state = [np.asarray(a) for a in advance(tuple(padded), tuple(np.pad(a, (0, size - len(a))) for a in rows))]
            state, keep = [a[: len(rows[0])] for a in state], state[3][: len(rows[0])]
            done += int(state[2][~keep].sum())
            state, rows = [a[keep] for a in state], [a[keep] for a in rows]
        return done

    return work


def optax_steps(line: Line, steps: int) -> Work:
    """The published chain clip_by_global_norm and sgd, one jitted and vmapped step at a time, without a stop."""
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp
    import optax

    def value(x: Any) -> Any:
        return x**4 if line.function == "quartic" else jnp.cosh(x) - 1

    def one(x: Any, total: Any, eta: Any, gamma: Any) -> Any:
        g = jax.grad(value)(x)
        chain = optax.chain(optax.clip_by_global_norm(gamma / eta), optax.sgd(eta))
        updates, _ = chain.update(g, chain.init(x))
        return optax.apply_updates(x, updates), total + jnp.abs(g)

    step = jax.jit(jax.vmap(one))

    def work() -> float:
        x, total = jnp.asarray(line.x), jnp.zeros(len(line.x))
        for _ in range(steps):
            x, total = step(x, total, line.eta, line.gamma)
        x.block_until_ready()
        return float(steps * len(line.x))

    return work


def torch_steps(line: Line, steps: int) -> Work:
    """One run as it is written for training: SGD with clip_grad_norm_."""
    import torch

    torch.set_num_threads(1)

    def work() -> float:
        x = torch.tensor([line.x[0]], dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.SGD([x], lr=float(line.eta[0]))
        largest = float(line.gamma[0] / line.eta[0])
        total = 0.0
        for count in range(1, steps + 1):
            optimizer.zero_grad()
            loss = (x**4).sum() if line.function == "quartic" else (torch.cosh(x) - 1).sum()
            loss.backward()
            total += float(torch.nn.utils.clip_grad_norm_([x], largest))
            if total <= 0.0 * count:
                break
            optimizer.step()
        return float(steps)

    return work
