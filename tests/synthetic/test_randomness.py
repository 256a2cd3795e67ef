"""The counter-based streams: published values, statistics, and independence of how a batch is cut."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from bounds.errors import InputError
from synthetic.randomness import Streams, mix, normals, signs, uniforms

RUNS = np.arange(500)


def sign_table(seed=7, runs=RUNS, length=256):
    streams = Streams(seed, runs)
    return np.stack([streams.signs(t) for t in range(length)])


def test_mix_reproduces_the_published_splitmix64_sequence():
    golden = 0x9E3779B97F4A7C15
    states = np.array([(k * golden) % 2**64 for k in (1, 2, 3)], dtype=np.uint64)
    want = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    assert [int(w) for w in mix(states)] == want


def test_mix_has_no_collisions_and_leaves_its_input_alone():
    words = np.arange(200_000, dtype=np.uint64)
    assert np.unique(mix(words)).size == words.size
    np.testing.assert_array_equal(words, np.arange(200_000))


def test_every_input_bit_flips_every_output_bit_half_of_the_time():
    words = np.arange(1, 4097, dtype=np.uint64)
    base = mix(words)
    for bit in range(64):
        changed = base ^ mix(words ^ np.uint64(1 << bit))
        flips = np.unpackbits(changed.view(np.uint8).reshape(-1, 8), axis=1).mean(axis=0)
        # 4096 fair coins: standard deviation 1/128; 4096 pairs are tested.
        assert np.abs(flips - 0.5).max() < 5.5 / 128


def test_signs_are_balanced_and_uncorrelated_in_time_and_between_runs_and_seeds():
    table = sign_table()
    count = table.size
    assert set(np.unique(table)) == {-1.0, 1.0}
    assert abs(table.mean()) < 5 / np.sqrt(count)
    assert np.abs(table.mean(axis=1)).max() < 5 / np.sqrt(len(RUNS))
    for lag in (1, 2, 63, 64, 65, 128):
        assert abs((table[lag:] * table[:-lag]).mean()) < 5 / np.sqrt(count / 2)
    for apart in (1, 2, 64):
        assert abs((table[:, apart:] * table[:, :-apart]).mean()) < 5 / np.sqrt(count / 2)
    assert abs((table * sign_table(seed=8)).mean()) < 5 / np.sqrt(count)


def test_all_pairs_of_runs_are_uncorrelated():
    table = sign_table(runs=np.arange(100), length=1024)
    correlation = table.T @ table / 1024 - np.eye(100)
    assert np.abs(correlation).max() < 5.5 / np.sqrt(1024)


def test_uniforms_and_normals_have_their_laws():
    u = np.stack([uniforms(3, RUNS, t, 8) for t in range(20)])
    z = np.stack([normals(3, RUNS, t, 8) for t in range(20)])
    assert u.min() > 0
    assert u.max() < 1
    assert stats.kstest(u.ravel(), "uniform").pvalue > 1e-4
    assert stats.kstest(z.ravel(), "norm").pvalue > 1e-4
    np.testing.assert_allclose(stats.norm.cdf(z), u, atol=1e-12)
    for axis in range(3):  # neighbours in time, run and coordinate
        a, b = np.delete(z, 0, axis).ravel(), np.delete(z, -1, axis).ravel()
        assert abs(np.corrcoef(a, b)[0, 1]) < 5 / np.sqrt(a.size)


def test_signs_and_uniforms_of_one_run_are_independent():
    table = sign_table(length=64)
    half = np.stack([np.sign(uniforms(7, RUNS, t, 1)[:, 0] - 0.5) for t in range(64)])
    assert abs((table * half).mean()) < 5 / np.sqrt(table.size)


@pytest.mark.parametrize("cut", [[250], [1, 2, 499], list(range(1, 500, 7))])
def test_numbers_do_not_depend_on_how_the_batch_is_cut(cut):
    pieces = np.split(RUNS, cut)
    for t in (0, 63, 64, 1000):
        np.testing.assert_array_equal(np.concatenate([signs(1, p, t) for p in pieces]), signs(1, RUNS, t))
        np.testing.assert_array_equal(np.concatenate([normals(1, p, t, 3) for p in pieces]), normals(1, RUNS, t, 3))
    np.testing.assert_array_equal(uniforms(1, RUNS[::-1], 5, 3)[::-1], uniforms(1, RUNS, 5, 3))
    np.testing.assert_array_equal(uniforms(1, RUNS, 5, 3)[:, :2], uniforms(1, RUNS, 5, 2))


def test_remembered_words_never_change_a_draw():
    streams = Streams(11, RUNS)
    for t in (0, 1, 64, 3, 200, 63, 64):
        np.testing.assert_array_equal(streams.signs(t), signs(11, RUNS, t))
    odd = RUNS % 2 == 1
    np.testing.assert_array_equal(streams.keep(odd).signs(70), signs(11, RUNS[odd], 70))
    assert len(streams.keep(odd)) == 250


def test_equal_run_numbers_share_their_noise_and_different_ones_do_not():
    z = normals(0, np.array([4, 4, 5]), 9, 6)
    np.testing.assert_array_equal(z[0], z[1])
    assert np.all(z[0] != z[2])


def test_largest_keys_wrap_without_warning():
    top = 2**64 - 1
    assert uniforms(top, np.array([2**63 - 1]), 2**40, 1).shape == (1, 1)


@pytest.mark.parametrize("seed", [-1, 2**64, 0.5, "x", None])
def test_bad_seeds_are_refused(seed):
    with pytest.raises(InputError, match=r"seed = .* is not allowed"):
        Streams(seed, [0])


@pytest.mark.parametrize("run", [[-1], [0.5], [[1, 2]], ["a"]])
def test_bad_run_numbers_are_refused(run):
    with pytest.raises(InputError, match="run ids"):
        Streams(0, run)
