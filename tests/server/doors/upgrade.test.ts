import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import websocket from '@fastify/websocket'
import Fastify from 'fastify'
import { Server as SocketServer } from 'socket.io'
import { io } from 'socket.io-client'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { neverListening, routeUpgrades } from '#server/doors/upgrade.ts'
import { CONSOLE_SOCKET_PATH, DEVICE_SOCKET_PATH } from '#wire/sockets.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  closing.push(() => new Promise((done) => server.close(done)))
  return (server.address() as AddressInfo).port
}

async function bothDoors(): Promise<number> {
  const [consoles, devices] = [neverListening(CONSOLE_SOCKET_PATH), neverListening(DEVICE_SOCKET_PATH)]
  const sockets = new SocketServer(consoles.server, { path: CONSOLE_SOCKET_PATH, transports: ['websocket'] })
  sockets.on('connection', (socket) => {
    socket.on('echo', (said: number, answer: (said: string) => void) => answer(`console ${said}`))
  })
  closing.push(() => sockets.close())
  const http = Fastify()
  await http.register(websocket, { options: { server: devices.server } })
  http.get(DEVICE_SOCKET_PATH, { websocket: true }, (socket) => {
    socket.on('message', (said) => socket.send(`device ${said}`))
  })
  await http.ready()
  closing.push(() => http.close())
  const listening = createServer()
  routeUpgrades(listening, [consoles, devices])
  return listen(listening)
}

describe('upgrades', () => {
  test('[UP1] both sockets work side by side on one port, many of each at once', async () => {
    const port = await bothDoors()
    const asConsole = async (n: number) => {
      const socket = io(`http://127.0.0.1:${port}`, {
        path: CONSOLE_SOCKET_PATH,
        transports: ['websocket'],
        reconnection: false,
        forceNew: true,
      })
      closing.push(() => socket.disconnect())
      return socket.emitWithAck('echo', n)
    }
    const asDevice = (n: number) =>
      new Promise<string>((resolve, reject) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}${DEVICE_SOCKET_PATH}`)
        socket.on('error', reject)
        socket.on('open', () => socket.send(String(n)))
        socket.on('message', (said) => {
          resolve(String(said))
          socket.close()
        })
      })
    const said = await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 ? asConsole(n) : asDevice(n))))
    expect(said).toEqual(Array.from({ length: 20 }, (_, n) => `${n % 2 ? 'console' : 'device'} ${n}`))
  })

  test('[UP1] an upgrade of any other path is answered with 404 and closed', async () => {
    const port = await bothDoors()
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      let text = ''
      socket.on('data', (chunk) => {
        text += chunk
      })
      socket.on('close', () => resolve(text))
      socket.write(
        'GET /elsewhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
      )
    })
    expect(answer).toMatch(/^HTTP\/1\.1 404 /)
  })
})
