"""A grid says what it means, and a bad one is refused in one sentence."""

from __future__ import annotations

import copy
import itertools
import tomllib

import numpy as np
import pytest

from bounds import MomentumStart
from bounds.errors import InputError
from synthetic.grid import Grid, Place
from synthetic.grid_text import grid_from_data, read_grid
from synthetic.schemes import Scheme

TEXT = """
epsilons = [0.3, "1/10"]
sigmas = [0, 0.5]
seeds = 3
oracle = "two-point"
max_iterations = 2_000

[[landscapes]]
function = "cosh"
start = [3]

[[landscapes]]
function = "x**4/4 + cosh(2*y)"
name = "mixed"
L0 = 4
L1 = 2

[[methods]]
method = "clipped-gd"
eta = ["1/(10*L0)", 0.05]
gamma = "epsilon/(10*L0 + sigma)"

[[methods]]
method = "momentum-clipping"
momentum_start = "zero"
eta = 0.01
gamma = 0.02
beta = [0.5, 0.9]
"""


def data():
    return tomllib.loads(TEXT)


def test_toml_and_python_give_the_same_grid(tmp_path):
    file = tmp_path / "grid.toml"
    file.write_text(TEXT, encoding="utf-8")
    written = Grid(
        places=(
            Place(function="cosh", start=(3.0,)),
            Place(function="x**4/4 + cosh(2*y)", name="mixed", L0=4, L1=2),
        ),
        schemes=(
            Scheme(
                method="clipped-gd",
                parameters=(("eta", ("1/(10*L0)", 0.05)), ("gamma", ("epsilon/(10*L0 + sigma)",))),
            ),
            Scheme(
                method="momentum-clipping",
                parameters=(("eta", (0.01,)), ("gamma", (0.02,)), ("beta", (0.5, 0.9))),
                momentum_start=MomentumStart.ZERO,
            ),
        ),
        epsilons=(0.3, 0.1),
        sigmas=(0, 0.5),
        seeds=(0, 1, 2),
        oracle="two-point",
        max_iterations=2_000,
    )
    assert read_grid(file).data == written.data
    assert written.shape == (2, 4, 2, 2, 3)
    assert written.runs == 96


def test_formulas_are_evaluated_with_the_constants_of_each_point():
    grid = grid_from_data(data())
    cosh, mixed = grid.places
    setting = grid.settings[0]
    for place, L0 in ((cosh, 1.0), (mixed, 4.0)):
        table = grid.parameters(place, setting)
        for (i, sigma), (j, epsilon) in itertools.product(enumerate((0, 0.5)), enumerate((0.3, 0.1))):
            assert table["eta"][i, j] == pytest.approx(1 / (10 * L0), rel=1e-15)
            assert table["gamma"][i, j] == pytest.approx(epsilon / (10 * L0 + sigma), rel=1e-15)


def test_a_rule_made_of_constants_takes_those_of_the_landscape():
    grid = grid_from_data({"landscapes": [{"function": "cosh", "L0": 3, "L1": 2}], "methods": ["reciprocal-gd"]} | EPS)
    table = grid.parameters(grid.places[0], grid.settings[0])
    assert (table["L0"][0, 0], table["L1"][0, 0]) == (3, 2)


def test_the_limit_of_a_vanishing_constant_is_an_infinite_step_length():
    methods = [{"method": "clipped-gd", "eta": "1/(10*L0)", "gamma": "1/(10*L1)"}]
    grid = grid_from_data({"landscapes": ["huber"], "methods": methods} | EPS)
    assert np.isinf(grid.parameters(grid.places[0], grid.settings[0])["gamma"]).all()


def test_settings_have_different_labels():
    labels = [s.label for s in grid_from_data(data()).settings]
    assert len(set(labels)) == len(labels) == 4
    assert labels[0] == "clipped-gd (eta=1/(10*L0), gamma=epsilon/(10*L0 + sigma))"
    assert "m0=0" in labels[2]


EPS = {"epsilons": [0.1]}
BAD = {
    "unknown entry": ({"epsilon": [0.1]}, "did you mean epsilons"),
    "missing entry": ({"methods": None}, "methods is missing"),
    "no epsilon": ({"epsilons": []}, "epsilons: the list is empty"),
    "epsilon zero": ({"epsilons": [0]}, "eps = 0 is not allowed"),
    "epsilon text": ({"epsilons": ["small"]}, "eps = 'small' is not allowed"),
    "epsilon twice": ({"epsilons": [0.1, "1/10"]}, "0.1 occurs twice"),
    "epsilon truth": ({"epsilons": [True]}, "must be a number or a list of numbers"),
    "sigma negative": ({"sigmas": [-1]}, "sigma = -1 is not allowed"),
    "noise with exact oracle": ({"oracle": "exact", "seeds": 1}, "the exact oracle has sigma = 0"),
    "seeds with exact oracle": ({"oracle": "exact", "sigmas": 0}, "3 seeds are not allowed"),
    "unknown oracle": ({"oracle": "gausian"}, "did you mean gaussian"),
    "oracle number": ({"oracle": 3}, "oracle = 3 is not allowed"),
    "seeds zero": ({"seeds": 0}, "seeds = 0 is not allowed"),
    "seed text": ({"seeds": ["a"]}, "seeds = 'a' is not allowed"),
    "seed negative": ({"seed": -1}, "seed = -1 is not allowed"),
    "criterion": ({"criterion": "median"}, "it must be one of mean, min, mean-squared"),
    "stop": ({"stop": "never"}, "it must be one of each, together"),
    "first": ({"first": 2}, "it must be one of 0, 1"),
    "cap": ({"max_iterations": 0}, "it must be an integer in [1, 2147483647]"),
    "cap float": ({"max_iterations": 1e4}, "max_iterations = 10000.0 is not allowed"),
    "cell": ({"cell_runs": 0}, "cell_runs = 0 is not allowed"),
    "too many": ({"seeds": [*range(900_000)], "sigmas": [0, 1, 2, 3]}, "at most 20,000,000"),
    "landscapes text": ({"landscapes": "cosh"}, "it must be a list of names"),
    "unknown landscape": ({"landscapes": ["kosh"]}, "did you mean cosh"),
    "landscape entry": ({"landscapes": [{"function": "cosh", "stat": [1]}]}, "did you mean start"),
    "landscape without function": ({"landscapes": [{"L0": 1}]}, "function of a landscape = None"),
    "landscape twice": ({"landscapes": ["cosh", "cosh"]}, "landscapes: cosh occurs twice"),
    "landscape code": ({"landscapes": ["__import__('os')"]}, "is not allowed"),
    "unbounded landscape": ({"landscapes": ["x**3"]}, "unbounded below"),
    "half a pair": ({"landscapes": [{"function": "cosh", "L0": 1}]}, "state both or neither"),
    "start": ({"landscapes": [{"function": "cosh", "start": ["a"]}]}, "start = ['a'] is not allowed"),
    "start dimension": ({"landscapes": [{"function": "cosh", "start": [1, 2]}]}, "must be 1 finite numbers"),
    "no constants": ({"landscapes": ["x**2 + y**4"]}, "needs L0, which x**2 + y**4 does not state"),
    "method number": ({"methods": [{"method": 1}]}, "method = 1 is not allowed"),
    "unknown method": ({"methods": ["cliped-gd"]}, "did you mean clipped-gd"),
    "method without step": ({"methods": ["gd"]}, "gd needs eta"),
    "foreign parameter": ({"methods": [{"method": "gd", "eta": 1, "beta": 0}]}, "unknown parameter of gd 'beta'"),
    "momentum start": ({"methods": [{"method": "gd", "eta": 1, "momentum_start": "x"}]}, "gradient or zero"),
    "formula": ({"methods": [{"method": "gd", "eta": "1/(10*L2)"}]}, "is not a number or formula"),
    "formula code": ({"methods": [{"method": "gd", "eta": "().__class__"}]}, "is not a number or formula"),
    "negative step": ({"methods": [{"method": "gd", "eta": "epsilon - 1"}]}, "eta = -0.7 is not allowed"),
    "step twice": ({"methods": [{"method": "gd", "eta": [1, 1]}]}, "occurs twice"),
    "setting twice": ({"methods": [{"method": "gd", "eta": 1}] * 2}, "methods: gd (eta=1) occurs twice"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_clear_sentence(name):
    changes, message = BAD[name]
    found = {k: v for k, v in (copy.deepcopy(data()) | changes).items() if v is not None}

    def expand():
        grid = grid_from_data(found)
        for place, setting in itertools.product(grid.places, grid.settings):
            grid.parameters(place, setting)

    with pytest.raises(InputError) as caught:
        expand()
    text = str(caught.value)
    assert message in text
    assert "\n" not in text
    assert len(text) < 400


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"epsilons = [0.3", "it is not TOML"), (b"\xff\xfe", "it is not UTF-8"), (None, "it cannot be read")],
)
def test_an_unreadable_file_is_named(tmp_path, content, message):
    file = tmp_path / "grid.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        read_grid(file)
    assert str(file) in str(caught.value)
