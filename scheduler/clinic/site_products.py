"""The product files that count at this clinic: its own in place of the shipped ones."""

from __future__ import annotations

from scheduler.clinic.plans import Faulty
from scheduler.clinic.settings import Settings
from scheduler.protocol.product_files import read_products
from scheduler.protocol.product_model import Product, Products, Unfinished


def products_of(settings: Settings) -> dict[str, Product | Unfinished]:
    """By the name that treatments use; Faulty where a file of the site has a fault: no shipped one stands in for it."""
    found, problems = read_products(settings.products)
    if problems:
        raise Faulty(problems)
    return found


def known(products: Products) -> dict[str, Product]:
    """Those of which the vial is known."""
    return {key: product for key, product in products.items() if isinstance(product, Product)}
