// The peer as a node of the original network: `/vpn/1.0.0`, where the opener of a stream writes frames of a
// u32 BE length and one IPv4 packet, and the acceptor only reads. It answers ICMP echo requests for its own
// virtual IP, and sends its own.
import { answerTo, echoRequest, parseEcho } from './icmp.mjs'
import { connectionTo } from './connections.mjs'
import { send } from './streams.mjs'

const vpn = '/vpn/1.0.0'
const maximumLength = 1 << 16

async function * packetsOf (stream) {
  let buffer = Buffer.alloc(0)
  for await (const chunk of stream) {
    buffer = Buffer.concat([buffer, chunk instanceof Uint8Array ? chunk : chunk.subarray()])
    while (buffer.length >= 4) {
      const length = buffer.readUInt32BE(0)
      if (length === 0 || length > maximumLength) {
        throw new Error(`a frame of ${length} bytes`)
      }
      if (buffer.length < 4 + length) {
        break
      }
      yield buffer.subarray(4, 4 + length)
      buffer = buffer.subarray(4 + length)
    }
  }
  if (buffer.length > 0) {
    throw new Error(`the stream ended inside a frame, after ${buffer.length} bytes of it`)
  }
}

function frame (packet) {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(packet.length)
  return Buffer.concat([length, packet])
}

class OriginalNode {
  constructor (peer, address) {
    this.peer = peer
    this.address = address
    this.outbound = new Map()
    this.waiting = new Map()
    this.counts = { packets: 0, largest: 0, answered: 0, replies: 0, other: 0, streams: 0 }
    this.errors = []
  }

  // One stream of our own to each peer; what comes in on a stream of theirs is answered there.
  stream (connection) {
    const peerId = connection.remotePeer.toString()
    const known = this.outbound.get(peerId)
    if (known !== undefined) {
      return known
    }
    const opening = connection.newStream(vpn).then(stream => {
      stream.addEventListener('close', () => this.outbound.delete(peerId))
      return stream
    })
    opening.catch(() => this.outbound.delete(peerId))
    this.outbound.set(peerId, opening)
    return opening
  }

  async accept (stream, connection) {
    this.counts.streams++
    try {
      for await (const packet of packetsOf(stream)) {
        await this.receive(packet, connection)
      }
      await stream.close()
    } catch (error) {
      this.errors.push(`${error.name}: ${error.message}`)
      stream.abort(error)
    }
  }

  async receive (packet, connection) {
    this.counts.packets++
    this.counts.largest = Math.max(this.counts.largest, packet.length)
    const message = parseEcho(packet)
    if (message === undefined || message.destination !== this.address) {
      this.counts.other++
    } else if (message.isRequest) {
      this.counts.answered++
      await send(await this.stream(connection), frame(answerTo(packet, message)))
    } else {
      this.counts.replies++
      this.waiting.get(message.sequence)?.(message)
    }
  }

  async ping (peerId, destination, sequence, size) {
    const request = echoRequest({ source: this.address, destination, sequence, size })
    const reply = new Promise(resolve => this.waiting.set(sequence, resolve))
    await send(await this.stream(connectionTo(this.peer, peerId)), frame(request))
    const message = await reply
    this.waiting.delete(sequence)
    return message.checksumsValid && message.source === destination && message.payload.equals(parseEcho(request).payload)
  }
}

export const protocols = [vpn]

export const commands = ([protocol]) => ({
  async vpnStart (peer, { virtualIp }) {
    peer.vpn = new OriginalNode(peer, virtualIp)
    await peer.node.handle(protocol, (stream, connection) => peer.vpn.accept(stream, connection))
  },

  // Sends echo requests of growing size, one after the other; counts the replies that carry the same payload.
  async vpnPing (peer, { peerId, destination, sizes }) {
    let intact = 0
    for (const [sequence, size] of sizes.entries()) {
      intact += await peer.vpn.ping(peerId, destination, sequence, size) ? 1 : 0
    }
    return { intact }
  },

  async vpnCounts (peer) {
    return { ...peer.vpn.counts, errors: peer.vpn.errors }
  },

  // Sends bytes as they are on a stream of our own, and says how the stream ended.
  async vpnSendRaw (peer, { peerId, hex, close }) {
    const stream = await connectionTo(peer, peerId).newStream(protocol)
    const ended = new Promise(resolve => stream.addEventListener('close', event => resolve(event.error), { once: true }))
    await send(stream, Buffer.from(hex, 'hex'))
    if (close === true) {
      await stream.close()
    }
    const error = await ended
    return { name: error?.name ?? 'End' }
  }
})
