import { describe, expect, it } from 'vitest'
import { brokenInvariants } from './block/inspect.ts'
import { cashOwed } from './testing/debts.fixture.ts'
import { testHub, hubGenesis } from './testing/hub.fixture.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import { Wallet, send } from './testing/wallet.fixture.ts'
import { QueryBalanceRequest, QueryBalanceResponse } from '@causeway/protocol/cosmos/bank/v1beta1/query'
import type { Driver } from './testing/driver.fixture.ts'

function balance(driver: Driver, address: string, denom = 'ucway'): string {
  const data = QueryBalanceRequest.encode({ address, denom }).finish()
  const { value } = driver.query('/cosmos.bank.v1beta1.Query/Balance', data)
  return QueryBalanceResponse.decode(value).balance!.amount
}

describe('the hub', () => {
  it('carries a transfer from CheckTx to a query, and takes the fee', () => {
    const [alice, bob] = [new Wallet('alice'), new Wallet('bob')]
    const { driver, hub } = testHub([alice])
    expect(driver.block().txResults).toEqual([])
    expect(driver.submit(alice.sign([send(alice.address, bob.address, '123')]))).toMatchObject({
      code: 0,
      log: '',
    })
    expect(driver.block().txResults.map(codeOf)).toEqual(['0', '0'])
    expect(balance(driver, bob.address)).toBe('123')
    expect(balance(driver, alice.address)).toBe('999994877')
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('tells what happened, in order', () => {
    const [alice, bob] = [new Wallet('alice'), new Wallet('bob')]
    const { driver } = testHub([alice, bob])
    driver.block()
    driver.submit(alice.sign([send(alice.address, bob.address, '123')]))
    const [, result] = driver.block().txResults
    const payment = ['causeway.ledger.v1.balance', 'coin_spent', 'coin_received', 'transfer']
    expect(result!.events.map(({ type }) => type)).toEqual([
      payment[0],
      'causeway.accounts.v1.created',
      ...payment,
      'tx',
      'tx',
      'tx',
      'message',
      payment[0],
      ...payment,
      'message',
    ])
  })

  it('charges a transfer what it did before', () => {
    const [alice, bob] = [new Wallet('alice'), new Wallet('bob')]
    const { driver } = testHub([alice, bob])
    driver.block()
    driver.submit(alice.sign([send(alice.address, bob.address, '123')]))
    // A change of this figure is a change of the protocol.
    expect(driver.block().txResults[1]!.gasUsed).toBe(9_914n)
  })

  it('moves between subaccounts of one owner', () => {
    const alice = new Wallet('alice')
    const { driver } = testHub([alice])
    driver.block()
    driver.submit(alice.sign([send(alice.address, `${alice.address}/7`, '50')]))
    driver.submit(alice.sign([send(`${alice.address}/7`, `${alice.address}/8`, '20')]))
    expect(driver.block().txResults.map(codeOf)).toEqual(['0', '0', '0'])
    expect([7, 8].map((i) => balance(driver, `${alice.address}/${i}`))).toEqual(['30', '20'])
  })

  it('keeps what covers a requirement', () => {
    const alice = new Wallet('alice')
    const held = `${alice.address}/1`
    const genesis = hubGenesis([alice], {
      ledger: {
        zone: 0,
        assets: [
          { denom: 'ucway', decimals: 6, native: true },
          { denom: 'usdz', decimals: 6, native: false },
        ],
        lines: [
          {
            client: '07-tendermint-0',
            denom: 'transfer/07-tendermint-0/uusd',
            asset: 'usdz',
            escrowed: '1000000',
          },
        ],
        balances: [
          { holder: alice.address, denom: 'ucway', amount: '1000000000' },
          { holder: held, denom: 'usdz', amount: '1000000' },
        ],
      },
      cash: cashOwed({ [held]: 400_000n }),
    })
    const { driver, hub } = testHub([alice], {}, genesis)
    driver.block()
    const take = (amount: string) => {
      driver.submit(alice.sign([send(held, alice.address, amount, 'usdz')]))
      return codeOf(driver.block().txResults[1])
    }
    // The first block has no price yet; the second brings one.
    expect(take('600000')).toBe('risk/1')
    expect(take('500000')).toBe('0')
    expect(take('100000')).toBe('risk/1')
    // A block that comes late finds no fresh price: nothing that is needed leaves.
    driver.submit(alice.sign([send(held, alice.address, '1', 'usdz')]))
    expect(codeOf(driver.block(60n).txResults[1])).toBe('risk/2')
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('leaves room in the mempool for critical transactions', () => {
    const wallets = Array.from({ length: 8 }, (_, i) => new Wallet(`w${i}`))
    const { driver } = testHub(wallets, { mempoolTransactionsMax: 10 })
    driver.block()
    const codes = wallets.map((wallet) =>
      codeOf(driver.submit(wallet.sign([send(wallet.address, wallet.address, '1')]))),
    )
    expect(codes).toEqual(['0', '0', '0', '0', '0', '0', 'block/33', 'block/33'])
    driver.block()
    const late = wallets[6]!
    expect(codeOf(driver.submit(late.sign([send(late.address, late.address, '1')], { sequence: 0n })))).toBe(
      '0',
    )
  })
})
