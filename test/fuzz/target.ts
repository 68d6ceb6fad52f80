/** Something that reads text from outside, with what must hold whatever the text is. */
export interface FuzzTarget {
  readonly name: string;
  /** Texts to start from. */
  readonly seeds: readonly string[];
  /** Pieces that mean something to the reader. */
  readonly words: readonly string[];
  /** Measures time, so that a busy machine may break it: not for tests. */
  readonly isTimed?: boolean;
  /** Throws where a law is broken. */
  holds(text: string): void;
}

/** Throws `what` unless it is so. */
export function law(isSo: boolean, what: string): asserts isSo {
  if (!isSo) throw new Error(what);
}
