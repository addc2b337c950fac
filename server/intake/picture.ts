import sharp from 'sharp'
import { type Refused, refused } from '#domain/refusal.ts'

/** Longest side of what is kept: a name plate is still legible. */
const LONGEST_SIDE = 1_600
/** Decoded size of the largest picture taken: four times that of most phones, a tenth of what a bomb needs. */
const MOST_PIXELS = 64_000_000
const QUALITY = 82
/** An honest picture is done in a tenth of this. */
const MOST_SECONDS = 8
/** Two decode, so many wait: beyond that a flood of pictures is refused instead of filling the memory. */
const AT_ONCE = 2
const MOST_WAITING = 30

/** What a file must begin with; anything else, also one that only holds a picture further on, is refused unread. */
const SIGNATURES = [
  { format: 'jpeg', at: 0, bytes: Buffer.from([0xff, 0xd8, 0xff]) },
  { format: 'png', at: 0, bytes: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) },
  { format: 'webp', at: 8, bytes: Buffer.from('WEBPVP8') },
] as const

export interface Picture {
  /** JPEG. */
  image: Buffer
  width: number
  height: number
}

export type Cleaned = ({ ok: true } & Picture) | Refused<'badPhoto' | 'overloaded'>

// A thread for each picture being drawn, and no memory of earlier ones: pictures are never asked for twice here.
sharp.concurrency(1)
sharp.cache(false)

let working = 0
const waiting: (() => void)[] = []

/**
 * IN5: a picture made anew from the pixels of the one that came: upright, no longer than 1,600 pixels, JPEG, and without a
 * byte of the original: no place, no device, no thumbnail, nothing appended. What is not wholly a JPEG, PNG or WebP is refused.
 */
export async function cleanPicture(bytes: Buffer): Promise<Cleaned> {
  const format = formatOf(bytes)
  if (format === null) return refused('badPhoto')
  if (working >= AT_ONCE && waiting.length >= MOST_WAITING) return refused('overloaded')
  if (working >= AT_ONCE) await new Promise<void>((go) => waiting.push(go))
  working++
  try {
    return await redraw(bytes, format)
  } finally {
    working--
    waiting.shift()?.()
  }
}

function formatOf(bytes: Buffer): string | null {
  const found = SIGNATURES.find(({ at, bytes: wanted }) => bytes.subarray(at, at + wanted.length).equals(wanted))
  if (found?.format === 'webp' && bytes.subarray(0, 4).toString('latin1') !== 'RIFF') return null
  return found?.format ?? null
}

async function redraw(bytes: Buffer, format: string): Promise<Cleaned> {
  try {
    const original = sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error', sequentialRead: true })
    const known = await original.metadata()
    if (known.format !== format) return refused('badPhoto')
    const { data: image, info } = await original
      .autoOrient()
      .resize({ width: LONGEST_SIDE, height: LONGEST_SIDE, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .jpeg({ quality: QUALITY })
      .timeout({ seconds: MOST_SECONDS })
      .toBuffer({ resolveWithObject: true })
    return { ok: true, image, width: info.width, height: info.height }
  } catch {
    // Whatever the decoder finds wrong, it is wrong with the file.
    return refused('badPhoto')
  }
}
