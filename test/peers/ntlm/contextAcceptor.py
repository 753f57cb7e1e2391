"""An NTLM acceptor for the tests: one JSON command a line in, one JSON answer a line out, bytes as hexadecimal text.

begin: a new acceptor, for the TLS connection of the certificate (DER) if there is one. step, seal, unseal: as they say.
Accounts come from the file that NTLM_USER_FILE names. What goes wrong is answered as {"error": class name}.
"""

import json
import sys

import spnego
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from spnego.channel_bindings import GssChannelBindings


def bindings_of(der):
    """RFC 5929, section 4.1, by another implementation's reading of the certificate."""
    algorithm = x509.load_der_x509_certificate(der).signature_hash_algorithm
    if algorithm.name in ("md5", "sha1"):
        algorithm = hashes.SHA256()
    digest = hashes.Hash(algorithm)
    digest.update(der)
    return GssChannelBindings(application_data=b"tls-server-end-point:" + digest.finalize())


def answer(acceptor, command):
    if command["do"] == "step":
        token = acceptor.step(bytes.fromhex(command["token"]))
        user = acceptor.client_principal if acceptor.complete else None
        return {"token": token.hex() if token else None, "complete": acceptor.complete, "user": user}
    if command["do"] == "seal":
        sealed = acceptor.wrap_winrm(bytes.fromhex(command["data"]))
        return {"header": sealed.header.hex(), "data": sealed.data.hex()}
    if command["do"] == "unseal":
        message = acceptor.unwrap_winrm(bytes.fromhex(command["header"]), bytes.fromhex(command["data"]))
        return {"data": message.hex()}
    raise ValueError(command["do"])


acceptor = None
for line in sys.stdin:
    command = json.loads(line)
    try:
        if command["do"] == "begin":
            der = command.get("certificate")
            acceptor = spnego.server(
                protocol="ntlm",
                options=spnego.NegotiateOptions.use_ntlm,
                channel_bindings=bindings_of(bytes.fromhex(der)) if der else None,
            )
            reply = {}
        else:
            reply = answer(acceptor, command)
    except Exception as error:
        reply = {"error": type(error).__name__}
    print(json.dumps(reply), flush=True)
