// A js-libp2p peer that a test drives by JSON lines: a request `{"id", "command", ...}` on stdin is answered
// on stdout by `{"id", "result"}` or `{"id", "error": {"name", "message"}}`. Logs go to stderr. The end of
// stdin stops the peer.
import { createInterface } from 'node:readline'
import { createNode } from './node.mjs'
import { commands as connectionCommands } from './connections.mjs'
import { commands as dhtCommands } from './dht.mjs'
import { commands as streamCommands, protocols as streamProtocols } from './streams.mjs'
import { commands as vpnCommands, protocols as vpnProtocols } from './vpn.mjs'

const peer = { node: undefined, vpn: undefined }

const commands = {
  async start (peer, options) {
    peer.node = await createNode(options)
    for (const [protocol, handler] of Object.entries(streamProtocols)) {
      await peer.node.handle(protocol, (stream, connection) => handler(stream, connection, peer), {
        maxInboundStreams: 1000,
        maxOutboundStreams: 1000
      })
    }
    return {
      peerId: peer.node.peerId.toString(),
      addresses: peer.node.getMultiaddrs().map(String),
      runtime: process.version
    }
  },
  ...connectionCommands,
  ...dhtCommands,
  ...streamCommands,
  ...vpnCommands(vpnProtocols)
}

async function answer (request) {
  const { id, command, ...options } = request
  try {
    const handler = commands[command]
    if (handler === undefined) {
      throw new Error(`unknown command ${command}`)
    }
    return { id, result: await handler(peer, options) ?? {} }
  } catch (error) {
    return { id, error: { name: error.name, message: error.message } }
  }
}

for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, error => process.stderr.write(`${event}: ${error?.stack ?? error}\n`))
}

const requests = createInterface({ input: process.stdin })
requests.on('line', async line => {
  const reply = await answer(JSON.parse(line))
  process.stdout.write(JSON.stringify(reply) + '\n')
})
requests.on('close', async () => {
  await peer.node?.stop()
  process.exit(0)
})
