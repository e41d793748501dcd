import json
import re
from pathlib import Path

import httpx
from conftest import URL

from spindle_client import AsyncSpindle, Spindle

DOCUMENT = Path(__file__).parents[3] / "api-specs/openapi.json"


def test_both_clients_have_every_operation_of_the_document() -> None:
    document = json.loads(DOCUMENT.read_text())
    spindle = Spindle(URL, transport=httpx.MockTransport(lambda _: httpx.Response(500)))
    asynchronous = AsyncSpindle(URL, transport=httpx.MockTransport(lambda _: httpx.Response(500)))
    found = 0
    for item in document["paths"].values():
        for operation in (member for member in item.values() if "operationId" in member):
            name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", operation["operationId"]).lower()
            for client in (spindle, asynchronous):
                service = getattr(client, operation["tags"][0])
                assert callable(getattr(service, name))
                assert callable(getattr(service, f"{name}_response"))
            found += 1
    assert found > 50
