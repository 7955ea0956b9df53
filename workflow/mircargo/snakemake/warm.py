"""A warm process: it has imported what the steps of a run need, and runs each step in a fork of itself.

A workflow starts it with its first step and holds a pipe to it; however the workflow ends, the pipe closes, and the
warm process ends with every step that is still running. Each step is a process of its own all the same: it has the
arguments, folder, environment and streams of the command that asked for it, and dies with that command.
"""

import contextlib
import gc
import importlib
import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final, NoReturn

from mircargo.figures.catalogue import MODULES
from mircargo.snakemake.warm_client import ADDRESS, installation, use_one_thread
from mircargo.steps import STEPS

# What is imported, or called (module:function), in this order, for the steps that need it (`Step.needs`); a command
# waits until it is there.
STAGES: Final = {
    "tables": (
        "pandas", "mircargo.cli.main", "mircargo.checks.study", "mircargo.features.ledger",
        "mircargo.inputs.registry", "mircargo.checks.libraries", "mircargo.model.normalisation.choice",
        "mircargo.features.name_history:prepare", "mircargo.features.compound:own_hairpins",
        "mircargo.features.compound:matures_of_hairpins", "mircargo.features.mirbase:hairpin_names",
    ),
    "model": (
        "pydeseq2.dds", "mircargo.model.engines.deseq2", "mircargo.model.engines.by_fraction",
        "mircargo.robustness.stress", "mircargo.robustness.variants", "mircargo.cargo.co_cargo",
        "mircargo.cargo.target_call", "mircargo.cargo.expectations", "mircargo.cargo.permutation_fdr",
        "statsmodels.nonparametric.smoothers_lowess",
    ),
    "figures": (
        "matplotlib.pyplot", "matplotlib.backends.backend_svg", "matplotlib.backends.backend_pdf",
        *MODULES.values(), "mircargo.figures.style:rehearse",
    ),
    "exports": (
        "mircargo.results.reader", "mircargo.export.h5ad", "mircargo.export.workbook", "mircargo.export.multiqc",
        "mircargo.report.build:prepare", "mircargo.export.crate",
    ),
}  # fmt: skip
REFUSED: Final = b"refused"
PATIENCE: Final = 5.0


def start() -> Any:
    """Start a warm process for the commands that this process and its children will run.

    Returns
    -------
    subprocess.Popen or None
        The process; it ends when its standard input closes. None where this system has no forks that carry on what was
        imported, the user has set MIRCARGO_WARM (to nothing: no warm process is wanted), or the temporary folder
        cannot hold its address: it may not be written, its disk is full, or its path is too long for a socket. A run
        without a warm process is slower and the same.
    """
    if not sys.platform.startswith("linux") or ADDRESS in os.environ:
        return None
    try:
        folder = tempfile.mkdtemp(prefix="mircargo-")
    except OSError:
        return None
    address = str(Path(folder) / "warm")
    try:
        # Bound here, so that a command that comes before the process is ready waits for it.
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(address)
            listener.listen(64)
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "mircargo.snakemake.warm", address, str(listener.fileno())],
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, pass_fds=[listener.fileno()],
            )  # fmt: skip
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        return None
    os.environ[ADDRESS] = address
    return process


def load(name: str) -> None:
    """Import a module, or call a function of one that keeps what it has found: `module:function`."""
    module, _, function = name.partition(":")
    loaded = importlib.import_module(module)
    if function:
        getattr(loaded, function)()


class Server:
    """Listens at an address, imports stage by stage, and runs commands in forks.

    Attributes
    ----------
    waiting
        Requests (connection, streams, content) that need what is not imported yet.
    running
        Process -> connection of the command that waits for its exit code.
    """

    def __init__(self, address: str, listener: socket.socket) -> None:
        self.address, self.listener = Path(address), listener
        self.done = 0
        self.ahead = [name for names in STAGES.values() for name in names]
        self.waiting: list[tuple[socket.socket, list[int], dict[str, Any]]] = []
        self.running: dict[int, socket.socket] = {}
        self.selector = selectors.DefaultSelector()
        self.ended, notice = os.pipe()
        os.set_blocking(notice, False)
        signal.set_wakeup_fd(notice, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for source, what in ((self.listener, self._accept), (self.ended, self._reap), (0, self._stop)):
            self.selector.register(source, selectors.EVENT_READ, what)

    def serve(self) -> None:
        """Serve until standard input closes; then end what still runs."""
        try:
            while True:
                # While there is something to import, requests are only looked for between two imports.
                for key, _ in self.selector.select(0 if self.ahead else None):
                    key.data(key.fileobj)
                if self.ahead:
                    self._import_next()
                self._run_waiting()
        except EOFError:
            pass
        finally:
            for process in self.running:
                _kill(process)
            self.address.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                self.address.parent.rmdir()

    def _import_next(self) -> None:
        name = self.ahead.pop(0)
        # What cannot be imported here is missed, and told of, by the step that needs it.
        with contextlib.suppress(ImportError):
            load(name)
        self.done += 1

    def _ready_for(self, arguments: list[str]) -> bool:
        kinds = [STEPS[argument] for argument in arguments[1:5] if argument in STEPS]
        needed = 0
        for stage, names in STAGES.items():
            needed += len(names)
            if any(kind.needs == stage for kind in kinds):
                return self.done >= needed
        return not self.ahead

    def _accept(self, _: Any) -> None:
        connection, _address = self.listener.accept()
        connection.settimeout(PATIENCE)
        streams: list[int] = []
        try:
            head, streams, _flags, _ = socket.recv_fds(connection, 8, 3)
            with connection.makefile("rb") as request:
                text = request.read(int.from_bytes(head, "big"))
            content = json.loads(text.decode("utf-8", "surrogateescape"))
        except (OSError, ValueError):
            _close(connection, streams)
            return
        if content["installation"] != installation() or len(streams) != 3:
            connection.sendall(REFUSED)
            _close(connection, streams)
            return
        self.waiting.append((connection, streams, content))

    def _run_waiting(self) -> None:
        for request in [each for each in self.waiting if self._ready_for(each[2]["arguments"])]:
            self.waiting.remove(request)
            connection, streams, content = request
            process = os.fork()
            if process == 0:
                connection.close()
                self._let_go()
                _become(content, streams)
            for stream in streams:
                os.close(stream)
            self.running[process] = connection
            self.selector.register(connection, selectors.EVENT_READ, self._hang_up)

    def _let_go(self) -> None:
        """Close in a fork what is the server's: a command would wait as long as any fork holds its connection."""
        self.selector.close()
        self.listener.close()
        os.close(self.ended)
        for connection in self.running.values():
            connection.close()
        for connection, streams, _ in self.waiting:
            connection.close()
            for stream in streams:
                os.close(stream)

    def _reap(self, _: Any) -> None:
        os.read(self.ended, 4096)
        for process in list(self.running):
            found, status = os.waitpid(process, os.WNOHANG)
            if not found:
                continue
            connection = self.running.pop(process)
            with contextlib.suppress(KeyError):
                self.selector.unregister(connection)
            code = os.waitstatus_to_exitcode(status)
            with contextlib.suppress(OSError):
                connection.sendall(str(code if code >= 0 else 128 - code).encode())
            connection.close()

    def _hang_up(self, connection: Any) -> None:
        """End a step whose command is gone."""
        for process, other in self.running.items():
            if other is connection:
                _kill(process)
        self.selector.unregister(connection)

    def _stop(self, _: Any) -> None:
        if not os.read(0, 4096):
            raise EOFError


def _become(content: dict[str, Any], streams: list[int]) -> NoReturn:
    """Be the process that the request describes, run its command, and end."""
    code = 1
    try:
        _die_with_parent()
        gc.freeze()
        gc.enable()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        for own, stream in enumerate(streams):
            os.dup2(stream, own)
            os.close(stream)
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w", buffering=1)  # noqa: SIM115
        os.environ.clear()
        os.environ.update(content["environment"])
        time.tzset()
        os.chdir(content["folder"])
        sys.argv = content["arguments"]
        # The command line stands above this room.
        importlib.import_module("mircargo.cli.main").main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        for written in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                written.flush()
        os._exit(code)


def _die_with_parent() -> None:
    import ctypes

    ask_for_signal = 1  # PR_SET_PDEATHSIG of linux/prctl.h
    ctypes.CDLL(None).prctl(ask_for_signal, signal.SIGKILL)


def _close(connection: socket.socket, streams: list[int]) -> None:
    connection.close()
    for stream in streams:
        os.close(stream)


def _kill(process: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


if __name__ == "__main__":
    # Ctrl-C at a terminal reaches every process: the run is told by Snakemake, and this process ends with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    use_one_thread()
    # What is imported stays: it is never garbage, and to go through it takes each step a tenth of a second.
    gc.disable()
    Server(sys.argv[1], socket.socket(fileno=int(sys.argv[2]))).serve()
