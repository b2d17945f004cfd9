import { describe, expect, it } from 'vitest'
import type { BlobLike } from '../codec/codec.ts'
import { readBlobs } from './read-blobs.ts'

const text = { json: '0', meta: undefined }

function blob(size: number, arrayBuffer: () => Promise<ArrayBuffer>): BlobLike {
  return { size, type: '', arrayBuffer }
}

describe('an encoded value', () => {
  it('is ready at once where it has no blobs', () => {
    const attachments = [new Uint8Array([1]), new Uint8Array(0)]
    expect(readBlobs({ ...text, attachments })).toEqual({ ...text, attachments })
    expect(readBlobs(text)).toBe(text)
  })

  it('has the bytes of its blobs in their places once they are read', async () => {
    const attachments = [new Blob(['ab']), new Uint8Array([1]), new Blob([])]
    const expected = [new Uint8Array([97, 98]), new Uint8Array([1]), new Uint8Array(0)]
    expect(await readBlobs({ ...text, attachments })).toEqual({ ...text, attachments: expected })
  })

  it('fails by name where a blob cannot be read, or has another size than it said', async () => {
    const gone = blob(3, () => Promise.reject(new Error('The file is gone')))
    await expect(readBlobs({ ...text, attachments: [gone] })).rejects.toMatchObject({
      code: 'NOT_ENCODABLE',
      message: 'A blob of 3 bytes could not be read: The file is gone.',
    })
    const grown = blob(3, () => Promise.resolve(new ArrayBuffer(4)))
    await expect(readBlobs({ ...text, attachments: [grown] })).rejects.toMatchObject({
      code: 'NOT_ENCODABLE',
      message: 'A blob of 3 bytes gave 4: its source has changed since.',
    })
  })
})
