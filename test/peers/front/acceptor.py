"""The front of a WS-Management service, as WinRM has it: authentication and encryption. It shares no code with the client.

pyspnego authenticates clients: NTLM and SPNEGO under Negotiate, tickets under Kerberos (GSSAPI with the keytab that
KRB5_KTNAME names). A connection stays authenticated. On plain HTTP only encrypted messages are accepted, with TLS
the plain ones, and an authentication that is bound to a channel must be bound to this one. What is inside goes on to the
service behind, over HTTP with Basic, and its answer comes back the same way, sealed where the question was.

The first argument is JSON: "service" (URL), "user" and "password" for it, "certificate" and "key" (PEM files; absent:
plain HTTP), "boundTo" (PEM file of another certificate than the one that is shown), "schemes" (of Negotiate, Kerberos),
"everyRequest" (true: each request requires authentication). The first line of output is {"port": n}.
Then one JSON command a line on standard input, one answer a line: {"do": "forget", "close": false} answers the next
message of an authenticated connection with 401, unread; {"do": "report"} answers with all that has happened.
"""

import base64
import http.client
import http.server
import json
import re
import ssl
import struct
import sys
import threading
import urllib.parse

import spnego
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from spnego.channel_bindings import GssChannelBindings

try:
    from gssapi import exceptions as gssapi_errors
except ImportError:
    gssapi_errors = None

BOUNDARY = b"--Encrypted Boundary"
SEALED = {
    "Negotiate": "application/HTTP-SPNEGO-session-encrypted",
    "Kerberos": "application/HTTP-Kerberos-session-encrypted",
}
# MS-WSMV 2.2.9.1, as pypsrp and Windows write it: tabs, no blank line before the bytes, no line break after them.
MESSAGE = re.compile(
    rb"--Encrypted Boundary\r\n"
    rb"\tContent-Type: (?P<protocol>[^\r\n]+)\r\n"
    rb"\tOriginalContent: type=(?P<type>application/soap\+xml;charset=(?:UTF-8|UTF-16));Length=(?P<length>\d+)\r\n"
    rb"--Encrypted Boundary\r\n"
    rb"\tContent-Type: application/octet-stream\r\n"
    rb"(?P<sealed>.*)--Encrypted Boundary--\r\n",
    re.DOTALL,
)


class Refused(Exception):
    """A message that is not as it has to be: answered with 400."""


def bindings_of(pem):
    """RFC 5929, section 4.1."""
    certificate = x509.load_pem_x509_certificate(pem)
    algorithm = certificate.signature_hash_algorithm
    if algorithm.name in ("md5", "sha1"):
        algorithm = hashes.SHA256()
    digest = hashes.Hash(algorithm)
    digest.update(certificate.public_bytes(serialization.Encoding.DER))
    return GssChannelBindings(application_data=b"tls-server-end-point:" + digest.finalize())


def sealed_type(scheme):
    return 'multipart/encrypted;protocol="%s";boundary="Encrypted Boundary"' % SEALED[scheme]


def unseal(context, scheme, body):
    """The message, and its media type."""
    found = MESSAGE.fullmatch(body)
    if found is None or found["protocol"].decode() != SEALED[scheme]:
        raise Refused("not the two parts of a sealed message")
    sealed = found["sealed"]
    (length,) = struct.unpack("<I", sealed[:4])
    if length > len(sealed) - 4:
        raise Refused("the header is longer than what there is")
    message = context.unwrap_winrm(sealed[4 : 4 + length], sealed[4 + length :])
    if len(message) != int(found["length"]):
        raise Refused("the length is not what it says")
    return message, found["type"].decode()


def seal(context, scheme, message, media_type):
    sealed = context.wrap_winrm(message)
    head = b"\r\n".join(
        [
            BOUNDARY,
            b"\tContent-Type: " + SEALED[scheme].encode(),
            b"\tOriginalContent: type=%s;Length=%d" % (media_type.encode(), len(message) + sealed.padding_length),
            BOUNDARY,
            b"\tContent-Type: application/octet-stream",
            b"",
        ]
    )
    return head + struct.pack("<I", len(sealed.header)) + sealed.header + sealed.data + BOUNDARY + b"--\r\n"


class Front(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, settings):
        super().__init__(("127.0.0.1", 0), Connection)
        self.settings = settings
        self.schemes = settings.get("schemes", ["Negotiate", "Kerberos"])
        self.service = urllib.parse.urlsplit(settings["service"])
        basic = "%s:%s" % (settings["user"], settings["password"])
        self.authorization = "Basic " + base64.b64encode(basic.encode()).decode()
        self.tls = None
        self.bindings = None
        if "certificate" in settings:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(settings["certificate"], settings["key"])
            with open(settings.get("boundTo", settings["certificate"]), "rb") as file:
                self.bindings = bindings_of(file.read())
        self.lock = threading.Lock()
        self.happened = []
        self.forgets = None
        self.connections = 0

    def record(self, what, **more):
        with self.lock:
            self.happened.append({"what": what, **more})

    def takes_forgetting(self):
        with self.lock:
            forgets, self.forgets = self.forgets, None
            return forgets

    def handle_error(self, request, client_address):
        self.record("broken", why=type(sys.exc_info()[1]).__name__)

    def ask_service(self, message, media_type):
        """Status, headers and body of the service behind."""
        behind = http.client.HTTPConnection(self.service.hostname, self.service.port)
        try:
            headers = {"Content-Type": media_type, "Authorization": self.authorization}
            behind.request("POST", self.service.path, message, headers)
            reply = behind.getresponse()
            return reply.status, reply.headers, reply.read()
        finally:
            behind.close()


class Connection(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        if self.server.tls is not None:
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        super().setup()
        with self.server.lock:
            self.server.connections += 1
            self.number = self.server.connections
        self.scheme = None
        self.context = None

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        authorization = self.headers.get("Authorization")
        if self.path != "/wsman":
            self.answer(404)
        elif authorization is not None:
            self.log_on(authorization, body)
        elif self.context is None or not self.context.complete:
            self.challenge()
        else:
            forgets = self.server.takes_forgetting() if body else None
            if forgets is None:
                self.take(body)
                return
            self.context = None
            self.server.record("forgotten", connection=self.number)
            self.challenge(close=forgets)

    def log_on(self, authorization, body):
        scheme, _, value = authorization.partition(" ")
        if scheme not in self.server.schemes:
            self.challenge()
            return
        if self.context is None or self.context.complete or scheme != self.scheme:
            self.scheme = scheme
            protocol, service = {"Negotiate": ("negotiate", "HTTP"), "Kerberos": ("kerberos", "WSMAN")}[scheme]
            bindings = self.server.bindings
            self.context = spnego.server(protocol=protocol, hostname="localhost", service=service, channel_bindings=bindings)
        try:
            token = self.context.step(base64.b64decode(value, validate=True))
        except Exception as error:
            self.context = None
            self.server.record("refused", scheme=scheme, why=type(error).__name__)
            self.challenge()
            return
        header = {} if not token else {"WWW-Authenticate": "%s %s" % (scheme, base64.b64encode(token).decode())}
        if not self.context.complete:
            self.answer(401, header)
            return
        self.server.record(
            "authenticated",
            scheme=scheme,
            protocol=self.context.negotiated_protocol,
            user=self.context.client_principal,
            connection=self.number,
        )
        if body:
            self.take(body, header)
        else:
            self.answer(200, header)

    def take(self, body, more={}):
        """A message of an authenticated client."""
        media_type = self.headers.get("Content-Type", "")
        is_sealed = media_type == sealed_type(self.scheme)
        if not is_sealed and self.server.tls is None:
            self.server.record("unsealed")
            self.answer(500, more)
            return
        try:
            message, media_type = unseal(self.context, self.scheme, body) if is_sealed else (body, media_type)
        except gssapi_errors.ExpiredContextError if gssapi_errors else ():
            # What Windows answers is not known; it is the one answer after which a client authenticates again.
            self.context = None
            self.server.record("expired", connection=self.number)
            self.challenge()
            return
        except Exception as error:
            self.server.record("unread", why="%s: %s" % (type(error).__name__, error))
            self.answer(400, more)
            return
        status, headers, reply = self.server.ask_service(message, media_type)
        self.server.record("message", sealed=is_sealed, length=len(message), replyLength=len(reply), connection=self.number)
        answered = {**more, "Date": headers["Date"]}
        media_type = headers.get("Content-Type")
        if is_sealed and reply:
            reply = seal(self.context, self.scheme, reply, media_type)
            media_type = sealed_type(self.scheme)
        if media_type is not None:
            answered["Content-Type"] = media_type
        if self.server.settings.get("everyRequest"):
            self.context = None
        self.answer(status, answered, reply)

    def challenge(self, close=False):
        self.answer(401, {"Connection": "close"} if close else {}, schemes=self.server.schemes)

    def answer(self, status, headers={}, body=b"", schemes=()):
        self.send_response_only(status)
        for scheme in schemes:
            self.send_header("WWW-Authenticate", scheme)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def main():
    front = Front(json.loads(sys.argv[1]))
    threading.Thread(target=front.serve_forever, daemon=True).start()
    print(json.dumps({"port": front.server_address[1]}), flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        with front.lock:
            if command["do"] == "forget":
                front.forgets = command["close"]
            print(json.dumps(front.happened), flush=True)


main()
