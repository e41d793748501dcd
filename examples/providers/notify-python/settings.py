"""What an operator has set: variables of the component that this is composed into."""

from componentize_py_types import Err
from wit_world.imports import variables


def setting(name: str) -> str:
    """A variable; empty if there is none of that name."""
    try:
        return variables.get(name).strip()
    except Err:
        return ""
