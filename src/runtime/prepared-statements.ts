/** A statement of the scopes themselves: one text for all targets. */
export interface ScopeStatement {
  readonly text: string;
  /** For $1, $2 and so on. */
  readonly values?: readonly (string | null)[];
}

/**
 * What a session keeps prepared of the scopes' statements: the server parses and plans them once, and not in each
 * scope. Behind a pooler nothing is prepared by name, since the next scope may reach another session.
 */
export class PreparedStatements {
  readonly #direct: boolean;
  readonly #names = new Map<string, string>();
  /** Never begins anew: a statement that was forgotten may be there still. */
  #count = 0;

  constructor({ direct }: { readonly direct: boolean }) {
    this.#direct = direct;
  }

  /** The name to run a text by, and whether it must be sent for that; an empty name is for this once. */
  use(text: string): { readonly name: string; readonly isNew: boolean } {
    if (!this.#direct) return { name: "", isNew: true };
    const known = this.#names.get(text);
    if (known !== undefined) return { name: known, isNew: false };
    this.#count += 1;
    const name = `tenantry_${this.#count}`;
    this.#names.set(text, name);
    return { name, isNew: true };
  }

  /** What was prepared is gone, or may be. */
  forget(): void {
    this.#names.clear();
  }
}
