"""The types of requests and responses: `Order`, `Product`, `Money`, `Problem` and all others of the API."""

from ._generated.models import *  # noqa: F403
from ._generated.models import __all__  # noqa: F401
