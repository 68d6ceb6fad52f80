/** A secret of a kind that a gate gets to see, and the kind. */
export interface Secret {
  readonly kind: string;
  readonly text: string;
}

const JWT = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJnaXRodWIifQ.c2lnbmF0dXJlLW9mLWl0X2FuZC1tb3Jl";

/** One of every kind in use, none of them real. */
export const SECRETS: readonly Secret[] = [
  { kind: "a Render API key", text: "rnd_0aB1cD2eF3gH4iJ5kL6mN7oP8qR9" },
  { kind: "a job's token", text: "ghs_16C7e42F292c6912E7710c838347Ae178B4a" },
  { kind: "a job's token of the new kind", text: `ghs_${JWT}` },
  { kind: "a person's token", text: "ghp_16C7e42F292c6912E7710c838347Ae178B4b" },
  {
    kind: "a fine-grained token",
    text: "github_pat_11ABCDEFG0aBcDeFgHiJkL_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTU",
  },
  { kind: "a database's password", text: 'p@ss w"rd/+?&<ß>_*|`$1' },
  { kind: "a header's value", text: "hdr-4f9a8c7b6d5e<&>'\"" },
  {
    kind: "a Slack address",
    text: "https://hooks.slack.com/services/T00000000/B00000000/aBcDeFgHiJkLmNoPqRsTuVwX",
  },
  { kind: "a webhook's address", text: "https://hooks.example.test/in/9f8e7d6c5b4a?sig=Zz_9-8.7~6" },
  {
    kind: "a value of several lines",
    text: "first-line-of-it-77\nsecond line \u00e9 of it 88\r\nthird-line-of-it-99",
  },
];
