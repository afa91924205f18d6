// Sets of attestors: who signs which height, and since when each key has belonged to them.
import { assert, equalBytes } from '@causeway/primitives'
import { attestorSetHash, createAttestorSet } from '@causeway/light-clients'
import type { AttestorSet, BlsG1Scheme } from '@causeway/light-clients'
import { StoredAttestors } from '@causeway/protocol/causeway/attestation/v1/attestation'
import type { Context, ReadContext } from '../../block/context.ts'
import type { AttestorPorts, HubAttestor } from './ports.ts'
import { ATTESTATION_STORE, readMembership, readSetEntry, writeMembership, writeSet } from './state.ts'

/** A set that is not empty, with what its hash commits to. */
export interface SigningSet {
  readonly attestors: readonly HubAttestor[]
  readonly set: AttestorSet
  readonly hash: Uint8Array
}

/** Sets by height. */
export interface Sets {
  /** The set of a height that staking decides now: the next, or the one after; nothing when it is empty. */
  decided(context: ReadContext, height: bigint): SigningSet | undefined
  /** The set that signed or signs a stored height; nothing when it is empty, or forgotten. */
  stored(context: ReadContext, height: bigint): SigningSet | undefined
  /** Stores what changes with the next height. */
  follow(context: Context): void
}

/** Computed sets that are remembered: those around a change, and those of late signatures. */
const REMEMBERED_MAX = 4

/** Makes the sets of a chain. */
export function createSets(scheme: BlsG1Scheme, { attestorsAt }: AttestorPorts): Sets {
  const remembered: SigningSet[] = []
  const compute = (attestors: readonly HubAttestor[]): SigningSet | undefined => {
    if (attestors.length === 0) return undefined
    const known = remembered.find((entry) => areEqual(entry.attestors, attestors))
    if (known !== undefined) return known
    const set = createAttestorSet(scheme, attestors)
    const made = { attestors: attestors.map(copyOf), set, hash: attestorSetHash(set) }
    remembered.unshift(made)
    if (remembered.length > REMEMBERED_MAX) remembered.pop()
    return made
  }
  const decoded = new Map<bigint, { bytes: Uint8Array; set: SigningSet | undefined }>()
  const stored = (context: ReadContext, height: bigint): SigningSet | undefined => {
    const entry = readSetEntry(context.store(ATTESTATION_STORE), height)
    if (entry === undefined) return undefined
    const known = decoded.get(entry.firstHeight)
    if (known !== undefined && equalBytes(known.bytes, entry.bytes)) return known.set
    const bytes = entry.bytes.slice()
    const set = readStored(StoredAttestors.decode(bytes))
    if (decoded.size >= REMEMBERED_MAX) decoded.clear()
    decoded.set(entry.firstHeight, { bytes, set })
    return set
  }
  const decided = (context: ReadContext, height: bigint) => compute(attestorsAt(context, height))
  return {
    decided,
    stored,
    follow(context) {
      const { height } = context
      const store = context.store(ATTESTATION_STORE)
      if (readSetEntry(store, height) === undefined)
        change(context, height, undefined, decided(context, height))
      const present = stored(context, height + 1n)
      const next = decided(context, height + 1n)
      if (areEqual(present?.attestors ?? [], next?.attestors ?? [])) return
      change(context, height + 1n, present, next)
    },
  }
}

/** Stores a set that begins at a height, and since or until when its keys belong to the attestors. */
function change(
  context: Context,
  firstHeight: bigint,
  before: SigningSet | undefined,
  after: SigningSet | undefined,
): void {
  if (before === undefined && after === undefined) return
  const store = context.store(ATTESTATION_STORE)
  const attestors = (after?.attestors ?? []).map(copyOf)
  writeSet(store, firstHeight, {
    firstHeight,
    attestors,
    set: after && { ...after.set },
    setHash: after?.hash ?? new Uint8Array(0),
  })
  for (const { key } of before?.attestors ?? []) {
    const membership = readMembership(store, key)
    assert(membership !== undefined, 'a member has a membership')
    writeMembership(store, key, { ...membership, lastHeight: firstHeight - 1n })
  }
  for (const { key, operator } of attestors) {
    const since = readMembership(store, key)?.firstHeight ?? firstHeight
    writeMembership(store, key, { operator, firstHeight: since, lastHeight: 0n })
  }
  context.emit('causeway.attestation.v1.set', {
    first_height: firstHeight.toString(),
    attestors: attestors.length.toString(),
  })
}

function readStored({ attestors, set, setHash }: StoredAttestors): SigningSet | undefined {
  return set === undefined ? undefined : { attestors, set, hash: setHash }
}

function copyOf({ operator, consensusAddress, key, power }: HubAttestor): HubAttestor {
  return { operator, consensusAddress, key, power }
}

function areEqual(a: readonly HubAttestor[], b: readonly HubAttestor[]): boolean {
  return a === b || (a.length === b.length && a.every((attestor, i) => isSame(attestor, b[i]!)))
}

function isSame(a: HubAttestor, b: HubAttestor): boolean {
  return (
    a.power === b.power &&
    equalBytes(a.key, b.key) &&
    equalBytes(a.operator, b.operator) &&
    equalBytes(a.consensusAddress, b.consensusAddress)
  )
}
