import { canonicalJson, utf8 } from '@causeway/primitives'
import { createMemoryStorage } from '@causeway/state-tree'
import { describe, expect, it } from 'vitest'
import { createHubApplication } from '../app.ts'
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
    expect(init(utf8(JSON.stringify({ ...good, markets: {} })))).toBe('genesis/3')
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
      lines: [{ client: '07-tendermint-0', base: 'uusd', asset: 'usd' }],
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
