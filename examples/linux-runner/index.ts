import { Config } from "@pulumi/pulumi";
import { ReplicaResync } from "pulumi-hyperv-replica";

// pulumi config set host hv01.example.org
// pulumi config set username 'EXAMPLE\hv-resync'
// pulumi config set --secret password
// pulumi config set caFile hosts-ca.pem
const config = new Config();

/** The defaults: TLS on port 5986, and NTLM bound to the TLS channel. */
const connection = {
  transport: "wsman",
  host: config.require("host"),
  username: config.require("username"),
  password: config.requireSecret("password"),
  caFile: config.require("caFile"),
} as const;

export const outcomes = ["web01", "db01"].map((vm) => new ReplicaResync(vm, { vm, connection }).outcome);
