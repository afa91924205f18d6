// The member `staking` of a genesis: validators with their keys and their stake, which has to be that of the
// genesis file's validators and to lie in the ledger.
import { compareBytes, fromHex, isProtocolError, toHex } from '@causeway/primitives'
import { z } from 'zod'
import type { Context, ReadContext } from '../../block/context.ts'
import { amountText, invalidGenesis, parseGenesis, u64Text } from '../../genesis/parse.ts'
import { parametersJson } from '../../block/parameters.ts'
import { POWER_MAX } from './bonding.ts'
import { initUnbonding, unbondingJson, unbondingSchema } from './genesis-unbonding.ts'
import { invariants } from './invariants.ts'
import { stakingParamsSchema } from './params.ts'
import type { StakingPorts } from './ports.ts'
import { BASIS_POINTS_MAX, KEY_BYTES, MONIKER, NEW_VALIDATOR, requireNewKeys } from './registration.ts'
import { strongest } from './rotation.ts'
import {
  STAKING_STORE,
  delegations,
  findDelegation,
  findStakingParams,
  findValidator,
  readEpochEnd,
  readParams,
  readSet,
  validators,
  writeDelegation,
  writeEpochEnd,
  writeKeys,
  writeSet,
  writeStakingParams,
  writeTrust,
  writeValidator,
} from './state.ts'

const validatorSchema = z.strictObject({
  operator: z.string(),
  consensusKey: hex(KEY_BYTES.consensusKey),
  blsKey: hex(KEY_BYTES.blsKey),
  blsPossession: hex(KEY_BYTES.blsPossession),
  moniker: z.string().regex(MONIKER, 'expected 1 to 64 printable ASCII characters'),
  commissionBps: z.int().min(0).max(BASIS_POINTS_MAX),
  commissionTimeSeconds: u64Text.optional(),
  tokens: amountText,
  shares: amountText,
  rewardIndex: amountText.optional(),
  commission: amountText.optional(),
  jailed: z.boolean().optional(),
  jailedUntilSeconds: u64Text.optional(),
  tombstoned: z.boolean().optional(),
  window: u64Text.optional(),
  missed: z.int().min(0).max(1_000_000).optional(),
  delegations: z.array(
    z.strictObject({ delegator: z.string(), shares: amountText, rewardIndex: amountText.optional() }),
  ),
})

const schema = z.strictObject({
  params: stakingParamsSchema,
  epochEnd: u64Text.optional(),
  validators: z.array(validatorSchema).min(1).max(100_000),
  ...unbondingSchema,
})

type StakingGenesis = z.output<typeof schema>
type ValidatorEntry = z.output<typeof validatorSchema>

/**
 * Writes the stake of a genesis, after the ledger's part; without one, the validators of the genesis file
 * stay for ever. Throws `genesis/2`.
 */
export function initGenesis(context: Context, state: unknown, ports: StakingPorts | undefined): void {
  if (state === undefined) return
  if (ports === undefined) throw invalidGenesis('staking', 'nobody bonds on this chain')
  const genesis = parseGenesis('staking', schema, state)
  const store = context.store(STAKING_STORE)
  writeStakingParams(store, genesis.params)
  const { initialHeight } = readParams(store)
  writeEpochEnd(store, genesis.epochEnd ?? initialHeight - 1n + genesis.params.epochBlocks)
  for (const [i, entry] of genesis.validators.entries()) initValidator(context, genesis, entry, i, ports)
  initUnbonding(context, genesis, (text, path) => decode(ports, text, path))
  initSet(context, genesis, initialHeight)
  for (const { clientId, seconds } of ports.listedClients(context)) writeTrust(store, clientId, seconds)
  const [broken] = invariants(context, ports)
  if (broken !== undefined) throw invalidGenesis('staking', broken)
}

function initValidator(
  context: Context,
  { params }: StakingGenesis,
  entry: ValidatorEntry,
  index: number,
  ports: StakingPorts,
): void {
  const store = context.store(STAKING_STORE)
  const path = `staking.validators.${index}`
  const { delegations: held, operator: text, ...rest } = entry
  const operator = decode(ports, text, `${path}.operator`)
  if (findValidator(store, operator) !== undefined) throw invalidGenesis(`${path}.operator`, 'is named twice')
  if (entry.tokens > POWER_MAX * params.tokensPerPower)
    throw invalidGenesis(`${path}.tokens`, 'exceeds the power that a validator can have')
  refusing(path, () => requireNewKeys(ports, context, operator, entry))
  const record = {
    ...NEW_VALIDATOR,
    commissionTimeSeconds: context.timeSeconds,
    ...definedOf(rest),
    operator,
  }
  writeKeys(store, record)
  writeValidator(store, record)
  for (const [i, { delegator: name, shares, rewardIndex = 0n }] of held.entries()) {
    const delegator = decode(ports, name, `${path}.delegations.${i}.delegator`)
    if (shares === 0n) throw invalidGenesis(`${path}.delegations.${i}.shares`, 'is zero')
    if (findDelegation(store, delegator, operator) !== undefined)
      throw invalidGenesis(`${path}.delegations.${i}.delegator`, 'is named twice')
    if (rewardIndex > record.rewardIndex)
      throw invalidGenesis(`${path}.delegations.${i}.rewardIndex`, 'exceeds the validator’s')
    writeDelegation(store, delegator, operator, { shares, rewardIndex })
  }
}

/** The set of the genesis file is that of the stake, and gets its operators. */
function initSet(context: Context, { params }: StakingGenesis, initialHeight: bigint): void {
  const store = context.store(STAKING_STORE)
  const file = readSet(store, initialHeight).validators
  const bonded = strongest(context, params).sort((a, b) => compareBytes(a.publicKey, b.publicKey))
  const isSame =
    file.length === bonded.length &&
    file.every(
      ({ publicKey, power }, i) =>
        power === bonded[i]!.power && compareBytes(publicKey, bonded[i]!.publicKey) === 0,
    )
  if (!isSame)
    throw invalidGenesis(
      'staking.validators',
      `expected the keys and powers of the genesis file, where a power is ${params.tokensPerPower} tokens`,
    )
  writeSet(store, initialHeight, { validators: bonded })
}

/** The member of a genesis that would make this state; nothing on a chain that bonds nothing. */
export function exportGenesis(context: ReadContext, ports: StakingPorts): unknown {
  const store = context.store(STAKING_STORE)
  const params = findStakingParams(store)
  if (params === undefined) return undefined
  const { addresses } = ports
  const held = new Map<string, unknown[]>()
  for (const { delegator, operator, shares, rewardIndex } of delegations(store)) {
    const list = held.get(toHex(operator)) ?? []
    const texts = { shares: shares.toString(), rewardIndex: rewardIndex.toString() }
    list.push({ delegator: addresses.encode(delegator), ...texts })
    held.set(toHex(operator), list)
  }
  return {
    params: parametersJson(params),
    epochEnd: readEpochEnd(store).toString(),
    validators: [...validators(store)].map((record) => ({
      ...record,
      operator: addresses.encode(record.operator),
      consensusKey: toHex(record.consensusKey),
      blsKey: toHex(record.blsKey),
      blsPossession: toHex(record.blsPossession),
      commissionTimeSeconds: record.commissionTimeSeconds.toString(),
      tokens: record.tokens.toString(),
      shares: record.shares.toString(),
      rewardIndex: record.rewardIndex.toString(),
      commission: record.commission.toString(),
      jailedUntilSeconds: record.jailedUntilSeconds.toString(),
      window: record.window.toString(),
      delegations: held.get(toHex(record.operator)) ?? [],
    })),
    ...unbondingJson(store, addresses),
  }
}

function hex(bytes: number) {
  const pattern = new RegExp(`^[0-9a-f]{${2 * bytes}}$`)
  return z.string().regex(pattern, `expected ${bytes} bytes in hex`).transform(fromHex)
}

function decode({ addresses }: StakingPorts, text: string, path: string): Uint8Array {
  return refusing(path, () => addresses.decode(text))
}

function refusing<Result>(path: string, run: () => Result): Result {
  try {
    return run()
  } catch (error) {
    if (!isProtocolError(error)) throw error
    throw invalidGenesis(path, error.message)
  }
}

type Defined<Entry> = { [Key in keyof Entry]: Exclude<Entry[Key], undefined> }

/** Without the members that are undefined, so that defaults stay. */
function definedOf<Entry extends object>(entry: Entry): Defined<Entry> {
  return Object.fromEntries(
    Object.entries(entry).filter(([, value]) => value !== undefined),
  ) as Defined<Entry>
}
