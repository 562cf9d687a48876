import { multiaddr } from '@multiformats/multiaddr'
import { peerIdFromString } from '@libp2p/peer-id'

export function connectionTo (peer, peerId) {
  const connection = peer.node.getConnections(peerIdFromString(peerId)).find(c => c.status === 'open')
  if (connection === undefined) {
    throw new Error(`no connection to ${peerId}`)
  }
  return connection
}

const describe = connection => ({
  peerId: connection.remotePeer.toString(),
  address: connection.remoteAddr.toString(),
  direction: connection.direction,
  encryption: connection.encryption,
  muxer: connection.multiplexer,
  status: connection.status
})

export const commands = {
  async dial (peer, { address }) {
    return describe(await peer.node.dial(multiaddr(address), { signal: AbortSignal.timeout(20_000) }))
  },

  // The peers that its discovery found, and where to dial them.
  async discovered (peer) {
    return peer.node.discovered
  },

  async connections (peer) {
    return peer.node.getConnections().map(describe)
  },

  // The time of one round trip, in milliseconds.
  async ping (peer, { peerId }) {
    return { milliseconds: await peer.node.services.ping.ping(peerIdFromString(peerId)) }
  },

  async identify (peer, { peerId }) {
    const found = await peer.node.services.identify.identify(connectionTo(peer, peerId))
    return {
      peerId: found.peerId.toString(),
      agentVersion: found.agentVersion,
      protocolVersion: found.protocolVersion,
      protocols: found.protocols,
      addresses: found.listenAddrs.map(String),
      observedAddress: found.observedAddr?.toString()
    }
  },

  // What identify and identify push have told this peer about another one so far.
  async known (peer, { peerId }) {
    const found = await peer.node.peerStore.get(peerIdFromString(peerId))
    return {
      protocols: found.protocols,
      addresses: found.addresses.map(a => a.multiaddr.toString()),
      agentVersion: new TextDecoder().decode(found.metadata.get('AgentVersion') ?? new Uint8Array())
    }
  },

  async close (peer, { peerId }) {
    await Promise.all(peer.node.getConnections(peerIdFromString(peerId)).map(c => c.close()))
  },

  async stop (peer) {
    await peer.node.stop()
  }
}
