"""The reverse proxies of deploy/, run as they stand but for addresses, certificate, logs, and patience."""

import os
import re
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.deployment.programs import program
from tests.server import ROOT, free_port
from tests.waiting import wait_for

NAME = "callboard.example.org"
STOP_SECONDS = 20
HEADER_SECONDS = 1  # instead of ten


@dataclass
class Proxy:
    """A running one: its ports, and how to speak with it under any name."""

    http_port: int
    https_port: int
    certificate: Path
    log: Path

    def client(self, *, server_name: str = NAME, **options: object) -> httpx2.Client:
        """A client of https://callboard.example.org, whose TLS handshake asks for `server_name`."""
        transport = ToProxy(self, server_name)
        return httpx2.Client(base_url=f"https://{NAME}", transport=transport, timeout=60, **options)  # type: ignore[arg-type]

    def tls(self) -> ssl.SSLContext:
        """Trusts its certificate."""
        return ssl.create_default_context(cafile=str(self.certificate))

    def connect(self, server_name: str = NAME, *protocols: str) -> ssl.SSLSocket:
        """A TLS connection."""
        tls = self.tls()
        if protocols:
            tls.set_alpn_protocols(list(protocols))
        plain = socket.create_connection(("127.0.0.1", self.https_port), timeout=60)
        try:
            return tls.wrap_socket(plain, server_hostname=server_name)
        except BaseException:
            plain.close()
            raise


class ToProxy(httpx2.HTTPTransport):
    """Sends requests to the proxy's port, whatever their address says, as a name server would."""

    def __init__(self, proxy: Proxy, server_name: str) -> None:
        super().__init__(verify=proxy.tls(), trust_env=False)
        self._port, self._server_name = proxy.https_port, server_name

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answers one request."""
        request.extensions = {**request.extensions, "sni_hostname": self._server_name}
        request.url = request.url.copy_with(host="127.0.0.1", port=self._port)
        return super().handle_request(request)


@contextmanager
def running(name: str, folder: Path, server_port: int) -> Iterator[Proxy]:
    """nginx or Caddy before a server that runs and one that does not."""
    proxy = Proxy(free_port(), free_port(), make_certificate(folder), folder / "access.log")
    command = {"nginx": nginx, "caddy": caddy}[name](proxy, folder, server_port)
    with (
        (folder / "output.log").open("ab") as output,
        subprocess.Popen(command, stdout=output, stderr=output) as process,
    ):
        try:
            wait_for(lambda: process.poll() is not None or listens(proxy.https_port))
            assert process.poll() is None, (folder / "output.log").read_text()
            with proxy.client() as http:
                wait_for(lambda: http.get("/healthz").is_success)
            yield proxy
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(STOP_SECONDS)


def nginx(proxy: Proxy, folder: Path, server_port: int) -> list[str]:
    """The command of nginx; its file is checked by `nginx -t` first."""
    site = replaced(
        (ROOT / "deploy/nginx/callboard.conf").read_text(),
        {
            r" *listen \[::\].*\n": "",
            r"listen 80\b": f"listen 127.0.0.1:{proxy.http_port}",
            r"listen 443\b": f"listen 127.0.0.1:{proxy.https_port}",
            r"server 127.0.0.1:8000": f"server 127.0.0.1:{server_port}",
            r"#server 127.0.0.1:8001": f"server 127.0.0.1:{free_port()}",
            r"/etc/letsencrypt/live/.*/fullchain.pem": str(proxy.certificate),
            r"/etc/letsencrypt/live/.*/privkey.pem": str(proxy.certificate.with_name("key.pem")),
            r"/var/log/nginx/callboard.log": str(proxy.log),
            r"client_header_timeout 10s": f"client_header_timeout {HEADER_SECONDS}s",
        },
    )
    temporary = "".join(
        f"{kind}_temp_path {folder / kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    main.write_text(
        f"daemon off;\npid {folder}/nginx.pid;\nerror_log stderr;\n{user()}events {{ worker_connections 1024; }}\n"
        f"http {{\naccess_log off;\n{temporary}{site}}}\n"
    )
    command = [program("nginx"), "-c", str(main), "-e", "stderr"]
    subprocess.run([*command, "-t"], check=True, timeout=STOP_SECONDS)
    return command


def user() -> str:
    """As root, nginx's own user could not read the folders of the tests."""
    return "user root;\n" if os.geteuid() == 0 else ""


def caddy(proxy: Proxy, folder: Path, server_port: int) -> list[str]:
    """The command of Caddy; its file is checked by `caddy validate` first."""
    options = f"admin off\n\tskip_install_trust\n\thttp_port {proxy.http_port}\n\thttps_port {proxy.https_port}\n\tstorage file_system {folder}/storage"
    site = replaced(
        (ROOT / "deploy/caddy/Caddyfile").read_text(),
        {
            r"\n\{\n": f"\n{{\n\t{options}\n",
            r"\n\{\$CALLBOARD_NAME:callboard.example.org\} \{\n": f"\n{NAME} {{\n\ttls {proxy.certificate} {proxy.certificate.with_name('key.pem')}\n",
            r"\{\$CALLBOARD_SERVERS:127.0.0.1:8000\}": f"127.0.0.1:{server_port} 127.0.0.1:{free_port()}",
            r"/var/log/caddy/callboard.log": str(proxy.log),
            r"read_header 10s": f"read_header {HEADER_SECONDS}s",
        },
    )
    (folder / "Caddyfile").write_text(site)
    file = ["--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    subprocess.run([program("caddy"), "validate", *file], check=True, timeout=STOP_SECONDS, capture_output=True)
    return [program("caddy"), "run", *file]


def replaced(text: str, replacements: dict[str, str]) -> str:
    """The text with every pattern replaced, each of which is there."""
    for pattern, replacement in replacements.items():
        text, count = re.subn(pattern, lambda _, new=replacement: new, text)  # type: ignore[misc]
        assert count, pattern
    return text


def listens(port: int) -> bool:
    """Whether a process accepts connections there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def make_certificate(folder: Path) -> Path:
    """The file of a self-signed certificate; its key is beside it, in key.pem."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files[0]
