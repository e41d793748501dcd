"""`helm template` and `helm lint` for machines without Helm: the same engine, from the Python package of its SDK.

Usage: helm.py template RELEASE CHART --namespace N [--values FILE]...
       helm.py lint CHART --strict [--values FILE]...
"""

import argparse
import re
import sys

import helm_python as helm


def merge(into, values):
    """Merges `values` into `into` as Helm merges files of values: tables by key, anything else as a whole."""
    for key, value in values.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value)
        else:
            into[key] = value


def template(options, values):
    with helm.Chart.load(options.chart) as chart:
        rendered = chart.render(values=values, name=options.release, namespace=options.namespace)
    for path, text in sorted(rendered.items()):
        if path.endswith("/NOTES.txt"):
            continue
        for document in re.split(r"(?m)^---[ \t]*$", text):
            if document.strip():
                print(f"---\n# Source: {path}\n{document.strip()}")


def lint(options, values):
    report = helm.lint(options.chart, values, strict=True)
    for message in report["messages"]:
        # 1 is a hint.
        print(f"[{message['severity']}] {message['path']}: {message['error']}")
    for error in report["errors"]:
        print(error)
    if report["errors"] or any(message["severity"] > 1 for message in report["messages"]):
        sys.exit(1)


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(required=True)
    for name, run in ("template", template), ("lint", lint):
        command = commands.add_parser(name)
        if name == "template":
            command.add_argument("release")
        command.add_argument("chart")
        command.add_argument("--namespace", default="default")
        command.add_argument("--strict", action="store_true")
        command.add_argument("--values", action="append", default=[])
        command.set_defaults(run=run)
    options = parser.parse_args()
    values = {}
    for file in options.values:
        with open(file, encoding="utf-8") as text:
            merge(values, helm.values_from_yaml(text.read()))
    try:
        options.run(options, values)
    except helm.HelmError as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    main()
