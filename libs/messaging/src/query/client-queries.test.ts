import { utf8 } from '@causeway/primitives'
import { Any } from '@causeway/protocol/google/protobuf/any'
import * as clients from '@causeway/protocol/ibc/core/client/v1/query'
import * as clientsV2 from '@causeway/protocol/ibc/core/client/v2/query'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { CLIENT_STATE_URL, TRUSTING_SECONDS } from '../testing/oracle-client.fixture.ts'
import { ask, page, queryContext } from '../testing/query-asking.fixture.ts'
import { refusal } from '../testing/refusal.fixture.ts'
import type { TestChain } from '../testing/test-chain.fixture.ts'
import { connect, createChains, openClient, update } from '../testing/two-chains.fixture.ts'
import { ibcQueries } from './ibc-queries.ts'
import { QUERY_BYTES_MAX } from './query-context.ts'

const V2 = '/ibc.core.channel.v2.Query'
const C1 = '/ibc.core.client.v1.Query'
const C2 = '/ibc.core.client.v2.Query'

let a: TestChain
let b: TestChain
let onA: string
let onB: string

beforeEach(() => {
  const chains = createChains('alpha', 'beta')
  a = chains.alpha
  b = chains.beta
  openClient(b, a)
  ;({ onA, onB } = connect(a, b))
})

describe('every query', () => {
  it('answers any bytes with bytes or a refusal', () => {
    const paths = [...ibcQueries.keys()]
    expect(paths.length).toBe(18)
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.uint8Array({ maxLength: 64 }), (path, bytes) => {
        refusal(() => ibcQueries.get(path)!(queryContext(a), bytes))
      }),
      { numRuns: 1000 },
    )
  })

  it('refuses unknown fields and bombs', () => {
    const handler = ibcQueries.get(`${V2}/PacketReceipt`)!
    expect(refusal(() => handler(queryContext(a), Uint8Array.of(0x7a, 1, 0)))).toMatch(/^protocol\//)
    expect(refusal(() => handler(queryContext(a), new Uint8Array(QUERY_BYTES_MAX + 1)))).toBe('protocol/1')
  })

  it('refuses an id that is none, wherever one is asked for', () => {
    const without = new Set([`${C1}/ClientStates`, `${C1}/ClientParams`])
    for (const [path, handler] of ibcQueries) {
      if (without.has(path)) continue
      const { QueryClientStateRequest } = clients
      const request = QueryClientStateRequest.encode({ clientId: 'x/../y' }).finish()
      expect(
        refusal(() => handler(queryContext(a), request)),
        path,
      ).toBe('ibc/1')
    }
  })
})

describe('client queries', () => {
  it('ClientState and ClientStates', () => {
    const { QueryClientStateRequest, QueryClientStateResponse } = clients
    const one = (clientId: string) =>
      ask(a, `${C1}/ClientState`, QueryClientStateRequest, QueryClientStateResponse, { clientId })
    expect(one(onA).clientState?.typeUrl).toBe(CLIENT_STATE_URL)
    expect(refusal(() => one('07-tendermint-9'))).toBe('ibc/120')
    for (let i = 0; i < 11; i++) openClient(a, b)
    for (let i = 0; i < 3; i++) update(a, onA, b)
    const { QueryClientStatesRequest, QueryClientStatesResponse } = clients
    const all = (over: object = {}) =>
      ask(a, `${C1}/ClientStates`, QueryClientStatesRequest, QueryClientStatesResponse, {
        pagination: page(over),
      })
    const ids = Array.from({ length: 12 }, (_, i) => `07-tendermint-${i}`).sort()
    expect(all().clientStates.map((item) => item.clientId)).toEqual(ids)
    expect(all({ reverse: true }).clientStates.map((item) => item.clientId)).toEqual(ids.toReversed())
    expect(all({ countTotal: true, limit: 2n }).pagination?.total).toBe(12n)
    for (const reverse of [false, true]) {
      const first = all({ limit: 5n, reverse })
      const second = all({ limit: 20n, reverse, key: first.pagination!.nextKey })
      const seen = [...first.clientStates, ...second.clientStates].map((item) => item.clientId)
      expect(seen).toEqual(reverse ? ids.toReversed() : ids)
    }
  })

  it('ConsensusState, ConsensusStates and their heights', () => {
    b.advance(3n)
    const height = update(a, onA, b)
    const { QueryConsensusStateRequest, QueryConsensusStateResponse } = clients
    const one = (over: object) =>
      ask(a, `${C1}/ConsensusState`, QueryConsensusStateRequest, QueryConsensusStateResponse, {
        clientId: onA,
        revisionNumber: 1n,
        revisionHeight: 0n,
        latestHeight: false,
        ...over,
      })
    const latest = one({ latestHeight: true }).consensusState!
    expect(one({ revisionHeight: height.revisionHeight }).consensusState).toEqual(latest)
    expect(refusal(() => one({ revisionHeight: 0n }))).toBe('ibc/121')
    expect(refusal(() => one({ revisionHeight: 99n }))).toBe('ibc/120')
    expect(refusal(() => one({ clientId: '07-tendermint-9', latestHeight: true }))).toBe('ibc/120')

    // Metadata beside a consensus state, as ibc-go keeps it
    a.deliver((context) =>
      context.ibc.set(utf8(`clients/${onA}/consensusStates/1-2/processedTime`), utf8('x')),
    )
    const { QueryConsensusStatesRequest, QueryConsensusStatesResponse } = clients
    const all = ask(a, `${C1}/ConsensusStates`, QueryConsensusStatesRequest, QueryConsensusStatesResponse, {
      clientId: onA,
      pagination: undefined,
    })
    expect(all.consensusStates.length).toBe(2)
    expect(all.consensusStates.at(-1)).toEqual({ height, consensusState: Any.fromPartial(latest) })
    expect(all.pagination?.total).toBe(2n)
    const { QueryConsensusStateHeightsRequest, QueryConsensusStateHeightsResponse } = clients
    const heights = ask(
      a,
      `${C1}/ConsensusStateHeights`,
      QueryConsensusStateHeightsRequest,
      QueryConsensusStateHeightsResponse,
      { clientId: onA, pagination: undefined },
    )
    expect(heights.consensusStateHeights).toEqual(all.consensusStates.map((item) => item.height))
  })

  it('ClientStatus, ClientCreator, ClientParams', () => {
    const { QueryClientStatusRequest, QueryClientStatusResponse } = clients
    const status = (clientId: string) =>
      ask(a, `${C1}/ClientStatus`, QueryClientStatusRequest, QueryClientStatusResponse, { clientId }).status
    expect(status(onA)).toBe('Active')
    expect(status('07-tendermint-9')).toBe('Unknown')
    expect(status('ethereum-0')).toBe('Unauthorized')
    a.advance(TRUSTING_SECONDS + 1n)
    expect(status(onA)).toBe('Expired')
    const { QueryClientCreatorRequest, QueryClientCreatorResponse } = clients
    const creator = (clientId: string) =>
      ask(a, `${C1}/ClientCreator`, QueryClientCreatorRequest, QueryClientCreatorResponse, { clientId })
        .creator
    expect(creator(onA)).toBe('creator')
    expect(creator('07-tendermint-9')).toBe('')
    const { QueryClientParamsRequest, QueryClientParamsResponse } = clients
    const params = ask(a, `${C1}/ClientParams`, QueryClientParamsRequest, QueryClientParamsResponse, {})
    expect(params.params?.allowedClients).toEqual(['*'])
  })

  it('CounterpartyInfo and Config', () => {
    const { QueryCounterpartyInfoRequest, QueryCounterpartyInfoResponse } = clientsV2
    const info = (clientId: string) =>
      ask(a, `${C2}/CounterpartyInfo`, QueryCounterpartyInfoRequest, QueryCounterpartyInfoResponse, {
        clientId,
      })
    expect(info(onA).counterpartyInfo).toEqual({ merklePrefix: [utf8('ibc'), utf8('')], clientId: onB })
    expect(refusal(() => info('07-tendermint-9'))).toBe('ibc/120')
    const { QueryConfigRequest, QueryConfigResponse } = clientsV2
    expect(ask(a, `${C2}/Config`, QueryConfigRequest, QueryConfigResponse, { clientId: onA }).config).toEqual(
      {
        allowedRelayers: [],
      },
    )
  })
})
