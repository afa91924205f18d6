import { afterEach, describe, expect, it } from 'vitest'

import { toBase64 } from '@causeway/primitives'
import { BaseAccount } from '@causeway/protocol/cosmos/auth/v1beta1/auth'
import { QueryAccountResponse } from '@causeway/protocol/cosmos/auth/v1beta1/query'
import { openWallet } from '../keys/wallet.ts'
import { openCometPool } from './comet-pool.ts'
import { JsonRpcEndpoint } from './json-rpc.fixture.ts'
import { Submitter } from './submitter.ts'

const message = { typeUrl: '/x', value: Uint8Array.of(1) }
const endpoints: JsonRpcEndpoint[] = []
afterEach(async () => {
  for (const endpoint of endpoints.splice(0)) await endpoint.close()
})

/** A submitter on a node whose account has sequence 5, and which answers a broadcast as told. */
async function send(...answers: (Record<string, unknown> | Error)[]) {
  const account = BaseAccount.encode(BaseAccount.fromPartial({ accountNumber: 1n, sequence: 5n })).finish()
  const value = QueryAccountResponse.encode({ account: { typeUrl: '', value: account } }).finish()
  const endpoint = new JsonRpcEndpoint((method) => {
    if (method === 'abci_query') return { response: { height: '1', value: toBase64(value) } }
    const answer = answers.shift() ?? { code: 0 }
    if (answer instanceof Error) throw answer
    return { hash: 'AB'.repeat(32), data: '', log: '', codespace: '', ...answer }
  })
  endpoints.push(endpoint)
  const urls = [await endpoint.listen()]
  let clock = 0
  const gas = { update: 1n, recv: 1n, ack: 1n, timeout: 1n }
  const submitter = new Submitter({
    chainId: 'a-1',
    pool: openCometPool({ urls, requestTimeoutMs: 2_000, staleAfterMs: 60_000, nowMs: () => 0 }),
    wallet: await openWallet('11'.repeat(32), 'x'),
    gas: {
      mode: 'configured',
      adjustmentPerMille: 1_000n,
      perMessage: gas,
      price: { numerator: 0n, denominator: 1n, denom: 'x' },
      gasMax: 100n,
    },
    confirmTimeoutMs: 1,
    memo: '',
    nowMs: () => (clock += 1),
    nextBlock: async () => undefined,
  })
  const [receipt] = await submitter.send([], [[message]])
  const count = (name: string) => endpoint.requests.filter(({ method }) => method === name).length
  return { error: receipt?.error, broadcasts: count('broadcast_tx_sync'), accounts: count('abci_query') }
}

describe('what a node answers to a broadcast', () => {
  it('a full mempool: the chain is busy', async () => {
    const { error } = await send(new Error('mempool is full: number of txs 5000 (max: 5000)'))
    expect(error).toMatchObject({ failure: 'busy', retry: 'later' })
    expect(
      (await send({ code: 33, codespace: 'block', log: 'the mempool takes no more' })).error?.failure,
    ).toBe('busy')
  })

  it('too many bytes: the transaction’s own trouble, so that its messages travel apart', async () => {
    for (const text of [
      'Tx too large. Max size is 5, but got 6',
      'tx pre check: Tx size 6 is over 5 of a block',
    ])
      expect((await send(new Error(text))).error?.failure).toBe('transaction')
  })

  it('an empty wallet: the lane waits', async () => {
    const log = 'the fee is 5ucway, the account holds 0ucway'
    expect((await send({ code: 5, codespace: 'tx', log })).error).toMatchObject({
      failure: 'fees',
      retry: 'later',
    })
  })

  it('another sequence: it is signed again with the one that is expected, or with the one read', async () => {
    const named = { code: 32, codespace: 'tx', log: 'account sequence mismatch, expected 9, got 5' }
    expect(await send(named)).toMatchObject({ broadcasts: 2, accounts: 1, error: { failure: 'unconfirmed' } })
    const unnamed = { code: 4, codespace: 'tx', log: 'signature verification failed' }
    expect(await send(unnamed)).toMatchObject({
      broadcasts: 2,
      accounts: 2,
      error: { failure: 'unconfirmed' },
    })
  })
})
