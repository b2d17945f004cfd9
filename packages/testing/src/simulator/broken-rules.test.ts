import type { Socket } from '@hotline/core/internal'
import { describe, expect, test } from 'vitest'
import { runSeeds } from './run-seeds.ts'
import type { SocketWrap } from './simulation-options.ts'
import type { Side } from './watcher.ts'

/** Changes what one side sends as text: each frame becomes the frames that are given back. */
function sending(side: Side, change: (frame: string, count: number) => readonly string[]): SocketWrap {
  return (socket, of) => {
    if (of !== side) return socket
    let count = 0
    const send = (frame: string | Uint8Array) => {
      if (typeof frame !== 'string') return socket.send(frame)
      for (const changed of change(frame, isData(frame) ? ++count : 0)) socket.send(changed)
    }
    return delegate(socket, { send })
  }
}

/** Changes the text of what one side sends. */
function rewriting(side: Side, pattern: RegExp, by: string): SocketWrap {
  return sending(side, (frame) => [frame.replace(pattern, by)])
}

/** Changes the last byte of the binary frames of one side. */
function flipping(side: Side): SocketWrap {
  return (socket, of) => {
    if (of !== side) return socket
    const send = (frame: string | Uint8Array) => {
      if (typeof frame === 'string') return socket.send(frame)
      const changed = frame.slice()
      changed[changed.length - 1] = 1 + (changed.at(-1) ?? 0)
      socket.send(changed)
    }
    return delegate(socket, { send })
  }
}

/** Sends each pair of frames the other way round. */
function swapping(): SocketWrap {
  return (socket, side) => {
    if (side === 'client') return socket
    let kept: string | Uint8Array | undefined
    const send = (frame: string | Uint8Array) => {
      if (kept === undefined && isData(frame)) {
        kept = frame
        return
      }
      socket.send(frame)
      if (kept !== undefined) socket.send(kept)
      kept = undefined
    }
    return delegate(socket, { send })
  }
}

function delegate(socket: Socket, own: Partial<Socket>): Socket {
  return {
    bufferedBytes: 0,
    send: (frame) => socket.send(frame),
    close: (code, reason) => socket.close(code, reason),
    abort: () => socket.abort(),
    pauseReading: (paused) => socket.pauseReading(paused),
    ...own,
  }
}

function isData(frame: string | Uint8Array): boolean {
  return typeof frame !== 'string' || /^\[\d/.test(frame)
}

/** The answer of the first call in a frame, given to the second as well. */
function answerTwice(frame: string): readonly string[] {
  const [first, second] = frame.match(/\["result",\d+,\{[^}]*\}\]/g) ?? []
  return [first === undefined || second === undefined ? frame : frame.replace(second, first)]
}

const FAULTS: readonly { readonly breaks: string; readonly by: SocketWrap; readonly caught: RegExp }[] = [
  {
    breaks: 'a frame is sent twice',
    by: sending('server', (frame, count) => (count === 3 ? [frame, frame] : [frame])),
    caught: /twice on one connection/,
  },
  {
    breaks: 'a frame is left out',
    by: sending('server', (frame, count) => (count === 2 ? [] : [frame])),
    caught: /the client got number \d+ after \d+/,
  },
  { breaks: 'two frames change places', by: swapping(), caught: /the client got number \d+ after \d+/ },
  { breaks: 'a call is answered twice', by: sending('server', answerTwice), caught: /which is ended/ },
  {
    breaks: 'an acknowledgement runs ahead',
    by: sending('client', (frame) => [frame.replace(/^\[(\d+),(\d+)/, (_, seq, ack) => `[${seq},${Number(ack) + 1}`)]),
    caught: /acknowledged \d+ and had received \d+/,
  },
  {
    breaks: 'a call is sent again without its mark',
    by: rewriting('client', /"again":\d/g, '"headers":{}'),
    caught: /^runsOnce: .* is a mutation and ran 2 times/,
  },
  {
    breaks: 'a result is not the one that was returned',
    by: rewriting('server', /"run":0/g, '"run":1'),
    caught: /^successIsTrue/,
  },
  {
    breaks: 'a client answers its server with the result of another call',
    by: rewriting('client', /\{"ask":\d+\}/g, '{"ask":-1}'),
    caught: /^successIsTrue: ask/,
  },
  {
    breaks: 'a byte that an answer carries is another one',
    by: flipping('server'),
    caught: /^successIsTrue/,
  },
  {
    breaks: 'a byte that an input carries is another one',
    by: flipping('client'),
    caught: /^bytes: call \d+ did not come with the bytes that it left with/,
  },
  {
    breaks: 'an error says that nothing ran, and something has',
    by: rewriting('server', /"code":"CONFLICT"/g, '"code":"CONFLICT","mayHaveRun":false'),
    caught: /^notRunIsTrue/,
  },
  {
    breaks: 'an error comes for no reason',
    by: rewriting('server', /"code":"CONFLICT"/g, '"code":"FORBIDDEN"'),
    caught: /^errorHasCause/,
  },
  {
    breaks: 'a stream is opened again from its beginning',
    by: rewriting('client', /"lastEventId":"\d+"/g, '"headers":{}'),
    caught: /^stream: .* has item \d+ after \d+/,
  },
  {
    breaks: 'an event is another one',
    by: rewriting('server', /\["item",(\d+),(\d+),2([,\]])/g, '["item",$1,$2,3$3'),
    caught: /^stream: /,
  },
  {
    breaks: 'pings are never answered',
    by: sending('client', (frame) => (frame.startsWith('["pong"') ? [] : [frame])),
    caught: /gave up a connection that nothing was wrong with/,
  },
  {
    breaks: 'a timer is left behind',
    by: (socket, _side, environment) => {
      environment.setTimer(() => {}, 1e9)
      return socket
    },
    caught: /^rest: .* has \d+ timers left/,
  },
  {
    breaks: 'something is thrown into the event loop',
    by: (socket, _side, environment) => {
      environment.setTimer(() => {
        throw new Error('on purpose')
      }, 5)
      return socket
    },
    caught: /^thrown: Error: on purpose/,
  },
]

describe('the simulator catches it when', () => {
  test.each(FAULTS)('$breaks', async ({ by, caught }) => {
    const found: string[] = []
    for (let from = 1; from <= 640 && found.length === 0; from += 16) {
      const { failures } = await runSeeds({ from, count: 16 }, { wrap: by })
      found.push(...failures.flatMap(({ violations }) => violations.filter((violation) => caught.test(violation))))
    }
    expect(found[0]).toMatch(caught)
  })
})
