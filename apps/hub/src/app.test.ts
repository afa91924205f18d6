import { describe, expect, it } from 'vitest'
import { QueryBalanceRequest, QueryBalanceResponse } from '@causeway/protocol/cosmos/bank/v1beta1/query'
import { testHub } from './testing/hub.fixture.ts'
import { Wallet, send } from './testing/wallet.fixture.ts'

describe('the hub', () => {
  it('carries a transfer from CheckTx to a query', () => {
    const alice = new Wallet('alice')
    const bob = new Wallet('bob')
    const { driver } = testHub([alice])
    expect(driver.block().txResults).toEqual([])
    const checked = driver.submit(alice.sign([send(alice.address, bob.address, '123')]))
    expect(checked).toMatchObject({ code: 0, log: '' })
    const { txResults } = driver.block()
    expect(txResults.map(({ code, log }) => ({ code, log }))).toEqual([
      { code: 0, log: '' },
      { code: 0, log: '' },
    ])
    console.log(
      txResults[1]!.gasUsed,
      JSON.stringify(
        txResults[1]!.events.map((e) => [
          e.type,
          Object.fromEntries(e.attributes.map((a) => [a.key, a.value])),
        ]),
        null,
        1,
      ),
    )
    const request = QueryBalanceRequest.encode({ address: bob.address, denom: 'ucway' }).finish()
    const answer = driver.query('/cosmos.bank.v1beta1.Query/Balance', request)
    expect(QueryBalanceResponse.decode(answer.value).balance).toEqual({ denom: 'ucway', amount: '123' })
  })
})
