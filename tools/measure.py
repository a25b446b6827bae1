#!/usr/bin/env python3
"""Counts what the code looks like: files, methods, comments, public types, long lines. Usage: tools/measure.py [FOLDER ...]"""
import re
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = sys.argv[1:] or ["OtpPortal", "OtpPortal.Tests", "OtpPortal.E2E"]
LONGEST_LINE = 140

TYPE = re.compile(r"^\s*public (?:(?:static|sealed|abstract|partial|readonly) )*(?:class|record|struct|enum|interface)\b")
METHOD = re.compile(
    r"^(?P<indent> {4,12})(?:\[.*\] )?(?:(?:public|private|protected|internal|static|async|override|virtual|sealed|partial|extern|new) )*"
    r"(?!return|await|throw|new|else|case|using|if|while|for|foreach|switch|lock|yield|var |get|set|init|from|where|select|and|or|is|not)"
    r"[A-Za-z_][\w.<>,?\[\]() ]* (?P<name>[A-Z]\w*)(?:<[\w, ]+>)?\((?!.*;\s*$)")


def sources(folder):
    for path in sorted((ROOT / folder).rglob("*")):
        parts = path.relative_to(ROOT).parts
        if path.suffix in (".cs", ".razor") and "bin" not in parts and "obj" not in parts and "Migrations" not in parts:
            yield path, path.read_text(encoding="utf-8-sig").splitlines()


def methods(lines):
    """Length of each method in lines, from its signature to its end."""
    row = 0
    while row < len(lines):
        match = METHOD.match(lines[row])
        if not match:
            row += 1
            continue
        indent, end = match["indent"], row
        while end < len(lines):
            line = lines[end]
            if line.startswith(indent + "}") and not line.startswith(indent + " "):
                break
            if line.rstrip().endswith(";") and (end == row or len(line) - len(line.lstrip()) <= len(indent) + 12) \
                    and not any(other.startswith(indent + "{") for other in lines[row:end + 1]):
                break
            end += 1
        yield match["name"], end - row + 1
        row += 1


for folder in FOLDERS:
    files, all_methods, comments, code, public, long_lines = [], [], 0, 0, 0, 0
    for path, lines in sources(folder):
        files.append((len(lines), path.relative_to(ROOT)))
        public += sum(1 for line in lines if TYPE.match(line))
        long_lines += sum(1 for line in lines if len(line) > LONGEST_LINE)
        if path.suffix == ".cs":
            code += sum(1 for line in lines if line.strip())
            comments += sum(1 for line in lines if line.lstrip().startswith("//"))
            all_methods += [(length, f"{path.relative_to(ROOT)}: {name}") for name, length in methods(lines)]
    print(folder)
    print(f"  files: {len(files)}, median {statistics.median(length for length, _ in files):.0f} lines, longest {max(files)[0]} ({max(files)[1]}),"
          f" over 200: {sum(1 for length, _ in files if length > 200)}")
    if all_methods:
        print(f"  methods: {len(all_methods)}, median {statistics.median(length for length, _ in all_methods):.0f} lines,"
              f" longest {max(all_methods)[0]} ({max(all_methods)[1]}), over 40: {sum(1 for length, _ in all_methods if length > 40)}")
    print(f"  comments: {100 * comments / max(code, 1):.1f} % of {code} lines of C#")
    print(f"  public types: {public}")
    print(f"  lines over {LONGEST_LINE}: {long_lines}")

if not sys.argv[1:]:
    title, count = None, 0
    for line in [*(ROOT / "tools" / "paths.txt").read_text(encoding="utf-8").splitlines(), ""]:
        if not line and title:
            print(f"{title}: {count} files")
            title, count = None, 0
        elif line and not line.startswith("#"):
            if title is None:
                title = line
            elif (ROOT / "OtpPortal" / line).exists():
                count += 1
            else:
                sys.exit(f"tools/paths.txt: OtpPortal/{line} does not exist")
