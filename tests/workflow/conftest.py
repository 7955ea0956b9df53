"""A copy of the project to run the workflow in, as a user would."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from project import Workflow, lay_out


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Take Ctrl-C as usual: a shell has what it starts in the background, these tests perhaps, ignore it."""
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, usual)


@pytest.fixture
def workflow(tmp_path) -> Workflow:
    """Return a fresh copy of the project."""
    return lay_out(tmp_path / "project")


@pytest.fixture(scope="session")
def example(tmp_path_factory) -> Workflow:
    """Return a copy in which the example study has been run; do not change it."""
    project = lay_out(tmp_path_factory.mktemp("example") / "project")
    (project.folder / "stdout.txt").write_text(project.complete().stdout)
    return project


@pytest.fixture(scope="session")
def results(example) -> Path:
    return example.results("example")


@pytest.fixture
def example_copy(example, tmp_path) -> Workflow:
    """Return a copy of the run example that may be changed."""
    return example.copy_to(tmp_path / "project")
