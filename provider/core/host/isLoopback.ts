/** Whether a name or address means the runner itself: nobody else can listen on the way to it. */
export function isLoopback(host: string): boolean {
  return host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host) || /^localhost\.?$/i.test(host);
}
