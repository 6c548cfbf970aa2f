"""The documents say what the code does: generated pages are fresh, links lead somewhere, examples are there."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

import lapwing
from lapwing.records import Event
from lapwing.store import open_store

ROOT = Path(__file__).parents[1]

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").glob("*.md")])

EXAMPLES = ("casualties", "denials", "interview", "protest", "summit")


def build_reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_reference", ROOT / "docs" / "build_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_the_command_line_is_fresh() -> None:
    module = build_reference()
    assert module.PAGE.read_text(encoding="utf-8") == module.page(), "run: python docs/build_reference.py"


def test_the_page_of_the_store_is_fresh_and_tells_of_every_column(tmp_path: Path) -> None:
    module = build_reference()
    page = module.store_page()
    assert module.STORE_PAGE.read_text(encoding="utf-8") == page, "run: python docs/build_reference.py"
    with open_store(tmp_path / "a.duckdb") as store:
        columns = store.engine.rows("SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal")
        views = {name for (name,) in store.engine.rows("SELECT view_name FROM duckdb_views() WHERE NOT internal")}
    told = {
        (section.split("\n")[0], name)
        for section in page.split("\n### ")[1:]
        for name in re.findall(r"^\| `(\w+)` \|", section, re.M)
    }
    alike = views | {
        table for table, _ in columns if table.startswith("revised_")
    }  # with the columns of tables that are told
    assert [name for name in sorted(alike) if f"`{name}`" not in page] == []
    assert {column for column in columns if column[0] not in alike} - told == {
        ("migrations", name) for name in ("version", "name", "applied")
    }


def test_the_page_of_the_exports_is_fresh() -> None:
    module = build_reference()
    assert module.EXPORTS_PAGE.read_text(encoding="utf-8") == module.exports_page(), (
        "run: python docs/build_reference.py"
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        assert link.startswith("https://") or (page.parent / link).exists(), link


def test_every_field_of_the_record_is_described() -> None:
    page = (ROOT / "docs" / "reference" / "record.md").read_text(encoding="utf-8")
    assert [field for field in Event.__struct_fields__ if f"`{field}`" not in page] == []


def test_the_version_is_told_once() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == lapwing.__version__


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_there_and_of_an_articles_length(name: str) -> None:
    words = (ROOT / "examples" / f"{name}.txt").read_text(encoding="utf-8").split()
    assert 250 <= len(words) <= 500


def test_every_module_of_the_table_exists() -> None:
    table = (
        (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Where do I change it?")[1].split("\n## ")[0]
    )
    right = [line.rsplit("|", 2)[1] for line in table.splitlines() if line.startswith("| ")][1:]
    names = [name for cell in right for name in re.findall(r"`([a-z_]+(?:/[a-z_.*]*)?(?:\.py)?)`", cell)]
    missing = [name for name in names if not _exists(name)]
    assert names
    assert missing == []


def _exists(name: str) -> bool:
    package = ROOT / "src" / "lapwing"
    return any(base.exists() for base in (package / name, package / f"{name}.py", ROOT / name)) or (
        "*" in name and any(package.glob(name))
    )


def test_the_pages_on_sources_and_exports_leave_none_out() -> None:
    from lapwing.exports import FORMATS
    from lapwing.sources import KINDS

    folder = Path(__file__).parents[1] / "docs" / "how-to"
    sources = (folder / "read-any-source.md").read_text(encoding="utf-8")
    exports = (folder / "use-an-export.md").read_text(encoding="utf-8")
    assert [suffix for suffix in KINDS if f"`{suffix}`" not in sources] == []
    assert [format for format in FORMATS if f"`{format}`" not in exports] == []
    named = set(re.findall(r"-f ([\w-]+)", exports)) - {"gold"}
    assert named <= set(FORMATS)
