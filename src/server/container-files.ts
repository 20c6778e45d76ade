import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { writeFile } from "../system/write-file.ts";

/** What a container is given from this machine. */
export interface ContainerPlace {
  /** The folder with both configuration files. */
  readonly config: string;
  /** The folder with the certificate and its key. */
  readonly tls: string;
  /** The file with the administrator's password. */
  readonly password: string;
}

/** The files of a server in a container. @param directory absolute, or relative to the project's root */
export function containerPlace(directory: string, root = process.cwd()): ContainerPlace {
  const inside = resolve(root, directory);
  return {
    config: join(inside, "config"),
    tls: join(inside, "tls"),
    password: join(inside, "secrets", "password"),
  };
}

/**
 * Writes the password for the account of the container, which has no name here and whose files only root could make.
 * Every account may read the file, and none but this one may enter its folder; a container gets the file alone.
 */
export function writePasswordFile(file: string, password: string): void {
  const directory = dirname(file);
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o700);
  writeFile(file, password, 0o444);
}

export function removePasswordFile(file: string): void {
  rmSync(dirname(file), { recursive: true, force: true });
}
