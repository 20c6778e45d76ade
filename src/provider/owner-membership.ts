import type { ResourceHandler } from "../protocol/resource-handler.ts";
import { withLogin } from "../server/login.ts";
import { actsAs, becomeMember } from "../server/owner-membership.ts";
import { problemsOf, text } from "./check-properties.ts";
import type { Session } from "./session.ts";

/** The administrator's membership in the owner role. It ends with that role. */
export function ownerMembershipHandler(session: Session): ResourceHandler {
  const join = (role: string): Promise<void> =>
    withLogin(session.administrator, (client) => becomeMember(client, role));
  return {
    check: ({ news }) => problemsOf(news, { role: text, administrator: text }),
    create: async ({ inputs, preview }) => {
      const role = inputs.role as string;
      if (!preview) await join(role);
      return { id: role, outputs: inputs };
    },
    update: async ({ news, preview }) => {
      if (!preview) await join(news.role as string);
      return news;
    },
    read: async ({ id, inputs, outputs }) => {
      const role = outputs.role as string;
      const held = await withLogin(session.administrator, (client) => actsAs(client, role));
      return held ? { id, inputs, outputs } : undefined;
    },
    delete: () => Promise.resolve(),
  };
}
