import { self } from '$app/service-worker'

/**
 * The field page's worker: `/go` opens without network, with the very files it was last opened with. It is registered for
 * that page alone (lib/pages/kept-shell.ts); the console's own page is never kept (docs/decisions/0002).
 *
 * With network the page always comes from the server, so an upgrade is never hidden behind what is kept here. What is kept
 * changes as a whole: a page that has drawn itself names its files, and page and files are kept only when they belong together.
 */
const CACHE = 'hongguan-field'
const PAGE = '/go'
const IMMUTABLE = '/_app/immutable/'
/** A tunnel often does not refuse but stalls. After this long the kept page is the better answer. */
const PAGE_WAIT_MS = 4_000

// It holds nothing that an older page needs otherwise than this one does: no reason to wait for old pages to close.
self.addEventListener('install', (event) => event.waitUntil(self.skipWaiting()))
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (request.mode === 'navigate' && pathname === PAGE) event.respondWith(page(request))
  else if (pathname.startsWith(IMMUTABLE)) event.respondWith(keptOrFetched(request))
})

self.addEventListener('message', (event) => {
  const { data } = event
  if (typeof data === 'object' && data !== null && 'keep' in data && Array.isArray(data.keep))
    event.waitUntil(keep(data.keep.filter(isFile)))
})

const isFile = (file: unknown): file is string => typeof file === 'string' && file.startsWith(IMMUTABLE)

async function page(request: Request): Promise<Response> {
  const asked = fetch(request)
  const kept = await (await caches.open(CACHE)).match(PAGE)
  if (!kept) return asked
  const late = new Promise<Response>((resolve) => setTimeout(() => resolve(kept), PAGE_WAIT_MS))
  // A proxy in front of a stopped server answers too, with a page of its own.
  const fresh = asked.then((answer) => (answer.ok ? answer : kept)).catch(() => kept)
  return Promise.race([fresh, late])
}

async function keptOrFetched(request: Request): Promise<Response> {
  return (await (await caches.open(CACHE)).match(request.url)) ?? fetch(request)
}

/** Keeps the files a page is made of, then the page, and drops what it does not need; nothing when the server has moved on meanwhile. */
async function keep(files: readonly string[]): Promise<void> {
  const cache = await caches.open(CACHE)
  for (const file of files) if (!(await cache.match(file))) await cache.add(file)
  const answer = await fetch(PAGE, { cache: 'no-store' })
  const named = (await answer.clone().text()).match(/\/_app\/immutable\/[\w./-]+/g) ?? []
  if (!answer.ok || named.length === 0 || named.some((file) => !files.includes(file))) return
  await cache.put(PAGE, answer)
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url)
    if (pathname !== PAGE && !files.includes(pathname)) await cache.delete(url)
  }
}
