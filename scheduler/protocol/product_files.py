"""The product files that are at hand: the shipped ones, and in their place those of a site's own folder."""

from __future__ import annotations

from pathlib import Path

from scheduler.problems import Place, Problem
from scheduler.protocol.product_model import Product, Unfinished
from scheduler.protocol.products import read_product
from scheduler.shipped import protocols_folder


def read_products(site: Path | None = None) -> tuple[dict[str, Product | Unfinished], tuple[Problem, ...]]:
    """The shipped product files, and in their place those of a site's own folder; with the problems of the latter.

    A file of the site with a problem is never replaced by the shipped one without a word.
    """
    shipped, _ = _products_in(protocols_folder() / "products", site=False)
    own, problems = _products_in(site, site=True) if site is not None else ({}, [])
    return {**shipped, **own}, tuple(sorted(problems))


def _products_in(folder: Path, *, site: bool) -> tuple[dict[str, Product | Unfinished], list[Problem]]:
    found: dict[str, Product | Unfinished] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        product, faults = read_product(path, f"{folder.name}/{path.name}" if site else path.name, site=site)
        problems += faults
        if product is None:
            continue
        if product.key in found:
            problems.append(
                Problem(
                    Place(product.file),
                    "product-twice",
                    f"{product.key} is told by {found[product.key].file} as well.",
                    "Keep one file for each product.",
                )
            )
        found[product.key] = product
    return found, problems
