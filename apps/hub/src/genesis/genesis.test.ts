import {
  NEXT_CLIENT_SEQUENCE_KEY,
  nextSequenceSendKey,
  packetCommitmentKey,
  voucherOf,
} from '@causeway/messaging'
import { be64, canonicalJson, toHex, utf8 } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import { createMemoryStorage } from '@causeway/state-tree'
import { describe, expect, it } from 'vitest'
import { createHubApplication } from '../app.ts'
import { clientEntries } from '../testing/client-entries.fixture.ts'
import { Driver } from '../testing/driver.fixture.ts'
import { hubGenesis, hubOptions } from '../testing/hub.fixture.ts'
import { refusal } from '../testing/refusal.fixture.ts'
import { testValidators } from '../testing/validators.fixture.ts'
import { Wallet } from '../testing/wallet.fixture.ts'
import { createZoneApplication } from '../zone.ts'
import { verifyNatively } from '../workers/native-signatures.ts'
import { hubAppState, zoneAppState } from './app-state.ts'

const alice = new Wallet('alice')

function fresh() {
  const hub = createHubApplication(hubOptions(createMemoryStorage()))
  return { hub, driver: new Driver(hub, testValidators([10n])) }
}

function init(appStateBytes: Uint8Array): string {
  const { hub, driver } = fresh()
  return refusal(() => hub.initChain({ ...driver.initRequest({}), appStateBytes }))
}

describe('app_state', () => {
  const good = hubGenesis([alice]) as Record<string, unknown>

  it('is strict JSON with one member a module', () => {
    expect(init(utf8(JSON.stringify(good)))).toBe('nothing')
    expect(init(utf8('{'))).toBe('genesis/1')
    expect(init(new Uint8Array(0))).toBe('genesis/1')
    expect(init(utf8('[]'))).toBe('genesis/1')
    expect(init(utf8('null'))).toBe('genesis/1')
    expect(init(Uint8Array.of(0x22, 0xff, 0x22))).toBe('genesis/1')
    expect(init(utf8(JSON.stringify({ ...good, bazaar: {} })))).toBe('genesis/3')
    expect(init(utf8(JSON.stringify({ ...good, ledger: undefined })))).toBe('genesis/2')
  })

  it('belongs to the chain that the node runs', () => {
    const { hub, driver } = fresh()
    const request = driver.initRequest(hubGenesis([alice]))
    expect(refusal(() => hub.initChain({ ...request, chainId: 'causeway-2' }))).toBe('genesis/10')
  })

  it('leaves nothing behind when it is refused', () => {
    const { hub, driver } = fresh()
    const bad = utf8(JSON.stringify({ ...good, risk: {} }))
    expect(refusal(() => hub.initChain({ ...driver.initRequest({}), appStateBytes: bad }))).toBe('genesis/2')
    driver.initChain(hubGenesis([alice]))
    expect(driver.block().txResults).toEqual([])
  })

  it('is flushed with the first block, whatever its height', () => {
    const hub = createHubApplication(hubOptions(createMemoryStorage()))
    const driver = new Driver(hub, testValidators([10n]), { initialHeight: 1_000n })
    driver.initChain(hubGenesis([alice]))
    expect(hub.info().lastBlockHeight).toBe(0n)
    driver.block()
    expect(hub.info().lastBlockHeight).toBe(1_000n)
    expect(driver.block().txResults).toHaveLength(1)
  })

  it('is not read again by a chain that has blocks', () => {
    const { driver } = fresh()
    driver.initChain(hubGenesis([alice]))
    driver.block()
    expect(() => driver.initChain(hubGenesis([alice]))).toThrow('not initialised again')
  })
})

/** A genesis that differs from a good one; what it was refused with. */
function reason(parts: Record<string, JsonValue>): string {
  const { hub, driver } = fresh()
  try {
    hub.initChain(driver.initRequest(hubGenesis([alice], parts)))
    return 'nothing'
  } catch (error) {
    expect((error as { codespace?: string }).codespace).toBe('genesis')
    return (error as Error).message
  }
}

describe('what only a genesis can break is refused there, not met by a later block', () => {
  const good = hubGenesis([alice]) as {
    ledger: { assets: JsonValue[]; lines: { [key: string]: JsonValue }[] }
  }
  const ledger = (changes: { [key: string]: JsonValue }) => ({ ledger: { ...good.ledger, ...changes } })
  const { entries } = clientEntries()

  it('a line whose client is nobody’s yet, or has no counterparty', () => {
    const expected = 'app_state.ledger.lines.0.client: expected a client of ibc.entries with its counterparty'
    expect(reason({})).toBe('nothing')
    expect(reason({ ibc: {} })).toContain(expected)
    expect(reason({ ibc: clientEntries({ withoutCounterparty: true }) })).toContain(expected)
    const other = {
      ...good.ledger.lines[0]!,
      client: '07-tendermint-1',
      denom: 'transfer/07-tendermint-1/uusd',
    }
    expect(reason(ledger({ lines: [other] }))).toContain(expected)
    const odd = { ...good.ledger.lines[0]!, client: 'x', denom: 'transfer/x/uusd' }
    expect(reason(ledger({ lines: [odd] }))).toContain(expected)
  })

  it('packets in flight without the transfers that their answers look for', () => {
    const commitment = { key: toHex(packetCommitmentKey('07-tendermint-0', 1n)), value: '11'.repeat(32) }
    const next = { key: toHex(nextSequenceSendKey('07-tendermint-0')), value: toHex(be64(2n)) }
    const inFlight = [...entries.filter(({ key }) => key !== next.key), next, commitment]
    inFlight.sort((a, b) => (a.key < b.key ? -1 : 1))
    const missing =
      'app_state.transfer.outgoing: transfer: packet 07-tendermint-0/1 is in flight without its transfer'
    expect(reason({ ibc: { entries: inFlight } })).toBe(missing)
    const outgoing = [{ client: '07-tendermint-0', sequence: '1', payloadIndex: 0, line: '0', amount: '5' }]
    expect(reason({ ibc: { entries: inFlight }, transfer: { outgoing } })).toBe('nothing')
    // Of a client that anybody may make later.
    const orphan = { key: toHex(packetCommitmentKey('07-tendermint-1', 1n)), value: '11'.repeat(32) }
    const both = [...entries, orphan].sort((a, b) => (a.key < b.key ? -1 : 1))
    expect(reason({ ibc: { entries: both } })).toContain(
      '07-tendermint-1/1 is in flight without its transfer',
    )
  })

  it('an asset with the name that the first deposit of an unlisted token will take', () => {
    const named = (denom: string, native = false) =>
      ledger({ assets: [...good.ledger.assets, { denom, decimals: 6, native }] })
    const voucher = voucherOf('transfer/07-tendermint-0/umeme')
    expect(reason(named(voucher))).toContain(`${voucher} is the name of an unlisted token: expected its line`)
    expect(reason(named(voucher, true))).toContain('expected a native denomination without "/"')
    expect(reason(named('factory/a/b', true))).toContain('expected a native denomination without "/"')
    expect(reason(named('ibc/abc'))).toContain('expected a name without "/"')
    const own = { ...ledger({}).ledger }
    const unlisted = {
      client: '07-tendermint-0',
      denom: 'transfer/07-tendermint-0/umeme',
      asset: voucher,
      listed: false,
    }
    const assets = [...own.assets, { denom: voucher, decimals: 0, native: false }]
    expect(reason(ledger({ assets, lines: [...own.lines, unlisted] }))).toBe('nothing')
  })

  it('an address that is named twice', () => {
    const accounts = { gasPrices: [], accounts: [{ address: alice.address }, { address: alice.address }] }
    expect(reason({ accounts })).toBe('app_state.accounts.accounts.1.address: is named twice')
    const huge = { gasPrices: [], accounts: [{ address: alice.address, sequence: '18446744073709551616' }] }
    expect(reason({ accounts: huge })).toContain('accounts.accounts.0.sequence')
  })

  it('balances of a bridged token that no escrow backs', () => {
    const balances = [{ holder: alice.address, denom: 'usdz', amount: '7' }]
    expect(reason(ledger({ balances }))).toContain('7 held and 0 in flight, 0 escrowed')
    const listings = [{ creator: alice.address, chainId: 'zone-7', base: 'uusd', asset: 'usdz' }]
    expect(reason(ledger({ balances, lines: [], listings }))).toContain('7 held and 0 in flight, 0 escrowed')
    const lines = [{ ...good.ledger.lines[0]!, escrowed: '7' }]
    expect(reason(ledger({ balances, lines }))).toBe('nothing')
  })

  it('clients that the light client can’t read back, or whose number will be given out again', () => {
    const withEntry = (key: string, value: string) => {
      const changed = [...entries.filter((entry) => entry.key !== key), { key, value }]
      return { ibc: { entries: changed.sort((a, b) => (a.key < b.key ? -1 : 1)) } }
    }
    const state = toHex(utf8('clients/07-tendermint-0/clientState'))
    expect(reason(withEntry(state, 'ff'))).toContain('app_state.ibc.entries: client 07-tendermint-0')
    expect(reason(withEntry(toHex(utf8('clients/07-tendermint-0/counterparty')), 'ff'))).toContain(
      'client 07-tendermint-0',
    )
    expect(reason({ ibc: { entries: entries.filter(({ key }) => key !== state) } })).toContain(
      'expected a client state',
    )
    expect(reason(withEntry(toHex(utf8('clients/08-wasm-0/clientState')), '01'))).toContain(
      'expected a type of client',
    )
    expect(reason(withEntry(toHex(NEXT_CLIENT_SEQUENCE_KEY), '00'.repeat(8)))).toContain(
      'the next client is number 0',
    )
    const sequence = toHex(nextSequenceSendKey('07-tendermint-0'))
    expect(reason({ ibc: { entries: entries.filter(({ key }) => key !== sequence) } })).toContain(
      'no next sequence',
    )
  })

  it('lines of a chain that keeps none', () => {
    const zone = (parts: { [key: string]: JsonValue }) => {
      const application = createZoneApplication({
        chainId: 'zone-1',
        name: 'zone',
        bech32Prefix: 'zone',
        storage: createMemoryStorage(),
        verifySignatures: verifyNatively,
      })
      const state = zoneAppState({ denoms: ['uzone'], balances: [] }) as {
        ledger: { [key: string]: JsonValue }
      }
      const driver = new Driver(application, testValidators([10n]), { chainId: 'zone-1' })
      return refusal(() => driver.initChain({ ...state, ledger: { ...state.ledger, ...parts } }, 0n))
    }
    const { address } = new Wallet('alice', 'zone')
    expect(zone({})).toBe('nothing')
    expect(zone({ lines: [good.ledger.lines[0]!] })).toBe('genesis/2')
    expect(zone({ listings: [{ creator: address, chainId: 'c', base: 'uusd', asset: 'uzone' }] })).toBe(
      'genesis/2',
    )
  })
})

describe('app_state of new chains', () => {
  it('starts a hub: assets in order, feeds and weights beside them, under the zone', () => {
    const state = hubAppState({
      denom: 'ucway',
      balances: [{ holder: alice.address, denom: 'ucway', amount: 5n }],
      gasPriceE9: 0n,
      zone: 2,
      assets: [
        { denom: 'usd', decimals: 6, symbol: 'USD', initialWeightBps: 9_000, maintenanceWeightBps: 9_500 },
      ],
      listings: [{ creator: alice.address, chainId: 'zone-7', base: 'uusd', asset: 'usd' }],
    })
    const { hub, driver } = fresh()
    driver.initChain(state)
    driver.block()
    const id = ((2n << 48n) + 2n).toString()
    expect(canonicalJson(state)).toContain(`"feeds":[{"asset":"${id}","symbol":"USD"}]`)
    expect(hub.chain.committed?.height).toBe(1n)
  })

  it('starts a zone, which has no transaction 0', () => {
    const zone = createZoneApplication({
      chainId: 'zone-1',
      name: 'zone',
      bech32Prefix: 'zone',
      storage: createMemoryStorage(),
      verifySignatures: verifyNatively,
    })
    const wallet = new Wallet('alice', 'zone', 'zone-1')
    const driver = new Driver(zone, testValidators([10n]), { chainId: 'zone-1' })
    driver.initChain(
      zoneAppState({ denoms: ['uzone'], balances: [{ holder: wallet.address, denom: 'uzone', amount: 5n }] }),
      0n,
    )
    driver.block()
    expect(driver.block().txResults).toEqual([])
    expect(zone.info().data).toBe('zone')
  })
})
