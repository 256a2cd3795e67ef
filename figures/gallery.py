"""Every reproducible figure, in the order of docs/gallery.md."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from bounds.errors import unknown_name
from figures.exhibit import Exhibit
from figures.extremal_figure import draw_worst_case
from figures.gallery_bands import draw_bands
from figures.gallery_bias import draw_bias
from figures.gallery_chain import draw_chain
from figures.gallery_double_sampling import draw_double_sampling
from figures.gallery_fixed_step import draw_fixed_step
from figures.gallery_mixing import draw_mixing
from figures.gallery_one_minus_beta import draw_one_minus_beta
from figures.gallery_plane import draw_plane
from figures.gallery_quartic import draw_quartic
from figures.gallery_regimes import draw_regimes_L1, draw_regimes_sigma
from figures.gallery_sandwich import draw_exact_sandwich, draw_headline, draw_noisy_sandwich
from figures.gallery_steps import draw_steps
from figures.gallery_table import draw_table
from figures.growth import growth_exhibit
from figures.lyapunov import draw_lyapunov
from figures.scatter import draw_scatter
from figures.tradeoff_curve import draw_tradeoff

__all__ = ["GALLERY", "exhibit_named", "gallery_markdown"]

GALLERY: tuple[Exhibit, ...] = (
    Exhibit(
        key="growth-exponential",
        title="Clipped against fixed-step gradient descent on exponential landscapes",
        caption="A fixed step must fit the steepest point and then crawls; clipping stays almost flat as L1 grows.",
        draw=partial(growth_exhibit, family="exponential"),
    ),
    Exhibit(
        key="growth-polynomial",
        title="Clipped against fixed-step gradient descent on polynomial landscapes",
        caption="The same comparison on L0 (x^2/4 + L1^2 x^4/72): no exponential is needed for the gap to open.",
        draw=partial(growth_exhibit, family="polynomial"),
    ),
    Exhibit(
        key="plane",
        title="Trajectories in the plane, clipped region shaded",
        caption="Clipping takes steps of one length through the steep region and slows down near the minimizer only.",
        draw=draw_plane,
    ),
    Exhibit(
        key="comparison-table",
        title="The comparison table of the field",
        caption="Order and size of the bounds of this paper, of its predecessor and of this toolkit, each on the class "
        "that its record names; printed constants of the paper are those of the author's slides.",
        draw=draw_table,
    ),
    Exhibit(
        key="momentum-mixing",
        title="Momentum, gradient and mixed clipping over nu and beta",
        caption="The theorem's steps shrink with 1 - beta, so counts grow; with noise and tuned steps some momentum "
        "helps and much momentum does not. Points that miss the target within the budget are left out.",
        draw=draw_mixing,
    ),
    Exhibit(
        key="hard-soft",
        title="Hard and soft clipping",
        caption="The two step lengths differ by a factor of 2 at most; counts and bounds differ even less.",
        draw=draw_steps,
    ),
    Exhibit(
        key="smoothness-scatter",
        title="Smoothness against gradient norm along a trajectory",
        caption="The exact norm of the Hessian along a run, with the fitted line L0 + L1 |g| above all samples.",
        draw=draw_scatter,
    ),
    Exhibit(
        key="regimes-L1",
        title="Regime map over the target accuracy and L1",
        caption="Which certified theorem about a fixed step or hard clipping needs the fewest iterations: a "
        "fixed step is best only where L1 is small.",
        draw=draw_regimes_L1,
    ),
    Exhibit(
        key="regimes-sigma",
        title="Regime map over the target accuracy and the noise",
        caption="Which certified theorem needs the fewest iterations when the gradients are noisy.",
        draw=draw_regimes_sigma,
    ),
    Exhibit(
        key="minimal-L0",
        title="The smallest L0 for each L1",
        caption="A landscape has many valid pairs (L0, L1): the exact curve of the smallest, with the stated pairs.",
        draw=draw_tradeoff,
    ),
    Exhibit(
        key="upper-over-lower",
        title="How far apart upper and lower bounds are",
        caption="Whatever lambda = L1 eps/L0 is, the best step needs at most 16/3 times as many iterations as every "
        "method that sees gradients only; for small lambda twice as many.",
        draw=draw_headline,
    ),
    Exhibit(
        key="sandwich",
        title="Between lower and upper bound",
        caption="Lower bound, the method's own hard instance, the worst case that a search found and the upper bound, "
        "all as numbers of inspected points, Delta = 23.5 D(eps). `clipbounds sandwich --out DIR` draws every theorem.",
        draw=draw_exact_sandwich,
    ),
    Exhibit(
        key="sandwich-noise",
        title="Between lower and upper bound, with noise",
        caption="The same with noise of size 2 eps; the worst case found is the larger of a silent run and the mean "
        "over runs with two-point noise.",
        draw=draw_noisy_sandwich,
    ),
    Exhibit(
        key="zero-chain",
        title="Progress on a zero-chain",
        caption="No method learns more than one coordinate per query, and until the last one the gradient is large.",
        draw=draw_chain,
    ),
    Exhibit(
        key="fixed-step-pair",
        title="The pair on which every fixed step fails",
        caption="From h* on, gradient descent jumps between the arms of the bowl for ever; below, it walks down the "
        "slope in short steps. Clipping needs as many steps as h* on the slope and a few on the bowl.",
        draw=draw_fixed_step,
    ),
    Exhibit(
        key="one-minus-beta",
        title="What happens without the factor 1 - beta",
        caption="Heavy momentum with steps of the size 1/L0 overshoots, and the conclusion of the theorem fails.",
        draw=draw_one_minus_beta,
    ),
    Exhibit(
        key="quantile-bands",
        title="Stochastic runs over 100 seeds",
        caption="Far away the noise hardly matters, and clipping runs at full speed while the safe fixed step crawls.",
        draw=draw_bands,
    ),
    Exhibit(
        key="clipping-bias",
        title="Clipping below the noise",
        caption="A threshold below the noise level stalls clipped SGD at a gradient norm of the order of the noise, "
        "and rare large noise biases it well above; Gaussian noise is spread out too evenly to do so.",
        draw=draw_bias,
    ),
    Exhibit(
        key="double-sampling",
        title="The synthetic experiment of Gaash, Levy, Carmon (2025)",
        caption="F = |Ax|^4 with Gaussian noise, six step rules with the authors' factors: medians and 25-75 % bands. "
        "The adaptive rule starts late because its average begins with the first iterate that was not clipped.",
        draw=draw_double_sampling,
    ),
    Exhibit(
        key="quartic-starts",
        title="The synthetic experiment of Gorbunov et al. (2024)",
        caption="F = x^4 from 1, 10 and 100: the farther the start, the longer a clipped step and a fixed step take; "
        "steps that see function values or differences of gradients are linear.",
        draw=draw_quartic,
    ),
    Exhibit(
        key="worst-case",
        title="A worst landscape for clipping",
        caption="Found by an exact game in dimension one: large slopes where the method looks, dips in between.",
        draw=draw_worst_case,
    ),
    Exhibit(
        key="lyapunov",
        title="The Lyapunov function along a run",
        caption="Its decrease at every step beside the decrease that is proved.",
        draw=draw_lyapunov,
    ),
)


def exhibit_named(key: str, exhibits: Iterable[Exhibit] = GALLERY) -> Exhibit:
    """The figure with this key, or an error that suggests the nearest ones."""
    known = tuple(exhibits)
    for exhibit in known:
        if exhibit.key == key:
            return exhibit
    raise unknown_name("figure", key, (e.key for e in known))


def gallery_markdown(exhibits: Iterable[Exhibit] = GALLERY, *, folder: str = "images/gallery") -> str:
    """The gallery as a Markdown page: every picture, what it shows and the command that makes it."""
    parts = [
        f"## {e.title}\n\n{e.caption}\n\n![{e.title}]({folder}/{e.key}.png)\n\n```sh\n{e.command}\n```\n"
        for e in exhibits
    ]
    return "\n".join(parts)
