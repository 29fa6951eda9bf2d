"""`python -m benchmarks.durability`: how well publishers' links are foretold, beside the models that others use.

Corpora with known rates (scoring.md, 9.3): half of the links, seen once, foretell the other half. Prints the mean log-loss of every
model, and its ratio to ours; lower is better.
"""

from statistics import median

import benchmarks.rooms  # noqa: F401 - makes `tests` our folder
from tests.simulated import MODELS, corpus, halves, log_loss

PUBLISHERS, SEEDS, RATES = 500, (1, 2, 3, 4, 5), (0.0135, 0.03, 0.056)


def main() -> None:
    ours = list(MODELS)[-1]
    print(f"{'log-loss, median of ' + str(len(SEEDS)) + ' corpora':36}" + "".join(f"  rate {rate:<8}" for rate in RATES))
    found = {(name, rate): median(_losses(name, rate)) for rate in RATES for name in MODELS}
    for name in MODELS:
        cells = (f"  {found[name, rate]:.3f} ({found[name, rate] / found[ours, rate]:.2f})" for rate in RATES)
        print(f"{name:36}{''.join(cells)}")


def _losses(name: str, rate: float) -> list[float]:
    losses = []
    for seed in SEEDS:
        learn, judge = halves(corpus(publishers=PUBLISHERS, lambda0=rate, seed=seed, once=True).links, seed=seed)
        losses.append(log_loss(MODELS[name](learn), judge))
    return losses


if __name__ == "__main__":
    main()
