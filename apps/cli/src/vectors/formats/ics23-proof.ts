import type { CommitmentProof, ProofSpec } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import {
  decodeCommitmentProof,
  iavlSpec,
  smtSpec,
  tendermintSpec,
  verifyMembership,
  verifyNonMembership,
} from '@causeway/light-clients'
import { fromHex } from '@causeway/primitives'
import { expectRefusal } from '../expectations.ts'
import { hasMembers, isListOf, textAt, type JsonObject } from '../json-shape.ts'
import type { VectorCase, VectorFile, VectorFormat } from '../vector-file.ts'

const specs: Readonly<Record<string, ProofSpec>> = {
  iavl: iavlSpec,
  tendermint: tendermintSpec,
  smt: smtSpec,
}

interface Claim {
  root: Uint8Array
  key: Uint8Array
  /** Empty: the key is absent. */
  value: Uint8Array
}

/**
 * ICS-23 proofs: `{root, proof, key, value}`, or a batch `{root, proof, items[]}`; the nearest folder names
 * the spec.
 */
export const ics23ProofFormat: VectorFormat = {
  name: 'ics23',
  recognise(file) {
    const { json } = file
    if (hasMembers(json, 'root', 'proof', 'key', 'value')) return { cases: proofCases(file, json, json, '') }
    if (hasMembers(json, 'root', 'proof', 'items') && isListOf(json.items, 'key', 'value')) {
      return { cases: json.items.flatMap((item, i) => proofCases(file, json, item, `item ${i}: `)) }
    }
    return undefined
  },
}

function proofCases(file: VectorFile, batch: JsonObject, item: JsonObject, prefix: string): VectorCase[] {
  const read = () => ({
    spec: specOf(file),
    proof: decodeCommitmentProof(fromHex(textAt(batch, 'proof'))),
    claim: {
      root: fromHex(textAt(batch, 'root')),
      key: fromHex(textAt(item, 'key')),
      value: fromHex(textAt(item, 'value')),
    },
  })
  return [
    {
      name: `${prefix}verifies`,
      run() {
        const { spec, proof, claim } = read()
        verify(spec, proof, claim)
      },
    },
    {
      name: `${prefix}refuses altered bytes`,
      run() {
        const { spec, proof, claim } = read()
        for (const member of ['root', 'key', 'value'] as const) {
          alterations(claim[member]).forEach((altered, i) => {
            expectRefusal(`a ${member} with byte ${i} altered`, () =>
              verify(spec, proof, { ...claim, [member]: altered }),
            )
          })
        }
      },
    },
  ]
}

function verify(spec: ProofSpec, proof: CommitmentProof, { root, key, value }: Claim): void {
  if (value.length === 0) verifyNonMembership(spec, root, proof, key)
  else verifyMembership(spec, root, proof, key, value)
}

function specOf(file: VectorFile): ProofSpec {
  for (const folder of file.folders) {
    const spec = Object.hasOwn(specs, folder) ? specs[folder] : undefined
    if (spec) return spec
  }
  throw new Error('no folder names the spec (iavl, tendermint or smt)')
}

function alterations(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (byte, i) => {
    const altered = bytes.slice()
    altered[i] = byte ^ 1
    return altered
  })
}
