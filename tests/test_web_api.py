"""The API against its own description: what is asked by chance is answered as OpenAPI says, or refused as a problem."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import positive_data_acceptance
from schemathesis.core.result import Ok

from factories import code_by_rote
from lapwing.settings import Settings
from lapwing.web.app import create_app
from lapwing.web.rates import Buckets

HOME = "http://127.0.0.1"

EXAMPLES_PER_OPERATION = 8

UPLOADS = "/api/v1/submissions/files"
"""What is tested by hand (`test_web_submit`): a client cannot even send most wrong files."""

# Not asked for: that all be accepted that has the right form (`positive_data_acceptance`). A text may be no date, a dyad name
# no two sides, a submission hold no article; that is refused with the reason, which no schema says.


@pytest.fixture(scope="module")
def client(example_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A workbench on a copy of the examples, for which time flies, so that no rate holds it up."""
    path = tmp_path_factory.mktemp("api") / "examples.duckdb"
    path.write_bytes(example_store.read_bytes())
    app = create_app(path, code=code_by_rote, reading=Settings(robots=False, retries=0, timeout_s=0.1, fetch_s=0.2))
    minutes = itertools.count(step=60)
    object.__setattr__(app.state.workbench.buckets, "_clock", lambda: float(next(minutes)))
    with TestClient(app, base_url=HOME, raise_server_exceptions=False) as running:
        yield running


@pytest.fixture(scope="module")
def description(client: TestClient) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_dict(client.get("/api/v1/openapi.json").json())


def tried(operation: schemathesis.APIOperation[Any, Any, Any, Any], client: TestClient) -> str | None:
    """What was wrong with an answer, by chance requests to one operation."""

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES_PER_OPERATION,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def answers_as_described(case: schemathesis.Case[Any]) -> None:
        asked = case.as_transport_kwargs(base_url=HOME)
        asked.pop("cookies", None)
        case.validate_response(client.request(**asked), excluded_checks=[positive_data_acceptance])

    try:
        answers_as_described()
    except (Exception, BaseExceptionGroup) as error:  # of whatever kind: all operations are tried before any is told
        return f"{operation.method.upper()} {operation.path}: {error}\n{getattr(error, 'exceptions', '')}"
    return None


def test_what_is_asked_by_chance_is_answered_as_described(
    description: schemathesis.BaseSchema, client: TestClient
) -> None:
    found = list(description.get_all_operations())
    operations = [result.ok() for result in found if isinstance(result, Ok)]
    assert len(operations) == len(found) >= 8
    wrong = [told for operation in operations if operation.path != UPLOADS and (told := tried(operation, client))]
    assert wrong == [], "\n\n".join(wrong)


def test_the_description_names_no_other_host_and_every_page_has_a_twin(client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json").json()
    assert "servers" not in described
    for path, operations in described["paths"].items():
        assert path.startswith("/api/v1/")
        for operation in operations.values():
            assert operation["responses"]["default"]["content"].keys() == {"application/problem+json"}
            assert operation["description"], path


def test_buckets_fill_again() -> None:
    now = [0.0]
    buckets = Buckets(clock=lambda: now[0])
    assert [buckets.take("a", "x", per_minute=1) for _ in range(2)] == [0.0, 60.0]
    now[0] = 30.0
    assert buckets.take("a", "x", per_minute=1) == 30.0
    now[0] = 60.0
    assert buckets.take("a", "x", per_minute=1) == 0.0
