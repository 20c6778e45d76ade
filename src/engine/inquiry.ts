import { randomBytes } from "node:crypto";
import type { DiffAnswer } from "../protocol/diff-answer.ts";
import type { Properties } from "../protocol/values.ts";
import { acceptChecked } from "./check-failures.ts";
import type { Goal } from "./goal.ts";
import { ignoreChanges } from "./property-path.ts";
import { asOld } from "./provider.ts";
import type { Provider } from "./provider.ts";
import type { Resource } from "./resource.ts";

const SEED_BYTES = 32;

interface Subject {
  readonly urn: string;
  readonly goal: Goal;
  /** What the state has of it; absent for something new. */
  readonly old: Resource | undefined;
  readonly provider: () => Promise<Provider>;
}

/** What a plugin says of a resource before anything is decided, each question asked once. Asking changes nothing. */
export class Inquiry {
  readonly #subject: Subject;
  readonly #seed = randomBytes(SEED_BYTES);
  #inputs: Promise<Properties> | undefined;
  #difference: Promise<DiffAnswer> | undefined;

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  /** Whether it is about this one in the old state. */
  isAbout(old: Resource | undefined): boolean {
    return this.#subject.old === old;
  }

  /** The checked inputs. @throws TNT-319 */
  inputs(): Promise<Properties> {
    const { goal, old } = this.#subject;
    this.#inputs ??= old
      ? this.#check(old.inputs, ignoreChanges(goal.inputs, old.inputs, goal.ignoreChanges))
      : this.inputsAnew();
    return this.#inputs;
  }

  /** The checked inputs of one that takes the place of the old one: what was carried over from that does not hold for it. */
  inputsAnew(): Promise<Properties> {
    return this.#check({}, this.#subject.goal.inputs);
  }

  /** How it differs from the old one, as the plugin says. */
  difference(old: Resource): Promise<DiffAnswer> {
    this.#difference ??= this.#diff(old);
    return this.#difference;
  }

  async #check(olds: Properties, news: Properties): Promise<Properties> {
    const { urn, provider } = this.#subject;
    return acceptChecked(urn, await (await provider()).check(urn, olds, news, this.#seed));
  }

  async #diff(old: Resource): Promise<DiffAnswer> {
    const { urn, goal, provider } = this.#subject;
    const news = await this.inputs();
    return await (await provider()).diff(urn, asOld(old), news, goal.ignoreChanges);
  }
}
