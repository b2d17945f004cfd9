// The contract: what the server, the client's proxy and the tests need of it besides the public part.
export { isErrorCode, isThrowable } from './contract/error-code.ts'
export { type AnyErrorMakers, errorMakers } from './contract/error-makers.ts'
export { isLazy, isProcedure } from './contract/procedure.ts'
export { checkRoutes, isReservedName } from './contract/router.ts'
export { isTracked, trackedId } from './contract/tracked.ts'
