import { describe, expect, it } from 'vitest'
import { createCodec } from './create-codec.ts'

class Money {
  readonly cents: bigint
  readonly currency: string

  constructor(cents: bigint, currency: string) {
    this.cents = cents
    this.currency = currency
  }
}

class Order {
  readonly price: Money
  readonly at: Date

  constructor(price: Money, at: Date) {
    this.price = price
    this.at = at
  }
}

class NotFound extends Error {
  readonly id: number

  constructor(id: number) {
    super(`There is no ${id}.`)
    this.id = id
  }
}

const codec = createCodec({
  types: {
    Money: {
      is: (value: unknown): value is Money => value instanceof Money,
      encode: (money) => ({ cents: money.cents, currency: money.currency }),
      decode: (encoded) => {
        const { cents, currency } = encoded as Partial<Money>
        if (typeof cents !== 'bigint' || typeof currency !== 'string') throw new TypeError('No money.')
        return new Money(cents, currency)
      },
    },
    Order: {
      is: (value: unknown): value is Order => value instanceof Order,
      encode: ({ price, at }) => [price, at],
      decode: (encoded) => new Order(...(encoded as [Money, Date])),
    },
    'not.found': {
      is: (value: unknown): value is NotFound => value instanceof NotFound,
      encode: ({ id }) => BigInt(id),
      decode: (encoded) => new NotFound(Number(encoded)),
    },
  },
})

function across(value: unknown): unknown {
  const { json, meta } = codec.encode(value)
  return codec.decode(JSON.parse(json), meta === undefined ? undefined : JSON.parse(meta))
}

describe('a codec with types of its own', () => {
  it('gets them across, wherever they stand, with what is rich inside of them', () => {
    const value = { list: [new Money(5n, 'EUR')], by: new Map([['x', new Order(new Money(1n, 'CHF'), new Date(0))]]) }
    expect(across(value)).toStrictEqual(value)
  })

  it('annotates them as superjson does', () => {
    expect(codec.encode({ price: new Money(5n, 'EUR') })).toMatchObject({
      json: '{"price":{"cents":"5","currency":"EUR"}}',
      meta: '{"values":{"price":[["custom","Money"],{"cents":["bigint"]}]},"v":1}',
    })
  })

  it('asks them before the types that it knows itself, and takes one rich value in place of another', () => {
    expect(codec.encode(new NotFound(7))).toMatchObject({
      json: '"7"',
      meta: '{"values":[["custom","not.found"],["bigint"]],"v":1}',
    })
    expect(across(new NotFound(7))).toBeInstanceOf(NotFound)
    expect(across(new NotFound(7))).toMatchObject({ id: 7 })
  })

  it('leaves everything else as it was', () => {
    const value = { at: new Date(0), list: [1n, { a: 'x' }] }
    expect(across(value)).toStrictEqual(value)
  })

  it.each([
    ['a name that is not registered', {}, [['custom', 'User']], 'The custom type "User" is not known here'],
    ['the name of an inherited method', {}, [['custom', 'toString']], '"toString" is not known here'],
    ['a name that is none', {}, [['custom', 7]], '"7" is not known here'],
    ['what its type refuses', { cents: '5', currency: 'EUR' }, [['custom', 'Money']], 'No money.'],
  ])('refuses %s', (_, json, tree, message) => {
    expect(() => codec.decode(json, { values: tree, v: 1 })).toThrow(message)
  })

  it('names the place of what a type gives that has no encoding', () => {
    const bad = new Order(new Money(5n, 'EUR'), new Date(Number.NaN))
    expect(() => codec.encode({ orders: [bad] })).toThrow('The value at .orders[0][1] is an invalid Date')
  })

  it('refuses a type that gives its own values for ever', () => {
    const loop = createCodec({
      types: {
        Money: {
          is: (value: unknown): value is Money => value instanceof Money,
          encode: (money) => money,
          decode: () => new Money(0n, 'EUR'),
        },
      },
    })
    expect(() => loop.encode(new Money(1n, 'EUR'))).toThrow('is nested more than 64 deep, or refers to itself')
  })

  it.each([
    [{ '': codec }, 'A type of the codec has no name'],
    [{ Money: undefined }, 'The type "Money" of the codec has no "is"'],
    [{ Money: { is: () => true, decode: () => 1 } }, 'The type "Money" of the codec has no "encode"'],
  ])('can not be made of %j', (types, message) => {
    // As JavaScript would call it.
    expect(() => createCodec({ types: types as never })).toThrow(TypeError)
    expect(() => createCodec({ types: types as never })).toThrow(message)
  })
})
