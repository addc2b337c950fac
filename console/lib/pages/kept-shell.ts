/** Lets the field page open without network: its worker keeps the files this page is made of (service-worker/index.ts). */
export async function keepShell(): Promise<void> {
  // Only a built page is made of files that can be kept; without a secure context there is no worker at all.
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  try {
    // The script is asked for anew at each look, so that a new worker is never an hour late.
    await navigator.serviceWorker.register('/service-worker.js', { scope: '/go', updateViaCache: 'none' })
    const { active } = await navigator.serviceWorker.ready
    active?.postMessage({ keep: filesOfThisPage() })
  } catch {
    // A browser set to keep nothing: the page then needs the network to open, as before.
  }
}

/** The server may be newer than this page once it has been opened from what was kept. */
function filesOfThisPage(): string[] {
  const loaded = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)
  return [...new Set(loaded)].filter((path) => path.startsWith('/_app/immutable/'))
}
