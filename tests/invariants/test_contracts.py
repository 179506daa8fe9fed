"""Each import contract of the house stands, and is broken here by one import, or one file, too many."""

from __future__ import annotations

from copy import deepcopy

import grimp
import pytest
from importlinter import configuration
from importlinter.application.use_cases import read_user_options
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract
from importlinter.domain.contract import Contract

from tests.invariants.source import ROOT

ROOMS = "The rooms of the house: top imports from below, never the other way"
INSIDE = "Inside a room: from the address to the table"
VIEWS = "Views do not import models"
KERNEL = "The kernel knows no Django"
KINDS: dict[str, type[Contract]] = {"layers": LayersContract, "forbidden": ForbiddenContract}
configuration.configure()
SETTINGS = read_user_options(str(ROOT / "pyproject.toml"))


@pytest.fixture(scope="module")
def house() -> grimp.ImportGraph:
    """What imports what, as it is now."""
    return grimp.build_graph("hendig", include_external_packages=True, cache_dir=None)


def stands(name: str, house: grimp.ImportGraph) -> bool:
    (options,) = (one for one in SETTINGS.contracts_options if one["name"] == name)
    contract = KINDS[options["type"]](name, SETTINGS.session_options, options)
    return contract.check(deepcopy(house), verbose=False).kept


def test_every_contract_is_broken_here() -> None:
    assert {one["name"] for one in SETTINGS.contracts_options} == {ROOMS, INSIDE, VIEWS, KERNEL}


@pytest.mark.parametrize(
    ("name", "importer", "imported"),
    [
        (ROOMS, "hendig.people.rules", "hendig.billing.rules"),
        (ROOMS, "hendig.kernel.periods", "hendig.audit.models"),
        (INSIDE, "hendig.matching.rules", "hendig.matching.actions"),
        (INSIDE, "hendig.plans.actions", "hendig.plans.views"),
        (INSIDE, "hendig.plans.models", "hendig.plans.rules"),
        (VIEWS, "hendig.tents.views", "hendig.tents.models"),
        (VIEWS, "hendig.tents.views", "hendig.families.models"),
        (KERNEL, "hendig.kernel.actor", "django"),
        (KERNEL, "hendig.kernel.actor", "psycopg"),
    ],
)
def test_an_import_the_wrong_way_breaks_the_contract(
    house: grimp.ImportGraph, name: str, importer: str, imported: str
) -> None:
    broken = deepcopy(house)
    known = importer in house.modules, any(one.startswith(imported) for one in house.modules)
    assert all(known), known
    broken.add_import(importer=importer, imported=imported)
    assert (stands(name, house), stands(name, broken)) == (True, False)


@pytest.mark.parametrize(("name", "module"), [(ROOMS, "hendig.attic"), (INSIDE, "hendig.plans.utils")])
def test_a_room_or_a_file_without_a_place_breaks_the_contract(
    house: grimp.ImportGraph, name: str, module: str
) -> None:
    broken = deepcopy(house)
    broken.add_module(module)
    assert not stands(name, broken)
