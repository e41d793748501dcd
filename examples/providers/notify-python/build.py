"""Builds the component: `python3 build.py` writes notify-python.wasm, `python3 build.py FILE` that file.

The first time it installs what requirements.txt names into `.venv`.
"""

import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
REQUIREMENTS = HERE / "requirements.txt"
INSTALLED = VENV / "requirements.txt"


def run(program: str, *arguments: str) -> None:
    subprocess.run([VENV / "bin" / program, *arguments], cwd=HERE, check=True)


def install() -> None:
    if INSTALLED.exists() and INSTALLED.read_text() == REQUIREMENTS.read_text():
        return
    venv.create(VENV, clear=True, with_pip=True)
    run("pip", "install", "--quiet", "--disable-pip-version-check", "-r", "requirements.txt")
    INSTALLED.write_text(REQUIREMENTS.read_text())


def main() -> None:
    output = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else HERE / f"{HERE.name}.wasm"
    install()
    run("componentize-py", "-q", "-d", "wit", "-w", "provider", "componentize", "app", "-p", ".", "-o", str(output))
    print(f"{output}: {output.stat().st_size} bytes")


main()
