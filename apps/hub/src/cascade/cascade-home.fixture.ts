import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { testGenesis, testKeys } from '../engine/chain.fixture.ts'
import type { GenesisJson } from '../engine/chain/genesis.ts'
import { homeAt } from '../engine/home.ts'
import { cascadeGenesis } from './cascade.fixture.ts'

/** Writes the home directory of the cascade's node, four validators, from now on; gives its genesis. */
export function writeCascadeHome(home: string, nowSeconds: bigint): GenesisJson {
  const keys = testKeys('a', 'b', 'c', 'd')
  const genesis = testGenesis(keys, {
    chain_id: 'causeway-1',
    genesis_time: new Date(Number(nowSeconds) * 1000).toISOString(),
    app_state: cascadeGenesis(nowSeconds),
  })
  mkdirSync(join(home, 'config'), { recursive: true })
  writeFileSync(homeAt(home).genesis, JSON.stringify(genesis))
  keys.forEach((key, i) => writeFileSync(homeAt(home).validatorKey(i), JSON.stringify(key)))
  return genesis
}
