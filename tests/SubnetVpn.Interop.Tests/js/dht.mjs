// The peer as a server of a Kademlia table. Values are text; under /number/ they are numbers, the highest the best. Under /svpn/ and
// /vpn/ it keeps what it is given, as one who knows nothing of them, and remembers it.
import { kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { peerIdFromString } from '@libp2p/peer-id'
import { CID } from 'multiformats/cid'

const encode = text => new TextEncoder().encode(text)
const decode = bytes => new TextDecoder().decode(bytes)
const hex = bytes => Buffer.from(bytes).toString('hex')
const seen = new Map()
const remember = async (key, value) => { seen.set(hex(key), hex(value)) }
const signal = () => AbortSignal.timeout(20_000)

export const dht = ({ protocol }) => kadDHT({
  protocol,
  clientMode: false,
  // By default only public addresses are passed on.
  peerInfoMapper: passthroughMapper,
  validators: {
    async number (key, value) {
      if (!/^[0-9]+$/.test(decode(value))) {
        throw new Error(`${decode(value)} is no number`)
      }
    },
    svpn: remember,
    vpn: remember
  },
  selectors: {
    number: (key, values) => values.reduce((best, value, index) => Number(decode(value)) > Number(decode(values[best])) ? index : best, 0),
    svpn: () => 0,
    vpn: () => 0
  }
})

async function collect (events, name) {
  const found = []
  for await (const event of events) {
    if (event.name === name) {
      found.push(event)
    }
  }
  return found
}

export const commands = {
  async dhtPut (peer, { key, value }) {
    const events = await collect(peer.node.services.dht.put(encode(key), encode(value), { signal: signal() }), 'PEER_RESPONSE')
    return { taken: events.filter(event => event.messageType === 'PUT_VALUE').map(event => event.from.toString()) }
  },

  // The best value, as js chooses it.
  async dhtGet (peer, { key }) {
    return { value: decode(await peer.node.contentRouting.get(encode(key), { signal: signal() })) }
  },

  // What nodes of ours have stored here under /svpn/ and /vpn/: pairs of key and value, in hexadecimal digits.
  async dhtRecords () {
    return [...seen]
  },

  // What a search of the table finds.
  async dhtGetHex (peer, { key }) {
    return { value: hex(await peer.node.contentRouting.get(Buffer.from(key, 'hex'), { signal: signal() })) }
  },

  async dhtProvide (peer, { cid }) {
    await peer.node.contentRouting.provide(CID.parse(cid), { signal: signal() })
  },

  async dhtFindProviders (peer, { cid }) {
    const events = await collect(peer.node.services.dht.findProviders(CID.parse(cid), { signal: signal() }), 'PROVIDER')
    return [...new Set(events.flatMap(event => event.providers.map(provider => provider.id.toString())))]
  },

  async dhtFindPeer (peer, { peerId }) {
    const found = await collect(peer.node.services.dht.findPeer(peerIdFromString(peerId), { signal: signal(), useNetwork: true }), 'FINAL_PEER')
    return found.flatMap(event => event.peer.multiaddrs.map(String))
  },

  // Peers that answered a search for the nearest ones.
  async dhtClosest (peer, { key }) {
    const events = await collect(peer.node.services.dht.getClosestPeers(encode(key), { signal: signal() }), 'FINAL_PEER')
    return events.map(event => event.peer.id.toString())
  }
}
