"""Imports go down only: DESIGN §3, docs/architecture.md."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAYERS = {
    "sci_portal": 7,
    "annexes": 6,
    "reports": 6,
    "api": 6,
    "projects": 5,
    "mous": 4,
    "meetings": 3,
    "organisations": 2,
    "initiative": 1,
    "documents": 1,
    "accounts": 0,
    "publishing": 0,
    "listing": 0,
}


def imported(path: Path) -> set[str]:
    """Return the top-level packages that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    return names


def test_imports_go_down_only():
    wrong = [
        f"{path.relative_to(ROOT)} imports {other}"
        for package, layer in LAYERS.items()
        for path in (ROOT / package).rglob("*.py")
        for other in imported(path) & LAYERS.keys() - {package}
        if LAYERS[other] >= layer
    ]
    assert wrong == []


def test_every_package_has_a_layer():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages <= LAYERS.keys()
