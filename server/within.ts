/** Whether a promise comes true in so many real milliseconds. */
export async function within(promised: Promise<boolean>, ms: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), ms)
  try {
    return await Promise.race([promised, promise])
  } finally {
    clearTimeout(timer)
  }
}
