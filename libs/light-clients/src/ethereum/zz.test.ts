import { readFileSync, readdirSync } from 'node:fs'
import { it, expect } from 'vitest'
import { fromHex, toHex } from '@causeway/primitives'
import { readVersioned, readBootstrapJson, readUpdateJson } from './beacon-api/read-json.ts'
import { PRESETS } from './consensus/forks.ts'
import type { ChainConfig } from './consensus/forks.ts'
import { initializeLightClientStore, processLightClientUpdate } from './consensus/light-client-store.ts'
import { createSyncAggregateVerifier } from './bls/verify-sync-aggregate.ts'
import { blstScheme } from './bls/blst-scheme.ts'
import { nobleScheme } from './bls/noble-scheme.ts'
import { decodeLightClientUpdate, encodeLightClientUpdate } from './consensus/ssz-update.ts'
const dir = '/work/shared/vectors/ethereum-light-client/mainnet-capella/'
const json = (n: string) => JSON.parse(readFileSync(dir + n, 'utf8'))
const v = (n: number) => Uint8Array.of(n, 0, 0, 0)
const config: ChainConfig = { ...PRESETS.mainnet, genesisValidatorsRoot: fromHex('4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95'),
 forks: [{name:'phase0',epoch:0n,version:v(0)},{name:'altair',epoch:74240n,version:v(1)},{name:'bellatrix',epoch:144896n,version:v(2)},{name:'capella',epoch:194048n,version:v(3)}] }
it('runs', () => {
  for (const verify of [createSyncAggregateVerifier(blstScheme), createSyncAggregateVerifier(nobleScheme as never)]) {
  let store = initializeLightClientStore(config, fromHex('5afc212a7924789b2bc86acad3ab3a6ffb1f6e97253ea50bee7f4f51422c9275'), readBootstrapJson(readVersioned(json('bootstrap.json')).data))
  for (const u of [...json('updates.json'), json('finality.json'), json('optimistic.json')]) {
    const { fork, data } = readVersioned(u)
    const update = readUpdateJson(data)
    const t = performance.now()
    store = processLightClientUpdate(config, store, update, 7109432n, verify)
    console.log(store.finalizedHeader.beacon.slot, store.optimisticHeader.beacon.slot, performance.now() - t)
    const bytes = encodeLightClientUpdate('LightClientUpdate', update, fork, config)
    expect(decodeLightClientUpdate('LightClientUpdate', bytes, fork, config)).toEqual(update)
  }}
})
