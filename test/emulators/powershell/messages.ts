/** Texts of Windows for the same error in two languages: nothing may depend on them. */
const texts: Readonly<Record<string, readonly [string, string]>> = {
  ObjectNotFound: ["Not found ", "Nicht gefunden "],
  PermissionDenied: ["Access denied ", "Zugriff verweigert "],
  ConnectionError: [
    "The client cannot connect to the destination specified in the request.",
    "Der Client kann keine Verbindung mit dem in der Anforderung angegebenen Ziel herstellen. Überprüfen Sie den Dienst.",
  ],
  AuthenticationError: [
    "The user name or password is incorrect.",
    "Der Benutzername oder das Kennwort ist falsch. Prüfen Sie die Schreibweise.",
  ],
};

const otherTexts = ["The value is not valid.", "Der Wert ist ungültig."] as const;

/** The text for an error of this category: every second one is German. */
export function messageOf(category: string, nth: number): string {
  const [english, german] = texts[category] ?? otherTexts;
  return nth % 2 === 0 ? english : german;
}
