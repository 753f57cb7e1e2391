/** What `--help` prints. */
export const helpText = `Usage: hyperv-replica scenario [file]
       hyperv-replica simulate <scenario> [options]

scenario: writes a small scenario file, host.json unless another name is given. An
existing file is not overwritten.

simulate: serves the simulated Hyper-V host of a scenario file over WS-Management, as WinRM
does. The first line it prints is its address. Ctrl-C ends it; what the host
remembers stays in the files beside the scenario.

Options of simulate:
  --port <number>   port to listen on; 0: any that is free
                    (default 5985, with TLS 5986)
  --host <address>  address to listen on (default 127.0.0.1: this computer only)
  --tls             HTTPS, with a certificate made at start; clients find it in
                    <scenario name>.certificate.pem beside the scenario
  --cert <file>     certificate for HTTPS, PEM; together with --key
  --key <file>      its private key, PEM
  --allow-basic     allow Basic authentication and plain messages over HTTP
                    (AllowUnencrypted)
  --version         print the version
  -h, --help        print this

The accounts are those of the scenario: "operator" with the password "simulated"
unless it names others. Basic (over HTTPS), NTLM under Negotiate (encrypted over
HTTP) and client certificates ("wsman.certificates" of the scenario) are accepted.
`;
