import { toBase64, toHex, utf8 } from '@causeway/primitives'
import { packAny } from '@causeway/protocol'
import { ClientState, ConsensusState } from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import {
  QueryClientStateResponse,
  QueryClientStatusResponse,
  QueryConsensusStateResponse,
} from '@causeway/protocol/ibc/core/client/v1/query'
import { afterEach, expect, it } from 'vitest'

import { queryClientView } from './client-view.ts'
import { openCometPool } from './comet-pool.ts'
import { JsonRpcEndpoint } from './json-rpc.fixture.ts'

const PACKAGE = '/causeway.lightclients.solana.v1'
const KEY = new Uint8Array(32).fill(7)
const BANK_HASH = new Uint8Array(32).fill(9)

let endpoint: JsonRpcEndpoint | undefined
afterEach(async () => {
  await endpoint?.close()
})

/** What a hub answers of a solana client; `epochs` are the times since when it trusts each set. */
function answers(epochs: ReadonlyMap<string, Uint8Array>) {
  const clientState = ClientState.fromPartial({
    ...{ genesisHash: KEY, ibcProgram: KEY, rootAccount: KEY, recorderProgram: KEY, recorderAccount: KEY },
    ...{ trustingPeriod: { seconds: 400_000n, nanos: 0 }, latestSlot: 900n, latestEpoch: 3n },
  })
  const consensus = ConsensusState.fromPartial({ bankHash: BANK_HASH, timestampSeconds: 1_700n, epoch: 2n })
  const replies = new Map([
    [
      'ClientState',
      QueryClientStateResponse.encode(
        QueryClientStateResponse.fromPartial({
          clientState: packAny(`${PACKAGE}.ClientState`, ClientState.encode(clientState).finish()),
        }),
      ),
    ],
    [
      'ConsensusState',
      QueryConsensusStateResponse.encode(
        QueryConsensusStateResponse.fromPartial({
          consensusState: packAny(`${PACKAGE}.ConsensusState`, ConsensusState.encode(consensus).finish()),
        }),
      ),
    ],
    [
      'ClientStatus',
      QueryClientStatusResponse.encode(QueryClientStatusResponse.fromPartial({ status: 'Active' })),
    ],
  ])
  return (_: string, { path, data }: Record<string, unknown>) => {
    const reply = replies.get(String(path).split('/').at(-1) ?? '')
    const value = reply?.finish() ?? epochs.get(String(data).toLowerCase()) ?? new Uint8Array()
    return { response: { height: '5', value: toBase64(value) } }
  }
}

async function viewWith(epochs: ReadonlyMap<string, Uint8Array>) {
  endpoint = new JsonRpcEndpoint(answers(epochs))
  const urls = [await endpoint.listen()]
  const pool = openCometPool({ urls, requestTimeoutMs: 20_000, staleAfterMs: 60_000, nowMs: () => 0 })
  return await queryClientView(pool, 'solana-0')
}

it('reads a solana client: its slot, its epoch, and since when it trusts those validators', async () => {
  const key = Buffer.concat([utf8('clients/solana-0/epochs/'), Buffer.from('0000000000000003', 'hex')])
  const seconds = Buffer.from('00000000000005dc', 'hex')
  expect(await viewWith(new Map([[toHex(key), seconds]]))).toEqual({
    ...{ clientId: 'solana-0', clientType: 'solana', status: 'Active', revisionNumber: 0n },
    chainId: 'solana:US517G5965aydkZ46HS38QLi7UQiSoju',
    ...{ latestHeight: 900n, latestTimeNanoseconds: 1_700_000_000_000n, bankHash: BANK_HASH },
    ...{ trustingPeriodNanoseconds: 400_000_000_000_000n, latestEpoch: 3n },
    trustedSinceNanoseconds: 1_500_000_000_000n,
  })
})

it('reads one whose set is not there any more', async () => {
  expect((await viewWith(new Map())).trustedSinceNanoseconds).toBeUndefined()
})
