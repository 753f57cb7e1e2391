import { proxyFor } from "../../../../../provider/transports/wsman/http/proxySettings";

const proxy = { host: "proxy.example", port: 3128 };

test("each kind of connection has its own variable, in either letter case", () => {
  expect(proxyFor("hv01", 5986, true, { HTTPS_PROXY: "http://proxy.example:3128" })).toEqual(proxy);
  expect(proxyFor("hv01", 5986, true, { https_proxy: "proxy.example:3128" })).toEqual(proxy);
  expect(proxyFor("hv01", 5986, true, { HTTP_PROXY: "http://proxy.example:3128" })).toBeUndefined();
  expect(proxyFor("hv01", 5985, false, { HTTP_PROXY: "http://[::1]" })).toEqual({ host: "::1", port: 80 });
  expect(proxyFor("hv01", 5985, false, { HTTP_PROXY: " " })).toBeUndefined();
});

test("a proxy's own user goes to the proxy", () => {
  expect(proxyFor("hv01", 5986, true, { HTTPS_PROXY: "http://me:p%40ss@proxy.example:3128" })).toEqual({
    ...proxy,
    authorization: `Basic ${Buffer.from("me:p@ss").toString("base64")}`,
  });
});

test.each(["localhost", "127.0.0.1", "127.8.0.1", "::1"])("%s is never reached through a proxy", (host) => {
  expect(proxyFor(host, 5986, true, { HTTPS_PROXY: "http://proxy.example:3128" })).toBeUndefined();
});

test.each<[string, string, boolean]>([
  ["hv01.example.com", "*", true],
  ["hv01.example.com", "hv01.example.com", true],
  ["HV01.Example.com", "other, example.com", true],
  ["hv01.example.com", ".example.com", true],
  ["hv01.example.com", "*.example.com", true],
  ["hv01.example.com", "example.com:5986", true],
  ["hv01.example.com", "example.com:443", false],
  ["hv01.example.com", "ample.com", false],
  ["hv01.example.com", "", false],
  ["10.0.0.5", "10.0.0.5", true],
  ["10.0.0.5", "0.0.5", true],
  ["fd00::5", "fd00::5", true],
  ["fd00::5", "[fd00::5]:5986", true],
  ["fd00::5", "[fd00::5]:443", false],
  ["fd00::5", "[fd00::5]", true],
  ["fd00::5", "fd00::6", false],
  ["10.0.0.5", "10.0.0.0/8", true],
  ["10.0.0.5", "localhost,10.0.0.4/31", true],
  ["10.0.0.5", "10.0.0.5/32", true],
  ["10.0.0.5", "0.0.0.0/0", true],
  ["10.0.0.5", "10.1.0.0/16", false],
  ["10.0.0.5", "10.0.0.0/33", false],
  ["10.0.0.5", "10.0.0.0/", false],
  ["10.0.0.5", "fd00::/8", false],
  ["10.example.com", "10.0.0.0/8", false],
  ["fd00::5", "fd00::/8", true],
  ["fd00::5", "FD00::/64", true],
  ["fd00::5", "fe80::/10", false],
  ["fd00::5", "10.0.0.0/8", false],
])("%s with NO_PROXY=%j goes past the proxy: %s", (host, list, isPast) => {
  const found = proxyFor(host, 5986, true, { HTTPS_PROXY: "http://proxy.example:3128", NO_PROXY: list });
  expect(found).toEqual(isPast ? undefined : proxy);
});

test("a proxy's user that is not percent-encoded is refused, and not shown", () => {
  const look = (): unknown => proxyFor("hv01", 5986, true, { HTTPS_PROXY: "http://me:50%secret@proxy.example" });
  expect(look).toThrow(/the user name or the password of the proxy in HTTPS_PROXY is not percent-encoded/);
  expect(look).not.toThrow(/secret/);
});

test.each(["https://secret@proxy.example", "socks5://proxy.example", "http://", "not a proxy"])(
  "%j is refused as a proxy, and its text is not shown",
  (setting) => {
    const look = (): unknown => proxyFor("hv01", 5986, true, { HTTPS_PROXY: setting });
    expect(look).toThrow(/HTTPS_PROXY must have the form http:\/\/name:port/);
    expect(look).not.toThrow(/secret/);
  },
);
