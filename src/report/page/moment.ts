/** When something was, the same for every reader: `2026-11-26 22:33 UTC`. */
export const moment = (date: Date): string =>
  `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
