import { createServer } from 'node:net'
import { type NotDone, notDone } from '#cli/outcome.ts'

/** null = the port is free, or no port at all (the configuration says so later, with everything else that is wrong in it). */
export async function portProblem(host: string, port: number): Promise<NotDone | null> {
  if (!(port > 0 && port <= 65_535)) return null
  const probe = createServer()
  return new Promise((resolve) => {
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(portRefusal(error, host, port)))
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(null)))
  })
}

/** Why listening failed and what to do; null when it is no matter of the port. */
export function portRefusal(error: NodeJS.ErrnoException, host: string, port: number): NotDone | null {
  const other = port < 65_535 ? port + 1 : 8080
  const instead = `HONGGUAN_PORT=${other} npm start`
  if (error.code === 'EADDRINUSE')
    return notDone(
      'portInUse',
      `port ${port} on ${host} is in use by another program: stop it, or take another port, e.g. ${instead}`,
    )
  if (error.code === 'EACCES')
    return notDone(
      'portNotAllowed',
      `this account may not listen on port ${port}: take a port above 1023, e.g. HONGGUAN_PORT=8080 npm start`,
    )
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return notDone(
      'portNotAllowed',
      `this machine has no address ${host}: set HONGGUAN_HOST to one of its own, e.g. 0.0.0.0 for all`,
    )
  return null
}
