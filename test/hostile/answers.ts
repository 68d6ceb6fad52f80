/** A body that no service should send, and what it is. */
export interface HostileAnswer {
  readonly what: string;
  readonly body: string | Buffer;
}

/** As deep as that, in the place of any value. */
const deep = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;
const keys = (count: number): string =>
  `{${Array.from({ length: count }, (_, at) => `"k${at}":0`).join(",")}}`;

/** Names that every object has already. */
const INHERITED =
  '"__proto__":{"polluted":1,"id":"x","name":"x"},"constructor":{"prototype":{"polluted":1}},"toString":1,"hasOwnProperty":1,"length":1e9,"then":1';

/** Bodies for the answer to any request; some of them are as large as an answer may be. */
export const ANSWERS: readonly HostileAnswer[] = [
  { what: "nothing", body: "" },
  { what: "null", body: "null" },
  { what: "a page of HTML", body: "<html><script>x</script>" },
  {
    what: "bytes that are no UTF-8",
    body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0xc0, 0x22, 0x3a, 0x31, 0x7d]),
  },
  { what: "UTF-16", body: Buffer.from('\ufeff{"id":"x"}', "utf16le") },
  { what: "half of an answer", body: '[{"cursor":"a","deploy":{"id":"dep-' },
  { what: "lists in lists", body: deep(100_000) },
  { what: "a message of lists in lists", body: `{"message":"no","errors":[${deep(100_000)}]}` },
  { what: "a million keys", body: keys(1_000_000) },
  { what: "a list of nothings", body: `[${"0,".repeat(8_000_000)}0]` },
  {
    what: "lists of nothings inside",
    body: `{"logs":[${"{},".repeat(1_000_000)}{}],"tree":[${"{},".repeat(400_000)}{}]}`,
  },
  { what: "inherited names", body: `{${INHERITED}}` },
  { what: "a list of inherited names", body: `[{${INHERITED}}]` },
  {
    what: "numbers without bounds",
    body: '[{"cursor":1e999,"id":1e999,"number":-1e999,"total_commits":1e308}]',
  },
  { what: "NaN", body: '[{"id":NaN}]' },
  { what: "the same key twice", body: '{"id":"a","id":["b"],"id":null}' },
];

/** Ids that would ask for something else, were they put into an address as they are. */
export const IDS: readonly string[] = [
  "",
  ".",
  "..",
  "../../owners",
  "..%2f..%2fowners",
  "%2e%2e",
  "a/b",
  "a\\..\\b",
  "a?admin=1",
  "a#b",
  "a b",
  "a\r\nX-Evil: 1",
  "a\u0000b",
  "//evil.test/x",
  "http://evil.test/",
  "@evil.test",
  "\ud800",
  "\u202esrv",
];
