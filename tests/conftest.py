"""Which tests are long: they run with ``-m slow``, everything else by default; continuous integration runs both."""

from __future__ import annotations

import pytest

# Exhaustive passes over all records, proofs and figures, fuzzing by the thousand, and cold starts. Whatever they cover
# also has a short test that runs by default.
SLOW = (
    "bounds/proofs/test_deterministic.py",
    "bounds/proofs/test_lower.py",
    "bounds/proofs/test_search.py",
    "bounds/proofs/test_stochastic.py",
    "bounds/proofs/test_verify.py",
    "bounds/test_asymptotics.py",
    "bounds/test_inversion.py",
    "bounds/test_regimes.py",
    "clipbounds/test_claims.py::test_compare_refuses",
    "clipbounds/test_sweeping.py",
    "clipbounds/test_verify_cli.py::test_the_whole_catalogue_with_the_core_install",
    "figures/test_compare.py::test_bounds_hold_on_the_grid",
    "figures/test_compare.py::test_the_slides_statement",
    "figures/test_exponents.py::test_noise_costs_two_powers",
    "figures/test_gallery.py",
    "figures/test_lyapunov.py::test_along_every",
    "figures/test_sandwich.py::test_every_sandwich_is_ordered_where_L1_rules",
    "synthetic/test_balls.py",
    "synthetic/test_certify_rules.py",
    "synthetic/test_expressions.py::test_mutations_are_read_or_refused",
    "synthetic/test_expressions.py::test_nested_expressions_are_read_or_refused",
    "synthetic/test_expressions.py::test_random_pieces_are_read_or_refused",
    "synthetic/test_expressions.py::test_random_text_is_read_or_refused",
    "synthetic/test_interrupts.py::test_workers_inherit_threads_and_leave_with_their_parent",
    "synthetic/test_kernels_chain.py::test_kernels_agree_with_numpy",
    "synthetic/test_kernels_sums.py::test_kernels_agree_with_numpy",
    "synthetic/test_minimal.py::test_both_sides_agree_with_certificates",
    "synthetic/test_sweep.py",
    "synthetic/test_sweep_backends.py::test_compiled_results_depend_neither_on_the_size_of_cells_nor_on_threads",
    "synthetic/test_tradeoff.py",
    "test_benchmarks.py::test_workloads",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(f"tests/{prefix}" in item.nodeid for prefix in SLOW):
            item.add_marker(pytest.mark.slow)
