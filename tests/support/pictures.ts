import sharp from 'sharp'

/** A picture as a phone makes one: turned on its side, with the place, the device and a comment inside. */
export const phonePicture = (width = 2_400, height = 1_800): Promise<Buffer> =>
  gradient(width, height)
    .withExif({
      IFD0: { Make: 'PHONEMAKER', Model: 'PHONE-9', ImageDescription: 'SECRET-COMMENT' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '41/1 48/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '123/1 24/1 0/1' },
    })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()

/** Left half red, right half blue, so that a turn can be seen; noise keeps the file from being tiny. */
export function gradient(width: number, height: number) {
  const pixels = Buffer.alloc(width * height * 3)
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i += 3) {
      const side = x < width / 2 ? 0 : 2
      pixels[i + side] = 200 + ((x * 7 + y * 13) % 55)
    }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
}

/** The body of a form with one file, as a browser sends it. */
export function photoForm(bytes: Buffer, fields: Record<string, string> = {}, { after = false, name = 'photo' } = {}) {
  const boundary = 'frontier'
  const texts = Object.entries(fields).map(([key, value]) =>
    Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`),
  )
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="${name}"; filename="p.jpg"\r\ncontent-type: image/jpeg\r\n\r\n`
  const file = [Buffer.from(head), bytes, Buffer.from('\r\n')]
  const parts = after ? [...file, ...texts] : [...texts, ...file]
  return {
    payload: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  }
}
