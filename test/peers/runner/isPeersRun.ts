/**
 * Whether this is `npm run test:peers`. Peers that take long (the CLI, PowerShell, sshd, a KDC) are used there only: in
 * `npm test` their tests count as skipped, so that an ordinary run takes as long on every computer.
 */
export const isPeersRun = process.env["HYPERV_REPLICA_TEST_PEERS"] === "true";
