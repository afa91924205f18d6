import type { FolderFormat } from '../vector-folder.ts'
import { dataCollectionCases } from './spec-data-collection.ts'
import { merkleProofCase } from './spec-merkle-proof.ts'
import { syncCases } from './spec-sync.ts'
import { rankingCases } from './spec-update-ranking.ts'

/**
 * Light-client tests of the consensus specification as it publishes them: a folder a case, YAML and
 * Snappy-compressed SSZ. Told by their files; preset and fork by `config.yaml` or the names of folders above.
 * Spec: consensus-specs tests/formats/light_client.
 */
export const consensusSpecFormat: FolderFormat = {
  name: 'consensus-spec-light-client',
  recognise(folder) {
    const has = (...names: readonly string[]) => names.every((name) => folder.names.includes(name))
    const claimed = folder.names.filter((name) => /\.(yaml|ssz_snappy)$/.test(name))
    if (has('steps.yaml', 'bootstrap.ssz_snappy', 'meta.yaml')) return { cases: syncCases(folder), claimed }
    if (has('steps.yaml', 'initial_state.ssz_snappy')) return { cases: dataCollectionCases(folder), claimed }
    if (has('proof.yaml', 'object.ssz_snappy') || has('proof.yaml', 'state.ssz_snappy'))
      return { cases: [merkleProofCase(folder)], claimed }
    if (has('meta.yaml', 'updates_0.ssz_snappy')) return { cases: rankingCases(folder), claimed }
    return undefined
  },
}
