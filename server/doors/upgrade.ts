import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'

export interface UpgradeDoor {
  path: string
  /** Never listens: it only takes the upgrades of its path. Two socket libraries on one listening server tear each other's sockets down. */
  server: Server
}

export const neverListening = (path: string): UpgradeDoor => ({ path, server: createServer() })

/** Hands each upgrade of the one listening server to the door of its path; any other is told that there is nothing. */
export function routeUpgrades(listening: Server, doors: readonly UpgradeDoor[]): void {
  listening.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = request.url?.split('?', 1)[0] ?? '/'
    const door = doors.find((each) => path === each.path || path === `${each.path}/`)
    if (door) door.server.emit('upgrade', request, socket, head)
    else refuseUpgrade(socket)
  })
}

function refuseUpgrade(socket: Duplex): void {
  socket.on('error', () => socket.destroy())
  socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
}
