import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { assert, toBech32 } from '@causeway/primitives'
import { createMemoryStorage } from '@causeway/state-tree'
import { HUB_DENOM, HUB_PREFIX, createHubApplication } from '../app.ts'
import { attestorSecret, generateAttestorKey } from '../attestor-key.ts'
import type { AttestorKeyJson } from '../attestor-key.ts'
import { parseGenesis } from '../engine/chain/genesis.ts'
import { generateValidatorKey, parseValidatorKey } from '../engine/keys/validator-key.ts'
import type { ValidatorKeyJson } from '../engine/keys/validator-key.ts'
import { initChainRequest } from '../engine/node/handshake.ts'
import { hubAppState } from '../genesis/app-state.ts'
import type { GenesisBalance } from '../genesis/app-state.ts'
import { STAKING_DEFAULTS, blsKeyOf } from '../genesis/stake-state.ts'
import type { GenesisValidator } from '../genesis/stake-state.ts'
import { verifyNatively } from '../workers/native-signatures.ts'
import { errors } from './command-errors.ts'
import { genesisPath, readJson, writeNewJson } from './home.ts'

/** What `causeway hub init` is told. */
export interface InitOptions {
  readonly home: string
  readonly chainId: string
  readonly validators: number
  readonly accounts: readonly GenesisBalance[]
  readonly gasPriceE9: bigint
  /**
   * Accounts that own the validators' stake, in their order; for the rest, accounts that nobody can sign for:
   * their stake stays bonded.
   */
  readonly operators?: readonly string[]
  /** Base units of the hub's token in the insurance fund. */
  readonly insurance?: bigint
}

/** Keys of one validator. */
interface Keys {
  readonly validator: ValidatorKeyJson
  readonly attestor: AttestorKeyJson
}

const EMPTY_SIGN_STATE = { height: '0', round: 0, step: 0 }
const POWER = 10n

/**
 * Makes a home: validators' keys and states, and a genesis with vote extensions from height 1. A first
 * validator key that is there already (of `cometbft init`) is used. The hub is started on the genesis in
 * memory before anything is written. Throws `hub/1`, `hub/6` and what a hub refuses to start with.
 */
export function initHome(options: InitOptions): void {
  const { home, validators } = options
  const path = genesisPath(home)
  if (existsSync(path)) throw errors.homeExists({ path })
  const keys = Array.from({ length: validators }, (_, i) => ({
    validator: validatorKey(home, i),
    attestor: attestorKey(home, i),
  }))
  const genesis = genesisOf(options, keys)
  requireStartable(genesis)
  keys.forEach((key, i) => writeValidator(home, i, key))
  writeNewJson(path, genesis)
}

function keyPath(home: string, index: number): string {
  return join(home, 'config', `priv_validator_key${suffixOf(index)}.json`)
}

function attestorKeyPath(home: string, index: number): string {
  return join(home, 'config', `attestor_key${suffixOf(index)}.json`)
}

function suffixOf(index: number): string {
  return index === 0 ? '' : `.${index + 1}`
}

function validatorKey(home: string, index: number): ValidatorKeyJson {
  const path = keyPath(home, index)
  if (!existsSync(path)) return generateValidatorKey(randomBytes(32))
  const key = readJson(path) as ValidatorKeyJson
  parseValidatorKey(key)
  return key
}

function attestorKey(home: string, index: number): AttestorKeyJson {
  const path = attestorKeyPath(home, index)
  if (!existsSync(path)) return generateAttestorKey(randomBytes(32))
  const key = readJson(path)
  if (attestorSecret(key) === undefined) throw errors.unusableFile({ path, reason: 'it holds no BLS key' })
  return key as AttestorKeyJson
}

function writeValidator(home: string, index: number, { validator, attestor }: Keys): void {
  const path = attestorKeyPath(home, index)
  if (!existsSync(path)) writeNewJson(path, attestor, { isSecret: true })
  if (existsSync(keyPath(home, index))) return
  writeNewJson(keyPath(home, index), validator, { isSecret: true })
  const statePath = join(home, 'data', `priv_validator_state${suffixOf(index)}.json`)
  if (!existsSync(statePath)) writeNewJson(statePath, EMPTY_SIGN_STATE, { isSecret: true })
}

/** Throws what the engine or the hub would refuse at its first start. */
function requireStartable(genesis: unknown): void {
  const parsed = parseGenesis(genesis)
  const { chainId } = parsed
  const storage = createMemoryStorage()
  const hub = createHubApplication({
    chainId,
    storage,
    verifySignatures: verifyNatively,
    priceSource: () => [],
  })
  hub.initChain(initChainRequest(parsed))
}

function bonded(options: InitOptions, { validator, attestor }: Keys, index: number): GenesisValidator {
  const { address, publicKey } = parseValidatorKey(validator)
  const operator = options.operators?.[index] ?? toBech32(HUB_PREFIX, address)
  const secret = attestorSecret(attestor)
  assert(secret !== undefined, 'the key was made here, or read')
  return {
    operator,
    consensusKey: publicKey,
    ...blsKeyOf(secret, { chainId: options.chainId, operator }),
    moniker: `validator-${index + 1}`,
    stake: POWER * STAKING_DEFAULTS.tokensPerPower,
  }
}

function genesisOf(options: InitOptions, keys: readonly Keys[]) {
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
    validators: keys.map(({ validator: { address, pub_key } }, i) => ({
      address,
      pub_key,
      power: POWER.toString(),
      name: `validator-${i + 1}`,
    })),
    app_hash: '',
    app_state: hubAppState({
      denom: HUB_DENOM,
      balances: options.accounts,
      gasPriceE9: options.gasPriceE9,
      stake: {
        validators: keys.map((key, i) => bonded(options, key, i)),
        insurance: options.insurance ?? 0n,
      },
    }),
  }
}
