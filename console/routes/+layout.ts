// The console is a single-page app: the server hands out one page and the browser draws everything.
export const ssr = false
