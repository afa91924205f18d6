import {
  FORK_NAMES,
  PRESETS,
  periodAt,
  readSyncCommitteeJson,
  readUpdateJson,
  syncCommitteeRoot,
  validateLightClientUpdate,
  type BeaconJson,
  type ChainConfig,
  type IbcContract,
  type LightClientUpdate,
  type TrustedState,
} from '@causeway/light-clients'
import { sha256Concat } from '@causeway/primitives'
import { expectBytes } from '../expectations.ts'
import { integerAt, isObject, objectAt, textAt, type JsonObject } from '../json-shape.ts'
import { hexAt } from './hex.ts'
import { fork, verifySyncAggregate } from './networks.ts'

/** A consensus state of solidity-ibc-eureka's Ethereum client: committees are known by their roots. */
export interface EurekaConsensus {
  readonly slot: bigint
  readonly stateRoot: Uint8Array
  readonly currentRoot: Uint8Array
  readonly nextRoot: Uint8Array | undefined
}

/** Such a client, never written to. */
export interface EurekaClient {
  readonly config: ChainConfig
  readonly contract: IbcContract
  readonly genesisTimeSeconds: bigint
  readonly secondsPerSlot: bigint
  readonly states: ReadonlyMap<bigint, EurekaConsensus>
}

/** The fixtures judge an update this long after its attested block. */
const NOW_AFTER_ATTESTED_SECONDS = 1000n

/** Reads the trusted state of a fixture. */
export function readEurekaClient(json: JsonObject): EurekaClient {
  const client = objectAt(json, 'client_state')
  const consensus = objectAt(json, 'consensus_state')
  const slot = integerAt(consensus, 'slot')
  const next = consensus.next_sync_committee
  const state: EurekaConsensus = {
    slot,
    stateRoot: hexAt(consensus, 'state_root'),
    currentRoot: summarisedRoot(objectAt(consensus, 'current_sync_committee')),
    nextRoot: isObject(next) ? summarisedRoot(next) : undefined,
  }
  return {
    config: readConfig(client),
    contract: {
      address: hexAt(client, 'ibc_contract_address'),
      commitmentSlot: hexAt(client, 'ibc_commitment_slot'),
    },
    genesisTimeSeconds: integerAt(client, 'genesis_time'),
    secondsPerSlot: integerAt(client, 'seconds_per_slot'),
    states: new Map([[slot, state]]),
  }
}

/** The client after a header. Throws when it is refused. */
export function updateEurekaClient(client: EurekaClient, header: JsonObject): EurekaClient {
  const trustedSlot = integerAt(header, 'trusted_slot')
  const trusted = client.states.get(trustedSlot)
  if (!trusted) throw new Error(`nothing is stored at the trusted slot ${trustedSlot}`)
  const update = readUpdateJson(withDecimalFees(objectAt(header, 'consensus_update')) as BeaconJson)
  const { config } = client
  const committees = trustedCommittees(trusted, objectAt(header, 'active_sync_committee'))
  const execution = update.attestedHeader.execution
  const now = (execution?.timestamp ?? 0n) + NOW_AFTER_ATTESTED_SECONDS
  const currentSlot = (now - client.genesisTimeSeconds) / client.secondsPerSlot
  validateLightClientUpdate(config, committees, update, currentSlot, verifySyncAggregate)
  const state = stateAfter(config, trusted, update)
  return { ...client, states: new Map([...client.states, [state.slot, state]]) }
}

/**
 * The header brings the one committee that signed; the trusted state knows the roots of both. Where the next
 * one signed, the current one is not looked at.
 */
function trustedCommittees(trusted: EurekaConsensus, active: JsonObject): TrustedState {
  const isNext = active.Next !== undefined
  const committee = readSyncCommitteeJson(isNext ? active.Next : active.Current)
  const root = isNext ? trusted.nextRoot : trusted.currentRoot
  if (!root) throw new Error('the next committee is not known yet')
  expectBytes("the active committee's root", syncCommitteeRoot(committee), root)
  return {
    finalizedSlot: trusted.slot,
    currentSyncCommittee: committee,
    nextSyncCommittee: isNext ? committee : undefined,
  }
}

function stateAfter(
  config: ChainConfig,
  trusted: EurekaConsensus,
  update: LightClientUpdate,
): EurekaConsensus {
  const { finalizedHeader, nextSyncCommittee } = update
  const stateRoot = finalizedHeader?.execution?.stateRoot
  if (!finalizedHeader || !stateRoot) throw new Error('the update finalises nothing')
  const { slot } = finalizedHeader.beacon
  const broughtRoot = nextSyncCommittee && syncCommitteeRoot(nextSyncCommittee)
  const [before, after] = [periodAt(config, trusted.slot), periodAt(config, slot)]
  if (after === before) {
    return { slot, stateRoot, currentRoot: trusted.currentRoot, nextRoot: trusted.nextRoot ?? broughtRoot }
  }
  if (!trusted.nextRoot) throw new Error('a period is skipped')
  return { slot, stateRoot, currentRoot: trusted.nextRoot, nextRoot: broughtRoot }
}

function readConfig(client: JsonObject): ChainConfig {
  const parameters = objectAt(client, 'fork_parameters')
  const forks = FORK_NAMES.flatMap((name) => {
    const given = parameters[name]
    if (!isObject(given)) return []
    return [fork(name, integerAt(given, 'epoch'), textAt(given, 'version').slice(2))]
  })
  return {
    ...PRESETS.minimal,
    slotsPerEpoch: integerAt(client, 'slots_per_epoch'),
    epochsPerSyncCommitteePeriod: integerAt(client, 'epochs_per_sync_committee_period'),
    syncCommitteeSize: Number(integerAt(client, 'sync_committee_size')),
    minSyncCommitteeParticipants: Number(integerAt(client, 'min_sync_committee_participants')),
    genesisValidatorsRoot: hexAt(client, 'genesis_validators_root'),
    forks,
  }
}

/** Root of a committee of which only the aggregate key and the root of the keys are kept. */
function summarisedRoot(summary: JsonObject): Uint8Array {
  const aggregate = hexAt(summary, 'aggregate_pubkey')
  const padded = new Uint8Array(64)
  padded.set(aggregate)
  return sha256Concat(hexAt(summary, 'pubkeys_hash'), sha256Concat(padded))
}

/** These fixtures write the base fee as a hex quantity, the Beacon API in decimal. */
function withDecimalFees(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withDecimalFees)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === 'base_fee_per_gas' && typeof member === 'string'
        ? BigInt(member).toString()
        : withDecimalFees(member),
    ]),
  )
}
