import { describe, expectTypeOf, it } from 'vitest'
import type { Codec } from './codec.ts'
import { createCodec } from './create-codec.ts'

declare class Money {
  readonly cents: bigint
}

declare class Place {
  readonly name: string
}

const isMoney = (value: unknown): value is Money => value instanceof Money

describe('createCodec', () => {
  it("infers each type's values from its `is`", () => {
    const codec = createCodec({
      types: {
        Money: {
          is: (value: unknown): value is Money => value instanceof Money,
          encode: (money) => {
            expectTypeOf(money).toEqualTypeOf<Money>()
            return money.cents
          },
          decode: (encoded) => {
            expectTypeOf(encoded).toBeUnknown()
            return new Money()
          },
        },
        Place: {
          is: (value: unknown): value is Place => value instanceof Place,
          encode: (place) => {
            expectTypeOf(place).toEqualTypeOf<Place>()
            return place.name
          },
          decode: () => new Place(),
        },
      },
    })
    expectTypeOf(codec).toExtend<Codec>()
    expectTypeOf(codec.encodeInline).toEqualTypeOf<Codec['encode']>()
  })

  it('needs no types', () => {
    expectTypeOf(createCodec()).toExtend<Codec>()
    expectTypeOf(createCodec({})).toExtend<Codec>()
  })

  it('refuses a type that decodes to something else, and one that lacks a function', () => {
    // @ts-expect-error a Place is no Money
    createCodec({ types: { Money: { is: isMoney, encode: (money: Money) => money, decode: () => new Place() } } })
    // @ts-expect-error how it is written is missing
    createCodec({ types: { Money: { is: isMoney, decode: () => new Money() } } })
    // @ts-expect-error not only some of them can be asked
    createCodec({ types: { Money: { is: (value: string) => value === '', encode: String, decode: String } } })
  })
})
