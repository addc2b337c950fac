import { fileURLToPath } from 'node:url'
import { paraglideVitePlugin } from '@inlang/paraglide-js'
import adapter from '@sveltejs/adapter-static'
import { sveltekit } from '@sveltejs/kit/vite'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'

/** Where `hongguan start` listens unless told otherwise; `npm run dev` passes everything but the pages on to it. */
const SERVER = process.env.HONGGUAN_SERVER ?? 'http://127.0.0.1:8080'
const SERVED_BY_SERVER = [
  '/api',
  '/console-socket',
  '/devices',
  '/osmand',
  '/owntracks',
  '/open311',
  '/health',
  '/metrics',
]

const CONSOLE = fileURLToPath(new URL('./console', import.meta.url))

export default defineConfig({
  root: CONSOLE,
  plugins: [
    tailwindcss(),
    paraglideVitePlugin({
      project: `${CONSOLE}/project.inlang`,
      outdir: `${CONSOLE}/lib/paraglide`,
      strategy: ['localStorage', 'baseLocale'],
      localStorageKey: 'hongguan.locale',
      isServer: 'import.meta.env.SSR',
      emitReadme: false,
      emitGitIgnore: false,
    }),
    sveltekit({
      // Paths are told here because the console is one room of the house, not a package of its own under src/.
      // In full, because tools that read this file (svelte-check) come with a working directory of their own.
      files: { src: CONSOLE, assets: `${CONSOLE}/static` },
      outDir: `${CONSOLE}/.svelte-kit`,
      // The fallback page is the whole application: the server answers every unknown path of the console with it.
      adapter: adapter({ pages: `${CONSOLE}/build`, fallback: 'index.html', precompress: true }),
      // The field page's worker is registered by that page alone (console/lib/pages/kept-shell.ts).
      serviceWorker: { register: false },
      // The stamp of the sources, set by cli/setup/console.mjs: consoles left open see that it changed and offer a reload.
      version: { name: process.env.HONGGUAN_CONSOLE_STAMP ?? 'dev', pollInterval: 0 },
    }),
  ],
  server: {
    fs: { allow: ['..'] },
    proxy: Object.fromEntries(SERVED_BY_SERVER.map((path) => [path, { target: SERVER, ws: true }])),
  },
})
