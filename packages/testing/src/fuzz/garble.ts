import type { Random } from '../simulator/random.ts'
import { faultyBinary, wireOf } from './attached.ts'
import { mutateBytes, randomBytes } from './mutate-bytes.ts'
import { mutateJson } from './mutate-json.ts'
import { mutateText, randomText } from './mutate-text.ts'
import { ODD_NUMBERS } from './odd-values.ts'
import { Raw, rawJson } from './raw-json.ts'

/** Text or bytes that may be no frame at all. */
export function garbleBytes(frame: readonly unknown[], random: Random): string | Uint8Array {
  const wire = wireOf(frame)
  const text = typeof wire === 'string' ? wire : rawJson(frame)
  switch (random.integer(0, 5)) {
    case 0:
      return randomText(random)
    case 1:
      return randomBytes(random, random.pick([0, 1, 4, 16, 200]))
    case 2:
      return mutateBytes(typeof wire === 'string' ? new TextEncoder().encode(wire) : wire, random, random.integer(0, 3))
    default:
      return mutateText(text, random, random.integer(1, 3))
  }
}

/** A frame with something wrong in its numbers, its messages, or anywhere. */
export function garbleFrame(frame: readonly unknown[], random: Random): string | Uint8Array {
  const changed = [...frame]
  const [first, second, ...messages] = frame
  switch (random.integer(0, 9)) {
    case 0:
      changed[0] = aside(first, random)
      break
    case 1:
      changed[1] = aside(second, random)
      break
    case 2:
      changed.push(...messages)
      break
    case 3:
      changed.push(...messages.map((message) => (Array.isArray(message) ? ['cancel', ...message.slice(1)] : message)))
      break
    case 4:
      return withTwice(rawJson(frame), random)
    default:
      mutateJson(changed, random, random.integer(1, 3))
  }
  return wireOf(changed)
}

/** A number near another one, or far from any. */
function aside(value: unknown, random: Random): unknown {
  if (typeof value !== 'number' || random.chance(0.3)) return new Raw(random.pick(ODD_NUMBERS))
  return value + random.pick([-100, -2, -1, 1, 2, 3, 256, 1_000_000])
}

/** A name that stands twice in one object: the last one counts, and who looks at the first is fooled. */
function withTwice(text: string, random: Random): string {
  const names = [...text.matchAll(/"(\w+)":/g)]
  const [found] = names.length === 0 ? [] : [names[random.integer(0, names.length - 1)]]
  if (found === undefined) return mutateText(text, random)
  return `${text.slice(0, found.index)}"${found[1]}":${random.pick(ODD_NUMBERS)},${text.slice(found.index)}`
}

/** A binary frame with something wrong in it, or around it. */
export function garbleBinary(frame: readonly unknown[], random: Random): string | Uint8Array {
  if (random.chance(0.7)) return faultyBinary(frame, random)
  const wire = wireOf(frame)
  return typeof wire === 'string' ? wire : mutateBytes(wire, random, random.integer(1, 3))
}
