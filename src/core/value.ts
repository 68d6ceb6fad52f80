/** What a subject can hold: anything JSON can say. Sizes are bytes, durations milliseconds, ratios 0 to 1. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** The named values of one sample. */
export type Subjects = { readonly [name: string]: Value };

/** What a source promises about a subject before any sample exists; `any` is known only when it arrives. */
export type SubjectType =
  | "number"
  | "duration"
  | "size"
  | "ratio"
  | "text"
  | "list"
  | "object"
  | "boolean"
  | "any";
