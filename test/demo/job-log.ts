/** What the log page of a job shows for what a step printed: groups indented, commands obeyed instead of shown. */
export interface JobLog {
  /** The lines to show for one printed line; none for a command without a face. */
  readonly shown: (line: string) => readonly string[];
}

const levels: Readonly<Record<string, string>> = { error: "Error", warning: "Warning", notice: "Notice" };

function unescaped(text: string): string {
  return text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
}

/** Reads a step's output line by line, as the Actions runner does. */
export function jobLog(): JobLog {
  const masked = new Set<string>();
  let indent = "";
  let resumeAt: string | undefined;

  const withoutSecrets = (text: string): string => {
    let shown = text;
    for (const secret of masked) shown = shown.replaceAll(secret, "***");
    return shown;
  };
  const lines = (text: string): readonly string[] =>
    withoutSecrets(text)
      .split("\n")
      .map((line) => `${indent}${line}`.trimEnd());

  const obeyed = (name: string, value: string): readonly string[] => {
    switch (name) {
      case "group": {
        const shown = lines(`▸ ${value}`);
        indent = "  ";
        return shown;
      }
      case "endgroup":
        indent = "";
        return [];
      case "add-mask":
        for (const secret of value.split("\n")) if (secret !== "") masked.add(secret);
        return [];
      case "stop-commands":
        resumeAt = value;
        return [];
      default: {
        const level = levels[name];
        return level === undefined ? [] : lines(`${level}: ${value}`);
      }
    }
  };

  return {
    shown(line) {
      if (resumeAt !== undefined) {
        if (line !== `::${resumeAt}::`) return lines(line);
        resumeAt = undefined;
        return [];
      }
      const command = /^::(?<name>[a-z-]+)(?: [^:]*)?::(?<value>.*)$/.exec(line)?.groups;
      if (command === undefined) return lines(line);
      return obeyed(command["name"] ?? "", unescaped(command["value"] ?? ""));
    },
  };
}
