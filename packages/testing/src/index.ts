export { createTestPair, type TestPair, type TestPairOptions } from './memory/create-test-pair.ts'
export { type MemoryClientOptions, type MemoryServer, serveInMemory } from './memory/serve-in-memory.ts'
