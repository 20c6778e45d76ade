import { expect, test } from "vitest";
import { containerHba } from "../../src/core/container-hba.ts";
import { endsInReject, parsePgHba, renderPgHba } from "../../src/core/pg-hba.ts";

const { rules } = parsePgHba(`local all postgres peer
host all postgres 127.0.0.1/32 scram-sha-256
host all postgres ::1/128 scram-sha-256
host nostromo nostromo_user 127.0.0.1/32 scram-sha-256
host all all all reject
`);

test("what holds for this machine holds for the gateway, and clients come before the last record", () => {
  const client = { cidr: "10.1.0.0/16", role: "nostromo_app", database: "nostromo" };
  const clients = [
    { ...client, tls: false },
    { ...client, cidr: "10.2.0.0/16", tls: true },
  ];
  const records = containerHba(rules, ["172.30.77.1", "10.0.0.5"], clients);
  expect(renderPgHba(records).map((line) => line.replaceAll(/ +/g, " "))).toEqual([
    "local all postgres peer",
    "host all postgres 127.0.0.1/32 scram-sha-256",
    "host all postgres 172.30.77.1/32 scram-sha-256",
    "host all postgres 10.0.0.5/32 scram-sha-256",
    "host all postgres ::1/128 scram-sha-256",
    "host nostromo nostromo_user 127.0.0.1/32 scram-sha-256",
    "host nostromo nostromo_user 172.30.77.1/32 scram-sha-256",
    "host nostromo nostromo_user 10.0.0.5/32 scram-sha-256",
    'host "nostromo" +"nostromo_app" 10.1.0.0/16 scram-sha-256',
    'hostssl "nostromo" +"nostromo_app" 10.2.0.0/16 scram-sha-256',
    "host all all all reject",
  ]);
  expect(endsInReject(records)).toBe(true);
  expect(parsePgHba(renderPgHba(records).join("\n")).problems).toEqual([]);
});
