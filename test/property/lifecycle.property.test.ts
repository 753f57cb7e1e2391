import { describeCase } from "./describeCase";
import { runCase } from "./runCase";
import { writtenCases } from "./writtenCases";

// The random cases are in shards/, so that every core runs a part of them.
test.each(writtenCases.map((one, nth) => ({ one, nth })))(
  "holds every invariant in written case $nth",
  async ({ one }) => {
    const end = await runCase(one);
    expect(end.violations.length === 0 ? "" : describeCase(one, end)).toBe("");
  },
);
