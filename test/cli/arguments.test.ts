import { expect, test } from "vitest";
import { commandOf } from "../../src/cli/arguments.ts";

test.each<[string, object]>([
  ["lint", { kind: "lint", file: ".github/deploy-gate.yml" }],
  ["lint gate.yml", { kind: "lint", file: "gate.yml" }],
  ["--help", { kind: "help" }],
  ["lint --help", { kind: "help" }],
  ["-h", { kind: "help" }],
  ["--version", { kind: "version" }],
  ["", { kind: "wrong", message: 'no command is given; see "node dist/cli.js --help"' }],
  ["check", { kind: "wrong", message: 'there is no command "check"; see "node dist/cli.js --help"' }],
  ["lint a b", { kind: "wrong", message: 'lint takes one file; see "node dist/cli.js --help"' }],
  ["lint --all", { kind: "wrong", message: 'there is no option "--all"; see "node dist/cli.js --help"' }],
])("%s", (words, command) => {
  expect(commandOf(words.split(" ").filter((word) => word !== ""))).toEqual(command);
});

test("an empty name is no file", () => {
  expect(commandOf(["lint", ""])).toMatchObject({ kind: "wrong" });
});
