/** Long edge after shrinking: enough to read a meter, small enough for a slow network. */
const LONG_EDGE_PX = 1_600
const JPEG_QUALITY = 0.82

export const PHOTO_TYPES = 'image/jpeg,image/png,image/webp'

/**
 * A photo made smaller in the browser; drawing it anew also leaves place and camera behind (the server strips them again).
 * A picture this browser cannot read goes as it is, and the server decides.
 */
export async function shrinkPhoto(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => null)
  if (!bitmap) return file
  const scale = Math.min(1, LONG_EDGE_PX / Math.max(bitmap.width, bitmap.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(bitmap.width * scale))
  canvas.height = Math.max(1, Math.round(bitmap.height * scale))
  const pen = canvas.getContext('2d')
  if (!pen) return file
  // JPEG has no transparency: a screenshot with holes gets white, not black.
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  const shrunk = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', JPEG_QUALITY))
  return shrunk ?? file
}
