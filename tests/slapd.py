"""A real directory: Debian's slapd with a small NOC in it, and an environment in which Nocturne can ask it."""

from __future__ import annotations

import datetime
import hashlib
import ipaddress
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.sink import free_port
from tools import debian

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements-ldap.lock"
BASE = "dc=lakenet,dc=example"
READER, READER_PASSWORD = f"cn=reader,{BASE}", "reader-of-names-1"

CONFIGURATION = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {here}/slapd.pid
argsfile {here}/slapd.args
TLSCertificateFile {here}/server.pem
TLSCertificateKeyFile {here}/server.key
TLSCACertificateFile {here}/ca.pem
database mdb
maxsize 10485760
suffix "{base}"
directory {here}/data
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="{reader}" read by * none
"""

PEOPLE = {
    "anna": ("Anna Lind", "splices-at-night-1", "anna@lakenet.example"),
    "ines": ("Inês Duarte", "pára-raios-e-fibra", "ines@lakenet.example"),
    "omar": ("Omar Haddad", "desert-cable-77", "omar@lakenet.example"),
}


def tree() -> str:
    """This will write the directory down: its people, one of them without a password, and its groups."""
    parts = [
        f"dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\no: Lakenet\ndc: lakenet\n",
        (
            f"dn: {READER}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: reader\n"
            f"userPassword: {READER_PASSWORD}\n"
        ),
        f"dn: ou=people,{BASE}\nobjectClass: organizationalUnit\nou: people\n",
        f"dn: ou=groups,{BASE}\nobjectClass: organizationalUnit\nou: groups\n",
        f"dn: uid=mute,ou=people,{BASE}\nobjectClass: inetOrgPerson\nuid: mute\ncn: Mute\nsn: Mute\n",
    ]
    for uid, (name, password, mail) in PEOPLE.items():
        surname = name.split()[-1]
        parts.append(
            f"dn: uid={uid},ou=people,{BASE}\nobjectClass: inetOrgPerson\nuid: {uid}\ncn: {name}\n"
            f"sn: {surname}\nmail: {mail}\nuserPassword: {password}\n"
        )
    for group, members in (("noc", ("anna", "ines")), ("chiefs", ("ines",))):
        lines = "".join(f"member: uid={uid},ou=people,{BASE}\n" for uid in members)
        parts.append(f"dn: cn={group},ou=groups,{BASE}\nobjectClass: groupOfNames\ncn: {group}\n{lines}")
    return "\n".join(parts)


@dataclass
class Slapd:
    """A directory on this machine, that may be stopped and started again."""

    here: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="nocturne-slapd-")))
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"ldap://127.0.0.1:{self.port}"

    def fill(self) -> Slapd:
        """This will make its files."""
        (self.here / "data").mkdir()
        certificates(self.here)
        (self.here / "slapd.conf").write_text(CONFIGURATION.format(here=self.here, base=BASE, reader=READER))
        (self.here / "tree.ldif").write_text(tree())
        adding = [debian.directory().parent / "slapadd", "-f", self.here / "slapd.conf"]
        done = subprocess.run(
            [*adding, "-l", self.here / "tree.ldif"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return self

    def start(self) -> Slapd:
        command = [debian.directory(), "-d", "0", "-h", self.url, "-f", self.here / "slapd.conf"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                assert self._process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.05)

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(20)
            self._process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.here, ignore_errors=True)


def certificates(here: Path) -> None:
    """This will make a CA of our own and a certificate of it for this machine."""
    now = datetime.datetime.now(datetime.UTC)
    keys = {name: ec.generate_private_key(ec.SECP256R1()) for name in ("ca", "server")}
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Lakenet CA")])
    for name, is_ca in (("ca", True), ("server", False)):
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Lakenet CA" if is_ca else "localhost")])
        names = x509.SubjectAlternativeName(
            [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        )
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(keys[name].public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        )
        made = made if is_ca else made.add_extension(names, critical=False)
        signed = made.sign(keys["ca"], hashes.SHA256())
        (here / f"{name}.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        (here / f"{name}.key").write_bytes(
            keys[name].private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.TraditionalOpenSSL,
                serialization.NoEncryption(),
            )
        )


def environment() -> Path:
    """This will build an environment with the extra, apart from the tests' own, and give its folder of programs.

    It is kept under `.cache` for as long as the lock file stays the same.
    """
    debian.directory()
    stamp = hashlib.sha256(LOCK.read_bytes() + sys.version.encode() + str(ROOT).encode()).hexdigest()[:16]
    place = ROOT / ".cache" / f"ldap-{stamp}"
    if not (place / "ready").exists():
        draft = place.with_name(f"{place.name}-{os.getpid()}")
        shutil.rmtree(draft, ignore_errors=True)
        draft.parent.mkdir(exist_ok=True)
        subprocess.run([sys.executable, "-m", "venv", draft], check=True)
        pip = [draft / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "--requirement", LOCK], check=True)
        [packages] = (draft / "lib").glob("python3*/site-packages")
        (packages / "nocturne-source.pth").write_text(f"{ROOT / 'src'}\n")
        # A launcher names its interpreter by where it will stand.
        (draft / "bin" / "nocturne").write_text(
            f"#!{place / 'bin' / 'python'}\nimport sys\n\nfrom nocturne.__main__ import main\n\nsys.exit(main())\n"
        )
        (draft / "bin" / "nocturne").chmod(0o755)
        (draft / "ready").touch()
        try:
            draft.rename(place)
        except OSError:  # another has built it meanwhile
            shutil.rmtree(draft, ignore_errors=True)
    return place / "bin"
