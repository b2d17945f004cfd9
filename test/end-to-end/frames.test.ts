import { hotline, type Server, serve } from '@hotline/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { frameOf } from '../transcripts/binary-frame.ts'
import { answerTo, connect, greet, HELLO, type RawClient } from './raw-client.ts'
import { RecordingLogger } from './recording-logger.ts'

const h = hotline()
const api = h.router({ echo: h.input(z.string()).query(({ input }) => input) })
const logger = new RecordingLogger()
let server: Server
let bystander: RawClient
let bystanderSeq = 0

beforeAll(async () => {
  server = await serve(api, { port: 0, logger })
  bystander = await greet(server.port)
})

afterAll(() => server.close())

/** Who was there before is still served on the same connection, and who comes now is too. */
async function expectServing(): Promise<void> {
  const number = ++bystanderSeq
  const id = number * 2 - 1
  bystander.say([number, number - 1, ['call', id, 'echo', 'still here']])
  expect((await bystander.hear())[2]).toEqual(['result', id, 'still here'])
  expect(await answerTo(server.port, 'echo', 'new here')).toEqual(['result', 1, 'new here'])
}

const NO_FRAMES = [
  ...[
    '',
    ' ',
    'hello',
    '{',
    '[1,0',
    '[1,0,["call",1,"echo","a"]]]',
    'NaN',
    '1e999',
    '"hello"',
    'null',
    'true',
    '7',
    '{}',
  ],
  ...['[]', '[null]', '[[]]', '[{}]', '[true]', '["shout"]', '["HELLO"]', '["__proto__"]', '["constructor",{}]'],
  ...['[1]', '[1,0]', '[0,0,["cancel",1]]', '[-1,0,["cancel",1]]', '[1.5,0,["cancel",1]]', '[1e16,0,["cancel",1]]'],
  ...['[1,-1,["cancel",1]]', '[1,"0",["cancel",1]]', '[1,null,["cancel",1]]', '[1,["cancel",1]]'],
  ...['[1,0,null]', '[1,0,"call"]', '[1,0,{}]', '[1,0,[]]', '[1,0,[1]]', '[1,0,["shout",1]]', '[1,0,["__proto__",1]]'],
  ...['[1,0,["call"]]', '[1,0,["call",1]]', '[1,0,["call","1","echo"]]', '[1,0,["call",1,7]]', '[1,0,["call",1,""]]'],
  ...['[1,0,["call",0,"echo"]]', '[1,0,["call",-1,"echo"]]', '[1,0,["call",1.5,"echo"]]', '[1,0,["call",2,"echo"]]'],
  ...['[1,0,["call",9007199254740993,"echo"]]', `[1,0,["call",1,"${'p'.repeat(257)}"]]`],
  ...['[1,0,["call",1,"echo","a",7]]', '[1,0,["call",1,"echo","a",{"timeoutMs":-1}]]'],
  ...['[1,0,["call",1,"echo","a",{"headers":{"a":1}}]]'],
  ...['[1,0,["call",1,"echo","a"],["call",1,"echo","a"]]', '[1,0,["cancel"]]', '[1,0,["cancel","1"]]'],
  ...['[1,0,["error",1]]', '[1,0,["error",1,{"code":7,"message":""}]]'],
  ...['["ack"]', '["ack",-1]', '["ack","0"]', '["pong"]', '["ping",1]', '["bye",{}]', '["goaway",{}]'],
]

const NO_BINARY_FRAMES: readonly (readonly [string, string | Uint8Array])[] = [
  ['nothing in it', new Uint8Array(0)],
  ['text without a length before it', Buffer.from('[1,0,["call",1,"echo","a"]]')],
  ['a control frame', frameOf('["ping"]', [])],
  ['a greeting', frameOf(JSON.stringify(['hello', HELLO]), [])],
  ['a header that is no UTF-8', new Uint8Array([0, 0, 0, 2, 0xff, 0xfe])],
  ['a header that goes beyond its end', new Uint8Array([0xff, 0xff, 0xff, 0xff, 91, 93])],
  ['an attachment of a message that is not there', frameOf('[1,0,["cancel",1]]', [[1, '00']])],
  [
    'attachments out of order',
    frameOf('[1,0,["cancel",1],["cancel",3]]', [
      [1, '00'],
      [0, '00'],
    ]),
  ],
  ['bytes behind it', Buffer.concat([Buffer.from(frameOf('[1,0,["cancel",1]]', [])), Buffer.from([1])])],
]

describe('a frame that is none', () => {
  it.each(NO_FRAMES)('closes its connection with 4400 and no other: %s', async (text) => {
    const client = await greet(server.port)
    client.socket.send(text)
    const { code, reason } = await client.closed
    expect(code).toBe(4400)
    expect(reason).toMatch(/^(A frame|A data frame|A message|Frame|Message) /)
    await expectServing()
  })

  it.each(NO_FRAMES)('does so before hello too, or for coming before it: %s', async (text) => {
    const client = await connect(server.port)
    client.socket.send(text)
    expect([4400, 4410]).toContain((await client.closed).code)
  })

  it.each(NO_BINARY_FRAMES)('is also a binary message that has %s', async (_, bytes) => {
    const client = await greet(server.port)
    client.socket.send(bytes, { binary: true })
    expect(await client.closed).toEqual({ code: 4400, reason: expect.stringMatching(/^(A|A binary|A data) frame /) })
    await expectServing()
  })

  it.each(NO_BINARY_FRAMES)('does so before hello too: %s', async (_, bytes) => {
    const client = await connect(server.port)
    client.socket.send(bytes, { binary: true })
    expect((await client.closed).code).toBe(4400)
  })

  it('is also a binary one before hello, however right: closed with 4410', async () => {
    const client = await connect(server.port)
    client.socket.send(frameOf('[1,0,["call",1,"echo","a"]]', [[0, '00']]), { binary: true })
    expect((await client.closed).code).toBe(4410)
  })

  it('is also one that leaves out a number: closed with 4412', async () => {
    const client = await greet(server.port)
    client.say([2, 0, ['call', 1, 'echo', 'a']])
    expect((await client.closed).code).toBe(4412)
    await expectServing()
  })

  it.each(['["ack",1]', '[1,1,["call",1,"echo","a"]]'])(
    'A15: acknowledges what was never sent: closed with 4412: %s',
    async (text) => {
      const client = await greet(server.port)
      client.socket.send(text)
      expect((await client.closed).code).toBe(4412)
      await expectServing()
    },
  )

  it('is told in the log, by name and code', async () => {
    const client = await greet(server.port)
    const line = logger.next()
    client.socket.send('[1]')
    const { code, reason } = await client.closed
    expect((await line).fields).toMatchObject({ code, reason })
  })
})

describe('a binary frame', () => {
  it('without attachments is a frame as any other', async () => {
    const client = await greet(server.port)
    client.socket.send(frameOf('[1,0,["call",1,"echo","a"]]', []), { binary: true })
    expect((await client.hear())[2]).toEqual(['result', 1, 'a'])
    client.socket.terminate()
  })

  it('may have attachments that nothing refers to', async () => {
    const client = await greet(server.port)
    client.socket.send(
      frameOf('[1,0,["call",1,"echo","a"]]', [
        [0, '01'],
        [0, ''],
      ]),
      { binary: true },
    )
    expect((await client.hear())[2]).toEqual(['result', 1, 'a'])
    client.socket.terminate()
  })

  it('may follow hello at once', async () => {
    const client = await connect(server.port)
    client.say(['hello', { ...HELLO, nonce: crypto.randomUUID() }])
    client.socket.send(frameOf('[1,0,["call",1,"echo","a"]]', [[0, '01']]), { binary: true })
    expect((await client.hear())[0]).toBe('welcome')
    expect((await client.hear())[2]).toEqual(['result', 1, 'a'])
    client.socket.terminate()
  })

  it('X7: counts by its bytes behind hello, and is closed with 1009 above 128 KiB', async () => {
    const flood = await connect(server.port)
    flood.say(['hello', { ...HELLO, nonce: crypto.randomUUID() }])
    flood.socket.send(frameOf('[1,0,["call",1,"echo","a"]]', [[0, '00'.repeat(8 * 1024)]]), { binary: true })
    expect((await flood.closed).code).toBe(4329)
    const large = await greet(server.port)
    large.socket.send(frameOf('[1,0,["call",1,"echo","a"]]', [[0, '00'.repeat(128 * 1024)]]), { binary: true })
    expect((await large.closed).code).toBe(1009)
    await expectServing()
  })
})

describe('a message that WebSocket itself refuses', () => {
  it('X7: is closed with 1009 when it has more than 128 KiB', async () => {
    const client = await greet(server.port)
    client.socket.send('x'.repeat(128 * 1024 + 1))
    expect((await client.closed).code).toBe(1009)
    await expectServing()
  })

  it('is closed with 1007 when it is no UTF-8', async () => {
    const client = await greet(server.port)
    client.socket.send(Buffer.from([0xff, 0xfe]), { binary: false })
    expect((await client.closed).code).toBe(1007)
    await expectServing()
  })
})

describe('what is odd and no mistake', () => {
  it('A19: a frame that came before is skipped, not run again', async () => {
    const client = await greet(server.port)
    const frame = [1, 0, ['call', 1, 'echo', 'once']]
    client.say(frame, frame, [2, 0, ['call', 3, 'echo', 'twice']])
    const answers: unknown[] = []
    while (answers.length < 2) answers.push(...(await client.hear()).slice(2))
    expect(answers).toEqual([
      ['result', 1, 'once'],
      ['result', 3, 'twice'],
    ])
    client.socket.terminate()
  })

  it('fields that this version does not know are ignored', async () => {
    const client = await greet(server.port, { later: true })
    client.say([1, 0, ['call', 1, 'echo', 'a', { later: true }]])
    expect((await client.hear())[2]).toEqual(['result', 1, 'a'])
    client.socket.terminate()
  })
})
