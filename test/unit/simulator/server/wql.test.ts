import fc from "fast-check";
import type { CimRow } from "../../../../provider/simulator/forDoors";
import { QueryRefused, readQuery } from "../../../../provider/simulator/server/wql/query";
import { select } from "../../../../provider/simulator/server/wql/select";

const rows: CimRow[] = [
  {
    Name: "web01",
    State: 9,
    Big: "18446744073709551615",
    On: true,
    Mode: null,
    When: { dateTime: "2030-01-07T12:00:00Z" },
  },
  { Name: 'it\'s \\ "quoted"', State: 3, Big: "0", On: false, Mode: 1 },
  { Name: "007", State: 10, Big: "1", On: false, Mode: 2 },
];
const known = new Set(["Name", "State", "Big", "On", "Mode", "When"]);

function names(query: string, from: readonly CimRow[] = rows): unknown[] {
  return select(from, readQuery(query), known).map((row) => row["Name"]);
}

test.each([
  ["SELECT * FROM X", ["web01", 'it\'s \\ "quoted"', "007"]],
  ["select * from X where State = 9", ["web01"]],
  ["SELECT * FROM X WHERE State = 9 OR Mode = 2", ["web01", "007"]],
  ["  SELECT  *\nFROM X\tWHERE State=9 or state=3  ", ["web01", 'it\'s \\ "quoted"']],
  ["SELECT * FROM X WHERE Name = 'WEB01'", ["web01"]],
  ["SELECT * FROM X WHERE Name = 'it\\'s \\\\ \\\"quoted\\\"'", ['it\'s \\ "quoted"']],
  ["SELECT * FROM X WHERE Name = '7'", []],
  ["SELECT * FROM X WHERE State = '9'", ["web01"]],
  ["SELECT * FROM X WHERE Mode = 1", ['it\'s \\ "quoted"']],
])("%s", (query, expected) => {
  expect(names(query)).toEqual(expected);
});

test("a literal with doubled backslashes selects exactly the text meant, whatever it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (text, other) => {
      const literal = text.replace(/[\\'"]/g, (one) => `\\${one}`);
      const two = [{ Name: text }, { Name: `${text}${other}x` }];
      expect(names(`SELECT * FROM X WHERE Name = '${literal}'`, two)).toEqual([text]);
    }),
  );
});

test.each([
  ["SELECT * FROM"],
  ["SELECT FROM X"],
  ["SELECT * X"],
  ["DELETE FROM X"],
  ["SELECT * FROM X WHERE"],
  ["SELECT * FROM X WHERE State"],
  ["SELECT * FROM X WHERE State = "],
  ["SELECT * FROM X WHERE State LIKE '9%'"],
  ["SELECT * FROM X WHERE (State = 9"],
  ["SELECT * FROM X WHERE State = 9)"],
  ["SELECT * FROM X WHERE State = 9; DROP"],
  ["SELECT * FROM X WHERE Name = 'a'b'"],
  ["SELECT * FROM X WHERE Name = 'Microsoft:1\\HVR\\0'"],
  ["SELECT * FROM X WHERE Nothing = 1"],
  ["SELECT * FROM X WHERE State = 'nine'"],
  ["SELECT * FROM X WHERE When = 1"],
  ["SELECT Name FROM X"],
  ["SELECT * FROM X WHERE State <> 9"],
  ["SELECT * FROM X WHERE State >= 9"],
  ["SELECT * FROM X WHERE State = 9 AND On = 1"],
  ["SELECT * FROM X WHERE NOT State = 9"],
  ["SELECT * FROM X WHERE Mode IS NULL"],
  ["SELECT * FROM X WHERE On = TRUE"],
  ['SELECT * FROM X WHERE Name = "web01"'],
  ["SELECT * FROM X WHERE State = 9 OR"],
  [""],
])("%s is refused", (query) => {
  expect(() => names(query)).toThrow(QueryRefused);
});

test("whatever it is given, it answers or refuses", () => {
  const word = fc.constantFrom("SELECT", "*", "FROM", "X", "WHERE", "Name", "=", "'a'", "1", "OR", "\\", "'");
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(word).map((words) => words.join(" ")),
      ),
      (query) => {
        try {
          names(query);
        } catch (error) {
          expect(error).toBeInstanceOf(QueryRefused);
        }
      },
    ),
  );
});
