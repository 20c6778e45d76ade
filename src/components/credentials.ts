import type * as pulumi from "@pulumi/pulumi";
import { loginsOf } from "../core/rotation.ts";
import type { Rotation } from "../core/rotation.ts";
import type { LoginRole, Settings } from "../settings/settings.ts";
import { Credential } from "./resources/credential.ts";

/** The passwords of all logins, by the login's name. */
export function makeCredentials(
  { logins, roles }: Pick<Settings, "logins" | "roles">,
  options: pulumi.CustomResourceOptions,
): ReadonlyMap<string, Credential> {
  const entries = (Object.keys(logins) as LoginRole[]).flatMap((part) => {
    const { generation, overlap, confirmed } = logins[part];
    const newest = confirmed === undefined ? { generation } : { generation, confirmed };
    return loginsOf(roles[part], logins[part]).map(({ name, member, ...login }) => {
      const own = overlap ? { overlap: newest } : { generation };
      const credential = member
        ? new Credential(
            `credential-${part}-${member}`,
            { role: name, generation: login.generation },
            options,
          )
        : new Credential(`credential-${part}`, { role: name, ...own }, options);
      return [name, credential] as const;
    });
  });
  return new Map(entries);
}

/** How each role logs in, by its name. */
export function rotationsOf({
  logins,
  roles,
}: Pick<Settings, "logins" | "roles">): Readonly<Record<string, Rotation>> {
  const entries = (Object.keys(logins) as LoginRole[]).map((part) => {
    const { generation, overlap, confirmed } = logins[part];
    return [roles[part], { generation, overlap, ...(confirmed !== undefined && { confirmed }) }];
  });
  return Object.fromEntries(entries) as Record<string, Rotation>;
}
