/** `stacks/Pulumi.dev.yaml:12: what is wrong`, as the settings' problems are told; the line may lack, and a list has marks. */
const PROBLEM = /^\s*(?:- )?([\w./-]+\.\w+)(?::(\d+))?: (.+)$/s;

/**
 * The workflow commands by which GitHub Actions shows problems at their lines in a pull request. Lines of a text that
 * name no file, such as an introduction, have no place to be shown at.
 *
 * @param problems texts, each with one problem a line
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function annotations(problems: readonly string[]): string[] {
  return problems
    .flatMap((text) => text.split("\n"))
    .flatMap((text) => {
      const [, file, line, message] = PROBLEM.exec(text) ?? [];
      if (file === undefined || message === undefined) return [];
      const place = line === undefined ? "" : `,line=${line}`;
      return [`::error file=${property(file)}${place}::${data(message)}`];
    });
}

const data = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
