"""What tests read from living pages of networks with ids."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

from nngen.description.model.spec import Spec


def facts_of(page: Page) -> dict[str, Any]:
    return dict(page.evaluate("JSON.parse(document.querySelector('#facts').textContent)"))


def predictions(page: Page) -> NDArray[np.float64]:
    """The table of ratings."""
    cells = page.locator("#ratings td[data-exact]").evaluate_all("all => all.map(one => Number(one.dataset.exact))")
    return np.array(cells)


def pairs(given: Spec) -> list[list[float]]:
    first, second = (len(index.ids) if isinstance(index.ids, tuple) else index.ids for index in given.indices)
    return [[float(i), float(j)] for i in range(first) for j in range(second)]
