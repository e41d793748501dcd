"""Generates src/spindle_client/_generated from api-specs/openapi.json.

openapi-python-client reads most of the document as it is. `prepare` simplifies what it does not know, and the templates
make enumerations open and methods of operations. With `--check`, nothing is written: the exit code is 1 if the code
would change.
"""

import filecmp
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType

HERE = Path(__file__).resolve().parent
CLIENT = HERE.parent
DOCUMENT = CLIENT.parent.parent / "api-specs/openapi.json"
TARGET = CLIENT / "src/spindle_client/_generated"

Schema = dict[str, Any]

NO_MEMBERS = {"schema": {"$ref": "#/components/schemas/NoMembers"}}


def prepare(document: Schema) -> Schema:
    """Returns the document in terms that the generator knows, without the responses that become exceptions."""
    schemas: dict[str, Schema] = document["components"]["schemas"]
    # Keywords that only check a request, which the server does as well.
    for schema in schemas.values():
        if "properties" in schema:
            for keyword in ("allOf", "oneOf"):
                schema.pop(keyword, None)
    for name, schema in list(schemas.items()):
        if "allOf" in schema:
            merged = merge_problem(schemas["Problem"], schema)
            if merged is None:
                del schemas[name]
            else:
                schemas[name] = merged
        elif "oneOf" in schema:
            schemas[name] = enumeration(schema)
        else:
            for member in schema.get("properties", {}).values():
                simplify_values(member, sent_only=schema.get("additionalProperties") is False)

    for parameter in document["components"]["parameters"].values():
        # The client makes a key where the caller passes none.
        if parameter["name"] == "Idempotency-Key":
            parameter["required"] = False
        describe(parameter)
    for operation in operations(document):
        operation["responses"] = {
            status: success(response) for status, response in operation["responses"].items() if status[0] == "2"
        }
        # An optional body without members is left out.
        if operation.get("requestBody", {}).get("content", {}).get("application/json") == NO_MEMBERS:
            del operation["requestBody"]
        for parameter in operation.get("parameters", []):
            if "schema" in parameter:
                parameter["schema"].pop("default", None)
                simplify_values(parameter["schema"], sent_only=True)
                describe(parameter)
    del document["components"]["responses"]
    del schemas["NoMembers"]
    drop_examples(document)
    return document


def operations(document: Schema) -> Iterator[Schema]:
    """Yields each operation of the document."""
    for item in document["paths"].values():
        for method in ("get", "put", "post", "delete", "patch"):
            if method in item:
                yield item[method]


def success(response: Schema) -> Schema:
    """Returns a response without its headers, which the generator does not read."""
    return {key: value for key, value in response.items() if key != "headers"}


def describe(parameter: Schema) -> None:
    """Describes the schema of a parameter as the parameter is, because the generator reads that one."""
    if "$ref" not in parameter["schema"] and "description" in parameter:
        parameter["schema"]["description"] = parameter["description"]


def merge_problem(problem: Schema, schema: Schema) -> Schema | None:
    """Returns a problem with members of its own as one object; `None` if it has none."""
    own = schema["allOf"][1]
    members = {name: member for name, member in own["properties"].items() if name not in problem["properties"]}
    if not members:
        return None
    return {
        "type": "object",
        "description": schema.get("description", "A problem with further members."),
        "properties": problem["properties"] | members,
        "required": problem["required"] + [name for name in own.get("required", []) if name in members],
    }


def enumeration(schema: Schema) -> Schema:
    """Returns a choice of constants as an enumeration, with what each value means in the description."""
    choices = schema["oneOf"]
    meanings = [f"- `{choice['const']}`: {choice['description']}" for choice in choices if "description" in choice]
    description = "\n".join([schema.get("description", ""), "", *meanings]).strip()
    return {"type": "string", "enum": [choice["const"] for choice in choices], "description": description}


def simplify_values(schema: Schema, *, sent_only: bool) -> None:
    """Makes literals of the fixed values that are only sent, and plain types of those that are received."""
    if "const" in schema and not sent_only:
        del schema["const"]
    if "enum" in schema:
        schema["oneOf"] = [{"const": value, "type": "string"} for value in schema.pop("enum")]
        schema.pop("type", None)


def drop_examples(value: object) -> None:
    """Removes the examples, which would fill the doc comments."""
    if isinstance(value, dict):
        for name in ("example", "examples"):
            if name in value and "properties" not in value.get(name, {}):
                del value[name]
        for member in value.values():
            drop_examples(member)
    elif isinstance(value, list):
        for item in value:
            drop_examples(item)


def secrets(document: Schema) -> set[tuple[str, str]]:
    """Returns the schemas and members that a `repr` must not show."""
    return {
        (schema, name)
        for schema, content in document["components"]["schemas"].items()
        for name, member in content.get("properties", {}).items()
        if member.get("format") == "password" or name == "token" or name.endswith("_token")
    }


def hide(secret: tuple[str, str], package: Path) -> None:
    """Keeps a member out of the `repr` of its model."""
    schema, name = secret
    path = package / "models" / (re.sub(r"(?<=[a-z])(?=[A-Z])", "_", schema).lower() + ".py")
    text, count = re.subn(
        rf"^    {name}: str$", f"    {name}: str = _attrs_field(repr=False)", path.read_text(), flags=re.M
    )
    if count != 1:
        sys.exit(f"{path}: `{name}: str` occurs {count} times, and has to be hidden once")
    path.write_text(text)


def build(package: Path, scratch: Path) -> None:
    """Generates the code into `package`."""
    document = prepare(json.loads(DOCUMENT.read_text()))
    source = scratch / "openapi.json"
    source.write_text(json.dumps(document))
    settings = ConfigFile(
        content_type_overrides={"application/x-ndjson": "application/octet-stream"},
        docstrings_on_attributes=True,
        post_hooks=[],
    )
    config = Config.from_sources(settings, MetaType.NONE, source, "utf-8", overwrite=True, output_path=package)
    for error in generate(config=config, custom_template_path=HERE / "templates"):
        sys.exit(f"{error.header}: {error.detail}")
    for unused in ("client.py", "errors.py"):
        (package / unused).unlink()
    for secret in sorted(secrets(document)):
        hide(secret, package)
    settings_of_ruff = ["--quiet", "--config", str(CLIENT / "pyproject.toml")]
    for command in (["check", "--fix-only", "--select", "F401,I,UP", *settings_of_ruff], ["format", *settings_of_ruff]):
        subprocess.run([sys.executable, "-m", "ruff", *command, str(package)], check=True)


def differences(left: Path, right: Path) -> list[str]:
    """Returns the files that are in one folder only, or have another content in the other."""
    files = {path.relative_to(root) for root in (left, right) for path in root.rglob("*.py")}
    same, _, _ = filecmp.cmpfiles(left, right, [str(file) for file in files], shallow=False)
    return sorted({str(file) for file in files} - set(same))


def main() -> None:
    """Writes the code, or compares it."""
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "_generated"
        build(package, Path(folder))
        changed = differences(package, TARGET) if TARGET.exists() else ["everything"]
        if "--check" in sys.argv[1:]:
            if changed:
                sys.exit(f"not current: {', '.join(changed)}. Run generator/generate.py")
            return
        if TARGET.exists():
            for path in TARGET.rglob("*.py"):
                path.unlink()
        for path in package.rglob("*.py"):
            target = TARGET / path.relative_to(package)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())


if __name__ == "__main__":
    main()
