import {
  FORK_NAMES,
  decodeLightClientUpdate,
  isBetterUpdate,
  type ChainConfig,
  type ForkName,
  type LightClientUpdate,
} from '@causeway/light-clients'
import { isProtocolError } from '@causeway/primitives'
import { expectSame } from '../expectations.ts'
import type { VectorCase } from '../vector-file.ts'
import type { VectorFolder } from '../vector-folder.ts'
import { configOf, forkOf } from './spec-config.ts'
import { sszFile, yamlObject } from './spec-files.ts'

/** A ranking test: updates from the best to the worst. */
export function rankingCases(folder: VectorFolder): VectorCase[] {
  const count = Number(String(yamlObject(folder, 'meta.yaml').updates_count))
  if (!Number.isSafeInteger(count) || count < 1) throw new Error('updates_count is no count')
  const config = configOf(folder, new Uint8Array(32))
  const files = folder.names.filter((name) => /^updates_\d+\.ssz_snappy$/.test(name)).length
  expectSame('the number of updates', files, count)
  const read = (index: number) => readRanked(folder, config, index)
  if (count === 1) return [{ name: 'update 0', run: () => void read(0) }]
  return Array.from({ length: count - 1 }, (_, i) => ({
    name: `update ${i} is better than ${i + 1}`,
    run() {
      const [better, worse] = [read(i), read(i + 1)]
      expectSame('it', isBetterUpdate(config, better, worse), true)
      expectSame('the reverse', isBetterUpdate(config, worse, better), false)
    },
  }))
}

/** The folder's fork says whose types they are; without one, the first fork whose types fit. */
function readRanked(folder: VectorFolder, config: ChainConfig, index: number): LightClientUpdate {
  const bytes = sszFile(folder, `updates_${index}`)
  const fork = forkOf(folder)
  const decode = (name: ForkName) => decodeLightClientUpdate('LightClientUpdate', bytes, name, config)
  if (fork) return decode(fork)
  for (const name of FORK_NAMES.slice(1)) {
    try {
      return decode(name)
    } catch (error) {
      if (!isProtocolError(error)) throw error
    }
  }
  throw new Error('it has the types of no fork')
}
