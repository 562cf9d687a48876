// ICMP echo over IPv4 (RFC 791, RFC 792): as much as a peer needs to ping and to be pinged.
const protocolIcmp = 1
const echoRequestType = 8
const echoReplyType = 0
const headerLength = 20

function checksum (bytes) {
  let sum = 0
  for (let i = 0; i < bytes.length; i += 2) {
    sum += (bytes[i] << 8) | (bytes[i + 1] ?? 0)
  }
  while (sum > 0xffff) {
    sum = (sum & 0xffff) + (sum >>> 16)
  }
  return ~sum & 0xffff
}

const textOf = bytes => [...bytes].join('.')
const bytesOf = text => text.split('.').map(Number)

// Undefined for whatever is no ICMP echo message in one piece.
export function parseEcho (packet) {
  if (packet.length < headerLength || packet[0] >> 4 !== 4 || packet.readUInt16BE(2) !== packet.length || packet[9] !== protocolIcmp) {
    return undefined
  }
  const start = (packet[0] & 15) * 4
  const message = packet.subarray(start)
  const isFragment = (packet.readUInt16BE(6) & 0x3fff) !== 0
  if (isFragment || message.length < 8 || (message[0] !== echoRequestType && message[0] !== echoReplyType)) {
    return undefined
  }
  return {
    start,
    isRequest: message[0] === echoRequestType,
    source: textOf(packet.subarray(12, 16)),
    destination: textOf(packet.subarray(16, 20)),
    identifier: message.readUInt16BE(4),
    sequence: message.readUInt16BE(6),
    payload: Buffer.from(message.subarray(8)),
    checksumsValid: checksum(packet.subarray(0, start)) === 0 && checksum(message) === 0
  }
}

function seal (packet, start) {
  packet.writeUInt16BE(0, 10)
  packet.writeUInt16BE(checksum(packet.subarray(0, start)), 10)
  packet.writeUInt16BE(0, start + 2)
  packet.writeUInt16BE(checksum(packet.subarray(start)), start + 2)
  return packet
}

// The reply to a request: addresses exchanged, the type changed, both checksums anew.
export function answerTo (request, { start }) {
  const reply = Buffer.from(request)
  request.copy(reply, 12, 16, 20)
  request.copy(reply, 16, 12, 16)
  reply[8] = 64
  reply[start] = echoReplyType
  return seal(reply, start)
}

export function echoRequest ({ source, destination, sequence, size, identifier = 0x5650 }) {
  const packet = Buffer.alloc(headerLength + 8 + size)
  packet[0] = 0x45
  packet.writeUInt16BE(packet.length, 2)
  packet.writeUInt16BE(sequence, 4)
  packet[8] = 64
  packet[9] = protocolIcmp
  packet.set(bytesOf(source), 12)
  packet.set(bytesOf(destination), 16)
  packet[headerLength] = echoRequestType
  packet.writeUInt16BE(identifier, headerLength + 4)
  packet.writeUInt16BE(sequence, headerLength + 6)
  for (let i = 0; i < size; i++) {
    packet[headerLength + 8 + i] = (i + sequence) & 0xff
  }
  return seal(packet, headerLength)
}
