"""A warm process: it has imported what the steps of a run need, and runs each step in a fork of itself.

A workflow starts it before its first step. However the workflow ends, the system ends the warm process with it, and
with that every step that is still running. Each step is a process of its own all the same: it has the arguments,
folder, environment and streams of the command that asked for it, and dies with that command.

Its address is one of Linux's abstract names, which is gone with the process and needs no file. Any user of the machine
can connect to it: both sides look whose process the other is.
"""

import contextlib
import gc
import importlib
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from typing import Any, Final, NoReturn

from mircargo.figures.catalogue import MODULES
from mircargo.parallel import die_with
from mircargo.snakemake.warm_client import ADDRESS, REFUSED, STARTED, installation, is_own, use_one_thread
from mircargo.snakemake.warm_request import Request, understood
from mircargo.steps import STEPS

# What is imported, or called (module:function), in this order, for the steps that need it (`Step.needs`); a command
# waits until it is there.
STAGES: Final = {
    "tables": (
        "pandas", "mircargo.cli.main", "mircargo.snakemake.orphans", "mircargo.checks.study",
        "mircargo.features.ledger", "mircargo.analysis.data", "mircargo.results.provenance",
        "mircargo.inputs.registry", "mircargo.checks.libraries", "mircargo.model.normalisation.choice",
        "mircargo.features.name_history:prepare", "mircargo.features.compound:own_hairpins",
        "mircargo.features.compound:matures_of_hairpins", "mircargo.features.mirbase:hairpin_names",
    ),
    "model": (
        "pydeseq2.dds", "mircargo.model.engines.deseq2", "mircargo.model.engines.by_fraction",
        "mircargo.robustness.stress", "mircargo.robustness.variants", "mircargo.cargo.co_cargo",
        "mircargo.cargo.target_call", "mircargo.cargo.expectations", "mircargo.cargo.permutation_fdr",
        "mircargo.analysis.question", "mircargo.analysis.release_question", "mircargo.robustness.contrast_summary",
        "statsmodels.nonparametric.smoothers_lowess",
    ),
    "figures": (
        "matplotlib.pyplot", "matplotlib.backends.backend_svg", "matplotlib.backends.backend_pdf",
        *MODULES.values(), "mircargo.figures.writing:rehearse",
    ),
    "exports": (
        "mircargo.results.reader", "mircargo.export.h5ad", "mircargo.export.workbook", "mircargo.export.multiqc",
        "mircargo.report.build:prepare", "mircargo.export.crate",
    ),
}  # fmt: skip


def start() -> Any:
    """Start a warm process for the commands that this process and its children will run.

    Returns
    -------
    subprocess.Popen or None
        The process, which ends with this one. None where this system has no forks that carry on what was imported, the
        user has set MIRCARGO_WARM (to nothing: no warm process is wanted), there is no socket to be had, or this is not
        the thread with which this process ends. A run without a warm process is slower and the same.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    if not sys.platform.startswith("linux") or ADDRESS in os.environ or not in_main_thread:
        return None
    name = f"mircargo-{uuid.uuid4().hex}"
    try:
        # Bound here, so that a command that comes before the process is ready waits for it.
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(f"\0{name}")
            listener.listen(64)
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "mircargo.snakemake.warm", str(listener.fileno()), str(os.getpid())],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=[listener.fileno()],
            )  # fmt: skip
    except OSError:
        return None
    os.environ[ADDRESS] = f"{name}:{process.pid}"
    return process


def load(name: str) -> None:
    """Import a module, or call a function of one that keeps what it has found: `module:function`."""
    module, _, function = name.partition(":")
    loaded = importlib.import_module(module)
    if function:
        getattr(loaded, function)()


class Server:
    """Listens, imports stage by stage, and runs commands in forks.

    Attributes
    ----------
    done
        How many of the imports have been tried.
    ahead
        The others.
    requests
        Commands that are connected, or whose fork has still to end.
    """

    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener
        self.done = 0
        self.ahead = [name for names in STAGES.values() for name in names]
        self.requests: list[Request] = []
        self.selector = selectors.DefaultSelector()
        self.ended, notice = os.pipe()
        os.set_blocking(notice, False)
        signal.set_wakeup_fd(notice, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.selector.register(self.listener, selectors.EVENT_READ, self._accept)
        self.selector.register(self.ended, selectors.EVENT_READ, self._reap)

    def serve(self) -> NoReturn:
        """Serve until the run ends."""
        while True:
            # While there is something to import, requests are only looked for between two imports.
            for key, _ in self.selector.select(0 if self.ahead else None):
                key.data()
            if self.ahead:
                self._import_next()
            self._run_waiting()

    def _import_next(self) -> None:
        name = self.ahead.pop(0)
        try:
            load(name)
        except BaseException as error:  # a module may raise anything, or want to end the process
            what = f"{type(error).__name__}: {error}".splitlines()[0]
            print(f"mircargo: {name} cannot be imported, and steps that need it will fail: {what}", file=sys.stderr)
        self.done += 1

    def _ready_for(self, arguments: list[str]) -> bool:
        kinds = [STEPS[argument] for argument in arguments[1:5] if argument in STEPS]
        needed = 0
        for stage, names in STAGES.items():
            needed += len(names)
            if any(kind.needs == stage for kind in kinds):
                return self.done >= needed
        return not self.ahead

    def _accept(self) -> None:
        connection, _ = self.listener.accept()
        if not is_own(connection):
            connection.close()
            return
        connection.setblocking(False)
        request = Request(connection)
        self.requests.append(request)
        self.selector.register(connection, selectors.EVENT_READ, lambda: self._receive(request))

    def _receive(self, request: Request) -> None:
        if request.connection.fileno() < 0:  # its step has ended, which was seen a moment ago, with its hanging up
            return
        try:
            part, streams, _flags, _ = socket.recv_fds(request.connection, 1 << 16, 3)
        except BlockingIOError:
            return
        except OSError:
            part, streams = b"", []
        request.streams += streams
        if not part:
            self._hang_up(request)
        elif request.content is None:
            request.received += part
            try:
                request.content = understood(request.received)
                if request.content and len(request.streams) != 3:
                    raise ValueError(f"it has {len(request.streams)} streams, not 3")
            except ValueError as error:
                print(f"mircargo: a request to the warm process was refused: {error}", file=sys.stderr)
                self._refuse(request)
                return
            if request.content and request.content["installation"] != installation():
                self._refuse(request)

    def _refuse(self, request: Request) -> None:
        request.answer(REFUSED)
        self._hang_up(request)

    def _hang_up(self, request: Request) -> None:
        """Forget a command, and end its step where that is running."""
        self.selector.unregister(request.connection)
        request.let_go()
        if request.process is None:
            self.requests.remove(request)
        else:
            with contextlib.suppress(ProcessLookupError):
                os.kill(request.process, signal.SIGKILL)

    def _run_waiting(self) -> None:
        for request in list(self.requests):
            if not request.content or request.process is not None or not self._ready_for(request.content["arguments"]):
                continue
            server = os.getpid()
            try:
                process = os.fork()
            except OSError:  # too many processes; the command may have better luck
                self._refuse(request)
                continue
            if process == 0:
                streams, request.streams = request.streams, []
                self._let_go()
                _become(request.content, streams, server)
            request.process = process
            for stream in request.streams:
                os.close(stream)
            request.streams = []
            request.answer(STARTED)

    def _let_go(self) -> None:
        """Close in a fork what is the server's: a command would wait as long as any fork holds its connection."""
        self.selector.close()
        self.listener.close()
        os.close(self.ended)
        for request in self.requests:
            request.let_go()

    def _reap(self) -> None:
        os.read(self.ended, 4096)
        for request in [each for each in self.requests if each.process is not None]:
            found, status = os.waitpid(request.process or 0, os.WNOHANG)
            if not found:
                continue
            self.requests.remove(request)
            if request.connection.fileno() >= 0:
                code = os.waitstatus_to_exitcode(status)
                request.answer(str(code if code >= 0 else 128 - code).encode())
                self.selector.unregister(request.connection)
                request.connection.close()


def _become(content: dict[str, Any], streams: list[int], server: int) -> NoReturn:
    """Be the process that the request describes, run its command, and end."""
    code = 1
    try:
        _end_with(server)
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


def _end_with(parent: int) -> None:
    """End with the parent; at once where the system does not see to that."""
    if not die_with(parent):
        os._exit(1)


if __name__ == "__main__":
    _end_with(int(sys.argv[2]))
    # Ctrl-C at a terminal reaches every process: the run is told by Snakemake, and this process ends with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    use_one_thread()
    # What is imported stays: it is never garbage, and to go through it takes each step a tenth of a second.
    gc.disable()
    Server(socket.socket(fileno=int(sys.argv[1]))).serve()
