import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { playClient } from './play-client.ts'
import { playServer } from './play-server.ts'
import { readLine, readTranscripts } from './transcript.ts'

const markdown = readFileSync(new URL('../../PROTOCOL.md', import.meta.url), 'utf8')
const transcripts = readTranscripts(markdown)
const forBoth = transcripts.filter((transcript) => !transcript.isServerOnly)

describe("PROTOCOL.md's transcripts", () => {
  test('are all found', () => {
    expect(transcripts).toHaveLength(markdown.split('```transcript').length - 1)
    expect(new Set(transcripts.map(({ title }) => title)).size).toBe(transcripts.length)
    expect(forBoth.length).toBeGreaterThan(8)
  })
})

describe('the server answers as the transcript says', () => {
  test.each(transcripts.map((each) => [each.title, each] as const))('%s', (_, transcript) => playServer(transcript))
})

describe('the client writes as the transcript says', () => {
  test.each(forBoth.map((each) => [each.title, each] as const))('%s', (_, transcript) => playClient(transcript))
})

describe('a transcript that is wrong', () => {
  const [right] = transcripts
  const wrong = (from: string, to: string) =>
    readTranscripts(markdown.replace(from, to)).find(({ title }) => title === right?.title) ?? expect.fail('no title')

  test('in what the server answers is caught', async () => {
    const play = playServer(wrong('["result",1,3]', '["result",1,4]'))
    await expect(play).rejects.toThrow('The transcript has [1,1,["result",1,4]]')
  })

  test('in what the client writes is caught', async () => {
    const play = playClient(wrong('["call",1,"math.add"', '["call",3,"math.add"'))
    await expect(play).rejects.toThrow('The transcript has [1,0,["call",3,"math.add"')
  })

  test('in what the application sees is caught', async () => {
    await expect(playClient(wrong('sum result 3', 'sum result 4'))).rejects.toThrow('but it saw result 3')
  })

  test('in leaving something out is caught', async () => {
    await expect(playServer(wrong('S: [1,1,["result",1,3]]\n', ''))).rejects.toThrow('nothing more here, but S wrote')
    await expect(playClient(wrong('C: [1,0,["call",1,"math.add",{"a":1,"b":2}]]\n', ''))).rejects.toThrow('but C wrote')
    await expect(playClient(wrong('app sees sum result 3\n', ''))).rejects.toThrow('nothing more for sum')
  })

  test('in a placeholder that stands for two strings is caught', async () => {
    await expect(playServer(wrong('"node":"<node>"', '"node":"<secret1>"'))).rejects.toThrow('but what came is')
  })

  test('in its notation is caught', () => {
    expect(() => readLine('C says hello')).toThrow('The notation of transcripts has no line like this: C says hello')
  })
})
