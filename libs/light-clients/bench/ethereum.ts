import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { be64, fromHex, keccak256 } from '@causeway/primitives'
import {
  FORK_NAMES,
  PRESETS,
  blstScheme,
  buildTrie,
  createSyncAggregateVerifier,
  decodeLightClientBootstrap,
  decodeLightClientUpdate,
  encodeAccount,
  encodeRlp,
  ibcCommitmentSlot,
  initializeLightClientStore,
  processLightClientUpdate,
  syncCommitteeRoot,
  verifyIbcCommitment,
  type ChainConfig,
  type ContractStorageProof,
  type ForkName,
  type IbcContract,
  type SyncCommittee,
  type TrieEntry,
} from '../src/index.ts'
import { measure, type Figure } from './measure.ts'

interface UpdateFile {
  fork: ForkName
  preset: 'mainnet' | 'minimal'
  genesis_validators_root: string
  trusted_block_root: string
  finalized_slot: number
  current_slot: number
  bootstrap_ssz: string
  update_ssz: string
}

const ACCOUNTS = 50_000
const SLOTS = 20_000

/** Where the peer leaves its update. */
export function updatePath(): string {
  const cache = process.env.PEERS_CACHE ?? join(homedir(), '.cache/causeway-peers')
  return process.env.UPDATE_JSON ?? join(cache, 'eth-lc/update.json')
}

/** Measures the sync protocol on the peer's update (512 keys). */
export function benchEthereum(path = updatePath()): Figure[] {
  const file = JSON.parse(readFileSync(path, 'utf8')) as UpdateFile
  const config = configOf(file)
  const verify = createSyncAggregateVerifier(blstScheme)
  const [trustedRoot, currentSlot] = [fromHex(file.trusted_block_root), BigInt(file.current_slot)]
  const [bootstrapBytes, updateBytes] = [fromHex(file.bootstrap_ssz), fromHex(file.update_ssz)]
  const decode = () => decodeLightClientUpdate('LightClientUpdate', updateBytes, file.fork, config)
  const bootstrap = decodeLightClientBootstrap(bootstrapBytes, file.fork, config)
  const store = initializeLightClientStore(config, trustedRoot, bootstrap)
  const update = decode()
  const note = `${file.fork}, ${config.syncCommitteeSize} keys, native blst, committee decoded before`
  return [
    measure('onUpdate (decoded update with next committee, fresh store)', 200, note, () => {
      const next = processLightClientUpdate(config, store, update, currentSlot, verify)
      if (next.finalizedHeader.beacon.slot !== BigInt(file.finalized_slot)) throw new Error('not finalised')
    }),
    measure('deserialize SSZ + onUpdate (fresh store)', 200, note, () => {
      processLightClientUpdate(config, store, decode(), currentSlot, verify)
    }),
    measure('bootstrap (deserialize + verify; keys are decoded at their first use)', 200, note, () => {
      const read = decodeLightClientBootstrap(bootstrapBytes, file.fork, config)
      initializeLightClientStore(config, trustedRoot, read)
    }),
    measure('keys of a committee decoded and validated', 10, 'once a period and process', () =>
      decodeKeys(bootstrap.currentSyncCommittee),
    ),
    measure(
      'root of a sync committee',
      1000,
      '',
      () => void syncCommitteeRoot(bootstrap.currentSyncCommittee),
    ),
  ]
}

/** Storage proofs of a contract's commitments, in a state of many accounts and slots. */
export interface StorageProofExamples {
  readonly stateRoot: Uint8Array
  readonly contract: IbcContract
  readonly paths: readonly Uint8Array[]
  readonly proofs: readonly ContractStorageProof[]
  /** A path under which nothing is stored. */
  readonly absent: Uint8Array
  readonly absence: ContractStorageProof
}

/** Makes the proofs that are measured, ours and a peer's alike. */
export function storageProofExamples(): StorageProofExamples {
  const contract = { address: new Uint8Array(20).fill(1), commitmentSlot: new Uint8Array(32).fill(2) }
  const paths = Array.from({ length: 200 }, (_, i) => be64(BigInt(i + 1)))
  const slots = paths.map((path) => ibcCommitmentSlot(contract, [path]))
  const word = encodeRlp(new Uint8Array(32).fill(3))
  const filler = (count: number, value: Uint8Array) =>
    Array.from({ length: count }, (_, i): TrieEntry => [keccak256(be64(BigInt(1_000_000 + i))), value])
  const storage = buildTrie([
    ...filler(SLOTS, word),
    ...slots.map((slot): TrieEntry => [keccak256(slot), word]),
  ])
  const account = { nonce: 1n, balance: 1n, storageRoot: storage.root, codeHash: keccak256(be64(1n)) }
  const value = encodeAccount(account)
  const state = buildTrie([...filler(ACCOUNTS, value), [keccak256(contract.address), value]])
  const accountProof = state.prove(keccak256(contract.address))
  const prove = (slot: Uint8Array) => ({ accountProof, storageProof: storage.prove(keccak256(slot)) })
  const absent = be64(9_999_999n)
  const absence = prove(ibcCommitmentSlot(contract, [absent]))
  return { stateRoot: state.root, contract, paths, proofs: slots.map(prove), absent, absence }
}

/** Storage proofs per second, each of the contract's account and of one slot. */
export function benchStorageProofs(examples: StorageProofExamples): Figure[] {
  const { stateRoot, contract, paths, proofs, absent, absence } = examples
  const nodes = proofs[0]!.accountProof.length + proofs[0]!.storageProof.length
  const note = `${nodes} nodes: ${ACCOUNTS} accounts, ${SLOTS} slots`
  return [
    measure('storage proof: account and commitment', 2000, note, (i) => {
      const at = i % paths.length
      if (!verifyIbcCommitment(stateRoot, contract, [paths[at]!], proofs[at]!)) throw new Error('absent')
    }),
    measure('storage proof: account and absence', 2000, note, () => {
      if (verifyIbcCommitment(stateRoot, contract, [absent], absence)) throw new Error('present')
    }),
  ]
}

function decodeKeys({ pubkeys }: SyncCommittee): void {
  for (let at = 0; at < pubkeys.length; at += 48) {
    if (!blstScheme.decodeKey(pubkeys.subarray(at, at + 48))) throw new Error('a key is malformed')
  }
}

/** The peer's chain has mainnet's fork versions, all forks from genesis. */
function configOf(file: UpdateFile): ChainConfig {
  const names = FORK_NAMES.slice(0, FORK_NAMES.indexOf(file.fork) + 1)
  return {
    ...PRESETS[file.preset],
    genesisValidatorsRoot: fromHex(file.genesis_validators_root),
    forks: names.map((name, i) => ({ name, epoch: 0n, version: Uint8Array.of(i, 0, 0, 0) })),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const figures = [...benchEthereum(), ...benchStorageProofs(storageProofExamples())]
  for (const figure of figures) process.stdout.write(`${JSON.stringify(figure)}\n`)
}
