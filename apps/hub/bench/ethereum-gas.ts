// What gas buys of Ethereum's light client: `node apps/hub/bench/ethereum-gas.ts`. Committees of 512 keys;
// "in turn" = more clients than a process remembers, so that each reads its committee anew.
import { assert } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { EthereumBridge } from '../src/testing/ethereum-bridge.fixture.ts'
import { EthereumChain } from '../src/testing/ethereum-chain.fixture.ts'
import { message } from '../src/testing/messages.fixture.ts'
import { measure, print, printHead } from './measure.ts'

const KEYS = 512
/** A process remembers 8 committees. */
const CLIENTS = 12
const GENESIS_SECONDS = 1_700_000_000n - 1_200n
const PACKETS = 50

const chains = Array.from({ length: CLIENTS }, (_, i) => {
  const seed = `chain ${i}`
  const filler = i === 0 ? 20_000 : 30
  return new EthereumChain({ genesisSeconds: GENESIS_SECONDS, seed, size: KEYS, firstKey: i * 600, filler })
})
const bridge = new EthereumBridge({ chain: chains[0]! })
const { relayer, driver } = bridge
const clients = [bridge.client, ...chains.slice(1).map((chain) => bridge.create(relayer, chain))]
bridge.passTo(130n)

const updates = (wish: Parameters<EthereumChain['header']>[0], among = CLIENTS): Any[] =>
  chains.slice(0, among).map((chain, i) => bridge.updateMessage(wish, clients[i]!, chain))
const final = { attestedSlot: 120n, finalizedSlot: 104n }

printHead()
measure(bridge, 'finality update, 512 keys', updates(final, 2))
measure(bridge, 'finality update, 512 keys, in turn', updates(final))
measure(bridge, 'optimistic update, 512 keys, in turn', updates({ attestedSlot: 120n }))
measure(bridge, 'update with 512 new keys, in turn', updates({ ...final, withNextCommittee: true }), 3)
const creations = chains.map((chain) =>
  message('ibc.core.client.v1.MsgCreateClient', { ...chain.clientStates(96n), signer: relayer.address }),
)
measure(bridge, 'new client, 512 keys, in turn', creations, 3)
const evidence = chains.map((chain, i): Any => {
  const forked = new EthereumChain({
    genesisSeconds: GENESIS_SECONDS,
    seed: `chain ${i}`,
    size: KEYS,
    firstKey: i * 600,
  })
  forked.reorganise(100n, 'fork')
  return message('ibc.core.client.v1.MsgUpdateClient', {
    clientId: clients[i]!,
    clientMessage: chain.misbehaviour(chain.header(final), forked.header(final)),
    signer: relayer.address,
  })
})
measure(bridge, 'misbehaviour, 2 × 512 keys, in turn', evidence)
const packets = Array.from({ length: PACKETS }, (_, i) =>
  bridge.deposit({ amount: BigInt(i + 1), receiver: relayer.address }),
)
const slot = bridge.finalize()
const first = bridge.receive(packets[0]!, slot)
assert(first.code === 0, first.log)
const receives = packets.slice(1).map((packet) => bridge.receiveMessage(packet, slot))
measure(bridge, 'packet with proof, out of 20,000 slots', receives)
const batch = bridge.deliver(relayer, receives)
assert(batch.code === 0, batch.log)
print('packet in a batch of 49 (gas only)', Number(batch.gasUsed) / receives.length, Infinity)
driver.block()
