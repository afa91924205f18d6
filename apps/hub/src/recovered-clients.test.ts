// Clients that can't go on by themselves, and votes that let them.
import { ClientState as EthereumState } from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import { Content } from '@causeway/protocol/causeway/governance/v1/governance'
import { QueryProposalRequest, QueryProposalResponse } from '@causeway/protocol/causeway/governance/v1/query'
import { Any } from '@causeway/protocol/google/protobuf/any'
import {
  QueryClientStatusRequest,
  QueryClientStatusResponse,
} from '@causeway/protocol/ibc/core/client/v1/query'
import { ClientState } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import { utf8 } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { brokenInvariants } from './block/inspect.ts'
import { eventsIn } from './testing/bridge.fixture.ts'
import { clientEntries, zone, zoneStates } from './testing/client-entries.fixture.ts'
import { EthereumChain } from './testing/ethereum-chain.fixture.ts'
import { message } from './testing/messages.fixture.ts'
import { a, ballot, c, listing, proposal, setUp as setUpHub } from './testing/staked-driver.fixture.ts'

const ZONE = '07-tendermint-0'

function setUp(parts: Record<string, JsonValue> = {}) {
  const made = setUpHub(parts)
  const { driver, deliver, alice, ask } = made
  const signer = alice.address
  const status = (clientId: string) => {
    const data = QueryClientStatusRequest.encode({ clientId }).finish()
    const { value } = driver.query('/ibc.core.client.v1.Query/ClientStatus', data)
    return QueryClientStatusResponse.decode(value).status
  }
  const stored = (key: string) => driver.query('store/ibc/key', utf8(key)).value
  /** Another client of the zone, at another height; gives its id. */
  const create = (states: { clientState: Any; consensusState: Any }): string => {
    const tx = alice.sign([message('ibc.core.client.v1.MsgCreateClient', { ...states, signer })], {
      gasLimit: 3_000_000n,
      fee: [{ denom: 'ucway', amount: '75000' }],
    })
    const result = driver.execute(driver.proposal([tx])).txResults.at(-1)!
    return eventsIn(result, 'create_client')[0]!['client_id']!
  }
  const freeze = (height = 3n) =>
    deliver(
      alice,
      message('ibc.core.client.v1.MsgUpdateClient', {
        clientId: ZONE,
        clientMessage: zone().misbehaviour(ZONE, height, 1n),
        signer,
      }),
    )
  /** Voted for and executed; gives the failure. */
  const decide = (contents: Content[], id = 1n): string => {
    const proposed = deliver(a, proposal(contents))
    if (proposed !== '0') return proposed
    expect(deliver(c, ballot(c, 1, id))).toBe('0')
    driver.block(20n)
    driver.block(10n)
    const { proposal: done } = ask(
      'governance.v1.Query/Proposal',
      QueryProposalRequest,
      QueryProposalResponse,
      { id },
    )
    return done!.failure
  }
  return { ...made, status, stored, create, freeze, decide }
}

const recovery = (clientId: string, substituteClientId: string) =>
  Content.fromPartial({ recoverClient: { clientId, substituteClientId } })

/** The entries of a client that knows as many heights of the zone as it can, each as it knows the first. */
function manyStates(count: number): JsonValue {
  const { entries } = clientEntries()
  const first = entries.filter(({ key }) =>
    Buffer.from(key, 'hex').toString('latin1').includes('onsensusStates'),
  )
  const [text, bytes] = ['7-1', '0000000000000007']
  const copies = Array.from({ length: count }, (_, i) => i + 2).flatMap((height) =>
    first.map(({ key, value }) => {
      const named = (hex: string) => hex.replace(hexOf(`/${text}`), hexOf(`/7-${height}`))
      const isIndex = key.includes(bytes)
      const at = isIndex ? key.slice(0, -16) + height.toString(16).padStart(16, '0') : named(key)
      return { key: at, value: isIndex ? named(value) : value }
    }),
  )
  const all = [...entries, ...copies].sort((x, y) => (x.key < y.key ? -1 : 1))
  return { entries: all }
}

const hexOf = (text: string) => Buffer.from(text).toString('hex')

describe('a client that had learnt very much', () => {
  it('is rid of it 1,000 states a block, and goes on when nothing is left', () => {
    const { freeze, create, status, stored, deliver, driver, ask, hub } = setUp({ ibc: manyStates(2_500) })
    const states = () => {
      const known = Array.from({ length: 2_502 }, (_, i) => `clients/${ZONE}/consensusStates/7-${i}`)
      return known.filter((key) => stored(key).length > 0).length
    }
    expect(freeze(2_600n)).toBe('0')
    const substitute = create(zoneStates(3_000n))
    expect(deliver(a, proposal([recovery(ZONE, substitute)]))).toBe('0')
    expect(deliver(c, ballot(c, 1, 1n))).toBe('0')
    driver.block(20n)
    expect([states(), status(ZONE)]).toEqual([2_501, 'Frozen'])
    driver.block(10n)
    expect([states(), status(ZONE)]).toEqual([1_501, 'Frozen'])
    driver.block()
    expect([states(), status(ZONE)]).toEqual([501, 'Frozen'])
    driver.block()
    expect([states(), status(ZONE)]).toEqual([0, 'Active'])
    const request = { id: 1n }
    const path = 'governance.v1.Query/Proposal'
    const { proposal: done } = ask(path, QueryProposalRequest, QueryProposalResponse, request)
    expect([done!.failure, done!.status]).toEqual(['', 4])
    expect(brokenInvariants(hub.chain)).toEqual([])
  })
})

describe('a client that is Frozen', () => {
  it('goes on from a substitute, with its lines, and without what it had learnt', () => {
    const { freeze, create, status, stored, decide, hub, deliver } = setUp()
    expect(decide([listing()])).toBe('')
    expect(freeze()).toBe('0')
    expect(status(ZONE)).toBe('Frozen')
    const substitute = create(zoneStates(20n))
    expect(stored(`clients/${ZONE}/consensusStates/7-1`).length).toBeGreaterThan(0)
    expect(decide([recovery(ZONE, substitute)], 2n)).toBe('')
    expect(status(ZONE)).toBe('Active')
    expect(stored(`clients/${ZONE}/consensusStates/7-1`)).toHaveLength(0)
    const state = stored(`clients/${ZONE}/clientState`)
    expect(state).toEqual(stored(`clients/${substitute}/clientState`))
    expect(stored(`clients/${ZONE}/consensusStates/7-20`).length).toBeGreaterThan(0)
    // The same counterparty: another token of it can be listed.
    const listed = { consensusHeight: { revisionNumber: 7n, revisionHeight: 20n }, ...zoneStates(20n) }
    expect(deliver(a, proposal([listing({ base: 'uusd2', ...listed })]))).toBe('0')
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('is rehearsed without being changed', () => {
    const { freeze, create, status, deliver, stored } = setUp()
    freeze()
    const substitute = create(zoneStates(20n))
    const before = stored(`clients/${ZONE}/clientState`)
    expect(deliver(a, proposal([recovery(ZONE, substitute)]))).toBe('0')
    expect(status(ZONE)).toBe('Frozen')
    expect(stored(`clients/${ZONE}/clientState`)).toEqual(before)
    expect(stored(`clients/${ZONE}/consensusStates/7-1`).length).toBeGreaterThan(0)
  })

  it('is not recovered by a client that is dead, of another kind, or otherwise made', () => {
    const { freeze, create, deliver } = setUp()
    const propose = (substitute: string) => deliver(a, proposal([recovery(ZONE, substitute)]))
    const states = zoneStates(20n)
    const twin = create(states)
    expect(propose(twin)).toBe('ibc/69')
    freeze()
    const state = {
      ...ClientState.decode(states.clientState.value),
      trustLevel: { numerator: 1n, denominator: 2n },
    }
    const lax = create({
      ...states,
      clientState: { ...states.clientState, value: ClientState.encode(state).finish() },
    })
    const ethereum = create(new EthereumChain({ genesisSeconds: 1_700_000_000n - 1_200n }).clientStates(96n))
    expect(propose(lax)).toBe('07-tendermint/60')
    expect(propose(ethereum)).toBe('ibc/70')
    expect(propose('07-tendermint-9')).toBe('ibc/60')
    expect(propose(ZONE)).toBe('ibc/61')
    expect(propose(twin)).toBe('0')
  })

  it('with listed lines is not recovered into one that trusts too long', () => {
    const { freeze, create, decide, deliver } = setUp()
    expect(decide([listing()])).toBe('')
    freeze()
    const states = zoneStates(20n)
    const state = ClientState.decode(states.clientState.value)
    const long = { ...state, trustingPeriod: { seconds: 1_000_010n, nanos: 0 } }
    const substitute = create({
      ...states,
      clientState: { ...states.clientState, value: ClientState.encode(long).finish() },
    })
    expect(deliver(a, proposal([recovery(ZONE, substitute)]))).toBe('governance/35')
  })

  it('stays dead when the substitute has died meanwhile, which is recorded', () => {
    const { freeze, create, deliver, driver, status, hub } = setUp()
    freeze()
    const substitute = create(zoneStates(20n))
    expect(deliver(a, proposal([recovery(ZONE, substitute)]))).toBe('0')
    expect(deliver(c, ballot(c, 1))).toBe('0')
    driver.block(20n)
    driver.block(100_000_000n)
    expect(status(ZONE)).toBe('Frozen')
    expect(brokenInvariants(hub.chain)).toEqual([])
  })
})

describe('a client of Ethereum', () => {
  const version = Uint8Array.of(6, 0, 0, 1)
  const forks = (clientId: string, epoch: bigint, name = 'fulu') =>
    Content.fromPartial({ extendForks: { clientId, forks: [{ name, epoch, version }] } })

  it('is told of a fork before it comes', () => {
    const { create, decide, stored, status, hub, deliver } = setUp()
    const ethereum = create(new EthereumChain({ genesisSeconds: 1_700_000_000n - 1_200n }).clientStates(96n))
    const known = () =>
      EthereumState.decode(Any.decode(stored(`clients/${ethereum}/clientState`)).value).forks.map(
        ({ name, epoch }) => `${name} ${epoch}`,
      )
    expect(known()).toEqual(['electra 0'])
    expect(deliver(a, proposal([forks(ethereum, 12n)]))).toBe('ethereum/18')
    expect(deliver(a, proposal([forks(ethereum, 100n, 'byzantium')]))).toBe('ethereum/5')
    expect(deliver(a, proposal([forks(ZONE, 100n)]))).toBe('governance/36')
    expect(deliver(a, proposal([forks('ethereum-99', 100n)]))).toBe('ibc/60')
    expect(decide([forks(ethereum, 100n)])).toBe('')
    expect(known()).toEqual(['electra 0', 'fulu 100'])
    expect(status(ethereum)).toBe('Active')
    expect(brokenInvariants(hub.chain)).toEqual([])
  })
})
