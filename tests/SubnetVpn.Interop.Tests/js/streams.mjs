// Test protocols that both sides of the interoperability tests speak.
//
//   /interop/exchange/1.0.0  opener: u64 BE count, bytes, half-close.
//                            acceptor, at the same time: count bytes; when the opener has ended, SHA-256 of
//                            what it received, SHA-256 of what it sent, half-close.
//   /interop/echo/1.0.0      acceptor sends back what it receives, and half-closes after the opener did.
//   /interop/reset/1.0.0     acceptor resets the stream when the first byte arrives.
import { createHash, randomBytes } from 'node:crypto'
import { connectionTo } from './connections.mjs'

const exchange = '/interop/exchange/1.0.0'
const echo = '/interop/echo/1.0.0'
const reset = '/interop/reset/1.0.0'
const digestLength = 32

const bytesOf = chunk => chunk instanceof Uint8Array ? chunk : chunk.subarray()

export async function send (stream, bytes) {
  if (!stream.send(bytes)) {
    await stream.onDrain()
  }
}

async function sendRandom (stream, count) {
  const hash = createHash('sha256')
  for (let left = count; left > 0;) {
    const block = randomBytes(Math.min(left, 65536))
    hash.update(block)
    await send(stream, block)
    left -= block.length
  }
  return hash.digest()
}

async function readAll (stream) {
  const chunks = []
  for await (const chunk of stream) {
    chunks.push(bytesOf(chunk))
  }
  return Buffer.concat(chunks)
}

async function acceptExchange (stream) {
  const received = createHash('sha256')
  let head = Buffer.alloc(0)
  let sending
  for await (const chunk of stream) {
    let bytes = bytesOf(chunk)
    if (sending === undefined) {
      head = Buffer.concat([head, bytes])
      if (head.length < 8) {
        continue
      }
      bytes = head.subarray(8)
      sending = sendRandom(stream, Number(head.readBigUInt64BE(0)))
      sending.catch(() => {})
    }
    received.update(bytes)
  }
  const sent = await sending
  await send(stream, Buffer.concat([received.digest(), sent]))
  await stream.close()
}

async function acceptEcho (stream) {
  for await (const chunk of stream) {
    await send(stream, bytesOf(chunk))
  }
  await stream.close()
}

async function acceptReset (stream) {
  for await (const chunk of stream) {
    if (chunk.byteLength > 0) {
      stream.abort(new Error('reset as asked'))
      return
    }
  }
}

// What a handler throws is the end of its stream, as a peer would see it.
const guarded = handler => async (stream, connection) => {
  try {
    await handler(stream, connection)
  } catch (error) {
    process.stderr.write(`${stream.protocol}: ${error.name}: ${error.message}\n`)
    stream.abort(error)
  }
}

export const protocols = {
  [exchange]: guarded(acceptExchange),
  [echo]: guarded(acceptEcho),
  [reset]: guarded(acceptReset)
}

async function openExchange (stream, sendCount, receiveCount) {
  const head = Buffer.alloc(8)
  head.writeBigUInt64BE(BigInt(receiveCount))
  const sending = (async () => {
    await send(stream, head)
    const digest = await sendRandom(stream, sendCount)
    await stream.close()
    return digest
  })()
  sending.catch(() => {})

  const hash = createHash('sha256')
  let count = 0
  const trailer = []
  for await (const chunk of stream) {
    const bytes = bytesOf(chunk)
    const payload = bytes.subarray(0, Math.max(0, Math.min(bytes.length, receiveCount - count)))
    hash.update(payload)
    count += payload.length
    trailer.push(bytes.subarray(payload.length))
  }
  const digests = Buffer.concat(trailer)
  return {
    received: count,
    receivedIntact: digests.subarray(digestLength).equals(hash.digest()),
    sentIntact: digests.subarray(0, digestLength).equals(await sending)
  }
}

async function openEcho (connection, count) {
  const stream = await connection.newStream(echo)
  const payload = randomBytes(count)
  const sending = send(stream, payload).then(() => stream.close())
  const [back] = await Promise.all([readAll(stream), sending])
  return back.equals(payload)
}

// Reads to the end of a stream and says how it ended.
async function endOf (stream) {
  const closed = new Promise(resolve => stream.addEventListener('close', event => resolve(event.error), { once: true }))
  try {
    for await (const _ of stream) { /* only the end matters */ }
  } catch (error) {
    return { name: error.name, message: error.message }
  }
  const error = await Promise.race([closed, new Promise(resolve => setImmediate(resolve))])
  return error == null ? { name: 'End' } : { name: error.name, message: error.message }
}

export const commands = {
  async exchange (peer, { peerId, send, receive }) {
    const stream = await connectionTo(peer, peerId).newStream(exchange)
    return openExchange(stream, send, receive)
  },

  // Opens many streams at once, sends on each, closes its writing end, and compares what comes back.
  async echo (peer, { peerId, streams, bytes }) {
    const connection = connectionTo(peer, peerId)
    const results = await Promise.all(Array.from({ length: streams }, () => openEcho(connection, bytes)))
    return { intact: results.filter(Boolean).length }
  },

  // Sends one byte, which makes the acceptor reset the stream, and says how that looked from here.
  async awaitReset (peer, { peerId }) {
    const stream = await connectionTo(peer, peerId).newStream(reset)
    const end = endOf(stream)
    await send(stream, Uint8Array.of(1))
    return end
  },

  // Sends on a stream and then resets it.
  async reset (peer, { peerId, protocol }) {
    const stream = await connectionTo(peer, peerId).newStream(protocol)
    await send(stream, Uint8Array.of(1))
    stream.abort(new Error('reset as asked'))
  },

  async openUnknown (peer, { peerId, protocol }) {
    await connectionTo(peer, peerId).newStream(protocol)
  },

  // Sends more than the window that the other side granted, and says how the connection ended.
  async exceedWindow (peer, { peerId, protocol, bytes }) {
    const connection = connectionTo(peer, peerId)
    const stream = await connection.newStream(protocol)
    const closed = new Promise(resolve => connection.addEventListener('close', event => resolve(event.error), { once: true }))
    stream.sendWindowCapacity = bytes
    stream.maxMessageSize = bytes
    stream.send(Buffer.alloc(bytes))
    const error = await closed
    return { name: error?.name ?? 'Closed', message: error?.message ?? '' }
  }
}
