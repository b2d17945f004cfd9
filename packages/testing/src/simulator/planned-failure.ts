/** Thrown by handlers on purpose: a server's log may have it. */
export class PlannedFailure extends Error {}
