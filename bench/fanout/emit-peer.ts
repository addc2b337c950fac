import { Server } from 'socket.io'
import { CELL_BITS, cellKey } from '#wire/fleet-cells.ts'
import { type CellWindow, CONSOLE_SOCKET_PATH } from '#wire/sockets.ts'
import type { OpenPeer } from './server.ts'

/** How it is usually done: a room for each cell, and one `emit` for each position as it comes. */
export const openEmitPeer: OpenPeer = (server) => {
  const io = new Server(server, { path: CONSOLE_SOCKET_PATH, transports: ['websocket'], serveClient: false })
  io.on('connection', (socket) => {
    socket.on('fleet:watch', (window: CellWindow, answer: () => void) => {
      for (let x = window.west; x <= window.east; x++) {
        for (let y = window.north; y <= window.south; y++) void socket.join(`cell ${cellKey(x, y)}`)
      }
      answer()
    })
  })
  return {
    tick: () => undefined,
    moved({ wx, wy, index, duty }, { at, lng, lat, headingDeg }) {
      const room = `cell ${cellKey(wx >> CELL_BITS, wy >> CELL_BITS)}`
      io.to(room).emit('fix', { unit: index, at, lng, lat, heading: headingDeg, duty })
    },
  }
}
