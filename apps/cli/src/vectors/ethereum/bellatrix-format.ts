import {
  PRESETS,
  beaconBlockHeaderRoot,
  forkAt,
  isValidBranch,
  periodAt,
  processLightClientUpdate,
  initializeLightClientStore,
  readBeaconHeaderJson,
  readSyncCommitteeJson,
  readUpdateJson,
  syncCommitteeSigningRoot,
  validateUpdateProofs,
  type ChainConfig,
  type LightClientStore,
  type LightClientUpdate,
} from '@causeway/light-clients'
import { concatBytes } from '@causeway/primitives'
import { expectBytes, expectSame } from '../expectations.ts'
import { hasMembers, integerAt, isObject, listAt, objectAt, type JsonObject } from '../json-shape.ts'
import type { RecognisedFile, VectorFile, VectorFormat } from '../vector-file.ts'
import { hexAt, hexBytes, hexListAt } from './hex.ts'
import { inOrder, type Step } from './in-order.ts'
import { MAINNET, fork, verifySyncAggregate } from './networks.ts'

/** Indices in a Bellatrix execution payload, 14 fields in 16 leaves. */
const STATE_ROOT_GINDEX = 18
const BLOCK_NUMBER_GINDEX = 22
const PAYLOAD_GINDEX = 25

/**
 * Bellatrix data in the JSON of datachainlab's ethereum-light-client-rs, where headers and committees come in
 * pairs with their branches: one mainnet update with its committee, or a minimal-preset client's life.
 */
export const bellatrixFormat: VectorFormat = {
  name: 'ethereum-bellatrix',
  recognise(file): RecognisedFile | undefined {
    const { json } = file
    if (/_light_client_update_slot_\d+\.json$/.test(file.name) && hasMembers(json, 'attested_header')) {
      return mainnetUpdate(file, json)
    }
    if (Array.isArray(json) && json.length === 3 && hasMembers(json[0], 'beacon_header')) {
      return minimalClient(file, json as [JsonObject, string, string])
    }
    return undefined
  },
}

function mainnetUpdate(file: VectorFile, json: JsonObject): RecognisedFile {
  const prefix = file.name.slice(0, file.name.indexOf('_light_client_update'))
  const update = readPairedUpdate(json)
  const attested = update.attestedHeader.beacon
  const context = {
    chain: `${prefix}_context.json`,
    committee: `${prefix}_sync_committee_period_${periodAt(MAINNET, update.signatureSlot)}.json`,
    signingRoot: `${prefix}_signing_root_slot_${attested.slot}.json`,
  }
  const config = (): ChainConfig => {
    const chain = file.sibling(context.chain)
    if (!isObject(chain)) throw new Error(`${context.chain} is no object`)
    return { ...MAINNET, genesisValidatorsRoot: hexAt(chain, 'genesis_validators_root') }
  }
  const verifies = () => {
    const committee = readSyncCommitteeJson(file.sibling(context.committee))
    validateUpdateProofs(config(), committee, update, update.signatureSlot, verifySyncAggregate)
  }
  const signs = () => {
    const { genesisValidatorsRoot } = config()
    const { version } = forkAt(MAINNET, update.signatureSlot - 1n)
    const root = syncCommitteeSigningRoot(attested, version, genesisValidatorsRoot)
    expectBytes('the signing root', root, hexBytes(String(file.sibling(context.signingRoot))))
  }
  return {
    cases: [
      { name: 'has the signing root', run: signs },
      { name: 'verifies', run: verifies },
    ],
    context: Object.values(context),
  }
}

function minimalClient(
  file: VectorFile,
  [start, , genesisRoot]: [JsonObject, string, string],
): RecognisedFile {
  const config: ChainConfig = {
    ...PRESETS.minimal,
    genesisValidatorsRoot: hexBytes(genesisRoot),
    forks: [fork('bellatrix', 0n, '02000001')],
  }
  const names: string[] = []
  const first = periodAt(config, integerAt(objectAt(start, 'beacon_header'), 'slot'))
  for (let period = first; ; period++) {
    const found = ['light_client_update', 'finality_update']
      .map((kind) => `${kind}_period_${period}.json`)
      .filter((name) => file.siblingText(name) !== undefined)
    if (found.length === 0) break
    names.push(...found)
  }
  const bootstrap: Step<LightClientStore | undefined> = {
    name: 'bootstrap',
    run: () => startFrom(config, start),
  }
  const steps = names.map((name) => ({
    name,
    run: (store: LightClientStore | undefined) => apply(config, store!, file.sibling(name)),
  }))
  return {
    cases: inOrder<LightClientStore | undefined>(() => undefined, [bootstrap, ...steps]),
    context: names,
  }
}

function startFrom(config: ChainConfig, start: JsonObject): LightClientStore {
  const beacon = readBeaconHeaderJson(start.beacon_header)
  return initializeLightClientStore(config, beaconBlockHeaderRoot(beacon), {
    header: { beacon, execution: undefined, executionBlockHash: undefined, executionBranch: [] },
    currentSyncCommittee: readSyncCommitteeJson(start.current_sync_committee),
    currentSyncCommitteeBranch: hexListAt(start, 'current_sync_committee_branch'),
  })
}

function apply(config: ChainConfig, store: LightClientStore, json: unknown): LightClientStore {
  const [proof, execution] = Array.isArray(json) ? (json as unknown[]) : []
  if (!isObject(proof) || !isObject(execution)) throw new Error('no pair of update and execution proof')
  const update = readPairedUpdate(objectAt(proof, 'light_client_update'))
  expectExecution(update, proof, execution)
  const next = processLightClientUpdate(config, store, update, update.signatureSlot, verifySyncAggregate)
  const finalized = update.finalizedHeader?.beacon.slot ?? 0n
  if (finalized > store.finalizedHeader.beacon.slot) {
    expectSame('the finalised slot', next.finalizedHeader.beacon.slot, finalized)
  }
  return next
}

function expectExecution(update: LightClientUpdate, proof: JsonObject, execution: JsonObject): void {
  const payloadRoot = hexAt(proof, 'finalized_execution_root')
  const bodyRoot = update.finalizedHeader!.beacon.bodyRoot
  const branch = (object: JsonObject, name: string) => hexListAt(object, name)
  const payload = branch(proof, 'finalized_execution_branch')
  expectSame('the payload', isValidBranch(payloadRoot, payload, PAYLOAD_GINDEX, bodyRoot), true)
  const stateRoot = hexAt(execution, 'state_root')
  const state = branch(execution, 'state_root_branch')
  expectSame('the state root', isValidBranch(stateRoot, state, STATE_ROOT_GINDEX, payloadRoot), true)
  const number = littleEndian(integerAt(execution, 'block_number'))
  const block = branch(execution, 'block_number_branch')
  expectSame('the block number', isValidBranch(number, block, BLOCK_NUMBER_GINDEX, payloadRoot), true)
}

function littleEndian(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, value, true)
  return concatBytes(bytes, new Uint8Array(24))
}

/** Brings pairs of object and branch, and bare beacon headers, into the Beacon API's shape. */
function readPairedUpdate(json: JsonObject): LightClientUpdate {
  const pair = (name: string) => ((json[name] ?? undefined) === undefined ? [] : listAt(json, name))
  const [committee, committeeBranch] = pair('next_sync_committee')
  const [finalized, finalityBranch] = pair('finalized_header')
  return readUpdateJson({
    ...json,
    attested_header: { beacon: json.attested_header },
    next_sync_committee: committee,
    next_sync_committee_branch: committeeBranch,
    finalized_header: { beacon: finalized },
    finality_branch: finalityBranch,
  })
}
