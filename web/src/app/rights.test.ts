import { expect, test } from "vitest";
import { without, withoutRepeats } from "@/kind/scopes";
import { allows } from "./rights";

test("no right allows nothing", () => {
  expect(allows([], "user:read")).toBe(false);
});

test("a right for one area does not reach another", () => {
  expect(allows(["user:write"], "line:write")).toBe(false);
});

test("a star stands for every area or every action", () => {
  expect(allows(["*:read"], "line:read")).toBe(true);
  expect(allows(["*:read"], "line:write")).toBe(false);
  expect(allows(["call:*"], "call:hangup")).toBe(true);
});

test("a scope that another one includes is left out", () => {
  expect(withoutRepeats(["user:read", "*:read", "user:write"])).toEqual(["*:read", "user:write"]);
});

test("taking one action of an area away leaves the others", () => {
  expect(without(["user:read", "call:*"], "call:hangup", ["read", "hangup"])).toEqual(["user:read", "call:read"]);
});
