/** The one character that `a`, `\x61` or `\u0061` stands for; `undefined` for classes such as `\d`. */
function characterOf(text: string): string | undefined {
  if (text.length === 1) return text;
  return /^\\[xu]/.test(text) && text.length > 2
    ? String.fromCharCode(Number.parseInt(text.slice(2), 16))
    : undefined;
}

function otherCase(character: string): string {
  const upper = character.toUpperCase();
  const other = upper === character ? character.toLowerCase() : upper;
  return other.length === 1 ? other : character;
}

/** The letter as both its cases, as it is written inside of a class or outside; all else as it is. */
export function letter(text: string, insideClass: boolean): string {
  const character = characterOf(text);
  const other = character === undefined ? undefined : otherCase(character);
  if (other === undefined || other === character) return text;
  return insideClass ? text + other : `[${text}${other}]`;
}

/** `a-f` also stands for `A-F`; of a wider range, only its letters. */
export function otherCaseRange(from: string, to: string): string {
  const [low, high] = [characterOf(from)?.charCodeAt(0), characterOf(to)?.charCodeAt(0)];
  if (low === undefined || high === undefined) return "";
  const part = (first: string, last: string, shift: number): string => {
    const start = Math.max(low, first.charCodeAt(0));
    const end = Math.min(high, last.charCodeAt(0));
    return start > end ? "" : `${String.fromCharCode(start + shift)}-${String.fromCharCode(end + shift)}`;
  };
  return part("a", "z", -32) + part("A", "Z", 32);
}
