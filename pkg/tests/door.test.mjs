// The border to the module: what happens when the module stops in the middle of a text.

import assert from "node:assert/strict";
import { test } from "node:test";

import binaryen from "binaryen";

import { Door } from "../src/door.js";

/** A module whose `check` traps where the text starts with an exclamation mark, and else answers `[]`. */
const TRAPS = `(module
  (memory (export "memory") 2)
  (data (i32.const 16) "[]")
  (func (export "buffer") (param i32) (result i32) (i32.const 1024))
  (func (export "answer") (result i32) (i32.const 16))
  (func (export "check") (param i32 i32) (result i32)
    (if (i32.eq (i32.load8_u (i32.const 1024)) (i32.const 33)) (then (unreachable)))
    (i32.const 2)))`;

test("an instance that stops is replaced", () => {
  const door = new Door(new WebAssembly.Module(binaryen.parseText(TRAPS).emitBinary()));
  assert.equal(door.ask("check", "fine", ""), "[]");
  assert.throws(() => door.ask("check", "!", ""), /streamlint stopped in the middle of this text.*please report it/);
  assert.equal(door.ask("check", "fine again", ""), "[]");
});
