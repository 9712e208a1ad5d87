"""Relays that really run: each as an ordinary user on loopback, on a free port, stopped by its id.

with apache(boxes=("ontvanger1",)) as served:
    connecting.box(served.owner("ontvanger1"))
    connecting.relay(served.laptop("ontvanger1"))
    served.kill(); served.start()          # same port, same files

Apache runs exactly the configuration of packaging/relay, made by its own script. Every function
raises `Absent` with the missing program's name; the fixtures turn that into a visible skip.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from intake_app.sync.connecting import RelayPlace

RELAY_SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "relay" / "relay.sh"
_PATIENCE = 20.0


class Absent(Exception):
    """A program that this relay needs is not installed here."""


@dataclass(slots=True)
class Served:
    """A relay that runs, or is a folder.

    keeps_first  whether a second `put` under the same name leaves the first alone
    makes_boxes  whether a box that nobody made comes into being when something is put in it
    tears        whether a connection that breaks may leave half a file under the name
    """

    name: str
    post: Path
    port: int
    owner: Callable[[str], RelayPlace]
    laptop: Callable[[str], RelayPlace]
    keeps_first: bool = True
    makes_boxes: bool = False
    tears: bool = False
    blind: bool = False
    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    patience: float = _PATIENCE
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        log = self.post.parent / "output.txt"
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env={**os.environ, **self.environment},
                start_new_session=True,
            )
        until = time.monotonic() + self.patience
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.02)
        said = log.read_text(errors="replace")[-2000:]
        self.stop()
        raise RuntimeError(f"{self.name} does not answer: {said}")

    def stop(self) -> None:
        """Ask it to end, and see to it that it does."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it and all its workers without any warning, as a power cut would."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        if process.poll() is None:
            if how is signal.SIGKILL:
                os.killpg(process.pid, how)  # its own session: nothing else is in that group
            else:
                process.send_signal(how)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # workers that outlived their master

    def through(self, place: RelayPlace, port: int) -> RelayPlace:
        """Return the place as it is reached by another port, of a proxy that passes it on."""
        return RelayPlace(
            kind=place.kind,
            address=place.address.replace(f":{self.port}", f":{port}"),
            user=place.user,
            password=place.password,
            certificate=place.certificate,
        )


def free_port() -> int:
    """Return a port of loopback that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def needed(program: str) -> str:
    """Return the path of a program, also of those that only root usually finds."""
    found = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        raise Absent(program)
    return found


@contextmanager
def _home(name: str, boxes: tuple[str, ...] = ()) -> Iterator[Path]:
    """A folder outside pytest's own, which workers that are not root could not enter."""
    folder = Path(tempfile.mkdtemp(prefix=f"dl-{name}-"))
    folder.chmod(0o755)
    for box in boxes:
        for side in ("in", "uit"):
            (folder / "post" / "v1" / side / box).mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(served: Served) -> Iterator[Served]:
    served.start()
    try:
        yield served
    finally:
        served.stop()


@contextmanager
def folder(boxes: tuple[str, ...]) -> Iterator[Served]:
    """A plain folder: nothing to start."""
    with _home("folder", boxes) as home:
        place = RelayPlace("folder", str(home / "post"))
        yield Served("folder", home / "post", 0, lambda _: place, lambda _: place, makes_boxes=True)


def relay_script(home: Path, *arguments: str) -> str:
    """Run the set-up script of packaging/relay on a folder and return what it printed."""
    done = subprocess.run(
        [str(RELAY_SCRIPT), *arguments],
        env={**os.environ, "RELAY_DIR": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode:
        raise RuntimeError(f"relay.sh {' '.join(arguments)}: {done.stderr}")
    return done.stdout


def new_account(home: Path, port: int, box: str, kind: str, name: str) -> RelayPlace:
    """Make an account on a relay of our own script and return how it logs in."""
    printed = relay_script(home, "account", box, kind, name)
    said = dict(line.split(None, 1) for line in printed.splitlines())
    certificate = said.get("certificaat", "")
    return RelayPlace(
        kind="webdav",
        address=said["adres"],
        user=said.get("gebruiker", ""),
        password=said.get("wachtwoord", ""),
        certificate=Path(certificate).read_text(encoding="ascii") if certificate else "",
    )


@contextmanager
def apache(
    boxes: tuple[str, ...], *, tls: bool = True, certificates: bool = False
) -> Iterator[Served]:
    """Apache with the blind drop of packaging/relay; a laptop and an owner account for each box."""
    program = needed("apache2")
    needed("openssl")
    with _home("apache") as home:
        port = free_port()
        secured = ("--own-authority",) if tls else ("--plain",)
        login = ("--client-certificates",) if certificates else ()
        relay_script(
            home, "set-up", "--user", "--name", "localhost", "--port", str(port), *secured, *login
        )
        places: dict[tuple[str, str], RelayPlace] = {}
        for box in boxes:
            relay_script(home, "box", box)
            for kind in ("owner", "laptop"):
                places[box, kind] = new_account(home, port, box, kind, f"{kind}-{box}")
        served = Served(
            name="apache",
            post=home / "post",
            port=port,
            owner=lambda box: places[box, "owner"],
            laptop=lambda box: places[box, "laptop"],
            blind=True,
            command=(program, "-f", str(home / "apache" / "httpd.conf"), "-DFOREGROUND"),
        )
        with _running(served):
            yield served


_USER, _PASSWORD = "iedereen", "samen-een-wachtwoord"


def _shared(port: int) -> Callable[[str], RelayPlace]:
    place = RelayPlace("webdav", f"http://127.0.0.1:{port}", _USER, _PASSWORD)
    return lambda _: place


@contextmanager
def nginx(boxes: tuple[str, ...]) -> Iterator[Served]:
    """The web server nginx with its dav modules: If-None-Match is ignored, 1 MiB is the most."""
    program = needed("nginx")
    module = Path("/usr/lib/nginx/modules/ngx_http_dav_ext_module.so")
    if not module.exists():
        raise Absent("libnginx-mod-http-dav-ext")
    with _home("nginx", boxes) as home:
        port = free_port()
        hashed = subprocess.run(
            [needed("openssl"), "passwd", "-apr1", _PASSWORD],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        (home / "accounts").write_text(f"{_USER}:{hashed}\n", encoding="ascii")
        for name in ("body", "state"):
            (home / name).mkdir()
        paths = "".join(
            f"    {kind}_temp_path {home}/state/{kind};\n"
            for kind in ("proxy", "fastcgi", "uwsgi", "scgi")
        )
        configuration = home / "nginx.conf"
        configuration.write_text(
            f"load_module {module};\n"
            f"daemon off;\npid {home}/state/pid;\nerror_log {home}/error.log;\n"
            "worker_processes 1;\n"
            + ("user nobody nogroup;\n" if os.geteuid() == 0 else "")
            + "events { worker_connections 256; }\n"
            "http {\n    access_log off;\n"
            f"    client_body_temp_path {home}/body;\n{paths}"
            f"    server {{\n        listen 127.0.0.1:{port};\n        root {home}/post;\n"
            "        location / {\n"
            "            dav_methods PUT DELETE;\n            dav_ext_methods PROPFIND OPTIONS;\n"
            "            create_full_put_path on;\n"
            f'            auth_basic "x";\n            auth_basic_user_file {home}/accounts;\n'
            "        }\n    }\n}\n",
            encoding="ascii",
        )
        if os.geteuid() == 0:
            _give_to_nobody(home)
        served = Served(
            name="nginx",
            post=home / "post",
            port=port,
            owner=_shared(port),
            laptop=_shared(port),
            keeps_first=False,
            makes_boxes=True,
            command=(program, "-c", str(configuration), "-e", str(home / "error.log")),
        )
        with _running(served):
            yield served


def _give_to_nobody(home: Path) -> None:
    for path in (home, *home.rglob("*")):
        shutil.chown(path, "nobody", "nogroup")


@contextmanager
def wsgidav(boxes: tuple[str, ...]) -> Iterator[Served]:
    """The server wsgidav: whatever arrived of a broken upload stays under its name."""
    try:
        import cheroot  # noqa: F401
        import wsgidav.server.server_cli  # noqa: F401
    except ImportError as error:
        raise Absent("wsgidav") from error
    with _home("wsgidav", boxes) as home:
        port = free_port()
        configuration = home / "wsgidav.yaml"
        configuration.write_text(
            f"host: 127.0.0.1\nport: {port}\n"
            f'provider_mapping:\n  "/": "{home}/post"\n'
            "http_authenticator:\n  domain_controller: null\n"
            "  accept_basic: true\n  accept_digest: false\n  default_to_digest: false\n"
            'simple_dc:\n  user_mapping:\n    "*":\n'
            f'      "{_USER}":\n        password: "{_PASSWORD}"\n'
            "lock_storage: true\nverbose: 1\n",
            encoding="ascii",
        )
        served = Served(
            name="wsgidav",
            post=home / "post",
            port=port,
            owner=_shared(port),
            laptop=_shared(port),
            tears=True,
            command=(
                sys.executable,
                "-m",
                "wsgidav.server.server_cli",
                "-c",
                str(configuration),
            ),
        )
        with _running(served):
            yield served


@contextmanager
def rclone(boxes: tuple[str, ...]) -> Iterator[Served]:
    """The server of rclone: ignores If-None-Match, and keeps what arrived of a broken upload."""
    program = needed("rclone")
    with _home("rclone", boxes) as home:
        port = free_port()
        served = Served(
            name="rclone",
            post=home / "post",
            port=port,
            owner=_shared(port),
            laptop=_shared(port),
            keeps_first=False,
            tears=True,
            command=(
                program,
                "serve",
                "webdav",
                str(home / "post"),
                "--addr",
                f"127.0.0.1:{port}",
                "--vfs-cache-mode",
                "off",
                "--dir-cache-time",
                "0s",
                "--config",
                os.devnull,
            ),
            environment={"RCLONE_USER": _USER, "RCLONE_PASS": _PASSWORD},
        )
        with _running(served):
            yield served


RELAYS: Mapping[str, Callable[[tuple[str, ...]], AbstractContextManager[Served]]] = {
    "folder": folder,
    "apache": apache,
    "nginx": nginx,
    "wsgidav": wsgidav,
    "rclone": rclone,
}
