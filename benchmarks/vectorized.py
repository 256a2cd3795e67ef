"""A million constant sets at once against ``subs().evalf()`` per set, paired in one run.

Run with ``python benchmarks/vectorized.py``. Each round evaluates the main theorem for a million sets with rounding
upwards and hypotheses checked, and a sample of sets by inserting numbers into the sympy expression, which does neither;
times are per set, and the ratio of a round pairs measurements taken right after each other.
"""

from __future__ import annotations

import argparse
import statistics
import time

import numpy as np

from bounds.catalogue import theorem_named
from bounds.vectorized import evaluate_many

KEY = "framework-deterministic"
RANGES = {"L0": (-1, 1), "L1": (-1, 1), "Delta": (0, 2), "epsilon": (-3, -1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=1_000_000)
    parser.add_argument("--sample", type=int, default=100, help="sets evaluated one by one per round")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    theorem, draw = theorem_named(KEY), np.random.default_rng(0)
    constants = {name: 10 ** draw.uniform(low, high, options.sets) for name, (low, high) in RANGES.items()}
    expr = theorem.complexity
    symbols = sorted(expr.free_symbols, key=str)
    ratios = []
    for number in range(options.rounds):
        start = time.perf_counter()
        counts = evaluate_many(theorem, constants)
        vectorized = (time.perf_counter() - start) / options.sets
        start = time.perf_counter()
        sample = [
            float(expr.subs({s: float(constants[s.name][k]) for s in symbols}).evalf()) for k in range(options.sample)
        ]
        one_by_one = (time.perf_counter() - start) / options.sample
        worst = max(float(n) - s for n, s in zip(counts.iterations[: options.sample], sample, strict=True))
        if not 0 <= worst < 1 + 1e-9 * max(sample):
            raise SystemExit(f"the two disagree: {worst}")
        ratios.append(one_by_one / vectorized)
        print(
            f"round {number + 1}: {vectorized * options.sets:.3f} s for {options.sets:,} sets, "
            f"subs().evalf() {one_by_one * 1e3:.3f} ms per set, ratio {ratios[-1]:,.0f}"
        )
    print(f"{KEY}: median ratio {statistics.median(ratios):,.0f}, worst {min(ratios):,.0f}")


if __name__ == "__main__":
    main()
