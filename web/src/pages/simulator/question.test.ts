import { expect, test } from "vitest";
import { assumptionsOf, callerOf, questionOf, textOfAssumptions, textOfCaller } from "./question";

test("an address without a caller or a number asks nothing", () => {
  expect(questionOf({})).toBeNull();
  expect(questionOf({ from: "u1", to: "  " })).toBeNull();
  expect(questionOf({ from: "x1", to: "102" })).toBeNull();
});

test("what an address says wrongly is left out", () => {
  expect(assumptionsOf("u0.busy,u2.flying,t1.busy,rubbish,u2.busy")).toEqual([{ user: 2, state: "busy" }]);
});

test("an address asks the whole question", () => {
  expect(questionOf({ from: "t2:0612345678", to: "0123456789", at: "2026-07-14T19:00", assume: "u3.busy,t1.down" })).toEqual({
    from: { trunk: 2, caller_number: "0612345678" },
    dialled: "0123456789",
    at: "2026-07-14T19:00",
    assume: [{ user: 3, state: "busy" }, { trunk: 1, state: "down" }],
  });
});

test("callers and assumptions survive the address", () => {
  for (const caller of [{ user: 3, number: "" }, { trunk: 1, number: "+33612345678" }]) expect(callerOf(textOfCaller(caller))).toEqual(caller);
  const assumptions = [{ user: 3, state: "no_answer" }, { trunk: 1, state: "congestion" }];
  expect(assumptionsOf(textOfAssumptions(assumptions))).toEqual(assumptions);
  expect(textOfAssumptions([])).toBeUndefined();
});
