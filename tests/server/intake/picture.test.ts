import { crc32, deflateSync } from 'node:zlib'
import fc from 'fast-check'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { cleanPicture } from '#server/intake/picture.ts'
import { gradient, phonePicture } from '#tests/support/pictures.ts'

let photo: Buffer
beforeAll(async () => {
  photo = await phonePicture()
})

const why = async (bytes: Buffer) => {
  const cleaned = await cleanPicture(bytes)
  return cleaned.ok ? 'taken' : cleaned.why
}

async function clean(bytes: Buffer) {
  const cleaned = await cleanPicture(bytes)
  if (!cleaned.ok) throw new Error(cleaned.why)
  return cleaned
}

describe('a photo', () => {
  test('[IN5] comes out upright, as JPEG of at most 1,600 pixels, without place, device or comment', async () => {
    const before = await sharp(photo).metadata()
    expect([before.orientation, before.exif === undefined]).toEqual([6, false])
    expect(photo.includes('SECRET-COMMENT')).toBe(true)
    const { image, width, height } = await clean(photo)
    const after = await sharp(image).metadata()
    expect(after).toMatchObject({ format: 'jpeg', width: 1_200, height: 1_600 })
    expect([width, height]).toEqual([1_200, 1_600])
    const { exif, xmp, iptc, icc, orientation, comments } = after
    expect([exif, xmp, iptc, icc, orientation, comments]).toEqual(Array(6).fill(undefined))
    for (const word of ['SECRET-COMMENT', 'PHONEMAKER', 'Exif', 'GPS']) expect(image.includes(word)).toBe(false)
    // Orientation 6 says: turn clockwise. What was left is now on top.
    const top = await sharp(image).extract({ left: 600, top: 100, width: 1, height: 1 }).raw().toBuffer()
    expect([top[0]! > 150, top[2]! < 100]).toEqual([true, true])
  })

  test('[IN5] may be PNG with glass in it or WebP, and is not blown up when it is small', async () => {
    const png = await gradient(90, 60).ensureAlpha(0).png().toBuffer()
    const webp = await gradient(90, 60).webp().toBuffer()
    for (const bytes of [png, webp]) {
      const { image, width, height } = await clean(bytes)
      expect([width, height]).toEqual([90, 60])
      expect(await sharp(image).metadata()).toMatchObject({ format: 'jpeg', hasAlpha: false })
    }
  })

  test('[IN5] in the colours of print is drawn in those of a screen', async () => {
    const { image } = await clean(await gradient(90, 60).toColourspace('cmyk').jpeg().toBuffer())
    expect((await sharp(image).metadata()).space).toBe('srgb')
  })

  test('[IN5] with something appended is nothing but its pixels', async () => {
    const archive = Buffer.from('PK\x03\x04 payload.exe <script>alert(1)</script>')
    const { image } = await clean(Buffer.concat([photo, archive]))
    expect(image.includes('payload.exe')).toBe(false)
  })

  test.each<[string, () => Buffer | Promise<Buffer>]>([
    [
      'a drawing with a script',
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script/></svg>'),
    ],
    ['a page with a picture in it', () => Buffer.concat([Buffer.from('<html>'), photo])],
    ['a PDF', () => Buffer.from('%PDF-1.7\n')],
    ['an animation', () => gradient(20, 20).gif().toBuffer()],
    ['a TIFF', () => gradient(20, 20).tiff().toBuffer()],
    ['an AVIF', () => gradient(64, 64).avif().toBuffer()],
    ['the beginning of a JPEG', () => photo.subarray(0, photo.length / 2)],
    ['the first bytes of a JPEG', () => photo.subarray(0, 3)],
    ['the beginning of a PNG', async () => (await gradient(300, 300).png().toBuffer()).subarray(0, 400)],
    ['a JPEG by its first bytes only', () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(5_000, 1)])],
    [
      'a drawing behind the first bytes of a PNG',
      () => Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.from('<svg/>')]),
    ],
    ['nothing', () => Buffer.alloc(0)],
    ['a PNG that unpacks to a gigapixel', () => bomb(30_000, 34_000)],
    ['a PNG that claims what it does not hold', () => bomb(4_000_000_000, 4_000_000_000)],
  ])('[IN5] that is %s is refused', async (_name, make) => {
    expect(await why(await make())).toBe('badPhoto')
  })

  test('[IN5] damaged anywhere is redrawn or refused, and nothing is thrown', async () => {
    const small = await sharp(photo).resize(160).keepMetadata().jpeg().toBuffer()
    const damage = fc.array(fc.tuple(fc.nat(small.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const bytes = Buffer.from(small)
        for (const [at, byte] of changes) bytes[at] = byte
        const cleaned = await cleanPicture(bytes)
        if (cleaned.ok) expect((await sharp(cleaned.image).metadata()).exif).toBeUndefined()
        else expect(cleaned.why).toBe('badPhoto')
      }),
      { seed: 5341, numRuns: 150 },
    )
  })

  test('[IN5] in a flood is refused beyond what can wait, and every one is answered', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => why(photo)))
    expect(answers.filter((answer) => answer === 'taken')).toHaveLength(32)
    expect(answers.filter((answer) => answer === 'overloaded')).toHaveLength(18)
    expect(await why(photo)).toBe('taken')
  })
})

/** A PNG of a few kilobytes whose header asks for a picture of any size. */
function bomb(width: number, height: number): Buffer {
  const chunk = (name: string, body: Buffer) => {
    const named = Buffer.concat([Buffer.from(name), body])
    const frame = Buffer.alloc(8)
    frame.writeUInt32BE(body.length, 0)
    frame.writeUInt32BE(crc32(named), 4)
    return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([1, 0, 0, 0, 0], 8)
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  const rows = chunk('IDAT', deflateSync(Buffer.alloc(1_000_000)))
  return Buffer.concat([signature, chunk('IHDR', header), rows, chunk('IEND', Buffer.alloc(0))])
}
