import { LineStream } from "../../../../provider/transports/powershell/lineStream";

/** The chunks that come out when these go in. */
async function chunksOf(...given: readonly (string | Buffer)[]): Promise<readonly string[]> {
  const lines = new LineStream();
  const chunks: string[] = [];
  lines.on("data", (chunk: Buffer) => chunks.push(chunk.toString()));
  for (const one of given) lines.write(one);
  lines.end();
  await new Promise((resolve) => lines.once("end", resolve));
  return chunks;
}

test("every line is one chunk, whatever the chunks were that it came in", async () => {
  expect(await chunksOf("a\nb", "c\n", "\n", "d", "e", "f\n")).toEqual(["a\n", "bc\n", "\n", "def\n"]);
});

test("line ends of Windows become line feeds, and carriage returns within a line stay", async () => {
  expect(await chunksOf("a\r", "\nb\rc\r\n\r\n")).toEqual(["a\n", "b\rc\n", "\n"]);
});

test("what stands behind the last line end comes when the stream ends", async () => {
  expect(await chunksOf("a\nb")).toEqual(["a\n", "b\n"]);
  expect(await chunksOf("")).toEqual([]);
});

test("a character that is cut by a chunk stays whole", async () => {
  const text = Buffer.from("東\n");
  expect(await chunksOf(text.subarray(0, 1), text.subarray(1))).toEqual(["東\n"]);
});

test("a line that does not end is refused before it takes all memory", async () => {
  const lines = new LineStream();
  const megabyte = Buffer.alloc(1024 * 1024, 0x61);
  const failed = new Promise<Error>((resolve) => lines.once("error", resolve));
  for (let written = 0; written <= 32; written += 1) lines.write(megabyte);
  expect((await failed).message).toBe("a line is longer than 33554432 bytes");
});
