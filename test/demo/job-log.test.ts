import { expect, test } from "vitest";
import { jobLog } from "./job-log.ts";

function shownFor(printed: readonly string[]): readonly string[] {
  const log = jobLog();
  return printed.flatMap((line) => log.shown(line));
}

test.each([
  ["plain text", ["hello", ""], ["hello", ""]],
  ["a group", ["::group::Waiting", "one", "::endgroup::", "two"], ["▸ Waiting", "  one", "two"]],
  ["an error with a place", ["::error file=a.yml,line=3,title=No%3A no::it broke"], ["Error: it broke"]],
  [
    "a value that holds colons",
    ["::notice::see https://example.test::8"],
    ["Notice: see https://example.test::8"],
  ],
  ["several lines in one command", ["::warning::one%0Atwo 50%25"], ["Warning: one", "two 50%"]],
  ["secrets", ["::add-mask::hunter2", "password hunter2"], ["password ***"]],
  ["commands without a face", ["::debug::x", "::save-state name=a::b"], []],
  [
    "commands while stopped",
    ["::stop-commands::t0k", "::error::from a log", "::t0k::", "::error::ours"],
    ["::error::from a log", "Error: ours"],
  ],
])("%s", (_name, printed, shown) => {
  expect(shownFor(printed)).toEqual(shown);
});
