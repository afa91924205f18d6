import {
  EMPTY_TRIE_ROOT,
  isEmptyAccount,
  verifyAccountProof,
  verifyStorageProof,
  verifyTrieProof,
  encodeAccount,
  type Account,
} from '@causeway/light-clients'
import { keccak256 } from '@causeway/primitives'
import { expectBytes, expectSame } from '../expectations.ts'
import { isObject, type JsonObject } from '../json-shape.ts'
import type { VectorCase } from '../vector-file.ts'
import type { FolderFormat, RecognisedFolder, VectorFolder } from '../vector-folder.ts'
import {
  isProofAnswer,
  keyOfProof,
  readProofAnswer,
  slotNodes,
  wordAt,
  type ProofAnswer,
} from './get-proof-answer.ts'
import { blockOfProof, stateBlockOf, type StateBlock } from './get-proof-blocks.ts'

/**
 * EIP-1186 proofs as `eth_getProof` answers them, bare or in a JSON-RPC envelope, and the block whose state
 * root they are under: in the same file, or in a file beside it. Several blocks are told apart by the number
 * that the proof names, or by the root that the proof begins with.
 */
export const getProofFormat: FolderFormat = {
  name: 'eip-1186',
  recognise(folder): RecognisedFolder | undefined {
    const files = folder.names
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => readJson(folder, name))
    const withProofs = files.filter(({ proofs }) => proofs.length > 0)
    if (withProofs.length === 0) return undefined
    const blocks = files.flatMap((file) => file.blocks)
    const used = files.filter((file) => file.proofs.length > 0 || file.blocks.length > 0)
    return {
      cases: withProofs.flatMap(({ name, proofs, blocks: own }) =>
        proofs.flatMap((found, i) =>
          casesOf(proofs.length === 1 ? name : `${name} #${i}`, found, own.length > 0 ? own : blocks),
        ),
      ),
      claimed: used.map(({ name }) => name),
    }
  },
}

/** An answer and, where it is beside it, the request. */
interface FoundProof {
  readonly answer: JsonObject
  readonly question: JsonObject | undefined
}

interface JsonFile {
  readonly name: string
  readonly proofs: readonly FoundProof[]
  readonly blocks: readonly StateBlock[]
}

const DEPTH_MAX = 4

function readJson(folder: VectorFolder, name: string): JsonFile[] {
  const text = readText(folder, name)
  if (!/"(accountProof|account_proof|stateRoot|state_root)"|"0x[fF]9/.test(text)) return []
  const file = { name, proofs: [] as FoundProof[], blocks: [] as StateBlock[] }
  collect(parse(text), undefined, 0, file)
  return [file]
}

/** What can't be read is told of when its file comes to be asked about by itself. */
function readText(folder: VectorFolder, name: string): string {
  try {
    return folder.text(name)
  } catch {
    return ''
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Answers and blocks in a value, the outermost ones, not searched any deeper than answers nest. */
function collect(
  value: unknown,
  question: JsonObject | undefined,
  depth: number,
  found: { proofs: FoundProof[]; blocks: StateBlock[] },
): void {
  if (depth > DEPTH_MAX) return
  if (isObject(value) && isProofAnswer(value)) {
    found.proofs.push({ answer: value, question })
    for (const name of Object.keys(value))
      if (/block|header/i.test(name)) collect(value[name], question, depth + 1, found)
    return
  }
  const block = stateBlockOf(value)
  if (block) found.blocks.push(block)
  if (block || typeof value !== 'object' || value === null) return
  const asked = isObject(value) && isObject(value.request) ? value.request : question
  const own = isObject(value) && Array.isArray(value.params) ? value : asked
  for (const member of Object.values(value)) collect(member, own, depth + 1, found)
}

function casesOf(
  title: string,
  { answer, question }: FoundProof,
  blocks: readonly StateBlock[],
): VectorCase[] {
  const prove = () => {
    const read = readProofAnswer(answer, question)
    const { stateRoot } = blockOfProof(blocks, read.accountProof, answer)
    return { read, account: provenAccount(read, stateRoot) }
  }
  const slots = answer.storageProof ?? answer.storage_proof
  const named = Array.isArray(slots) ? (slots as unknown[]).filter(isObject) : []
  return [
    { name: `${title} account`, run: () => void prove() },
    ...named.map((slot) => ({
      name: `${title} slot ${String(slot.key)}`,
      run: () => checkSlot(prove().account, slot),
    })),
  ]
}

/** The account, compared with what the answer says of it. */
function provenAccount(answer: ProofAnswer, stateRoot: Uint8Array): Account | undefined {
  const { nonce, balance, storageRoot, codeHash } = answer
  const answered: Account = { nonce, balance, storageRoot, codeHash }
  if (answer.code) expectBytes('the hash of the code', keccak256(answer.code), codeHash)
  if (!answer.address) {
    const key = keyOfProof(answer.accountProof)
    if (!key) throw new Error('it names no address, and its proof leads to no account')
    const value = verifyTrieProof(stateRoot, key, answer.accountProof)
    expectBytes('the account', value ?? new Uint8Array(0), encodeAccount(answered))
    return answered
  }
  const account = verifyAccountProof(stateRoot, answer.address, answer.accountProof)
  if (!account) {
    expectSame('an account that is absent, as empty', isAbsent(answered), true)
    return undefined
  }
  expectSame('the nonce', account.nonce, nonce)
  expectSame('the balance', account.balance, balance)
  expectBytes('the storage root', account.storageRoot, storageRoot)
  expectBytes('the code hash', account.codeHash, codeHash)
  return account
}

/** Nodes answer hashes of nothing for an account that isn't there, some of them zeros. */
function isAbsent(account: Account): boolean {
  const isZero = (hash: Uint8Array) => hash.every((byte) => byte === 0)
  const isNothing = account.nonce === 0n && account.balance === 0n
  return isEmptyAccount(account) || (isNothing && isZero(account.storageRoot) && isZero(account.codeHash))
}

function checkSlot(account: Account | undefined, slot: JsonObject): void {
  const value = wordAt(slot, 'value')
  if (!account) {
    expectSame('nodes below an account that is absent', slotNodes(slot, EMPTY_TRIE_ROOT).length, 0)
    expectBytes('the word', value, new Uint8Array(32))
    return
  }
  const { storageRoot } = account
  const stored = verifyStorageProof(storageRoot, wordAt(slot, 'key'), slotNodes(slot, storageRoot))
  expectBytes('the word', stored ?? new Uint8Array(32), value)
}
