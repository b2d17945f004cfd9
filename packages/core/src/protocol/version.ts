/** The WebSocket subprotocol that both ends negotiate (RFC 6455, section 1.9). */
export const SUBPROTOCOL = 'hotline.v1'

/** Repeated in `hello`, so that a proxy which drops the subprotocol header is noticed. */
export const PROTOCOL_VERSION = 1
