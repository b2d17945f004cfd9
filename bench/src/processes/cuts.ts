import { subscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Lets another process cut all connections of this one, whatever serves them; gives the port to ask at. */
export async function offerCuts(): Promise<number> {
  const sockets = new Set<Socket>()
  const control = createServer((asker) => {
    sockets.delete(asker)
    for (const socket of sockets) socket.resetAndDestroy()
    asker.end()
  })
  // Node tells of every socket that any server of this process accepts.
  subscribe('net.server.socket', (message) => {
    // What this channel publishes.
    const { socket } = message as { readonly socket: Socket }
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  control.listen(0)
  await once(control, 'listening')
  // It listens, so its address is one with a port.
  return (control.address() as AddressInfo).port
}

/** Asks for it; resolves when it is done. */
export async function cutAll(controlPort: number): Promise<void> {
  const socket = connect(controlPort)
  socket.resume()
  await once(socket, 'close')
}
