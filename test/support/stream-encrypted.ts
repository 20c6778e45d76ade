/** Encrypts and decrypts so much in a folder, and tells what came out and how much memory that took, in KiB. */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { ArchiveStore } from "../../src/fleet/archive/store/archive-store.ts";

const [place = "", size = "0"] = process.argv.slice(2);
const store = new ArchiveStore({
  place,
  secrets: () => Promise.resolve({ passphrase: "a passphrase" }),
});

const hashIn = createHash("sha256");
function* content(): Generator<Buffer> {
  const piece = 100_000;
  for (let left = Number(size); left > 0; left -= piece) {
    const bytes = Buffer.alloc(Math.min(left, piece), String(left));
    hashIn.update(bytes);
    yield bytes;
  }
}
const location = await store.locate("large");
await store.write(location, Readable.from(content()));

const hashOut = createHash("sha256");
let bytes = 0;
for await (const piece of await store.read(location)) {
  hashOut.update(piece as Buffer);
  bytes += (piece as Buffer).length;
}
const { maxRSS } = process.resourceUsage();
const same = hashIn.digest("hex") === hashOut.digest("hex");
console.log(JSON.stringify({ bytes, same, maxRSS }));
