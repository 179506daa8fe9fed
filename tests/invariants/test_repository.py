"""What stands around the code is true: pages lead somewhere, settings exist, the example is the code."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from hendig.operations.command import ENVIRONMENT
from tests.invariants.source import HENDIG, ROOT, nothing

DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
EXAMPLE = re.compile(r"```python\n# (hendig/\S+\.py)\n(.*?)```", re.DOTALL)
VARIABLE = re.compile(r"\b(?:HENDIG_[A-Z_]+|DATABASE_URL|PORT)\b")
# Set by our own processes for each other, or by tests: nobody who installs Hendig needs them.
INTERNAL = {
    "HENDIG_DATABASE",
    "HENDIG_STATIC",
    "HENDIG_BENCH",
    "HENDIG_BENCH_OPEN",
    "HENDIG_BROWSER",
    "HENDIG_CONFORMANCE_DATA",
    "HENDIG_HOSTILE",
} | {
    "HENDIG_SEAL_PUBLIC",
}
# What publiccode.yml must say, by its standard (version 0.5).
REQUIRED = {
    "publiccodeYmlVersion",
    "name",
    "url",
    "platforms",
    "categories",
    "developmentStatus",
    "softwareType",
    "description",
    "legal",
    "maintenance",
    "localisation",
}
STATUS = {"concept", "development", "beta", "stable", "obsolete"}


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text()) if "://" not in link]
    nothing(link for link in links if not (page.parent / link).exists())


def test_every_decision_stands_in_the_list() -> None:
    folder = ROOT / "docs/adr"
    listed = LINK.findall((folder / "README.md").read_text())
    assert listed == sorted(path.name for path in folder.glob("[0-9]*.md"))
    for number, name in enumerate(listed, start=1):
        text = (folder / name).read_text()
        assert text.startswith(f"# {number}. "), name
        assert re.search(r"^2\d{3}-\d\d-\d\d$", text, re.MULTILINE), name


def test_a_decision_that_was_replaced_says_by_which() -> None:
    folder = ROOT / "docs/adr"
    replaced = [
        (page.name, old)
        for page in sorted(folder.glob("[0-9]*.md"))
        for old in re.findall(r"^Replaces.*?\]\(([\w.-]+)\)", page.read_text(), re.MULTILINE)
    ]
    assert replaced
    says = r"^Replaced by.*?\]\({}\)"
    nothing(
        f"{old} does not say that {new} replaced it"
        for new, old in replaced
        if not re.search(says.format(re.escape(new)), (folder / old).read_text(), re.MULTILINE)
    )


def test_the_example_of_a_change_is_the_code() -> None:
    examples = EXAMPLE.findall((ROOT / "CONTRIBUTING.md").read_text())
    assert examples
    for path, code in examples:
        assert code in (ROOT / path).read_text(), f"the example differs from {path}"


def test_the_readme_names_every_setting() -> None:
    said = set(VARIABLE.findall((ROOT / "README.md").read_text()))
    read = set(VARIABLE.findall("\n".join(path.read_text() for path in HENDIG.rglob("*.py")))) - INTERNAL
    nothing(read - said)
    nothing(said - read)
    assert set(VARIABLE.findall(ENVIRONMENT)) <= said


def keys_of(text: str) -> dict[str, str]:
    """The keys at the top of a YAML file with what stands on their line."""
    return dict(re.findall(r"^(\w+):[ ]*(.*)$", text, re.MULTILINE))


def test_publiccode_says_what_its_standard_asks() -> None:
    text = (ROOT / "publiccode.yml").read_text()
    keys = keys_of(text)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    nothing(REQUIRED - set(keys))
    assert re.fullmatch(r"https://\S+", keys["url"])
    assert keys["developmentStatus"] in STATUS
    # The latest stable version and its day: there is neither before the first release.
    released = re.findall(r"^## (\d\S*)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert ({"softwareVersion", "releaseDate"} <= set(keys)) == bool(released)
    assert released or keys["developmentStatus"] not in {"stable", "obsolete"}
    countries = re.search(r"^  countries: \[(.*)\]$", text, re.MULTILINE)
    assert countries
    assert re.fullmatch(r"[a-z]{2}(, [a-z]{2})*", countries[1])
    assert f"license: {project['license']}" in text
    for language in ("nl", "en"):
        about = re.search(rf"^  {language}:\n(.*?)(?=^  \w|^\w)", text, re.MULTILINE | re.DOTALL)
        assert about
        short = re.search(r"shortDescription: (.*)", about[1])
        long = re.search(r"longDescription: >\n((?: {6}.*\n)+)", about[1])
        assert short
        assert len(short[1]) <= 150
        assert long
        assert 150 <= len(" ".join(long[1].split())) <= 10_000
        assert "features:" in about[1]


def test_the_licence_is_the_one_that_is_named() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in text
    assert "Compatible Licences" in text


def test_nothing_names_the_place_where_it_was_written() -> None:
    """Paths of one machine and mirrors of packages belong to nobody who reads this."""
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    wrong = []
    for name in tracked.splitlines():
        path = ROOT / name
        if (
            path.suffix in {".py", ".md", ".toml", ".yml", ".lock", ".html", ".css", ".js", ".svg", ""}
            and path.is_file()
        ):
            text = path.read_text(errors="ignore")
            wrong += [
                f"{name}: {found}" for found in re.findall(r"/(?:home|Users|root)/\w+|--index[-]url", text)
            ]
    nothing(wrong)
