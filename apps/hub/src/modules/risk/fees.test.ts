// A fee leaves an account like a withdrawal: it takes nothing that covers a requirement.
import { QueryBalanceRequest, QueryBalanceResponse } from '@causeway/protocol/cosmos/bank/v1beta1/query'
import { describe, expect, it } from 'vitest'
import { brokenInvariants } from '../../block/inspect.ts'
import { cashOwed } from '../../testing/debts.fixture.ts'
import { clientEntries } from '../../testing/client-entries.fixture.ts'
import { hubGenesis, testHub } from '../../testing/hub.fixture.ts'
import { codeOf } from '../../testing/refusal.fixture.ts'
import { Wallet, send } from '../../testing/wallet.fixture.ts'

const E9 = 1_000_000_000n

/** Two traders with 2 usdz each; the first owes margin that 1.5 of them cover. Both tokens pay for gas. */
function setUp(prices = () => [{ asset: 2n, priceE9: E9 }]) {
  const [debtor, free] = [new Wallet('debtor'), new Wallet('free')]
  const wallets = [debtor, free]
  const base = hubGenesis(wallets) as { ledger: { balances: object[]; lines: object[] } }
  const usdz = wallets.map(({ address }) => ({ holder: address, denom: 'usdz', amount: '2000000' }))
  const genesis = hubGenesis(wallets, {
    accounts: {
      gasPrices: [
        { denom: 'ucway', priceE9: '25000000' },
        { denom: 'usdz', priceE9: '25000000' },
      ],
    },
    ibc: clientEntries(),
    ledger: {
      ...base.ledger,
      lines: base.ledger.lines.map((line) => ({ ...line, escrowed: '4000000' })),
      balances: [...base.ledger.balances, ...usdz],
    } as never,
    // 1.5 × 0.9, less what a few seconds of interest and rounding take.
    cash: cashOwed({ [debtor.address]: 1_349_900n }),
  })
  const priceSource = (_: bigint, publishTimeSeconds: bigint) =>
    prices().map((price) => ({ ...price, publishTimeSeconds }))
  const { driver, hub } = testHub(wallets, { priceSource }, genesis)
  driver.block()
  driver.block()
  const pay = (wallet: Wallet, denom: string, amount: string) =>
    wallet.sign([send(wallet.address, `${wallet.address}/1`, '1')], {
      fee: [{ denom, amount }],
      sequence: wallet.sequence,
    })
  const held = ({ address }: Wallet) => {
    const data = QueryBalanceRequest.encode({ address, denom: 'usdz' }).finish()
    const { value } = driver.query('/cosmos.bank.v1beta1.Query/Balance', data)
    return QueryBalanceResponse.decode(value).balance!.amount
  }
  return { driver, hub, debtor, free, pay, held }
}

describe('a fee', () => {
  it('that takes from what covers a requirement is refused, in CheckTx and in a decided block', () => {
    const { driver, hub, debtor, pay, held } = setUp()
    const greedy = pay(debtor, 'usdz', '500200')
    expect(codeOf(driver.submit(greedy))).toBe('risk/1')
    const [, result] = driver.execute(driver.proposal([greedy])).txResults
    expect([codeOf(result), result!.events]).toEqual(['risk/1', []])
    expect(held(debtor)).toBe('2000000')
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('of what is not needed is taken, to the last unit', () => {
    const { driver, debtor, pay, held } = setUp()
    expect(codeOf(driver.submit(pay(debtor, 'usdz', '500000')))).toBe('0')
    expect(driver.block().txResults.map(codeOf)).toEqual(['0', '0'])
    debtor.sequence++
    expect(held(debtor)).toBe('1500000')
    expect(codeOf(driver.submit(pay(debtor, 'usdz', '5000')))).toBe('risk/1')
    expect(codeOf(driver.submit(pay(debtor, 'ucway', '5000')))).toBe('0')
  })

  it('is counted with those before it in the mempool', () => {
    const { driver, debtor, pay } = setUp()
    expect(codeOf(driver.submit(pay(debtor, 'usdz', '300000')))).toBe('0')
    debtor.sequence++
    expect(codeOf(driver.submit(pay(debtor, 'usdz', '300000')))).toBe('risk/1')
    expect(codeOf(driver.submit(pay(debtor, 'usdz', '200000')))).toBe('0')
  })

  it('of one who owes nothing may be anything', () => {
    const { driver, free, pay, held } = setUp(() => [])
    expect(codeOf(driver.submit(pay(free, 'usdz', '2000000')))).toBe('0')
    expect(driver.block().txResults.map(codeOf)).toEqual(['0', '0'])
    expect(held(free)).toBe('0')
  })

  it('waits for a price, unless it is paid in what covers nothing', () => {
    let prices = [{ asset: 2n, priceE9: E9 }]
    const { driver, debtor, pay } = setUp(() => prices)
    prices = []
    for (let i = 0; i < 12; i++) driver.block()
    expect(codeOf(driver.submit(pay(debtor, 'usdz', '5000')))).toBe('risk/2')
    expect(codeOf(driver.submit(pay(debtor, 'ucway', '5000')))).toBe('0')
    // The fee is taken; what the payment itself takes out waits for a price.
    const [, result] = driver.block().txResults
    expect(codeOf(result)).toBe('risk/2')
    expect(result!.events.map(({ type }) => type)).toContain('coin_spent')
  })
})
