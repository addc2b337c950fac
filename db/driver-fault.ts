/**
 * DB5: the driver (postgres 3.4.9, connection.js `nextWrite`) writes once more to a socket that has just closed when PostgreSQL dies
 * inside a transaction, and throws where nobody can catch it. The transaction has been refused already and the pool opens
 * another connection, so this one error, and no other, is survived.
 */
export const isDriverFault = (error: unknown): boolean =>
  error instanceof TypeError &&
  /reading 'write'/.test(error.message) &&
  /postgres.*connection\.js/.test(error.stack ?? '')

/** Survives the driver's fault and dies of anything else, as Node does by itself. */
export function surviveDriverFault(tell: (error: unknown) => void): void {
  process.on('uncaughtException', (error) => {
    tell(error)
    if (!isDriverFault(error)) process.exit(1)
  })
}
