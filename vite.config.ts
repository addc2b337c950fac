import { paraglideVitePlugin } from '@inlang/paraglide-js'
import adapter from '@sveltejs/adapter-static'
import { sveltekit } from '@sveltejs/kit/vite'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'

/** Where `hongguan start` listens unless told otherwise; `npm run dev` passes everything but the pages on to it. */
const SERVER = process.env.HONGGUAN_SERVER ?? 'http://127.0.0.1:8080'
const SERVED_BY_SERVER = ['/api', '/socket.io', '/devices', '/osmand', '/owntracks', '/open311', '/health', '/metrics']

export default defineConfig({
  root: 'console',
  plugins: [
    tailwindcss(),
    paraglideVitePlugin({
      project: './console/project.inlang',
      outdir: './console/lib/paraglide',
      strategy: ['localStorage', 'baseLocale'],
      localStorageKey: 'hongguan.locale',
      isServer: 'import.meta.env.SSR',
      emitReadme: false,
      emitGitIgnore: false,
    }),
    sveltekit({
      // Paths are told here because the console is one room of the house, not a package of its own under src/.
      files: { src: '.', assets: 'static' },
      // The fallback page is the whole application: the server answers every unknown path of the console with it.
      adapter: adapter({ pages: 'console/build', fallback: 'index.html', precompress: true }),
      // The stamp of the sources, set by cli/setup/console.mjs: consoles left open see that it changed and offer a reload.
      version: { name: process.env.HONGGUAN_CONSOLE_STAMP ?? 'dev', pollInterval: 0 },
    }),
  ],
  server: {
    fs: { allow: ['..'] },
    proxy: Object.fromEntries(SERVED_BY_SERVER.map((path) => [path, { target: SERVER, ws: true }])),
  },
})
