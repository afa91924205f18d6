import { equalBytes, keccak256 } from '@causeway/primitives'
import { isEmptyAccount, verifyAccountProof, verifyStorageProof, type Account } from '@causeway/light-clients'
import { expectBytes, expectSame } from '../expectations.ts'
import { hasMembers, isObject, listAt, textAt, type JsonObject } from '../json-shape.ts'
import type { VectorCase } from '../vector-file.ts'
import type { FolderFormat, RecognisedFolder, VectorFolder } from '../vector-folder.ts'
import { hexAt, hexListAt, quantityWord } from './hex.ts'

/**
 * EIP-1186 proofs as `eth_getProof` answers them, bare or in a JSON-RPC envelope, and the block whose state
 * root they are under: in the same file, or in a file beside it as `eth_getBlockBy…` answers it. Several
 * blocks are told apart by the number that the proof names, or by the root that the proof begins with.
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
        proofs.flatMap((proof, i) =>
          casesOf(proofs.length === 1 ? name : `${name} #${i}`, proof, own.length > 0 ? own : blocks),
        ),
      ),
      claimed: used.map(({ name }) => name),
    }
  },
}

interface JsonFile {
  readonly name: string
  readonly proofs: readonly JsonObject[]
  readonly blocks: readonly JsonObject[]
}

const DEPTH_MAX = 4

function readJson(folder: VectorFolder, name: string): JsonFile[] {
  const text = readText(folder, name)
  if (!/"(accountProof|account_proof|stateRoot|state_root)"/.test(text)) return []
  const json = parse(text)
  const proofs = objectsIn(json, (object) => hasMembers(object, 'accountProof', 'address'))
  const blocks = objectsIn(json, (object) => hasMembers(object, 'stateRoot') && hasHash(object))
  return [{ name, proofs, blocks }]
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

/** A block's header or the block itself; consensus headers have no number. */
function hasHash(object: JsonObject): boolean {
  return typeof object.stateRoot === 'string' && /^0x[0-9a-fA-F]{64}$/.test(object.stateRoot)
}

/** Objects that fit, the outermost ones, not searched any deeper than answers nest. */
function objectsIn(value: unknown, fits: (object: JsonObject) => boolean, depth = 0): JsonObject[] {
  if (depth > DEPTH_MAX || typeof value !== 'object' || value === null) return []
  if (isObject(value) && fits(value)) return [value]
  return Object.values(value).flatMap((member) => objectsIn(member, fits, depth + 1))
}

function casesOf(title: string, proof: JsonObject, blocks: readonly JsonObject[]): VectorCase[] {
  const stateRoot = () => hexAt(blockOf(proof, blocks), 'stateRoot')
  const account: VectorCase = { name: `${title} account`, run: () => void provenAccount(proof, stateRoot()) }
  const slots = Array.isArray(proof.storageProof) ? listAt(proof, 'storageProof').filter(isObject) : []
  return [
    account,
    ...slots.map((slot) => ({
      name: `${title} slot ${textAt(slot, 'key')}`,
      run: () => checkSlot(provenAccount(proof, stateRoot()), slot),
    })),
  ]
}

function blockOf(proof: JsonObject, blocks: readonly JsonObject[]): JsonObject {
  const [only, ...more] = blocks
  if (!only) throw new Error('there is no block beside it')
  if (more.length === 0) return only
  const number = proof.blockNumber ?? proof.block
  const numbered = blocks.find((block) => number !== undefined && block.number === number)
  const [first] = listAt(proof, 'accountProof')
  const root = first === undefined ? undefined : keccak256(hexListAt(proof, 'accountProof')[0]!)
  const rooted = blocks.find((block) => root !== undefined && equalBytes(hexAt(block, 'stateRoot'), root))
  const block = numbered ?? rooted
  if (!block) throw new Error(`none of ${blocks.length} blocks has the state root that it begins with`)
  return block
}

/** What an account that isn't there is answered as. */
function provenAccount(proof: JsonObject, stateRoot: Uint8Array): Account | undefined {
  const account = verifyAccountProof(stateRoot, hexAt(proof, 'address'), hexListAt(proof, 'accountProof'))
  const answered: Account = {
    nonce: BigInt(textAt(proof, 'nonce')),
    balance: BigInt(textAt(proof, 'balance')),
    storageRoot: hexAt(proof, 'storageHash'),
    codeHash: hexAt(proof, 'codeHash'),
  }
  if (!account) {
    expectSame('an account that is absent, as empty', isAbsent(answered), true)
    return undefined
  }
  expectSame('the nonce', account.nonce, answered.nonce)
  expectSame('the balance', account.balance, answered.balance)
  expectBytes('the storage root', account.storageRoot, answered.storageRoot)
  expectBytes('the code hash', account.codeHash, answered.codeHash)
  return account
}

/** Nodes answer hashes of nothing for an account that isn't there, some of them zeros. */
function isAbsent(account: Account): boolean {
  const isZero = (hash: Uint8Array) => hash.every((byte) => byte === 0)
  const isZeros = isZero(account.storageRoot) && isZero(account.codeHash)
  return isEmptyAccount(account) || (isZeros && account.nonce === 0n && account.balance === 0n)
}

function checkSlot(account: Account | undefined, slot: JsonObject): void {
  const value = quantityWord(textAt(slot, 'value'))
  const nodes = hexListAt(slot, 'proof')
  if (!account) {
    expectSame('nodes below an account that is absent', nodes.length, 0)
    expectBytes('the word', value, new Uint8Array(32))
    return
  }
  const stored = verifyStorageProof(account.storageRoot, quantityWord(textAt(slot, 'key')), nodes)
  expectBytes('the word', stored ?? new Uint8Array(32), value)
}
