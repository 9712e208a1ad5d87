"""Ceph RadosGW, a real S3 engine, on loopback with everything in memory.

with rgw(boxes) as served: one bucket, one user; served.start() and kill() concern the gateway only.
Takes some fifteen seconds to start; needs the packages radosgw, ceph-mon, ceph-mgr and ceph-osd.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from support.relays import Served, free_port, needed

from intake_app.sync.connecting import RelayPlace

BUCKET = "postbus"


class Cluster:
    """One monitor, one manager, one disk in memory."""

    def __init__(self, home: Path) -> None:
        """Write its configuration and keys in `home`."""
        self.home = home
        self.conf = home / "ceph.conf"
        self.gateway_port = free_port()
        self._daemons: list[subprocess.Popen[bytes]] = []
        self._fsid = str(uuid.uuid4())
        self._mon_port = free_port()
        for name in ("mon", "mgr", "osd", "rgw", "run"):
            (home / name).mkdir()
        self.conf.write_text(
            "[global]\n"
            f"fsid = {self._fsid}\n"
            f"mon host = v2:127.0.0.1:{self._mon_port}\n"
            "mon initial members = a\n"
            "auth cluster required = cephx\nauth service required = cephx\n"
            "auth client required = cephx\n"
            f"run dir = {home}/run\nadmin socket = {home}/run/$name.asok\n"
            f"pid file = {home}/run/$name.pid\nlog file = {home}/$name.log\n"
            f"crash dir = {home}/run\nkeyring = {home}/$name.keyring\n"
            "ms bind ipv4 = true\nms bind ipv6 = false\npublic addr = 127.0.0.1\n"
            "osd pool default size = 1\nosd pool default min size = 1\n"
            "osd pool default pg num = 4\nosd crush chooseleaf type = 0\n"
            "mon allow pool size one = true\nmon warn on pool no redundancy = false\n"
            "osd objectstore = memstore\nmemstore device bytes = 2147483648\n"
            f"mon data = {home}/mon\nmgr data = {home}/mgr\nosd data = {home}/osd\n"
            f"rgw data = {home}/rgw\nmon data avail warn = 1\nmon data avail crit = 1\n"
            "rgw lc debug interval = 5\n",
            encoding="ascii",
        )

    def ask(self, *command: str) -> str:
        """Run one of Ceph's commands with this configuration."""
        done = subprocess.run(
            [needed(command[0]), "-c", str(self.conf), *command[1:]],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr[-1000:]}")
        return done.stdout

    def tool(self, *command: str) -> None:
        """Run a command that knows no configuration."""
        subprocess.run([needed(command[0]), *command[1:]], check=True, capture_output=True)

    def daemon(self, *command: str) -> None:
        """Start a daemon in the foreground of its own session."""
        with (self.home / "output.txt").open("ab") as output:
            self._daemons.append(
                subprocess.Popen(
                    [needed(command[0]), "-c", str(self.conf), "-f", *command[1:]],
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )
            )

    def start(self) -> None:
        """Bring up everything but the gateway."""
        home = self.home
        mon_keys, admin = str(home / "mon.keyring"), str(home / "client.admin.keyring")
        caps = ["--cap", "mon", "allow *", "--cap", "osd", "allow *", "--cap", "mgr", "allow *"]
        self.tool(
            "ceph-authtool",
            "--create-keyring",
            mon_keys,
            "--gen-key",
            "-n",
            "mon.",
            "--cap",
            "mon",
            "allow *",
        )
        self.tool(
            "ceph-authtool", "--create-keyring", admin, "--gen-key", "-n", "client.admin", *caps
        )
        self.tool("ceph-authtool", mon_keys, "--import-keyring", admin)
        shutil.copy(mon_keys, home / "mon.a.keyring")
        address = f"[v2:127.0.0.1:{self._mon_port}]"
        self.tool(
            "monmaptool",
            "--create",
            "--addv",
            "a",
            address,
            "--fsid",
            self._fsid,
            str(home / "monmap"),
        )
        self.ask(
            "ceph-mon", "--mkfs", "-i", "a", "--monmap", str(home / "monmap"), "--keyring", mon_keys
        )
        self.daemon("ceph-mon", "-i", "a")
        for name, powers in (
            ("mgr.x", ("mon", "allow profile mgr", "osd", "allow *", "mds", "allow *")),
            ("osd.0", ("mon", "allow profile osd", "mgr", "allow profile osd", "osd", "allow *")),
            ("client.rgw", ("mon", "allow rw", "osd", "allow rwx", "mgr", "allow r")),
        ):
            key = self.ask("ceph", "auth", "get-or-create", name, *powers)
            (home / f"{name}.keyring").write_text(key, encoding="ascii")
        self.daemon("ceph-mgr", "-i", "x")
        disk = str(uuid.uuid4())
        self.ask("ceph", "osd", "new", disk)
        self.ask("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", disk)
        self.daemon("ceph-osd", "-i", "0")

    def stop(self) -> None:
        """End every daemon by its id."""
        for daemon in reversed(self._daemons):
            daemon.kill()
            with suppress(subprocess.TimeoutExpired):
                daemon.wait(10)

    def new_user(self, name: str) -> tuple[str, str]:
        """Make a user of the gateway and return its access and secret key."""
        said = json.loads(
            self.ask(
                "radosgw-admin",
                "-n",
                "client.rgw",
                "user",
                "create",
                "--uid",
                name,
                "--display-name",
                name,
            )
        )
        keys = said["keys"][0]
        return keys["access_key"], keys["secret_key"]


@contextmanager
def cluster() -> Iterator[tuple[Cluster, Served]]:
    """A running engine and its gateway, without any bucket."""
    for program in ("ceph", "ceph-authtool", "ceph-mon", "ceph-mgr", "ceph-osd", "radosgw-admin"):
        needed(program)
    gateway = needed("radosgw")
    home = Path(tempfile.mkdtemp(prefix="dl-rgw-"))
    made = Cluster(home)
    place = RelayPlace("s3", f"http://127.0.0.1:{made.gateway_port}/{BUCKET}")
    served = Served(
        name="rgw",
        post=home / "post",
        port=made.gateway_port,
        owner=lambda _: place,
        laptop=lambda _: place,
        makes_boxes=True,
        command=(
            gateway,
            "-c",
            str(made.conf),
            "-f",
            "-n",
            "client.rgw",
            "--rgw-frontends",
            f"beast endpoint=127.0.0.1:{made.gateway_port}",
        ),
        patience=90.0,
    )
    try:
        made.start()
        served.start()
        yield made, served
    finally:
        served.stop()
        made.stop()
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def rgw(boxes: tuple[str, ...]) -> Iterator[Served]:
    """The engine with one bucket and one user for everybody."""
    del boxes  # a bucket has no folders to make beforehand
    with cluster() as (made, served):
        access, secret = made.new_user("iedereen")
        place = RelayPlace("s3", f"http://127.0.0.1:{served.port}/{BUCKET}", access, secret)
        served.owner = served.laptop = lambda _: place
        new_bucket(served.port, BUCKET, access, secret)
        yield served


def new_bucket(port: int, bucket: str, access: str, secret: str) -> None:
    """Make a bucket, or anything else that obstore has no word for, by a signed request."""
    signed(port, "PUT", f"/{bucket}", access, secret)


def signed(
    port: int, method: str, path: str, access: str, secret: str, body: bytes = b"", query: str = ""
) -> int:
    """Send one request with an AWS signature version 4 and return its status."""
    import hashlib
    import hmac
    from datetime import UTC, datetime

    import httpx2

    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    day, host, digest = stamp[:8], f"127.0.0.1:{port}", hashlib.sha256(body).hexdigest()
    asked = query if "=" in query or not query else f"{query}="
    canonical = (
        f"{method}\n{path}\n{asked}\nhost:{host}\nx-amz-content-sha256:{digest}\n"
        f"x-amz-date:{stamp}\n\nhost;x-amz-content-sha256;x-amz-date\n{digest}"
    )
    scope = f"{day}/us-east-1/s3/aws4_request"
    to_sign = (
        f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    )
    key = f"AWS4{secret}".encode()
    for part in (day, "us-east-1", "s3", "aws4_request", to_sign):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    answer = httpx2.request(
        method,
        f"http://{host}{path}" + (f"?{query}" if query else ""),
        content=body,
        trust_env=False,
        headers={
            "x-amz-date": stamp,
            "x-amz-content-sha256": digest,
            "Authorization": f"AWS4-HMAC-SHA256 Credential={access}/{scope}, "
            f"SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature={key.hex()}",
        },
    )
    if answer.status_code >= 300:
        raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
    return answer.status_code
