import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { HUB_DENOM } from '../app.ts'
import { generateValidatorKey } from '../engine/keys/validator-key.ts'
import type { ValidatorKeyJson } from '../engine/keys/validator-key.ts'
import { hubAppState } from '../genesis/app-state.ts'
import type { GenesisBalance } from '../genesis/app-state.ts'
import { genesisPath, writeNewJson } from './home.ts'

/** What `causeway hub init` is told. */
export interface InitOptions {
  readonly home: string
  readonly chainId: string
  readonly validators: number
  readonly accounts: readonly GenesisBalance[]
  readonly gasPriceE9: bigint
}

const EMPTY_SIGN_STATE = { height: '0', round: 0, step: 0 }

/**
 * Makes a home: validators' keys and states, and a genesis with vote extensions from height 1. A first
 * validator key that is there already (of `cometbft init`) is used. Throws `hub/1`.
 */
export function initHome(options: InitOptions): void {
  const { home, validators } = options
  const keys = Array.from({ length: validators }, (_, i) => validatorKey(home, i))
  writeNewJson(genesisPath(home), genesisOf(options, keys))
}

function validatorKey(home: string, index: number): ValidatorKeyJson {
  const suffix = index === 0 ? '' : `.${index + 1}`
  const path = join(home, 'config', `priv_validator_key${suffix}.json`)
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as ValidatorKeyJson
  const key = generateValidatorKey(randomBytes(32))
  writeNewJson(path, key, { isSecret: true })
  const statePath = join(home, 'data', `priv_validator_state${suffix}.json`)
  if (!existsSync(statePath)) writeNewJson(statePath, EMPTY_SIGN_STATE, { isSecret: true })
  return key
}

function genesisOf(options: InitOptions, keys: readonly ValidatorKeyJson[]) {
  return {
    genesis_time: new Date().toISOString(),
    chain_id: options.chainId,
    initial_height: '1',
    consensus_params: {
      // The application's own limits hold: CometBFT hands over everything.
      block: { max_bytes: '-1', max_gas: '-1' },
      evidence: { max_age_num_blocks: '100000', max_age_duration: '1814400000000000', max_bytes: '1048576' },
      validator: { pub_key_types: ['ed25519'] },
      version: { app: '1' },
      abci: { vote_extensions_enable_height: '1' },
    },
    validators: keys.map(({ address, pub_key }, i) => ({
      address,
      pub_key,
      power: '10',
      name: `validator-${i + 1}`,
    })),
    app_hash: '',
    app_state: hubAppState({ denom: HUB_DENOM, balances: options.accounts, gasPriceE9: options.gasPriceE9 }),
  }
}
