import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { attestorSecret, generateAttestorKey, generateValidatorKey } from '@causeway/hub'
import { fromBase64 } from '@causeway/primitives'
import { POWER } from './genesis.ts'
import type { ChainGenesis } from './genesis.ts'

/**
 * Writes a home directory in CometBFT's layout with one validator: its keys and the genesis that names it. A
 * home that has a genesis already is left as it is.
 */
export function writeHome(home: string, genesis: ChainGenesis, now: Date): void {
  const config = join(home, 'config')
  if (existsSync(join(config, 'genesis.json'))) return
  mkdirSync(config, { recursive: true })
  mkdirSync(join(home, 'data'), { recursive: true })
  const key = generateValidatorKey(new Uint8Array(randomBytes(32)))
  const attestor = generateAttestorKey(new Uint8Array(randomBytes(32)))
  const validator = { consensusKey: fromBase64(key.pub_key.value), blsSecret: attestorSecret(attestor)! }
  const file = {
    genesis_time: now.toISOString(),
    chain_id: genesis.chainId,
    initial_height: '1',
    consensus_params: genesis.consensusParams,
    validators: [
      {
        address: key.address,
        pub_key: key.pub_key,
        power: POWER.toString(),
        name: `${genesis.chainId} devnet`,
      },
    ],
    app_hash: '',
    app_state: genesis.appState(validator),
  }
  writeFileSync(join(config, 'priv_validator_key.json'), `${JSON.stringify(key, null, 2)}\n`, { mode: 0o600 })
  writeFileSync(join(config, 'attestor_key.json'), `${JSON.stringify(attestor, null, 2)}\n`, { mode: 0o600 })
  writeFileSync(join(config, 'genesis.json'), `${JSON.stringify(file, null, 2)}\n`)
}
