import { sha256, utf8 } from '@causeway/primitives'
import type { GenesisJson } from './chain/genesis.ts'
import { generateValidatorKey } from './keys/validator-key.ts'
import type { ValidatorKeyJson } from './keys/validator-key.ts'

/** Validators' keys, the same for the same names. */
export function testKeys(...names: readonly string[]): ValidatorKeyJson[] {
  return names.map((name) => generateValidatorKey(sha256(utf8(name))))
}

/**
 * A genesis with these validators, each of the power given (10 by default), vote extensions from height 1.
 */
export function testGenesis(
  keys: readonly ValidatorKeyJson[],
  changes: Partial<GenesisJson> = {},
  powers: readonly number[] = [],
): GenesisJson {
  return {
    genesis_time: '2026-01-02T03:04:05.000000006Z',
    chain_id: 'test-chain',
    initial_height: '1',
    consensus_params: { abci: { vote_extensions_enable_height: '1' } },
    validators: keys.map((key, i) => ({
      address: key.address,
      pub_key: key.pub_key,
      power: String(powers[i] ?? 10),
      name: `validator ${i}`,
    })),
    app_hash: '',
    app_state: { greeting: 'hello' },
    ...changes,
  }
}

/** A clock that goes on by a second with each reading. */
export function testClock(): () => bigint {
  let now = 1_767_323_045_000_000_000n
  return () => (now += 1_000_000_000n)
}
