/** A share of the fleet, `5%`: one to a hundred per cent. */
export type Share = `${number}%`;

export const SHARE = /^(?:[1-9]\d?|100)%$/;

/** How many of so many a share is, as a fraction. */
export const shareOf = (share: Share, whole: number): number =>
  (Number.parseInt(share) / 100) * whole;
