/** Where a call stands that this side opened. */
export type OutgoingState =
  /** It has no number yet: it was never sent in this session. */
  | 'waiting'
  | 'sent'
  /** The other end has accepted it as a subscription. */
  | 'streaming'
  /** A stream that goes on elsewhere once the other end has ended it here. */
  | 'leaving'
  /** Settled here; the other end hasn't said its last word. */
  | 'cancelled'
  | 'ended'
