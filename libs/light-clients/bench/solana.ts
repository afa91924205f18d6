import { fileURLToPath } from 'node:url'
import { packAny } from '@causeway/protocol'
import {
  ClientState,
  ConsensusState,
  Header,
} from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import { be64, compareBytes, sha256, toHex } from '@causeway/primitives'
import {
  SOLANA_CLIENT_STATE_TYPE_URL,
  SOLANA_CONSENSUS_STATE_TYPE_URL,
  SOLANA_HEADER_TYPE_URL,
  accountPreimage,
  applyWrites,
  asChild,
  blstScheme,
  createWasmLatticeXof,
  createNativeSignatureVerifier,
  createSolanaClient,
  encodeEpochStakes,
  nobleLatticeXof,
  readEpochStakes,
  stakeOfVotes,
  verifyStateProof,
  type AccountState,
  type LatticeXof,
  type Voter,
} from '../src/index.ts'
import { memoryStore } from '../src/ethereum/client/example-client.fixture.ts'
import { ExampleCluster, GENESIS_SECONDS, exampleAccount } from '../src/solana/example-cluster.fixture.ts'
import { encodeVote, exampleAddress, exampleKey } from '../src/solana/wire.fixture.ts'
import { measure, type Figure } from './measure.ts'

const ACCOUNTS = 1_000
const VOTES = 1_000
const SLOT = 40n
/** Bytes of data of what a slot writes: wallets, token accounts, vote accounts, pools; and two sysvars. */
const DATA_BYTES = [0, 0, 0, 165, 165, 165, 165, 165, 3_762, 2_000]
const SYSVAR_BYTES = [20_488, 6_008]

/** How far above a slot that is voted for which roots it. */
const ROOT_DISTANCE = 32n

/** A header over 1,000 written accounts and 1,000 votes that make it final, and its parts. */
export function solanaExample() {
  const cluster = new ExampleCluster({ stakes: [1n], slotsPerEpoch: 1_000n })
  const address = (i: number) => sha256(be64(BigInt(i)))
  const owner = exampleAddress('owner')
  const state = (i: number, round: number): AccountState => {
    const size = SYSVAR_BYTES[i] ?? DATA_BYTES[i % DATA_BYTES.length]!
    return exampleAccount(new Uint8Array(size).fill(round), owner, BigInt(1_000_000 + 7 * i + round))
  }
  const changes = (round: number) =>
    new Map(Array.from({ length: ACCOUNTS - 1 }, (_, i) => [toHex(address(i)), state(i, round)] as const))
  const parent = cluster.bank(cluster.genesis, SLOT - 1n, changes(1))
  const bank = cluster.bank(parent, SLOT, changes(2))
  const slots = Array.from({ length: Number(ROOT_DISTANCE) }, (_, i) => SLOT + 1n + BigInt(i))
  const above = cluster.banksAbove(bank, slots)
  const voted = { ...above.at(-1)!, root: SLOT }
  const voters = Array.from({ length: VOTES }, (_, i) => {
    const [identity, voter] = [exampleKey(`identity ${i}`), exampleKey(`voter ${i}`)]
    const voteAccount = exampleAddress(`vote ${i}`)
    const entry: Voter = {
      voteAccount,
      node: identity.publicKey,
      authorizedVoter: voter.publicKey,
      blsKey: undefined,
      stake: BigInt(1_000 + i),
    }
    return { entry, vote: encodeVote([identity, voter], voteAccount, voted) }
  })
  const entries = voters.map(({ entry }) => entry).sort((a, b) => compareBytes(a.voteAccount, b.voteAccount))
  const total = entries.reduce((sum, { stake }) => sum + stake, 0n)
  const stakesBytes = encodeEpochStakes(0n, total, entries)
  return {
    cluster,
    bank,
    descendants: above.map(asChild),
    proof: cluster.stateProof(bank),
    votes: voters.map(({ vote }) => vote),
    stakesBytes,
  }
}

/** Measures accounts, votes, and the whole proof; `xof` is what an app would inject. */
export function benchSolana(xof: LatticeXof, name: string): Figure[] {
  const example = solanaExample()
  const { bank, proof, votes, stakesBytes } = example
  const verifySignatures = createNativeSignatureVerifier()
  const stakes = readEpochStakes(stakesBytes)
  const preimages = proof.writes.flatMap(({ pubkey, before, after }) =>
    [before, after].flatMap((state) => (state ? [accountPreimage(pubkey, state)] : [])),
  )
  const bytes = preimages.reduce((sum, { length }) => sum + length, 0)
  const note = `BLAKE3 by ${name}; ${preimages.length} preimages, ${bytes} bytes`
  const { client, store, message, context } = clientOf(example, xof)
  return [
    measure('vector of a token account (238 bytes in)', 2_000, note, () => {
      xof(preimages[9]!.subarray(0, 238))
    }),
    measure('written account, before and after', ACCOUNTS, note, (i) => {
      if (i === 0) applyWrites(proof.parent.accountsLtHash, proof.writes, xof)
    }),
    measure('vote: decoded, found, two signatures', VOTES, 'libsodium', (i) => {
      if (i === 0) stakeOfVotes(votes, () => undefined, { stakes, verifySignatures })
    }),
    measure('validator set of 1,000 read', 100, '152 bytes a voter', () => void readEpochStakes(stakesBytes)),
    measure(`state proof over ${ACCOUNTS} accounts`, 5, note, () => {
      verifyStateProof(proof, bank, [], xof)
    }),
    measure(
      `header: ${ACCOUNTS} accounts, ${VOTES} votes`,
      5,
      `${note}; ${message.value.length} bytes of header`,
      () => client.verifyClientMessage(store, message, context),
    ),
    measure('header checked for misbehaviour and stored', 5, 'after it was verified', () => {
      if (client.checkForMisbehaviour(store, message)) throw new Error('it misbehaves')
      client.updateState(store, message, context)
    }),
  ]
}

function clientOf(example: ReturnType<typeof solanaExample>, xof: LatticeXof) {
  const { bank, descendants, proof, votes, stakesBytes } = example
  const client = createSolanaClient({
    verifySignatures: createNativeSignatureVerifier(),
    bls: blstScheme,
    latticeXof: xof,
  })
  const [store, seconds] = [memoryStore(), GENESIS_SECONDS + SLOT]
  const context = {
    timeNanoseconds: seconds * 1_000_000_000n,
    height: { revisionNumber: 0n, revisionHeight: 1n },
  }
  const key = new Uint8Array(32).fill(1)
  const clientState = ClientState.fromPartial({
    genesisHash: key,
    trustingPeriod: { seconds: 400_000n, nanos: 0 },
    ibcProgram: key,
    rootAccount: key,
    recorderProgram: key,
    recorderAccount: key,
    latestSlot: SLOT - 2n,
  })
  const consensusState = ConsensusState.fromPartial({
    bankHash: key,
    timestampSeconds: GENESIS_SECONDS,
    epochStakes: stakesBytes,
  })
  client.initialise(
    store,
    packAny(SOLANA_CLIENT_STATE_TYPE_URL, ClientState.encode(clientState).finish()),
    packAny(SOLANA_CONSENSUS_STATE_TYPE_URL, ConsensusState.encode(consensusState).finish()),
    context,
  )
  const writes = proof.writes.map((write) => ({ ...write }))
  const header = Header.fromPartial({
    consensus: { tower: { slot: SLOT, bankHash: bank.bankHash, votes, descendants } },
    state: { ...proof, writes, lastBlockhash: bank.lastBlockhash },
  })
  const message = packAny(SOLANA_HEADER_TYPE_URL, Header.encode(header).finish())
  return { client, store, message, context }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const figures = [
    ...benchSolana(nobleLatticeXof, '@noble/hashes'),
    ...benchSolana(await createWasmLatticeXof(), 'hash-wasm'),
  ]
  for (const figure of figures) process.stdout.write(`${JSON.stringify(figure)}\n`)
}
