/** No letter or digit that is taken for another when read aloud or from paper. */
const SIGNS = 'abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY34679'

/** Four groups of four: about 90 bits, and can be dictated. */
export function makePassword(): string {
  // Bytes beyond the last whole multiple would make the first signs likelier.
  const fair = 256 - (256 % SIGNS.length)
  const signs: string[] = []
  while (signs.length < 16) {
    for (const byte of crypto.getRandomValues(new Uint8Array(32))) {
      if (byte < fair && signs.length < 16) signs.push(SIGNS[byte % SIGNS.length] ?? '')
    }
  }
  return [0, 4, 8, 12].map((at) => signs.slice(at, at + 4).join('')).join('-')
}
