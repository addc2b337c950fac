/**
 * How fixes reach the measured server: one connection, 24 bytes a fix (u32 unit, f64 epoch ms, i32 lng × 1e7, i32 lat × 1e7,
 * u32 0). The device doors have their own cost and their own tests; here every peer pays the same, small one.
 */
export const RECORD_BYTES = 24
const DEGREES = 1e7

export function writeRecord(into: DataView, offset: number, n: number, at: number, lng: number, lat: number): void {
  into.setUint32(offset, n)
  into.setFloat64(offset + 4, at)
  into.setInt32(offset + 12, Math.round(lng * DEGREES))
  into.setInt32(offset + 16, Math.round(lat * DEGREES))
}

/** Cuts a stream into records, whatever the pieces it comes in. */
export function recordReader(take: (n: number, at: number, lng: number, lat: number) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    const whole = bytes.length - (bytes.length % RECORD_BYTES)
    const view = new DataView(bytes.buffer, bytes.byteOffset, whole)
    for (let offset = 0; offset < whole; offset += RECORD_BYTES) {
      const [lng, lat] = [view.getInt32(offset + 12) / DEGREES, view.getInt32(offset + 16) / DEGREES]
      take(view.getUint32(offset), view.getFloat64(offset + 4), lng, lat)
    }
    rest = bytes.subarray(whole)
  }
}
