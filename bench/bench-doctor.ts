import { asAdministrator } from "../src/cli/administrator.ts";
import { examineFleet } from "../src/fleet/examine-fleet.ts";
import { timed } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { connectBare, recordStatements } from "./record-statements.ts";
import type { ScratchStack } from "./scratch-stack.ts";

/** How often each is measured. */
const TIMES = 11;

/** Examining the fleet, against its catalog queries sent one by one by bare `pg`. */
export async function benchDoctor({ root }: ScratchStack): Promise<Figure[]> {
  return await asAdministrator({ stack: "dev", root }, async (context) => {
    const sent = await recordStatements(context, (recorded) => examineFleet(recorded));
    const plain = await connectBare(context);
    const ours: number[] = [];
    const bare: number[] = [];
    // Taking turns gives both the same neighbours; the first turn warms both up.
    for (let turn = 0; turn <= TIMES; turn += 1) {
      ours.push(await timed(() => examineFleet(context)));
      bare.push(
        await timed(async () => {
          for (const { text, values } of sent) await plain.query(text, [...values]);
        }),
      );
    }
    await plain.end();
    const [own, reference] = [middle(ours), middle(bare)];
    return [
      { name: "the doctor's queries by bare pg", seconds: reference },
      {
        name: "doctor over the fleet",
        seconds: own,
        against: "the same queries by bare pg",
        ratio: own / reference,
        limit: 1.5,
      },
    ];
  });
}

const middle = (values: readonly number[]): number =>
  values.slice(1).toSorted((a, b) => a - b)[Math.floor(TIMES / 2)] ?? 0;
