import { Config } from "@pulumi/pulumi";
import { ReplicaResync } from "pulumi-hyperv-replica";

// Needs the optional package: npm install kerberos
// pulumi config set host hv01.example.org
// pulumi config set username hv-resync@EXAMPLE.ORG
// pulumi config set keytab /run/secrets/hv-resync.keytab
// pulumi config set caFile hosts-ca.pem
const config = new Config();

/** The host by its name in the domain, over TLS. Without `keytab` the tickets of `kinit` are used. */
const connection = {
  transport: "wsman",
  host: config.require("host"),
  auth: "kerberos",
  username: config.require("username"),
  keytab: config.require("keytab"),
  caFile: config.require("caFile"),
} as const;

export const outcomes = ["web01", "db01"].map((vm) => new ReplicaResync(vm, { vm, connection }).outcome);
