import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { isValidBranch } from '@causeway/light-clients'
import { fromHex } from '@causeway/primitives'
import { expectSame } from '../expectations.ts'
import type { VectorCase } from '../vector-file.ts'
import type { VectorFolder } from '../vector-folder.ts'
import { hexListAt } from './hex.ts'
import { forkOf, presetOf, type PresetName } from './spec-config.ts'
import { sszFile, yamlBytes, yamlObject } from './spec-files.ts'

const rootProcess = fileURLToPath(new URL('./object-root.ts', import.meta.url))

/**
 * A Merkle proof in an object whose type the folder above is named after: `BeaconState` and the like. Tests
 * from before Capella are all about a state, which they call so.
 */
export function merkleProofCase(folder: VectorFolder): VectorCase {
  return {
    name: 'proof',
    run() {
      const proof = yamlObject(folder, 'proof.yaml')
      const index = Number(String(proof.leaf_index))
      if (!Number.isSafeInteger(index) || index < 1 || index >= 2 ** 31)
        throw new Error('leaf_index is no index')
      const branch = hexListAt(proof, 'branch')
      expectSame('the length of the branch', branch.length, 31 - Math.clz32(index))
      const isState = folder.names.includes('state.ssz_snappy')
      const type = isState ? 'BeaconState' : (folder.folders[1] ?? '')
      const ssz = sszFile(folder, isState ? 'state' : 'object')
      const root = objectRoot(presetOf(folder), requireFork(folder), type, ssz)
      expectSame('the proof', isValidBranch(yamlBytes(proof, 'leaf'), branch, index, root), true)
    },
  }
}

/** hash_tree_root of any object of a fork. */
export function objectRoot(preset: PresetName, fork: string, type: string, ssz: Uint8Array): Uint8Array {
  const { status, stdout, stderr } = spawnSync(process.execPath, [rootProcess, fork, type], {
    input: ssz,
    env: { ...process.env, LODESTAR_PRESET: preset },
    encoding: 'utf8',
    maxBuffer: 1 << 20,
  })
  if (status !== 0)
    throw new Error(
      stderr
        .trim()
        .split('\n')
        .findLast((line) => /Error/.test(line)) ?? 'no root',
    )
  return fromHex(stdout)
}

function requireFork(folder: VectorFolder): string {
  const fork = forkOf(folder)
  if (!fork) throw new Error('no folder above says which fork')
  return fork
}
