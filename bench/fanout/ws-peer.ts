import { WebSocket, WebSocketServer } from 'ws'
import { CONSOLE_SOCKET_PATH } from '#wire/sockets.ts'
import type { OpenPeer } from './server.ts'

/** The floor: the very frames of our run, sent again by a bare WebSocket server that encodes and decides nothing. */
export const openWsPeer: OpenPeer = (server, _live, world, recorded) => {
  const sockets = new WebSocketServer({ server, path: `${CONSOLE_SOCKET_PATH}/`, perMessageDeflate: false })
  const consoles: WebSocket[] = []
  sockets.on('connection', (socket) => consoles.push(socket))
  let turn = 0
  return {
    moved: () => undefined,
    tick() {
      world.windows.forEach((_, n) => {
        const frame = recorded[n]?.[turn]
        const socket = consoles[n]
        if (frame && socket?.readyState === WebSocket.OPEN) socket.send(frame)
      })
      turn++
    },
  }
}
