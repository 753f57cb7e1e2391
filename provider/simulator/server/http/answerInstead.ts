import { schemes } from "../auth/authenticate";
import type { BrokenReply } from "../../scenario/wsmanBehaviour";
import type { HttpAnswer } from "./answers";

const loginPage =
  "<!DOCTYPE html><html><head><title>Sign in</title></head>" +
  "<body><h1>Sign in to the network<br></h1><form><input name=user><input name=password type=password></form></body></html>";

/** What answers a request that never gets to the host; `undefined` for those that do. */
export function answerInstead(kind: BrokenReply["kind"]): HttpAnswer | undefined {
  switch (kind) {
    case "unauthorized":
      return { status: 401, headers: { "WWW-Authenticate": schemes } };
    case "unavailable":
      return { status: 503 };
    case "requestTooLarge":
      return { status: 413 };
    case "notFound":
      return { status: 404 };
    case "redirect":
      return { status: 302, headers: { Location: "https://proxy.example/login" } };
    case "loginPage":
      return { status: 200, contentType: "text/html", body: Buffer.from(loginPage) };
    case "half":
    case "notXml":
    case "tooLarge":
    case "wrongEncoding":
      return undefined;
  }
}
