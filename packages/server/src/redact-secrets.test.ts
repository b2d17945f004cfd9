import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { credentialsOf, redacted, withoutSecrets } from './redact-secrets.ts'

const token = 'eyJhbGciOiJIUzI1NiJ9.c2VjcmV0'
const auth = { token, user: 'ann', nested: [{ password: "it's \n odd" }] }

describe('what is told of failed credentials', () => {
  it('X2: has none of them in a text, and short words stay', () => {
    expect(redacted(`ann has ${token}, ${token}`, auth)).toBe('ann has [redacted], [redacted]')
  })

  it.each([
    ['in its message', new Error(`bad token ${token}`)],
    ['in its cause', new Error('bad', { cause: new TypeError(`no ${token}`) })],
    ['in a field, as a failed request has', Object.assign(new Error('401'), { config: { headers: { auth: token } } })],
    ['in a field that must be escaped', Object.assign(new Error('401'), { password: "it's \n odd" })],
    ['where it is no error', `bad token ${token}`],
    ['where it is an object', { token }],
  ])('X2: has none of them in an error %s', (_, thrown) => {
    const told = inspect(withoutSecrets(thrown, auth), { depth: null })
    expect(told).not.toContain(token)
    expect(told).not.toContain('odd')
  })

  it('is the error itself where it quotes nothing', () => {
    const thrown = Object.assign(new Error('the database is down'), { code: 'ECONNREFUSED' })
    expect(withoutSecrets(thrown, auth)).toBe(thrown)
    expect(withoutSecrets(thrown, undefined)).toBe(thrown)
  })

  it('keeps name and stack, so that one finds where it came from', () => {
    const told = withoutSecrets(new TypeError(token), auth)
    expect(told).toMatchObject({ name: 'TypeError', message: '[redacted]' })
    expect((told as Error).stack).toContain('redact-secrets.test.ts')
  })

  it('X2: has none of what came in cookies and headers', () => {
    const headers = { cookie: `theme=dark; session=${token}`, authorization: `Bearer ${token}2` }
    const told = redacted(`dark ${token} and ${token}2, ${headers.cookie}`, credentialsOf(undefined, { headers }))
    expect(told).toBe('dark [redacted] and [redacted], [redacted]')
  })
})
