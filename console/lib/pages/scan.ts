/** The browser's own reader of codes; not in every browser, and not in TypeScript's list yet. */
interface CodeReader {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>
}
type CodeReaderClass = new (options: { formats: string[] }) => CodeReader

const readerClass = (): CodeReaderClass | undefined =>
  (globalThis as { BarcodeDetector?: CodeReaderClass }).BarcodeDetector

/** Cameras need a secure context; the reader needs a browser that brings one. */
export const canScan = (): boolean =>
  window.isSecureContext && readerClass() !== undefined && navigator.mediaDevices !== undefined

/** Looks at the picture a few times a second: often enough for a hand that holds still, seldom enough for the battery. */
const LOOK_MS = 250

/** Calls `found` once with what the first QR code says; call the answer to stop. */
export function scanFrames(video: HTMLVideoElement, found: (text: string) => void): () => void {
  const Reader = readerClass()
  if (!Reader) return () => undefined
  const reader = new Reader({ formats: ['qr_code'] })
  let stopped = false
  const timer = setInterval(async () => {
    const codes = await reader.detect(video).catch(() => [])
    const text = codes[0]?.rawValue
    if (stopped || !text) return
    stopped = true
    clearInterval(timer)
    found(text)
  }, LOOK_MS)
  return () => {
    stopped = true
    clearInterval(timer)
  }
}
