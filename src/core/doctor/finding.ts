import type { FindingCode } from "./finding-table.ts";

/** How a finding is repaired. */
export type Repair =
  /** By giving the tenant the rights, owners and partitions it should have. */
  | { readonly by: "tenant"; readonly id: string }
  /** By statements of the owner role or, where that may not do it, of the administrator. */
  | {
      readonly by: "statements";
      readonly texts: readonly string[];
      readonly administrator: boolean;
    }
  /** By building an index again, or dropping it; neither locks writers out. */
  | {
      readonly by: "index";
      readonly schema: string;
      readonly index: string;
      readonly rebuild: boolean;
    };

/** Something that is not as declared. */
export interface Finding {
  readonly code: FindingCode;
  /** What it is about: the schema, and the object in it. */
  readonly subject: string;
  /** What was found there; empty when the code says it all. */
  readonly found: string;
  /** The tenant it concerns. */
  readonly tenant?: string;
  /** Left out when it is a person's to mend. */
  readonly repair?: Repair;
}

/** What tells findings apart; sorted by it they stand in the order of their codes. */
export const findingKey = ({ code, subject, found }: Finding): string =>
  [code, subject, found].join("\0");

/** In the order of the codes, and then of what they are about. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const keyed = findings.map((finding) => ({ finding, key: findingKey(finding) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ finding }) => finding);
}
