from pathlib import Path

import pytest

from bot.checkout.local_changes import LocalChanges
from tests.checkout.repositories import Repository, new_repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return new_repository(tmp_path / "work")


@pytest.fixture
def changes() -> LocalChanges:
    return LocalChanges(max_diff_bytes=2**20)
