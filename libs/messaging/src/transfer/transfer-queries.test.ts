import * as transfers from '@causeway/protocol/ibc/applications/transfer/v1/query'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Codec } from '../testing/query-asking.fixture.ts'
import { refusal } from '../testing/refusal.fixture.ts'
import type { TestChain } from '../testing/test-chain.fixture.ts'
import { createChains } from '../testing/two-chains.fixture.ts'
import { rememberDenomination } from './denomination-store.ts'
import { voucherOf } from './denomination.ts'
import { createTransferQueries } from './transfer-queries.ts'

let a: TestChain

describe('transfer queries', () => {
  const queries = createTransferQueries('cway')
  const T = '/ibc.applications.transfer.v1.Query'
  const path = 'transfer/07-tendermint-0/uatom'
  const denom = { base: 'uatom', trace: [{ portId: 'transfer', channelId: '07-tendermint-0' }] }

  beforeEach(() => {
    a = createChains('alpha').alpha
    a.deliver((context) => rememberDenomination(context.store('transfer'), path))
  })

  function askTransfer<Request, Response>(
    method: string,
    request: Codec<Request>,
    response: Codec<Response>,
    message: Request,
  ): Response {
    return response.decode(
      queries.get(`${T}/${method}`)!(a.reader('transfer'), request.encode(message).finish()),
    )
  }

  it('Denom and Denoms', () => {
    const { QueryDenomRequest, QueryDenomResponse, QueryDenomsRequest, QueryDenomsResponse } = transfers
    const one = (hash: string) => askTransfer('Denom', QueryDenomRequest, QueryDenomResponse, { hash }).denom
    expect(one(voucherOf(path))).toEqual(denom)
    expect(one(voucherOf(path).slice(4))).toEqual(denom)
    expect(refusal(() => one('ibc/00'))).toBe('transfer/83')
    const all = askTransfer('Denoms', QueryDenomsRequest, QueryDenomsResponse, { pagination: undefined })
    expect(all).toEqual({ denoms: [denom], pagination: { nextKey: new Uint8Array(0), total: 1n } })
  })

  it('DenomHash and EscrowAddress', () => {
    const { QueryDenomHashRequest, QueryDenomHashResponse } = transfers
    const hash = (trace: string) =>
      askTransfer('DenomHash', QueryDenomHashRequest, QueryDenomHashResponse, { trace }).hash
    expect(`ibc/${hash(path)}`).toBe(voucherOf(path))
    expect(refusal(() => hash('transfer/07-tendermint-1/uatom'))).toBe('transfer/83')
    const { QueryEscrowAddressRequest, QueryEscrowAddressResponse } = transfers
    const escrow = (portId: string, channelId: string) =>
      askTransfer('EscrowAddress', QueryEscrowAddressRequest, QueryEscrowAddressResponse, {
        portId,
        channelId,
      }).escrowAddress
    expect(escrow('transfer', '07-tendermint-0')).toMatch(/^cway1/)
    expect(refusal(() => escrow('clearing', '07-tendermint-0'))).toBe('transfer/1')
    expect(refusal(() => escrow('transfer', 'x'))).toBe('ibc/1')
  })
})
