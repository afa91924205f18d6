import { U256_MAX, concatBytes } from '@causeway/primitives'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAddressCodec } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'
import { eventsOf, memoryContext } from '../../testing/memory-context.fixture.ts'
import { refusal } from '../../testing/refusal.fixture.ts'
import { exportGenesis, initGenesis } from './genesis.ts'
import { invariants } from './invariants.ts'
import { createLedger } from './ledger.ts'
import { createLines, pathHash, voucherDenom } from './lines.ts'
import {
  LEDGER_STORE,
  balances,
  lines as storedLines,
  readAsset,
  writeAsset,
  writeBalance,
  writeZone,
} from './state.ts'

const addresses = createAddressCodec('cway')
const account = (i: number): Uint8Array => new Uint8Array(20).fill(i)
const holder = (i: number, subaccount = 0): Holder => ({ account: account(i), subaccount })
const PATH = 'transfer/07-tendermint-0/uusd'

function setUp() {
  const context = memoryContext([LEDGER_STORE])
  writeZone(context.store(LEDGER_STORE), 0)
  const created: string[] = []
  const ledger = createLedger({
    addresses,
    ensureAccount(_, id) {
      created.push(addresses.encode(id))
      return id
    },
  })
  const native = ledger.ensureAsset(context, { denom: 'ucway', decimals: 6, native: true })
  return {
    context,
    ledger,
    native,
    lines: createLines(ledger, { priceE9: () => 0n }),
    created,
    store: context.store(LEDGER_STORE),
  }
}

describe('the ledger', () => {
  it('moves exactly, tells it, and creates the receiver', () => {
    const { context, ledger, native, created } = setUp()
    ledger.mint(context, holder(1), native, 100n)
    ledger.move(context, holder(1), holder(2, 3), native, 40n)
    expect(ledger.balance(context, holder(1), native.id)).toBe(60n)
    expect(ledger.balance(context, holder(2, 3), native.id)).toBe(40n)
    expect(ledger.balance(context, holder(2), native.id)).toBe(0n)
    expect(created).toEqual([addresses.encode(account(1)), addresses.encode(account(2))])
    expect(eventsOf(context, 'causeway.ledger.v1.balance').slice(1)).toEqual([
      {
        account: addresses.encode(account(1)),
        subaccount: '0',
        asset: '1',
        denom: 'ucway',
        delta: '-40',
        balance: '60',
      },
      {
        account: addresses.encode(account(2)),
        subaccount: '3',
        asset: '1',
        denom: 'ucway',
        delta: '40',
        balance: '40',
      },
    ])
    expect(eventsOf(context, 'transfer')).toEqual([
      { recipient: addresses.encode(account(2)), sender: addresses.encode(account(1)), amount: '40ucway' },
    ])
  })

  it('refuses more than there is', () => {
    const { context, ledger, native } = setUp()
    ledger.mint(context, holder(1), native, 10n)
    expect(refusal(() => ledger.move(context, holder(1), holder(2), native, 11n))).toBe('ledger/5')
    expect(refusal(() => ledger.move(context, holder(1, 1), holder(2), native, 1n))).toBe('ledger/5')
    expect(refusal(() => ledger.burn(context, holder(1), native, 11n))).toBe('ledger/5')
  })

  it('refuses to exceed 256 bits', () => {
    const { context, ledger, native } = setUp()
    ledger.mint(context, holder(1), native, U256_MAX)
    expect(refusal(() => ledger.mint(context, holder(2), native, 1n))).toBe('ledger/6')
  })

  it('keeps everything when a holder pays itself', () => {
    const { context, ledger, native } = setUp()
    ledger.mint(context, holder(1), native, 10n)
    ledger.move(context, holder(1), holder(1), native, 10n)
    expect(ledger.balance(context, holder(1), native.id)).toBe(10n)
    expect(invariants(context, true)).toEqual([])
  })

  it('deletes what is empty', () => {
    const { context, ledger, native, store } = setUp()
    ledger.mint(context, holder(1), native, 10n)
    ledger.move(context, holder(1), holder(2), native, 10n)
    expect([...balances(store)].map(({ holder: of }) => of.account[0])).toEqual([2])
    ledger.burn(context, holder(2), native, 10n)
    expect([...balances(store)]).toEqual([])
    expect(readAsset(store, native.id).supply).toBe('0')
  })

  it('does not move nothing or less', () => {
    const { context, ledger, native } = setUp()
    for (const amount of [0n, -1n]) {
      expect(() => ledger.mint(context, holder(1), native, amount)).toThrow('only positive amounts move')
    }
  })

  it('refuses denominations that it does not know', () => {
    const { context, ledger } = setUp()
    expect(refusal(() => ledger.asset(context, 'uatom'))).toBe('ledger/20')
    expect(refusal(() => ledger.asset(context, 'x'.repeat(10_000)))).toBe('ledger/20')
  })

  it('conserves over random movements', () => {
    const steps = fc.array(fc.tuple(fc.nat(4), fc.nat(4), fc.bigInt(1n, 60n), fc.nat(2)), { maxLength: 60 })
    fc.assert(
      fc.property(steps, (list) => {
        const { context, ledger, native } = setUp()
        for (const [from, to, amount, kind] of list) {
          refusal(() =>
            context.nested(() => {
              if (kind === 0) ledger.mint(context, holder(to), native, amount)
              else if (kind === 1) ledger.burn(context, holder(from), native, amount)
              else ledger.move(context, holder(from), holder(to), native, amount)
            }),
          )
        }
        return invariants(context, true).length === 0
      }),
    )
  })
})

describe('lines', () => {
  it('are created unlisted, each with an asset of its own', () => {
    const { context, lines } = setUp()
    const first = lines.ensure(context, '07-tendermint-0', PATH)
    const second = lines.ensure(context, '07-tendermint-1', 'transfer/07-tendermint-1/uusd')
    expect([first.id, first.asset, second.id, second.asset]).toEqual([1n, 2n, 2n, 3n])
    expect(first.listed).toBe(false)
    expect(lines.ensure(context, '07-tendermint-0', PATH)).toEqual(first)
    expect(lines.find(context, PATH)).toEqual(first)
    expect(lines.find(context, voucherDenom(PATH))).toEqual(first)
    expect(refusal(() => lines.find(context, 'transfer/07-tendermint-9/uusd'))).toBe('ledger/21')
    expect(refusal(() => lines.find(context, `${voucherDenom(PATH)}0`))).toBe('ledger/21')
    expect(refusal(() => lines.find(context, voucherDenom(PATH).toLowerCase()))).toBe('ledger/21')
  })

  it('grow with deposits, shrink when withdrawals arrive, and not before', () => {
    const { context, lines, ledger } = setUp()
    const line = () => lines.find(context, PATH)
    lines.deposit(context, lines.ensure(context, '07-tendermint-0', PATH), holder(1), 100n)
    expect(line()).toMatchObject({ escrowed: '100', inFlight: '0' })
    lines.withdraw(context, line(), holder(1), 30n)
    expect(line()).toMatchObject({ escrowed: '100', inFlight: '30' })
    expect(ledger.balance(context, holder(1), line().asset)).toBe(70n)
    expect(invariants(context, true)).toEqual([])
    lines.settle(context, line().id, 30n)
    expect(line()).toMatchObject({ escrowed: '70', inFlight: '0' })
    expect(invariants(context, true)).toEqual([])
  })

  it('give back to the same subaccount when a withdrawal does not arrive', () => {
    const { context, lines, ledger } = setUp()
    lines.deposit(context, lines.ensure(context, '07-tendermint-0', PATH), holder(1, 5), 100n)
    lines.withdraw(context, lines.find(context, PATH), holder(1, 5), 30n)
    const { id, asset } = lines.find(context, PATH)
    lines.refund(context, id, holder(1, 5), 30n)
    expect(lines.find(context, PATH)).toMatchObject({ escrowed: '100', inFlight: '0' })
    expect(ledger.balance(context, holder(1, 5), asset)).toBe(100n)
    expect(invariants(context, true)).toEqual([])
  })

  it('owe no more than their own escrow, also where an asset pools several', () => {
    const { context, lines, ledger, store } = setUp()
    const parts = {
      addresses,
      ensureAccount: (_: unknown, account: Uint8Array) => account,
      lines: { hasCounterparty: () => true },
    }
    const genesis = {
      zone: 0,
      assets: [{ denom: 'usd', decimals: 6, native: false }],
      lines: [
        { client: '07-tendermint-0', denom: PATH, asset: 'usd' },
        { client: '07-tendermint-1', denom: 'transfer/07-tendermint-1/uusd', asset: 'usd' },
      ],
      balances: [],
    }
    initGenesis(context, genesis, parts)
    const [first, second] = [...storedLines(store)]
    lines.deposit(context, first!, holder(1), 100n)
    lines.deposit(context, second!, holder(2), 50n)
    expect(ledger.balance(context, holder(1), first!.asset)).toBe(100n)
    const other = () => lines.find(context, 'transfer/07-tendermint-1/uusd')
    expect(refusal(() => context.nested(() => lines.withdraw(context, other(), holder(1), 51n)))).toBe(
      'ledger/23',
    )
    lines.withdraw(context, other(), holder(1), 50n)
    expect(refusal(() => context.nested(() => lines.withdraw(context, other(), holder(1), 1n)))).toBe(
      'ledger/23',
    )
    expect(invariants(context, true)).toEqual([])
    expect(eventsOf(context, 'causeway.ledger.v1.line').at(-1)).toMatchObject({
      client: '07-tendermint-1',
      escrowed: '50',
    })
  })

  it('refuse deposits beyond 256 bits', () => {
    const { context, lines } = setUp()
    lines.deposit(context, lines.ensure(context, '07-tendermint-0', PATH), holder(1), U256_MAX)
    const again = () => lines.deposit(context, lines.find(context, PATH), holder(2), 1n)
    expect(refusal(() => context.nested(again))).toBe('ledger/6')
  })

  it('land only what is in flight', () => {
    const { context, lines } = setUp()
    lines.deposit(context, lines.ensure(context, '07-tendermint-0', PATH), holder(1), 10n)
    expect(() => lines.settle(context, 1n, 1n)).toThrow('only what is in flight')
    expect(() => lines.settle(context, 9n, 1n)).toThrow('exists')
  })

  it('hash a path and its voucher alike', () => {
    expect(pathHash(voucherDenom(PATH))).toEqual(pathHash(PATH))
  })
})

describe('invariants', () => {
  it('find value that came from nowhere, and escrow that is missing', () => {
    const { context, lines, store, ledger, native } = setUp()
    ledger.mint(context, holder(1), native, 10n)
    lines.deposit(context, lines.ensure(context, '07-tendermint-0', PATH), holder(1), 10n)
    expect(invariants(context, true)).toEqual([])
    writeBalance(store, holder(2), 2n, 5n)
    expect(invariants(context, true)).toHaveLength(2)
    writeAsset(store, { ...readAsset(store, 2n), supply: '15' })
    expect(invariants(context, true)).toHaveLength(1)
    writeBalance(store, holder(2), 99n, 5n)
    expect(invariants(context, true)).toContain('asset 99 has balances and does not exist')
  })
})

describe('ledger genesis', () => {
  const hasCounterparty = (_: unknown, client: string) => client === '07-tendermint-0'
  const ports = {
    addresses,
    ensureAccount: (_: unknown, account: Uint8Array) => account,
    lines: { hasCounterparty },
  }
  const base = {
    zone: 7,
    assets: [
      { denom: 'ucway', decimals: 6, native: true },
      { denom: 'usd', decimals: 6, native: false },
    ],
    lines: [
      { client: '07-tendermint-0', denom: PATH, asset: 'usd', listed: true, escrowed: '5', inFlight: '2' },
    ],
    listings: [
      {
        creator: addresses.encode(account(9)),
        clientType: '07-tendermint',
        chainId: 'zone-7',
        base: 'uusd',
        asset: 'usd',
      },
    ],
    balances: [
      { holder: addresses.encode(account(1)), denom: 'ucway', amount: '10' },
      { holder: `${addresses.encode(account(1))}/4`, denom: 'usd', amount: '3' },
    ],
  }

  it('is exported as it was read', () => {
    const context = memoryContext([LEDGER_STORE])
    initGenesis(context, base, ports)
    expect(exportGenesis(context, addresses)).toEqual(base)
    expect(invariants(context, true)).toEqual([])
    expect([...storedLines(context.store(LEDGER_STORE))][0]!.id).toBe((7n << 48n) + 1n)
  })

  it('lists tokens of EVM chains by their contracts, and nothing that no client could take', () => {
    const evm = {
      ...base.listings[0]!,
      clientType: 'ethereum',
      chainId: 'eip155:1',
      contract: `0x${'ab'.repeat(20)}`,
      base: `0x${'cd'.repeat(20)}`,
    }
    const judge = (change: object) => {
      const listings = [{ ...evm, ...change }]
      return refusal(() => initGenesis(memoryContext([LEDGER_STORE]), { ...base, listings }, ports))
    }
    expect(judge({})).toBe('nothing')
    for (const change of [
      { contract: undefined },
      { contract: `0x${'AB'.repeat(20)}` },
      { base: 'uusd' },
      { chainId: '1' },
      { clientType: '07-tendermint' },
    ])
      expect(judge(change), JSON.stringify(change)).toBe('genesis/2')
  })

  it('that contradicts itself is refused', () => {
    const wrong: Record<string, unknown>[] = [
      { zone: 65_536 },
      { zone: undefined },
      { extra: 1 },
      { assets: [...base.assets, base.assets[0]!] },
      { assets: [{ denom: '1', decimals: 6, native: true }] },
      { assets: [{ denom: 'ucway', decimals: 19, native: true }] },
      { lines: [{ ...base.lines[0]!, asset: 'none' }] },
      { lines: [{ ...base.lines[0]!, asset: 'ucway' }] },
      { lines: [{ ...base.lines[0]!, denom: 'transfer/07-tendermint-1/uusd' }] },
      { lines: [{ ...base.lines[0]!, inFlight: '6' }] },
      { lines: [base.lines[0]!, base.lines[0]!] },
      { lines: [{ ...base.lines[0]!, listed: false }] },
      { listings: [{ ...base.listings[0]!, asset: 'none' }] },
      { listings: [{ ...base.listings[0]!, asset: 'ucway' }] },
      { listings: [{ ...base.listings[0]!, creator: 'zone1xyz' }] },
      { listings: [{ ...base.listings[0]!, chainId: '' }] },
      { listings: [{ ...base.listings[0]!, base: 'u\0usd' }] },
      { listings: [base.listings[0]!, base.listings[0]!] },
      { balances: [{ ...base.balances[0]!, amount: '0' }] },
      { balances: [{ ...base.balances[0]!, amount: '-1' }] },
      { balances: [{ ...base.balances[0]!, denom: 'none' }] },
      { balances: [{ ...base.balances[0]!, holder: 'zone1xyz' }] },
      { balances: [base.balances[0]!, base.balances[0]!] },
      {
        balances: [
          { ...base.balances[0]!, amount: U256_MAX.toString() },
          { ...base.balances[0]!, holder: addresses.encode(account(2)), amount: '1' },
        ],
      },
    ]
    for (const changes of wrong) {
      expect(refusal(() => initGenesis(memoryContext([LEDGER_STORE]), { ...base, ...changes }, ports))).toBe(
        'genesis/2',
      )
    }
    expect(refusal(() => initGenesis(memoryContext([LEDGER_STORE]), undefined, ports))).toBe('genesis/2')
  })

  it('names the path of what is wrong', () => {
    const broken = { ...base, balances: [base.balances[0]!, { ...base.balances[1]!, amount: 'x' }] }
    expect(() => initGenesis(memoryContext([LEDGER_STORE]), broken, ports)).toThrow(
      'app_state.ledger.balances.1.amount',
    )
  })
})

describe('keys of balances', () => {
  it('keep accounts, subaccounts and assets apart', () => {
    const { context, store } = setUp()
    const key = (i: number, sub: number, asset: bigint) =>
      writeBalance(store, holder(i, sub), asset, BigInt(i * 100 + sub))
    key(1, 0, 1n)
    key(1, 256, 1n)
    key(1, 1, 2n)
    key(2, 0, 1n)
    expect([...balances(store, account(1))].map(({ amount }) => amount)).toEqual([100n, 101n, 356n])
    expect([...balances(store, account(1), 1)].map(({ asset }) => asset)).toEqual([2n])
    expect(concatBytes(account(1)).length).toBe(20)
    expect([...context.store(LEDGER_STORE).iterate()].length).toBeGreaterThan(4)
  })
})
