// A call that aborts inside the module throws an error, and the next call works.

import assert from "node:assert/strict";
import { test } from "node:test";

import { check, fix } from "streamlint";

const TEXT = '{ "name": "orders", "type": "kafka" }';
const expected = check(TEXT);
const memory = () => process.memoryUsage().arrayBuffers;

test("200 panics: an exception unwinds the module's frames without cleanup, as a panic does", (t) => {
  const config = { placeholders: ["^__"] };
  const { test } = RegExp.prototype;
  t.mock.method(RegExp.prototype, "test", function (text) {
    if (this.source === "^__") throw new WebAssembly.RuntimeError("unreachable");
    return test.call(this, text);
  });
  const before = memory();
  for (let count = 0; count < 200; count += 1) {
    assert.throws(() => check(TEXT, { config }), (error) => {
      assert.match(error.message, /^streamlint stopped at this text; please report this bug$/);
      return error.cause instanceof WebAssembly.RuntimeError;
    });
    assert.deepEqual(check(TEXT), expected);
  }
  assert.equal(memory() - before < 100_000_000, true, "the old instances are let go");
});

test("the stack overflows 200 times", () => {
  let stopped = 0;
  /** Recurses until the stack is full, and then calls the module, with one frame less each time until it fits. */
  const deep = () => {
    try {
      deep();
    } catch (error) {
      if (error.cause instanceof RangeError) stopped += 1;
      fix(TEXT);
    }
  };
  while (stopped < 200) {
    deep();
    assert.deepEqual(check(TEXT), expected);
  }
});
