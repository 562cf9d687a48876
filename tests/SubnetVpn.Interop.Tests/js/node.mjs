import { createLibp2p } from 'libp2p'
import { tcp } from '@libp2p/tcp'
import { noise } from '@libp2p/noise'
import { yamux } from '@libp2p/yamux'
import { identify, identifyPush } from '@libp2p/identify'
import { ping } from '@libp2p/ping'
import { mdns } from '@libp2p/mdns'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { dht as kademlia } from './dht.mjs'

const agentVersion = 'subnetvpn-interop-js/1.0.0'

// The same object, with some members replaced. Looked up late: libp2p sets its components one after the other.
function replacing (target, members) {
  return new Proxy(target, {
    get (target, name) {
      if (Object.hasOwn(members, name)) {
        return members[name]
      }
      const value = target[name]
      return typeof value === 'function' ? value.bind(target) : value
    }
  })
}

// Without the list of muxers in the handshake the muxer is negotiated by multistream-select.
function withoutEarlyMuxer (encrypter) {
  const skip = options => ({ ...options, skipStreamMuxerNegotiation: true })
  return replacing(encrypter, {
    secureInbound: (connection, options) => encrypter.secureInbound(connection, skip(options)),
    secureOutbound: (connection, options) => encrypter.secureOutbound(connection, skip(options))
  })
}

// Signs the static key of the handshake, then spoils one bit of the signature.
function withBadSignature (components) {
  const sign = async (...bytes) => {
    const signature = Uint8Array.from(await components.privateKey.sign(...bytes))
    signature[10] ^= 1
    return signature
  }
  return replacing(components, { privateKey: replacing(components.privateKey, { sign }) })
}

export async function createNode ({ listen = [], earlyMuxer = true, badSignature = false, keyType = 'Ed25519', dht = undefined, lan = false } = {}) {
  const node = await createLibp2p({
    start: false,
    privateKey: await generateKeyPair(keyType),
    addresses: { listen },
    nodeInfo: { userAgent: agentVersion },
    transports: [tcp()],
    connectionEncrypters: [components => {
      const encrypter = noise()(badSignature ? withBadSignature(components) : components)
      return earlyMuxer ? encrypter : withoutEarlyMuxer(encrypter)
    }],
    streamMuxers: [yamux()],
    peerDiscovery: lan ? [mdns()] : [],
    services: {
      identify: identify(),
      identifyPush: identifyPush(),
      ping: ping({ maxInboundStreams: 10, maxOutboundStreams: 10 }),
      ...(dht === undefined ? {} : { dht: kademlia(dht) })
    },
    connectionManager: {
      inboundConnectionThreshold: 1000,
      maxIncomingPendingConnections: 1000
    },
    // Public addresses only, by default; tests listen on loopback and in namespaces.
    connectionGater: { denyDialMultiaddr: () => false }
  })
  // Who is discovered, before anything can be.
  const discovered = []
  node.addEventListener('peer:discovery', ({ detail }) => discovered.push({ peerId: detail.id.toString(), addresses: detail.multiaddrs.map(String) }))
  await node.start()
  return Object.assign(node, { discovered })
}
