"""Rebuilds hendig/web/static/vendor and the letters of documents from npm; users of Hendig need no Node.

python tools/vendor_assets.py           fetch the pinned packages, write the files and the lock
python tools/vendor_assets.py --check   compare the files with the lock, fetch nothing
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from hendig.web.icons import ICONS  # noqa: E402 - the script runs from a checkout, not from an install

VENDOR = ROOT / "hendig" / "web" / "static" / "vendor"
LOCK = VENDOR / "assets.lock.json"
# What a document is set in besides what the typesetter carries: never served.
PRESS = ROOT / "hendig" / "people" / "adapters" / "fonts"

PACKAGES = {
    "@utrecht/component-library-css": "9.0.4",
    "@nl-design-system-unstable/voorbeeld-design-tokens": "7.4.1",
    "lucide-static": "1.62.0",
    "@fontsource-variable/figtree": "5.3.0",
    "@fontsource-variable/bricolage-grotesque": "5.3.0",
    "@embedpdf/fonts-arabic": "1.0.0",
}
COMPONENTS = (
    "button",
    "skip-link",
    "textbox",
    "textarea",
    "select",
    "form-label",
    "form-field-description",
    "form-field-error-message",
)
# States and variants that no page of ours has: leaving them out halves the stylesheet.
UNUSED = re.compile(
    r"html-|--submit|pressed|--busy|numeric|--hint|--ready|--warning|-size\b|--placeholder|__placeholder"
    r"|--focus(?:-visible)?\b|--hover|--active|--url|--password|--checkbox|--radio|--checked|--read-only"
    r"|--hidden|--visible(?!-on)|--distanced|> \*|--horizontal|--stretched|--flex|--inline"
)
FONTS = {
    "figtree": "@fontsource-variable/figtree",
    "bricolage-grotesque": "@fontsource-variable/bricolage-grotesque",
}


def fetch(into: Path) -> Path:
    """The pinned packages lie in the returned node_modules."""
    names = [f"{name}@{version}" for name, version in PACKAGES.items()]
    (into / "package.json").write_text("{}")
    subprocess.run(
        ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", *names], cwd=into, check=True
    )
    return into / "node_modules"


def rules_of(css: str) -> list[tuple[str, str]]:
    """Every top-level rule as (selector or at-rule, body); nested at-rules keep their braces in the body."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"@charset[^;]+;", "", css)
    rules, depth, start, head = [], 0, 0, ""
    for at, char in enumerate(css):
        if char == "{":
            if depth == 0:
                head, start = css[start:at].strip(), at + 1
            depth += 1
        elif char == "}":
            depth -= 1
            if depth == 0:
                rules.append((head, css[start:at].strip()))
                start = at + 1
    return rules


def is_ours(selector: str) -> bool:
    classes = re.findall(r"\.(utrecht-[\w-]+)", selector)
    if not classes or UNUSED.search(selector):
        return False
    return all(re.sub(r"(__|--).*", "", name).removeprefix("utrecht-") in COMPONENTS for name in classes)


def kept(css: str) -> str:
    """Only the rules of the components that our pages use, one a line; media rules are our own."""
    out = []
    for head, body in rules_of(css):
        if not head.startswith("@"):
            selector = ",".join(part.strip() for part in head.split(",") if is_ours(part))
            text = " ".join(body.split())
            out.append(f"{selector}{{{text}}}\n" if selector else "")
    return "".join(out)


def close_of(text: str, at: int) -> int:
    """The place of the bracket that closes the one before `at`."""
    depth = 1
    while depth:
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
    return at - 1


def settled(value: str, tokens: dict[str, str], open_names: set[str]) -> str | None:
    """The value with every token of a component replaced by what it stands for, down to the basis tokens.

    None where nothing gives the token a value: the browser would ignore that declaration too.
    """
    at = value.find("var(--")
    if at < 0:
        return value
    end = close_of(value, at + 4)
    name, _, fallback = (part.strip() for part in value[at + 4 : end].partition(","))
    rest = settled(value[end + 1 :], tokens, open_names)
    if name.startswith("--basis-"):
        here: str | None = f"var({name})"
    elif name in open_names:
        inner = settled(fallback, tokens, open_names) if fallback else None
        here = f"var({name},{inner})" if inner else f"var({name})"
    elif name in tokens:
        here = settled(tokens[name], tokens, open_names)
    else:
        here = settled(fallback, tokens, open_names) if fallback else None
    return None if here is None or rest is None else value[:at] + here + rest


def settle(css: str, tokens: dict[str, str]) -> str:
    """The rules with component tokens settled; what the rules themselves assign stays a custom property."""
    assigned = set(re.findall(r"[{;](--[\w-]+):", css))
    lines = []
    for line in css.split("\n"):
        head, _, body = line.partition("{")
        pairs = [pair.partition(":") for pair in body.rstrip("}").split(";") if ":" in pair]
        settled_pairs = [(name, settled(value.strip(), tokens, assigned)) for name, _, value in pairs]
        kept_pairs = ";".join(f"{name}:{value}" for name, value in settled_pairs if value is not None)
        if kept_pairs:
            lines.append(f"{head}{{{kept_pairs}}}\n")
    return "".join(lines)


def tokens_for(css: str, values: dict[str, str]) -> str:
    """The theme's tokens that the stylesheet reaches, directly or through other tokens."""
    ours = "\n".join(path.read_text() for path in (VENDOR.parent / "web").rglob("*.css"))
    open_ends = set(re.findall(r"--[\w-]+", css + ours))
    reached: set[str] = set()
    while open_ends:
        name = open_ends.pop()
        if name in values and name not in reached:
            reached.add(name)
            open_ends |= set(re.findall(r"--[\w-]+", values[name]))
    return ":root{" + ";".join(f"{name}:{values[name]}" for name in sorted(reached)) + "}\n"


def stylesheet(modules: Path) -> str:
    library = (modules / "@utrecht/component-library-css/dist/index.css").read_text()
    theme = (modules / "@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css").read_text()
    tokens = dict(re.findall(r"(--[\w-]+):\s*([^;]+);", theme))
    components = settle(kept(library), tokens)
    note = (
        "/* EUPL-1.2. Only the rules and tokens that are used, component tokens settled, from\n"
        "   @utrecht/component-library-css (Gemeente Utrecht, Frameless B.V.) and\n"
        "   @nl-design-system-unstable/voorbeeld-design-tokens (NL Design System community).\n"
        "   Made by tools/vendor_assets.py. */\n"
    )
    return f"{note}@layer vendor{{\n{tokens_for(components, tokens)}{components}}}\n"


def sprite(modules: Path) -> str:
    """One SVG with a symbol per icon, in the order of the alphabet."""
    symbols = []
    for name in sorted(ICONS):
        svg = (modules / "lucide-static/icons" / f"{name}.svg").read_text()
        shapes = "".join(line.strip() for line in svg.split(">\n", 2)[2].split("\n")[:-2])
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>\n')
    return (
        "<!-- lucide-static, ISC and MIT (Feather), see LICENSE -->\n"
        f'<svg xmlns="http://www.w3.org/2000/svg">\n{"".join(symbols)}</svg>\n'
    )


def place(name: str) -> Path:
    """Where a file of the lock lies."""
    return PRESS / name.removeprefix("press/") if name.startswith("press/") else VENDOR / name


def build(modules: Path) -> dict[str, dict[str, str]]:
    """The vendor folder holds exactly what the packages give; returns file, package and version."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    shutil.rmtree(PRESS, ignore_errors=True)
    origin: dict[str, str] = {}

    def write(name: str, package: str, content: bytes) -> None:
        target = place(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        origin[name] = package

    utrecht = "@utrecht/component-library-css"
    write("nldesign/nldesign.css", utrecht, stylesheet(modules).encode())
    tokens = "@nl-design-system-unstable/voorbeeld-design-tokens"
    write("nldesign/LICENSE.md", tokens, (modules / tokens / "LICENSE.md").read_bytes())
    write("lucide/sprite.svg", "lucide-static", sprite(modules).encode())
    write("lucide/LICENSE", "lucide-static", (modules / "lucide-static/LICENSE").read_bytes())
    for font, package in FONTS.items():
        for script in ("latin", "latin-ext"):
            name = f"{font}-{script}-wght-normal.woff2"
            write(f"fonts/{name}", package, (modules / package / "files" / name).read_bytes())
        write(f"fonts/LICENSE-{font}", package, (modules / package / "LICENSE").read_bytes())
    arabic = "@embedpdf/fonts-arabic"
    for weight in ("Regular", "Bold"):
        name = f"NotoNaskhArabic-{weight}.ttf"
        write(f"press/{name}", arabic, (modules / arabic / "fonts" / name).read_bytes())
    write("press/LICENSE-noto-naskh-arabic", arabic, (modules / arabic / "LICENSE").read_bytes())
    return {
        name: {
            "package": package,
            "version": PACKAGES[package],
            "sha256": hashlib.sha256(place(name).read_bytes()).hexdigest(),
        }
        for name, package in sorted(origin.items())
    }


def differences() -> list[str]:
    """The files that are not what the lock says, or that the lock does not know."""
    lock = json.loads(LOCK.read_text())
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path != LOCK
    }
    found |= {f"press/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest() for path in PRESS.iterdir()}
    return sorted(
        name for name in lock.keys() | found.keys() if lock.get(name, {}).get("sha256") != found.get(name)
    )


def main() -> int:
    if "--check" in sys.argv:
        wrong = differences()
        print("\n".join(wrong) or "The vendored files are what the lock says.")
        return 1 if wrong else 0
    with tempfile.TemporaryDirectory() as folder:
        lock = build(fetch(Path(folder)))
    LOCK.write_text(json.dumps(lock, indent=2) + "\n")
    print(f"{len(lock)} files written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
