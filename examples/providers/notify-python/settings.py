"""The settings: variables of the component that this provider is composed into."""

from componentize_py_types import Err
from wit_world.imports import variables


def setting(name: str) -> str:
    """Returns a variable; empty if it is not defined."""
    try:
        return variables.get(name).strip()
    except Err:
        return ""
