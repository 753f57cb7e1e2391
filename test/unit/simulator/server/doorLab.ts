import { Agent, request as httpRequest } from "node:http";
import { Agent as TlsAgent, request as httpsRequest, type RequestOptions } from "node:https";
import { SimulatorAdministration } from "../../../../provider/simulator/index";
import { SimulatedHost } from "../../../../provider/simulator/forDoors";
import { parseXml } from "../../../../provider/simulator/server/xml/parseXml";
import type { XmlElement } from "../../../../provider/simulator/server/xml/parsedElement";
import { WsmanDoor, type WsmanDoorOptions } from "../../../../provider/simulator/server/wsmanDoor";
import type { ScenarioInput } from "../../../../provider/simulator/scenario/scenarioInput";
import { removeScenarioFiles, scenarioFile, scenarioOf, web01 } from "../lab";

/** The namespace of the classes, and a VM that requires a resync. */
export const classes = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/virtualization/v2/";
export const machineId = "5F0C2A9E-0D1B-4C77-9A52-3C1D6B7E8F90";
export const machine = { ...web01, id: machineId };

/** An open door, and what it takes to look behind it. */
export interface OpenedLab {
  readonly door: WsmanDoor;
  readonly administration: SimulatorAdministration;
  readonly scenarioPath: string;
  /** Sends an envelope with Basic as the operator. */
  readonly send: (body: string | Buffer, options?: SendOptions) => Promise<Answer>;
}

export interface SendOptions {
  readonly user?: string;
  /** Over the usual ones; `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly path?: string;
  readonly method?: string;
  readonly agent?: Agent;
  readonly tls?: Pick<RequestOptions, "cert" | "key">;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
  readonly text: string;
}

const opened: WsmanDoor[] = [];

/** Opens a door to a host with one VM, on HTTP with Basic unless the options say more. */
export async function openLab(
  scenario: Partial<ScenarioInput> = {},
  options: WsmanDoorOptions = {},
): Promise<OpenedLab> {
  const { machines = [machine], ...more } = scenario;
  const scenarioPath = scenarioFile(scenarioOf(machines, more));
  const door = await WsmanDoor.open(SimulatedHost.open(scenarioPath), { allowsUnencrypted: true, ...options });
  opened.push(door);
  return {
    door,
    scenarioPath,
    administration: SimulatorAdministration.open(scenarioPath),
    send: async (body, sendOptions = {}) => send(door.url, body, sendOptions),
  };
}

/** Closes the doors and removes the files of a test. */
export async function closeLabs(): Promise<void> {
  await Promise.all(opened.splice(0).map(async (door) => door.close()));
  removeScenarioFiles();
}

/** One request; rejects when the connection breaks. */
export async function send(url: string, body: string | Buffer, options: SendOptions = {}): Promise<Answer> {
  const isTls = url.startsWith("https:");
  const wanted: Readonly<Record<string, string | undefined>> = {
    "Content-Type": "application/soap+xml;charset=UTF-8",
    Authorization: `Basic ${Buffer.from(options.user ?? "operator:simulated").toString("base64")}`,
    ...options.headers,
  };
  const headers = Object.fromEntries(
    Object.entries(wanted).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const target = new URL(options.path ?? "/wsman", url);
  const requestOptions = { method: options.method ?? "POST", headers, ...(options.agent && { agent: options.agent }) };
  return new Promise((resolve, reject) => {
    const request = isTls
      ? httpsRequest(target, {
          agent: new TlsAgent(),
          ...requestOptions,
          ...options.tls,
          rejectUnauthorized: false,
        })
      : httpRequest(target, requestOptions);
    request.on("error", reject);
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const bytes = Buffer.concat(chunks);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, text: bytes.toString("utf8") });
      });
    });
    request.end(body);
  });
}

/** Headers and body of a request, as a client from the specification would write them. */
export interface EnvelopeParts {
  readonly action: string;
  readonly uri: string;
  readonly selectors?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly headers?: string;
  readonly messageId?: string;
}

/** A request. Selectors are put in as they are: they may be XML. */
export function envelopeOf({ action, uri, selectors = {}, body = "", headers = "", messageId }: EnvelopeParts): string {
  const set = Object.entries(selectors).map(([name, value]) => `<w:Selector Name="${name}">${value}</w:Selector>`);
  return (
    `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"` +
    ` xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"` +
    ` xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration"` +
    ` xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"` +
    ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:cim="http://schemas.dmtf.org/wbem/wscim/1/common">` +
    `<s:Header><a:To>http://host/wsman</a:To><w:ResourceURI s:mustUnderstand="true">${uri}</w:ResourceURI>` +
    `<a:ReplyTo><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>` +
    `<a:Action s:mustUnderstand="true">${action}</a:Action><a:MessageID>${messageId ?? "uuid:1"}</a:MessageID>` +
    `<w:SelectorSet>${set.join("")}</w:SelectorSet>${headers}</s:Header><s:Body>${body}</s:Body></s:Envelope>`
  );
}

const enumeration = "http://schemas.xmlsoap.org/ws/2004/09/enumeration/";

/** An Enumerate of a class, or of a query with `*`. */
export function enumerateEnvelope(className: string, content = "", headers = ""): string {
  const body = `<n:Enumerate>${content}</n:Enumerate>`;
  return envelopeOf({ action: `${enumeration}Enumerate`, uri: `${classes}${className}`, body, headers });
}

/** A query for everything at once. */
export function queryEnvelope(query: string, content = ""): string {
  const text = query.replace(/[&<>\r]/g, (one) => `&#${one.charCodeAt(0)};`);
  const filter = `<w:Filter Dialect="http://schemas.microsoft.com/wbem/wsman/1/WQL">${text}</w:Filter>`;
  return enumerateEnvelope("*", `<w:OptimizeEnumeration/><w:MaxElements>100</w:MaxElements>${filter}${content}`);
}

export function pullEnvelope(context: string, maxElements?: number): string {
  const most = maxElements === undefined ? "" : `<n:MaxElements>${maxElements}</n:MaxElements>`;
  const body = `<n:Pull><n:EnumerationContext>${context}</n:EnumerationContext>${most}</n:Pull>`;
  return envelopeOf({ action: `${enumeration}Pull`, uri: `${classes}Msvm_ComputerSystem`, body });
}

export function getEnvelope(className: string, selectors: Readonly<Record<string, string>>): string {
  const action = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Get";
  return envelopeOf({ action, uri: `${classes}${className}`, selectors });
}

/** The address of a VM, as a parameter holds it. */
export function machineAddress(id = machineId): string {
  return (
    `<a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address><a:ReferenceParameters>` +
    `<w:ResourceURI>${classes}Msvm_ComputerSystem</w:ResourceURI><w:SelectorSet>` +
    `<w:Selector Name="CreationClassName">Msvm_ComputerSystem</w:Selector><w:Selector Name="Name">${id}</w:Selector>` +
    `</w:SelectorSet></a:ReferenceParameters>`
  );
}

/** `Resynchronize`; `parameters` stand beside the VM. */
export function resynchronizeEnvelope(
  parameters = "",
  { computer = `<p:ComputerSystem>${machineAddress()}</p:ComputerSystem>`, headers = "" } = {},
): string {
  const uri = `${classes}Msvm_ReplicationService`;
  return envelopeOf({
    action: `${uri}/Resynchronize`,
    uri,
    selectors: { CreationClassName: "Msvm_ReplicationService" },
    body: `<p:Resynchronize_INPUT xmlns:p="${uri}">${computer}${parameters}</p:Resynchronize_INPUT>`,
    headers,
  });
}

/** All elements of this name, in order. */
export function elementsOf(answer: Answer | XmlElement, local: string): XmlElement[] {
  const root = "bytes" in answer ? parseXml(answer.text) : answer;
  return [...(root.local === local ? [root] : []), ...root.children.flatMap((child) => elementsOf(child, local))];
}

/** The texts of all elements of this name. */
export function textsOf(answer: Answer | XmlElement, local: string): string[] {
  return elementsOf(answer, local).map(({ text }) => text);
}

/** Number and subcode of a fault, whichever form it has. */
export function faultOf(answer: Answer): { status: number; number: string; subcode: string | undefined } {
  const [wsman] = elementsOf(answer, "WSManFault");
  const [wmi] = textsOf(answer, "error_Code");
  const number = wsman?.attributes.find(({ local }) => local === "Code")?.value ?? wmi ?? "";
  const subcode = textsOf(elementsOf(answer, "Code")[0] ?? parseXml("<none/>"), "Value")[1];
  return { status: answer.status, number: `0x${Number(number).toString(16)}`, subcode };
}

/** An agent that keeps one connection. */
export function oneConnection(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 1 });
}
