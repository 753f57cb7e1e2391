import fc from "fast-check";
import type { CimRow } from "../../../../provider/simulator/forDoors";
import { select } from "../../../../provider/simulator/server/wql/evaluate";
import { readQuery } from "../../../../provider/simulator/server/wql/query";
import { QueryRefused } from "../../../../provider/simulator/server/wql/tokens";

const rows: CimRow[] = [
  { Name: "web01", State: 9, Big: "18446744073709551615", On: true, Mode: null },
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
  ["SELECT * FROM X WHERE State <> 9 AND On = FALSE", ['it\'s \\ "quoted"', "007"]],
  ["SELECT * FROM X WHERE State = 9 OR State = 10 AND On = TRUE", ["web01"]],
  ["SELECT * FROM X WHERE (State = 9 OR State = 10) AND On = FALSE", ["007"]],
  ["SELECT * FROM X WHERE NOT State = 9 AND NOT (State = 3)", ["007"]],
  ["SELECT * FROM X WHERE State >= 9 AND State < 10", ["web01"]],
  ["SELECT * FROM X WHERE Name = 'WEB01'", ["web01"]],
  ['SELECT * FROM X WHERE Name="web01"', ["web01"]],
  ["SELECT * FROM X WHERE Name = 'it\\'s \\\\ \\\"quoted\\\"'", ['it\'s \\ "quoted"']],
  ["SELECT * FROM X WHERE Name = '7'", []],
  ["SELECT * FROM X WHERE State = '9'", ["web01"]],
  ["SELECT * FROM X WHERE Mode IS NULL", ["web01"]],
  ["SELECT * FROM X WHERE Mode IS NOT NULL AND Mode != 2", ['it\'s \\ "quoted"']],
  ["SELECT * FROM X WHERE Mode < 5", ['it\'s \\ "quoted"', "007"]],
])("%s", (query, expected) => {
  expect(names(query)).toEqual(expected);
});

test("asked for some properties it gives these in the order of their names, null for what an instance has not", () => {
  const [row] = select(rows, readQuery("SELECT when, Name, State FROM X"), known);
  expect(Object.entries(row ?? {})).toEqual([
    ["Name", "web01"],
    ["State", 9],
    ["When", null],
  ]);
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
  ["SELECT Nothing FROM X"],
  ["SELECT * FROM X WHERE State = 'nine'"],
  [`SELECT * FROM X WHERE ${"(".repeat(60)}State = 9${")".repeat(60)}`],
  [""],
])("%s is refused", (query) => {
  expect(() => names(query)).toThrow(QueryRefused);
});

test("whatever it is given, it answers or refuses", () => {
  const word = fc.constantFrom(
    "SELECT",
    "*",
    "FROM",
    "X",
    "WHERE",
    "Name",
    "=",
    "'a'",
    "(",
    ")",
    "AND",
    "NOT",
    "\\",
    "'",
  );
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
